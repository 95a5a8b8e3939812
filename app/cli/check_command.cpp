#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/loading.h"
#include "core/base/number.h"

#include <fmt/format.h>
#include <utility>

namespace stillroom::cli {

namespace {

void printCalibration(const TeacherCalibration& calibration) {
    fmt::print(
        "\ncalibrated   by {}, fitted on {} texts with gold, which stay in training; measured on the {} "
        "others\n\n",
        calibrationName(calibration.fit.kind), groupThousands(calibration.fittedOn),
        groupThousands(calibration.after.rows));
    fmt::print("{:<12} {:>10} {:>16} {:>15} {:>7} {:>7}\n", "", "confidence", "ECE, equal width",
               "ECE, equal mass", "Brier", "NLL");
    for (const auto& [name, quality] :
         {std::pair("before", &calibration.before), std::pair("after", &calibration.after)})
        fmt::print("{:<12} {:>10.3f} {:>16.4f} {:>15.4f} {:>7.4f} {:>7.4f}\n", name, quality->meanConfidence,
                   quality->eceEqualWidth, quality->eceEqualMass, quality->brier, quality->nll);
    const auto& fit = calibration.fit;
    if (fit.kind == CalibrationKind::Temperature) {
        fmt::print("\ntemperature  {:.4f}\n", fit.temperature);
        return;
    }
    const bool histogram = fit.kind == CalibrationKind::Histogram;
    fmt::print("\n{:>12} {:>10}\n", histogram ? "up to" : "confidence", "becomes");
    for (std::size_t i = 0; i < fit.from.size(); ++i)
        fmt::print("{:>12.3f} {:>10.3f}\n", fit.from[i], fit.to[i]);
}

void printTeacher(const Prepared& prepared) {
    const Dataset& data = *prepared.set.data;
    const auto& quality = prepared.quality;
    if (quality.rows == 0) {
        fmt::print("teacher      no gold in the training texts: its accuracy cannot be measured\n");
        return;
    }
    fmt::print(
        "teacher      right on {:.1f} % of {} texts with gold, macro-F1 {:.4f}, mean confidence {:.3f}\n",
        100 * quality.accuracy, groupThousands(quality.rows), quality.macroF1, quality.meanConfidence);
    fmt::print("calibration  ECE {:.4f} (equal width), {:.4f} (equal mass), Brier {:.4f}, NLL {:.4f}\n\n",
               quality.eceEqualWidth, quality.eceEqualMass, quality.brier, quality.nll);
    std::size_t width = 5;
    for (const auto& name : data.classes())
        width = std::max(width, name.size());
    fmt::print("{:<{}} {:>9} {:>9} {:>10} {:>8}\n", "class", width, "gold", "teacher", "precision", "recall");
    for (std::size_t k = 0; k < data.classes().size(); ++k)
        fmt::print("{:<{}} {:>9} {:>9} {:>10.3f} {:>8.3f}\n", data.classes()[k], width,
                   groupThousands(quality.goldCount[k]), groupThousands(quality.labelCount[k]),
                   quality.precision[k], quality.recall[k]);
    fmt::print("\n{:>10}  {:>9} {:>10} {:>9}\n", "confidence", "texts", "mean", "right");
    for (const auto& bin : quality.bins)
        if (bin.rows > 0)
            fmt::print("{:>4.2f}–{:.2f}   {:>9} {:>10.3f} {:>8.1f} %\n", bin.low, bin.high,
                       groupThousands(bin.rows), bin.confidence, 100 * bin.accuracy);
}

void printProfile(const DataProfile& profile, const Dataset& data) {
    for (const auto split : {Split::Train, Split::Validation, Split::Test}) {
        const auto& one = profile.splits.at(static_cast<std::size_t>(split));
        if (one.rows == 0)
            continue;
        fmt::print("{:<12} {} texts{}\n", splitName(split), groupThousands(one.rows),
                   data.hasGold(split) ? "" : ", no gold");
        fmt::print("{:<12} {} to {} characters, half of them up to {}; {} repeated, {} empty", "",
                   groupThousands(one.lengths.front()), groupThousands(one.lengths.back()),
                   groupThousands(one.lengths[one.lengths.size() / 2]), groupThousands(one.duplicates),
                   groupThousands(one.empty));
        if (one.withGold > 0)
            fmt::print("; largest class {:.1f} × the smallest", one.imbalance);
        fmt::print("\n");
    }
    if (profile.repeatedTexts > 0)
        fmt::print(
            "repeated     {} text{} more than once, {} of them in more than one split ({} with different "
            "labels)\n",
            groupThousands(profile.repeatedTexts), profile.repeatedTexts == 1 ? " stands" : "s stand",
            groupThousands(profile.sharedTexts), groupThousands(profile.sharedLabelsDiffer));
}

} // namespace

int checkCommand(const Options& options) {
    auto chosen = chooseExperiment(options);
    if (!chosen)
        return report(chosen.error());
    catchInterrupts();
    auto prepared = loadWithProgress(chosen->experiment, chosen->dataRoot, options);
    if (!prepared)
        return report(prepared.error());
    reportRepairs(*prepared, options);
    const Dataset& data = *prepared->set.data;
    const DataProfile profile = profileData(data);
    if (options.json) {
        printJson({{QStringLiteral("name"), QString::fromStdString(chosen->experiment.name)},
                   {QStringLiteral("data"), dataJson(data, prepared->report)},
                   {QStringLiteral("profile"), profileJson(data, profile)},
                   {QStringLiteral("untaught"), static_cast<double>(prepared->untaught)},
                   {QStringLiteral("teacher"), teacherJson(prepared->quality)},
                   {QStringLiteral("calibration"), calibrationJson(prepared->calibration)},
                   {QStringLiteral("seconds"), prepared->seconds}});
        return Done;
    }
    fmt::print("experiment   {}\n", chosen->experiment.name);
    printProfile(profile, data);
    fmt::print("classes      {}\n", data.classCount());
    printTeacher(*prepared);
    if (prepared->calibration)
        printCalibration(*prepared->calibration);
    fmt::print("\nread in {:.2f} s; nothing was trained\n", prepared->seconds);
    return Done;
}

} // namespace stillroom::cli
