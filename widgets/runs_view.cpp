#include "widgets/runs_view.h"

#include "widgets/run_actions.h"
#include "widgets/run_controller.h"
#include "widgets/run_curves_panel.h"
#include "widgets/run_difference.h"
#include "widgets/run_scatter_panel.h"
#include "widgets/run_statistics.h"
#include "widgets/runs_bar.h"
#include "widgets/runs_order.h"
#include "widgets/runs_reading.h"
#include "widgets/runs_table.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {
constexpr int LookPeriod = 3000; // ms: other programs write runs too
constexpr int Slow = 400;        // ms: what takes longer can be stopped
} // namespace

RunsView::RunsView(RunController* controller, const QString& folder, QWidget* parent)
    : QWidget(parent), controller_(controller), actions_(new RunActions(this)), folder_(folder) {
    connect(actions_, &RunActions::said, this, &RunsView::said);
}

void RunsView::make() {
    reading_ = new RunsReading(this);
    model_ = new RunsModel(this);
    order_ = new RunsOrder(model_, this);
    bar_ = new RunsBar;
    table_ = new RunsTable(order_);
    empty_ = new QLabel;
    stack_ = new QStackedLayout;
    curves_ = new RunCurvesPanel(controller_->live());
    scatter_ = new RunScatterPanel(controller_->live());
    difference_ = new RunDifference;
    statistics_ = new RunStatistics;
    details_ = new QTabWidget;

    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    empty_->setProperty("tone", "muted");
    empty_->setMargin(3 * Gap);
    stack_->addWidget(empty_);
    stack_->addWidget(table_);
    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    panel->setMinimumHeight(110);
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(6, 4, 2, 2);
    inside->addLayout(stack_);

    details_->setDocumentMode(true);
    details_->setAccessibleName(tr("Of the chosen runs"));
    details_->addTab(curves_, tr("Curves"));
    details_->addTab(scatter_, tr("Scatter"));
    details_->addTab(statistics_, tr("Statistics"));
    details_->addTab(difference_, tr("Settings"));
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(Gap);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(panel);
    splitter->addWidget(details_);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 5);
    splitter->setSizes({scaled(300), scaled(380)}); // in proportion
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, Gap, Gap, Gap);
    column->setSpacing(Gap);
    column->addWidget(bar_);
    column->addWidget(splitter, 1);
    connectParts();
    connectReading();
    setFolder(folder_);
}

void RunsView::connectParts() {
    connect(bar_, &RunsBar::filterChanged, this, [this](const QString& text) {
        order_->setFilter(text);
        updateStatus();
    });
    connect(bar_, &RunsBar::archivedWanted, this, [this](bool shown) {
        order_->setArchivedShown(shown);
        updateStatus();
    });
    connect(bar_, &RunsBar::columnsWanted, table_, &RunsTable::fillColumnMenu);
    connect(bar_, &RunsBar::folderWanted, this, &RunsView::chooseFolder);
    connect(bar_, &RunsBar::refreshWanted, this, &RunsView::look);
    connect(bar_, &RunsBar::cancelWanted, reading_, &RunsReading::cancel);
    connect(table_, &RunsTable::chosenChanged, this, &RunsView::chosenChanged);
    connect(table_, &RunsTable::listedChanged, this, [this] {
        updateStatus();
        scatter_->setRuns(chosen_, table_->listed());
    });
    connect(table_, &RunsTable::typed, this, [this](const QString& text) {
        bar_->filter()->setFocus();
        bar_->filter()->insert(text);
    });
    connect(table_, &RunsTable::openWanted, this, [this] {
        if (const auto runs = table_->chosen(); runs.size() == 1 && !runs.front()->summary.name.empty())
            actions_->open(runs.front());
    });
    connect(table_, &RunsTable::deleteWanted, this, [this] { actions_->askToDelete(table_->chosen()); });
    connect(table_, &RunsTable::menuWanted, this, [this](const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        actions_->fillMenu(menu, table_->chosen());
        menu->popup(at);
    });
    connect(curves_, &RunCurvesPanel::said, this, &RunsView::said);
    connect(scatter_, &RunScatterPanel::said, this, &RunsView::said);
    connect(actions_, &RunActions::changed, this, &RunsView::look);
    auto* find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        bar_->filter()->setFocus();
        bar_->filter()->selectAll();
    });
}

void RunsView::connectReading() {
    connect(reading_, &RunsReading::read, this, [this](const std::vector<SharedRun>& runs) {
        model_->put(runs);
        chooseWanted();
        updateStatus();
    });
    const auto over = [this] {
        slow_.stop();
        bar_->setBusy(false);
        updateStatus();
        if (isVisible()) // a folder that takes long to look through is looked through less often
            again_.start(std::max<int>(LookPeriod, static_cast<int>(10 * reading_->milliseconds())));
    };
    connect(reading_, &RunsReading::finished, this, [this, over](const QSet<QString>& folders) {
        model_->keepOnly(folders);
        over();
    });
    connect(reading_, &RunsReading::failed, this, [this, over] {
        model_->clear();
        over();
    });
    connect(reading_, &RunsReading::cancelled, this, [this] {
        slow_.stop();
        bar_->setBusy(false);
        updateStatus();
    });
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, &RunsView::look);
    slow_.setSingleShot(true);
    slow_.setInterval(Slow);
    connect(&slow_, &QTimer::timeout, this, [this] { bar_->setBusy(reading_->busy()); });
    connect(controller_, &RunController::stateChanged, this, [this] {
        if (isVisible())
            look();
    });
}

QStringList RunsView::chosenFolders() const {
    QStringList folders;
    for (const auto& run : chosen_)
        folders << toQString(run->summary.folder);
    return folders;
}

void RunsView::setFolder(const QString& folder) {
    folder_ = folder;
    if (reading_ == nullptr)
        return;
    const QString path = QDir(folder).absolutePath();
    model_->clear();
    reading_->setFolder(path, toQString(runIndexFile(path.toStdString())));
    bar_->setFolder(path);
    look();
}

void RunsView::choose(const QString& runFolder) {
    wanted_ = QDir::cleanPath(QDir(runFolder).absolutePath());
    chooseWanted();
    look();
}

void RunsView::chooseWanted() {
    if (wanted_.isEmpty() || table_ == nullptr)
        return;
    for (int row = 0; row < order_->rowCount(); ++row) {
        const auto& run = model_->runAt(order_->mapToSource(order_->index(row, 0)).row());
        if (QDir::cleanPath(QDir(toQString(run->summary.folder)).absolutePath()) != wanted_)
            continue;
        wanted_.clear();
        table_->selectRow(row);
        table_->scrollTo(order_->index(row, 0));
        return;
    }
}

void RunsView::look() {
    if (reading_ == nullptr)
        return;
    again_.stop();
    reading_->refresh();
    slow_.start();
    updateStatus();
}

void RunsView::chosenChanged() {
    auto chosen = table_->chosen();
    if (chosen == chosen_)
        return;
    chosen_ = std::move(chosen);
    curves_->setRuns(chosen_);
    scatter_->setRuns(chosen_, table_->listed());
    difference_->setRuns(chosen_);
    statistics_->setRuns(chosen_);
    updateStatus();
}

void RunsView::updateStatus() {
    const int all = model_->rowCount(), listed = order_->rowCount();
    QString status = listed == all ? tr("%1 runs").arg(grouped(all))
                                   : tr("%1 of %2 runs").arg(grouped(listed), grouped(all));
    if (!chosen_.empty())
        status += tr(" · %1 chosen").arg(grouped(static_cast<std::int64_t>(chosen_.size())));
    if (reading_->busy() && !reading_->everRead())
        status += reading_->found() > 0
                      ? tr(" · reading %1 of %2").arg(grouped(reading_->done()), grouped(reading_->found()))
                      : tr(" · looking for runs");
    bar_->setStatus(all == 0 && !reading_->busy() ? QString() : status);
    if (reading_->error())
        empty_->setText(toQString(reading_->error()->message));
    else if (all == 0 && reading_->busy())
        empty_->setText(tr("Looking for runs."));
    else if (all == 0)
        empty_->setText(tr("There are no runs in this folder yet.\nPress Run (F5) to make one, or choose "
                           "another folder."));
    else
        empty_->setText(tr("No run is like this.\nTake words out of the filter, or list the archived too."));
    stack_->setCurrentWidget(listed == 0 ? static_cast<QWidget*>(empty_) : table_);
}

void RunsView::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Choose a folder of runs"), folder_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &RunsView::setFolder);
    dialog->open();
}

void RunsView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (reading_ == nullptr)
        make();
    else
        look();
}

void RunsView::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    again_.stop();
}

} // namespace stillroom
