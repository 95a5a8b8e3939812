// Small sample tables that tests write down or draw.
#pragma once

#include "core/base/random.h"
#include "core/lab/sample_table.h"
#include "core/selection/sample_trace.h"

#include <limits>
#include <string>
#include <vector>

namespace stillroom::test {

struct Made {
    std::int32_t label = 0;
    float confidence = 0.5F;
    std::int32_t gold = -1;
    std::string text = {};
    std::string id = {};
};

inline SampleTable madeTable(int classes, const std::vector<Made>& samples) {
    DatasetBuilder builder;
    for (const auto& sample : samples)
        builder.add(sample.id, sample.text, sample.gold, Split::Train);
    std::vector<std::string> names;
    for (int k = 0; k < classes; ++k)
        names.push_back("class " + std::to_string(k));
    TeacherOutputs teacher(samples.size(), classes);
    for (std::size_t i = 0; i < samples.size(); ++i)
        teacher.set(i, samples[i].label, samples[i].confidence, TeacherOrigin::Stated);
    return SampleTable({std::make_shared<const Dataset>(builder.finish(names)),
                        std::make_shared<const TeacherOutputs>(std::move(teacher))});
}

/// Few confidences among many, as teachers have them; gold for some.
inline std::vector<Made> drawSamples(std::size_t count, int classes, Random& random) {
    std::vector<Made> samples;
    for (std::size_t i = 0; i < count; ++i) {
        Made made;
        made.label = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(classes)));
        made.confidence = random.uniform() < 0.5
                              ? static_cast<float>(0.05 * static_cast<double>(random.below(21)))
                              : static_cast<float>(random.uniform());
        const double kind = random.uniform();
        if (kind < 0.4)
            made.gold = made.label;
        else if (kind < 0.7)
            made.gold = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(classes)));
        samples.push_back(made);
    }
    return samples;
}

/// Every verdict; the student not asked now and then.
inline std::vector<SampleTrace> drawTraces(std::size_t count, int classes, Random& random) {
    std::vector<SampleTrace> traces;
    for (std::size_t i = 0; i < count; ++i) {
        const auto verdict = static_cast<Verdict>(random.below(VerdictCount));
        if (random.uniform() < 0.1)
            traces.emplace_back(verdict, std::numeric_limits<float>::quiet_NaN(), -1);
        else
            traces.emplace_back(verdict,
                                random.uniform() < 0.3 ? 0.125F * static_cast<float>(random.below(9))
                                                       : static_cast<float>(random.uniform()),
                                static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(classes))));
    }
    return traces;
}

} // namespace stillroom::test
