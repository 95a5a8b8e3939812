#include "core/lab/verdict_counts.h"

#include "made_table.h"

#include <QtTest>

using namespace stillroom;

class VerdictCountsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void sharesAreSomebodys();
};

void VerdictCountsTest::byHand() {
    const auto table =
        test::madeTable(2, {{0, 0.5F, 0}, {0, 0.5F, 1}, {1, 0.5F, -1}, {1, 0.5F, 1}, {1, 0.5F, 1}});
    const std::vector<SampleTrace> traces = {{Verdict::Kept, 0.5F, 0},
                                             {Verdict::BothRefuse, 0.5F, 0},
                                             {Verdict::StudentUnsure, 0.5F, 0},
                                             {Verdict::Kept, 0.5F, 0},
                                             {}};
    const auto result = countVerdicts(table, traces, RuleKind::Llkd);
    QCOMPARE(result.all.samples, 5);
    QCOMPARE(result.all.withGold, 4);
    QCOMPARE(result.all.right, 3);
    QCOMPARE(result.all.kept, 2);
    QCOMPARE(result.all.keptRight, 2);
    QCOMPARE(result.all.refusedByTeacher, 1);
    QCOMPARE(result.all.refusedByStudent, 2);
    QCOMPARE(result.all.refusedByBoth, 1);
    QCOMPARE(result.notScored, 1);
    QCOMPARE(result.byClass[0].kept, 1);
    QCOMPARE(result.byClass[0].refusedByBoth, 1);
    QCOMPARE(result.byClass[1].samples, 3);
    QCOMPARE(result.byClass[1].kept, 1);
    const auto totals = verdictTotals(traces);
    QCOMPARE(totals[static_cast<std::size_t>(Verdict::Kept)], 2);
    QCOMPARE(totals[static_cast<std::size_t>(Verdict::Unseen)], 1);
    QCOMPARE(totals[static_cast<std::size_t>(Verdict::TeacherUnsure)], 0);
}

void VerdictCountsTest::sharesAreSomebodys() {
    const auto table = test::madeTable(1, {{0, 0.5F, 0}, {0, 0.5F, 0}});
    const std::vector<SampleTrace> traces = {{Verdict::NotInShare, 0.5F, 0}, {Verdict::NotDrawn, 0.5F, 0}};
    const auto refusals = [&](RuleKind rule) {
        const auto all = countVerdicts(table, traces, rule).all;
        return std::pair(all.refusedByTeacher, all.refusedByStudent);
    };
    QVERIFY(refusals(RuleKind::Teacher) == std::pair(std::int64_t{1}, std::int64_t{0}));
    QVERIFY(refusals(RuleKind::Student) == std::pair(std::int64_t{0}, std::int64_t{1}));
    QVERIFY(refusals(RuleKind::SmallLoss) == std::pair(std::int64_t{0}, std::int64_t{0}));
}

QTEST_GUILESS_MAIN(VerdictCountsTest)
#include "verdict_counts_test.moc"
