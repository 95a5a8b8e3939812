// Files of many shapes, and what is found out of each. What was found must also read the file.
#include "core/data/loader.h"
#include "core/data/open_records.h"
#include "core/data/sniff.h"

#include "fixtures.h"

#include <QtTest>
#include <array>

using namespace stillroom;
using namespace stillroom::test;

namespace {

const QString Shared = QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data");

std::string utf16(std::string_view ascii, bool big) {
    std::string bytes;
    for (const char c : ascii)
        bytes.append(big ? std::initializer_list<char>{'\0', c} : std::initializer_list<char>{c, '\0'});
    return bytes;
}

/// "csv ';' none windows-1252 noheader", the ordinary left out.
std::string described(const SplitSettings& settings) {
    std::string all = settings.format;
    for (const std::string& part : {settings.delimiter, settings.quoting, settings.encoding})
        all += part.empty() ? "" : " " + part;
    return all + (settings.header ? "" : " noheader");
}

/// Lines of a made-up data set whose labels come again.
std::string repeated(std::string_view pattern, int times) {
    static const std::array<std::string_view, 3> labels{"joy", "anger", "fear"};
    static const std::array<std::string_view, 4> texts{
        "i feel so much better than before", "what a day that was", "he is so angry that he cannot speak",
        "we walk at night"};
    std::string all;
    for (int i = 0; i < times; ++i)
        for (const char c : pattern)
            if (c == 'T')
                all += texts.at(static_cast<std::size_t>(i) % texts.size());
            else if (c == 'L')
                all += labels.at(static_cast<std::size_t>(i) % labels.size());
            else if (c == 'N')
                all += std::to_string(1000 + 7 * i);
            else
                all.push_back(c);
    return all;
}

} // namespace

class SniffTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void shapes_data();
    void shapes();
    void whatIsGivenIsTaken();
    void whatNobodyCanRead();
    void onlyTheBeginningIsRead();
    void badRowsAreCounted();
    void remarksSayWhy();
    void realFiles_data();
    void realFiles();

  private:
    Folder folder_;
};

void SniffTest::shapes_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QStringList>("columns");
    QTest::addColumn<QStringList>("first"); ///< row
    const auto row = [](const char* what, const char* name, const std::string& bytes, const char* settings,
                        const QStringList& columns, const QStringList& first) {
        QTest::newRow(what) << QString::fromLatin1(name)
                            << QByteArray(bytes.data(), static_cast<int>(bytes.size()))
                            << QString::fromLatin1(settings) << columns << first;
    };
    const QString text = QStringLiteral("i feel so much better than before");
    const auto of = [](const char* words) { return QString::fromUtf8(words).split(u'/'); };
    row("csv", "a.csv", "id,text,label\n" + repeated("N,T,L\n", 9), "csv", of("id/text/label"),
        {"1000", text, "joy"});
    row("csv, quotes", "a.csv", "id,text,label\n" + repeated("N,\"T, \"\"T\"\"\",L\n", 9), "csv",
        of("id/text/label"), {"1000", text + ", \"" + text + "\"", "joy"});
    row("csv, all in quotes", "a.dat", "\"text\",\"label\"\n" + repeated("\"T\",\"L\"\n", 9), "csv",
        of("text/label"), {text, "joy"});
    row("csv, line ends in fields", "a.csv", "text,label\n" + repeated("\"T\nT\",L\n", 9), "csv",
        of("text/label"), {text + "\n" + text, "joy"});
    row("csv, CRLF and a mark", "a.csv", "\xEF\xBB\xBFtext,label\r\n" + repeated("T,L\r\n", 9), "csv",
        of("text/label"), {text, "joy"});
    row("csv, old Mac's line ends", "a.csv", "text,label\r" + repeated("T,L\r", 9), "csv", of("text/label"),
        {text, "joy"});
    row("csv, an index without a name", "a.csv", ",text,label\n" + repeated("N,T,L\n", 9), "csv",
        of("/text/label"), {"1000", text, "joy"});
    row("csv of two lines", "a.csv", "text,label\nHello you,joy\n", "csv", of("text/label"),
        {"Hello you", "joy"});
    row("csv, a column's name in German", "a.csv", "Äußerung,Gefühl\n" + repeated("T,L\n", 9), "csv",
        of("Äußerung/Gefühl"), {text, "joy"});
    row("csv without a header", "a.csv", repeated("N,T,L\n", 9), "csv noheader", of("1/2/3"),
        {"1000", text, "joy"});
    row("csv without a header, of labels first", "a.csv", repeated("L,T\n", 9), "csv noheader", of("1/2"),
        {"joy", text});
    row("Yahoo! Answers", "train.csv",
        "\"5\",\"why doesn't an optical mouse work on a glass table?\",\"or even on some "
        "surfaces?\",\"Optical mice "
        "use an LED\\nand a camera, \"\"CMOS\"\".\"\n\"6\",\"What is the best off-road motorcycle trail "
        "?\",\"\",\"i "
        "hear that the mojave road is amazing!\"\n\"3\",\"How do I fix it?\",\"It is broken, you "
        "see.\",\"You do "
        "not.\"\n",
        "csv noheader", of("1/2/3/4"),
        {"5", "why doesn't an optical mouse work on a glass table?", "or even on some surfaces?",
         "Optical mice use an LED\\nand a camera, \"CMOS\"."});
    row("Arxiv-10", "arxiv100.csv",
        "title,abstract,label\nThe gamma-ray afterglows,\"  We use Swift, and\nFermi data.\n\",astro-ph\n"
        "Spin waves,\"  We study spins, in\nmagnets.\n\",cond-mat\nOn a theorem,\"  We prove it, "
        "twice.\n\",math\n",
        "csv", of("title/abstract/label"),
        {"The gamma-ray afterglows", "  We use Swift, and\nFermi data.\n", "astro-ph"});
    row("semicolons, commas in texts", "a.csv", "text;label\n" + repeated("T, and more;L\n", 9), "csv ;",
        of("text/label"), {text + ", and more", "joy"});
    row("semicolons, no header, a table by its ending", "a.csv", repeated("T;L\n", 9), "csv ; noheader",
        of("1/2"), {text, "joy"});
    row("bars", "a.txt", "label|text\n" + repeated("L|T; T, T\n", 9), "csv |", of("label/text"),
        {"joy", text + "; " + text + ", " + text});
    row("tsv", "a.tsv", "tweet_id\ttweet_text\tclass_label\n" + repeated("N\tT, and\tL\n", 9), "tsv",
        of("tweet_id/tweet_text/class_label"), {"1000", text + ", and", "joy"});
    row("tsv by nothing but tabs", "data", "id\ttext\n" + repeated("N\tT, T\n", 9), "tsv", of("id/text"),
        {"1000", text + ", " + text});
    row("tsv, quotes that are none", "a.tsv",
        "id\ttext\n" + repeated("N\t\"T\" he said\n", 5) + repeated("N\t\"T\n", 2) + repeated("N\tT\n", 5),
        "tsv none", of("id/text"), {"1000", "\"" + text + "\" he said"});
    row("tsv, quotes that swallow lines", "a.tsv",
        "id\ttext\n" + repeated("N\tT\n", 4) + "1\t\"open\n2\tand\n3\tshut\"\n4\tend\n" +
            repeated("N\tT\n", 4),
        "tsv none", of("id/text"), {"1000", text});
    row("csv, a comma in each line of a quoted text", "a.csv", "text,label\n" + repeated("\"T,\nT\",L\n", 9),
        "csv", of("text/label"), {text + ",\n" + text, "joy"});
    row("csv, a comma in each line of few quoted texts", "a.csv",
        "text,label\n" + repeated("T,L\n", 9) + "\"so,\nand so, too\nor so\",joy\n" + repeated("T,L\n", 9),
        "csv", of("text/label"), {text, "joy"});
    row("csv, two records, a comma before a line's end", "a.csv",
        "text,label\r\n\"one,\r\ntwo\",joy\r\n\"three,\r\nfour\",fear\r\n", "csv", of("text/label"),
        {"one,\r\ntwo", "joy"});
    row("csv, quotes that swallow labelled lines", "a.csv",
        "text,label\n" + repeated("T,L\n", 9) + "\"so,joy\n" + repeated("T,L\n", 3) + "or so\",fear\n" +
            repeated("T,L\n", 9),
        "csv none", of("text/label"), {text, "joy"});
    row("tsv in a .csv", "a.csv", "text\tlabel\n" + repeated("T, T\tL\n", 9), "tsv", of("text/label"),
        {text + ", " + text, "joy"});
    row("tsv without a header", "a.tsv", repeated("L\tT\n", 9), "tsv noheader", of("1/2"), {"joy", text});
    row("one column", "texts.txt", "text\n" + repeated("T\n", 9), "csv", of("text"), {text});
    row("one column, commas in it", "texts.txt", repeated("T\n", 3) + repeated("T, T\n", 9), "tsv noheader",
        of("1"), {text});
    row("text;label", "train.txt", repeated("T;L\n", 9), "label_lines", of("text/label"), {text, "joy"});
    row("text;label with semicolons in texts", "train.txt", repeated("T;L\n", 5) + repeated("T; T;L\n", 5),
        "label_lines", of("text/label"), {text, "joy"});
    row("text;label with its header", "train.txt", "text;label_name\n" + repeated("T;L\n", 2), "label_lines",
        of("text/label"), {text, "joy"});
    row("JSON lines", "a.jsonl",
        "{\"text\": \"i feel; so\", \"label\": 0}\n{\"text\": \"b\", \"label\": 5}\n", "jsonl",
        of("text/label"), {"i feel; so", "0"});
    row("JSON lines by nothing but braces", "data.txt", "\n {\"a\": 1}\n{\"b\": [2]}\n", "jsonl", of("a/b"),
        {"1", ""});
    row("PubMed RCT", "dev.txt",
        "###24290286\nBACKGROUND\tIgE sensitization; common.\nMETHODS\tWe, all.\n\n###2\nRESULTS\tp < @\n",
        "pubmed_rct", of("id/text/label"), {"24290286-1", "IgE sensitization; common.", "BACKGROUND"});
    row("WordNet", "nouns",
        "  1 This software\n00001740 03 n 01 entity 0 003 ~ 00001930 n 0000 | that which is  \n", "wordnet",
        of("id/text/label"), {"00001740n", "that which is", "noun.Tops"});
    row("Windows-1252", "a.csv", "text,label\nK\xE4se \x80,1\nBrot,2\n", "csv windows-1252", of("text/label"),
        {QString::fromUtf8("Käse €"), "1"});
    row("UTF-8 with one broken byte", "a.csv",
        "text,label\nK\xC3\xA4se \xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4 \xE4,1\nBrot,2\n", "csv", of("text/label"),
        {QString::fromUtf8("Käse öüßä \uFFFD"), "1"});
    row("UTF-16 with a mark", "a.csv", "\xFF\xFE" + utf16("text;label\nHello, you;1\nBye;2\n", false),
        "csv ; utf-16", of("text/label"), {"Hello, you", "1"});
    row("UTF-16 without a mark", "a.txt", utf16(repeated("T;L\n", 9), true), "label_lines utf-16",
        of("text/label"), {text, "joy"});
}

void SniffTest::shapes() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, settings);
    QFETCH(QStringList, columns);
    QFETCH(QStringList, first);
    const std::string path =
        folder_.write(name.toStdString(), {bytes.data(), static_cast<std::size_t>(bytes.size())});
    const auto sniffed = sniffFile(path, name.toStdString());
    QVERIFY2(sniffed, sniffed ? "" : sniffed.error().message.c_str());
    QCOMPARE(QString::fromStdString(described(sniffed->settings)), settings);
    QStringList names, cells;
    for (const auto& column : sniffed->columns)
        names << QString::fromStdString(column);
    QCOMPARE(names, columns);
    QVERIFY(!sniffed->rows.empty());
    for (const auto& row : sniffed->rows)
        QCOMPARE(row.size(), sniffed->columns.size());
    for (const auto& cell : sniffed->rows[0])
        cells << QString::fromStdString(cell);
    QCOMPARE(cells, first);
    QCOMPARE(sniffed->badRows, std::int64_t{0});
    QCOMPARE(sniffed->settings.files, (Names{name.toStdString()}));

    // What was found reads the file, and gives the same.
    RecordSource source;
    source.path = path;
    source.shown = name.toStdString();
    source.setting = "data.train";
    source.format = sniffed->settings.format;
    source.delimiter = sniffed->settings.delimiter;
    source.quoting = sniffed->settings.quoting;
    source.encoding = sniffed->settings.encoding;
    source.header = sniffed->settings.header;
    const Table table = tableOf(openRecords(source));
    QVERIFY2(!table.error, table.error.value_or("").c_str());
    QVERIFY(table.bad.empty());
    QCOMPARE(table.rows, sniffed->rows); // none of these has more than fifty
}

void SniffTest::whatIsGivenIsTaken() {
    const std::string path = folder_.write("a.csv", "text;label\n\"a, b\";1\n\"c, d\";2\n");
    SplitSettings given;
    given.quoting = "none";
    auto sniffed = sniffFile(path, "a.csv", given);
    QVERIFY(sniffed);
    QCOMPARE(described(sniffed->settings), std::string("csv ; none"));
    QCOMPARE(sniffed->rows[0][0], std::string("\"a, b\""));
    given = {};
    given.header = false;
    sniffed = sniffFile(path, "a.csv", given);
    QVERIFY(sniffed);
    QCOMPARE(sniffed->columns, (Names{"1", "2"}));
    QCOMPARE(sniffed->rows.size(), std::size_t{3});
    sniffed = sniffFile(folder_.write("b.csv", "1,2\n3,4\n"), "b.csv", {}, true);
    QVERIFY(sniffed);
    QCOMPARE(sniffed->columns, (Names{"1", "2"})); // the first line's
    QCOMPARE(sniffed->rows, (Rows{{"3", "4"}}));
    given = {};
    given.format = "label_lines";
    sniffed = sniffFile(path, "a.csv", given);
    QVERIFY(sniffed);
    QCOMPARE(sniffed->settings.format, std::string("label_lines"));
    QCOMPARE(sniffed->rows[0], (Names{"\"a, b\"", "1"}));
    given = {};
    given.encoding = "windows-1252";
    sniffed = sniffFile(folder_.write("c.csv", "text,label\nK\xC3\xA4se,1\n"), "c.csv", given);
    QVERIFY(sniffed);
    QCOMPARE(sniffed->rows[0][0], std::string("KÃ¤se"));
}

void SniffTest::whatNobodyCanRead() {
    const auto sentence = [&](const char* name, std::string_view bytes, const SplitSettings& given = {}) {
        const auto sniffed = sniffFile(folder_.write(name, bytes), name, given);
        return sniffed ? std::string("it was read") : sniffed.error().message;
    };
    VERIFY_SAYS(sniffFile(folder_.path("none.csv"), "none.csv").error().message,
                "none.csv: there is no such file");
    VERIFY_SAYS(sniffFile(folder_.root(), "folder").error().message, "folder: is a folder");
    VERIFY_SAYS(sentence("a.csv", ""), "a.csv: is empty");
    VERIFY_SAYS(sentence("a.csv", "\n \n\n"), "a.csv: has nothing but empty lines");
    VERIFY_SAYS(sentence("a.xlsx", std::string("PK\x03\x04\0\0zip", 9)), "a.xlsx: is a binary file");
    VERIFY_SAYS(sentence("a.json", "[\n{\"a\": 1}]\n"), "a.json: holds a JSON array", "one object a line");
    VERIFY_SAYS(sentence("a.json", "{\n\"a\": 1\n}\n"), "a.json: holds no JSON object");
    VERIFY_SAYS(sentence("a.txt", "a, b\nc\td\ne|f\n"), "a.txt: nothing in it looks like records");
    SplitSettings given;
    given.format = "excel";
    VERIFY_SAYS(sentence("a.csv", "a,b\n1,2\n", given), "format is 'excel'", "csv, tsv");
    given = {};
    given.encoding = "latin1";
    VERIFY_SAYS(sentence("a.csv", "a,b\n1,2\n", given), "encoding is 'latin1'");
    given = {};
    given.format = "wordnet";
    VERIFY_SAYS(sentence("a.csv", "a,b\n1,2\n", given), "a.csv, line 2: is no synset", "read as wordnet");
}

void SniffTest::onlyTheBeginningIsRead() {
    // Behind the first 256 KiB lies what no table can have, and the last record before it is cut in two.
    std::string bytes = "id,text\n";
    while (bytes.size() < 300'000)
        bytes += std::to_string(bytes.size()) + ",\"" + std::string(5'000, 'x') + "\"\n";
    bytes += "\"never closed";
    const auto sniffed = sniffFile(folder_.write("a.csv", bytes), "a.csv");
    QVERIFY2(sniffed, sniffed ? "" : sniffed.error().message.c_str());
    QCOMPARE(described(sniffed->settings), std::string("csv"));
    QCOMPARE(sniffed->rows.size(), std::size_t{50});
    QCOMPARE(sniffed->badRows, std::int64_t{0});
    // Few long records: the cut one is not shown.
    bytes = "id,text\n";
    for (int i = 0; i < 4; ++i)
        bytes += std::to_string(i) + "," + std::string(100'000, 'x') + "\n";
    const auto long4 = sniffFile(folder_.write("a.csv", bytes), "a.csv");
    QVERIFY(long4);
    QCOMPARE(long4->rows.size(), std::size_t{2});
    QCOMPARE(long4->rows[1][1].size(), std::size_t{100'000});
    // The same as JSON: what is cut is no object, and no fault of the file's.
    bytes.clear();
    for (int i = 0; i < 4; ++i)
        bytes += "{\"text\": \"" + std::string(100'000, 'x') + "\"}\n";
    const auto json = sniffFile(folder_.write("a.jsonl", bytes), "a.jsonl");
    QVERIFY(json);
    QCOMPARE(json->rows.size(), std::size_t{2});
    QCOMPARE(json->badRows, std::int64_t{0});
}

void SniffTest::badRowsAreCounted() {
    const auto sniffed = sniffFile(folder_.write("a.csv", "id,text,label\n" + repeated("N,T,L\n", 20) +
                                                              "7,ragged\n" + repeated("N,T,L\n", 5)),
                                   "a.csv");
    QVERIFY(sniffed);
    QCOMPARE(described(sniffed->settings), std::string("csv"));
    QCOMPARE(sniffed->rows.size(), std::size_t{25});
    QCOMPARE(sniffed->badRows, std::int64_t{1});
}

void SniffTest::remarksSayWhy() {
    const auto remarks = [&](std::string_view bytes) {
        const auto sniffed = sniffFile(folder_.write("a.csv", bytes), "a.csv");
        std::string all;
        if (sniffed)
            for (const auto& remark : sniffed->remarks)
                all += remark + "\n";
        return all;
    };
    QCOMPARE(remarks("text,label\nb,1\n"), std::string());
    VERIFY_SAYS(remarks("text,label\nK\xE4se,1\n"), "read as Windows-1252: it is not valid UTF-8");
    VERIFY_SAYS(remarks("7,b\n8,c\n"), "its first line looks like data");
    VERIFY_SAYS(remarks(utf16("text,label\nb,1\n", false)), "read as UTF-16");
    VERIFY_SAYS(remarks("text\nb\nc\n"), "read as one column");
}

void SniffTest::realFiles_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("settings");
    bool any = false;
    for (const auto* folder : {"humaid", "emotion"})
        for (const auto& name : QDir(Shared + u'/' + QString::fromLatin1(folder)).entryList(QDir::Files)) {
            QTest::newRow(qPrintable(name)) << QString::fromLatin1(folder) << name
                                            << QString::fromLatin1(name.endsWith(u".csv")   ? "csv"
                                                                   : name.endsWith(u".tsv") ? "tsv"
                                                                                            : "label_lines");
            any = true;
        }
    if (!any)
        QTest::newRow("none") << QString() << QString() << QString();
}

void SniffTest::realFiles() {
    QFETCH(QString, folder);
    QFETCH(QString, name);
    QFETCH(QString, settings);
    if (name.isEmpty())
        QSKIP("HumAID and emotion do not lie in ../shared/data beside the project");
    const QString path = Shared + u'/' + folder + u'/' + name;
    const auto sniffed = sniffFile(path.toStdString(), name.toStdString());
    QVERIFY2(sniffed, sniffed ? "" : sniffed.error().message.c_str());
    QCOMPARE(QString::fromStdString(described(sniffed->settings)), settings);
    QCOMPARE(sniffed->badRows, std::int64_t{0});
    QCOMPARE(sniffed->rows.size(), std::size_t{50});
    QCOMPARE(sniffed->remarks, Names{});
    if (settings == u"csv")
        QCOMPARE(sniffed->columns, (Names{"tweet_id", "tweet_text", "class_label", "predicted_label",
                                          "confidence", "entropy", "status"}));
    if (settings == u"tsv")
        QCOMPARE(sniffed->columns, (Names{"tweet_id", "tweet_text", "class_label"}));
    // The whole file is read by what its beginning told.
    DataSettings data;
    data.train = sniffed->settings;
    data.train.files = {path.toStdString()};
    if (settings != u"label_lines") {
        data.train.id = "tweet_id";
        data.train.text = "tweet_text";
        data.train.gold = "class_label";
    }
    Labels labels;
    const auto loaded = loadData(data, {}, labels);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QVERIFY(loaded->dataset.size() > 100);
}

QTEST_GUILESS_MAIN(SniffTest)
#include "sniff_test.moc"
