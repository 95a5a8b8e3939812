// The five data sets of the LLKD paper: small files made here in exactly the formats that they are published
// in, each read by its experiment as it comes with Stillroom, with a simulated teacher in the LLM's place.
#include "core/data/sniff.h"
#include "core/experiment/prepare.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>
#include <array>
#include <fstream>

using namespace stillroom;

class PaperDataSetsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void pubMedRct();
    void yahooAnswers();
    void emotion();
    void emotionWithNumbers();
    void arxiv10();
    void biosBias();
    void everyClassIsDescribed_data();
    void everyClassIsDescribed();

  private:
    void write(const char* name, const std::string& bytes) const;
    [[nodiscard]] std::string path(const char* name) const { return folder_->filePath(name).toStdString(); }
    /// The experiment with the LLM replaced, its files read.
    Result<Prepared> prepared(const char* name) const;

    std::unique_ptr<QTemporaryDir> folder_;
};

namespace {

Result<Experiment> ours(const char* name) {
    return readExperiment(std::string(STILLROOM_SOURCE_DIR "/experiments/") + name + ".yaml");
}

/// The class of a row by its name, "" for none.
std::string gold(const Dataset& data, std::size_t row) {
    return data.gold(row) == Dataset::NoLabel ? "" : data.classes()[static_cast<std::size_t>(data.gold(row))];
}

} // namespace

#define VERIFY_PREPARED(prepared)                                                                            \
    QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());                                    \
    QCOMPARE(prepared->report.badRows.count, std::int64_t{0});                                               \
    QCOMPARE(prepared->untaught, std::int64_t{0});                                                           \
    QCOMPARE(prepared->quality.rows, static_cast<std::int64_t>(prepared->set.data->rows(Split::Train).size()))

void PaperDataSetsTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
}

void PaperDataSetsTest::write(const char* name, const std::string& bytes) const {
    QDir().mkpath(QFileInfo(folder_->filePath(name)).path());
    std::ofstream(path(name), std::ios::binary) << bytes;
}

Result<Prepared> PaperDataSetsTest::prepared(const char* name) const {
    auto experiment = ours(name);
    if (!experiment)
        return fail(experiment.error());
    if (experiment->name != name)
        return fail("the experiment's name is not its file's");
    if (auto set = setSetting(*experiment, "teacher.kind", "simulated"); !set)
        return fail(set.error());
    LoadContext context;
    context.root = folder_->path().toStdString();
    return prepare(*experiment, context);
}

void PaperDataSetsTest::pubMedRct() {
    const auto abstract = [](int number) {
        return "###" + std::to_string(number) +
               "\nBACKGROUND\tEmotional eating is associated with overeating .\n"
               "OBJECTIVE\tTo investigate the efficacy of @ weeks of daily low-dose oral prednisolone ; once "
               ".\n"
               "METHODS\tA total of @ patients with \"primary\" knee OA were randomized @:@ .\n"
               "METHODS\tOutcome measures included pain reduction .\n"
               "RESULTS\tThere was a clinically relevant reduction ( @ % CI ) , p < @ .\n"
               "CONCLUSIONS\tLow-dose oral prednisolone had an effect .\n\n";
    };
    write("PubMed_20k_RCT/train.txt", abstract(24293578) + abstract(24854809));
    write("PubMed_20k_RCT/dev.txt", abstract(24290286));
    write("PubMed_20k_RCT/test.txt", abstract(24845963));
    const auto prepared = this->prepared("pubmed-rct");
    VERIFY_PREPARED(prepared);
    const Dataset& data = *prepared->set.data;
    QCOMPARE(data.size(), std::size_t{24});
    QCOMPARE(data.rows(Split::Train).size(), std::size_t{12});
    QCOMPARE(data.rows(Split::Validation).size(), std::size_t{6});
    QCOMPARE(data.classes(),
             (std::vector<std::string>{"background", "objective", "methods", "results", "conclusions"}));
    QCOMPARE(data.id(3), std::string_view("24293578-4"));
    QCOMPARE(data.text(2),
             std::string_view("A total of @ patients with \"primary\" knee OA were randomized @:@ ."));
    QCOMPARE(gold(data, 2), std::string("methods"));
    QCOMPARE(gold(data, 11), std::string("conclusions"));
    const auto sniffed = sniffFile(path("PubMed_20k_RCT/dev.txt"), "dev.txt");
    QVERIFY(sniffed);
    QCOMPARE(sniffed->settings.format, std::string("pubmed_rct"));
}

void PaperDataSetsTest::yahooAnswers() {
    // Every field in quotes, quotes within doubled, line ends as \n: two characters. No header.
    std::string train, test;
    for (int i = 0; i < 200; ++i) {
        const std::string number = std::to_string(i % 10 + 1);
        train += "\"" + number + "\",\"why doesn't \"\"it\"\" work, " + std::to_string(i) + "?\",\"" +
                 (i % 2 == 0 ? "I tried,\\nit failed." : "") + "\",\"Because of this, and that.\"\n";
        if (i < 20)
            test += "\"" + number + "\",\"what is it?\",\"\",\"\"\n";
    }
    write("yahoo_answers_csv/train.csv", train);
    write("yahoo_answers_csv/test.csv", test);
    const auto prepared = this->prepared("yahoo-answers");
    VERIFY_PREPARED(prepared);
    const Dataset& data = *prepared->set.data;
    QCOMPARE(data.size(), std::size_t{220});
    QCOMPARE(data.rows(Split::Test).size(), std::size_t{20});
    QVERIFY(!data.rows(Split::Validation).empty()); // a share of the training file
    QCOMPARE(data.classCount(), 10);
    QCOMPARE(data.text(0),
             std::string_view("why doesn't \"it\" work, 0?\nI tried,\\nit failed.\nBecause of this, and "
                              "that."));
    QCOMPARE(data.text(1), std::string_view("why doesn't \"it\" work, 1?\nBecause of this, and that."));
    QCOMPARE(gold(data, 0), std::string("society"));
    QCOMPARE(gold(data, 4), std::string("computers"));
    QCOMPARE(gold(data, 9), std::string("politics")); // 10
    const auto sniffed = sniffFile(path("yahoo_answers_csv/train.csv"), "train.csv");
    QVERIFY(sniffed);
    QVERIFY(!sniffed->settings.header);
    QCOMPARE(sniffed->columns.size(), std::size_t{4});
}

namespace {

constexpr std::array<const char*, 6> Emotions{"sadness", "joy", "love", "anger", "fear", "surprise"};

std::string emotionText(std::size_t i) {
    return "i feel like number " + std::to_string(i);
}

} // namespace

void PaperDataSetsTest::emotion() {
    for (const char* name : {"emotion/train.txt", "emotion/val.txt", "emotion/test.txt"}) {
        std::string bytes;
        for (std::size_t i = 0; i < 12; ++i)
            bytes += emotionText(i) + ";" + Emotions.at(i % 6) + "\n";
        write(name, bytes);
    }
    const auto prepared = this->prepared("emotion");
    VERIFY_PREPARED(prepared);
    const Dataset& data = *prepared->set.data;
    QCOMPARE(data.size(), std::size_t{36});
    QCOMPARE(data.text(1), std::string_view("i feel like number 1"));
    QCOMPARE(gold(data, 1), std::string("joy"));
}

void PaperDataSetsTest::emotionWithNumbers() {
    for (const char* name : {"emotion/train.jsonl", "emotion/validation.jsonl", "emotion/test.jsonl"}) {
        std::string bytes;
        for (std::size_t i = 0; i < 12; ++i)
            bytes += R"({"text":")" + emotionText(i) + R"(","label":)" + std::to_string(i % 6) + "}\n";
        write(name, bytes);
    }
    const auto prepared = this->prepared("emotion-jsonl");
    VERIFY_PREPARED(prepared);
    const Dataset& data = *prepared->set.data;
    QCOMPARE(data.size(), std::size_t{36});
    for (std::size_t i = 0; i < 6; ++i)
        QCOMPARE(gold(data, i), std::string(Emotions.at(i)));
}

void PaperDataSetsTest::arxiv10() {
    // As pandas writes it: quotes only where they are needed, abstracts with line ends in them.
    constexpr std::array<const char*, 10> archives{"astro-ph", "cond-mat", "cs",      "eess",     "hep-ph",
                                                   "hep-th",   "math",     "physics", "quant-ph", "stat"};
    std::string bytes = "title,abstract,label\n";
    for (std::size_t i = 0; i < 200; ++i)
        bytes += "On $x_" + std::to_string(i) + "$ and spins,\"  We study \"\"it\"\", in\n detail.\n\"," +
                 archives.at(i % 10) + "\n";
    write("arxiv-10/arxiv100.csv", bytes);
    const auto prepared = this->prepared("arxiv-10");
    VERIFY_PREPARED(prepared);
    const Dataset& data = *prepared->set.data;
    QCOMPARE(data.size(), std::size_t{200});
    QVERIFY(!data.rows(Split::Validation).empty() && !data.rows(Split::Test).empty());
    QCOMPARE(data.text(0), std::string_view("On $x_0$ and spins\n  We study \"it\", in\n detail.\n"));
    QCOMPARE(gold(data, 3), std::string("eess"));
    const auto sniffed = sniffFile(path("arxiv-10/arxiv100.csv"), "arxiv100.csv");
    QVERIFY(sniffed);
    QCOMPARE(sniffed->columns, (std::vector<std::string>{"title", "abstract", "label"}));
}

void PaperDataSetsTest::biosBias() {
    for (const char* name : {"biosbias/train.jsonl", "biosbias/dev.jsonl", "biosbias/test.jsonl"}) {
        std::string bytes;
        for (int i = 0; i < 56; ++i)
            bytes += R"({"hard_text":"She is the author of \"Numbers\" and lives in S\u00e3o Paulo, )" +
                     std::to_string(i) + R"(.","profession":)" + std::to_string(i % 28) + R"(,"gender":)" +
                     std::to_string(i % 2) + "}\n";
        write(name, bytes);
    }
    const auto prepared = this->prepared("biosbias");
    VERIFY_PREPARED(prepared);
    const Dataset& data = *prepared->set.data;
    QCOMPARE(data.size(), std::size_t{168});
    QCOMPARE(data.classCount(), 28);
    QCOMPARE(data.text(21), std::string_view("She is the author of \"Numbers\" and lives in São Paulo, 21."));
    QCOMPARE(gold(data, 21), std::string("professor"));
    QCOMPARE(gold(data, 27), std::string("yoga_teacher"));
}

void PaperDataSetsTest::everyClassIsDescribed_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char* name :
         {"pubmed-rct", "yahoo-answers", "emotion", "emotion-jsonl", "arxiv-10", "biosbias"})
        QTest::newRow(name) << QByteArray(name);
}

void PaperDataSetsTest::everyClassIsDescribed() {
    QFETCH(QByteArray, name);
    const auto experiment = ours(name.constData());
    QVERIFY2(experiment, experiment ? "" : experiment.error().message.c_str());
    QCOMPARE(experiment->student.kind, StudentKind::Ngram);
    std::vector<std::string> described;
    for (const auto& [label, words] : experiment->teacher.llm.descriptions) {
        QVERIFY(!words.empty());
        described.push_back(label);
    }
    QCOMPARE(described, experiment->data.classes);
}

QTEST_GUILESS_MAIN(PaperDataSetsTest)
#include "paper_data_sets_test.moc"
