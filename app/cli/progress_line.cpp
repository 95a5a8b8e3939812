#include "app/cli/progress_line.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace stillroom::cli {

namespace {

int columns() {
    winsize size = {};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::show(double share, const std::string& text) {
    const auto now = std::chrono::steady_clock::now();
    if (quiet_ || !terminal_ || now - last_ < std::chrono::milliseconds(100))
        return;
    last_ = now;
    constexpr int Width =
        20; // so that 80 columns have room for "computing the texts' vectors, once, about 19 min left"
    const int filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * Width));
    std::string bar;
    for (int i = 0; i < Width; ++i)
        bar += i < filled ? "█" : "░";
    // The bar takes Width columns and the percentage 6; what does not fit is cut, or the line would wrap.
    const auto room = static_cast<std::size_t>(std::max(0, columns() - Width - 7));
    fmt::print(stderr, "\r\x1b[K{} {:3.0f} % {}", bar, 100 * std::clamp(share, 0.0, 1.0),
               text.substr(0, room));
    std::fflush(stderr);
    drawn_ = true;
}

void ProgressLine::begin(const std::string& text) {
    if (!terminal_)
        say(text);
}

void ProgressLine::say(const std::string& text) {
    if (quiet_)
        return;
    clear();
    fmt::print(stderr, "{}\n", text);
}

void ProgressLine::clear() {
    if (!drawn_)
        return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    drawn_ = false;
}

std::string timeLeft(double seconds) {
    if (seconds < 90)
        return fmt::format("about {:.0f} s left", std::ceil(seconds));
    if (seconds < 5400)
        return fmt::format("about {:.0f} min left", std::ceil(seconds / 60));
    return fmt::format("about {:.1f} h left", seconds / 3600);
}

} // namespace stillroom::cli
