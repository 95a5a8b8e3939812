// Every kind of plot with something to see in it, made up: for tests of what is taken away.
#pragma once

#include "tests/core/experiment/made_summaries.h"
#include "tests/widgets/made_lab.h"
#include "tests/widgets/synthetic_run.h"

#include "widgets/accuracy_by_confidence_plot.h"
#include "widgets/accuracy_plot.h"
#include "widgets/biography_plot.h"
#include "widgets/confidence_plot.h"
#include "widgets/confusion_plot.h"
#include "widgets/density_model.h"
#include "widgets/kept_plot.h"
#include "widgets/length_histogram.h"
#include "widgets/plane_plot.h"
#include "widgets/reliability_plot.h"
#include "widgets/run_columns.h"
#include "widgets/run_curves_plot.h"
#include "widgets/run_scatter_plot.h"
#include "widgets/thresholds_plot.h"

#include <QMenu>
#include <QToolButton>

namespace stillroom::test {

class MadePlots {
  public:
    static constexpr int Classes = 26; // with names that are too long
    static constexpr int Runs = 10;    // of five rules

    /// Waits for the lab: a few seconds.
    MadePlots() {
        std::vector<std::string> classes;
        for (int k = 0; k < Classes; ++k)
            classes.push_back("class " + std::to_string(k + 1) +
                              (k % 3 == 0 ? " of things that were given a rather long name" : ""));
        SyntheticRun run(Classes, 6'400, 6);
        live.begin("llkd", classes);
        live.apply(run.started());
        for (int epoch = 0; epoch < 6; ++epoch) {
            live.apply(run.steps(100));
            live.apply(run.evaluation());
        }
        kept = std::make_unique<KeptPlot>(live);
        keptByClass = std::make_unique<KeptPlot>(live);
        keptByClass->findChild<QToolButton*>()->click();
        confidence = std::make_unique<ConfidencePlot>(live);
        accuracy = std::make_unique<AccuracyPlot>(live);
        accuracy->setTeacherAccuracy(0.71);
        thresholds = std::make_unique<ThresholdsPlot>(live);
        thresholdsOverTime = std::make_unique<ThresholdsPlot>(live);
        choose(*thresholdsOverTime, QStringLiteral("student, over time"));

        if (!made.ready() || !made.run(4))
            qFatal("the lab was not made");
        density = std::make_unique<DensityModel>(&made.lab);
        density->setWatched(true);
        plane = std::make_unique<PlanePlot>(&made.lab, density.get());
        if (!QTest::qWaitFor([this] { return density->map() != nullptr; }, 20'000))
            qFatal("the density was not counted");

        std::vector<BiographyEntry> entries(8);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            entries[i].epoch = static_cast<std::int64_t>(i) + 1;
            entries[i].trace = SampleTrace(i % 3 == 0 ? Verdict::StudentSure : Verdict::Kept,
                                           0.6F / static_cast<float>(i + 1), 2);
            entries[i].studentBar = BiographyEntry::Bar{0.1, 0.14};
        }
        biography = std::make_unique<BiographyPlot>(live);
        biography->setEntries(std::move(entries), 0.9, {});

        makeTeacher(classes);
        makeRuns();
        DataProfile profile;
        for (std::size_t split = 0; split < SplitCount; ++split) {
            profile.splits[split].rows = 100;
            for (std::size_t bin = 8; bin < 18; ++bin)
                profile.splits[split].lengthHistogram[bin] = 10;
        }
        lengths = std::make_unique<LengthHistogram>();
        lengths->show(profile);
    }

    struct Named {
        const char* name;
        Figure* figure;
    };
    [[nodiscard]] std::vector<Named> all() const {
        return {{"kept", kept.get()},
                {"kept-by-class", keptByClass.get()},
                {"confidence", confidence.get()},
                {"accuracy", accuracy.get()},
                {"thresholds", thresholds.get()},
                {"thresholds-over-time", thresholdsOverTime.get()},
                {"plane", plane.get()},
                {"biography", biography.get()},
                {"reliability", reliability.get()},
                {"accuracy-by-confidence", accuracyByConfidence.get()},
                {"confusion", confusion.get()},
                {"run-curves", curves.get()},
                {"run-curves-band", band.get()},
                {"run-scatter", scatter.get()},
                {"run-scatter-words", scatterOfWords.get()},
                {"lengths", lengths.get()}};
    }

    static void choose(Plot& plot, const QString& option) {
        for (auto* action : plot.findChildren<QAction*>())
            if (action->text() == option) {
                action->trigger();
                return;
            }
        qFatal("no option %s", qPrintable(option));
    }

    LiveModel live;
    MadeLab made{3000};
    std::unique_ptr<DensityModel> density;
    std::unique_ptr<KeptPlot> kept, keptByClass;
    std::unique_ptr<ConfidencePlot> confidence;
    std::unique_ptr<AccuracyPlot> accuracy;
    std::unique_ptr<ThresholdsPlot> thresholds, thresholdsOverTime;
    std::unique_ptr<PlanePlot> plane;
    std::unique_ptr<BiographyPlot> biography;
    std::unique_ptr<ReliabilityPlot> reliability;
    std::unique_ptr<AccuracyByConfidencePlot> accuracyByConfidence;
    std::unique_ptr<ConfusionPlot> confusion;
    std::unique_ptr<RunCurvesPlot> curves, band;
    std::unique_ptr<RunScatterPlot> scatter, scatterOfWords;
    std::unique_ptr<LengthHistogram> lengths;

  private:
    static TeacherSeries series(TeacherSeries::Role role, const QString& name, double error) {
        TeacherSeries made;
        made.role = role;
        made.name = name;
        made.quality.rows = 1500;
        for (int bin = 7; bin < 15; ++bin) {
            const double low = bin / 15.0, high = (bin + 1) / 15.0, middle = (low + high) / 2;
            made.quality.bins.push_back({low, high, 100 + 20 * bin, middle, middle - error * (1 - middle)});
        }
        made.quality.massBins = made.quality.bins;
        for (std::size_t bin = 50; bin < 100; ++bin) {
            made.withGold[bin] = 30;
            made.right[bin] = static_cast<std::int64_t>(static_cast<double>(bin) * 0.28);
        }
        return made;
    }

    void makeTeacher(const std::vector<std::string>& classes) {
        using Role = TeacherSeries::Role;
        const std::vector<TeacherSeries> teachers = {
            series(Role::Now, QStringLiteral("corrected by temperature"), 0.1),
            series(Role::Before, QStringLiteral("as it was"), 0.5),
            series(Role::Other, QStringLiteral("another teacher whose name is rather long"), 0.3)};
        reliability = std::make_unique<ReliabilityPlot>(live);
        reliability->setSeries(teachers, {});
        accuracyByConfidence = std::make_unique<AccuracyByConfidencePlot>(live);
        accuracyByConfidence->setSeries(teachers, {});
        std::vector<std::int64_t> counts;
        for (int gold = 0; gold < Classes; ++gold)
            for (int label = 0; label < Classes; ++label)
                counts.push_back(gold == label ? 70 : (gold * 7 + label * 3) % 11 == 0 ? 4 : 0);
        confusion = std::make_unique<ConfusionPlot>(live);
        confusion->setConfusion(classes, counts, {});
    }

    void makeRuns() {
        std::vector<SharedRun> runs;
        std::vector<ReadCurve> read;
        static const char* const rules[] = {"llkd", "all", "flexmatch", "small_loss", "random"};
        for (int i = 0; i < Runs; ++i) {
            auto run = std::make_shared<IndexedRun>();
            run->summary = madeSummary(rules[i / 2], i % 2 + 1, 60 + 3 * i);
            run->summary.steps = 1200;
            run->summary.counts.gradient = 1000 + 700 * i;
            runs.push_back(run);
            auto curve = std::make_shared<RunCurve>();
            curve->points = 12;
            for (int x = 1; x <= 12; ++x) {
                const double y = 0.5 + 0.02 * (i / 2) + 0.15 * (1 - std::exp(-x / 4.0)) + 0.003 * (i % 2);
                curve->buckets.push_back({100.0 * x, y, y, y, 1, false});
            }
            read.push_back({run, curve});
        }
        curves = std::make_unique<RunCurvesPlot>(live);
        curves->setCurves(read, CurveValue::Accuracy, CurveAxis::Gradient, {});
        band = std::make_unique<RunCurvesPlot>(live);
        band->setCurves(read, CurveValue::MacroF1, CurveAxis::Steps, {});
        band->setBand(RunCurvesPlot::Band::Range);
        scatter = std::make_unique<RunScatterPlot>(live);
        scatter->setRuns(runs, runColumn(QStringLiteral("gradient_share")),
                         runColumn(QStringLiteral("test_accuracy")), {});
        scatterOfWords = std::make_unique<RunScatterPlot>(live);
        scatterOfWords->setRuns(runs, runColumn(QStringLiteral("rule")),
                                runColumn(QStringLiteral("test_macro_f1")), {});
    }
};

} // namespace stillroom::test
