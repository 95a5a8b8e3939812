#include "app/cli/interrupt.h"

#include <atomic>
#include <csignal>

namespace stillroom::cli {

namespace {
// The signal reaches any of the threads, while another one asks: sig_atomic_t would do for one thread alone.
std::atomic<bool> caught{false};
static_assert(std::atomic<bool>::is_always_lock_free);
} // namespace

void catchInterrupts() {
    struct sigaction action = {};
    action.sa_handler = [](int) { caught.store(true, std::memory_order_relaxed); };
    action.sa_flags = static_cast<int>(SA_RESETHAND); // the second one finds the default again
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
    return caught.load(std::memory_order_relaxed);
}

} // namespace stillroom::cli
