#include "widgets/setting_row.h"

#include "widgets/experiment_document.h"
#include "widgets/setting_control.h"
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
      label_(new QLabel(spec_.label)), note_(new QLabel) {
    const QString tip = tr("<p>%1</p><p>%2</p>").arg(spec_.tip.toHtmlEscaped(), spec_.key);
    label_->setToolTip(tip);
    control_->setToolTip(tip);
    label_->setBuddy(control_);
    note_->setProperty("tone", "muted");
    note_->setFont(textFont(TextSize::Note));
    note_->setWordWrap(true);
    note_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note_->hide();
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(DotSpace, 0, 0, 0);
    grid->setHorizontalSpacing(Gap);
    grid->setVerticalSpacing(2);
    grid->addWidget(label_, 0, 0, spec_.kind == SettingSpec::Kind::Schedule ? Qt::AlignTop : Qt::Alignment());
    grid->addWidget(control_, 0, 1);
    grid->addWidget(note_, 1, 0, 1, 2);
    // Columns share the width by these numbers alone, so that the controls of all rows stand in line.
    grid->setColumnStretch(0, LabelShare);
    grid->setColumnStretch(1, ControlShare);
    label_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    control_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    connect(control_, &SettingControl::edited, this, &SettingRow::edit);
    connect(control_, &SettingControl::gestureEnded, this, [this] { drag_ = 0; });
    connect(document_, &ExperimentDocument::changed, this, [this](const QString& changed) {
        if (changed == spec_.key)
            showValue();
    });
    connect(document_, &ExperimentDocument::replaced, this, &SettingRow::showValue);
    showValue();
}

void SettingRow::showValue() {
    error_.clear();
    control_->setWrong(false);
    control_->show(document_->value(spec_.key));
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
    painter.drawEllipse(QPointF(3, label_->geometry().center().y() + 0.5), 2.5, 2.5);
}

void SettingRow::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString value = document_->value(spec_.key);
    auto* reset = menu->addAction(tr("Back to the default"), this, [this] {
        document_->reset({spec_.key}, tr("default of %1").arg(spec_.key));
    });
    reset->setEnabled(changed_ && control_->isEnabled());
    if (spec_.kind == SettingSpec::Kind::Slider && control_->isEnabled()) {
        if (value.startsWith(u'{'))
            menu->addAction(tr("Make it constant"), this, [this, value] {
                const auto from = value.section(QStringLiteral("from: "), 1).section(u',', 0, 0);
                edit(from, false);
            });
        else if (!value.isEmpty())
            menu->addAction(tr("Let it change over the run"), this, [this, value] {
                edit(QStringLiteral("{from: %1, to: %1, shape: linear}").arg(value), false);
            });
    }
    menu->addAction(tr("Copy as YAML"), this, [this, value] {
        QApplication::clipboard()->setText(QStringLiteral("%1: %2").arg(spec_.key, value));
    });
    menu->popup(event->globalPos());
}

} // namespace stillroom
