// A figure as bytes of a file: PNG, SVG and PDF of a physical size, its numbers as CSV.
#pragma once

#include "widgets/figure.h"
#include "widgets/plot_size.h"

#include <QImage>
#include <functional>

namespace stillroom {

enum class PlotFormat { Png, Svg, Pdf, Csv };
inline constexpr PlotFormat PlotFormats[] = {PlotFormat::Png, PlotFormat::Svg, PlotFormat::Pdf,
                                             PlotFormat::Csv};
[[nodiscard]] QString plotFormatKey(PlotFormat format); ///< "png": for QSettings, and as a file's suffix

/// A figure's place on paper.
struct PlotSheet {
    QSizeF pixels;         ///< what the figure draws on
    double millimetre = 0; ///< a pixel's length
    [[nodiscard]] QSizeF millimetres() const { return pixels * millimetre; }
};
/// As large as `size` says; higher, or drawn smaller, when the figure needs more height.
[[nodiscard]] PlotSheet sheetFor(Figure& figure, PlotSize size);

[[nodiscard]] QImage pictureOf(Figure& figure, PlotSize size);

/// Draws the figure, on the GUI thread and in milliseconds. What it returns encodes it: once, on any thread.
[[nodiscard]] std::function<QByteArray()> printFigure(Figure& figure, PlotFormat format, PlotSize size);

/// "samples-kept-per-step" of "Samples kept per step": a name for its file.
[[nodiscard]] QString figureFileName(const QString& title);

} // namespace stillroom
