#include "widgets/theme.h"

#include "widgets/style_sheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QStyle>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace stillroom {
namespace {

QColor mix(const QColor& a, const QColor& b, double share) {
    const auto part = [&](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

QPalette paletteOf(const QColor& window, const QColor& surface, const QColor& text, const QColor& accent) {
    QPalette palette(surface, window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, surface);
    palette.setColor(QPalette::AlternateBase, mix(surface, window, 0.5));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, mix(window, text, 0.02));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::ToolTipBase, mix(surface, text, 0.04));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, mix(text, surface, 0.5));
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, surface);
    palette.setColor(QPalette::Link, accent);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, mix(text, surface, 0.6));
    return palette;
}

const QPalette& lightPalette() {
    static const QPalette palette = paletteOf(0xf6f6f4, 0xffffff, 0x1f2326, 0x0f5c8c);
    return palette;
}

const QPalette& darkPalette() {
    static const QPalette palette = paletteOf(0x181a1c, 0x212427, 0xe4e6e8, 0x6cb6e8);
    return palette;
}

Theme current;
ThemeMode currentMode = ThemeMode::System;
double currentScale = 1;
/// The application's font at a desk, while it is another one.
std::optional<QFont> deskFont;

/// The desktop changes its palette while the window is open: follow it.
class PaletteWatcher : public QObject {
  public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::ApplicationPaletteChange && watched == qApp &&
            currentMode == ThemeMode::System && QGuiApplication::palette() != seen_) {
            seen_ = QGuiApplication::palette();
            QMetaObject::invokeMethod(
                qApp, [] { applyTheme(ThemeMode::System); }, Qt::QueuedConnection);
        }
        return QObject::eventFilter(watched, event);
    }
    void saw(const QPalette& palette) { seen_ = palette; }

  private:
    QPalette seen_;
};

} // namespace

Theme Theme::of(const QPalette& palette) {
    Theme t;
    t.window = palette.color(QPalette::Window);
    t.surface = palette.color(QPalette::Base);
    t.text = palette.color(QPalette::WindowText);
    t.dark = t.surface.lightnessF() < t.text.lightnessF();
    t.chrome = mix(t.window, t.text, 0.03);
    t.muted = mix(t.text, t.surface, t.dark ? 0.34 : 0.36);
    t.faint = mix(t.text, t.surface, 0.6);
    t.hairline = mix(t.surface, t.text, 0.17);
    t.grid = mix(t.surface, t.text, 0.085);
    t.axis = mix(t.surface, t.text, 0.33);
    t.field = t.dark ? mix(t.surface, t.text, 0.05) : t.surface;
    t.all = mix(t.surface, t.text, t.dark ? 0.32 : 0.22);
    if (t.dark) {
        t.accent = 0x6cb6e8;
        t.kept = 0x3d9bdc;
        t.warning = 0xf0823a;
        t.good = 0x2fbf93;
        t.orange = 0xf0b429;
    } else {
        t.accent = 0x0f5c8c;
        t.kept = 0x0072b2;
        t.warning = 0xc65200; // D55E00 a shade darker: small text on white needs 4.5 : 1
        t.good = 0x009e73;
        t.orange = 0xe69f00;
    }
    t.keptMedium = mix(t.surface, t.kept, t.dark ? 0.55 : 0.4);
    t.keptSoft = mix(t.surface, t.kept, t.dark ? 0.34 : 0.26);
    t.accentSoft = mix(t.surface, t.accent, t.dark ? 0.16 : 0.095);
    t.accentLine = mix(t.surface, t.accent, t.dark ? 0.4 : 0.3);
    return t;
}

const Theme& Theme::paper() {
    static const Theme paper = [] {
        Theme t = of(lightPalette());
        t.window = t.surface;
        return t;
    }();
    return paper;
}

QColor Theme::series(int number) const {
    // Okabe and Ito, the most different first; yellow is darkened for white paper.
    static constexpr std::array<QRgb, 8> onLight = {0x0072b2, 0xe69f00, 0x009e73, 0xd55e00,
                                                    0x56b4e9, 0xcc79a7, 0xb8a800, 0x6b7176};
    static constexpr std::array<QRgb, 8> onDark = {0x3d9bdc, 0xf0b429, 0x2fbf93, 0xf0823a,
                                                   0x8fd0f5, 0xdf9cc4, 0xe6dc5a, 0x9aa1a7};
    const auto index = static_cast<std::size_t>(number) % onLight.size();
    return QColor((dark ? onDark : onLight)[index]);
}

QString themeModeName(ThemeMode mode) {
    switch (mode) {
    case ThemeMode::Light:
        return QStringLiteral("light");
    case ThemeMode::Dark:
        return QStringLiteral("dark");
    case ThemeMode::System:
        break;
    }
    return QStringLiteral("system");
}

ThemeMode themeModeOf(const QString& name) {
    if (name == QLatin1String("light"))
        return ThemeMode::Light;
    return name == QLatin1String("dark") ? ThemeMode::Dark : ThemeMode::System;
}

const Theme& theme() {
    return current;
}
ThemeMode themeMode() {
    return currentMode;
}

void applyTheme(ThemeMode mode) {
    chooseTheme(mode);
    qApp->setStyleSheet(styleSheet(current, currentScale));
}

void chooseTheme(ThemeMode mode) {
    static auto* watcher = [] {
        auto* made = new PaletteWatcher(qApp);
        qApp->installEventFilter(made);
        return made;
    }();
    currentMode = mode;
    if (mode == ThemeMode::System)
        QApplication::setPalette(QPalette());
    else
        QApplication::setPalette(mode == ThemeMode::Dark ? darkPalette() : lightPalette());
    watcher->saw(QGuiApplication::palette());
    current = Theme::of(QGuiApplication::palette());
}

double lookScale() {
    return currentScale;
}

int scaled(int pixels) {
    return static_cast<int>(std::lround(pixels * currentScale));
}

int atDesk(int pixels) {
    return static_cast<int>(std::lround(pixels / currentScale));
}

double scaled(double pixels) {
    return pixels * currentScale;
}

namespace {

/// Rounded down when it is enlarged: what was measured for the small one and then enlarged still has room.
int pixelsOf(double atDesk) {
    const auto small = std::max(9L, std::lround(atDesk));
    return static_cast<int>(static_cast<double>(small) * currentScale + 1e-6);
}

} // namespace

void setLookScale(double scale) {
    if (!deskFont)
        deskFont = QApplication::font();
    currentScale = scale;
    QFont font = *deskFont;
    if (scale != 1)
        font.setPixelSize(pixelsOf(QFontInfo(font).pixelSize()));
    else
        deskFont.reset();
    QApplication::setFont(font);
}

DeskScale::DeskScale() : before_(std::exchange(currentScale, 1.0)) {}
DeskScale::~DeskScale() {
    currentScale = before_;
}

QFont textFont(TextSize size) {
    QFont font = deskFont.value_or(QApplication::font());
    const double base = QFontInfo(font).pixelSize();
    const auto sized = [&](double of13) { return pixelsOf(base * of13 / 13); };
    switch (size) {
    case TextSize::Note:
        font.setPixelSize(sized(11));
        break;
    case TextSize::Body:
        font.setPixelSize(sized(13));
        break;
    case TextSize::Title:
        font.setPixelSize(sized(13));
        font.setBold(true);
        break;
    case TextSize::Heading:
        font.setPixelSize(sized(16));
        font.setBold(true);
        break;
    case TextSize::Figure:
        font.setPixelSize(sized(20));
        font.setBold(true);
        break;
    }
    return font;
}

QFont figuresFont() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(textFont(TextSize::Note).pixelSize());
    return font;
}

} // namespace stillroom
