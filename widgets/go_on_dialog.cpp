#include "widgets/go_on_dialog.h"

#include "core/engine/checkpoint_folder.h"
#include "core/experiment/run_summary.h"
#include "widgets/dialog_height.h"
#include "widgets/note_label.h"
#include "widgets/run_folder_line.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int MostEpochs = 1'000'000;

QString titleOf(GoOn how) {
    switch (how) {
    case GoOn::Resume:
        return GoOnDialog::tr("Resume a run");
    case GoOn::Extend:
        return GoOnDialog::tr("Extend a run");
    case GoOn::Branch:
        break;
    }
    return GoOnDialog::tr("Branch from a checkpoint");
}

QString words(GoOn how) {
    switch (how) {
    case GoOn::Resume:
        return GoOnDialog::tr(
            "A run that was cut off or stopped goes on from its newest checkpoint, in its own "
            "folder, and ends as if it had never been interrupted.");
    case GoOn::Extend:
        return GoOnDialog::tr(
            "More epochs for a run that has ended, in its own folder. A schedule that ends with "
            "the run ends later.");
    case GoOn::Branch:
        break;
    }
    return GoOnDialog::tr(
        "A new run that begins as this one was at a checkpoint and goes on with other settings. "
        "The one that it comes from stays as it is.");
}

/// What a branch may take from the window: how is learned, not what. The machine's share of it stays the
/// run's.
bool mayTake(const std::string& key) {
    const auto below = [&](std::string_view section) { return key.starts_with(section); };
    if (below("selection.") || below("loss."))
        return true;
    return key == "training.learning_rate" || key == "training.epochs" || below("training.stop");
}

SettingChanges differencesOf(const Experiment& run, const Experiment& window) {
    SettingChanges changes;
    for (const auto& key : settingKeys())
        if (mayTake(key) && effectiveValue(run, key) != effectiveValue(window, key))
            changes.emplace_back(key, settingValue(window, key));
    return changes;
}

QString stateWords(const RunSummary& run) {
    const QString how = run.steps == 0
                            ? GoOnDialog::tr("before its first step")
                            : GoOnDialog::tr("%1 steps, %2 of %3 epochs")
                                  .arg(grouped(run.steps), fixed(run.epochsDone, 1), grouped(run.epochs));
    return GoOnDialog::tr("%1 · %2 · %3")
        .arg(toQString(run.name), QString::fromUtf8(stateName(run.state)), how);
}

} // namespace

struct GoOnDialog::Facts {
    RunSummary run;
    std::vector<std::int64_t> checkpoints; ///< steps, newest first
    SettingChanges changes;
    std::vector<std::string> before; ///< the run's values of what changes
    QString problem;                 ///< why it cannot be branched from there
};

GoOnDialog::GoOnDialog(GoOn how, const QString& runFolder, QString runsFolder, Experiment window,
                       QWidget* parent)
    : QDialog(parent), how_(how), window_(std::move(window)), run_(new RunFolderLine(std::move(runsFolder))),
      facts_(makeNoteLabel()), problem_(makeNoteLabel("warning")),
      go_(new QPushButton(how == GoOn::Resume   ? tr("Resume")
                          : how == GoOn::Extend ? tr("Extend")
                                                : tr("Branch"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(titleOf(how));
    auto* what = new QLabel(words(how));
    what->setWordWrap(true);
    connect(run_, &RunFolderLine::chosen, this, &GoOnDialog::chooseRun);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(2 * Gap);
    form->setVerticalSpacing(Gap);
    form->addRow(tr("Run"), run_);
    form->addRow(QString(), facts_);
    if (how == GoOn::Extend) {
        epochs_ = new QSpinBox;
        epochs_->setRange(1, MostEpochs);
        epochs_->setAccessibleName(tr("Epochs in all"));
        form->addRow(tr("Epochs in all"), epochs_);
    } else if (how == GoOn::Branch) {
        checkpoints_ = new QComboBox;
        checkpoints_->setAccessibleName(tr("Checkpoint"));
        takes_ = new QCheckBox(tr("with the settings of this window"));
        differences_ = makeNoteLabel();
        form->addRow(tr("Checkpoint"), checkpoints_);
        form->addRow(QString(), takes_);
        form->addRow(QString(), differences_);
        connect(checkpoints_, &QComboBox::activated, this, &GoOnDialog::read);
        connect(takes_, &QCheckBox::toggled, differences_, &QWidget::setEnabled);
    }
    auto* cancel = new QPushButton(tr("Cancel"));
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go_, &QPushButton::clicked, this, &GoOnDialog::go);
    go_->setDefault(true);
    go_->setEnabled(false);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(go_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(2 * Gap);
    column->addWidget(what);
    column->addLayout(form);
    column->addWidget(problem_);
    column->addStretch(1);
    column->addLayout(buttons);
    facts_->setText(tr("Choose the folder of a run."));
    problem_->hide();
    if (!runFolder.isEmpty())
        chooseRun(runFolder);
}

GoOnDialog::~GoOnDialog() {
    pool_.finish();
}

QString GoOnDialog::facts() const {
    return facts_->text();
}

QString GoOnDialog::problem() const {
    return problem_->isHidden() ? QString() : problem_->text();
}

void GoOnDialog::chooseRun(const QString& folder) {
    run_->setFolder(folder);
    if (checkpoints_ != nullptr)
        checkpoints_->clear();
    read();
}

std::optional<std::int64_t> GoOnDialog::step() const {
    if (checkpoints_ == nullptr || checkpoints_->currentIndex() < 0)
        return std::nullopt;
    return checkpoints_->currentData().toLongLong();
}

void GoOnDialog::read() {
    go_->setEnabled(false);
    problem_->hide();
    facts_->setText(tr("reading …"));
    reading_.ask(
        [folder = run_->folder().toStdString(), branches = how_ == GoOn::Branch, step = step(),
         window = window_]() -> Result<Facts> {
            auto run = summarizeRun(folder);
            if (!run)
                return fail(run.error());
            Facts facts{std::move(*run), {}, {}, {}, {}};
            if (!branches)
                return facts;
            facts.checkpoints = checkpointSteps(folder + "/checkpoints");
            if (const auto plan = planBranch(folder, step, {})) {
                facts.changes = differencesOf(plan->inForce, window);
                for (const auto& change : facts.changes)
                    facts.before.push_back(effectiveValue(plan->inForce, change.first));
            } else {
                facts.problem = toQString(plan.error().message);
            }
            return facts;
        },
        [this](const Result<Facts>& facts) {
            if (facts)
                tell(*facts);
            else
                refuse(toQString(facts.error().message));
        });
}

void GoOnDialog::tell(const Facts& facts) {
    const RunSummary& run = facts.run;
    facts_->setText(stateWords(run));
    if (epochs_ != nullptr) {
        epochs_->setMinimum(static_cast<int>(std::clamp<std::int64_t>(run.epochs + 1, 1, MostEpochs)));
        epochs_->setValue(static_cast<int>(std::clamp<std::int64_t>(run.epochs + 5, 1, MostEpochs)));
    }
    if (checkpoints_ != nullptr) {
        if (checkpoints_->count() == 0)
            for (const auto step : facts.checkpoints)
                checkpoints_->addItem(
                    run.stepsPerEpoch > 0
                        ? tr("after step %1 (epoch %2)")
                              .arg(grouped(step),
                                   fixed(static_cast<double>(step) / static_cast<double>(run.stepsPerEpoch),
                                         1))
                        : tr("after step %1").arg(grouped(step)),
                    QVariant::fromValue<qlonglong>(step));
        changes_ = facts.changes;
        QStringList lines;
        for (std::size_t i = 0; i < changes_.size(); ++i)
            lines << tr("%1: %2 → %3")
                         .arg(toQString(changes_[i].first), toQString(facts.before[i]),
                              toQString(effectiveValue(window_, changes_[i].first)));
        differences_->setText(
            lines.isEmpty()
                ? tr("They are the same. Change some on the pages first: selection, loss, learning "
                     "rate, epochs.")
                : lines.join(u'\n'));
        takes_->setVisible(facts.problem.isEmpty());
        differences_->setVisible(facts.problem.isEmpty());
        takes_->setEnabled(!lines.isEmpty());
        // Of another experiment they are hardly meant.
        takes_->setChecked(!lines.isEmpty() && run.name == window_.name);
        differences_->setEnabled(takes_->isChecked() || lines.isEmpty());
    }
    if (run.state == RunSummary::State::Running)
        refuse(tr("It is going on: wait for its end, or stop it."));
    else if (!facts.problem.isEmpty())
        refuse(facts.problem);
    else
        go_->setEnabled(true);
    fitHeight(*this);
}

void GoOnDialog::refuse(const QString& why) {
    if (facts_->text() == tr("reading …"))
        facts_->clear();
    problem_->setText(why);
    problem_->show();
    go_->setEnabled(false);
    fitHeight(*this);
}

void GoOnDialog::go() {
    go_->setEnabled(false);
    const std::string folder = run_->folder().toStdString();
    SettingChanges changes;
    if (epochs_ != nullptr)
        changes.emplace_back("training.epochs", std::to_string(epochs_->value()));
    if (takes_ != nullptr && takes_->isChecked())
        changes = changes_;
    reading_.ask(
        [folder, changes, branches = how_ == GoOn::Branch, step = step()] {
            return branches ? planBranch(folder, step, changes) : planResume(folder, changes);
        },
        [this](const Result<ResumePlan>& plan) {
            if (!plan) {
                refuse(toQString(plan.error().message));
                return;
            }
            Q_EMIT planned(*plan);
            accept();
        });
}

} // namespace stillroom
