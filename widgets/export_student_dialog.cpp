#include "widgets/export_student_dialog.h"

#include "core/experiment/run_folder.h"
#include "core/experiment/run_summary.h"
#include "widgets/dialog_height.h"
#include "widgets/note_label.h"
#include "widgets/progress_pill.h"
#include "widgets/run_folder_line.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QStyle>
#include <QVBoxLayout>

namespace stillroom {

namespace {

constexpr int TickMilliseconds = 100;

QString noteOf(ExportFormat format) {
    switch (format) {
    case ExportFormat::TorchScript:
        return ExportStudentDialog::tr("model.pt, for torch.jit.load in Python or C++.");
    case ExportFormat::Onnx:
        return ExportStudentDialog::tr("model.onnx (opset 13), for ONNX Runtime and others.");
    case ExportFormat::HuggingFace:
        return ExportStudentDialog::tr(
            "A folder for transformers' AutoModelForSequenceClassification. Students that no architecture of "
            "theirs computes bring the Python for it, and are loaded with trust_remote_code=True.");
    case ExportFormat::Safetensors:
        break;
    }
    return ExportStudentDialog::tr("student.safetensors, for this program and stillroom-cli.");
}

QString resultWords(const StudentExportReport& done) {
    std::int64_t bytes = 0;
    for (const auto& file : done.exported.files)
        bytes += file.bytes;
    QString words =
        ExportStudentDialog::tr(
            "Written to %1: %2 bytes, with a model card. Read back and compared with the "
            "student on %3 texts: %4 have the same label, probabilities differ by %5 at most.")
            .arg(toQString(done.folder), grouped(bytes), grouped(done.exported.compared),
                 grouped(done.exported.sameLabels), QString::number(done.exported.largestDifference, 'g', 2));
    if (done.before && done.after)
        words += ExportStudentDialog::tr(" Accuracy on the %1 split: %2 before, %3 after.")
                     .arg(QString::fromUtf8(splitName(done.before->split).data()),
                          percent(done.before->accuracy, 2), percent(done.after->accuracy, 2));
    if (!done.note.empty())
        words += ExportStudentDialog::tr(" But %1.").arg(toQString(done.note));
    return words;
}

} // namespace

struct ExportStudentDialog::Facts {
    RunSummary run;
    bool hasStudent = false;
};

ExportStudentDialog::ExportStudentDialog(const QString& runFolder, QString runsFolder, QString dataRoot,
                                         QWidget* parent)
    : QDialog(parent), dataRoot_(std::move(dataRoot)), run_(new RunFolderLine(std::move(runsFolder))),
      facts_(makeNoteLabel()), format_(new QComboBox), formatNote_(makeNoteLabel()), weights_(new QComboBox),
      licence_(new QLineEdit), place_(new QLineEdit), choosePlace_(new QPushButton(tr("Choose…"))),
      result_(makeNoteLabel()), pill_(new ProgressPill), close_(new QPushButton(tr("Close"))),
      export_(new QPushButton(tr("Export"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export a student"));
    connect(run_, &RunFolderLine::chosen, this, &ExportStudentDialog::chooseRun);
    for (const auto& [format, name] :
         {std::pair(ExportFormat::TorchScript, tr("TorchScript")), std::pair(ExportFormat::Onnx, tr("ONNX")),
          std::pair(ExportFormat::HuggingFace, tr("Hugging Face folder")),
          std::pair(ExportFormat::Safetensors, tr("Stillroom's own"))})
        format_->addItem(name, static_cast<int>(format));
    for (const auto& [weights, name] : {std::pair(ExportWeights::Full, tr("full (float32)")),
                                        std::pair(ExportWeights::Half, tr("half (float16): half the bytes")),
                                        std::pair(ExportWeights::Int8, tr("int8: a quarter of the bytes"))})
        weights_->addItem(name, static_cast<int>(weights));
    licence_->setPlaceholderText(tr("cc-by-4.0, or in your own words; may be empty"));
    choosePlace_->setAutoDefault(false);
    choosePlace_->setAccessibleName(tr("Choose the folder to write to"));
    connect(choosePlace_, &QPushButton::clicked, this, &ExportStudentDialog::browsePlace);
    auto* placeRow = new QHBoxLayout;
    placeRow->setSpacing(Gap);
    placeRow->addWidget(place_, 1);
    placeRow->addWidget(choosePlace_);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(2 * Gap);
    form->setVerticalSpacing(Gap);
    form->addRow(tr("Run"), run_);
    form->addRow(QString(), facts_);
    form->addRow(tr("Format"), format_);
    form->addRow(QString(), formatNote_);
    form->addRow(tr("Weights"), weights_);
    form->addRow(tr("Licence"), licence_);
    form->addRow(tr("Folder"), placeRow);
    format_->setAccessibleName(tr("Format"));
    weights_->setAccessibleName(tr("Weights"));
    licence_->setAccessibleName(tr("Licence"));
    place_->setAccessibleName(tr("Folder to write to"));

    export_->setDefault(true);
    close_->setAutoDefault(false);
    connect(close_, &QPushButton::clicked, this, &QDialog::reject);
    connect(export_, &QPushButton::clicked, this, &ExportStudentDialog::start);
    connect(format_, &QComboBox::currentIndexChanged, this, &ExportStudentDialog::formatChanged);
    connect(place_, &QLineEdit::textEdited, this, [this] {
        placeIsTheirs_ = true;
        refresh();
    });
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addWidget(pill_, 1);
    buttons->addStretch(1);
    buttons->addWidget(close_);
    buttons->addWidget(export_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(2 * Gap);
    column->addLayout(form);
    column->addWidget(result_);
    column->addStretch(1);
    column->addLayout(buttons);
    facts_->setText(tr("Choose the folder of a run."));
    result_->hide();
    pill_->hide();
    tick_.setInterval(TickMilliseconds);
    connect(&tick_, &QTimer::timeout, this, [this] {
        if (progress_ && progress_->total() > 0)
            pill_->say(static_cast<double>(progress_->done()) / static_cast<double>(progress_->total()),
                       tr("exporting"));
    });
    formatChanged();
    if (!runFolder.isEmpty())
        chooseRun(runFolder);
}

ExportStudentDialog::~ExportStudentDialog() {
    if (progress_)
        progress_->cancel();
    pool_.finish();
}

QString ExportStudentDialog::facts() const {
    return facts_->text();
}

QString ExportStudentDialog::result() const {
    return result_->isHidden() ? QString() : result_->text();
}

void ExportStudentDialog::browsePlace() {
    auto* dialog =
        new QFileDialog(this, tr("Choose a folder to write to"), QFileInfo(place_->text()).absolutePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->selectFile(QFileInfo(place_->text()).fileName());
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        placeIsTheirs_ = true;
        place_->setText(folder);
        refresh();
    });
    dialog->open();
}

void ExportStudentDialog::chooseRun(const QString& folder) {
    run_->setFolder(folder);
    hasStudent_ = false;
    facts_->setText(tr("reading …"));
    suggestPlace();
    refresh();
    reading_.ask(
        [path = folder.toStdString()]() -> Result<Facts> {
            auto run = summarizeRun(path);
            if (!run)
                return fail(run.error());
            return Facts{std::move(*run), !bestStudentFile(path).empty()};
        },
        [this](const Result<Facts>& facts) {
            if (facts)
                tell(*facts);
            else
                facts_->setText(toQString(facts.error().message));
            fitHeight(*this);
        });
}

void ExportStudentDialog::tell(const Facts& facts) {
    const RunSummary& run = facts.run;
    QString words =
        tr("%1 · %2 · %3 student")
            .arg(toQString(run.name), QString::fromUtf8(stateName(run.state)),
                 toQString(run.settings.count("student.kind") > 0 ? run.settings.at("student.kind")
                                                                  : std::string("ngram")));
    if (const auto& score = run.test ? run.test : run.validation)
        words += tr(" · %1 accuracy %2")
                     .arg(run.test ? tr("test") : tr("validation"), percent(score->accuracy, 2));
    if (!facts.hasStudent)
        words = tr("%1 holds no student: it was cut off before one was written.").arg(toQString(run.name));
    facts_->setText(words);
    hasStudent_ = facts.hasStudent;
    refresh();
}

void ExportStudentDialog::formatChanged() {
    const auto format = static_cast<ExportFormat>(format_->currentData().toInt());
    formatNote_->setText(noteOf(format));
    const bool takesInt8 = checkWeights(format, ExportWeights::Int8).has_value();
    const int int8 = weights_->findData(static_cast<int>(ExportWeights::Int8));
    if (auto* items = qobject_cast<QStandardItemModel*>(weights_->model()))
        items->item(int8)->setEnabled(takesInt8);
    if (!takesInt8 && weights_->currentIndex() == int8)
        weights_->setCurrentIndex(weights_->findData(static_cast<int>(ExportWeights::Half)));
    suggestPlace();
    fitHeight(*this);
}

void ExportStudentDialog::suggestPlace() {
    if (placeIsTheirs_ || run_->folder().isEmpty())
        return;
    const auto format = static_cast<ExportFormat>(format_->currentData().toInt());
    place_->setText(run_->folder() + QStringLiteral("/output/") +
                    QString::fromUtf8(formatName(format).data()));
}

void ExportStudentDialog::start() {
    StudentExportOrder order;
    order.from = run_->folder().toStdString();
    order.format = static_cast<ExportFormat>(format_->currentData().toInt());
    order.weights = static_cast<ExportWeights>(weights_->currentData().toInt());
    order.to = place_->text().toStdString();
    order.licence = licence_->text().trimmed().toStdString();
    if (!dataRoot_.isEmpty())
        order.dataRoot = dataRoot_.toStdString();
    progress_ = std::make_shared<Progress>();
    result_->hide();
    pill_->say(-1, tr("exporting"));
    pill_->show();
    tick_.start();
    refresh();
    pool_.run([order, progress = progress_] { return exportStudent(order, *progress); },
              [this](const Result<StudentExportReport>& done) { finish(done); });
}

void ExportStudentDialog::finish(const Result<StudentExportReport>& done) {
    tick_.stop();
    progress_.reset();
    pill_->hide();
    if (done) {
        say(resultWords(*done), "muted");
        Q_EMIT exported(toQString(done->folder));
    } else {
        say(toQString(done.error().message), "warning");
    }
    refresh();
    if (closing_)
        QDialog::reject();
}

void ExportStudentDialog::reject() {
    if (!progress_) {
        QDialog::reject();
        return;
    }
    closing_ = true; // when the worker has taken away what it made
    progress_->cancel();
    close_->setEnabled(false);
}

void ExportStudentDialog::say(const QString& text, const char* tone) {
    result_->setProperty("tone", tone);
    result_->style()->unpolish(result_);
    result_->style()->polish(result_);
    result_->setText(text);
    result_->show();
    fitHeight(*this);
}

void ExportStudentDialog::refresh() {
    const bool working = progress_ != nullptr;
    close_->setText(working ? tr("Cancel") : tr("Close"));
    export_->setEnabled(!working && hasStudent_ && !place_->text().isEmpty());
    for (QWidget* widget :
         std::initializer_list<QWidget*>{run_, format_, weights_, licence_, place_, choosePlace_})
        widget->setEnabled(!working);
}

} // namespace stillroom
