// How the window's data are read: when, by whom, and what becomes of it.
#include "widgets/run_controller.h"

#include "widgets/text.h"

#include <QDateTime>

namespace stillroom {

double RunController::loadSeconds() const {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch() - loadBegan_) / 1000;
}

void RunController::setBadRows(BadRowPolicy policy) {
    badRows_ = policy;
    reload();
}

void RunController::reload() {
    loadSoon_.stop();
    if (underWay(state_))
        loadAfterRun_ = true;
    else
        load();
}

void RunController::cancelLoading() {
    if (state_ != RunState::Loading)
        return;
    progress_->cancel();
    wanted_ = Wanted::Nothing;
    plan_.reset();
}

void RunController::load() {
    if (underWay(state_))
        return;
    if (progress_)
        progress_->cancel(); // an earlier reading is for nothing now
    ++loading_;
    loadError_.reset();
    if (document_->experiment().data.train.files.empty()) {
        examples_.reset();
        progress_.reset();
        wanted_ = Wanted::Nothing;
        enter(RunState::Empty);
        Q_EMIT examplesChanged();
        return;
    }
    progress_ = std::make_shared<Progress>();
    loadBegan_ = QDateTime::currentMSecsSinceEpoch();
    enter(RunState::Loading);
    pool_.run(
        [experiment = document_->experiment(), root = dataRoot().toStdString(), policy = badRows_,
         progress = progress_] {
            LoadContext context;
            context.root = root;
            context.badRows = policy;
            context.progress = progress.get();
            return readExamples(experiment, context);
        },
        [this, number = loading_](Result<Examples> result) { loaded(number, std::move(result)); });
}

void RunController::loaded(int number, Result<Examples> result) {
    if (number != loading_)
        return;
    progress_.reset();
    if (result) {
        examples_ = std::make_shared<const Examples>(std::move(*result));
        const auto bad = examples_->report.badRows.count;
        const QString read = tr("Read %1 texts in %2.")
                                 .arg(grouped(examples_->summary.rows[0] + examples_->summary.rows[1] +
                                              examples_->summary.rows[2]),
                                      duration(examples_->report.seconds));
        Q_EMIT said(bad > 0 ? tr("%1 %2 bad rows were left out.").arg(read, grouped(bad)) : read,
                    bad > 0 ? MessageKind::Warning : MessageKind::Info, {});
        enter(RunState::Ready);
    } else {
        examples_.reset();
        loadError_ = result.error();
        if (result.error().kind != ErrorKind::Cancelled)
            say(*loadError_);
        enter(RunState::Broken);
    }
    Q_EMIT examplesChanged();
    const Wanted wanted = std::exchange(wanted_, Wanted::Nothing);
    if (examples_ && wanted != Wanted::Nothing)
        start(wanted == Wanted::Step);
}

} // namespace stillroom
