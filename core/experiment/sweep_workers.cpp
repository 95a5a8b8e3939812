#include "core/experiment/sweep_workers.h"

#include <algorithm>
#include <thread>

namespace stillroom {

namespace {

std::int64_t cores() {
    return std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

int sweepWorkers(const Sweep& sweep) {
    const std::int64_t threads = sweep.base.training.threads;
    if (sweep.workers > 0)
        return static_cast<int>(sweep.workers);
    return threads == 0 ? 1 : static_cast<int>(std::max<std::int64_t>(1, cores() / threads));
}

bool divideCores(Sweep& sweep, int workers) {
    if (sweep.base.training.threads != 0 || workers < 2)
        return false;
    sweep.base.training.threads = std::max<std::int64_t>(1, cores() / workers);
    return true;
}

} // namespace stillroom
