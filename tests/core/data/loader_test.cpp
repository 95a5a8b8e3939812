#include "core/data/loader.h"

#include "core/base/random.h"

#include "fixtures.h"

#include <QtTest>
#include <cmath>
#include <set>

using namespace stillroom;
using namespace stillroom::test;

namespace {

DataSettings settingsFor(const Names& files) {
    DataSettings settings;
    settings.train = {files, "", "id", "text", "label", "", ""};
    return settings;
}

/// Writes down what it is told; refuses texts that say so.
class Observer final : public RecordObserver {
  public:
    Names told;
    std::vector<std::uint32_t> rows;

    Result<void> begin(const std::string& file, const Names& columns) override {
        told.push_back("begin " + file + " " + std::to_string(columns.size()));
        if (file == "stop.csv")
            return fail("the observer stops here");
        return {};
    }
    Refusal look(const Record& record) override {
        told.push_back("look " + std::to_string(record.line));
        for (const auto field : record.fields)
            if (field == "refuse")
                return {"text", "is refused"};
        return {};
    }
    void accepted(std::uint32_t row) override { rows.push_back(row); }
};

std::string manyRows(int count) {
    std::string bytes = "id,text,label\n";
    for (int i = 0; i < count; ++i)
        bytes +=
            "id" + std::to_string(i) + ",text " + std::to_string(i) + "," + (i % 3 == 0 ? "b" : "a") + "\n";
    return bytes;
}

} // namespace

class LoaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsSplitsFromSeveralFormats();
    void severalFilesAreOneSplit();
    void classesAreSortedOrAsListed();
    void labelsAreSharedWithTheTeacher();
    void withoutGoldTheLabelsOfTheTeacherAreTheClasses();
    void emptyGoldIsNoLabel();
    void aTextOfSeveralColumns();
    void labelsAreRenamedAndMerged();
    void renamingComesBeforeTheListOfClasses();
    void abstractsOfPubMed();
    void withoutAnIdColumnRecordsAreNumbered();
    void idsAreText();
    void unescapesAndRepairsAndCounts();
    void textsMayRepeat();
    void theObserverSeesGoodTrainingRecordsInOrder();
    void theObserverCanRefuseAndStop();
    void skippingBadRowsKeepsTheRest();
    void holdoutIsAShareAndAFunctionOfSeedAndNumber();
    void progressAddsUpAndCancelEnds();
    void moreRowsThanTheEstimateLooksAt();

  private:
    Result<LoadedData> load(const DataSettings& settings, const Folder& folder,
                            RecordObserver* observer = nullptr, BadRowPolicy policy = BadRowPolicy::Stop) {
        labels_ = {};
        return loadData(settings, {folder.root(), policy, nullptr}, labels_, observer);
    }
    Labels labels_;
};

void LoaderTest::readsSplitsFromSeveralFormats() {
    const Folder folder;
    folder.write("train.csv", "label,id,text,more\nx,1,\"one, two\",\ny,2,three,\n");
    folder.write("dev.jsonl", "{\"id\": 3, \"text\": \"four\", \"label\": \"x\"}\n");
    folder.write("test.txt", "five; six;y\n");
    DataSettings settings = settingsFor({"train.csv"});
    settings.validation = settings.train;
    settings.validation.files = {"dev.jsonl"};
    settings.test.files = {"test.txt"};
    const auto loaded = load(settings, folder);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    const Dataset& data = loaded->dataset;
    QCOMPARE(data.size(), std::size_t{4});
    QCOMPARE(data.classes(), (Names{"x", "y"}));
    QCOMPARE(data.text(0), std::string_view("one, two"));
    QCOMPARE(data.id(2), std::string_view("3"));
    QCOMPARE(data.split(2), Split::Validation);
    QCOMPARE(data.text(3), std::string_view("five; six"));
    QCOMPARE(data.gold(3), 1);
    QCOMPARE(data.id(3), std::string_view("1"));
    QCOMPARE(data.split(3), Split::Test);
    QCOMPARE(loaded->report.files.size(), std::size_t{3});
    QCOMPARE(loaded->report.files[1].path, std::string("dev.jsonl"));
    QCOMPARE(loaded->report.files[0].rows, std::int64_t{2});
    QCOMPARE(loaded->report.files[2].split, Split::Test);
    QVERIFY(loaded->report.files[2].bytes == 12);
}

void LoaderTest::severalFilesAreOneSplit() {
    const Folder folder;
    folder.write("b_train.csv", "id,text,label\n3,c,x\n");
    folder.write("a_train.csv", "text,label,id\na,x,1\nb,y,2\n"); // columns in another order
    const auto loaded = load(settingsFor({"*_train.csv"}), folder);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.rows(Split::Train).size(), std::size_t{3});
    QCOMPARE(loaded->dataset.text(0), std::string_view("a"));
    QCOMPARE(loaded->dataset.id(2), std::string_view("3"));
}

void LoaderTest::classesAreSortedOrAsListed() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,zebra\n2,b,ape\n3,c,Zoo\n");
    DataSettings settings = settingsFor({"a.csv"});
    auto loaded = load(settings, folder);
    QCOMPARE(loaded->dataset.classes(), (Names{"Zoo", "ape", "zebra"}));
    QCOMPARE(loaded->dataset.gold(0), 2);
    QCOMPARE(loaded->dataset.gold(2), 0);
    settings.classes = {"zebra", "none of it", "ape", "Zoo"};
    loaded = load(settings, folder);
    QCOMPARE(loaded->dataset.classes(), settings.classes);
    QCOMPARE(loaded->dataset.gold(0), 0);
    QCOMPARE(loaded->dataset.gold(1), 2);
}

void LoaderTest::labelsAreSharedWithTheTeacher() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,y\n2,b,x\n");
    Labels labels;
    const auto only = static_cast<std::size_t>(labels.number("only the teacher's"));
    const auto x = static_cast<std::size_t>(labels.number("x"));
    const auto loaded = loadData(settingsFor({"a.csv"}), {folder.root()}, labels);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.classes(), (Names{"x", "y"}));
    QCOMPARE(loaded->classOfLabel.size(), labels.names().size());
    QCOMPARE(loaded->classOfLabel[only], -1);
    QCOMPARE(loaded->classOfLabel[x], 0);
    QCOMPARE(loaded->classOfLabel[static_cast<std::size_t>(labels.find("y"))], 1);
}

void LoaderTest::withoutGoldTheLabelsOfTheTeacherAreTheClasses() {
    const Folder folder;
    folder.write("a.csv", "id,text\n1,a\n2,b\n");
    DataSettings settings = settingsFor({"a.csv"});
    settings.train.gold.clear();
    Labels labels;
    labels.number("y");
    labels.number("x");
    const auto loaded = loadData(settings, {folder.root()}, labels);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.classes(), (Names{"x", "y"}));
    QCOMPARE(loaded->classOfLabel, (std::vector<std::int32_t>{1, 0}));
    QVERIFY(!loaded->dataset.hasGold(Split::Train));
}

void LoaderTest::aTextOfSeveralColumns() {
    const Folder folder;
    folder.write("a.csv",
                 "id,title,label,abstract,note\n1,A &lt; b,x,It is.,n\n2,Only,y,,\n3,,x,Alone,m\n4,,y,,\n");
    DataSettings settings = settingsFor({"a.csv"});
    settings.train.text = "title";
    settings.train.moreText = {"abstract", "note"};
    settings.unescapeHtml = true;
    const auto loaded = load(settings, folder);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(loaded->dataset.text(0), std::string_view("A < b\nIt is.\nn"));
    QCOMPARE(loaded->dataset.text(1), std::string_view("Only")); // what is empty adds no line
    QCOMPARE(loaded->dataset.text(2), std::string_view("Alone\nm"));
    QCOMPARE(loaded->dataset.text(3), std::string_view(""));
    QCOMPARE(loaded->report.emptyTexts, std::int64_t{1});
}

void LoaderTest::labelsAreRenamedAndMerged() {
    const Folder folder;
    folder.write("a.jsonl",
                 "{\"id\": 1, \"text\": \"a\", \"label\": 0}\n{\"id\": 2, \"text\": \"b\", \"label\": 1}\n"
                 "{\"id\": 3, \"text\": \"c\", \"label\": 2}\n{\"id\": 4, \"text\": \"d\", \"label\": "
                 "\"love\"}\n");
    DataSettings settings = settingsFor({"a.jsonl"});
    settings.rename = {{"0", "sadness"}, {"1", "joy"}, {"2", "joy"}, {"love", "joy"}};
    const auto loaded = load(settings, folder);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(loaded->dataset.classes(), (Names{"joy", "sadness"}));
    QCOMPARE(loaded->dataset.gold(0), 1);
    for (const std::size_t row : {std::size_t{1}, std::size_t{2}, std::size_t{3}})
        QCOMPARE(loaded->dataset.gold(row), 0);
}

void LoaderTest::renamingComesBeforeTheListOfClasses() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,0\n2,b,1\n3,c,joy\n");
    DataSettings settings = settingsFor({"a.csv"});
    settings.rename = {{"0", "sadness"}, {"1", "joy"}};
    settings.classes = {"sadness", "joy", "fear"};
    auto loaded = load(settings, folder);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(loaded->dataset.classes(), settings.classes);
    QCOMPARE(loaded->dataset.gold(0), 0);
    QCOMPARE(loaded->dataset.gold(1), 1);
    QCOMPARE(loaded->dataset.gold(2), 1);
    settings.rename.emplace_back("2", "fear"); // there is no 2
    loaded = load(settings, folder);
    QVERIFY(!loaded);
    VERIFY_SAYS(loaded.error().message, "data.rename makes 'fear' of '2'", "no label is called so");
}

void LoaderTest::abstractsOfPubMed() {
    const Folder folder;
    folder.write("train.txt",
                 "###24293578\nOBJECTIVE\tTo see.\nMETHODS\tWe saw.\n\n###24854809\nMETHODS\tAgain.\n\n");
    DataSettings settings;
    settings.train.files = {"train.txt"};
    const auto loaded = load(settings, folder);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(loaded->dataset.size(), std::size_t{3});
    QCOMPARE(loaded->dataset.classes(), (Names{"METHODS", "OBJECTIVE"}));
    QCOMPARE(loaded->dataset.id(1), std::string_view("24293578-2"));
    QCOMPARE(loaded->dataset.text(2), std::string_view("Again."));
}

void LoaderTest::emptyGoldIsNoLabel() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,x\n2,b,\n3,c,y\n");
    const auto loaded = load(settingsFor({"a.csv"}), folder);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.gold(1), Dataset::NoLabel);
    QCOMPARE(loaded->dataset.classCount(), 2);
}

void LoaderTest::withoutAnIdColumnRecordsAreNumbered() {
    const Folder folder;
    folder.write("a.csv", "text,label\na,x\nragged\nb,y\n");
    folder.write("b.csv", "text,label\nc,x\n");
    DataSettings settings = settingsFor({"a.csv", "b.csv"});
    settings.train.id.clear();
    settings.validation = settings.train;
    settings.validation.files = {"b.csv"};
    const auto loaded = load(settings, folder, nullptr, BadRowPolicy::Skip);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.id(0), std::string_view("1"));
    QCOMPARE(loaded->dataset.id(1), std::string_view("3")); // the skipped one was the second
    QCOMPARE(loaded->dataset.id(2), std::string_view("4"));
    QCOMPARE(loaded->dataset.id(3), std::string_view("1"));
    QCOMPARE(loaded->dataset.split(3), Split::Validation);
}

void LoaderTest::idsAreText() {
    const Folder folder;
    folder.write("a.csv",
                 "id,text,label\n1167883326872375298,a,x\n1167883326872375299,b,y\n007,c,x\n7,d,x\n");
    const auto loaded = load(settingsFor({"a.csv"}), folder);
    QVERIFY(loaded); // as doubles the first two would be one
    QCOMPARE(loaded->dataset.id(1), std::string_view("1167883326872375299"));
    QCOMPARE(loaded->dataset.id(2), std::string_view("007"));
}

void LoaderTest::unescapesAndRepairsAndCounts() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,Q&amp;A &lt;3,x\n2,caf\xE9,y\n3,,x\n4,AT&T,y&amp;\n");
    DataSettings settings = settingsFor({"a.csv"});
    auto loaded = load(settings, folder);
    QCOMPARE(loaded->dataset.text(0), std::string_view("Q&amp;A &lt;3"));
    QCOMPARE(loaded->report.unescapedHtml, std::int64_t{0});
    settings.unescapeHtml = true;
    loaded = load(settings, folder);
    QCOMPARE(loaded->dataset.text(0), std::string_view("Q&A <3"));
    QCOMPARE(loaded->dataset.text(1), std::string_view("caf\xEF\xBF\xBD"));
    QCOMPARE(loaded->dataset.text(3), std::string_view("AT&T"));
    QCOMPARE(loaded->dataset.classes(), (Names{"x", "y", "y&amp;"})); // texts only
    QCOMPARE(loaded->report.unescapedHtml, std::int64_t{2});
    QCOMPARE(loaded->report.invalidUtf8, std::int64_t{1});
    QCOMPARE(loaded->report.emptyTexts, std::int64_t{1});
}

void LoaderTest::textsMayRepeat() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,same,x\n2,same,y\n");
    QVERIFY(load(settingsFor({"a.csv"}), folder));
}

void LoaderTest::theObserverSeesGoodTrainingRecordsInOrder() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,x\nragged\n1,twin,x\n2,b,y\n");
    folder.write("b.csv", "id,text,label,more\n3,c,x,\n");
    folder.write("dev.csv", "id,text,label\n4,d,x\n");
    DataSettings settings = settingsFor({"a.csv", "b.csv"});
    settings.validation = settings.train;
    settings.validation.files = {"dev.csv"};
    Observer observer;
    const auto loaded = load(settings, folder, &observer, BadRowPolicy::Skip);
    QVERIFY(loaded);
    QCOMPARE(observer.told, (Names{"begin a.csv 3", "look 2", "look 5", "begin b.csv 4", "look 2"}));
    QCOMPARE(observer.rows, (std::vector<std::uint32_t>{0, 1, 2}));
    QCOMPARE(loaded->report.badRows.count, std::int64_t{2});
}

void LoaderTest::theObserverCanRefuseAndStop() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,x\n2,refuse,z\n2,b,y\n");
    Observer observer;
    const auto loaded = load(settingsFor({"a.csv"}), folder, &observer, BadRowPolicy::Skip);
    QVERIFY(loaded); // the refused row has not used up its id, nor made its label a class
    QCOMPARE(loaded->dataset.size(), std::size_t{2});
    QCOMPARE(loaded->dataset.classes(), (Names{"x", "y"}));
    QCOMPARE(loaded->report.badRows.first[0].sentence(),
             std::string("a.csv, line 3, column text: is refused"));
    QCOMPARE(observer.rows, (std::vector<std::uint32_t>{0, 1}));

    folder.write("stop.csv", "id,text,label\n1,a,x\n");
    const auto stopped = load(settingsFor({"stop.csv"}), folder, &observer);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().message, std::string("the observer stops here"));
}

void LoaderTest::skippingBadRowsKeepsTheRest() {
    const Folder folder;
    folder.write("a.csv", "id,text,label\n1,a,x\n2\n3,b,y\n3,twin,y\n,no id,x\n4,c,\n");
    const auto stopped = load(settingsFor({"a.csv"}), folder);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().message,
             std::string("3 bad rows in 1 file; correct them, or skip them with --bad-rows skip"));
    QCOMPARE(stopped.error().details.size(), std::size_t{3});
    const auto loaded = load(settingsFor({"a.csv"}), folder, nullptr, BadRowPolicy::Skip);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.size(), std::size_t{3});
    QCOMPARE(loaded->report.badRows.count, std::int64_t{3});
    QCOMPARE(loaded->report.files[0].rows, std::int64_t{3});
}

void LoaderTest::holdoutIsAShareAndAFunctionOfSeedAndNumber() {
    const Folder folder;
    constexpr int Rows = 20000;
    folder.write("a.csv", manyRows(Rows));
    folder.write("dev.csv", "id,text,label\ndev,d,a\n");
    DataSettings settings = settingsFor({"a.csv"});
    settings.holdout = {0.1, 0.2, 5};
    settings.validation = settings.train;
    settings.validation.files = {"dev.csv"};
    Observer observer;
    const auto first = load(settings, folder, &observer);
    QVERIFY(first);
    QCOMPARE(observer.rows.size(), std::size_t{Rows}); // also those that are held out
    const auto share = [&](Split split) {
        return static_cast<double>(first->dataset.rows(split).size()) / Rows;
    };
    // Standard errors 0.0021 and 0.0028: four of them.
    QVERIFY(std::abs(share(Split::Validation) - 0.1) < 0.0085);
    QVERIFY(std::abs(share(Split::Test) - 0.2) < 0.0113);
    QCOMPARE(first->dataset.split(Rows), Split::Validation); // dev.csv itself is not drawn from

    for (std::uint32_t row = 0; row < 100; ++row) {
        const double u = static_cast<double>(mix64(mix64(5) ^ (row + 1)) >> 11) * 0x1.0p-53;
        const Split expected = u < 0.1 ? Split::Validation : u < 0.1 + 0.2 ? Split::Test : Split::Train;
        QCOMPARE(first->dataset.split(row), expected);
    }
    const auto again = load(settings, folder);
    settings.holdout.seed = 6;
    const auto other = load(settings, folder);
    int moved = 0;
    for (std::uint32_t row = 0; row < Rows; ++row) {
        QCOMPARE(again->dataset.split(row), first->dataset.split(row));
        moved += other->dataset.split(row) != first->dataset.split(row) ? 1 : 0;
    }
    QVERIFY(moved > Rows / 4);
    settings.holdout = {0.5, 0.5, 1};
    const auto nothing = load(settings, folder);
    QVERIFY(!nothing);
    VERIFY_SAYS(nothing.error().message, "data.holdout leaves no training row", "smaller");
}

void LoaderTest::progressAddsUpAndCancelEnds() {
    const Folder folder;
    const std::string bytes = manyRows(5000);
    folder.write("a.csv", bytes);
    Progress progress;
    Labels labels;
    QVERIFY(loadData(settingsFor({"a.csv"}), {folder.root(), BadRowPolicy::Stop, &progress}, labels));
    QCOMPARE(progress.total(), static_cast<std::int64_t>(bytes.size()));
    QCOMPARE(progress.done(), progress.total());
    progress.cancel();
    const auto cancelled =
        loadData(settingsFor({"a.csv"}), {folder.root(), BadRowPolicy::Stop, &progress}, labels);
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().kind, ErrorKind::Cancelled);
}

void LoaderTest::moreRowsThanTheEstimateLooksAt() {
    const Folder folder;
    constexpr std::uint32_t Rows = 70000;
    folder.write("a.csv", manyRows(Rows));
    const auto loaded = load(settingsFor({"a.csv"}), folder);
    QVERIFY(loaded);
    QCOMPARE(loaded->dataset.size(), std::size_t{Rows});
    for (std::uint32_t row = 0; row < Rows; row += 999) {
        QCOMPARE(loaded->dataset.text(row), "text " + std::to_string(row));
        QCOMPARE(loaded->dataset.id(row), "id" + std::to_string(row));
        QCOMPARE(loaded->dataset.gold(row), row % 3 == 0 ? 1 : 0);
    }
}

QTEST_GUILESS_MAIN(LoaderTest)
#include "loader_test.moc"
