#include "core/experiment/sweep_tasks.h"

#include "core/base/number.h"
#include "core/base/random.h"
#include "core/experiment/settings.h"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

namespace stillroom {

namespace {

void add(SweepTask& task, const SweepValue& value) {
    task.label += (task.label.empty() ? "" : ", ") + value.name;
    task.settings.insert(task.settings.end(), value.settings.begin(), value.settings.end());
}

SweepValue drawn(const SweepAxis& axis, Random& random) {
    if (!axis.span)
        return axis.values[random.below(static_cast<std::uint32_t>(axis.values.size()))];
    const auto [from, to, logarithmic] = *axis.span;
    const double at = random.uniform();
    const double value = logarithmic ? std::exp(std::log(from) + at * (std::log(to) - std::log(from)))
                                     : from + at * (to - from);
    const std::string text = writeNumber(*readNumber(fmt::format("{:.4g}", value))); // four digits say enough
    return {fmt::format("{} {}", axis.key.substr(axis.key.rfind('.') + 1), text), {{axis.key, text}}};
}

/// All combinations; 0 axes' worth is one.
Result<std::vector<SweepTask>> gridOf(const Sweep& sweep) {
    std::vector<SweepTask> tasks(1);
    for (const auto& axis : sweep.axes) {
        std::vector<SweepTask> more;
        if (tasks.size() * axis.values.size() > static_cast<std::size_t>(MostSweepTasks))
            return fail(fmt::format("sweep.over makes more than {} runs; leave some values out, or draw some "
                                    "of them with how: random",
                                    groupThousands(MostSweepTasks)));
        for (const auto& task : tasks)
            for (const auto& value : axis.values)
                add(more.emplace_back(task), value);
        tasks = std::move(more);
    }
    return tasks;
}

Result<std::vector<SweepTask>> drawnOf(const Sweep& sweep) {
    double combinations = 1;
    for (const auto& axis : sweep.axes)
        combinations *= axis.span ? 1e18 : static_cast<double>(axis.values.size());
    if (static_cast<double>(sweep.samples) > combinations)
        return fail(fmt::format("sweep.samples is {}, but there are only {} combinations; lower it, or write "
                                "how: grid",
                                groupThousands(sweep.samples), combinations));
    Random random(static_cast<std::uint64_t>(sweep.seed), "sweep");
    std::vector<SweepTask> tasks;
    std::set<std::string> had;
    // A span may have fewer numbers of four digits than samples: it ends all the same.
    for (std::int64_t tries = 0; static_cast<std::int64_t>(tasks.size()) < sweep.samples; ++tries) {
        if (tries > 1000 * sweep.samples)
            return fail(fmt::format("sweep.samples is {}, but hardly more than {} different ones could be "
                                    "drawn; lower it, or widen what is drawn from",
                                    groupThousands(sweep.samples), tasks.size()));
        SweepTask task;
        for (const auto& axis : sweep.axes)
            add(task, drawn(axis, random));
        if (had.insert(task.label).second)
            tasks.push_back(std::move(task));
    }
    return tasks;
}

/// One sentence for the first thing wrong in a task.
Result<void> check(const Sweep& sweep, const SweepTask& task) {
    const auto inTask = [&](const std::string& what) {
        return fail(fmt::format("run {} of the sweep ({}): {}", task.number, task.label, what));
    };
    const auto experiment = experimentOf(sweep, task);
    if (!experiment)
        return inTask(experiment.error().message);
    for (const auto& setting : task.settings)
        if (!settingApplies(*experiment, setting.key) && !setting.value.empty())
            return inTask(fmt::format("{} does nothing without {}; leave it out there, with a variant say",
                                      setting.key, findSetting(setting.key)->needs));
    if (auto checked = checkExperiment(*experiment); !checked)
        return inTask(checked.error().message);
    return {};
}

} // namespace

Result<std::vector<SweepTask>> tasksOf(const Sweep& sweep) {
    auto tasks = sweep.how == SweepHow::Random ? drawnOf(sweep) : gridOf(sweep);
    if (!tasks)
        return tasks;
    std::map<std::string, int> had;
    for (std::size_t i = 0; i < tasks->size(); ++i) {
        SweepTask& task = (*tasks)[i];
        task.number = static_cast<int>(i) + 1;
        if (auto checked = check(sweep, task); !checked)
            return fail(std::move(checked.error()));
        const auto [same, isNew] =
            had.emplace(writeExperiment(*experimentOf(sweep, task), YamlDetail::Changed), task.number);
        if (!isNew)
            return fail(fmt::format("runs {} and {} of the sweep are the same ({}); leave one of them out",
                                    same->second, task.number, task.label));
    }
    return tasks;
}

Result<Experiment> experimentOf(const Sweep& sweep, const SweepTask& task) {
    Experiment experiment = sweep.base;
    for (const auto& setting : task.settings)
        if (auto set = setSetting(experiment, setting.key, setting.value); !set)
            return fail(std::move(set.error()));
    return experiment;
}

} // namespace stillroom
