// An engine without Torch: its sessions say what a script says, on a thread of their own.
#pragma once

#include "core/engine/engine.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace stillroom {

class FakeSession : public Session {
  public:
    /// Runs on the session's thread; its end is the session's.
    using Script = std::function<void(FakeSession&)>;

    FakeSession(EventSink sink, Script script, std::atomic<int>& stops)
        : sink_(std::move(sink)), stops_(stops),
          thread_([this, script = std::move(script)] { script(*this); }) {}
    ~FakeSession() override {
        stopped_ = true;
        thread_.join();
    }

    std::uint64_t send(decltype(Command::what) what) override {
        if (std::holds_alternative<StopCommand>(what)) {
            ++stops_;
            stopped_ = true;
        }
        const std::lock_guard lock(mutex_);
        waiting_.push_back({++number_, std::move(what)});
        return number_;
    }

    // For scripts.
    void say(Event event) {
        sink_(std::move(event));
        ++said_;
    }
    [[nodiscard]] bool stopped() const { return stopped_; }
    /// Answers every command, as sessions do.
    void answer(std::int64_t step) {
        std::vector<Command> commands;
        {
            const std::lock_guard lock(mutex_);
            commands.swap(waiting_);
        }
        for (const auto& command : commands)
            say(AcknowledgedEvent{command.number, step, {}});
    }
    /// Any thread.
    [[nodiscard]] int said() const { return said_; }

  private:
    EventSink sink_;
    std::atomic<int>& stops_;
    std::atomic<bool> stopped_ = false;
    std::atomic<int> said_ = 0;
    std::mutex mutex_;
    std::vector<Command> waiting_;
    std::uint64_t number_ = 0;
    std::thread thread_; // last: it uses the others
};

class FakeEngine : public Engine {
  public:
    explicit FakeEngine(FakeSession::Script script) : script_(std::move(script)) {}
    [[nodiscard]] EngineInfo info() const override { return {"9.9", "NoBLAS", "", 5, {{"cpu", "none"}}}; }
    Result<std::unique_ptr<Session>> start(SessionSpec spec, EventSink sink) override {
        lastSpec = std::move(spec);
        if (!refusal.empty())
            return fail(refusal);
        auto made = std::make_unique<FakeSession>(std::move(sink), script_, stops);
        session = made.get();
        return made;
    }
    Result<TextVectors> embed(const EmbedRequest& request, std::span<const std::string_view> texts,
                              Progress*) override {
        lastEmbed = request;
        return vectors ? vectors(texts) : fail("no encoder here");
    }
    Result<std::unique_ptr<Student>> openStudent(const std::string&) override {
        return fail("no students here");
    }
    Result<StudentExported> exportStudent(const StudentExport&, Progress*) override {
        return fail("no students here");
    }
    Result<std::unique_ptr<Student>> openExport(const std::string&) override {
        return fail("no exports here");
    }

    std::string refusal;
    SessionSpec lastSpec;
    EmbedRequest lastEmbed;
    std::function<Result<TextVectors>(std::span<const std::string_view>)> vectors;
    FakeSession* session = nullptr; ///< the last one; lives as long as its run
    std::atomic<int> stops = 0;     ///< StopCommands that sessions were sent

  private:
    FakeSession::Script script_;
};

} // namespace stillroom
