#include "core/teacher/labelling.h"

#include "core/teacher/labelling_worker.h"

#include <QDeadlineTimer>
#include <QThread>
#include <atomic>
#include <mutex>

namespace stillroom {

struct Labelling::Private {
    /// The worker lives in `run`, so that it is made and ends in its own thread.
    class Thread : public QThread {
      public:
        explicit Thread(Private& all) : all_(all) {}

      private:
        void run() override {
            LabellingWorker worker(all_.request, all_.prompt, all_.data, all_.cancelled,
                                   [this](const LabellingState& state) {
                                       const std::lock_guard lock(all_.mutex);
                                       all_.state = state;
                                   });
            {
                const std::lock_guard lock(all_.mutex);
                all_.worker = &worker;
            }
            QMetaObject::invokeMethod(
                &worker, [&] { worker.begin([this] { quit(); }); }, Qt::QueuedConnection);
            exec();
            const std::lock_guard lock(all_.mutex);
            all_.worker = nullptr;
            all_.error = std::move(worker.error);
            all_.result = std::move(worker.result);
        }
        Private& all_;
    };

    LabellingRequest request;
    LlmPrompt prompt;
    std::shared_ptr<const Dataset> data;
    std::atomic<bool> cancelled{false};
    mutable std::mutex mutex; ///< of what follows
    LabellingWorker* worker = nullptr;
    LabellingState state;
    LabellingResult result;
    std::optional<Error> error;
    std::unique_ptr<Thread> thread;
};

Labelling::Labelling(std::unique_ptr<Private> d) : d_(std::move(d)) {}

Labelling::~Labelling() {
    cancel();
    d_->thread->wait();
}

Result<std::unique_ptr<Labelling>> Labelling::start(LabellingRequest request,
                                                    std::shared_ptr<const Dataset> data) {
    if (auto checked = checkLlm(request.settings); !checked)
        return fail(std::move(checked.error()));
    auto prompt = LlmPrompt::load(request.settings, request.folder, data->classes());
    if (!prompt)
        return fail(std::move(prompt.error()));
    auto d = std::make_unique<Private>();
    d->state.rows = static_cast<std::int64_t>(request.rows.size());
    d->request = std::move(request);
    d->prompt = std::move(*prompt);
    d->data = std::move(data);
    d->thread = std::make_unique<Private::Thread>(*d);
    d->thread->start();
    return std::unique_ptr<Labelling>(new Labelling(std::move(d))); // NOLINT: a private constructor
}

LabellingState Labelling::state() const {
    const std::lock_guard lock(d_->mutex);
    return d_->state;
}

void Labelling::cancel() {
    d_->cancelled = true; // seen before and while the worker looks into the store
    const std::lock_guard lock(d_->mutex);
    if (d_->worker != nullptr)
        QMetaObject::invokeMethod(
            d_->worker, [worker = d_->worker] { worker->cancel(); }, Qt::QueuedConnection);
}

bool Labelling::wait(int milliseconds) {
    return d_->thread->wait(QDeadlineTimer(milliseconds));
}

Result<LabellingResult> Labelling::wait() {
    d_->thread->wait();
    const std::lock_guard lock(d_->mutex);
    if (d_->error)
        return fail(*d_->error);
    return d_->result;
}

} // namespace stillroom
