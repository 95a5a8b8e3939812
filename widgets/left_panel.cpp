#include "widgets/left_panel.h"

#include "widgets/text.h"
#include "widgets/theme.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr int MostRows = 3; // at once: the window's own work needs its room

/// "14:03", "yesterday, 14:03", "24 Nov, 14:03".
QString whenSaid(const QDateTime& when) {
    const QString time = QLocale::c().toString(when, QStringLiteral("HH:mm"));
    const qint64 days = when.date().daysTo(QDate::currentDate());
    if (days == 0)
        return LeftPanel::tr("at %1").arg(time);
    if (days == 1)
        return LeftPanel::tr("yesterday at %1").arg(time);
    return LeftPanel::tr("on %1 at %2").arg(QLocale::c().toString(when, QStringLiteral("d MMM")), time);
}

QString howFar(const RunSummary& run) {
    if (run.steps == 0)
        return LeftPanel::tr("before its first step");
    if (run.stepsPerEpoch == 0)
        return LeftPanel::tr("after step %1").arg(grouped(run.steps));
    return LeftPanel::tr("after step %1 of %2, in epoch %3 of %4")
        .arg(grouped(run.steps), grouped(run.stepsPerEpoch * run.epochs),
             grouped((run.steps - 1) / run.stepsPerEpoch + 1), grouped(run.epochs));
}

QString nameOf(const LeftWindow& window) {
    return window.open.experiment.isEmpty() ? window.open.name : QFileInfo(window.open.experiment).fileName();
}

} // namespace

LeftPanel::LeftPanel(QWidget* parent) : QFrame(parent), rows_(new QVBoxLayout(this)) {
    setProperty("role", "bar");
    setAccessibleName(tr("Left by a window that was not closed"));
    rows_->setContentsMargins(2 * Gap, Gap, 2 * Gap, Gap);
    rows_->setSpacing(Gap);
    hide();
}

void LeftPanel::add(const QList<LeftBehind>& left) {
    waiting_ += left;
    fill();
}

void LeftPanel::fill() {
    while (rows_->count() < MostRows && !waiting_.isEmpty()) {
        const LeftBehind one = waiting_.takeFirst();
        const LeftWindow& window = one.window;
        if (one.run)
            addRow(
                QStringLiteral("run-") + window.id, tr("A run was cut off: %1").arg(toQString(one.run->name)),
                tr("Stillroom ended without being closed. The run began %1 and was cut off %2; what it had "
                   "shown is in %3.")
                    .arg(whenSaid(QDateTime::fromString(toQString(one.run->created), Qt::ISODateWithMs)),
                         howFar(*one.run), toQString(one.run->folder)),
                one,
                {{tr("Resume"), tr("Go on with the run where its last checkpoint is"),
                  &LeftPanel::resumeWanted},
                 {tr("Open"), tr("Look at what it had done"), &LeftPanel::openWanted},
                 {tr("Leave"), tr("Say no more of it; the run folder stays as it is"),
                  &LeftPanel::leaveWanted}});
        if (!window.edits.isEmpty())
            addRow(QStringLiteral("edits-") + window.id,
                   tr("Unsaved changes were kept: %1").arg(nameOf(window)),
                   (window.open.experiment.isEmpty() ? tr("Stillroom ended without being closed; they were "
                                                          "made %1. It was never saved to a file.")
                                                     : tr("Stillroom ended without being closed; they were "
                                                          "made %1. The file is as it was saved."))
                       .arg(whenSaid(window.when)),
                   one,
                   {{tr("Restore"), tr("Open the experiment with its unsaved changes"),
                     &LeftPanel::restoreWanted},
                    {tr("Discard"), tr("The changes are lost; the file stays as it is"),
                     &LeftPanel::discardWanted}});
    }
    setVisible(rows_->count() > 0);
}

void LeftPanel::addRow(const QString& name, const QString& title, const QString& words,
                       const LeftBehind& left, const QList<Choice>& choices) {
    auto* row = new QWidget;
    row->setObjectName(name);
    auto* heading = new QLabel(title);
    heading->setFont(textFont(TextSize::Title));
    auto* note = new QLabel(words);
    note->setFont(textFont(TextSize::Note));
    note->setProperty("tone", "muted");
    for (auto* label : {heading, note}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* text = new QVBoxLayout;
    text->setSpacing(2);
    text->addWidget(heading);
    text->addWidget(note);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Gap);
    line->addLayout(text, 1);
    for (const auto& choice : choices) {
        auto* button = new QPushButton(choice.text);
        button->setToolTip(choice.tip);
        button->setAccessibleDescription(title);
        connect(button, &QPushButton::clicked, this, [this, left, wanted = choice.wanted] {
            Q_EMIT(this->*wanted)(left);
        });
        line->addWidget(button, 0, Qt::AlignVCenter);
    }
    rows_->addWidget(row);
}

void LeftPanel::settleRun(const QString& windowId) {
    settle(QStringLiteral("run-") + windowId);
}

void LeftPanel::settleEdits(const QString& windowId) {
    settle(QStringLiteral("edits-") + windowId);
}

void LeftPanel::settle(const QString& rowName) {
    if (auto* row = findChild<QWidget*>(rowName, Qt::FindDirectChildrenOnly)) {
        rows_->removeWidget(row);
        row->hide();
        row->deleteLater(); // its button is being clicked
    }
    fill();
}

} // namespace stillroom
