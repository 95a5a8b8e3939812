// What settings lead to before they are used, worked out by hand for two classes.
#include "widgets/threshold_outlook.h"

#include <QTest>
#include <cmath>

using namespace stillroom;

class ThresholdOutlookTest : public QObject {
    Q_OBJECT
  private:
    DataSummary summary_;
    LiveModel live_;

    static bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

    /// Thresholds of a run that began with `settings`.
    void ran(std::vector<double> teacher, std::vector<double> student) {
        StartedEvent start;
        start.samples = 1000;
        start.epochs = 1;
        start.stepsPerEpoch = 100;
        live_.begin("run", summary_.classes);
        live_.apply(start);
        StepsEvent event;
        StepRecord record;
        record.step = 10;
        record.candidates = 64;
        record.kept = 16;
        event.steps = {record};
        WindowRecord window;
        window.firstStep = 1;
        window.lastStep = 10;
        window.candidatesByClass = {32, 32};
        window.keptByClass = {8, 8};
        window.thresholds.teacher = std::move(teacher);
        window.thresholds.student = std::move(student);
        event.windows = {window};
        live_.apply(event);
    }

  private Q_SLOTS:
    void init() {
        live_ = {};
        summary_ = {};
        summary_.classes = {"fire", "flood"};
        summary_.taught = 1000;
        summary_.taughtByClass = {500, 500};
        summary_.meanConfidence = {0.8, 0.6};
        summary_.meanConfidenceOfAll = 0.7;
        summary_.confidenceByClass.assign(2, DataSummary::Histogram{});
        summary_.confidenceByClass[0][50] = 200; // of `fire` 200 at 0.50, 300 at 0.90
        summary_.confidenceByClass[0][90] = 300;
        summary_.confidenceByClass[1][50] = 500;
        for (const auto& one : summary_.confidenceByClass)
            for (std::size_t bin = 0; bin < one.size(); ++bin)
                summary_.confidence[bin] += one[bin];
    }

    void atTheStart() {
        SelectionSettings s; // 0.7 · 0.8/0.8 and 0.7 · 0.6/0.8
        const auto outlook = teacherOutlook(s, nullptr, live_, &summary_);
        QVERIFY(outlook && outlook->atStart);
        QVERIFY(near(outlook->low, 0.525) && near(outlook->high, 0.7));
        QVERIFY(near(*outlook->refused, 0.7)); // 200 of fire, all 500 of flood
        QVERIFY(!studentOutlook(s, nullptr, live_, &summary_));
        s.teacherClassScales["flood"] = 0.5;
        const auto factored = teacherOutlook(s, nullptr, live_, &summary_);
        QVERIFY(near(factored->low, 0.2625));
        QVERIFY(near(*factored->refused, 0.2));
        s.clipLow = 0.6;
        QVERIFY(near(teacherOutlook(s, nullptr, live_, &summary_)->low, 0.6));
        s.teacherScale = 0;
        QVERIFY(!teacherOutlook(s, nullptr, live_, &summary_));
    }

    void fixedNumbersDoNotMove() {
        SelectionSettings s;
        s.fixedThresholds = FixedThresholds{0.55, 0.3};
        const auto teacher = teacherOutlook(s, nullptr, live_, &summary_);
        QVERIFY(teacher && !teacher->atStart);
        QVERIFY(near(teacher->low, 0.55) && near(teacher->high, 0.55));
        QVERIFY(near(*teacher->refused, 0.7));
        QVERIFY(near(studentOutlook(s, nullptr, live_, &summary_)->high, 0.3));
        SelectionSettings before;
        ran({0.7, 0.5}, {0.4, 0.2}); // whatever a run's own were
        QVERIFY(near(teacherOutlook(s, &before, live_, &summary_)->high, 0.55));
        s.fixedThresholds.reset();
        s.fixedRatio = 0.2; // no threshold decides
        QVERIFY(!teacherOutlook(s, &before, live_, &summary_));
        QVERIFY(!studentOutlook(s, &before, live_, &summary_));
    }

    void fromARunsOwn() {
        SelectionSettings before, now;
        ran({0.7, 0.5}, {0.4, 0.2});
        now.teacherScale = 1.2;
        now.studentClassScales["fire"] = 0.5;
        const auto teacher = teacherOutlook(now, &before, live_, &summary_);
        QVERIFY(near(teacher->low, 0.6) && near(teacher->high, 0.84));
        const auto student = studentOutlook(now, &before, live_, &summary_);
        QVERIFY(near(student->low, 0.2) && near(student->high, 0.2));
        QVERIFY(!student->refused); // one would have to look at the samples
        // With the settings that were used it is known: 16 of 64 kept, 80 % pass the teacher.
        const auto same = studentOutlook(before, &before, live_, &summary_);
        QVERIFY(same->refused && near(*same->refused, 1 - 0.25 / 0.8));
        SelectionSettings other;
        other.rule = RuleKind::All;
        QVERIFY(!teacherOutlook(other, &before, live_, &summary_));
    }
};

QTEST_GUILESS_MAIN(ThresholdOutlookTest)
#include "threshold_outlook_test.moc"
