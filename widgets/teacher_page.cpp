#include "widgets/teacher_page.h"

#include "widgets/encoder_choice.h"
#include "widgets/experiment_document.h"
#include "widgets/number_table.h"
#include "widgets/run_controller.h"
#include "widgets/sentence_table.h"
#include "widgets/text.h"

#include <QLabel>
#include <cmath>

namespace stillroom {

TeacherPage::TeacherPage(RunController* controller, QWidget* parent)
    : Page(controller, parent),
      encoder_(new EncoderChoice(QStringLiteral("teacher.model"), controller, this)),
      sentences_(new SentenceTable), facts_(new FactList), perClass_(new NumberTable) {
    addRow(QStringLiteral("teacher.kind"))
        ->setCompanions([this](const QString& kind) -> QList<SettingChange> {
            // Where there is an encoder already, choosing the kind is enough.
            const std::string& students = experiment().student.model;
            const QString model = students.empty() ? encoder_->suggestion() : toQString(textAsYaml(students));
            if (kind != QLatin1String("zero_shot") || model.isEmpty() || !experiment().teacher.model.empty())
                return {};
            return {{QStringLiteral("teacher.model"), model}};
        });
    note_ = addNote();
    for (const char* key :
         {"label", "confidence", "probabilities", "file", "id", "format", "delimiter", "quoting", "encoding",
          "header", "accuracy", "overconfidence", "confusion", "seed"})
        addRow(QStringLiteral("teacher.") + QLatin1String(key));
    addRow(QStringLiteral("teacher.base_url"));
    addZeroShot();
    addLlm();
    addCalibration();
    heading_ = addHeading(tr("Against gold"));
    qualityNote_ = addNote();
    addWidget(facts_);
    addIndented(perClass_);
    addStretch();
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("teacher.")))
            showRows();
    });
    connect(document(), &ExperimentDocument::replaced, this, &TeacherPage::showRows);
    connect(document(), &ExperimentDocument::replaced, this, [this] {
        classes_.clear();
        showSentences();
    });
    connect(controller, &RunController::examplesChanged, this, [this] {
        showQuality();
        showSentences();
        showCalibration();
        showLlm();
    });
    connect(encoder_, &EncoderChoice::found, this, &TeacherPage::showZeroShot);
    showRows();
    showQuality();
}

void TeacherPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    encoder_->look();
}

void TeacherPage::addZeroShot() {
    addWidget(encoder_->head());
    encoder_->setRow(addRow(QStringLiteral("teacher.model")));
    addWidget(encoder_->note());
    for (const char* key : {"length", "pooling", "scale"})
        addRow(QStringLiteral("teacher.") + QLatin1String(key));
    sentencesHeading_ = addHeading(tr("What it is compared with"));
    addRow(QStringLiteral("teacher.sentence"));
    sentencesNote_ = addNote();
    addIndented(sentences_);
    connect(sentences_, &SentenceTable::edited, this,
            [this](const QString& yaml) { document()->set(QStringLiteral("teacher.sentences"), yaml); });
}

void TeacherPage::showRows() {
    const TeacherSettings& teacher = experiment().teacher;
    const bool file = teacher.kind == TeacherKind::File;
    const bool columns = teacher.kind == TeacherKind::Columns || file;
    const bool simulated = teacher.kind == TeacherKind::Simulated;
    const auto show = [this](const char* key, bool shown) {
        showRow(QStringLiteral("teacher.") + QLatin1String(key), shown);
    };
    for (const char* key : {"label", "confidence", "probabilities"})
        show(key, columns);
    for (const char* key : {"file", "id", "format", "delimiter", "quoting", "encoding", "header"})
        show(key, file);
    for (const char* key : {"accuracy", "overconfidence", "confusion", "seed"})
        show(key, simulated);
    for (const char* key : {"length", "pooling", "scale", "sentence"})
        show(key, teacher.kind == TeacherKind::ZeroShot);
    show("model", teacher.kind == TeacherKind::ZeroShot || teacher.kind == TeacherKind::Llm);
    showZeroShot();
    showLlm();
    showCalibration();
    row(QStringLiteral("teacher.overconfidence"))
        ->setConsequence(std::abs(teacher.overconfidence) < 1e-9
                             ? tr("calibrated: of what it is sure of to 0.8, 80 % is right")
                         : teacher.overconfidence > 0 ? tr("says it is surer than it is right")
                                                      : tr("is right more often than it says"));
    note_->setText(teacher.kind == TeacherKind::Columns ? tr("Columns of the training files.")
                   : teacher.kind == TeacherKind::File  ? tr("A file of its own, joined to the texts.")
                   : teacher.kind == TeacherKind::Llm
                       ? tr("An LLM behind a server answers text by text. What it said is kept: it is asked "
                            "once.")
                   : teacher.kind == TeacherKind::ZeroShot
                       ? tr("No LLM: a text gets the class whose sentence is nearest to it in an encoder's "
                            "vectors. They are computed once, then kept in your cache.")
                   : teacher.kind == TeacherKind::Gold
                       ? tr("The student learns from gold: what a perfect teacher would give.")
                       : tr("Made from gold: what it does wrong is known."));
}

void TeacherPage::showZeroShot() {
    const TeacherSettings& teacher = experiment().teacher;
    const bool shown = teacher.kind == TeacherKind::ZeroShot;
    encoder_->setShown(shown);
    row(QStringLiteral("teacher.length"))
        ->setConsequence(encoder_->facts() && teacher.length > encoder_->facts()->maxTokens
                             ? tr("the model reads %1 at most: so many are taken")
                                   .arg(grouped(encoder_->facts()->maxTokens))
                             : tr("longer texts lose their end; work grows with it"));
    row(QStringLiteral("teacher.pooling"))
        ->setConsequence(teacher.pooling == Pooling::Mean
                             ? tr("what MiniLM and its like are made for")
                             : tr("where the first token was trained to stand for all"));
    // What a tenth of a cosine is worth.
    const double times = std::exp(std::min(teacher.scale, 1000.0) / 10);
    row(QStringLiteral("teacher.scale"))
        ->setConsequence(
            tr("a cosine 0.1 higher: %1 times as probable. Confidences are what this makes them, nobody "
               "measured them: turn it until the calibration error below is small")
                .arg(times < 10    ? fixed(times, 1)
                     : times < 1e6 ? grouped(std::llround(times))
                                   : tr("a million and more")));
    sentencesHeading_->setVisible(shown);
    showSentences();
}

void TeacherPage::showSentences() {
    if (controller()->examples() != nullptr)
        classes_ = controller()->examples()->summary.classes;
    const TeacherSettings& teacher = experiment().teacher;
    const auto& named = experiment().data.classes;
    sentences_->say(classes_.empty() ? named : classes_, teacher.sentence, teacher.sentences);
    const bool shown = teacher.kind == TeacherKind::ZeroShot;
    const bool any = sentences_->rowCount() > 0;
    sentences_->setVisible(shown && any);
    sentencesNote_->setVisible(shown);
    sentencesNote_->setText(any ? tr("Of each class; type over it where you know a better one, empty it to "
                                     "go back:")
                                : tr("The classes are listed here once the data are read."));
}

void TeacherPage::showQuality() {
    const Examples* examples = controller()->examples();
    const bool known = examples != nullptr && examples->quality.rows > 0;
    heading_->setVisible(examples != nullptr);
    facts_->setVisible(known);
    perClass_->setVisible(known);
    qualityNote_->setVisible(examples != nullptr && !known);
    qualityNote_->setText(
        tr("The training texts have no gold column, so nobody knows how often the teacher is right."));
    if (!known)
        return;
    const TeacherQuality& q = examples->quality;
    facts_->say({
        {tr("texts with both"), grouped(q.rows), {}},
        {tr("right on"), percent(q.accuracy), {}},
        {tr("macro-F1"), percent(q.macroF1), {}},
        {tr("confidence, mean"), percent(q.meanConfidence), {}},
        {tr("calibration error"), percent(q.eceEqualWidth),
         tr("Expected calibration error, 15 bins of equal width: how far confidence and accuracy are apart.\n"
            "With bins of equal mass: %1")
             .arg(percent(q.eceEqualMass))},
        {tr("Brier score"), fixed(q.brier, 3),
         tr("Mean squared distance of the distribution from gold, 0 to 2.")},
        {tr("log loss"), fixed(q.nll, 3), tr("Mean −log of gold's probability.")},
        {tr("distributions"), examples->summary.filledIn ? tr("filled in") : tr("given"),
         tr("Filled in: only a label and a confidence were given; the rest is spread evenly.")},
    });
    QVector<QStringList> rows;
    for (std::size_t k = 0; k < examples->summary.classes.size() && k < q.precision.size(); ++k)
        rows << QStringList{toQString(examples->summary.classes[k]), grouped(q.goldCount[k]),
                            grouped(q.labelCount[k]), percent(q.precision[k], 0), percent(q.recall[k], 0)};
    perClass_->show({tr("class"), tr("gold"), tr("said"), tr("prec."), tr("recall")}, rows);
    perClass_->fitHeight(14);
}

} // namespace stillroom
