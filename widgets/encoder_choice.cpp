#include "widgets/encoder_choice.h"

#include "core/text/token_cache.h"
#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/setting_control.h"
#include "widgets/setting_row.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>
#include <cmath>

namespace stillroom {
namespace {

constexpr const char* WellKnown = "minilm"; // what packaging/get-encoder fetches

QString encodersFolder() {
    return QDir::cleanPath(toQString(defaultCacheFolder()) + QStringLiteral("/encoders"));
}

} // namespace

QString encoderName(const std::string& model) {
    const QString path = QDir::cleanPath(toQString(model));
    const QString name = QFileInfo(path).fileName();
    return name.isEmpty() ? path : name;
}

QString inMillions(double count) {
    if (count < 1e6)
        return grouped(std::llround(count));
    return count < 1e9 ? EncoderChoice::tr("%1 million").arg(fixed(count / 1e6, count < 1e8 ? 1 : 0))
                       : EncoderChoice::tr("%1 billion").arg(fixed(count / 1e9, 1));
}

EncoderChoice::EncoderChoice(const QString& key, RunController* controller, QObject* parent)
    : QObject(parent), key_(key), controller_(controller), head_(new QWidget), note_(new QLabel),
      choose_(new QToolButton) {
    auto* row = new QHBoxLayout(head_);
    row->setContentsMargins(10, Gap, 0, 0);
    auto* title = new QLabel(tr("Encoder"));
    title->setFont(textFont(TextSize::Title));
    choose_->setText(tr("choose a folder…"));
    choose_->setAccessibleName(tr("Choose the folder of an encoder"));
    choose_->setProperty("role", "link");
    choose_->setFont(textFont(TextSize::Note));
    choose_->setCursor(Qt::PointingHandCursor);
    choose_->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(title);
    row->addStretch(1);
    row->addWidget(choose_);
    note_->setFont(textFont(TextSize::Note));
    note_->setContentsMargins(10, 0, 0, 0);
    note_->setWordWrap(true);
    note_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    note_->hide();
    connect(choose_, &QToolButton::clicked, this, &EncoderChoice::chooseFolder);
    auto* document = controller_->document();
    connect(document, &ExperimentDocument::changed, this, [this](const QString& changed) {
        if (changed == key_)
            look();
    });
    connect(document, &ExperimentDocument::replaced, this, &EncoderChoice::look);
    look();
}

EncoderChoice::~EncoderChoice() {
    pool_.finish();
}

std::string EncoderChoice::model() const {
    const Experiment& experiment = controller_->document()->experiment();
    return key_.startsWith(QLatin1String("teacher.")) ? experiment.teacher.model : experiment.student.model;
}

QString EncoderChoice::suggestion() const {
    if (cached_.isEmpty())
        return {};
    const QString wellKnown = QString::fromLatin1(WellKnown);
    const QString name = cached_.contains(wellKnown) ? wellKnown : cached_.first();
    return toQString(textAsYaml(name.toStdString()));
}

void EncoderChoice::look() {
    struct Seen {
        std::string model;
        std::vector<std::string> cached;
        std::optional<Result<EncoderFacts>> facts;
    };
    looking_.ask(
        [model = model(), root = controller_->dataRoot().toStdString()] {
            Seen seen{model, cachedEncoders(defaultCacheFolder()), std::nullopt};
            if (!model.empty())
                seen.facts = probeEncoder(model, root);
            return seen;
        },
        [this](const Seen& seen) {
            QStringList cached;
            for (const auto& name : seen.cached)
                cached << toQString(name);
            const bool others = cached != cached_;
            cached_ = cached;
            if (others)
                offer();
            if (seen.model != model())
                return; // another one is being looked at
            looked_ = true;
            facts_.reset();
            problem_.clear();
            if (seen.facts && *seen.facts)
                facts_ = **seen.facts;
            else if (seen.facts)
                problem_ = toQString(seen.facts->error().message);
            say();
            Q_EMIT found();
        });
}

void EncoderChoice::setShown(bool shown) {
    const bool turned = shown != shown_;
    if (turned && !shown && row_ != nullptr) {
        row_->setConsequence({});
        row_->control()->setWrong(false);
    }
    shown_ = shown;
    head_->setVisible(shown);
    if (turned)
        offer();
    say();
}

void EncoderChoice::offer() {
    if (row_ != nullptr)
        row_->offer(shown_ ? cached_ : QStringList());
}

void EncoderChoice::setWeightsWanted(bool wanted) {
    weightsWanted_ = wanted;
    say();
}

void EncoderChoice::say() {
    QString consequence, problem = problem_;
    if (facts_) {
        const QString folder = toQString(facts_->folder);
        consequence = facts_->configured ? tr("%1 · %2 layers of %3 · %4 parameters")
                                               .arg(toQString(facts_->family), grouped(facts_->layers),
                                                    grouped(facts_->width), inMillions(facts_->parameters()))
                                         : tr("a tokenizer alone");
        if (!facts_->tokenizer)
            problem = tr("%1 has no tokenizer: tokenizer.json, or vocab.txt, or vocab.json and merges.txt")
                          .arg(folder);
        else if (weightsWanted_ && !facts_->configured)
            problem = tr("%1 has no config.json: its weights cannot be read").arg(folder);
        else if (weightsWanted_ && facts_->weightBytes == 0)
            problem = tr("%1 has no model.safetensors").arg(folder);
    }
    QString text = problem;
    if (problem.isEmpty() && looked_ && cached_.isEmpty() && model().empty())
        text = tr("Your cache has no encoder yet. packaging/get-encoder %1 fetches one (90 MB) from a "
                  "terminal; or choose a Hugging Face folder of your own.")
                   .arg(QString::fromLatin1(WellKnown));
    if (row_ != nullptr && shown_) {
        row_->setConsequence(consequence);
        row_->control()->setWrong(!problem.isEmpty());
    }
    note_->setProperty("tone", problem.isEmpty() ? "muted" : "warning");
    note_->style()->unpolish(note_);
    note_->style()->polish(note_);
    note_->setText(text);
    note_->setVisible(shown_ && !text.isEmpty());
}

void EncoderChoice::chooseFolder() {
    const QString at = facts_              ? QFileInfo(toQString(facts_->folder)).absolutePath()
                       : cached_.isEmpty() ? QDir::homePath()
                                           : encodersFolder();
    auto* dialog = new QFileDialog(head_, tr("Folder of an encoder"), at);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
        const QString path = QDir::cleanPath(chosen);
        // One in the cache is called by its name, so that the experiment also runs elsewhere.
        const QString model = QFileInfo(path).path() == encodersFolder() ? QFileInfo(path).fileName() : path;
        controller_->document()->set(key_, toQString(textAsYaml(model.toStdString())));
    });
    dialog->open();
}

} // namespace stillroom
