// What a user can get wrong with data files, one test each: the sentence says what, where and what to do.
#include "core/data/loader.h"

#include "fixtures.h"

#include <QtTest>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;
using namespace stillroom::test;

class BadInputTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void noTrainingFiles();
    void missingFile();
    void emptyFile();
    void headerOnly();
    void unreadableFile();
    void binaryFile();
    void folderInsteadOfFile();
    void patternThatMatchesNothing();
    void unknownEnding();
    void noSuchColumn();
    void noTextColumnSet();
    void wrongDelimiter();
    void unclosedQuote();
    void strayQuote();
    void line50MB();
    void crlfIsFine();
    void byteOrderMarkIsFine();
    void utf16();
    void wrongEncodingName();
    void headerOfWhatHasNone();
    void raggedFirstLine();
    void raggedWithoutHeader();
    void noSuchSecondColumn();
    void renamedLabelThatIsNowhere();
    void renamedToNoClass();
    void sentenceWithoutAbstract();
    void raggedRows();
    void labelNotInTheList();
    void duplicateIds();
    void duplicateIdsAcrossSplits();
    void emptyId();
    void oneClassOnly();
    void oneListedClass();
    void classListedTwice();
    void noLabelsAtAll();
    void everyTextItsOwnClass();
    void jsonArray();
    void noGoodRowAtAll();
    void fileCutShort();

  private:
    Folder folder_;
    DataSettings settings_;

    Error errorOf(const std::string& name, std::string_view bytes) {
        folder_.write(name, bytes);
        settings_.train.files = {name};
        return errorOf();
    }
    Error errorOf(BadRowPolicy policy = BadRowPolicy::Stop) {
        Labels labels;
        auto loaded = loadData(settings_, {folder_.root(), policy, nullptr}, labels);
        return loaded ? Error{"it was loaded"} : loaded.error();
    }

  private Q_SLOTS:
    void init() {
        settings_ = {};
        settings_.train = {{"a.csv"}, "", "id", "text", "label", "", ""};
    }
};

void BadInputTest::noTrainingFiles() {
    settings_.train.files.clear();
    VERIFY_SAYS(errorOf().message, "no training data", "set data.train.files");
}

void BadInputTest::missingFile() {
    settings_.train.files = {"humaid/none.csv"};
    VERIFY_SAYS(errorOf().message, "humaid/none.csv: there is no such file", "correct the path",
                "data.train.files");
}

void BadInputTest::emptyFile() {
    VERIFY_SAYS(errorOf("a.csv", "").message, "a.csv: is empty", "name a file with data in it",
                "data.train.files");
}

void BadInputTest::headerOnly() {
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n").message, "a.csv: there is no good row in it",
                "data.train.files");
}

void BadInputTest::unreadableFile() {
    folder_.write("a.csv", "id,text,label\n1,a,x\n");
    QVERIFY(::chmod(folder_.path("a.csv").c_str(), 0) == 0);
    QVERIFY(::chmod(folder_.root().c_str(), 0755) == 0);
    // Root may read anything: an ordinary user has to try.
    int ends[2];
    QVERIFY(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        std::string said = "cannot become an ordinary user";
        if (::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0))
            said = errorOf().message;
        [[maybe_unused]] const auto ignored = ::write(ends[1], said.data(), said.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said(10000, '\0');
    const auto got = ::read(ends[0], said.data(), said.size());
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    QVERIFY(::chmod(folder_.path("a.csv").c_str(), 0644) == 0);
    VERIFY_SAYS(said, "a.csv: cannot be read: permission is denied", "data.train.files");
}

void BadInputTest::binaryFile() {
    VERIFY_SAYS(errorOf("a.csv", std::string("PK\x03\x04\0\0zip", 9)).message, "a.csv: is a binary file",
                "name a text file", "data.train.files");
}

void BadInputTest::folderInsteadOfFile() {
    folder_.write("humaid/x.csv", "id,text,label\n");
    settings_.train.files = {"humaid"};
    VERIFY_SAYS(errorOf().message, "humaid: is a folder", "pattern such as '*.csv'", "data.train.files");
}

void BadInputTest::patternThatMatchesNothing() {
    settings_.validation = settings_.train;
    settings_.validation.files = {"none/*.csv"};
    folder_.write("a.csv", "id,text,label\n1,a,x\n2,b,y\n");
    VERIFY_SAYS(errorOf().message, "no file matches 'none/*.csv'", "data.validation.files", "correct it",
                folder_.root());
}

void BadInputTest::unknownEnding() {
    VERIFY_SAYS(errorOf("a.xlsx", "id,text\n").message, "a.xlsx: its ending does not say",
                "set data.train.format");
}

void BadInputTest::noSuchColumn() {
    settings_.train.gold = "class_lable";
    VERIFY_SAYS(errorOf("a.csv", "id,text,class_label\n1,a,x\n").message,
                "a.csv: there is no column 'class_lable'", "did you mean 'class_label'?",
                "set data.train.gold", "'id', 'text', 'class_label'");
}

void BadInputTest::noTextColumnSet() {
    settings_.train.text.clear();
    VERIFY_SAYS(errorOf("a.csv", "id,body\n1,a\n").message, "data.train.text is not set", "a.csv",
                "'id', 'body'");
}

void BadInputTest::wrongDelimiter() {
    VERIFY_SAYS(errorOf("a.csv", "id;text;label\n1;a;x\n").message, "a.csv", "no column 'text'",
                "separated by ';'", "set data.train.delimiter");
    VERIFY_SAYS(errorOf("b.csv", "id\ttext\tlabel\n1\ta\tx\n").message, "b.csv", "separated by tabs",
                "set data.train.delimiter");
}

void BadInputTest::unclosedQuote() {
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,x\n2,\"open,y\n3,b,x\n").message, "a.csv, line 3",
                "quote opens here and is never closed", "close it", "quoting to none");
}

void BadInputTest::strayQuote() {
    const Error error = errorOf("a.csv", "id,text,label\n1,\"a\" b,x\n2,c,y\n");
    VERIFY_SAYS(error.message, "1 bad row in 1 file", "--bad-rows skip");
    VERIFY_SAYS(error.details.at(0), "a.csv, line 2", "text behind a closing quote", "double the quotes");
}

void BadInputTest::line50MB() {
    std::string bytes = "id,text,label\n1,a,x\n2,";
    bytes.append(std::size_t{50} << 20, 'x');
    VERIFY_SAYS(errorOf("a.csv", bytes + ",y\n").message, "a.csv, line 3", "longer than 16 MiB",
                "shorten the text");
    VERIFY_SAYS(errorOf("a.jsonl", bytes + ",y\n").message, "a.jsonl");
    settings_.train.id.clear();
    VERIFY_SAYS(errorOf("a.txt", bytes + ";y\n").message, "a.txt, line 3", "longer than 16 MiB");
}

void BadInputTest::crlfIsFine() {
    QCOMPARE(errorOf("a.csv", "id,text,label\r\n1,a,x\r\n2,b,y\r\n").message, std::string("it was loaded"));
}

void BadInputTest::byteOrderMarkIsFine() {
    QCOMPARE(errorOf("a.csv", "\xEF\xBB\xBFid,text,label\n1,a,x\n2,b,y\n").message,
             std::string("it was loaded"));
}

void BadInputTest::utf16() {
    const auto utf16 = [](std::string_view text) {
        std::string bytes;
        for (const char c : text)
            bytes.append({c, '\0'});
        return bytes;
    };
    const std::string bytes = utf16("id,text,label\n1,a,x\n2,b,y\n");
    QCOMPARE(errorOf("a.csv", "\xFF\xFE" + bytes).message, std::string("it was loaded"));
    VERIFY_SAYS(errorOf("a.csv", bytes).message, "a.csv: looks like UTF-16",
                "set data.train.encoding to utf-16", "data.train.files");
    settings_.train.encoding = "utf-16";
    QCOMPARE(errorOf("a.csv", bytes).message, std::string("it was loaded"));
}

void BadInputTest::wrongEncodingName() {
    settings_.train.encoding = "latin1";
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,x\n").message, "data.train.encoding is 'latin1'",
                "utf-8, utf-16 or windows-1252");
}

void BadInputTest::headerOfWhatHasNone() {
    settings_.train.header = false;
    VERIFY_SAYS(errorOf("a.jsonl", "{\"id\": 1}\n").message, "a.jsonl: data.train.header is false",
                "only csv and tsv", "leave it out");
}

void BadInputTest::raggedFirstLine() {
    settings_.train = {{"a.csv"}, "", "1", "2", "3", "", ""};
    settings_.train.header = false;
    VERIFY_SAYS(errorOf("a.csv", "\"a\" b,x,y\n1,2,3\n").message, "a.csv, line 1: the first record",
                "text behind a closing quote");
    VERIFY_SAYS(errorOf("a.csv", "\n\n").message, "a.csv: there is no record in it", "data.train.files");
}

void BadInputTest::raggedWithoutHeader() {
    settings_.train = {{"a.csv"}, "", "1", "2", "3", "", ""};
    settings_.train.header = false;
    VERIFY_SAYS(errorOf("a.csv", "1,a,x\n2,b\n").details.at(0),
                "a.csv, line 2: has 2 fields where the first record has 3");
    settings_.train.text = "4";
    VERIFY_SAYS(errorOf("a.csv", "1,a,x\n2,b,y\n").message, "a.csv: there is no column '4'",
                "set data.train.text", "'1', '2', '3'");
}

void BadInputTest::noSuchSecondColumn() {
    settings_.train.moreText = {"abstrakt"};
    VERIFY_SAYS(errorOf("a.csv", "id,text,abstract,label\n1,a,b,x\n").message,
                "a.csv: there is no column 'abstrakt'", "did you mean 'abstract'?", "data.train.text");
}

void BadInputTest::renamedLabelThatIsNowhere() {
    settings_.rename = {{"sadnes", "sad"}};
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,sadness\n2,b,joy\n").message,
                "data.rename makes 'sad' of 'sadnes'", "no label is called so", "did you mean 'sadness'?",
                "'joy', 'sadness'");
}

void BadInputTest::renamedToNoClass() {
    settings_.rename = {{"0", "sad"}};
    settings_.classes = {"sadness", "joy"};
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,0\n2,b,joy\n").details.at(0),
                "a.csv, line 2, column label", "label '0'", "not one of data.classes");
}

void BadInputTest::sentenceWithoutAbstract() {
    settings_.train = {{"a.txt"}, "pubmed_rct", "", "", "", "", ""};
    const Error error = errorOf("a.txt", "METHODS\tlost\n###1\nno tab\nRESULTS\ta\nMETHODS\tb\n");
    VERIFY_SAYS(error.message, "2 bad rows");
    VERIFY_SAYS(error.details.at(0), "a.txt, line 1: belongs to no abstract", "###");
    VERIFY_SAYS(error.details.at(1), "a.txt, line 3: has no tab", "LABEL");
}

void BadInputTest::raggedRows() {
    const Error error = errorOf("a.csv", "id,text,label\n1,a, b,x\n2,b,y\n3,c\n");
    VERIFY_SAYS(error.message, "2 bad rows in 1 file", "--bad-rows skip");
    VERIFY_SAYS(error.details.at(0), "a.csv, line 2: has 4 fields where the header has 3",
                "put quotes around");
    VERIFY_SAYS(error.details.at(1), "a.csv, line 4: has 2 fields where the header has 3");
}

void BadInputTest::labelNotInTheList() {
    settings_.classes = {"joy", "sadness"};
    const Error error = errorOf("a.csv", "id,text,label\n1,a,joy\n2,b,sadnes\n3,c,\n");
    VERIFY_SAYS(error.message, "1 bad row in 1 file");
    VERIFY_SAYS(error.details.at(0), "a.csv, line 3, column label",
                "label 'sadnes' is not one of data.classes", "did you mean 'sadness'?");
}

void BadInputTest::duplicateIds() {
    const Error error = errorOf("a.csv", "id,text,label\n1,a,x\n2,b,y\n1,c,x\n");
    VERIFY_SAYS(error.details.at(0), "a.csv, line 4, column id", "id '1' occurs already in a.csv",
                "give every row an id of its own");
}

void BadInputTest::duplicateIdsAcrossSplits() {
    folder_.write("test.csv", "id,text,label\n9,a,x\n2,b,y\n");
    settings_.test = settings_.train;
    settings_.test.files = {"test.csv"};
    const Error error = errorOf("a.csv", "id,text,label\n1,a,x\n2,b,y\n");
    VERIFY_SAYS(error.details.at(0), "test.csv, line 3, column id", "id '2' occurs already in a.csv");
}

void BadInputTest::emptyId() {
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n,a,x\n2,b,y\n").details.at(0), "a.csv, line 2, column id",
                "the id is empty");
}

void BadInputTest::oneClassOnly() {
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,x\n2,b,x\n").message, "every label is 'x'",
                "at least two classes", "data.train.gold");
}

void BadInputTest::oneListedClass() {
    settings_.classes = {"x"};
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,x\n").message, "data.classes names one class only",
                "at least two");
}

void BadInputTest::classListedTwice() {
    settings_.classes = {"x", "y", "x"};
    VERIFY_SAYS(errorOf("a.csv", "id,text,label\n1,a,x\n").message, "data.classes names 'x' twice",
                "remove one");
}

void BadInputTest::noLabelsAtAll() {
    settings_.train.gold.clear();
    VERIFY_SAYS(errorOf("a.csv", "id,text\n1,a\n").message, "no label in the data", "set data.train.gold");
}

void BadInputTest::everyTextItsOwnClass() {
    std::string bytes = "id,text,label\n";
    for (int i = 0; i < 66000; ++i)
        bytes += std::to_string(i) + ",x,text " + std::to_string(i) + "\n";
    VERIFY_SAYS(errorOf("a.csv", bytes).message,
                "a.csv: column 'label' has more than 65,535 different labels", "data.train.gold",
                "wrong column");
}

void BadInputTest::jsonArray() {
    VERIFY_SAYS(errorOf("a.json", "[{\"id\": 1}]").message, "a.json: holds a JSON array", "one object a line",
                "data.train.files");
}

void BadInputTest::noGoodRowAtAll() {
    folder_.write("a.csv", "id,text,label\n1,a\n2,b\n");
    const Error error = errorOf(BadRowPolicy::Skip);
    VERIFY_SAYS(error.message, "a.csv: there is no good row in it", "data.train.files");
    QCOMPARE(error.details.size(), std::size_t{2});
}

void BadInputTest::fileCutShort() {
    const std::string whole = "id,text,label\n1,a,x\n2,b,y\n3,\"c c\",x\n";
    VERIFY_SAYS(errorOf("a.csv", whole.substr(0, whole.size() - 4)).message, "a.csv, line 4", "never closed");
    const Error error = errorOf("a.csv", whole.substr(0, whole.size() - 3));
    VERIFY_SAYS(error.details.at(0), "a.csv, line 4: has 2 fields where the header has 3");
}

QTEST_GUILESS_MAIN(BadInputTest)
#include "bad_input_test.moc"
