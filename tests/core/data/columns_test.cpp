#include "core/data/columns.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class ColumnsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsAColumn();
    void saysWhichThereAre();
    void guessesAnotherDelimiter();
    void refusesTwoOfOneName();
    void listsNames();
};

namespace {

std::string sentence(const Names& columns, std::string_view name) {
    const auto found = findColumn(columns, name, "a.csv", "data.train.text", "data.train");
    return found ? "found" : found.error().message;
}

} // namespace

void ColumnsTest::findsAColumn() {
    const Names columns{"id", "text", "label"};
    QCOMPARE(findColumn(columns, "label", "a.csv", "data.train.gold", "data.train").value(), std::size_t{2});
}

void ColumnsTest::saysWhichThereAre() {
    const Names columns{"tweet_id", "tweet_text", "class_label"};
    VERIFY_SAYS(sentence(columns, "tweet_txt"), "a.csv: there is no column 'tweet_txt'",
                "did you mean 'tweet_text'?", "set data.train.text to one",
                "'tweet_id', 'tweet_text', 'class_label'");
    QVERIFY(sentence(columns, "body").find("did you mean") == std::string::npos);
    VERIFY_SAYS(sentence(columns, ""), "data.train.text is not set", "a.csv", "'tweet_id'");
}

void ColumnsTest::guessesAnotherDelimiter() {
    VERIFY_SAYS(sentence({"id;text;label"}, "text"), "a.csv: there is no column 'text'", "separated by ';'",
                "set data.train.delimiter");
    VERIFY_SAYS(sentence({"id\ttext"}, "text"), "separated by tabs");
    VERIFY_SAYS(sentence({"id,text"}, "text"), "separated by ','");
    VERIFY_SAYS(sentence({"id|text"}, ""), "separated by '|'");
    QVERIFY(sentence({"one"}, "text").find("delimiter") == std::string::npos);
}

void ColumnsTest::refusesTwoOfOneName() {
    VERIFY_SAYS(sentence({"text", "id", "text"}, "text"), "a.csv: 2 columns are called 'text'", "rename",
                "data.train.text");
}

void ColumnsTest::listsNames() {
    QCOMPARE(listNames(Names{}), std::string());
    QCOMPARE(listNames(Names{"a", "b"}), std::string("'a', 'b'"));
    VERIFY_SAYS(listNames(Names(25, "x")), "and 5 more");
}

QTEST_GUILESS_MAIN(ColumnsTest)
#include "columns_test.moc"
