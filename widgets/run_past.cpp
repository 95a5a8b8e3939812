#include "widgets/run_past.h"

#include <algorithm>

namespace stillroom {

std::vector<Event> pastEvents(const StoredRun& run, std::int64_t step) {
    std::vector<Event> events;
    events.emplace_back(run.started);
    auto window = run.windows.begin();
    auto record = run.steps.begin();
    auto evaluation = run.evaluations.begin();
    auto edit = run.edits.begin();
    SampleCounts counts;
    // Up to the end of a step: what was done, then what was measured of it.
    const auto advance = [&](std::int64_t until) {
        StepsEvent steps;
        for (; record != run.steps.end() && record->step <= until; ++record)
            steps.steps.push_back(*record);
        for (; window != run.windows.end() && window->lastStep <= until; ++window)
            steps.windows.push_back(*window);
        if (!steps.steps.empty()) {
            steps.counts = counts;
            events.emplace_back(std::move(steps));
        }
    };
    for (;;) {
        while (evaluation != run.evaluations.end() && evaluation->split != Split::Validation)
            ++evaluation;
        const bool evaluates = evaluation != run.evaluations.end() && evaluation->step <= step;
        const bool edits = edit != run.edits.end() && edit->step <= step;
        if (evaluates && (!edits || evaluation->step < edit->step)) {
            advance(evaluation->step);
            counts = evaluation->counts;
            events.emplace_back(*evaluation++);
        } else if (edits) {
            advance(edit->step - 1);
            events.emplace_back(*edit++);
        } else {
            advance(step);
            return events;
        }
    }
}

} // namespace stillroom
