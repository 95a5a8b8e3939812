#include "widgets/page.h"

#include "widgets/run_controller.h"
#include "widgets/theme.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {

Page::Page(RunController* controller, QWidget* parent)
    : QWidget(parent), controller_(controller), column_(new QVBoxLayout(this)) {
    column_->setContentsMargins(Gap, 0, 2 * Gap, 2 * Gap);
    column_->setSpacing(Gap);
}

RunPlace plannedPlace(const RunController& controller) {
    if (underWay(controller.state()) && controller.live().totalSteps() > 0)
        return controller.live().place();
    const TrainingSettings& training = controller.document()->experiment().training;
    const Examples* examples = controller.examples();
    const std::int64_t batch = std::max<std::int64_t>(1, training.batch);
    const std::int64_t perEpoch = examples != nullptr && examples->summary.taught > 0
                                      ? (examples->summary.taught + batch - 1) / batch
                                      : 100; // nothing is known yet: the shape is right, steps are not
    return {0, static_cast<double>(perEpoch),
            static_cast<double>(perEpoch * std::max<std::int64_t>(1, training.epochs))};
}

ExperimentDocument* Page::document() const {
    return controller_->document();
}
const Experiment& Page::experiment() const {
    return document()->experiment();
}

SettingRow* Page::addRow(const QString& key) {
    auto* made = new SettingRow(key, document());
    rows_.insert(key, made);
    addWidget(made);
    return made;
}

void Page::showRow(const QString& key, bool shown) {
    rows_.value(key)->setVisible(shown);
}

void Page::showPlace() {
    const RunPlace place = plannedPlace(*controller_);
    const bool underWay = stillroom::underWay(controller_->state());
    for (auto* row : rows_)
        row->setPlace(place, underWay);
}

QLabel* Page::addHeading(const QString& text) {
    auto* label = new QLabel(text);
    label->setFont(textFont(TextSize::Title));
    label->setContentsMargins(10, Gap, 0, 0);
    addWidget(label);
    return label;
}

QLabel* Page::addNote(const QString& text) {
    auto* label = new QLabel(text);
    label->setProperty("tone", "muted");
    label->setFont(textFont(TextSize::Note));
    label->setContentsMargins(10, 0, 0, 0);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    addWidget(label);
    return label;
}

void Page::addWidget(QWidget* widget) {
    (target_ != nullptr ? target_ : column_)->addWidget(widget);
}

void Page::addIndented(QWidget* widget) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(Gap, 0, 0, 0);
    row->addWidget(widget);
    (target_ != nullptr ? target_ : column_)->addLayout(row);
}

void Page::addStretch() {
    column_->addStretch(1);
}

FactList::FactList(QWidget* parent) : QWidget(parent) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(10, 0, 0, 0);
    grid->setHorizontalSpacing(Gap);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(0, 1);
}

void FactList::say(const QList<Fact>& facts) {
    if (facts == facts_)
        return;
    auto* grid = static_cast<QGridLayout*>(layout());
    while (auto* item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    facts_ = facts;
    int row = 0;
    for (const auto& fact : facts) {
        auto* name = new QLabel(fact.name);
        name->setProperty("tone", "muted");
        auto* value = new QLabel(fact.value);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        for (auto* label : {name, value}) {
            label->setFont(textFont(TextSize::Note));
            label->setToolTip(fact.tip);
        }
        grid->addWidget(name, row, 0);
        grid->addWidget(value, row++, 1);
    }
}

} // namespace stillroom
