#include "widgets/report_dialog.h"

#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int BarSteps = 1000;
constexpr int LookEvery = 80; // milliseconds

QString folderOf(const QListWidgetItem* item) {
    return item->data(Qt::UserRole).toString();
}

} // namespace

ReportDialog::ReportDialog(const QStringList& runFolders, QString runsFolder, QWidget* parent)
    : QDialog(parent), runsFolder_(std::move(runsFolder)), runs_(new QListWidget),
      remove_(new QPushButton(tr("Take out"))), data_(new QLineEdit), out_(new QLineEdit),
      texts_(new QCheckBox(tr("with texts of samples"))), bar_(new QProgressBar), said_(new QLabel),
      cancel_(new QPushButton(tr("Close"))), write_(new QPushButton(tr("Write report"))),
      open_(new QPushButton(tr("Open"))), openPdf_(new QPushButton(tr("Open PDF"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Report"));
    auto* what = new QLabel(
        tr("One HTML file and a PDF with the same content, to be handed on: data, teacher, rule, curves, "
           "figures by class, examples, how to do it again. Several runs are compared."));
    what->setWordWrap(true);

    runs_->setAccessibleName(tr("Runs"));
    runs_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    runs_->setMinimumWidth(scaled(420));
    runs_->setFixedHeight(scaled(110));
    auto* add = new QPushButton(tr("Add…"));
    add->setAccessibleName(tr("Add a run"));
    connect(add, &QPushButton::clicked, this, &ReportDialog::browseRun);
    connect(remove_, &QPushButton::clicked, this, [this] {
        qDeleteAll(runs_->selectedItems());
        changed();
    });
    connect(runs_, &QListWidget::itemSelectionChanged, this,
            [this] { remove_->setEnabled(!runs_->selectedItems().isEmpty()); });
    auto* runButtons = new QVBoxLayout;
    runButtons->setSpacing(Gap);
    runButtons->addWidget(add);
    runButtons->addWidget(remove_);
    runButtons->addStretch(1);
    auto* runRow = new QHBoxLayout;
    runRow->setSpacing(Gap);
    runRow->addWidget(runs_, 1);
    runRow->addLayout(runButtons);

    out_->setAccessibleName(tr("Folder of the report"));
    auto* chooseOut = new QPushButton(tr("Choose…"));
    chooseOut->setAccessibleName(tr("Choose the folder of the report"));
    connect(chooseOut, &QPushButton::clicked, this, &ReportDialog::browseOut);
    data_->setAccessibleName(tr("Folder of the data"));
    data_->setPlaceholderText(tr("where the run found them"));
    data_->setToolTip(tr("Where the data are now, if they are elsewhere than when the run was made"));
    auto* chooseData = new QPushButton(tr("Choose…"));
    chooseData->setAccessibleName(tr("Choose the folder of the data"));
    connect(chooseData, &QPushButton::clicked, this, &ReportDialog::browseData);
    texts_->setChecked(true);
    texts_->setToolTip(tr("Off: no text and no id of a sample is in the report, for licences and privacy"));

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(2 * Gap);
    form->setVerticalSpacing(Gap);
    form->addRow(tr("Runs"), runRow);
    form->addRow(tr("Data"), folderRow(data_, chooseData));
    form->addRow(tr("Folder"), folderRow(out_, chooseOut));
    form->addRow(QString(), texts_);

    bar_->setRange(0, BarSteps);
    bar_->setTextVisible(false);
    bar_->setAccessibleName(tr("Progress"));
    bar_->hide();
    said_->setWordWrap(true);
    said_->setTextFormat(Qt::PlainText);
    said_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    said_->hide();
    open_->hide();
    openPdf_->hide();
    connect(open_, &QPushButton::clicked, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(toQString(report_.html)).absoluteFilePath()));
    });
    connect(openPdf_, &QPushButton::clicked, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(toQString(report_.pdf)).absoluteFilePath()));
    });
    connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
    connect(write_, &QPushButton::clicked, this, &ReportDialog::write);
    connect(out_, &QLineEdit::textChanged, this, &ReportDialog::changed);
    write_->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addStretch(1);
    for (auto* button : {open_, openPdf_, cancel_, write_})
        buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(2 * Gap);
    column->addWidget(what);
    column->addLayout(form);
    column->addWidget(bar_);
    column->addWidget(said_);
    column->addStretch(1);
    column->addLayout(buttons);
    look_.setInterval(LookEvery);
    connect(&look_, &QTimer::timeout, this, [this] {
        if (progress_ && progress_->total() > 0)
            bar_->setValue(static_cast<int>(BarSteps * progress_->done() / progress_->total()));
    });
    remove_->setEnabled(false);
    for (const auto& folder : runFolders)
        addRun(folder);
    changed();
}

ReportDialog::~ReportDialog() {
    if (progress_)
        progress_->cancel();
    pool_.finish();
}

QString ReportDialog::said() const {
    return said_->isHidden() ? QString() : said_->text();
}

QString ReportDialog::usualOut() const {
    return runs_->count() == 0 ? QString()
                               : QDir(folderOf(runs_->item(0))).filePath(QStringLiteral("output/report"));
}

void ReportDialog::addRun(const QString& folder) {
    for (int row = 0; row < runs_->count(); ++row)
        if (folderOf(runs_->item(row)) == folder)
            return;
    auto* item = new QListWidgetItem(QFileInfo(folder).fileName(), runs_);
    item->setData(Qt::UserRole, folder);
    item->setToolTip(folder);
    changed();
}

void ReportDialog::changed() {
    out_->setPlaceholderText(QDir::toNativeSeparators(usualOut()));
    write_->setEnabled(runs_->count() > 0 && !progress_);
    open_->hide();
    openPdf_->hide();
}

QHBoxLayout* ReportDialog::folderRow(QLineEdit* line, QPushButton* choose) {
    auto* row = new QHBoxLayout;
    row->setSpacing(Gap);
    row->addWidget(line, 1);
    row->addWidget(choose);
    return row;
}

void ReportDialog::browseFolder(const QString& title, const QString& below,
                                std::function<void(const QString&)> take) {
    auto* dialog = new QFileDialog(this, title, below);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, std::move(take));
    dialog->open();
}

void ReportDialog::browseRun() {
    browseFolder(tr("Choose a run folder"), runsFolder_, [this](const QString& folder) { addRun(folder); });
}

void ReportDialog::browseOut() {
    browseFolder(tr("Choose a folder for the report"), out_->text(), [this](const QString& folder) {
        // A folder of its own: what is there already is not replaced.
        out_->setText(QDir(folder).filePath(QStringLiteral("report")));
    });
}

void ReportDialog::browseData() {
    browseFolder(tr("Choose the folder of the data"), data_->text(),
                 [this](const QString& folder) { data_->setText(folder); });
}

void ReportDialog::write() {
    ReportRequest request;
    for (int row = 0; row < runs_->count(); ++row)
        request.runs.push_back(folderOf(runs_->item(row)).toStdString());
    request.out = out_->text().trimmed().toStdString();
    request.dataRoot = data_->text().trimmed().toStdString();
    request.dataNeeded = !request.dataRoot.empty();
    request.texts = texts_->isChecked();
    progress_ = std::make_shared<Progress>();
    changed();
    cancel_->setText(tr("Cancel"));
    said_->hide();
    bar_->setValue(0);
    bar_->show();
    fit();
    look_.start();
    pool_.run([request, progress = progress_] { return writeReport(request, *progress); },
              [this](const Result<WrittenReport>& report) { tell(report); });
}

void ReportDialog::tell(const Result<WrittenReport>& report) {
    look_.stop();
    progress_.reset();
    bar_->hide();
    cancel_->setText(tr("Close"));
    changed();
    if (!report) {
        const bool cancelled = report.error().kind == ErrorKind::Cancelled;
        say(toQString(report.error().message), cancelled ? "muted" : "warning");
        return;
    }
    report_ = *report;
    open_->show();
    openPdf_->show();
    open_->setFocus();
    QString text = tr("Written to %1: %2 figures, %3 tables.")
                       .arg(toQString(report->folder))
                       .arg(report->figures)
                       .arg(report->tables);
    if (!report->noData.empty())
        text += tr(" The data could not be read (%1), so it has no plane, no examples and no calibration.")
                    .arg(toQString(report->noData));
    say(text, report->noData.empty() ? "muted" : "warning");
    Q_EMIT written(toQString(report->html));
}

void ReportDialog::say(const QString& text, const char* tone) {
    said_->setProperty("tone", QString::fromLatin1(tone));
    said_->style()->unpolish(said_);
    said_->style()->polish(said_);
    said_->setText(text);
    said_->show();
    fit();
}

void ReportDialog::fit() {
    layout()->activate();
    resize(width(), std::max(sizeHint().height(), layout()->totalHeightForWidth(width())));
}

void ReportDialog::reject() {
    if (progress_)
        progress_->cancel(); // it stays open to say so
    else
        QDialog::reject();
}

} // namespace stillroom
