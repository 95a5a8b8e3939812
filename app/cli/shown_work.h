// Work that takes a while, shown: by a thread of its own, with a bar and the time that is left,
// and Ctrl-C cancels it.
#pragma once

#include "app/cli/interrupt.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/base/progress.h"

#include <chrono>
#include <future>
#include <string>

namespace stillroom::cli {

/// What `work(progress)` gives; meanwhile the bar says `doing`.
template <class Work>
auto shownWork(const Options& options, const std::string& doing, Work work) {
    catchInterrupts();
    ProgressLine line(options.quiet);
    Progress progress;
    auto working = std::async(std::launch::async, [&] { return work(progress); });
    const auto begin = std::chrono::steady_clock::now();
    while (working.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (interrupted())
            progress.cancel();
        const auto done = static_cast<double>(progress.done()), total = static_cast<double>(progress.total());
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        constexpr double Enough = 2; // seconds, before which nobody knows how long it takes
        const bool known = seconds > Enough && done > 0 && done < total;
        line.show(total > 0 ? done / total : 0,
                  known ? doing + ", " + timeLeft(seconds * (total - done) / done) : doing);
    }
    line.clear();
    return working.get();
}

} // namespace stillroom::cli
