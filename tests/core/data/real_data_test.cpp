// The data that others made: sizes as they are known, and classes as counted by others' tools.
#include "core/data/loader.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

namespace {

const std::string Shared = STILLROOM_SOURCE_DIR "/../shared/data";
const std::string WordNetNouns = "/usr/share/wordnet/data.noun";

std::vector<int> countsOf(const Dataset& data, Split split) {
    std::vector<int> counts(static_cast<std::size_t>(data.classCount()));
    for (const auto row : data.rows(split))
        if (data.gold(row) != Dataset::NoLabel)
            ++counts.at(static_cast<std::size_t>(data.gold(row)));
    return counts;
}

Result<LoadedData> load(const DataSettings& settings) {
    Labels labels;
    return loadData(settings, {Shared}, labels);
}

} // namespace

class RealDataTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void humaid();
    void emotion();
    void wordNet();
};

void RealDataTest::humaid() {
    if (!QDir(QString::fromStdString(Shared + "/humaid")).exists())
        QSKIP("HumAID does not lie in ../shared/data beside the project");
    DataSettings settings;
    settings.train = {{"humaid/*_train_pred.csv"}, "", "tweet_id", "tweet_text", "class_label", "", ""};
    settings.validation = {{"humaid/*_dev.tsv"}, "", "tweet_id", "tweet_text", "class_label", "", "none"};
    settings.test = {{"humaid/*_test.tsv"}, "", "tweet_id", "tweet_text", "class_label", "", "none"};
    settings.unescapeHtml = true;
    const auto loaded = load(settings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    const Dataset& data = loaded->dataset;
    QCOMPARE(data.rows(Split::Train).size(), std::size_t{44373});
    QCOMPARE(data.rows(Split::Validation).size(), std::size_t{6463});
    QCOMPARE(data.rows(Split::Test).size(), std::size_t{12560});
    QCOMPARE(data.classCount(), 10);
    // By Python's csv module, in the order of the names.
    QCOMPARE(countsOf(data, Split::Train),
             (std::vector<int>{3512, 2773, 5107, 3567, 138, 3770, 7558, 1581, 12300, 4067}));
    QCOMPARE(data.classes()[4], std::string("missing_or_found_people"));
    // grep -o '&[A-Za-z#0-9]*;' counts as many; 35 of them are escaped twice and unescaped once.
    QCOMPARE(loaded->report.unescapedHtml, std::int64_t{7671});
    QCOMPARE(loaded->report.invalidUtf8, std::int64_t{0});
    QCOMPARE(loaded->report.badRows.count, std::int64_t{0});
    QCOMPARE(loaded->report.files.size(), std::size_t{30});
    QCOMPARE(loaded->report.files[0].path, std::string("humaid/california_wildfires_2018_train_pred.csv"));
}

void RealDataTest::emotion() {
    if (!QDir(QString::fromStdString(Shared + "/emotion")).exists())
        QSKIP("emotion does not lie in ../shared/data beside the project");
    DataSettings settings;
    settings.train.files = {"emotion/train.txt"};
    settings.validation.files = {"emotion/val.txt"};
    settings.test.files = {"emotion/test.txt"};
    const auto loaded = load(settings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    const Dataset& data = loaded->dataset;
    QCOMPARE(data.rows(Split::Train).size(), std::size_t{16000});
    QCOMPARE(data.rows(Split::Validation).size(), std::size_t{2000});
    QCOMPARE(data.rows(Split::Test).size(), std::size_t{2000});
    QCOMPARE(data.classes(), (Names{"anger", "fear", "joy", "love", "sadness", "surprise"}));
    QCOMPARE(data.text(0), std::string_view("i didnt feel humiliated"));
}

void RealDataTest::wordNet() {
    if (!QFile::exists(QString::fromStdString(WordNetNouns)))
        QSKIP("WordNet is not installed (package wordnet-base)");
    DataSettings settings;
    settings.train.files = {WordNetNouns};
    settings.holdout = {0.1, 0.1, 1};
    const auto loaded = load(settings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    const Dataset& data = loaded->dataset;
    QCOMPARE(data.size(), std::size_t{82115});
    QCOMPARE(data.classCount(), 26);
    QCOMPARE(data.id(0), std::string_view("00001740n"));
    QVERIFY(data.text(0).starts_with("that which is perceived"));
    QVERIFY(!data.text(0).ends_with(' '));
    QCOMPARE(data.classes()[static_cast<std::size_t>(data.gold(0))], std::string("noun.Tops"));
    QCOMPARE(loaded->report.emptyTexts, std::int64_t{0});
    QCOMPARE(loaded->report.files[0].path, WordNetNouns);
}

QTEST_GUILESS_MAIN(RealDataTest)
#include "real_data_test.moc"
