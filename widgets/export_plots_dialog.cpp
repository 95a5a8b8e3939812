#include "widgets/export_plots_dialog.h"

#include "core/files/atomic_file.h"
#include "widgets/background.h"
#include "widgets/figure_export.h"
#include "widgets/plot.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

namespace stillroom {
namespace {

const QString FolderKey = QStringLiteral("plots/folder"), FormatsKey = QStringLiteral("plots/formats");
constexpr int LookAgain = 400; // ms: plots that nobody has looked at yet are still being counted
constexpr int MostNamed = 3;   // files in the question whether they are to be replaced

/// Makes the folder and says which of the files are there.
Result<QStringList> prepareFolder(const QString& folder, const QStringList& names) {
    if (!QDir().mkpath(folder))
        return fail(QFileInfo::exists(folder) && !QFileInfo(folder).isDir()
                        ? ExportPlotsDialog::tr("%1 is a file, not a folder; choose another name")
                              .arg(folder)
                              .toStdString()
                        : ExportPlotsDialog::tr("the folder %1 cannot be made; choose another one")
                              .arg(folder)
                              .toStdString());
    QStringList there;
    for (const auto& name : names)
        if (QFileInfo::exists(QDir(folder).filePath(name)) ||
            QFileInfo(QDir(folder).filePath(name)).isSymLink())
            there << name;
    return there;
}

} // namespace

ExportPlotsDialog::ExportPlotsDialog(const QList<Plot*>& plots, const QString& folder, QWidget* parent)
    : QDialog(parent), plots_(plots.begin(), plots.end()), folder_(new QLineEdit),
      browse_(new QPushButton(tr("Choose…"))), size_(new QComboBox), list_(new QListWidget),
      bar_(new QProgressBar), sentence_(new QLabel), export_(new QPushButton(tr("Export"))),
      close_(new QPushButton(tr("Close"))), pool_(std::make_unique<Background>(1)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export plots"));
    QSettings settings;
    const QString last = settings.value(FolderKey).toString();
    folder_->setText(QDir::toNativeSeparators(last.isEmpty() ? folder : last));
    folder_->setAccessibleName(tr("Folder"));
    folder_->setMinimumWidth(scaled(340));
    connect(browse_, &QPushButton::clicked, this, &ExportPlotsDialog::browse);
    auto* folderRow = new QHBoxLayout;
    folderRow->setSpacing(Gap);
    folderRow->addWidget(folder_, 1);
    folderRow->addWidget(browse_);

    const QStringList chosen = settings.value(FormatsKey, QStringList{QStringLiteral("svg")}).toStringList();
    auto* formatRow = new QHBoxLayout;
    formatRow->setSpacing(2 * Gap);
    for (const PlotFormat format : PlotFormats) {
        auto* box = new QCheckBox(plotFormatKey(format).toUpper());
        box->setChecked(chosen.contains(plotFormatKey(format)));
        connect(box, &QCheckBox::toggled, this, &ExportPlotsDialog::refresh);
        formats_.push_back(box);
        formatRow->addWidget(box);
    }
    formatRow->addStretch(1);
    for (const PlotSize size : PlotSizes)
        size_->addItem(plotSizeName(size), plotSizeKey(size));
    size_->setCurrentIndex(size_->findData(plotSizeKey(FigureExport::size())));
    size_->setAccessibleName(tr("Size"));

    list_->setAccessibleName(tr("Plots of the window"));
    list_->setSelectionMode(QAbstractItemView::NoSelection);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setFont(textFont(TextSize::Note));
    bar_->setTextVisible(false);
    bar_->setFixedHeight(6);
    bar_->setAccessibleName(tr("Files written"));
    bar_->setValue(0);
    sentence_->setWordWrap(true);
    sentence_->setTextFormat(Qt::PlainText);
    sentence_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    sentence_->setMinimumHeight(2 * sentence_->fontMetrics().lineSpacing());
    sentence_->setAlignment(Qt::AlignLeft | Qt::AlignTop);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(2 * Gap);
    form->setVerticalSpacing(Gap);
    form->addRow(tr("Folder"), folderRow);
    form->addRow(tr("Files"), formatRow);
    form->addRow(tr("Size"), size_);
    form->addRow(tr("Plots"), list_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addStretch(1);
    buttons->addWidget(close_);
    buttons->addWidget(export_);
    export_->setDefault(true);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(Gap);
    column->addLayout(form);
    column->addWidget(bar_);
    column->addWidget(sentence_);
    column->addLayout(buttons);

    connect(folder_, &QLineEdit::textChanged, this, &ExportPlotsDialog::refresh);
    connect(export_, &QPushButton::clicked, this, &ExportPlotsDialog::start);
    connect(close_, &QPushButton::clicked, this, &ExportPlotsDialog::reject);
    auto* again = new QTimer(this);
    connect(again, &QTimer::timeout, this, [this] {
        if (!busy_)
            list();
    });
    again->start(LookAgain);
    list();
}

ExportPlotsDialog::~ExportPlotsDialog() {
    pool_->finish();
}

QCheckBox* ExportPlotsDialog::formatBox(PlotFormat format) const {
    const auto* place = std::find(std::begin(PlotFormats), std::end(PlotFormats), format);
    return formats_[static_cast<std::size_t>(place - std::begin(PlotFormats))];
}

QString ExportPlotsDialog::sentence() const {
    return sentence_->text();
}

void ExportPlotsDialog::list() {
    int number = 0;
    for (std::size_t i = 0; i < plots_.size(); ++i) {
        const auto& plot = plots_[i];
        const bool empty = plot == nullptr || plot->isEmpty();
        const QString title = plot == nullptr ? QString() : plot->title();
        const QString text = empty ? tr("–    %1: nothing to see yet, left out").arg(title)
                                   : tr("%1  %2").arg(++number, 2, 10, QLatin1Char('0')).arg(title);
        const auto row = static_cast<int>(i);
        if (row == list_->count())
            list_->addItem(text);
        auto* item = list_->item(row);
        if (item->text() != text)
            item->setText(text);
        item->setForeground(empty ? theme().muted : theme().text);
    }
    const int rows = std::clamp(list_->count(), 3, 12);
    list_->setFixedHeight(rows * std::max(1, list_->sizeHintForRow(0)) + 2 * list_->frameWidth() + 4);
    refresh();
}

void ExportPlotsDialog::refresh() {
    const bool any = std::any_of(plots_.begin(), plots_.end(),
                                 [](const auto& plot) { return plot != nullptr && !plot->isEmpty(); });
    const bool format =
        std::any_of(formats_.begin(), formats_.end(), [](const auto* box) { return box->isChecked(); });
    export_->setEnabled(!busy_ && any && format && !folder_->text().trimmed().isEmpty());
    export_->setToolTip(!any      ? tr("There is nothing to see in any plot yet")
                        : !format ? tr("Choose at least one kind of file")
                                  : QString());
    for (QWidget* control :
         {static_cast<QWidget*>(folder_), static_cast<QWidget*>(browse_), static_cast<QWidget*>(size_)})
        control->setEnabled(!busy_);
    for (auto* box : formats_)
        box->setEnabled(!busy_);
    close_->setText(busy_ ? tr("Stop") : tr("Close"));
}

void ExportPlotsDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Folder for the plots"), folder_->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& path) { folder_->setText(QDir::toNativeSeparators(path)); });
    dialog->open();
}

void ExportPlotsDialog::start() {
    target_ = QDir(QDir::fromNativeSeparators(folder_->text().trimmed())).absolutePath();
    FigureExport::setSize(plotSizeOf(size_->currentData().toString()));
    jobs_.clear();
    empty_.clear();
    done_ = 0;
    cancelled_ = replace_ = false;
    QStringList formats, names;
    int number = 0;
    for (const auto& plot : plots_) {
        if (plot == nullptr)
            continue;
        if (plot->isEmpty()) {
            empty_ << plot->title();
            continue;
        }
        ++number;
        for (const PlotFormat format : PlotFormats)
            if (formatBox(format)->isChecked()) {
                const QString name = QStringLiteral("%1-%2.%3")
                                         .arg(number, 2, 10, QLatin1Char('0'))
                                         .arg(figureFileName(plot->title()), plotFormatKey(format));
                jobs_.push_back({plot, format, name});
                names << name;
            }
    }
    for (const PlotFormat format : PlotFormats)
        if (formatBox(format)->isChecked())
            formats << plotFormatKey(format);
    QSettings settings;
    settings.setValue(FolderKey, target_);
    settings.setValue(FormatsKey, formats);
    busy_ = true;
    bar_->setRange(0, static_cast<int>(jobs_.size()));
    bar_->setValue(0);
    sentence_->setText(tr("Looking into the folder…"));
    refresh();
    pool_->run([folder = target_, names] { return prepareFolder(folder, names); },
               [this](const Result<QStringList>& there) {
                   if (!there)
                       end(toQString(there.error().message), MessageKind::Error);
                   else if (cancelled_)
                       end(tr("Stopped; nothing was written."), MessageKind::Info);
                   else if (there->isEmpty())
                       next();
                   else
                       askToReplace(*there);
               });
}

void ExportPlotsDialog::askToReplace(const QStringList& there) {
    const auto count = static_cast<int>(there.size());
    QStringList named = there.mid(0, MostNamed);
    if (count > MostNamed)
        named << tr("and %1 more").arg(count - MostNamed);
    auto* box = new QMessageBox(
        QMessageBox::NoIcon, tr("Files are there already"),
        count == 1 ? tr("A file of this name is there already. Replace it?")
                   : tr("%1 files of these names are there already. Replace them?").arg(count),
        QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("In %1: %2.").arg(target_, named.join(QStringLiteral(", "))));
    auto* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(box, &QMessageBox::finished, this, [this, box, replace] {
        replace_ = box->clickedButton() == replace;
        if (replace_)
            next();
        else
            end(tr("Nothing was written."), MessageKind::Info);
    });
    box->open();
}

QString ExportPlotsDialog::leftOut() const {
    if (empty_.isEmpty())
        return {};
    return tr(" Left out, because there is nothing to see yet: %1.").arg(empty_.join(QStringLiteral(", ")));
}

void ExportPlotsDialog::next() {
    // What has become empty since is left out as well.
    while (done_ < jobs_.size() && (jobs_[done_].plot == nullptr || jobs_[done_].plot->isEmpty())) {
        if (const auto& plot = jobs_[done_].plot; plot != nullptr && !empty_.contains(plot->title()))
            empty_ << plot->title();
        jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(done_));
    }
    if (done_ == jobs_.size() || cancelled_) {
        const QString files = jobs_.size() == 1 && done_ == 1 ? tr("1 file") : tr("%1 files").arg(done_);
        end(cancelled_ && done_ < jobs_.size()
                ? tr("Stopped: %1 of %2 files are in %3.").arg(done_).arg(jobs_.size()).arg(target_)
                : tr("Wrote %1 into %2.").arg(files, target_) + leftOut(),
            MessageKind::Info);
        return;
    }
    const Job& job = jobs_[done_];
    sentence_->setText(tr("Writing %1 (%2 of %3)").arg(job.name).arg(done_ + 1).arg(jobs_.size()));
    pool_->run(
        [path = QDir(target_).filePath(job.name), replace = replace_,
         encode = printFigure(*job.plot, job.format, FigureExport::size())]() -> Result<void> {
            const QByteArray bytes = encode();
            if (bytes.isEmpty())
                return fail(tr("%1 is too large to be drawn; choose another size").arg(path).toStdString());
            if (!replace && QFileInfo::exists(path)) // somebody was faster
                return fail(tr("%1 has come to be there in the meantime and was not replaced; export again")
                                .arg(path)
                                .toStdString());
            return writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        },
        [this](const Result<void>& written) {
            if (!written) {
                end(tr("%1 (%2 of %3 files were written.)")
                        .arg(toQString(written.error().message))
                        .arg(done_)
                        .arg(jobs_.size()),
                    MessageKind::Error);
                return;
            }
            ++done_;
            bar_->setRange(0, static_cast<int>(jobs_.size()));
            bar_->setValue(static_cast<int>(done_));
            next();
        });
}

void ExportPlotsDialog::end(const QString& sentence, MessageKind kind) {
    busy_ = false;
    sentence_->setText(sentence);
    sentence_->setProperty("tone", kind == MessageKind::Info ? QString() : QStringLiteral("warning"));
    sentence_->style()->unpolish(sentence_);
    sentence_->style()->polish(sentence_);
    refresh();
    Q_EMIT said(sentence, kind);
}

void ExportPlotsDialog::reject() {
    if (busy_)
        cancelled_ = true; // what is being written is finished first
    else
        QDialog::reject();
}

} // namespace stillroom
