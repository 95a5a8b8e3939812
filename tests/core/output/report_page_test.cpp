// Numbers of figures and tables, references, drawings.
#include "core/output/report_page.h"

#include <QtTest>

using namespace stillroom;

class ReportPageTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void numbersFollowThePage() {
        const auto page =
            finishPage("<ref to=\"fig-b\"></ref> <figure id=\"fig-a\"><drawing of=\"fig-a\"></drawing>"
                       "<number of=\"fig-a\"></number></figure><table id=\"tab\"><number of=\"tab\"></number>"
                       "</table><figure id=\"fig-b\"><number of=\"fig-b\"></number></figure>",
                       {{"fig-a", "<svg/>"}});
        QVERIFY(page);
        QCOMPARE(
            QString::fromStdString(page->html),
            QString(
                "<a href=\"#fig-b\">Figure 2</a> <figure id=\"fig-a\"><svg/><b class=\"number\">Figure 1</b>"
                "</figure><table id=\"tab\"><b class=\"number\">Table 1</b></table><figure id=\"fig-b\">"
                "<b class=\"number\">Figure 2</b></figure>"));
        QCOMPARE(page->figures, 2);
        QCOMPARE(page->tables, 1);
    }

    void whatIsWrongIsSaid_data() {
        QTest::addColumn<QString>("html");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such id") << "<ref to=\"x\"></ref>"
                                    << "'x'";
        QTest::newRow("no such drawing") << "<drawing of=\"x\"></drawing>"
                                         << "drawing of 'x'";
        QTest::newRow("an id twice") << "<figure id=\"x\"></figure><figure id=\"x\"></figure>"
                                     << "'x'";
        QTest::newRow("not closed") << "<figure id=\"x\"><number of=\"x\"></figure>"
                                    << "</number>";
    }
    void whatIsWrongIsSaid() {
        QFETCH(QString, html);
        QFETCH(QString, says);
        const auto page = finishPage(html.toStdString(), {});
        QVERIFY(!page);
        QVERIFY2(QString::fromStdString(page.error().message).contains(says), page.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(ReportPageTest)
#include "report_page_test.moc"
