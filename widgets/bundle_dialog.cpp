#include "widgets/bundle_dialog.h"

#include "core/output/bundle.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>

namespace stillroom {

namespace {

/// In the user's own folder: what is mailed is not kept among the runs.
QString outFor(const QString& run) {
    const QString name = QFileInfo(QDir(run).absolutePath()).fileName();
    return run.isEmpty() ? QString() : QDir::home().filePath(name + QStringLiteral(".zip"));
}

} // namespace

BundleDialog::BundleDialog(const QString& runFolder, QWidget* parent)
    : JobDialog(tr("Export a bundle"),
                tr("A run in one file: its settings, all its numbers, its best student, and what lies in its "
                   "output folder. Another Stillroom opens it when it is dropped on the window. The texts of "
                   "the data are not in it."),
                tr("Export"), parent),
      run_(new QLineEdit(runFolder)), out_(new QLineEdit(outFor(runFolder))),
      checkpoint_(new QCheckBox(tr("with its newest checkpoint, so that it can go on elsewhere"))) {
    run_->setPlaceholderText(tr("a run's folder"));
    form()->addRow(tr("Run"), withChoice(run_, tr("The run's folder"), Choice::Folder));
    form()->addRow(tr("Write to"),
                   withChoice(out_, tr("The file to write"), Choice::NewFile, {tr("Bundles (*.zip)")}));
    form()->addRow(QString(), checkpoint_);
    resize(scaled(560), sizeHint().height());
    connect(run_, &QLineEdit::textChanged, this,
            [this](const QString& run) { out_->setText(outFor(run.trimmed())); });
    for (auto* line : {run_, out_})
        connect(line, &QLineEdit::textChanged, this, &BundleDialog::refresh);
    refresh();
}

BundleDialog::~BundleDialog() {
    finish();
}

bool BundleDialog::ready() const {
    return !run_->text().trimmed().isEmpty() && !out_->text().trimmed().isEmpty();
}

void BundleDialog::go() {
    whenReplaceable(out_->text().trimmed(), [this] { pack(); });
}

void BundleDialog::pack() {
    work(
        tr("Packing…"),
        [run = run_->text().trimmed().toStdString(), out = out_->text().trimmed().toStdString(),
         settings = BundleSettings{checkpoint_->isChecked()}](Progress& progress) {
            return exportBundle(run, out, settings, progress);
        },
        [this](const BundleExport& done) {
            QString words = tr("%1 files, %2, written to %3.")
                                .arg(grouped(done.files), fileSize(done.bytes), toQString(done.file));
            if (done.leftOut > 0)
                words += tr(" %1 left out: not every system could unpack what is called so.")
                             .arg(grouped(done.leftOut));
            say(words, false);
            Q_EMIT exported(words);
        });
}

} // namespace stillroom
