#include "core/data/split_plan.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class SplitPlanTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void onlySplitsWithFilesAndTrainFirst();
    void formatsFixTheirColumns();
    void namesTheSettingToChange();
};

namespace {

RecordSource sourceOf(const std::string& name) {
    RecordSource source;
    source.path = source.shown = name;
    source.setting = "data.validation";
    return source;
}

} // namespace

void SplitPlanTest::onlySplitsWithFilesAndTrainFirst() {
    DataSettings settings;
    settings.test.files = {"t.csv"};
    const auto none = planSplits(settings, "/data");
    QVERIFY(!none);
    VERIFY_SAYS(none.error().message, "no training data", "data.train.files");
    settings.train.files = {"a.csv", "b.csv"};
    settings.train.quoting = "none";
    const auto plans = planSplits(settings, "/data");
    QVERIFY(plans);
    QCOMPARE(plans->size(), std::size_t{2});
    QCOMPARE(plans->at(0).files, (Names{"/data/a.csv", "/data/b.csv"}));
    QCOMPARE(plans->at(1).split, Split::Test);
    QCOMPARE(plans->at(1).section, std::string("data.test"));
    const RecordSource source = recordSource(plans->at(0), "/data", plans->at(0).files[0]);
    QCOMPARE(source.shown, std::string("a.csv"));
    QCOMPARE(source.quoting, std::string("none"));
    QCOMPARE(source.setting, std::string("data.train"));
}

void SplitPlanTest::formatsFixTheirColumns() {
    const auto lines = findSplitColumns(sourceOf("a.txt"), {}, {"text", "label"});
    QVERIFY(lines);
    QCOMPARE(lines->text, std::size_t{0});
    QVERIFY(!lines->id);
    QCOMPARE(lines->gold.value(), std::size_t{1});
    const auto synsets = findSplitColumns(sourceOf("data.noun"), {}, {"id", "text", "label"});
    QVERIFY(synsets);
    QCOMPARE(synsets->id.value(), std::size_t{0});
    QCOMPARE(synsets->gold.value(), std::size_t{2});
}

void SplitPlanTest::namesTheSettingToChange() {
    SplitSettings settings;
    const Names columns{"id", "text", "label"};
    auto found = findSplitColumns(sourceOf("a.csv"), settings, columns);
    QVERIFY(!found);
    VERIFY_SAYS(found.error().message, "data.validation.text is not set", "a.csv");
    settings.text = "text";
    found = findSplitColumns(sourceOf("a.csv"), settings, columns);
    QVERIFY(found && !found->id && !found->gold);
    settings.gold = "gold";
    found = findSplitColumns(sourceOf("a.csv"), settings, columns);
    VERIFY_SAYS(found.error().message, "no column 'gold'", "data.validation.gold");
    settings.gold = "label";
    settings.id = "no";
    found = findSplitColumns(sourceOf("a.csv"), settings, columns);
    VERIFY_SAYS(found.error().message, "no column 'no'", "data.validation.id");
}

QTEST_GUILESS_MAIN(SplitPlanTest)
#include "split_plan_test.moc"
