#include "widgets/job_dialog.h"

#include "widgets/note_label.h"
#include "widgets/run_bar.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace stillroom {

namespace {

constexpr int BarSteps = 1000, TickMilliseconds = 100;
constexpr double Enough = 2; // seconds, before which nobody knows how long it takes

} // namespace

JobDialog::JobDialog(const QString& title, const QString& what, const QString& goText, QWidget* parent)
    : QDialog(parent), inputs_(new QWidget), bar_(new QProgressBar), words_(makeNoteLabel()),
      go_(new QPushButton(goText)), close_(new QPushButton(tr("Close"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    auto* about = new QLabel(what);
    about->setWordWrap(true);
    form_ = new QFormLayout(inputs_);
    form_->setContentsMargins(0, 0, 0, 0);
    form_->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form_->setHorizontalSpacing(2 * Gap);
    form_->setVerticalSpacing(Gap);
    words_->setMinimumHeight(scaled(34));
    words_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    bar_->setTextVisible(false);
    bar_->setFixedHeight(6);
    bar_->setRange(0, BarSteps);
    bar_->setAccessibleName(tr("Progress"));
    QSizePolicy kept = bar_->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    bar_->setSizePolicy(kept);
    bar_->hide();
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(close_);
    buttons->addWidget(go_);
    go_->setDefault(true);
    go_->setEnabled(false);
    close_->setAutoDefault(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(Gap);
    column->addWidget(about);
    column->addWidget(inputs_);
    column->addWidget(bar_);
    column->addWidget(words_, 1);
    column->addLayout(buttons);

    tick_.setInterval(TickMilliseconds);
    connect(&tick_, &QTimer::timeout, this, &JobDialog::tell);
    connect(go_, &QPushButton::clicked, this, [this] {
        if (!working() && ready())
            go();
    });
    connect(close_, &QPushButton::clicked, this, [this] {
        if (progress_)
            progress_->cancel(); // it says so when it has ended
        else
            reject();
    });
}

JobDialog::~JobDialog() {
    finish();
}

void JobDialog::finish() {
    if (progress_)
        progress_->cancel();
    pool_.finish();
}

QString JobDialog::words() const {
    return words_->text();
}

void JobDialog::reject() {
    if (!progress_) {
        QDialog::reject();
        return;
    }
    closing_ = true;
    progress_->cancel();
    close_->setEnabled(false);
}

QWidget* JobDialog::withChoice(QLineEdit* line, const QString& title, Choice choice,
                               const QStringList& filters) {
    line->setAccessibleName(title);
    auto* button = new QPushButton(tr("Choose…"));
    button->setAutoDefault(false);
    button->setAccessibleName(tr("Choose: %1").arg(title));
    connect(button, &QPushButton::clicked, this,
            [this, line, title, choice, filters] { browse(line, title, choice, filters); });
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Gap);
    row->addWidget(line, 1);
    row->addWidget(button);
    return both;
}

void JobDialog::browse(QLineEdit* into, const QString& title, Choice choice, const QStringList& filters) {
    auto* dialog = new QFileDialog(this, title, into->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(choice == Choice::Folder ? QFileDialog::Directory
                        : choice == Choice::File ? QFileDialog::ExistingFile
                                                 : QFileDialog::AnyFile);
    dialog->setOption(QFileDialog::ShowDirsOnly, choice == Choice::Folder);
    if (!filters.isEmpty())
        dialog->setNameFilters(filters);
    if (choice == Choice::NewFile) {
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(into->text());
    }
    connect(dialog, &QFileDialog::fileSelected, this, [this, into, choice](const QString& path) {
        if (choice == Choice::NewFile)
            replaceable_ = path;
        into->setText(path);
    });
    dialog->open();
}

void JobDialog::whenReplaceable(const QString& file, std::function<void()> then) {
    if (file == replaceable_) {
        then();
        return;
    }
    pool_.run([file] { return QFileInfo::exists(file); },
              [this, file, then = std::move(then)](bool there) {
                  if (working())
                      return;
                  if (!there) {
                      then();
                      return;
                  }
                  auto* box = new QMessageBox(QMessageBox::NoIcon, windowTitle(),
                                              tr("%1 is there already. Replace it?").arg(file),
                                              QMessageBox::Cancel, this);
                  box->setAttribute(Qt::WA_DeleteOnClose);
                  box->setTextFormat(Qt::PlainText);
                  auto* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
                  connect(replace, &QPushButton::clicked, this, then);
                  box->open();
              });
}

void JobDialog::say(const QString& words, bool wrong) {
    words_->setText(words);
    const QString tone = wrong ? QStringLiteral("warning") : QStringLiteral("muted");
    if (words_->property("tone").toString() == tone)
        return;
    words_->setProperty("tone", tone);
    words_->style()->unpolish(words_);
    words_->style()->polish(words_);
}

void JobDialog::refresh() {
    inputs_->setEnabled(!working());
    bar_->setVisible(working());
    close_->setText(working() ? tr("Cancel") : tr("Close"));
    go_->setEnabled(!working() && ready());
}

QString JobDialog::wordsOf(const Error& error) const {
    return toQString(error.message);
}

void JobDialog::begin(const QString& doing) {
    doing_ = doing;
    progress_ = std::make_shared<Progress>();
    bar_->setValue(0);
    since_.start();
    tick_.start();
    say(doing_, false);
    refresh();
}

void JobDialog::tell() {
    if (!progress_ || progress_->total() <= 0)
        return;
    const auto done = static_cast<double>(progress_->done()), total = static_cast<double>(progress_->total());
    bar_->setValue(static_cast<int>(BarSteps * done / total));
    const double seconds = static_cast<double>(since_.elapsed()) / 1000;
    if (seconds > Enough && done > 0 && done < total)
        say(tr("%1 About %2 left.").arg(doing_, roughly(seconds * (total - done) / done)), false);
}

/// True: there is something to tell.
bool JobDialog::end(const Error* error) {
    tick_.stop();
    progress_.reset();
    refresh();
    if (error != nullptr) {
        const bool wanted = error->kind == ErrorKind::Cancelled;
        say(wanted ? tr("Cancelled; nothing was written.") : wordsOf(*error), !wanted);
    }
    if (closing_)
        QDialog::reject();
    return error == nullptr;
}

} // namespace stillroom
