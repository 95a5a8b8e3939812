#include "core/teacher/calibration.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace stillroom {

namespace {

constexpr std::size_t BinCount = 15;
constexpr std::size_t MostConfused = 1000; ///< classes: 8 MB of confusion

/// What is summed up over the rows.
struct Sums {
    std::int64_t right = 0;
    double confidence = 0, brier = 0, nll = 0;
    std::vector<std::int64_t> rightByClass;
    std::vector<double> binConfidence = std::vector<double>(BinCount);
    std::vector<std::int64_t> binRight = std::vector<std::int64_t>(BinCount);
    /// Confidence in the upper bits, right or wrong in the lowest: floats that are not negative order like
    /// their bits, and those up to 1 leave a bit free.
    std::vector<std::uint32_t> sorted;
};

std::size_t binOf(double confidence) {
    const double edge = std::ceil(confidence * static_cast<double>(BinCount) - 1e-6);
    return static_cast<std::size_t>(std::clamp(edge - 1, 0.0, static_cast<double>(BinCount - 1)));
}

/// Brier score and gold's probability of one row.
struct Fit {
    double brier;
    double gold;
};

Fit fitOf(const TeacherOutputs& teacher, std::size_t row, std::size_t gold, std::vector<float>& q) {
    if (teacher.hasVectors()) {
        teacher.distribution(row, q);
        double squares = 0;
        for (const double p : q)
            squares += p * p;
        const double p = q[gold];
        return {squares - 2 * p + 1, p};
    }
    // Of the filled-in vector, without filling it in.
    const double c = teacher.confidence(row);
    const auto others = static_cast<double>(teacher.classCount() - 1);
    const double each = others > 0 ? (1 - c) / others : 0;
    const double p = static_cast<std::size_t>(teacher.label(row)) == gold ? c : each;
    return {c * c + others * each * each - 2 * p + 1, p};
}

/// While they are filled, confidence and accuracy are sums. Returns the calibration error.
double equalMass(std::vector<std::uint32_t>& sorted, std::vector<TeacherQuality::Bin>& bins) {
    std::sort(sorted.begin(), sorted.end());
    const std::size_t size = sorted.size();
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < size;) {
        const std::uint32_t bits = sorted[begin] >> 1;
        std::size_t end = begin;
        std::size_t right = 0;
        for (; end < size && sorted[end] >> 1 == bits; ++end)
            right += sorted[end] & 1;
        const auto confidence = static_cast<double>(std::bit_cast<float>(bits));
        const double accuracy = static_cast<double>(right) / static_cast<double>(end - begin);
        while (begin < end) {
            const std::size_t edge = (number + 1) * size / BinCount;
            const std::size_t stop = std::min(edge, end);
            if (stop > begin) {
                auto& bin = bins[number];
                bin.low = bin.rows == 0 ? confidence : bin.low;
                bin.high = confidence;
                bin.rows += static_cast<std::int64_t>(stop - begin);
                bin.confidence += confidence * static_cast<double>(stop - begin);
                bin.accuracy += accuracy * static_cast<double>(stop - begin);
                begin = stop;
            }
            if (begin == edge)
                ++number;
        }
    }
    double error = 0;
    for (auto& bin : bins) {
        error += std::abs(bin.accuracy - bin.confidence);
        const auto rows = static_cast<double>(std::max<std::int64_t>(bin.rows, 1));
        bin.confidence /= rows;
        bin.accuracy /= rows;
    }
    return error / static_cast<double>(size);
}

double ratio(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

void finishClasses(const Sums& sums, TeacherQuality& quality) {
    double f1 = 0;
    int occurring = 0;
    for (std::size_t k = 0; k < sums.rightByClass.size(); ++k) {
        quality.precision[k] = ratio(sums.rightByClass[k], quality.labelCount[k]);
        quality.recall[k] = ratio(sums.rightByClass[k], quality.goldCount[k]);
        const std::int64_t both = quality.labelCount[k] + quality.goldCount[k];
        occurring += both > 0 ? 1 : 0;
        f1 += ratio(2 * sums.rightByClass[k], both);
    }
    quality.macroF1 = occurring > 0 ? f1 / occurring : 0;
}

void finishBins(const Sums& sums, TeacherQuality& quality) {
    double error = 0;
    for (std::size_t b = 0; b < BinCount; ++b) {
        auto& bin = quality.bins[b];
        bin.low = static_cast<double>(b) / BinCount;
        bin.high = static_cast<double>(b + 1) / BinCount;
        if (bin.rows == 0)
            continue;
        bin.confidence = sums.binConfidence[b] / static_cast<double>(bin.rows);
        bin.accuracy = ratio(sums.binRight[b], bin.rows);
        error += static_cast<double>(bin.rows) * std::abs(bin.accuracy - bin.confidence);
    }
    quality.eceEqualWidth = quality.rows > 0 ? error / static_cast<double>(quality.rows) : 0;
}

} // namespace

TeacherQuality measureTeacher(const Dataset& dataset, const TeacherOutputs& teacher, Split split) {
    return measureTeacher(dataset, teacher, dataset.rows(split));
}

TeacherQuality measureTeacher(const Dataset& dataset, const TeacherOutputs& teacher,
                              std::span<const std::uint32_t> rows) {
    const auto classes = static_cast<std::size_t>(dataset.classCount());
    TeacherQuality quality;
    quality.bins.resize(BinCount);
    quality.massBins.resize(BinCount);
    quality.goldCount.assign(classes, 0);
    quality.labelCount.assign(classes, 0);
    quality.precision.assign(classes, 0);
    quality.recall.assign(classes, 0);
    quality.confusion.assign(classes <= MostConfused ? classes * classes : 0, 0);
    Sums sums;
    sums.rightByClass.assign(classes, 0);
    std::vector<float> q(classes);
    for (const auto row : rows) {
        if (dataset.gold(row) == Dataset::NoLabel || !teacher.has(row))
            continue;
        const auto gold = static_cast<std::size_t>(dataset.gold(row));
        const auto label = static_cast<std::size_t>(teacher.label(row));
        const float confidence = teacher.confidence(row);
        const bool right = gold == label;
        ++quality.rows;
        ++quality.goldCount[gold];
        ++quality.labelCount[label];
        if (!quality.confusion.empty())
            ++quality.confusion[gold * classes + label];
        sums.right += right ? 1 : 0;
        sums.rightByClass[label] += right ? 1 : 0;
        sums.confidence += confidence;
        const std::size_t bin = binOf(confidence);
        ++quality.bins[bin].rows;
        sums.binRight[bin] += right ? 1 : 0;
        sums.binConfidence[bin] += confidence;
        sums.sorted.push_back(std::bit_cast<std::uint32_t>(confidence + 0.0F) << 1 |
                              (right ? 1U : 0U)); // −0 → 0
        const Fit fit = fitOf(teacher, row, gold, q);
        sums.brier += fit.brier;
        sums.nll -= std::log(std::max(fit.gold, 1e-12));
    }
    finishBins(sums, quality);
    finishClasses(sums, quality);
    if (quality.rows == 0)
        return quality;
    const auto count = static_cast<double>(quality.rows);
    quality.accuracy = static_cast<double>(sums.right) / count;
    quality.meanConfidence = sums.confidence / count;
    quality.brier = sums.brier / count;
    quality.nll = sums.nll / count;
    quality.eceEqualMass = equalMass(sums.sorted, quality.massBins);
    return quality;
}

} // namespace stillroom
