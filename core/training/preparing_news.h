// What is done before the first step, told while it is done: a thread that looks at its progress.
#pragma once

#include "core/base/progress.h"
#include "core/engine/session.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace stillroom {

/// Sends a PreparingEvent four times a second until it is destroyed; first after half a second, so that what
/// takes no time is not spoken of. Meanwhile nobody else may use the sink.
class PreparingNews {
  public:
    PreparingNews(const Progress& progress, std::string doing, const EventSink& sink);
    ~PreparingNews();
    PreparingNews(const PreparingNews&) = delete;
    PreparingNews& operator=(const PreparingNews&) = delete;

  private:
    void work();

    const Progress& progress_;
    const std::string doing_;
    const EventSink& sink_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false;
    std::thread thread_;
};

} // namespace stillroom
