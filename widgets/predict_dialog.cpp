#include "widgets/predict_dialog.h"

#include "core/output/prediction_place.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <algorithm>

namespace stillroom {

struct PredictDialog::Looked {
    Result<ChosenStudent> student;
    Result<std::vector<std::string>> columns;
    std::vector<std::string> text; ///< columns that make it
    bool fileNamed = false;
};

namespace {

/// Beside the file: "tweets.csv" becomes "tweets-labelled.csv".
QString outFor(const QString& file) {
    const QFileInfo info(file);
    const bool lines = predictionFormatOf(file.toStdString()) == PredictionFormat::Jsonl;
    return info.path() + QLatin1Char('/') + info.completeBaseName() + QStringLiteral("-labelled") +
           (lines ? QStringLiteral(".jsonl") : QStringLiteral(".csv"));
}

} // namespace

PredictDialog::PredictDialog(const QString& runFolder, QWidget* parent)
    : JobDialog(
          tr("Predict a file"),
          tr("A student labels the texts of a file, of any size: csv, tsv, JSON lines, or a text a line."),
          tr("Predict"), parent),
      student_(new QLineEdit(runFolder)), file_(new QLineEdit), out_(new QLineEdit), text_(new QComboBox),
      id_(new QComboBox), probabilities_(new QCheckBox(tr("also the probability of every class"))),
      skip_(new QCheckBox(tr("leave bad rows out"))) {
    student_->setPlaceholderText(tr("a run's folder, or a student's .safetensors"));
    file_->setPlaceholderText(tr("the file with the texts"));
    text_->setPlaceholderText(tr("which column is the text"));
    probabilities_->setChecked(true);
    form()->addRow(tr("Student of"), withChoice(student_, tr("The run whose student it is"), Choice::Folder));
    form()->addRow(tr("Texts"), withChoice(file_, tr("The file with the texts"), Choice::File));
    form()->addRow(tr("Text column"), text_);
    form()->addRow(tr("Id column"), id_);
    form()->addRow(tr("Write to"), withChoice(out_, tr("The file to write"), Choice::NewFile,
                                              {tr("CSV (*.csv)"), tr("JSON lines (*.jsonl)")}));
    form()->addRow(QString(), probabilities_);
    form()->addRow(QString(), skip_);
    resize(scaled(560), sizeHint().height());

    lookSoon_.setSingleShot(true);
    lookSoon_.setInterval(200);
    connect(&lookSoon_, &QTimer::timeout, this, &PredictDialog::look);
    for (auto* line : {student_, file_})
        connect(line, &QLineEdit::textChanged, this, [this] {
            looking_.forget();
            studentFile_.clear(); // nothing is labelled by what is no longer named
            refresh();
            lookSoon_.start();
        });
    connect(file_, &QLineEdit::textChanged, this,
            [this](const QString& file) { out_->setText(file.isEmpty() ? QString() : outFor(file)); });
    connect(out_, &QLineEdit::textChanged, this, &PredictDialog::refresh);
    connect(text_, &QComboBox::currentIndexChanged, this, &PredictDialog::refresh);
    look();
}

PredictDialog::~PredictDialog() {
    finish();
}

/// In the window there are no options: "--text" is a box.
QString PredictDialog::wordsOf(const Error& error) const {
    QString words = RunController::forTheWindow(error.message);
    for (const auto& detail : error.details)
        words += QLatin1Char('\n') + toQString(detail);
    if (error.message.find("--") != std::string::npos)
        words += tr(" (an option of stillroom-cli predict)");
    return words;
}

/// What the two paths lead to.
void PredictDialog::look() {
    if (working())
        return;
    looking_.ask(
        [student = student_->text().trimmed().toStdString(), file = file_->text().trimmed().toStdString()] {
            Looked now{student.empty() ? Result<ChosenStudent>(fail("Choose the run whose student it is."))
                                       : chooseStudent(student),
                       std::vector<std::string>(),
                       {},
                       !file.empty()};
            if (file.empty())
                return now;
            PredictionSource source;
            source.path = file;
            now.columns = predictionColumns(source);
            if (now.student)
                source.usualText = now.student->textColumns;
            if (now.columns)
                now.text = usualTextColumns(source, *now.columns);
            return now;
        },
        [this](const Looked& now) { looked(now); });
}

void PredictDialog::looked(const Looked& now) {
    studentFile_ = now.student ? now.student->path : std::string();
    usualText_ = now.text;
    unescapeHtml_ = now.student && now.student->unescapeHtml;
    const auto columns = now.columns.value_or(std::vector<std::string>());
    text_->clear();
    id_->clear();
    if (!columns.empty()) {
        if (now.text.size() > 1) { // as the run was trained: several make one
            QStringList names;
            for (const auto& name : now.text)
                names << toQString(name);
            text_->addItem(names.join(QStringLiteral(" + ")), QVariant());
        }
        id_->addItem(tr("none: rows are numbered"), QVariant());
        for (const auto& name : columns) {
            text_->addItem(toQString(name), toQString(name));
            id_->addItem(toQString(name), toQString(name));
        }
        if (now.text.size() < 2) // none: somebody must say which
            text_->setCurrentIndex(now.text.empty() ? -1 : text_->findData(toQString(now.text.front())));
        id_->setCurrentIndex(std::max(0, id_->findData(QStringLiteral("id"))));
    }
    text_->setEnabled(!columns.empty());
    id_->setEnabled(!columns.empty());
    if (!now.student)
        say(wordsOf(now.student.error()), !student_->text().trimmed().isEmpty());
    else if (!now.columns)
        say(wordsOf(now.columns.error()), true);
    else
        say(!now.fileNamed     ? tr("Choose the file with the texts.")
            : now.text.empty() ? tr("Choose the column of the text.")
                               : QString(),
            false);
    refresh();
}

PredictionSource PredictDialog::source() const {
    PredictionSource source;
    source.path = file_->text().trimmed().toStdString();
    source.text = text_->currentData().isValid()
                      ? std::vector<std::string>{text_->currentData().toString().toStdString()}
                      : usualText_;
    source.id = id_->currentData().toString().toStdString();
    source.unescapeHtml = unescapeHtml_;
    return source;
}

bool PredictDialog::ready() const {
    return !studentFile_.empty() && text_->currentIndex() >= 0 && !out_->text().trimmed().isEmpty();
}

void PredictDialog::go() {
    whenReplaceable(out_->text().trimmed(), [this] {
        if (ready())
            label();
    });
}

void PredictDialog::label() {
    PredictionSettings settings;
    const std::string out = out_->text().trimmed().toStdString();
    settings.format = predictionFormatOf(out);
    settings.probabilities = probabilities_->isChecked();
    settings.badRows = skip_->isChecked() ? BadRowPolicy::Skip : BadRowPolicy::Stop;
    work(
        tr("Labelling…"),
        [from = student_->text().trimmed().toStdString(), file = studentFile_, source = source(), settings,
         out](Progress& progress) -> Result<PredictionReport> {
            for (const auto& read : {from, file})
                if (auto outside = outsideRun(out, read); !outside)
                    return fail(std::move(outside.error()));
            auto engine = loadEngine();
            if (!engine)
                return fail(engine.error());
            const auto student = (*engine)->openStudent(file);
            if (!student)
                return fail(student.error());
            return predictToFile(**student, source, settings, out, progress);
        },
        [this](const PredictionReport& report) { tell(report); });
}

void PredictDialog::tell(const PredictionReport& report) {
    QString words = tr("%1 texts labelled in %2, written to %3.")
                        .arg(grouped(report.texts), duration(report.seconds), out_->text().trimmed());
    if (report.badRows.count > 0)
        words += tr(" %1 bad rows were left out, the first of them: %2")
                     .arg(grouped(report.badRows.count), toQString(report.badRows.first.front().sentence()));
    say(words, false);
    Q_EMIT labelled(words);
}

} // namespace stillroom
