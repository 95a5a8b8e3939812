// A schedule in its control: drawn where it is, dragged and typed into what is meant, one undo step a drag.
#include "widgets/schedule_control.h"

#include "widgets/experiment_document.h"
#include "widgets/schedule_curve.h"
#include "widgets/setting_row.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QTest>
#include <QToolButton>
#include <cmath>

using namespace stillroom;

class ScheduleControlTest : public QObject {
    Q_OBJECT
  private:
    static constexpr const char* Key = "training.learning_rate";

    struct Bench {
        ExperimentDocument document;
        SettingRow row{Key, &document};
        ScheduleCurve* curve = nullptr;

        Bench() {
            row.resize(340, 300);
            row.show();
            row.setPlace({0, 100, 1000}, false);
            curve = row.findChild<ScheduleCurve*>();
        }
        [[nodiscard]] Schedule schedule() const { return *document.experiment().training.learningRate; }
        NumberBox* box(const QString& name) {
            for (auto* found : row.findChildren<NumberBox*>())
                if (found->accessibleName().endsWith(name))
                    return found;
            return nullptr;
        }
        QComboBox* choice(const QString& name) {
            for (auto* found : row.findChildren<QComboBox*>())
                if (found->accessibleName().endsWith(name))
                    return found;
            return nullptr;
        }
        void choose(QComboBox* box, int index) {
            box->setCurrentIndex(index);
            Q_EMIT box->activated(index);
        }
        /// Presses at a handle, moves by `dy` pixels in `moves` moves, releases.
        void drag(ScheduleCurve::End end, int dy, int moves = 5) {
            const QPoint from = curve->handle(end).toPoint();
            QTest::mousePress(curve, Qt::LeftButton, {}, from);
            for (int i = 1; i <= moves; ++i)
                QTest::mouseMove(curve, from + QPoint(0, dy * i / moves));
            QTest::mouseRelease(curve, Qt::LeftButton, {}, from + QPoint(0, dy));
        }
    };

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void yamlThereAndBack() {
        for (const char* yaml : {"0.5", "{from: 1, to: 0, shape: linear}",
                                 "{from: 1, to: 0.01, shape: exponential, over: 3 epochs}",
                                 "{from: 1, to: 0, shape: step, stairs: 7, over: 500 steps, warmup: 1 epoch}",
                                 "{from: 0.5, shape: constant, warmup: 20 steps}"}) {
            const auto schedule = scheduleOf(yaml);
            QVERIFY2(schedule, yaml);
            QCOMPARE(*scheduleOf(yamlOf(*schedule)), *schedule);
        }
        QVERIFY(!scheduleOf("[1, 2]"));
    }

    void theHandlesStandWhereTheScheduleDoes() {
        Bench bench;
        QVERIFY(bench.document.set(Key, "{from: 1, to: 0, shape: linear}"));
        const QPointF from = bench.curve->handle(ScheduleCurve::End::From),
                      to = bench.curve->handle(ScheduleCurve::End::To);
        QVERIFY(from.x() < 15 && to.x() > bench.curve->width() - 15);
        QVERIFY(from.y() < to.y());
        // After a tenth of the run warm-up, and over half of it: from a tenth to six tenths.
        QVERIFY(
            bench.document.set(Key, "{from: 1, to: 0, shape: linear, over: 5 epochs, warmup: 100 steps}"));
        const double width = to.x() - from.x();
        QVERIFY(std::abs(bench.curve->handle(ScheduleCurve::End::From).x() - (from.x() + width * 0.1)) < 1);
        QVERIFY(std::abs(bench.curve->handle(ScheduleCurve::End::To).x() - (from.x() + width * 0.6)) < 1);
    }

    void aDragIsOneUndoStep() {
        Bench bench;
        QVERIFY(bench.document.set(Key, "{from: 1, to: 0.5, shape: linear}"));
        const int before = bench.document.undoStack()->count();
        bench.drag(ScheduleCurve::End::To, 12);
        QCOMPARE(bench.document.undoStack()->count(), before + 1);
        QVERIFY(bench.schedule().to < 0.5);
        QCOMPARE(bench.schedule().from, 1.0);
        QCOMPARE(bench.schedule().shape, ScheduleShape::Linear);
        const double low = bench.schedule().to;
        bench.drag(ScheduleCurve::End::To, -6); // another drag is another step
        QCOMPARE(bench.document.undoStack()->count(), before + 2);
        QVERIFY(bench.schedule().to > low);
        bench.drag(ScheduleCurve::End::From, 10);
        QVERIFY(bench.schedule().from < 1);
        for (int i = 0; i < 3; ++i)
            bench.document.undoStack()->undo();
        QCOMPARE(bench.schedule(), Schedule(1, 0.5, ScheduleShape::Linear));
        QCOMPARE(bench.box("to")->value(), 0.5); // the control follows
    }

    void theHandleStaysUnderTheHand() {
        Bench bench;
        QVERIFY(bench.document.set(Key, "{from: 1, to: 0.5, shape: linear}"));
        const QPoint from = bench.curve->handle(ScheduleCurve::End::To).toPoint();
        QTest::mousePress(bench.curve, Qt::LeftButton, {}, from);
        for (const int dy : {5, 15, -10, 20, 8}) {
            QTest::mouseMove(bench.curve, from + QPoint(0, dy));
            QVERIFY(std::abs(bench.curve->handle(ScheduleCurve::End::To).y() - (from.y() + dy)) < 2);
        }
        QTest::mouseRelease(bench.curve, Qt::LeftButton, {}, from);
    }

    void keysMoveTheChosenEnd() {
        Bench bench;
        QVERIFY(bench.document.set(Key, "{from: 1, to: 0.5, shape: cosine}"));
        const int before = bench.document.undoStack()->count();
        bench.curve->setFocus();
        QTest::keyClick(bench.curve, Qt::Key_Right);
        QTest::keyClick(bench.curve, Qt::Key_Down);
        QVERIFY(bench.schedule().to < 0.5);
        QCOMPARE(bench.schedule().from, 1.0);
        QTest::keyClick(bench.curve, Qt::Key_Left);
        QTest::keyClick(bench.curve, Qt::Key_PageUp);
        QVERIFY(bench.schedule().from > 1);
        QCOMPARE(bench.document.undoStack()->count(), before + 2);
    }

    void everyPartIsTyped() {
        Bench bench;
        QVERIFY(bench.document.set(Key, "0.8"));
        QVERIFY(!bench.box("to")->isVisible()); // constant
        bench.choose(bench.choice("shape"), static_cast<int>(ScheduleShape::Step));
        QVERIFY(bench.box("to")->isVisible() && bench.box("levels")->isVisible());
        bench.box("to")->setValue(0.2);
        bench.box("levels")->setValue(6);
        bench.choose(bench.choice("over, unit"), 1);
        bench.box("over")->setValue(4);
        bench.choose(bench.choice("warm-up, unit"), 2);
        bench.box("warm-up")->setValue(150);
        const Schedule wanted = [] {
            Schedule s(0.8, 0.2, ScheduleShape::Step);
            s.stairs = 6;
            s.over = {4, ScheduleUnit::Epochs};
            s.warmup = {150, ScheduleUnit::Steps};
            return s;
        }();
        QCOMPARE(bench.schedule(), wanted);
        // The same lengths in the other unit: a run of 100 steps an epoch.
        bench.choose(bench.choice("over, unit"), 2);
        QCOMPARE(bench.schedule().over.length, 400.0);
        bench.choose(bench.choice("warm-up, unit"), 0);
        QCOMPARE(bench.schedule().warmup.length, 0.0);
        bench.choose(bench.choice("shape"), 0);
        QCOMPARE(bench.schedule(), Schedule(0.8));
        QCOMPARE(bench.document.value(Key), QStringLiteral("0.8"));
    }

    void anExponentialNeverReachesZero() {
        Bench bench;
        QVERIFY(bench.document.set(Key, "{from: 1, to: 0, shape: linear}"));
        bench.choose(bench.choice("shape"), static_cast<int>(ScheduleShape::Exponential));
        QCOMPARE(bench.schedule().shape, ScheduleShape::Exponential);
        QVERIFY(bench.schedule().to > 0);
        bench.drag(ScheduleCurve::End::To, 80); // far below the axis
        QVERIFY(bench.schedule().to > 0);
        QVERIFY(checkExperiment([&] {
            Experiment e = bench.document.experiment();
            e.data.train.files = {"a"};
            e.teacher.label = "b";
            return e;
        }()));
    }

    void aSliderBecomesAScheduleAndBack() {
        ExperimentDocument document;
        SettingRow row("selection.student_scale", &document);
        row.resize(340, 300);
        row.show();
        QVERIFY(row.findChild<ScheduleCurve*>() == nullptr);
        auto* change = row.findChild<QToolButton*>();
        QVERIFY(change != nullptr);
        QTest::mouseClick(change, Qt::LeftButton);
        QCOMPARE(document.experiment().selection.studentScale, Schedule(1, 1, ScheduleShape::Linear));
        QVERIFY(row.findChild<ScheduleCurve*>()->isVisible());
        auto* shape = row.findChild<QComboBox*>();
        shape->setCurrentIndex(0);
        Q_EMIT shape->activated(0);
        QCOMPARE(document.experiment().selection.studentScale, Schedule(1));
        QVERIFY(!row.findChild<ScheduleCurve*>()->isVisible());
    }

    void aMemoryHasNoWarmUp() {
        ExperimentDocument document;
        QVERIFY(document.set("selection.decay", "{from: 0.99, to: 0.999, shape: linear}"));
        SettingRow row("selection.decay", &document);
        row.show();
        for (auto* box : row.findChildren<QComboBox*>())
            QVERIFY(!box->accessibleName().contains("warm-up") || !box->isVisible());
    }
};

QTEST_MAIN(ScheduleControlTest)
#include "schedule_control_test.moc"
