// The page of the PDF in numbers: A4, in the pixels of a very fine printer, so that letters stand where their
// font says. Private to widgets/report.
#pragma once

namespace stillroom::page {

inline constexpr int Resolution = 1200; ///< dots an inch
/// A length in points, in pixels.
constexpr double points(double length) {
    return length * Resolution / 72;
}
inline constexpr double Width = points(470); ///< of the text
inline constexpr double Left = points(62.5); ///< margin, and so the right one
inline constexpr double Top = points(56), Bottom = points(66);
inline constexpr double SheetWidth = points(595), SheetHeight = points(842);
inline constexpr double Height = SheetHeight - Top - Bottom; ///< of the text
inline constexpr double Footer = points(36);                 ///< of its baseline above the sheet's end

inline constexpr double TextSize = points(10), NoteSize = points(8.5), TableSize = points(8.2),
                        CodeSize = points(7.4);
inline constexpr double MathSize = points(11);

} // namespace stillroom::page
