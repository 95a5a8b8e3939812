#include "core/experiment/setting_difference.h"

#include <QtTest>

using namespace stillroom;

class SettingDifferenceTest : public QObject {
    Q_OBJECT

    static RunSummary run(const std::string& rule, const std::string& seed,
                          std::map<std::string, std::string> more = {}) {
        RunSummary made;
        made.name = "made";
        made.settings = std::move(more);
        made.settings["name"] = "made " + rule + seed;
        made.settings["selection.rule"] = rule;
        made.settings["training.seed"] = seed;
        return made;
    }
    static std::vector<const RunSummary*> pointers(const std::vector<RunSummary>& runs) {
        std::vector<const RunSummary*> all;
        for (const auto& one : runs)
            all.push_back(&one);
        return all;
    }

  private Q_SLOTS:
    void whatDiffersInTheOrderOfTheFile() {
        const std::vector<RunSummary> runs = {
            run("llkd", "1", {{"selection.decay", "0.99"}, {"training.batch", "64"}}),
            run("random", "1", {{"selection.ratio", "0.16"}, {"training.batch", "64"}})};
        // The name is not a setting; what is set in one alone differs.
        QCOMPARE(differingSettings(pointers(runs)),
                 (std::vector<std::string>{"selection.rule", "selection.decay", "selection.ratio"}));
        QVERIFY(differingSettings({}).empty());
        QVERIFY(differingSettings(pointers({runs[0]})).empty());
        QCOMPARE(settingOf(runs[0], "selection.ratio"), std::string());
    }
    void seedsOfOneExperimentAreAGroup() {
        const std::vector<RunSummary> runs = {run("llkd", "1"), run("random", "1"), run("llkd", "2"),
                                              run("llkd", "3", {{"training.batch", "128"}})};
        const auto groups = groupBySeed(pointers(runs));
        QCOMPARE(groups.size(), std::size_t{3});
        QCOMPARE(groups[0].runs, (std::vector<std::size_t>{0, 2}));
        QVERIFY(groups[0].label.starts_with("llkd"));
        QCOMPARE(groups[1].label, std::string("random"));
        QCOMPARE(groups[2].runs, (std::vector<std::size_t>{3}));
        // Each of the three has another name, the rule first.
        QVERIFY2(groups[2].label.starts_with("llkd") &&
                     groups[2].label.find("batch=128") != std::string::npos,
                 groups[2].label.c_str());
    }
    void oneGroupIsCalledAsItsExperiment() {
        const std::vector<RunSummary> runs = {run("llkd", "1"), run("llkd", "2")};
        const auto groups = groupBySeed(pointers(runs));
        QCOMPARE(groups.size(), std::size_t{1});
        QCOMPARE(groups[0].label, std::string("made"));
        QVERIFY(groupBySeed({}).empty());
    }
    void threadsAndTheNumberOfAGpuMakeNoOtherGroup() {
        const std::vector<RunSummary> runs = {
            run("llkd", "1", {{"training.threads", "1"}, {"training.device", "cuda:0"}}),
            run("llkd", "2", {{"training.threads", "8"}, {"training.device", "cuda:1"}}),
            run("llkd", "3", {{"training.device", "cpu"}})};
        const auto groups = groupBySeed(pointers(runs));
        QCOMPARE(groups.size(), std::size_t{2});
        QCOMPARE(groups[0].runs, (std::vector<std::size_t>{0, 1}));
    }
};

QTEST_GUILESS_MAIN(SettingDifferenceTest)
#include "setting_difference_test.moc"
