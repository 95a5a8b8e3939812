// The thread between a session and its view: what the session says is recorded first and shown then. Private
// to core/experiment.
#pragma once

#include "core/base/channel.h"
#include "core/engine/events.h"
#include "core/experiment/run_folder.h"
#include "core/experiment/view_inbox.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace stillroom {

class Recorder {
  public:
    /// `stopTraining` is called once, on the recorder's thread, when recording fails.
    Recorder(std::unique_ptr<RunFolder> folder, std::function<void()> stopTraining);
    /// Records what was sent, then ends. Nobody may send any more.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Begins to record; until then events wait in the queue. Once.
    void start();
    /// The session's sink. Waits while the queue is full: training waits if the disk does. Any thread.
    void send(Event event) { queue_.send(std::move(event)); }
    /// Before `start`: the folder back, to be removed.
    std::unique_ptr<RunFolder> release() { return std::move(folder_); }

    [[nodiscard]] ViewInbox& inbox() { return inbox_; }

  private:
    static constexpr std::size_t QueuedEvents = 256;

    void work();
    void handle(std::vector<Event> events);
    void fail(const Error& error);
    void passOn(std::vector<Event> events);

    std::unique_ptr<RunFolder> folder_;
    std::function<void()> stopTraining_;
    Channel<Event> queue_{QueuedEvents};
    ViewInbox inbox_;
    std::optional<std::string> failure_; ///< recording has failed, and why; the recorder's thread alone
    std::thread thread_;
};

} // namespace stillroom
