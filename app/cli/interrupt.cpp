#include "app/cli/interrupt.h"

#include <csignal>

namespace stillroom::cli {

namespace {
volatile std::sig_atomic_t caught = 0;
} // namespace

void catchInterrupts() {
    struct sigaction action = {};
    action.sa_handler = [](int) { caught = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND); // the second one finds the default again
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
    return caught != 0;
}

} // namespace stillroom::cli
