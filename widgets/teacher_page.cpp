#include "widgets/teacher_page.h"

#include "widgets/experiment_document.h"
#include "widgets/number_table.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <QLabel>
#include <cmath>

namespace stillroom {

TeacherPage::TeacherPage(RunController* controller, QWidget* parent)
    : Page(controller, parent), facts_(new FactList), classes_(new NumberTable) {
    addRow(QStringLiteral("teacher.kind"));
    note_ = addNote();
    for (const char* key : {"label", "confidence", "probabilities", "file", "id", "format", "delimiter",
                            "quoting", "accuracy", "overconfidence", "confusion", "seed"})
        addRow(QStringLiteral("teacher.") + QLatin1String(key));
    heading_ = addHeading(tr("Against gold"));
    qualityNote_ = addNote();
    addWidget(facts_);
    addIndented(classes_);
    addStretch();
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("teacher.")))
            showRows();
    });
    connect(document(), &ExperimentDocument::replaced, this, &TeacherPage::showRows);
    connect(controller, &RunController::examplesChanged, this, &TeacherPage::showQuality);
    showRows();
    showQuality();
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
    for (const char* key : {"file", "id", "format", "delimiter", "quoting"})
        show(key, file);
    for (const char* key : {"accuracy", "overconfidence", "confusion", "seed"})
        show(key, simulated);
    row(QStringLiteral("teacher.overconfidence"))
        ->setConsequence(std::abs(teacher.overconfidence) < 1e-9
                             ? tr("calibrated: of what it is sure of to 0.8, 80 % is right")
                         : teacher.overconfidence > 0 ? tr("says it is surer than it is right")
                                                      : tr("is right more often than it says"));
    note_->setText(teacher.kind == TeacherKind::Columns ? tr("Columns of the training files.")
                   : teacher.kind == TeacherKind::File  ? tr("A file of its own, joined to the texts.")
                   : teacher.kind == TeacherKind::Gold
                       ? tr("The student learns from gold: what a perfect teacher would give.")
                       : tr("Made from gold: what it does wrong is known."));
}

void TeacherPage::showQuality() {
    const Examples* examples = controller()->examples();
    const bool known = examples != nullptr && examples->quality.rows > 0;
    heading_->setVisible(examples != nullptr);
    facts_->setVisible(known);
    classes_->setVisible(known);
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
    classes_->show({tr("class"), tr("gold"), tr("said"), tr("prec."), tr("recall")}, rows);
    classes_->fitHeight(14);
}

} // namespace stillroom
