#include "widgets/labelling_panel.h"

#include "widgets/fold.h"
#include "widgets/labelling_job.h"
#include "widgets/note_label.h"
#include "widgets/number_table.h"
#include "widgets/page.h"
#include "widgets/progress_pill.h"
#include "widgets/row_copy.h"
#include "widgets/run_bar.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr int MostRefused = 8; // rows of the table before it scrolls

/// In whatever currency the prices are.
QString money(double amount) {
    return fixed(amount, amount < 0.01 ? 4 : amount < 100 ? 2 : 0);
}

void say(QLabel* label, const QString& text) {
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

LabellingPanel::LabellingPanel(RunController* controller, LabellingJob* job, QWidget* parent)
    : QWidget(parent), controller_(controller), job_(job), key_(makeNoteLabel()),
      ask_(new QPushButton(tr("Ask"))), estimate_(new QPushButton(tr("Estimate"))),
      cancel_(new QPushButton(tr("Cancel"))), pill_(new ProgressPill), waiting_(makeNoteLabel()),
      facts_(new FactList), problem_(makeNoteLabel("warning")), cost_(makeNoteLabel()),
      promptFold_(new Fold(tr("the first prompt"))), prompt_(makeNoteLabel()), refusedNote_(makeNoteLabel()),
      problems_(new NumberTable), again_(new QPushButton(tr("Ask again"))) {
    ask_->setToolTip(tr("Ask for every training text that has no answer yet. Answers are stored as they "
                        "come: it can be cancelled, and goes on where it was"));
    estimate_->setToolTip(tr("From the prompts of 20 texts; nobody is asked"));
    cancel_->setToolTip(tr("What was answered stays"));
    again_->setToolTip(tr("Ask for those again that were refused"));
    pill_->setAccessibleName(tr("Texts answered"));
    problems_->setAccessibleName(tr("Texts without an answer"));
    connect(ask_, &QPushButton::clicked, job_, [this] { job_->ask(false); });
    connect(again_, &QPushButton::clicked, job_, [this] { job_->ask(true); });
    connect(estimate_, &QPushButton::clicked, job_, &LabellingJob::estimate);
    connect(cancel_, &QPushButton::clicked, job_, &LabellingJob::cancel);
    promptFold_->column()->addWidget(prompt_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    for (auto* button : {ask_, estimate_, cancel_})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto* againRow = new QHBoxLayout;
    againRow->addWidget(again_);
    againRow->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Gap);
    const auto indented = [column] {
        auto* part = new QVBoxLayout;
        part->setContentsMargins(10, 0, 0, 0);
        part->setSpacing(Gap);
        column->addLayout(part);
        return part;
    };
    auto* over = indented();
    over->addWidget(key_);
    over->addLayout(buttons);
    for (QWidget* widget : std::initializer_list<QWidget*>{pill_, waiting_, facts_, problem_, cost_})
        over->addWidget(widget);
    column->addWidget(promptFold_); // it is indented by itself
    prompt_->setContentsMargins(10, 0, 0, 0);
    auto* under = indented();
    under->addWidget(refusedNote_);
    under->addWidget(problems_);
    under->addLayout(againRow);
    problems_->setTextElideMode(Qt::ElideRight); // sentences say most at their beginning
    facts_->layout()->setContentsMargins(0, 0, 0, 0);
    connect(job_, &LabellingJob::changed, this, &LabellingPanel::refresh);
    connect(controller_->document(), &ExperimentDocument::changed, this, &LabellingPanel::refresh);
    connect(controller_, &RunController::stateChanged, this, &LabellingPanel::refresh);
    refresh();
}

void LabellingPanel::refresh() {
    const bool idle = job_->doing() == LabellingJob::Doing::Nothing;
    const auto& teacher = controller_->document()->experiment().teacher;
    const bool known = !controller_->document()->experiment().data.train.files.empty() &&
                       !teacher.llm.baseUrl.empty() && !teacher.llm.model.empty();
    ask_->setVisible(idle);
    estimate_->setVisible(idle);
    cancel_->setVisible(!idle);
    // A run that is under way keeps the answers that it began with.
    ask_->setEnabled(known && !underWay(controller_->state()));
    estimate_->setEnabled(known);
    updateKey();
    updateProgress();
    updateEstimate();
    updateProblems();
    const bool asking = job_->doing() == LabellingJob::Doing::Asking;
    say(problem_, asking && !job_->state().problem.empty()
                      ? tr("Last problem: %1").arg(toQString(job_->state().problem))
                      : job_->problem());
}

void LabellingPanel::updateKey() {
    const QString name = toQString(controller_->document()->experiment().teacher.llm.keyVariable);
    say(key_, qEnvironmentVariableIsSet(name.toUtf8().constData())
                  ? tr("The server's key is taken from the environment variable %1. It is never shown and "
                       "never written down.")
                        .arg(name)
                  : tr("The environment variable %1 is not set: a server's key is taken from the system's "
                       "keychain. A server on this machine needs none.")
                        .arg(name));
}

void LabellingPanel::updateProgress() {
    using Doing = LabellingJob::Doing;
    const auto doing = job_->doing();
    const auto& state = job_->state();
    const bool asking = doing == Doing::Asking || doing == Doing::Ending;
    pill_->setVisible(doing != Doing::Nothing);
    if (doing == Doing::Reading || doing == Doing::Estimating)
        pill_->say(-1, doing == Doing::Reading ? tr("reading the texts …") : tr("writing prompts …"));
    else if (asking)
        pill_->say(state.rows > 0 ? static_cast<double>(state.known) / static_cast<double>(state.rows) : -1,
                   tr("%1 of %2").arg(grouped(state.known), grouped(state.rows)));
    QStringList words;
    if (asking && state.secondsLeft > 0)
        words << tr("about %1 left").arg(roughly(state.secondsLeft));
    if (asking && state.waiting > 0)
        words << tr("the server asked to wait %1").arg(duration(state.waiting));
    if (asking && state.underWay > 0)
        words << tr("%1 under way").arg(grouped(state.underWay));
    if (!asking && job_->result() && !job_->result()->ended.empty())
        words << tr("Ended: %1.").arg(toQString(job_->result()->ended));
    say(waiting_, words.join(QStringLiteral(" · ")));
    facts_->setVisible(asking || job_->result().has_value());
    if (!facts_->isVisibleTo(this))
        return;
    QList<FactList::Fact> facts = {
        {tr("answered"), tr("%1 of %2").arg(grouped(state.known - state.refused), grouped(state.rows)),
         tr("Answers that are stored, those of earlier times included")},
        {tr("asked this time"),
         state.retried > 0 ? tr("%1, %2 of them again").arg(grouped(state.asked), grouped(state.retried))
                           : grouped(state.asked),
         tr("Requests that were sent")},
        {tr("refused"), grouped(state.refused), tr("Answers that name no class: kept, and listed below")},
        {tr("given up"), grouped(state.failed), tr("Texts without an answer after the last try")},
        {tr("tokens"), tr("%1 in, %2 out").arg(grouped(state.promptTokens), grouped(state.answerTokens)),
         tr("As the server counts them, this time")}};
    const auto& llm = controller_->document()->experiment().teacher.llm;
    if (llm.promptPrice > 0 || llm.answerPrice > 0)
        facts << FactList::Fact{
            tr("cost"),
            asking && job_->estimated()
                ? tr("%1 of about %2").arg(money(state.money), money(job_->estimated()->money))
                : money(state.money),
            tr("This time, in the currency of the prices above")};
    facts_->say(facts);
}

void LabellingPanel::updateEstimate() {
    const auto& estimate = job_->estimated();
    // Once it is asked for, what it comes to is what counts.
    const auto doing = job_->doing();
    const bool shown =
        estimate && doing != LabellingJob::Doing::Asking && doing != LabellingJob::Doing::Ending;
    promptFold_->setVisible(shown && !estimate->firstPrompt.empty());
    if (!shown) {
        say(cost_, {});
        return;
    }
    prompt_->setText(toQString(estimate->firstPrompt));
    const auto& llm = controller_->document()->experiment().teacher.llm;
    QString text = tr("%1 of %2 texts are answered. The others: about %3 tokens of prompts and %4 of answers")
                       .arg(grouped(estimate->known), grouped(estimate->rows),
                            grouped(std::llround(estimate->promptTokens)),
                            grouped(std::llround(estimate->answerTokens)));
    text += llm.promptPrice > 0 || llm.answerPrice > 0 ? tr(", which cost %1.").arg(money(estimate->money))
                                                       : tr(". With prices set, also what they cost.");
    say(cost_, text);
}

void LabellingPanel::updateProblems() {
    const auto& result = job_->result();
    const bool any = result.has_value() && !result->problems.empty();
    const bool idle = job_->doing() == LabellingJob::Doing::Nothing;
    problems_->setVisible(any);
    again_->setVisible(any && idle);
    again_->setEnabled(ask_->isEnabled());
    if (!any) {
        say(refusedNote_, {});
        return;
    }
    const std::int64_t all = result->state.refused + result->state.failed;
    const auto listed = static_cast<std::int64_t>(result->problems.size());
    say(refusedNote_, all > listed
                          ? tr("Without an answer (the first %1 of %2):").arg(grouped(listed), grouped(all))
                          : tr("Without an answer:"));
    QVector<QStringList> rows;
    for (const auto& problem : result->problems)
        rows << QStringList{job_->idOf(problem.row), toQString(problem.reason),
                            toQString(problem.reply).simplified()};
    problems_->show({tr("text"), tr("why"), tr("reply")}, rows);
    for (int row = 0; row < problems_->rowCount(); ++row)
        for (const int column : {1, 2})
            problems_->item(row, column)->setToolTip(asTip(problems_->item(row, column)->text()));
    problems_->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    problems_->horizontalHeader()->setStretchLastSection(true);
    problems_->horizontalHeader()->resizeSection(0, scaled(64));
    problems_->horizontalHeader()->resizeSection(1, scaled(110));
    problems_->fitHeight(MostRefused);
}

} // namespace stillroom
