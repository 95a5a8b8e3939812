#include "widgets/projector.h"

#include "widgets/theme.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLayout>
#include <QPointer>
#include <QStatusBar>
#include <QTableView>
#include <array>
#include <cmath>

namespace stillroom {
namespace {

/// For which scale a widget's measures are; absent: a desk's.
constexpr const char* MadeFor = "stillroomScale";

class Rescaling {
  public:
    explicit Rescaling(double ratio) : ratio_(ratio) {}

    void widget(QWidget* widget) const {
        if (!widget->isWindow())
            sizes(widget);
        if (auto* layout = widget->layout())
            this->layout(layout);
        if (qobject_cast<QLabel*>(widget) != nullptr || qobject_cast<QStatusBar*>(widget) != nullptr)
            widget->setContentsMargins(margins(widget->contentsMargins()));
        if (auto* label = qobject_cast<QLabel*>(widget))
            label->setMargin(length(label->margin()));
        if (auto* table = qobject_cast<QTableView*>(widget))
            rows(table);
    }

  private:
    /// At 1.5 every length comes back to what it was when it is divided again.
    [[nodiscard]] int length(int pixels) const { return static_cast<int>(std::lround(pixels * ratio_)); }
    [[nodiscard]] QMargins margins(const QMargins& m) const {
        return {length(m.left()), length(m.top()), length(m.right()), length(m.bottom())};
    }

    void sizes(QWidget* widget) const {
        const QSize least = widget->minimumSize(), most = widget->maximumSize();
        // The larger bound first: the other one must never cross it.
        if (ratio_ > 1)
            limit(widget, most);
        widget->setMinimumSize(length(least.width()), length(least.height()));
        if (ratio_ < 1)
            limit(widget, most);
    }
    void limit(QWidget* widget, const QSize& most) const {
        if (most.width() < QWIDGETSIZE_MAX)
            widget->setMaximumWidth(length(most.width()));
        if (most.height() < QWIDGETSIZE_MAX)
            widget->setMaximumHeight(length(most.height()));
    }

    void layout(QLayout* layout) const {
        layout->setContentsMargins(margins(layout->contentsMargins()));
        if (auto* grid = qobject_cast<QGridLayout*>(layout)) {
            grid->setHorizontalSpacing(length(grid->horizontalSpacing()));
            grid->setVerticalSpacing(length(grid->verticalSpacing()));
        } else if (layout->spacing() > 0) {
            layout->setSpacing(length(layout->spacing()));
        }
        for (int i = 0; i < layout->count(); ++i) {
            auto* item = layout->itemAt(i);
            if (auto* inner = item->layout())
                this->layout(inner);
            else if (auto* spacer = item->spacerItem())
                spacer->changeSize(length(spacer->sizeHint().width()), length(spacer->sizeHint().height()),
                                   spacer->sizePolicy().horizontalPolicy(),
                                   spacer->sizePolicy().verticalPolicy());
        }
        layout->invalidate();
    }

    void rows(QTableView* table) const {
        auto* down = table->verticalHeader();
        down->setMinimumSectionSize(length(down->minimumSectionSize()));
        down->setDefaultSectionSize(length(down->defaultSectionSize()));
        auto* across = table->horizontalHeader();
        across->setMinimumSectionSize(length(across->minimumSectionSize()));
        for (int i = 0; i < across->count(); ++i)
            if (const auto mode = across->sectionResizeMode(i);
                mode == QHeaderView::Interactive || mode == QHeaderView::Fixed)
                across->resizeSection(i, length(across->sectionSize(i)));
    }

    double ratio_;
};

/// The fonts of textFont and figuresFont at one scale, to find which of them a widget has.
struct Fonts {
    static constexpr std::array<TextSize, 5> Sizes = {TextSize::Note, TextSize::Body, TextSize::Title,
                                                      TextSize::Heading, TextSize::Figure};
    std::array<QFont, 5> text;
    QFont figures = figuresFont();
    Fonts() {
        for (std::size_t i = 0; i < Sizes.size(); ++i)
            text[i] = textFont(Sizes[i]);
    }
    /// Where its like is, or −1; 5 for the figures.
    [[nodiscard]] int find(const QFont& font) const {
        if (font.family() == figures.family() && font.pixelSize() == figures.pixelSize() &&
            font.family() != text[0].family())
            return 5;
        for (std::size_t i = 0; i < text.size(); ++i)
            if (font.pixelSize() == text[i].pixelSize() && font.bold() == text[i].bold())
                return static_cast<int>(i);
        return -1;
    }
    [[nodiscard]] const QFont& at(int index) const {
        return index == 5 ? figures : text[static_cast<std::size_t>(index)];
    }
};

/// A style sheet gives a widget back the font that it had when it was first polished, whenever it is polished
/// again: at every change of colours, at every change of a tone. It remembers that font in this property, and
/// has no other way to be told of another.
constexpr const char* SheetsFont = "_q_styleSheetWidgetFont";

void give(QWidget* widget, const QFont& font) {
    widget->setFont(font);
    if (widget->property(SheetsFont).isValid())
        widget->setProperty(SheetsFont, font);
}

void fit(QWidget* widget, double scale) {
    const QVariant made = widget->property(MadeFor);
    const double from = made.isValid() ? made.toDouble() : 1.0;
    if (from == scale)
        return;
    widget->setProperty(MadeFor, scale);
    Rescaling(scale / from).widget(widget);
}

/// What is made while the projector is on is enlarged before it is first shown.
class NewWidgets : public QObject {
  public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Polish && watched->isWidgetType())
            fit(static_cast<QWidget*>(watched), lookScale());
        return false;
    }
};

QPointer<NewWidgets> newWidgets;

} // namespace

bool projector() {
    return lookScale() != 1;
}

void setProjector(bool on) {
    if (on == projector())
        return;
    const Fonts before;
    setLookScale(on ? ProjectorScale : 1);
    const Fonts after;
    const auto widgets = QApplication::allWidgets();
    for (auto* widget : widgets) {
        fit(widget, lookScale());
        // Who has a font of its own does not follow the application's.
        if (widget->testAttribute(Qt::WA_SetFont))
            if (const int known = before.find(widget->font()); known >= 0)
                give(widget, after.at(known));
    }
    if (on && newWidgets.isNull()) {
        newWidgets = new NewWidgets(qApp);
        qApp->installEventFilter(newWidgets);
    } else if (!on) {
        delete newWidgets;
    }
    applyTheme(themeMode()); // the style sheet has lengths too; painted widgets hear of it as of new colours
    for (auto* widget : widgets)
        widget->updateGeometry();
}

} // namespace stillroom
