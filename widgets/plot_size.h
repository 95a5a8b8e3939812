// The papers that a plot is drawn for, in one place: how large they are and how large words are on them.
#pragma once

#include <QSize>
#include <QString>

namespace stillroom {

enum class PlotSize {
    Seen,   ///< as it is in the window
    Column, ///< of a paper in two columns
    Page,   ///< the width of a page's text
    Slide,  ///< a whole one
};
inline constexpr PlotSize PlotSizes[] = {PlotSize::Seen, PlotSize::Column, PlotSize::Page, PlotSize::Slide};

struct PlotPaper {
    double width = 0, height = 0; ///< millimetres
    double mostHeight = 0;        ///< a plot of many rows is so high at most; then it is drawn smaller
    double words = 0;             ///< size of the words beside the axes, in points
    double dotsPerInch = 0;       ///< of a picture that is made of dots: twice as fine as a screen, or finer
};

/// `seen`: the plot in the window, in pixels of a desk's scale.
[[nodiscard]] PlotPaper plotPaper(PlotSize size, const QSize& seen);
[[nodiscard]] QString plotSizeName(PlotSize size);     ///< "paper column, 85 mm"
[[nodiscard]] QString plotSizeKey(PlotSize size);      ///< "column": for QSettings and file names
[[nodiscard]] PlotSize plotSizeOf(const QString& key); ///< Seen where there is no such key

} // namespace stillroom
