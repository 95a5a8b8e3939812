// The window's look in one place: what colours mean, three sizes of one font, spacing in steps of 8.
// GUI thread. Widgets ask `theme()` when they paint and again on QEvent::PaletteChange or StyleChange.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

namespace stillroom {

/// Roles, not colours: greys carry everything, blue what is kept, vermilion warnings and edits. The four hues
/// are Okabe and Ito's, lightened in the dark so that they keep their contrast.
struct Theme {
    bool dark = false;
    QColor window, chrome, surface; ///< behind panels; tool and status bar; panels
    QColor text, muted, faint;      ///< faint: for what is switched off
    QColor hairline, grid, axis;
    QColor accent, accentSoft, accentLine; ///< links, the chosen page, Run
    QColor kept, keptMedium, keptSoft;     ///< what the rule kept: lines, second bars, areas
    QColor all;                            ///< what there was to keep from
    QColor warning, good, orange;
    QColor field; ///< behind what can be typed into

    static Theme of(const QPalette& palette);
    /// The colours of figures on paper, whatever the window's are.
    static const Theme& paper();
    /// For classes apart: eight, then from the front again.
    [[nodiscard]] QColor series(int number) const;
};

enum class ThemeMode { System, Light, Dark };
[[nodiscard]] QString themeModeName(ThemeMode mode); ///< "system", "light", "dark": for QSettings
[[nodiscard]] ThemeMode themeModeOf(const QString& name);

[[nodiscard]] const Theme& theme();
[[nodiscard]] ThemeMode themeMode();
/// Sets the application's palette and style sheet, and follows the system's palette where `mode` says so.
void applyTheme(ThemeMode mode);
/// The palette and `theme()` alone: for making a window before applyTheme. With a style sheet each widget is
/// polished again whenever it gets another parent, which doubles the time a window takes to be made.
void chooseTheme(ThemeMode mode);

enum class TextSize { Note, Body, Title, Heading, Figure };
/// Relative to the application's font: 11, 13, 13 bold, 16 bold and 20 bold where that has 13 pixels.
[[nodiscard]] QFont textFont(TextSize size);
/// Figures that change in place do not jump: the fixed-width font in the size of a note.
[[nodiscard]] QFont figuresFont();

/// How much larger than at a desk everything is drawn: 1, or what the projector asks for (projector.h).
[[nodiscard]] double lookScale();
/// Lengths in pixels that are set or painted anew at every size: 14 at a desk is 21 for a lecture hall.
[[nodiscard]] int scaled(int pixels);
[[nodiscard]] double scaled(double pixels);
/// A length that was measured in text, as a constructor sets it: there lengths are a desk's (projector.h).
[[nodiscard]] int atDesk(int pixels);
/// The scale and the application's font. Widgets that are there already follow with setProjector.
void setLookScale(double scale);
/// While one lives, lookScale() and textFont() are those of a desk: a figure on paper is as large as ever.
class DeskScale {
  public:
    DeskScale();
    ~DeskScale();
    DeskScale(const DeskScale&) = delete;
    DeskScale& operator=(const DeskScale&) = delete;

  private:
    double before_;
};

inline constexpr int Gap = 8;    ///< spacing is a multiple of it
inline constexpr int Corner = 6; ///< of panels

} // namespace stillroom
