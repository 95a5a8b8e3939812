// The Teacher page of a teacher that is an LLM: its settings, asking it; and how confidences are corrected.
#include "widgets/teacher_page.h"

#include "widgets/experiment_document.h"
#include "widgets/fold.h"
#include "widgets/labelling_job.h"
#include "widgets/labelling_panel.h"
#include "widgets/run_controller.h"
#include "widgets/sentence_table.h"
#include "widgets/setting_control.h"
#include "widgets/setting_row.h"
#include "widgets/setting_spec.h"
#include "widgets/teacher_controls.h"
#include "widgets/text.h"

#include <QLabel>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr const char* Often[] = {"ask",          "samples",       "temperature",
                                 "prompt",       "prompt_price",  "answer_price",
                                 "budget.calls", "budget.tokens", "budget.money"};
constexpr const char* Rarely[] = {"examples",      "shuffle_choices", "shuffle_seed", "max_tokens",
                                  "concurrency",   "timeout",         "retries",      "key_variable",
                                  "insecure_http", "answers"};
constexpr const char* Calibration[] = {"calibration", "calibration_share", "calibration_bins",
                                       "calibration_seed"};

QString keyOf(const char* name) {
    return QStringLiteral("teacher.") + QLatin1String(name);
}

} // namespace

void TeacherPage::addLlm() {
    for (const char* key : Often)
        addRow(keyOf(key));
    rareFold_ = new Fold(tr("more settings of asking"));
    addWidget(rareFold_);
    setColumn(rareFold_->column());
    for (const char* key : Rarely)
        addRow(keyOf(key));
    setColumn(nullptr);
    descriptionsHeading_ = addHeading(tr("What belongs to each class"));
    descriptionsNote_ = addNote();
    descriptions_ = new SentenceTable;
    descriptions_->setHeading(tr("what belongs to it"));
    descriptions_->setAccessibleName(tr("Description of each class"));
    addIndented(descriptions_);
    connect(descriptions_, &SentenceTable::edited, this,
            [this](const QString& yaml) { document()->set(keyOf("descriptions"), yaml); });
    labellingHeading_ = addHeading(tr("Asking"));
    labelling_ = new LabellingPanel(controller(), new LabellingJob(controller(), this));
    addWidget(labelling_);
    connect(labelling_->job(), &LabellingJob::said, controller(),
            [this](const QString& text, MessageKind kind) { Q_EMIT controller()->said(text, kind, {}); });
}

void TeacherPage::showLlm() {
    const TeacherSettings& teacher = experiment().teacher;
    const bool llm = teacher.kind == TeacherKind::Llm;
    showRow(keyOf("base_url"), llm);
    row(keyOf("model"))
        ->control()
        ->setPlaceholder(llm ? tr("as the server calls it") : settingSpec(keyOf("model")).placeholder);
    const auto show = [this](const char* key) {
        showRow(keyOf(key), settingApplies(experiment(), keyOf(key).toStdString()));
    };
    for (const char* key : Often)
        show(key);
    for (const char* key : Rarely)
        show(key);
    rareFold_->setVisible(llm);
    row(keyOf("ask"))
        ->setConsequence(
            teacher.llm.ask == LlmAsk::LogProbabilities
                ? tr("one token a text; the server must give log-probabilities")
            : teacher.llm.ask == LlmAsk::Stated
                ? tr("works with every server; models like to say 0.9")
                : tr("%1 answers a text: so many times the price").arg(grouped(teacher.llm.samples)));
    descriptionsHeading_->setVisible(llm);
    descriptionsNote_->setVisible(llm);
    labellingHeading_->setVisible(llm);
    labelling_->setVisible(llm);
    const auto& named = experiment().data.classes;
    descriptions_->say(classes_.empty() ? named : classes_, {}, teacher.llm.descriptions);
    descriptions_->setVisible(llm && descriptions_->rowCount() > 0);
    descriptionsNote_->setText(descriptions_->rowCount() > 0
                                   ? tr("A few words for each class help a model that does not know them.")
                                   : tr("The classes are listed here once the data are read, or named on the "
                                        "Data page."));
}

void TeacherPage::addCalibration() {
    calibrationHeading_ = addHeading(tr("Calibration"));
    for (const char* key : Calibration)
        addRow(keyOf(key));
    calibrationNote_ = addNote();
}

void TeacherPage::showCalibration() {
    for (const char* key : Calibration)
        showRow(keyOf(key), settingApplies(experiment(), keyOf(key).toStdString()));
    // Gold has nothing to be corrected by.
    const bool shown = experiment().teacher.kind != TeacherKind::Gold;
    calibrationHeading_->setVisible(shown);
    calibrationNote_->setVisible(shown);
    if (!shown)
        showRow(keyOf("calibration"), false);
    calibrationNote_->setText(calibrationNote(*controller(), nullptr));
}

} // namespace stillroom
