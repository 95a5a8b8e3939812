#include "widgets/student_page.h"

#include "widgets/encoder_choice.h"
#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <QLabel>
#include <cmath>

namespace stillroom {
namespace {

constexpr int FloatBytes = 4;
/// fp32 each: the weight, its gradient, AdamW's two averages.
constexpr int TrainedBytes = 4 * FloatBytes;

QString student(const char* name) {
    return QStringLiteral("student.") + QLatin1String(name);
}

QString bytes(double count) {
    return fileSize(std::llround(std::min(count, 9e18)));
}

} // namespace

StudentPage::StudentPage(RunController* controller, QWidget* parent)
    : Page(controller, parent), encoder_(new EncoderChoice(student("model"), controller, this)),
      costs_(new FactList) {
    addRow(student("kind"))->setCompanions([this](const QString& kind) -> QList<SettingChange> {
        // Where the cache has an encoder, choosing a kind that needs one is enough.
        const QString model = encoder_->suggestion();
        if (kind == QLatin1String("ngram") || model.isEmpty() || !experiment().student.model.empty())
            return {};
        return {{student("model"), model}};
    });
    for (const char* key : {"dimensions", "buckets", "word_ngrams", "char_ngrams"})
        addRow(student(key));
    addWidget(encoder_->head());
    encoder_->setRow(addRow(student("model")));
    addWidget(encoder_->note());
    for (const char* key :
         {"start", "layers", "width", "heads", "feed_forward", "length", "pooling", "dropout"})
        addRow(student(key));
    headHeading_ = addHeading(tr("Head on top"));
    addRow(student("head_dropout"));
    addRow(student("hidden"));
    costsHeading_ = addHeading(tr("What it takes"));
    addWidget(costs_);
    addStretch();
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("student.")))
            showRows();
    });
    connect(document(), &ExperimentDocument::replaced, this, &StudentPage::showRows);
    connect(controller, &RunController::examplesChanged, this, &StudentPage::showCosts);
    connect(encoder_, &EncoderChoice::found, this, &StudentPage::showConsequences);
    showRows();
}

void StudentPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    encoder_->look();
}

void StudentPage::showRows() {
    for (const auto& key : settingKeys())
        if (key.starts_with("student.") && row(toQString(key)) != nullptr)
            showRow(toQString(key), settingApplies(experiment(), key));
    const StudentSettings& s = experiment().student;
    const bool pretrained = s.kind != StudentKind::Ngram;
    encoder_->setShown(pretrained);
    encoder_->setWeightsWanted(s.kind == StudentKind::Probe || s.start == EncoderStart::Pretrained);
    headHeading_->setVisible(pretrained);
    showConsequences();
}

void StudentPage::showConsequences() {
    switch (experiment().student.kind) {
    case StudentKind::Ngram:
        row(student("kind"))
            ->setConsequence(tr("the mean of its n-grams' vectors, then one linear layer: seconds on a CPU"));
        break;
    case StudentKind::Encoder:
        row(student("kind"))
            ->setConsequence(
                tr("every weight of a transformer learns: minutes on a GPU, an hour or more on a CPU"));
        break;
    case StudentKind::Probe:
        row(student("kind"))
            ->setConsequence(tr("a transformer reads each text once, then a small head learns from its "
                                "vectors: minutes the first time, seconds from then on"));
        break;
    }
    showNgram();
    showReading();
    showSizes();
    showCosts();
}

void StudentPage::showNgram() {
    const StudentSettings& s = experiment().student;
    row(student("buckets"))
        ->setConsequence(
            tr("%1 of memory for the vectors").arg(fileSize(s.buckets * s.dimensions * FloatBytes)));
    row(student("word_ngrams"))
        ->setConsequence(s.wordNgrams == 1 ? tr("words alone")
                         : s.wordNgrams == 2
                             ? tr("words, and pairs of neighbouring words")
                             : tr("words, and up to %1 neighbouring words together").arg(s.wordNgrams));
    row(student("char_ngrams"))
        ->setConsequence(s.charNgramsMax > 0 ? tr("pieces of words too: endings, misspellings, names")
                                             : tr("none: a misspelt word is another word"));
}

void StudentPage::showReading() {
    const StudentSettings& s = experiment().student;
    const auto& facts = encoder_->facts();
    const bool scratch = s.kind == StudentKind::Encoder && s.start == EncoderStart::Scratch;
    row(student("start"))
        ->setConsequence(scratch ? tr("it cannot read yet: that takes far more texts and epochs")
                                 : tr("it can read already: few texts are enough"));
    const bool tooLong = facts && !scratch && s.length > facts->maxTokens;
    row(student("length"))
        ->setConsequence(
            tooLong ? tr("the model reads %1 at most: so many are taken").arg(grouped(facts->maxTokens))
                    : tr("longer texts lose their end; work grows with it"));
    row(student("pooling"))
        ->setConsequence(s.pooling == Pooling::Mean ? tr("what MiniLM and its like are made for")
                                                    : tr("how BERT and RoBERTa are usually fine-tuned"));
    row(student("dropout"))
        ->setConsequence(!s.dropout && facts && facts->configured
                             ? tr("its config.json says %1").arg(QString::number(facts->dropout))
                             : QString());
    row(student("head_dropout"))
        ->setConsequence(s.headDropout > 0 ? tr("at each step %1 of a text's vector is left out: the head "
                                                "leans on no single number")
                                                 .arg(percent(s.headDropout, 0))
                                           : tr("the head sees the whole vector at each step"));
    row(student("hidden"))
        ->setConsequence(s.hidden > 0 ? tr("finds what no single direction of the vectors tells")
                                      : tr("none: the head is linear"));
}

/// Sizes of an encoder from scratch: what is left open is said.
void StudentPage::showSizes() {
    const StudentSettings& s = experiment().student;
    const auto& facts = encoder_->facts();
    if (!facts) {
        for (const char* key : {"layers", "width", "heads", "feed_forward"})
            row(student(key))->setConsequence({});
        return;
    }
    const EncoderFacts made = fromScratch(*facts, s);
    const auto open = [](const std::optional<std::int64_t>& set, std::int64_t taken) {
        return set ? QString() : tr("%1, as the model has").arg(grouped(taken));
    };
    row(student("layers"))->setConsequence(open(s.layers, made.layers));
    row(student("width"))->setConsequence(open(s.width, made.width));
    row(student("feed_forward"))
        ->setConsequence(!s.feedForward && s.width
                             ? tr("%1, four times the width").arg(grouped(made.feedForward))
                             : open(s.feedForward, made.feedForward));
    const bool divides = made.heads > 0 && made.width % made.heads == 0;
    QString heads = open(s.heads, made.heads);
    if (!divides)
        heads = tr("the width, %1, must be a multiple of %2").arg(grouped(made.width), grouped(made.heads));
    else if (s.heads)
        heads = tr("%1 numbers each").arg(grouped(made.width / made.heads));
    row(student("heads"))->setConsequence(heads);
}

void StudentPage::showCosts() {
    const StudentKind kind = experiment().student.kind;
    const auto& facts = encoder_->facts();
    const bool known = kind != StudentKind::Ngram && facts.has_value();
    costsHeading_->setVisible(known);
    costs_->setVisible(known);
    if (known)
        costs_->say(kind == StudentKind::Encoder ? encoderCosts(*facts) : probeCosts(*facts));
}

QList<FactList::Fact> StudentPage::encoderCosts(const EncoderFacts& facts) const {
    const StudentSettings& s = experiment().student;
    const double count = (s.start == EncoderStart::Scratch ? fromScratch(facts, s) : facts).parameters();
    return {{tr("parameters that learn"), inMillions(count), {}},
            {tr("a checkpoint on disk"), bytes(count * FloatBytes),
             tr("The run folder keeps the best and the last one.")},
            {tr("memory while training"), tr("%1 and more").arg(bytes(count * TrainedBytes)),
             tr("Weights, their gradients and AdamW's two averages. What the texts of one pass take comes on "
                "top:\n\"At once\" on the Training page makes that small.")}};
}

QList<FactList::Fact> StudentPage::probeCosts(const EncoderFacts& facts) const {
    const StudentSettings& s = experiment().student;
    const auto width = static_cast<double>(facts.width), hidden = static_cast<double>(s.hidden);
    QList<FactList::Fact> costs;
    const Examples* examples = controller()->examples();
    if (examples != nullptr) {
        const auto classes = static_cast<double>(examples->summary.classes.size());
        const double head =
            s.hidden > 0 ? width * hidden + hidden + hidden * classes + classes : width * classes + classes;
        costs << FactList::Fact{tr("parameters that learn"), inMillions(head), tr("Of the head alone.")};
        const auto& rows = examples->summary.rows;
        const auto texts = static_cast<double>(rows[0] + rows[1] + rows[2]);
        costs << FactList::Fact{
            tr("vectors of %1 texts").arg(grouped(rows[0] + rows[1] + rows[2])),
            bytes(texts * width * FloatBytes),
            tr("Computed once and kept in your cache: they are found again as long as texts, model, length "
               "and pooling stay what they are.")};
    }
    costs << FactList::Fact{tr("memory for the encoder"), bytes(facts.parameters() * FloatBytes),
                            tr("While the vectors are computed; later runs do not read it.")};
    return costs;
}

} // namespace stillroom
