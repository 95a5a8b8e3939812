#include "widgets/style_sheet.h"

#include <QRegularExpression>
#include <cmath>

namespace stillroom {
namespace {

// @role is replaced by the theme's colour. No fonts here: they follow the application's (textFont).
constexpr const char* Sheet = R"qss(
QMainWindow, QDialog, QMessageBox { background: @window; }
QToolTip { background: @surface; color: @text; border: 1px solid @hairline; padding: 4px; }

QMenuBar { background: @chrome; color: @text; border: none; padding: 1px 8px; }
QMenuBar::item { padding: 5px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: @accentSoft; color: @accent; }
QMenu { background: @surface; color: @text; border: 1px solid @hairline; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: @accentSoft; color: @accent; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @hairline; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QMenu::indicator:checked { image: url(:/stillroom/check.png); }
QMenu::right-arrow { image: url(:/stillroom/chevron-right.png); width: 12px; height: 12px; right: 6px; }

QStatusBar { background: @chrome; color: @text; border-top: 1px solid @hairline; }
QStatusBar::item { border: none; }

QPushButton, QToolButton[role="button"] {
    background: @surface; color: @text; border: 1px solid @hairline; border-radius: 6px; padding: 4px 12px;
}
QPushButton { min-height: 18px; }
QPushButton:hover, QToolButton[role="button"]:hover { border-color: @axis; }
QPushButton:pressed, QToolButton[role="button"]:pressed { background: @accentSoft; }
QPushButton:disabled, QToolButton[role="button"]:disabled { color: @faint; }
QPushButton:focus, QToolButton[role="button"]:focus { border-color: @accent; }
QPushButton:default:enabled, QToolButton[role="button"][primary="true"]:enabled {
    background: @accentSoft; color: @accent; border-color: @accentLine;
}

QToolButton[role="link"], QPushButton[role="link"] {
    background: transparent; border: none; color: @accent; padding: 1px 2px; min-height: 0;
}
QToolButton[role="link"]:hover, QPushButton[role="link"]:hover { text-decoration: underline; }
QToolButton[role="link"]:focus, QPushButton[role="link"]:focus { text-decoration: underline; }
QToolButton[role="link"]:disabled, QPushButton[role="link"]:disabled { color: @faint; }
QToolButton[role="link"]::menu-indicator { image: none; width: 0; }

QToolButton[role="chip"] {
    background: @accentSoft; color: @accent; border: 1px solid @accentLine; border-radius: 9px; padding: 1px 8px;
}
QToolButton[role="chip"]:hover, QToolButton[role="chip"]:focus { border-color: @accent; }

QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {
    background: @field; color: @text; border: 1px solid @hairline; border-radius: 6px;
    selection-background-color: @accent; selection-color: @surface;
}
QLineEdit, QAbstractSpinBox { padding: 2px 6px; min-height: 18px; }
QComboBox { padding: 2px 6px 2px 8px; min-height: 18px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @axis; }
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: @accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @faint; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border-color: @warning; }
QComboBox[role="cell"] { margin: 3px 0; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/stillroom/chevron-down.png); width: 12px; height: 12px; }
QComboBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QComboBox QAbstractItemView {
    background: @surface; color: @text; border: 1px solid @hairline; outline: none; padding: 2px;
    selection-background-color: @accentSoft; selection-color: @accent;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 16px; }
QAbstractSpinBox::up-arrow { image: url(:/stillroom/chevron-up.png); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(:/stillroom/chevron-down.png); width: 10px; height: 10px; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }

QCheckBox { color: @text; spacing: 6px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid @axis; border-radius: 3px; background: @field; }
QCheckBox::indicator:focus, QCheckBox::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked { image: url(:/stillroom/check.png); border-color: @accent; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 2px; }
QScrollBar:horizontal { height: 10px; margin: 2px; }
QScrollBar::handle { background: @hairline; border-radius: 3px; }
QScrollBar::handle:hover { background: @axis; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView, QListWidget {
    background: transparent; color: @text; border: none; outline: none;
    alternate-background-color: @window; gridline-color: @grid;
    selection-background-color: @accentSoft; selection-color: @accent;
}
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: @muted; border: none; border-bottom: 1px solid @hairline; padding: 3px 4px;
}
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: @surface; border: none; }

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: @muted; border: 1px solid transparent; border-radius: 6px;
    padding: 6px 20px; margin: 0 4px 0 0;
}
QTabBar::tab:selected { background: @surface; color: @accent; border-color: @hairline; }
QTabBar::tab:disabled { color: @faint; }
QTabBar::tab:focus { border-color: @accent; }
QProgressBar { background: @hairline; border: none; border-radius: 3px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QTabWidget::pane { border: none; background: transparent; }
QTabWidget::tab-bar { left: 16px; }
QSplitter::handle { background: transparent; }

QFrame[role="panel"] { background: @surface; border: 1px solid @hairline; border-radius: 6px; }
QFrame[role="panel"]:focus { border-color: @accent; }
QFrame[role="side"] { background: @surface; border: none; border-right: 1px solid @hairline; }
QFrame[role="guide"] { background: @surface; border: none; border-left: 1px solid @hairline; }
QFrame[role="guide"][strip="true"] { border-left: none; border-top: 1px solid @hairline; }
QFrame[role="bar"] { background: @surface; border: none; border-bottom: 1px solid @hairline; }
QFrame[role="line"] { background: @hairline; border: none; max-height: 1px; min-height: 1px; }

QLabel { background: transparent; color: @text; }
QLabel[tone="muted"] { color: @muted; }
QLabel[tone="warning"] { color: @warning; }
QLabel[tone="good"] { color: @good; }
QLabel[tone="accent"] { color: @accent; }
QLabel:disabled { color: @faint; }
)qss";

} // namespace

namespace {

/// Every length of more than a hairline.
QString enlarged(const QString& sheet, double scale) {
    static const QRegularExpression length(QStringLiteral("(\\d+)px"));
    QString result;
    qsizetype from = 0;
    for (auto found = length.globalMatch(sheet); found.hasNext();) {
        const auto match = found.next();
        const int pixels = match.captured(1).toInt();
        result += sheet.mid(from, match.capturedStart() - from);
        result += QString::number(pixels < 2 ? pixels : std::lround(pixels * scale));
        result += QStringLiteral("px");
        from = match.capturedEnd();
    }
    return result + sheet.mid(from);
}

} // namespace

QString styleSheet(const Theme& t, double scale) {
    QString sheet = QString::fromUtf8(Sheet);
    if (scale != 1)
        sheet = enlarged(sheet, scale);
    // Longer names first, so that @accentSoft is not read as @accent and "Soft".
    const std::pair<const char*, QColor> roles[] = {
        {"@accentSoft", t.accentSoft},
        {"@accentLine", t.accentLine},
        {"@hairline", t.hairline},
        {"@surface", t.surface},
        {"@warning", t.warning},
        {"@window", t.window},
        {"@chrome", t.chrome},
        {"@accent", t.accent},
        {"@muted", t.muted},
        {"@faint", t.faint},
        {"@field", t.field},
        {"@text", t.text},
        {"@good", t.good},
        {"@grid", t.grid},
        {"@axis", t.axis},
    };
    for (const auto& [role, colour] : roles)
        sheet.replace(QLatin1String(role), colour.name());
    return sheet;
}

} // namespace stillroom
