#include "core/data/load_report.h"

#include <QtTest>

using namespace stillroom;

class LoadReportTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aBadRowIsASentence();
    void theErrorSumsUpAndListsFifty();
};

void LoadReportTest::aBadRowIsASentence() {
    QCOMPARE((BadRow{"humaid/a.csv", 12, "confidence", "1.7 is not between 0 and 1"}.sentence()),
             std::string("humaid/a.csv, line 12, column confidence: 1.7 is not between 0 and 1"));
    QCOMPARE((BadRow{"a.csv", 3, "", "has 2 fields"}.sentence()), std::string("a.csv, line 3: has 2 fields"));
}

void LoadReportTest::theErrorSumsUpAndListsFifty() {
    BadRows rows;
    rows.add({"a.csv", 2, "", "bad"});
    QCOMPARE(rows.error().message,
             std::string("1 bad row in 1 file; correct it, or skip it with --bad-rows skip"));
    QCOMPARE(rows.error().details, std::vector<std::string>{"a.csv, line 2: bad"});
    for (int i = 0; i < 1233; ++i)
        rows.add({"b.csv", i, "", "bad"});
    QCOMPARE(rows.count, std::int64_t{1234});
    const Error error = rows.error();
    QCOMPARE(error.kind, ErrorKind::BadInput);
    QCOMPARE(error.message,
             std::string("1,234 bad rows in 2 files; correct them, or skip them with --bad-rows skip"));
    QCOMPARE(error.details.size(), std::size_t{51});
    QCOMPARE(error.details.back(), std::string("… and 1,184 more"));
}

QTEST_GUILESS_MAIN(LoadReportTest)
#include "load_report_test.moc"
