// How reports look: one column of serif text on white, figures and tables in a sans, eight colours that
// differ without colour too. The window's theme has no say in it.
#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QString>

namespace stillroom::paper {

/// Lengths of figures are quarters of a point, so that fonts have sizes in whole pixels and no hinting moves
/// them.
inline constexpr double UnitsPerPoint = 4;
inline constexpr double FigureWidth = 470 * UnitsPerPoint;

enum class Face { Serif, Sans, Mono };
/// `pixels` high; without hinting, so that widths grow as sizes do. Liberation's where it is there, else
/// DejaVu's.
[[nodiscard]] QFont font(Face face, double pixels, bool bold = false, bool italic = false);
/// The same with "□" in the place of what no font here draws as lines: Qt would ink a whole box, or leave out
/// an emoji that is a picture. Signs that only join or vary others are left out where they cannot be drawn.
/// Any thread.
[[nodiscard]] QString drawable(const QString& text, Face face);
/// For a page that is read elsewhere: what `font` chose, and what resembles it.
[[nodiscard]] QString cssFamily(Face face);

// Of a series by its style; all three differ together.
[[nodiscard]] QColor colour(int style);       ///< Okabe and Ito's, yellow darkened for white paper
[[nodiscard]] QList<qreal> dashes(int style); ///< in pen widths; empty: solid
[[nodiscard]] int marker(int style);          ///< 0 … 7
[[nodiscard]] bool isOpen(int style);         ///< its marker is a ring: of the ninth to the sixteenth

inline const QColor Ink(0x1f, 0x23, 0x26), Muted(0x55, 0x5b, 0x60), Faint(0xb4, 0xb9, 0xbd),
    Grid(0xe3, 0xe6, 0xe8), Accent(0x0f, 0x5c, 0x8c);

} // namespace stillroom::paper
