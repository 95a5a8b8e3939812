// Counts, histograms and what thresholds refuse, against a case worked out by hand.
#include "widgets/data_summary.h"

#include "widgets/threshold_outlook.h"

#include <QTest>
#include <cmath>

using namespace stillroom;

namespace {

DistillationSet fiveTexts() {
    DatasetBuilder builder;
    // gold:            a  b  a  none  (validation) b
    builder.add("1", "one", 0, Split::Train);
    builder.add("2", "two", 1, Split::Train);
    builder.add("3", "three", 0, Split::Train);
    builder.add("4", "four", Dataset::NoLabel, Split::Train);
    builder.add("5", "five", 1, Split::Validation);
    auto data = std::make_shared<Dataset>(builder.finish({"a", "b"}));
    auto teacher = std::make_shared<TeacherOutputs>(5, 2);
    teacher->set(0, 0, 0.95F, TeacherOrigin::Stated); // right
    teacher->set(1, 0, 0.85F, TeacherOrigin::Stated); // wrong
    teacher->set(2, 1, 0.60F, TeacherOrigin::Stated); // wrong
    teacher->set(3, 1, 0.80F, TeacherOrigin::Stated); // nobody knows
    return {data, teacher};
}

} // namespace

class DataSummaryTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void counts() {
        const DataSummary s = DataSummary::of(fiveTexts());
        QCOMPARE(s.rows, (std::array<std::int64_t, 3>{4, 1, 0}));
        QCOMPARE(s.withGold, (std::array<std::int64_t, 3>{3, 1, 0}));
        QCOMPARE(s.goldByClass[0], (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(s.taught, 4);
        QCOMPARE(s.taughtByClass, (std::vector<std::int64_t>{2, 2}));
        QVERIFY(s.filledIn);
        QCOMPARE(s.confidence[95], 1);
        QCOMPARE(s.confidenceWithGold[80], 0);
        QCOMPARE(s.confidenceRight[95], 1);
        QCOMPARE(s.confidenceRight[85], 0);
        QVERIFY(std::abs(s.meanConfidence[0] - 0.90) < 1e-6);
        QVERIFY(std::abs(s.meanConfidence[1] - 0.70) < 1e-6);
        QVERIFY(std::abs(s.meanConfidenceOfAll - 0.80) < 1e-6);
    }

    void whatThresholdsRefuse() {
        const DataSummary s = DataSummary::of(fiveTexts());
        QCOMPARE(s.refusedBelow(0.85), 0.5);  // 0.60 and 0.80
        QCOMPARE(s.refusedBelow(0.86), 0.75); // a stated 0.85 is under it
        QCOMPARE(s.refusedBy({0.9, 0.5}), 0.25);
        QCOMPARE(s.cutOfTop(0.5), 0.85);
    }

    void theOutlookBeforeARunIsTheFormulaAtTheStart() {
        const DataSummary s = DataSummary::of(fiveTexts());
        const SelectionSettings settings; // llkd: τ(y) = g · m(y) / max m, g = 0.8, m = 0.9 and 0.7
        const auto outlook = teacherOutlook(settings, nullptr, LiveModel(), &s);
        QVERIFY(outlook);
        QVERIFY(outlook->atStart);
        QVERIFY(std::abs(outlook->high - 0.8) < 1e-6);
        QVERIFY(std::abs(outlook->low - 0.8 * 0.7 / 0.9) < 1e-6);
        QCOMPARE(*outlook->refused, 0.25); // 0.60 of class b, under 0.622
        QVERIFY(!studentOutlook(settings, nullptr, LiveModel(), &s));
        SelectionSettings off = settings;
        off.teacherScale = 0.0;
        QVERIFY(!teacherOutlook(off, nullptr, LiveModel(), &s));
    }

    void theOutlookMovesWithTheSlider() {
        LiveModel live;
        live.begin("llkd", {"a", "b"});
        StepsEvent event;
        event.steps = {{1, 8, 2, 0, 0, 0, 0}};
        WindowRecord window;
        window.firstStep = window.lastStep = 1;
        window.candidatesByClass = {4, 4};
        window.keptByClass = {1, 1};
        window.thresholds = {{0.8, 0.6}, {0.3, 0.2}};
        event.windows = {window};
        live.apply(event);
        const SelectionSettings running;
        SelectionSettings now = running;
        now.studentScale = 1.5;
        const auto student = studentOutlook(now, &running, live, nullptr);
        QVERIFY(student);
        QVERIFY(std::abs(student->low - 0.3) < 1e-9);
        QVERIFY(std::abs(student->high - 0.45) < 1e-9);
        QVERIFY(!student->refused); // one would have to look at the samples again
        QCOMPARE(*studentOutlook(running, &running, live, nullptr)->refused, 0.75);
        now.clipHigh = 0.4;
        QCOMPARE(studentOutlook(now, &running, live, nullptr)->high, 0.4);
    }

    void nothingIsKnownOfNothing() {
        const DataSummary s = DataSummary::of({});
        QCOMPARE(s.taught, 0);
        QCOMPARE(s.refusedBelow(0.5), 0.0);
    }
};

QTEST_APPLESS_MAIN(DataSummaryTest)
#include "data_summary_test.moc"
