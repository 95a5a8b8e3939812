// The runs of a sweep, one by one.
#pragma once

#include "core/experiment/sweep.h"

namespace stillroom {

struct SweepTask {
    int number = 0;                     ///< from 1
    std::string label;                  ///< for people, "half, seed 2": what tells it from the others
    std::vector<SweepSetting> settings; ///< what of the base it changes
    friend bool operator==(const SweepTask&, const SweepTask&) = default;
};

/// All of them, each checked as `checkExperiment` does. The same sweep gives the same tasks, also where they
/// are drawn. Errors: more than MostSweepTasks; a task's settings contradict each other, or one of them does
/// nothing there; two tasks are the same; fewer combinations than samples.
Result<std::vector<SweepTask>> tasksOf(const Sweep& sweep);

/// The base with the task's settings. Errors: a setting that this program does not know.
Result<Experiment> experimentOf(const Sweep& sweep, const SweepTask& task);

} // namespace stillroom
