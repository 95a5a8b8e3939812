#include "widgets/run_folder_line.h"

#include "widgets/theme.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace stillroom {

RunFolderLine::RunFolderLine(QString runsFolder, QWidget* parent)
    : QWidget(parent), runsFolder_(std::move(runsFolder)), line_(new QLineEdit) {
    line_->setReadOnly(true);
    line_->setAccessibleName(tr("Run folder"));
    line_->setMinimumWidth(scaled(360));
    auto* choose = new QPushButton(tr("Choose…"));
    choose->setAutoDefault(false);
    choose->setAccessibleName(tr("Choose a run folder"));
    connect(choose, &QPushButton::clicked, this, &RunFolderLine::browse);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Gap);
    row->addWidget(line_, 1);
    row->addWidget(choose);
}

QString RunFolderLine::folder() const {
    return line_->text();
}

void RunFolderLine::setFolder(const QString& folder) {
    line_->setText(folder);
}

void RunFolderLine::browse() {
    auto* dialog = new QFileDialog(this, tr("Choose a run folder"),
                                   folder().isEmpty() ? runsFolder_ : QFileInfo(folder()).absolutePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &RunFolderLine::chosen);
    dialog->open();
}

} // namespace stillroom
