// configurations and configuration_labels of core/experiment.
#include "core/experiment/configurations.h"

#include "core/experiment/configuration_labels.h"
#include "made_summaries.h"

#include <QtTest>

using namespace stillroom;

namespace {

std::vector<std::string> labelsOf(const SortedRuns& sorted, std::size_t set = 0) {
    std::vector<std::string> labels;
    for (const auto& configuration : sorted.dataSets.at(set).configurations)
        labels.push_back(configuration.label);
    return labels;
}

using Labels = std::vector<std::string>;

} // namespace

class ConfigurationsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void areEverythingButTheSeed() {
        std::vector<RunSummary> runs{madeSummary("llkd", 2, 70), madeSummary("all", 1, 71),
                                     madeSummary("llkd", 1, 72), madeSummary("all", 2, 73)};
        runs[3].settings["name"] = "another name";
        runs[3].settings["training.checkpoint.keep"] = "3"; // of where it could have been gone on with
        const auto sorted = sortRuns(runs);
        QCOMPARE(sorted.dataSets.size(), std::size_t{1});
        QCOMPARE(sorted.dataSets[0].dataSet, std::string("test.csv (200 test texts)"));
        QCOMPARE(labelsOf(sorted), (Labels{"llkd", "all"}));
        const auto& llkd = sorted.dataSets[0].configurations[0];
        QCOMPARE(llkd.runs.size(), std::size_t{2});
        QCOMPARE(llkd.runs[0], &runs[2]); // by seed
        QCOMPARE(llkd.runs[1], &runs[0]);
        QVERIFY(sorted.remarks.empty());
    }

    void onlyCompletedRunsCountAndTheNewestOfASeed() {
        std::vector<RunSummary> runs{madeSummary("all", 1, 70), madeSummary("all", 1, 71),
                                     madeSummary("all", 2, 72), madeSummary("all", 3, 73)};
        runs[1].created = "2027";
        runs[2].state = RunSummary::State::CutOff;
        runs[3].settings["training.threads"] = "8";
        const auto sorted = sortRuns(runs);
        QCOMPARE(sorted.dataSets[0].configurations.size(), std::size_t{1});
        QCOMPARE(sorted.dataSets[0].configurations[0].runs,
                 (std::vector<const RunSummary*>{&runs[1], &runs[3]}));
        QCOMPARE(sorted.remarks.size(), std::size_t{3});
        QCOMPARE(sorted.remarks[0],
                 std::string("1 run is left out: it was cut off; only completed runs are compared."));
        QCOMPARE(sorted.remarks[1],
                 std::string("1 run is left out: of the same configuration and seed the newest run counts."));
        QVERIFY(sorted.remarks[2].starts_with("Runs with different training.threads"));
    }

    void ofOtherTestRowsIsAnotherDataSet() {
        std::vector<RunSummary> runs{madeSummary("all", 1, 70), madeSummary("llkd", 1, 70),
                                     madeSummary("llkd", 2, 70), madeSummary("llkd", 3, 70),
                                     madeSummary("llkd", 4, 70)};
        runs[1].testConfusion = {70, 31, 30, 70};                      // another number of rows
        runs[2].settings["data.test.files"] = "[\"other, test.csv\"]"; // other files
        runs[3].classes = {"yes", "no"};                               // other classes
        runs[4].settings["data.train.files"] = "[less.csv]";           // trained on less: the same test
        const auto sorted = sortRuns(runs);
        QCOMPARE(sorted.dataSets.size(), std::size_t{4});
        QCOMPARE(sorted.dataSets[0].configurations.size(), std::size_t{2});
        QCOMPARE(sorted.dataSets[2].dataSet, std::string("other, test.csv (200 test texts)"));
        // A test that is held out of the training texts is another one when these are others.
        for (auto& run : runs)
            run.settings.erase("data.test.files");
        const auto heldOut = sortRuns(std::span(runs).last(1));
        QCOMPARE(heldOut.dataSets[0].dataSet, std::string("held out of less.csv (200 test texts)"));
        runs.erase(runs.begin() + 1, runs.begin() + 4);
        QCOMPARE(sortRuns(runs).dataSets.size(), std::size_t{2});
    }

    void labelsSayOnlyWhatDiffers() {
        QCOMPARE(configurationLabels({{{"selection.rule", "all"}, {"training.epochs", "10"}}}), (Labels{""}));
        // The rule first; its ratio only where two of the same rule differ in it.
        QCOMPARE(
            configurationLabels(
                {{{"selection.rule", "all"}, {"selection.resample", "false"}},
                 {{"selection.rule", "llkd"}, {"selection.decay", "0.99"}, {"selection.resample", "false"}},
                 {{"selection.rule", "random"}, {"selection.ratio", "0.16"}, {"selection.resample", "true"}},
                 {{"selection.rule", "random"},
                  {"selection.ratio", "0.49"},
                  {"selection.resample", "false"}}}),
            (Labels{"all", "llkd", "random, ratio=0.16", "random, ratio=0.49"}));
        // As few settings as tell all apart, without the rule where it is the same.
        QCOMPARE(configurationLabels(
                     {{{"selection.rule", "llkd"}, {"student.model", "a"}, {"training.epochs", "5"}},
                      {{"selection.rule", "llkd"}, {"student.model", "b"}, {"training.epochs", "5"}},
                      {{"selection.rule", "llkd"}, {"student.model", "a"}, {"training.epochs", "9"}}}),
                 (Labels{"student.model=a, epochs=5", "student.model=b", "student.model=a, epochs=9"}));
        QCOMPARE(configurationLabels({{{"selection.rule", "teacher"}},
                                      {{"selection.rule", "teacher"}, {"selection.cut", "0.9"}}}),
                 (Labels{"no cut", "cut=0.9"}));
        QCOMPARE(shortSettingName("selection.ratio"), std::string("ratio"));
        QCOMPARE(shortSettingName("student.model"), std::string("student.model")); // a teacher has one too
    }

    void whatElseDiffersIsNotKeptQuiet() {
        std::vector<RunSummary> runs{
            madeSummary("all", 1, 70),
            madeSummary("llkd", 1, 70, {{"training.epochs", "20"}, {"selection.decay", "0.9"}})};
        const auto sorted = sortRuns(runs);
        const auto& all = sorted.dataSets[0].configurations;
        QCOMPARE(labelsOf(sorted), (Labels{"all", "llkd"}));
        QCOMPARE(alsoDifferent(all[1], all[0]), (Labels{"training.epochs"}));
        QVERIFY(alsoDifferent(all[0], all[0]).empty());
    }
};

QTEST_GUILESS_MAIN(ConfigurationsTest)
#include "configurations_test.moc"
