#include "core/teacher/calibrate.h"

#include "core/base/number.h"
#include "core/base/random.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::int64_t LeastRows = 20;

std::vector<std::uint32_t> labelledRows(const Dataset& dataset, const TeacherOutputs& teacher) {
    std::vector<std::uint32_t> rows;
    for (const auto row : dataset.rows(Split::Train))
        if (dataset.gold(row) != Dataset::NoLabel && teacher.has(row))
            rows.push_back(row);
    return rows;
}

/// To fit on and to measure on, both ascending.
struct Shares {
    std::vector<std::uint32_t> fitted, others;
};

/// By the order of their hashes, so that the share is exact, and that more rows in the files change little.
Shares divide(const std::vector<std::uint32_t>& rows, std::int64_t count, std::int64_t seed) {
    const std::uint64_t stream = mix64(static_cast<std::uint64_t>(seed)) ^ fnv1a("calibration");
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    order.reserve(rows.size());
    for (const auto row : rows)
        order.emplace_back(mix64(stream ^ mix64(row)), row);
    std::nth_element(order.begin(), order.begin() + count, order.end());
    Shares shares;
    for (std::size_t i = 0; i < order.size(); ++i)
        (i < static_cast<std::size_t>(count) ? shares.fitted : shares.others).push_back(order[i].second);
    std::sort(shares.fitted.begin(), shares.fitted.end());
    std::sort(shares.others.begin(), shares.others.end());
    return shares;
}

Result<std::int64_t> countToFit(std::size_t labelled, const CalibrationSettings& settings) {
    if (labelled == 0)
        return fail(fmt::format("teacher.calibration is {}, but no training text has both gold and an answer "
                                "of the teacher's; set data.train.gold to the column of the true classes, or "
                                "teacher.calibration to none",
                                calibrationName(settings.kind)));
    const std::int64_t count = std::llround(settings.share * static_cast<double>(labelled));
    const auto all = static_cast<std::int64_t>(labelled);
    const std::string what =
        fmt::format("{} of {} training texts with gold and an answer "
                    "(teacher.calibration_share: {})",
                    groupThousands(count), groupThousands(all), writeNumber(settings.share));
    if (count < LeastRows)
        return fail(
            fmt::format("the teacher's calibration would be fitted on {}; it needs at least {}: raise "
                        "the share, or set teacher.calibration to none",
                        what, LeastRows));
    if (count == all)
        return fail(
            fmt::format("the teacher's calibration would be fitted on {}, and there would be none left "
                        "to measure it on; lower the share",
                        what));
    return count;
}

CalibrationFit fitOn(std::span<const std::uint32_t> rows, const Dataset& dataset,
                     const TeacherOutputs& teacher, const CalibrationSettings& settings) {
    if (settings.kind == CalibrationKind::Temperature)
        return fitTemperature(dataset, teacher, rows);
    std::vector<double> confidence;
    std::vector<std::uint8_t> right;
    confidence.reserve(rows.size());
    right.reserve(rows.size());
    for (const auto row : rows) {
        confidence.push_back(teacher.confidence(row));
        right.push_back(teacher.label(row) == dataset.gold(row) ? 1 : 0);
    }
    return settings.kind == CalibrationKind::Histogram ? fitHistogram(confidence, right, settings.bins)
                                                       : fitIsotonic(confidence, right);
}

/// Gives `confidence` to the label and what is left to the others.
void share(std::span<float> q, std::size_t label, double confidence) {
    const auto classes = static_cast<double>(q.size());
    const double wanted = std::max(confidence, 1 / classes);
    const double even = (1 - wanted) / (classes - 1);
    double left = 0;
    double rival = 0;
    for (std::size_t k = 0; k < q.size(); ++k)
        if (k != label) {
            left += q[k];
            rival = std::max(rival, static_cast<double>(q[k]));
        }
    const double scale = left > 0 ? (1 - wanted) / left : 0;
    rival *= scale;
    double level = left > 0 ? 0 : 1;    // share of the even distribution in what is left
    if (rival > wanted && rival > even) // the second is not implied: 1/K and an even share are rounded apart
        level = std::min(1.0, (rival - wanted) / (rival - even));
    for (std::size_t k = 0; k < q.size(); ++k)
        q[k] = static_cast<float>(k == label ? wanted : (1 - level) * scale * q[k] + level * even);
}

/// What rounding to float made equal or greater comes below the label again; of equals the first is the
/// label.
void keepLargest(std::span<float> q, std::size_t label) {
    for (std::size_t k = 0; k < q.size(); ++k)
        if (k < label ? q[k] >= q[label] : q[k] > q[label])
            q[k] = std::nextafter(q[label], 0.0F);
}

TeacherOutputs correct(const TeacherOutputs& teacher, const CalibrationFit& fit) {
    TeacherOutputs outputs(teacher.size(), teacher.classCount());
    std::vector<float> q(static_cast<std::size_t>(teacher.classCount()));
    for (std::size_t row = 0; row < teacher.size(); ++row) {
        if (!teacher.has(row))
            continue;
        if (!teacher.hasVectors() || q.size() < 2) {
            const double confidence = fit.corrected(teacher.confidence(row), teacher.classCount());
            outputs.set(row, teacher.label(row), static_cast<float>(confidence), teacher.origin(row));
            continue;
        }
        const auto label = static_cast<std::size_t>(teacher.label(row));
        teacher.distribution(row, q);
        if (fit.kind == CalibrationKind::Temperature) {
            temper(q, fit.temperature);
            share(q, label, q[label]); // changes nothing but where the label was not the largest before
        } else {
            share(q, label, fit.corrected(teacher.confidence(row), teacher.classCount()));
        }
        keepLargest(q, label);
        outputs.set(row, q, teacher.origin(row));
        assert(outputs.label(row) == teacher.label(row));
    }
    return outputs;
}

} // namespace

Result<void> checkCalibration(const CalibrationSettings& settings) {
    if (settings.kind == CalibrationKind::None)
        return {};
    if (!(settings.share > 0 && settings.share < 1))
        return fail(fmt::format("teacher.calibration_share is {}; it must be more than 0 and less than 1",
                                writeNumber(settings.share)));
    if (settings.bins < 1 || settings.bins > 10'000)
        return fail(
            fmt::format("teacher.calibration_bins is {}; it must be from 1 to 10,000", settings.bins));
    if (settings.seed < 0)
        return fail(fmt::format("teacher.calibration_seed is {}; it must be 0 or more", settings.seed));
    return {};
}

Result<CalibratedTeacher> calibrateTeacher(const Dataset& dataset, const TeacherOutputs& teacher,
                                           const CalibrationSettings& settings) {
    assert(settings.kind != CalibrationKind::None);
    if (auto checked = checkCalibration(settings); !checked)
        return fail(std::move(checked.error()));
    const auto labelled = labelledRows(dataset, teacher);
    const auto count = countToFit(labelled.size(), settings);
    if (!count)
        return fail(count.error());
    auto [fitted, others] = divide(labelled, *count, settings.seed);
    CalibratedTeacher calibrated;
    calibrated.facts.fit = fitOn(fitted, dataset, teacher, settings);
    calibrated.facts.fittedOn = *count;
    calibrated.fittedOn = std::move(fitted);
    calibrated.outputs = correct(teacher, calibrated.facts.fit);
    calibrated.facts.before = measureTeacher(dataset, teacher, others);
    calibrated.facts.after = measureTeacher(dataset, calibrated.outputs, others);
    return calibrated;
}

std::string calibrationSentence(const TeacherCalibration& calibration) {
    const auto& [fit, fittedOn, before, after] = calibration;
    std::string how;
    if (fit.kind == CalibrationKind::Temperature)
        how = fmt::format("the temperature {:.4g}", fit.temperature);
    else if (fit.kind == CalibrationKind::Histogram)
        how = fmt::format("a histogram of {} bins", fit.to.size());
    else
        how = fmt::format("isotonic regression ({} knots)", fit.to.size());
    return fmt::format(
        "the teacher's confidences are corrected by {}, fitted on {} training texts with gold, "
        "which stay in training; on the {} others ECE {:.4f} became {:.4f}, Brier {:.4f} {:.4f}, "
        "NLL {:.4f} {:.4f}",
        how, groupThousands(fittedOn), groupThousands(after.rows), before.eceEqualWidth, after.eceEqualWidth,
        before.brier, after.brier, before.nll, after.nll);
}

} // namespace stillroom
