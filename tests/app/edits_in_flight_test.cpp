// What can be changed while training: selection, loss and learning rate reach the run as edits, an undo as
// the edit back; everything else waits.
#include "tests/app/driven_window.h"

using namespace stillroom;

class EditsInFlightTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;

    std::unique_ptr<MainWindow> runningWindow() {
        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 3000, 50'000));
        window->controller()->run();
        if (!test::waitFor(*window, RunState::Running))
            qFatal("it does not run");
        return window;
    }
    static const std::vector<EditMark>& edits(const MainWindow& window) {
        return window.controller()->live().edits();
    }
    static void finish(MainWindow& window) {
        window.controller()->stop();
        QVERIFY(test::waitFor(window, RunState::Finished));
        test::forget(window);
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
    }

    void lossAndLearningRateReachTheRun() {
        auto window = runningWindow();
        auto* document = window->document();
        QVERIFY(document->set("loss.target", "soft"));
        QTRY_COMPARE(edits(*window).size(), 1U);
        QCOMPARE(edits(*window)[0].changes.size(), 1U);
        QCOMPARE(edits(*window)[0].changes[0].key, std::string("loss.target"));
        QCOMPARE(edits(*window)[0].changes[0].from, std::string("hard"));
        QCOMPARE(edits(*window)[0].text, std::string("target hard → soft"));
        QVERIFY(edits(*window)[0].step > 0);
        QVERIFY(document->set("training.learning_rate", "{from: 0.3, to: 0.1, shape: cosine}"));
        QTRY_COMPARE(edits(*window).size(), 2U);
        QCOMPARE(edits(*window)[1].text, std::string("learning rate 0.8…0 → 0.3…0.1"));
        QCOMPARE(*window->controller()->running().training.learningRate,
                 Schedule(0.3, 0.1, ScheduleShape::Cosine));
        // Another shape between the same ends is said in full.
        QVERIFY(document->set("training.learning_rate", "{from: 0.3, to: 0.1, shape: linear}"));
        QTRY_COMPARE(edits(*window).size(), 3U);
        QVERIFY(edits(*window)[2].text.find("shape: cosine") != std::string::npos);
        // Undo sends the edit back, and the one before.
        document->undoStack()->undo();
        document->undoStack()->undo();
        document->undoStack()->undo();
        QTRY_COMPARE(edits(*window).size(), 6U);
        QCOMPARE(edits(*window)[5].text, std::string("target soft → hard"));
        QCOMPARE(*window->controller()->running().training.learningRate,
                 Schedule(0.8, 0, ScheduleShape::Linear));
        finish(*window);
    }

    void everythingElseWaits() {
        auto window = runningWindow();
        auto* document = window->document();
        QVERIFY(document->set("training.batch", "32"));
        QVERIFY(document->set("training.stop.minutes", "0.001"));
        QVERIFY(document->set("training.seed", "7"));
        QVERIFY(document->set("selection.rule", "all")); // a rule cannot become another
        QTest::qWait(300);
        QCOMPARE(edits(*window).size(), 0U);
        QCOMPARE(window->controller()->running().training.batch, 64);
        // It does not hold up what can be changed.
        QVERIFY(document->set("loss.target", "mix"));
        QTRY_COMPARE(edits(*window).size(), 1U);
        QCOMPARE(edits(*window)[0].changes.size(), 1U);
        QCOMPARE(window->controller()->running().selection.rule, RuleKind::Llkd);
        QCOMPARE(window->controller()->running().training.seed, 1);
        finish(*window);
    }

    void whatIsOutOfRangeWaitsUntilItIsRight() {
        auto window = runningWindow();
        auto* document = window->document();
        QVERIFY(document->set("training.learning_rate",
                              "{from: 1, to: 0, shape: exponential}")); // never gets to 0
        QVERIFY(document->set("selection.student_scale", "0.9"));
        QTRY_COMPARE(edits(*window).size(), 1U);
        QCOMPARE(edits(*window)[0].changes[0].key, std::string("selection.student_scale"));
        QVERIFY(document->set("training.learning_rate", "{from: 1, to: 0.01, shape: exponential}"));
        QTRY_COMPARE(edits(*window).size(), 2U);
        QCOMPARE(edits(*window)[1].changes[0].key, std::string("training.learning_rate"));
        finish(*window);
    }

    void aDragIsToldWhenTheHandRests() {
        auto window = runningWindow();
        auto* document = window->document();
        const int drag = document->newDrag();
        for (int i = 1; i <= 20; ++i)
            QVERIFY(document->set("training.learning_rate",
                                  QStringLiteral("{from: %1, to: 0, shape: linear}").arg(0.8 - i * 0.01),
                                  drag));
        QTRY_COMPARE(edits(*window).size(), 1U);
        QTest::qWait(300);
        QCOMPARE(edits(*window).size(), 1U);
        QCOMPARE(edits(*window)[0].text, std::string("learning rate 0.8…0 → 0.6…0"));
        document->undoStack()->undo();
        QTRY_COMPARE(edits(*window).size(), 2U);
        QCOMPARE(edits(*window)[1].text, std::string("learning rate 0.6…0 → 0.8…0"));
        finish(*window);
    }
};

QTEST_MAIN(EditsInFlightTest)
#include "edits_in_flight_test.moc"
