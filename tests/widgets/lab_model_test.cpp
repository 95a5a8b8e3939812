// What the lab makes of a run's events: the epoch looked at, what an epoch under way has not come to yet, the
// history, the thresholds as they stand after edits, and what of it survives another run or other data.
#include "widgets/lab_model.h"

#include "tests/widgets/made_lab.h"

#include <QSignalSpy>

using namespace stillroom;
using stillroom::test::MadeLab;

class LabModelTest : public QObject {
    Q_OBJECT
  private:
    static bool settled(const MadeLab& made, std::int64_t epoch) {
        return QTest::qWaitFor([&] { return made.lab.epoch() == epoch && made.lab.snapshot() != nullptr; },
                               10'000);
    }

  private Q_SLOTS:
    void beforeARunThereAreTheTeachersThresholds() {
        MadeLab made(500);
        QVERIFY(made.ready());
        QCOMPARE(made.lab.table()->size(), std::size_t{500});
        QCOMPARE(made.lab.epochs(), 0);
        QVERIFY(!made.lab.asked());
        QVERIFY(QTest::qWaitFor([&] { return !made.lab.baseline().thresholds.teacher.empty(); }, 10'000));
        QVERIFY(made.lab.baseline().atStart);
        QCOMPARE(made.lab.baseline().thresholds.teacher,
                 startOf(SelectionSettings(), 1, *made.lab.table()).thresholds.teacher);
        QVERIFY(made.lab.baseline().thresholds.student.empty());
        // Another rule, another start.
        QVERIFY(made.document.setAll("rule", {{"selection.rule", "teacher"}, {"selection.cut", "0.7"}}));
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto& bars = made.lab.baseline().thresholds.teacher;
                return !bars.empty() && bars[0] == 0.7;
            },
            10'000));
        QVERIFY(made.document.setAll("rule", {{"selection.rule", "random"}, {"selection.ratio", "0.2"}}));
        QVERIFY(QTest::qWaitFor([&] { return made.lab.baseline().thresholds.teacher.empty(); }, 10'000));
    }

    void theNewestIsFollowedAndHistoryGrows() {
        MadeLab made(800);
        QVERIFY(made.ready());
        QVERIFY(made.run(4));
        QCOMPARE(made.lab.epochs(), 4);
        QVERIFY(made.lab.follows());
        // Against counting by hand.
        std::vector<int> kept(800), first(800), last(800);
        for (int epoch = 1; epoch <= 4; ++epoch) {
            const auto traces = made.traces(epoch);
            for (std::size_t i = 0; i < 800; ++i)
                if ((*traces)[i].kept()) {
                    ++kept[i];
                    last[i] = epoch;
                    if (first[i] == 0)
                        first[i] = epoch;
                }
            if (epoch == 4)
                QVERIFY(std::equal(traces->begin(), traces->end(), made.lab.snapshot()->traces().begin()));
        }
        for (std::size_t i = 0; i < 800; ++i) {
            QCOMPARE(made.lab.history()->keptTimes(i), kept[i]);
            QCOMPARE(made.lab.history()->firstKept(i), first[i]);
            QCOMPARE(made.lab.history()->lastKept(i), last[i]);
        }
    }

    void anEpochUnderWayLiesOverTheOneBefore() {
        MadeLab made(600);
        QVERIFY(made.ready());
        QVERIFY(made.run(2));
        made.tellEpoch(3, 250);
        QVERIFY(settled(made, 3));
        const auto before = made.traces(2), underWay = made.traces(3);
        const auto seen = made.lab.snapshot()->traces();
        for (std::size_t i = 0; i < 600; ++i)
            QCOMPARE(seen[i], i < 250 ? (*underWay)[i] : (*before)[i]);
        QVERIFY(!made.lab.snapshot()->info().complete);
        QCOMPARE(made.lab.life().stored, 2);
        QVERIFY(made.lab.life().underWay != nullptr);
        QCOMPARE(made.lab.life().underWay->traces()[599].verdict(), Verdict::Unseen);
        made.tellEpoch(3, 400); // further on: the history is not counted twice
        made.tellEpoch(3);
        QVERIFY(QTest::qWaitFor([&] { return made.lab.life().stored == 3; }, 10'000));
        QVERIFY(std::equal(underWay->begin(), underWay->end(), made.lab.snapshot()->traces().begin()));
        for (std::size_t i = 0; i < 600; ++i) {
            const int times = ((*made.traces(1))[i].kept() ? 1 : 0) + ((*before)[i].kept() ? 1 : 0) +
                              ((*underWay)[i].kept() ? 1 : 0);
            if (i % 50 == 0)
                QCOMPARE(made.lab.history()->keptTimes(i), times);
        }
    }

    void thresholdsFollowSettingsAndEdits() {
        MadeLab made(300);
        QVERIFY(made.ready());
        QVERIFY(made.run(2));
        const Thresholds told = MadeLab::thresholds(2);
        QCOMPARE(made.lab.baseline().thresholds.teacher, told.teacher);
        // What the user sets is seen at once …
        QVERIFY(made.document.set("selection.student_scale", "1.5"));
        for (std::size_t k = 0; k < told.student.size(); ++k)
            QCOMPARE(made.lab.baseline().thresholds.student[k], std::min(1.0, told.student[k] * 1.5));
        // … and not a second time when the run has taken it over and says its new thresholds.
        EditedEvent edited;
        edited.step = 3;
        edited.changes = {{"selection.student_scale", "1", "1.5"}};
        made.tell(edited);
        QCOMPARE(made.lab.baseline().thresholds.student[0], told.student[0] * 1.5);
        Thresholds after = told;
        for (auto& threshold : after.student)
            threshold *= 1.5;
        made.tellThresholds(3, after);
        QCOMPARE(made.lab.baseline().thresholds.student, after.student);
        // An epoch that is over stands as it was.
        made.tellEpoch(3);
        QVERIFY(settled(made, 3));
        QSignalSpy said(&made.lab, &LabModel::said);
        made.lab.look(2);
        QCOMPARE(made.lab.baseline().thresholds.student, told.student);
        QVERIFY(!made.lab.follows());
        // There is no folder to read it from here: that is said, and nothing else happens.
        QVERIFY(QTest::qWaitFor([&] { return !said.isEmpty(); }, 10'000));
        made.lab.follow();
        QVERIFY(made.lab.follows());
        QCOMPARE(made.lab.epoch(), 3);
    }

    void applyIsOneUndo() {
        MadeLab made(300);
        QVERIFY(made.ready());
        QVERIFY(made.run(2));
        const Thresholds told = MadeLab::thresholds(2);
        Hypothesis hypothesis;
        hypothesis.set(ThresholdSide::Teacher, LabModel::AllClasses, 0.9);
        hypothesis.set(ThresholdSide::Student, 2, 1.25);
        made.lab.suppose(hypothesis);
        const Thresholds wanted = made.lab.supposed();
        const int before = made.document.undoStack()->count();
        made.lab.apply();
        QCOMPARE(made.document.undoStack()->count(), before + 1);
        QVERIFY(!made.lab.hypothesis().any());
        QCOMPARE(made.document.value("selection.teacher_scale"), QStringLiteral("0.9"));
        QCOMPARE(made.document.experiment().selection.studentClassScales.at("class_2").from, 1.25);
        // The lines stay where the hand left them.
        for (std::size_t k = 0; k < told.teacher.size(); ++k) {
            QVERIFY(std::abs(made.lab.baseline().thresholds.teacher[k] - wanted.teacher[k]) < 1e-9);
            QVERIFY(std::abs(made.lab.baseline().thresholds.student[k] - wanted.student[k]) < 1e-9);
        }
        made.document.undoStack()->undo();
        QCOMPARE(made.lab.baseline().thresholds.teacher, told.teacher);
        QVERIFY(made.document.experiment().selection.studentClassScales.empty());
    }

    void anotherRunAndOtherData() {
        MadeLab made(300);
        QVERIFY(made.ready());
        QVERIFY(made.run(3));
        made.lab.chooseClass(4);
        made.begin();
        QCOMPARE(made.lab.epochs(), 0);
        QVERIFY(made.lab.snapshot() == nullptr);
        QVERIFY(made.lab.history() == nullptr);
        QCOMPARE(made.lab.chosenClass(), 4); // it is a choice of the user's
        made.tellEpoch(1);
        QVERIFY(settled(made, 1));
        QSignalSpy changed(&made.lab, &LabModel::tableChanged);
        QVERIFY(made.document.set("teacher.calibration", "none"));
        made.controller.reload();
        QVERIFY(QTest::qWaitFor([&] { return changed.size() >= 2 && made.lab.table() != nullptr; }, 20'000));
        QCOMPARE(made.lab.epochs(), 0);
        QVERIFY(made.lab.snapshot() == nullptr);
        QCOMPARE(made.lab.chosenClass(), LabModel::AllClasses);
    }
};

QTEST_MAIN(LabModelTest)
#include "lab_model_test.moc"
