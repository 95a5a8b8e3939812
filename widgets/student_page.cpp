#include "widgets/student_page.h"

#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

namespace stillroom {

StudentPage::StudentPage(RunController* controller, QWidget* parent) : Page(controller, parent) {
    addRow(QStringLiteral("student.kind"))
        ->setConsequence(tr("the mean of its n-grams' vectors, then one linear layer: seconds on a CPU"));
    for (const char* key : {"dimensions", "buckets", "word_ngrams", "char_ngrams"})
        addRow(QStringLiteral("student.") + QLatin1String(key));
    addStretch();
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("student.")))
            showConsequences();
    });
    connect(document(), &ExperimentDocument::replaced, this, &StudentPage::showConsequences);
    showConsequences();
}

void StudentPage::showConsequences() {
    const StudentSettings& s = experiment().student;
    const auto bytes = s.buckets * s.dimensions * static_cast<std::int64_t>(sizeof(float));
    row(QStringLiteral("student.buckets"))
        ->setConsequence(tr("%1 of memory for the vectors").arg(fileSize(bytes)));
    row(QStringLiteral("student.word_ngrams"))
        ->setConsequence(s.wordNgrams == 1 ? tr("words alone")
                         : s.wordNgrams == 2
                             ? tr("words, and pairs of neighbouring words")
                             : tr("words, and up to %1 neighbouring words together").arg(s.wordNgrams));
    row(QStringLiteral("student.char_ngrams"))
        ->setConsequence(s.charNgramsMax > 0 ? tr("pieces of words too: endings, misspellings, names")
                                             : tr("none: a misspelt word is another word"));
}

} // namespace stillroom
