// Work off the GUI thread: `job` runs on a pool's thread, `done` gets its result on the owner's.
// Who owns the pool waits for it in its destructor; a result that arrives after the owner is gone is dropped.
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace stillroom {

/// Results may be move-only; `job` and `done` are copied.
template <class Job, class Done>
void inBackground(QThreadPool& pool, QObject* owner, Job job, Done done) {
    pool.start([owner, job = std::move(job), done = std::move(done)]() mutable {
        auto result = std::make_shared<decltype(job())>(job());
        QMetaObject::invokeMethod(
            owner, [result, done]() mutable { done(std::move(*result)); }, Qt::QueuedConnection);
    });
}

} // namespace stillroom
