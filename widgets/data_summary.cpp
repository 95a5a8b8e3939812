#include "widgets/data_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {
namespace {

std::size_t binOf(float confidence) {
    const auto bin = static_cast<int>(confidence * static_cast<float>(DataSummary::Bins));
    return static_cast<std::size_t>(std::clamp(bin, 0, DataSummary::Bins - 1));
}

/// Rows of a histogram under a threshold. A bin that the threshold cuts counts as not under it: stated
/// confidences (0.95) lie at the low edge of their bin.
std::int64_t under(const DataSummary::Histogram& histogram, double threshold) {
    const double edge = threshold * DataSummary::Bins - 1e-6;
    std::int64_t rows = 0;
    for (int bin = 0; bin < DataSummary::Bins && bin < edge; ++bin)
        rows += histogram[static_cast<std::size_t>(bin)];
    return rows;
}

} // namespace

DataSummary DataSummary::of(const DistillationSet& set) {
    DataSummary s;
    if (!set.data)
        return s;
    const Dataset& data = *set.data;
    s.classes = data.classes();
    const auto classCount = s.classes.size();
    for (int split = 0; split < SplitCount; ++split) {
        const auto index = static_cast<std::size_t>(split);
        const auto rows = data.rows(static_cast<Split>(split));
        s.rows[index] = static_cast<std::int64_t>(rows.size());
        s.goldByClass[index].assign(classCount, 0);
        for (const auto row : rows) {
            if (const int gold = data.gold(row); gold >= 0) {
                ++s.withGold[index];
                ++s.goldByClass[index][static_cast<std::size_t>(gold)];
            }
        }
    }
    s.taughtByClass.assign(classCount, 0);
    s.confidenceByClass.assign(classCount, Histogram{});
    s.meanConfidence.assign(classCount, 0.0);
    if (!set.teacher || set.teacher->size() != data.size())
        return s;
    const TeacherOutputs& teacher = *set.teacher;
    bool stated = false;
    for (const auto row : data.rows(Split::Train)) {
        if (!teacher.has(row))
            continue;
        const auto label = static_cast<std::size_t>(teacher.label(row));
        const float confidence = teacher.confidence(row);
        const auto bin = binOf(confidence);
        ++s.taught;
        ++s.taughtByClass[label];
        ++s.confidence[bin];
        ++s.confidenceByClass[label][bin];
        s.meanConfidence[label] += confidence;
        s.meanConfidenceOfAll += confidence;
        stated = stated || teacher.origin(row) == TeacherOrigin::Stated;
        if (const int gold = data.gold(row); gold >= 0) {
            ++s.confidenceWithGold[bin];
            if (gold == teacher.label(row))
                ++s.confidenceRight[bin];
        }
    }
    s.filledIn = stated;
    for (std::size_t k = 0; k < classCount; ++k)
        s.meanConfidence[k] = s.taughtByClass[k] == 0
                                  ? std::numeric_limits<double>::quiet_NaN()
                                  : s.meanConfidence[k] / static_cast<double>(s.taughtByClass[k]);
    s.meanConfidenceOfAll /= static_cast<double>(std::max<std::int64_t>(1, s.taught));
    return s;
}

double DataSummary::refusedBy(const std::vector<double>& teacherThresholds) const {
    if (taught == 0)
        return 0;
    std::int64_t refused = 0;
    for (std::size_t k = 0; k < confidenceByClass.size() && k < teacherThresholds.size(); ++k)
        refused += under(confidenceByClass[k], teacherThresholds[k]);
    return static_cast<double>(refused) / static_cast<double>(taught);
}

double DataSummary::refusedBelow(double cut) const {
    return taught == 0 ? 0 : static_cast<double>(under(confidence, cut)) / static_cast<double>(taught);
}

double DataSummary::cutOfTop(double ratio) const {
    std::int64_t kept = 0;
    const auto wanted = static_cast<std::int64_t>(ratio * static_cast<double>(taught));
    for (int bin = Bins - 1; bin >= 0; --bin) {
        kept += confidence[static_cast<std::size_t>(bin)];
        if (kept >= wanted)
            return static_cast<double>(bin) / Bins;
    }
    return 0;
}

} // namespace stillroom
