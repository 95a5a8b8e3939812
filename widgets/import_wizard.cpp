#include "widgets/import_wizard.h"

#include "widgets/import_classes_page.h"
#include "widgets/import_columns_page.h"
#include "widgets/import_files_page.h"
#include "widgets/import_format_page.h"
#include "widgets/import_report_page.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>
#include <QTabBar>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int Width = 1120, Height = 780, Margin = 48; // pixels at most; left of the window around it

QStringList localFiles(const QMimeData* data) {
    QStringList paths;
    for (const auto& url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

ImportWizard::ImportWizard(RunController* controller, QWidget* parent)
    : QDialog(parent), controller_(controller), steps_(new QTabBar), stack_(new QStackedWidget),
      files_(new ImportFilesPage(plan_)), report_(new ImportReportPage(plan_)), problem_(new QLabel),
      back_(new QPushButton(tr("&Back"))), next_(new QPushButton), cancel_(new QPushButton(tr("Cancel"))) {
    setWindowTitle(tr("Import data"));
    setModal(true);
    setAcceptDrops(true);
    pages_ = {files_, new ImportFormatPage(plan_), new ImportColumnsPage(plan_), new ImportClassesPage(plan_),
              report_};
    files_->setFolder(controller->dataRoot());
    const QStringList names = {tr("1  Files"), tr("2  How they are written"), tr("3  Columns"),
                               tr("4  Classes"), tr("5  Report")};
    for (int i = 0; i < PageCount; ++i) {
        steps_->addTab(names[i]);
        stack_->addWidget(pages_[static_cast<std::size_t>(i)]);
        connect(pages_[static_cast<std::size_t>(i)], &ImportPage::changed, this, &ImportWizard::refresh);
    }
    steps_->setExpanding(false);
    steps_->setDrawBase(false);
    steps_->setAccessibleName(tr("Steps"));
    connect(steps_, &QTabBar::currentChanged, this, &ImportWizard::goTo);

    auto* line = new QFrame;
    line->setProperty("role", "line");
    problem_->setWordWrap(true);
    problem_->setFont(textFont(TextSize::Note));
    problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Gap);
    buttons->addWidget(problem_, 1);
    buttons->addWidget(cancel_);
    buttons->addWidget(back_);
    buttons->addWidget(next_);
    next_->setDefault(true);
    for (auto* button : {back_, cancel_})
        button->setAutoDefault(false);
    connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
    connect(back_, &QPushButton::clicked, this, [this] { steps_->setCurrentIndex(page() - 1); });
    connect(next_, &QPushButton::clicked, this, &ImportWizard::next);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(Gap + Gap / 2);
    column->addWidget(steps_);
    column->addWidget(stack_, 1);
    column->addWidget(line);
    column->addLayout(buttons);
    setMinimumSize(760, 480);
    const QSize room =
        parent != nullptr ? parent->window()->size() - QSize(Margin, Margin) : QSize(Width, Height);
    resize(room.boundedTo(QSize(scaled(Width), scaled(Height))).expandedTo(minimumSize()));
    refresh();
}

void ImportWizard::add(const QStringList& paths) {
    steps_->setCurrentIndex(Files);
    files_->add(paths);
}

int ImportWizard::page() const {
    return stack_->currentIndex();
}

void ImportWizard::goTo(int page) {
    stack_->setCurrentIndex(page);
    pages_[static_cast<std::size_t>(page)]->enter();
    refresh();
}

void ImportWizard::next() {
    if (page() == Report)
        finish();
    else
        steps_->setCurrentIndex(page() + 1);
}

void ImportWizard::refresh() {
    const ImportPage& here = *pages_[static_cast<std::size_t>(page())];
    const QString problem = here.problem();
    for (int i = 0; i < PageCount; ++i) {
        // One step at a time: what a later page asks follows from what is said on this one.
        const bool reachable = i <= page() || (i == page() + 1 && problem.isEmpty());
        steps_->setTabEnabled(i, reachable);
    }
    problem_->setText(problem);
    problem_->setProperty("tone", here.isWrong() ? "warning" : "muted");
    problem_->style()->unpolish(problem_);
    problem_->style()->polish(problem_);
    back_->setEnabled(page() > 0);
    next_->setText(page() == Report ? tr("&Finish") : tr("&Next"));
    next_->setEnabled(problem.isEmpty());
}

void ImportWizard::finish() {
    auto* document = controller_->document();
    const Experiment& before = document->experiment();
    const std::string root = controller_->rootIsGiven() || !document->path().isEmpty()
                                 ? controller_->dataRoot().toStdString()
                                 : std::string();
    const auto paths = plan_.pathsOf(Split::Train);
    const auto taken = document->setAll(tr("import of %1").arg(fileName(paths.front())),
                                        changesBetween(before, plan_.applied(before, root)));
    if (!taken) {
        problem_->setText(toQString(taken.error().message));
        problem_->setProperty("tone", "warning");
        problem_->style()->unpolish(problem_);
        problem_->style()->polish(problem_);
        return;
    }
    if (report_->skipsBadRows() && controller_->badRows() != BadRowPolicy::Skip)
        controller_->setBadRows(BadRowPolicy::Skip);
    const auto files =
        static_cast<qsizetype>(std::count_if(plan_.files.begin(), plan_.files.end(),
                                             [](const ImportFile& file) { return file.split.has_value(); }));
    Q_EMIT imported(files == 1 ? tr("Imported %1. Ctrl+Z takes it back.").arg(fileName(paths.front()))
                               : tr("Imported %1 files. Ctrl+Z takes it back.").arg(files));
    accept();
}

void ImportWizard::done(int result) {
    QDialog::done(result);
    for (auto* page : pages_)
        page->stop();
    // Nobody waits for a worker that is looking whether it should stop.
    auto* later = new QTimer(this);
    later->setInterval(30);
    connect(later, &QTimer::timeout, this, [this] {
        if (!report_->busy())
            deleteLater();
    });
    later->start();
}

// ── drag and drop ───────────────────────────────────────────────────────────────────────────────────────

void ImportWizard::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ImportWizard::dropEvent(QDropEvent* event) {
    const QStringList paths = localFiles(event->mimeData());
    if (paths.isEmpty())
        return;
    event->acceptProposedAction();
    add(paths);
}

} // namespace stillroom
