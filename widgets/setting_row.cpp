#include "widgets/setting_row.h"

#include "widgets/experiment_document.h"
#include "widgets/schedule_control.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QStyle>

namespace stillroom {
namespace {

constexpr int DotSpace = 10; // left of the name

} // namespace

SettingRow::SettingRow(const QString& key, ExperimentDocument* document, QWidget* parent)
    : QWidget(parent), spec_(settingSpec(key)), document_(document), control_(makeControl(spec_, this)),
      label_(new QLabel(spec_.label)), note_(new QLabel), grid_(new QGridLayout(this)) {
    const QString tip = tr("<p>%1</p><p>%2</p>").arg(spec_.tip.toHtmlEscaped(), spec_.key);
    label_->setToolTip(tip);
    control_->setToolTip(tip);
    label_->setBuddy(control_);
    note_->setProperty("tone", "muted");
    note_->setFont(textFont(TextSize::Note));
    note_->setWordWrap(true);
    note_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note_->hide();
    grid_->setContentsMargins(DotSpace, 0, 0, 0);
    grid_->setHorizontalSpacing(Gap);
    grid_->setVerticalSpacing(2);
    grid_->addWidget(label_, 0, 0);
    grid_->addWidget(control_, 0, 1);
    grid_->addWidget(note_, 1, 0, 1, 2);
    // Columns share the width by these numbers alone, so that the controls of all rows stand in line.
    grid_->setColumnStretch(0, LabelShare);
    grid_->setColumnStretch(1, ControlShare);
    label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    control_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    connect(control_, &SettingControl::edited, this, &SettingRow::edit);
    connect(control_, &SettingControl::gestureEnded, this, [this] { drag_ = 0; });
    connect(document_, &ExperimentDocument::changed, this, [this](const QString& changed) {
        // What a rule takes of itself is another for another rule.
        const bool ofRule = changed == QLatin1String("selection.rule") && spec_.optional;
        if (changed == spec_.key || ofRule)
            showValue();
    });
    connect(document_, &ExperimentDocument::replaced, this, &SettingRow::showValue);
    showValue();
}

void SettingRow::showValue() {
    error_.clear();
    control_->setWrong(false);
    const QString value = document_->effectiveValue(spec_.key);
    control_->show(value);
    // A schedule is high: its name stands at its top.
    const bool high = spec_.kind == SettingSpec::Kind::Schedule || value.startsWith(u'{');
    grid_->setAlignment(label_, high ? Qt::AlignTop : Qt::Alignment());
    changed_ = !document_->isDefault(spec_.key);
    setAccessibleDescription(changed_ ? tr("changed") : QString());
    updateNote();
    update();
}

void SettingRow::edit(const QString& yaml, bool dragging) {
    if (dragging && drag_ == 0)
        drag_ = document_->newDrag();
    const auto others = companions_ ? companions_(yaml) : QList<SettingChange>();
    const auto done = others.isEmpty() ? document_->set(spec_.key, yaml, dragging ? drag_ : 0)
                                       : document_->setAll(tr("%1 %2").arg(spec_.key, yaml),
                                                           QList<SettingChange>{{spec_.key, yaml}} + others);
    error_ = done ? QString() : toQString(done.error().message);
    control_->setWrong(!done);
    updateNote();
}

void SettingRow::setConsequence(const QString& text) {
    if (consequence_ == text)
        return;
    consequence_ = text;
    updateNote();
}

void SettingRow::updateNote() {
    const QString text = error_.isEmpty() ? consequence_ : error_;
    const char* tone = error_.isEmpty() ? "muted" : "warning";
    if (note_->property("tone").toString() != QLatin1String(tone)) {
        note_->setProperty("tone", tone);
        note_->style()->unpolish(note_);
        note_->style()->polish(note_);
    }
    if (note_->text() != text)
        note_->setText(text);
    note_->setVisible(!text.isEmpty());
}

void SettingRow::offer(const QStringList& columns) {
    control_->offer(columns);
}

void SettingRow::setLabel(const QString& label) {
    label_->setText(label);
}

void SettingRow::setPlace(const RunPlace& place, bool underWay) {
    control_->setPlace(place, underWay);
}

void SettingRow::setLocked(const QString& reason) {
    control_->setEnabled(reason.isEmpty());
    control_->setToolTip(reason.isEmpty() ? label_->toolTip() : reason);
}

void SettingRow::paintEvent(QPaintEvent*) {
    if (!changed_)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().accent);
    painter.drawEllipse(QPointF(scaled(3.0), label_->geometry().center().y() + 0.5), scaled(2.5),
                        scaled(2.5));
}

void SettingRow::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString value = document_->effectiveValue(spec_.key);
    auto* reset = menu->addAction(tr("Back to the default"), this, [this] {
        document_->reset({spec_.key}, tr("default of %1").arg(spec_.key));
    });
    reset->setEnabled(changed_ && control_->isEnabled());
    const auto schedule =
        spec_.schedulable && control_->isEnabled() && !value.isEmpty() ? scheduleOf(value) : std::nullopt;
    if (schedule && value.startsWith(u'{'))
        menu->addAction(tr("Make it constant"), this,
                        [this, from = schedule->from] { edit(yamlOf(from), false); });
    else if (schedule)
        menu->addAction(tr("Let it change over the run"), this, [this, from = schedule->from] {
            edit(yamlOf(Schedule(from, from, ScheduleShape::Linear)), false);
        });
    menu->addAction(tr("Copy as YAML"), this, [this, value] {
        QApplication::clipboard()->setText(QStringLiteral("%1: %2").arg(spec_.key, value));
    });
    menu->popup(event->globalPos());
}

} // namespace stillroom
