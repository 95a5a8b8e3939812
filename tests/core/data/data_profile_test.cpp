// What is known of a data set before it is trained on: by hand, and of Emotion against a count by Python.
#include "core/base/random.h"
#include "core/data/data_profile.h"
#include "core/data/loader.h"

#include <QDir>
#include <QtTest>
#include <ctime>

using namespace stillroom;

class DataProfileTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void lengthsFallIntoTheirBins();
    void nothingOfNothing();
    void keepsTheFirstTwoHundred();
    void emotion();
    void isFast();
};

void DataProfileTest::byHand() {
    DatasetBuilder builder;
    const auto add = [&](const char* text, int gold, Split split) {
        builder.add(std::to_string(builder.size()), text, gold, split);
    };
    add("a fire", 0, Split::Train);
    add(" a fire\n", 0, Split::Train); // the same but for blanks around it
    add("A fire", 1, Split::Train);    // not the same
    add("a flood", 1, Split::Train);
    add("", Dataset::NoLabel, Split::Train);
    add("  ", 0, Split::Train); // empty, and no duplicate
    add("a flood", 0, Split::Validation);
    add("Käse", 0, Split::Validation);
    add("a fire", 0, Split::Test);
    add("a flood", Dataset::NoLabel, Split::Test);
    const DataProfile profile = profileData(builder.finish({"fire", "flood", "never"}));
    const auto& train = profile.splits[0];
    QCOMPARE(train.rows, std::int64_t{6});
    QCOMPARE(train.withGold, std::int64_t{5});
    QCOMPARE(train.empty, std::int64_t{2});
    QCOMPARE(train.duplicates, std::int64_t{1});
    QCOMPARE(train.byClass, (std::vector<std::int64_t>{3, 2, 0}));
    QCOMPARE(train.imbalance, 1.5);
    QCOMPARE(train.lengths.front(), std::int64_t{0});
    QCOMPARE(train.lengths.back(), std::int64_t{8});              // as it stands, the blanks counted
    QCOMPARE(profile.splits[1].lengths.front(), std::int64_t{4}); // characters, not bytes
    QCOMPARE(profile.splits[1].imbalance, 1.0);
    QCOMPARE(profile.splits[2].withGold, std::int64_t{1});
    QCOMPARE(profile.repeatedTexts, std::int64_t{2});
    QCOMPARE(profile.sharedTexts, std::int64_t{2});
    QCOMPARE(profile.sharedLabelsDiffer, std::int64_t{1}); // the flood is gold fire in validation
    QCOMPARE(profile.shared.size(), std::size_t{2});
    QCOMPARE(profile.shared[0].text, std::string("a fire"));
    QCOMPARE(profile.shared[0].rows, (std::vector<std::uint32_t>{0, 1, 8}));
    QCOMPARE(profile.shared[1].rows, (std::vector<std::uint32_t>{3, 6, 9}));
}

void DataProfileTest::lengthsFallIntoTheirBins() {
    DatasetBuilder builder;
    const std::vector<std::pair<std::size_t, std::size_t>> binOf{
        {1, 0},  {2, 2},  {3, 3},    {4, 4},    {5, 4},     {6, 5},     {8, 6},     {11, 6},
        {12, 7}, {16, 8}, {255, 15}, {256, 16}, {2896, 22}, {2897, 23}, {4096, 23}, {100000, 23}};
    std::array<std::int64_t, 24> expected{};
    for (const auto& [length, bin] : binOf) {
        builder.add(std::to_string(length), std::string(length, 'x'), Dataset::NoLabel, Split::Train);
        ++expected.at(bin);
    }
    const auto profile = profileData(builder.finish({"a", "b"}));
    for (std::size_t bin = 0; bin < expected.size(); ++bin)
        QCOMPARE(profile.splits[0].lengthHistogram.at(bin), expected.at(bin));
    QCOMPARE(profile.splits[0].lengths[3], std::int64_t{12}); // the eighth or ninth of sixteen
    QCOMPARE(profile.splits[0].imbalance, 0.0);
}

void DataProfileTest::nothingOfNothing() {
    DatasetBuilder builder;
    const auto profile = profileData(builder.finish({"a", "b"}));
    QCOMPARE(profile.splits[0].rows, std::int64_t{0});
    QCOMPARE(profile.splits[0].lengths[6], std::int64_t{0});
    QCOMPARE(profile.sharedTexts, std::int64_t{0});
}

void DataProfileTest::keepsTheFirstTwoHundred() {
    DatasetBuilder builder;
    for (const auto split : {Split::Test, Split::Train})
        for (int i = 0; i < 300; ++i)
            builder.add(std::to_string(builder.size()), "text " + std::to_string(i), 0, split);
    const auto profile = profileData(builder.finish({"a"}));
    QCOMPARE(profile.sharedTexts, std::int64_t{300});
    QCOMPARE(profile.shared.size(), std::size_t{200});
    QCOMPARE(profile.shared[0].text, std::string("text 0"));
    QCOMPARE(profile.shared[199].rows, (std::vector<std::uint32_t>{199, 499}));
}

/// 52 texts of Emotion stand more than once. 33 of these do so within one split; 19 stand in more than one
/// split, each time with another label. (The header lines, one a file, would make it 53 and 20.)
void DataProfileTest::emotion() {
    const QString shared = QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data");
    if (!QDir(shared + QStringLiteral("/emotion")).exists())
        QSKIP("emotion does not lie in ../shared/data beside the project");
    DataSettings settings;
    settings.train.files = {"emotion/train.txt"};
    settings.validation.files = {"emotion/val.txt"};
    settings.test.files = {"emotion/test.txt"};
    Labels labels;
    const auto loaded = loadData(settings, {shared.toStdString()}, labels);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    const DataProfile profile = profileData(loaded->dataset);
    QCOMPARE(profile.repeatedTexts, std::int64_t{52});
    QCOMPARE(profile.sharedTexts, std::int64_t{19});
    QCOMPARE(profile.sharedLabelsDiffer, std::int64_t{19});
    QCOMPARE(profile.splits[0].duplicates, std::int64_t{31});
    QCOMPARE(profile.splits[1].duplicates, std::int64_t{2});
    QCOMPARE(profile.splits[2].duplicates, std::int64_t{0});
    QCOMPARE(profile.splits[0].byClass, (std::vector<std::int64_t>{2159, 1937, 5362, 1304, 4666, 572}));
    QVERIFY(std::abs(profile.splits[0].imbalance - 5362.0 / 572) < 1e-12);
}

void DataProfileTest::isFast() {
    DatasetBuilder builder;
    Random random(1, "profile");
    for (int i = 0; i < 1'000'000; ++i)
        builder.add(std::to_string(i),
                    "a text of some words, of which one is " + std::to_string(random.below(900'000)),
                    static_cast<int>(random.below(5)), static_cast<Split>(random.below(3)));
    const Dataset data = builder.finish({"a", "b", "c", "d", "e"});
    const std::clock_t start = std::clock(); // the processor's time: others may be at work
    const auto profile = profileData(data);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    qInfo("a million rows in %.2f s", seconds);
    QVERIFY(profile.sharedTexts > 100'000);
    QCOMPARE(profile.shared.size(), std::size_t{200});
    QVERIFY(seconds < 10); // about one; a sanitizer takes several times as long
}

QTEST_GUILESS_MAIN(DataProfileTest)
#include "data_profile_test.moc"
