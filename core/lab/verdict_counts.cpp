#include "core/lab/verdict_counts.h"

#include <cassert>

namespace stillroom {

WhatIfResult countVerdicts(const SampleTable& table, std::span<const SampleTrace> traces, RuleKind rule) {
    assert(traces.size() == table.size());
    WhatIfResult result;
    result.byClass.resize(static_cast<std::size_t>(table.classCount));
    for (std::size_t i = 0; i < traces.size(); ++i) {
        const Verdict verdict = traces[i].verdict();
        const bool outside = verdict == Verdict::NotInShare;
        const bool teacher = verdict == Verdict::TeacherUnsure || verdict == Verdict::BothRefuse ||
                             (outside && rule == RuleKind::Teacher);
        const bool student = verdict == Verdict::StudentSure || verdict == Verdict::StudentUnsure ||
                             verdict == Verdict::BothRefuse || (outside && rule == RuleKind::Student);
        const bool kept = verdict == Verdict::Kept;
        const bool gold = table.gold[i] >= 0;
        const bool right = table.gold[i] == table.labels[i];
        for (auto* counts : {&result.byClass[static_cast<std::size_t>(table.labels[i])], &result.all}) {
            ++counts->samples;
            counts->withGold += gold ? 1 : 0;
            counts->right += right ? 1 : 0;
            counts->kept += kept ? 1 : 0;
            counts->refusedByTeacher += teacher ? 1 : 0;
            counts->refusedByStudent += student ? 1 : 0;
            counts->refusedByBoth += teacher && student ? 1 : 0;
            counts->keptWithGold += kept && gold ? 1 : 0;
            counts->keptRight += kept && right ? 1 : 0;
        }
        result.notScored += traces[i].scored() ? 0 : 1;
    }
    return result;
}

std::array<std::int64_t, VerdictCount> verdictTotals(std::span<const SampleTrace> traces) {
    std::array<std::int64_t, VerdictCount> totals{};
    for (const SampleTrace trace : traces)
        ++totals[static_cast<std::size_t>(trace.verdict())];
    return totals;
}

} // namespace stillroom
