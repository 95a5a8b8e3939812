#include "widgets/labelling_job.h"

#include "core/data/loader.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <utility>

namespace stillroom {
namespace {

constexpr int PollPeriod = 200; // ms

} // namespace

/// What a worker needs: the texts that are there, or where they are read.
struct LabellingJob::Source {
    Data data; ///< null: to be read
    DataSettings settings;
    TeacherSettings teacher;
    std::string root;
    BadRowPolicy badRows;
    std::shared_ptr<Progress> progress;
};

LabellingJob::LabellingJob(RunController* controller, QObject* parent)
    : QObject(parent), controller_(controller) {
    poll_.setInterval(PollPeriod);
    connect(&poll_, &QTimer::timeout, this, &LabellingJob::poll);
    connect(controller_->document(), &ExperimentDocument::replaced, this, [this] {
        cancel();
        estimate_.reset();
        if (doing_ == Doing::Nothing) {
            result_.reset();
            problem_.clear();
            state_ = {};
        }
        Q_EMIT changed();
    });
}

LabellingJob::~LabellingJob() {
    cancel();
    pool_.finish();
}

QString LabellingJob::idOf(std::uint32_t row) const {
    return data_ && row < data_->size() ? toQString(data_->id(row)) : QString();
}

LabellingJob::Source LabellingJob::source() {
    const Experiment& experiment = controller_->document()->experiment();
    Source source;
    // Data that are being read again may be others by then.
    if (controller_->state() == RunState::Ready && controller_->examples() != nullptr)
        source.data = controller_->examples()->set.data;
    source.settings = experiment.data;
    source.teacher = experiment.teacher;
    source.root = controller_->dataRoot().toStdString();
    source.badRows = controller_->badRows();
    source.progress = progress_;
    return source;
}

Result<LabellingJob::Data> LabellingJob::read(const Source& source) {
    if (source.data)
        return source.data;
    LoadContext context;
    context.root = source.root;
    context.badRows = source.badRows;
    context.progress = source.progress.get();
    Labels labels;
    auto loaded = loadData(source.settings, context, labels);
    if (!loaded)
        return stillroom::fail(std::move(loaded.error()));
    if (loaded->report.badRows.count > 0 && source.badRows == BadRowPolicy::Stop)
        return stillroom::fail(loaded->report.badRows.error());
    return std::make_shared<const Dataset>(std::move(loaded->dataset));
}

LabellingRequest LabellingJob::request(const Source& source, const Dataset& data, bool again) {
    LabellingRequest request;
    request.settings = source.teacher.llm;
    const auto rows = data.rows(Split::Train);
    request.rows.assign(rows.begin(), rows.end());
    request.folder = source.root; // where the answers are looked for when the data are read
    request.askAgain = again;
    return request;
}

void LabellingJob::begin(Doing doing) {
    problem_.clear();
    progress_ = std::make_shared<Progress>();
    enter(doing);
}

void LabellingJob::estimate() {
    if (doing_ != Doing::Nothing)
        return;
    begin(Doing::Estimating);
    using Estimated = std::pair<Data, LabellingEstimate>;
    pool_.run(
        [from = source()]() -> Result<Estimated> {
            auto data = read(from);
            if (!data)
                return stillroom::fail(std::move(data.error()));
            auto estimate = estimateLabelling(request(from, **data, false), **data);
            if (!estimate)
                return stillroom::fail(std::move(estimate.error()));
            return Estimated{std::move(*data), std::move(*estimate)};
        },
        [this](Result<Estimated> result) {
            if (!result) {
                fail(result.error());
                return;
            }
            data_ = std::move(result->first);
            estimate_ = std::move(result->second);
            enter(Doing::Nothing);
        });
}

void LabellingJob::ask(bool again) {
    if (doing_ != Doing::Nothing)
        return;
    result_.reset();
    state_ = {};
    begin(Doing::Reading);
    pool_.run(
        [from = source(), again]() -> Result<Begun> {
            auto data = read(from);
            if (!data)
                return stillroom::fail(std::move(data.error()));
            auto labelling = Labelling::start(request(from, **data, again), *data);
            if (!labelling)
                return stillroom::fail(std::move(labelling.error()));
            return Begun{std::move(*data), std::move(*labelling)};
        },
        [this](Result<Begun> result) { begun(std::move(result)); });
}

void LabellingJob::begun(Result<Begun> start) {
    if (!start) {
        fail(start.error());
        return;
    }
    data_ = std::move(start->data);
    labelling_ = std::move(start->labelling);
    if (progress_->cancelled()) // while the texts were read
        labelling_->cancel();
    poll_.start();
    enter(Doing::Asking);
}

void LabellingJob::cancel() {
    if (progress_)
        progress_->cancel();
    if (labelling_)
        labelling_->cancel();
}

void LabellingJob::poll() {
    state_ = labelling_->state();
    if (state_.finished) {
        poll_.stop();
        enter(Doing::Ending);
        pool_.run([labelling = labelling_] { return labelling->wait(); },
                  [this](Result<LabellingResult> result) { ended(std::move(result)); });
        return;
    }
    Q_EMIT changed();
}

void LabellingJob::ended(Result<LabellingResult> result) {
    labelling_.reset();
    if (result) {
        state_ = result->state;
        result_ = std::move(*result);
        estimate_.reset(); // there is less to ask now
        const QString answered =
            tr("%1 of %2 texts").arg(grouped(state_.known - state_.refused), grouped(state_.rows));
        const bool whole = result_->ended.empty();
        Q_EMIT said(
            whole ? tr("The LLM has answered %1.").arg(answered)
                  : tr("Asking ended: %1. The LLM has answered %2.").arg(toQString(result_->ended), answered),
            whole && result_->problems.empty() ? MessageKind::Info : MessageKind::Warning);
        enter(Doing::Nothing);
    } else {
        fail(result.error());
    }
    // Also of one that ended early: what is stored is stored.
    if (state_.known > 0 && controller_->document()->experiment().teacher.kind == TeacherKind::Llm)
        controller_->reload();
}

void LabellingJob::fail(const Error& error) {
    if (error.kind != ErrorKind::Cancelled) {
        problem_ = RunController::forTheWindow(error.message);
        Q_EMIT said(problem_, MessageKind::Error);
    }
    enter(Doing::Nothing);
}

void LabellingJob::enter(Doing doing) {
    doing_ = doing;
    Q_EMIT changed();
}

} // namespace stillroom
