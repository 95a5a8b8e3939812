// Progress on stderr: one line that is drawn over on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <string>

namespace stillroom::cli {

class ProgressLine {
  public:
    /// Quiet: says nothing at all.
    explicit ProgressLine(bool quiet);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// `share` in [0, 1]; drawn at most ten times a second, and only on a terminal.
    void show(double share, const std::string& text);
    /// Where there is no bar a line that stays says what begins; else nothing.
    void begin(const std::string& text);
    /// A line that stays, above the bar.
    void say(const std::string& text);
    /// Removes the bar.
    void clear();

  private:
    bool quiet_, terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_{};
};

/// "about 2 min left", "about 3 s left".
[[nodiscard]] std::string timeLeft(double seconds);

} // namespace stillroom::cli
