// The three guided demos, walked to their ends by clicks on what they outline: they ask for what can be done,
// quote what the runs came to, and the lesson that they are about is there. And what is open is not lost by a
// demo.
#include "tests/app/driven_window.h"

#include "widgets/demo.h"
#include "widgets/guide_panel.h"
#include "widgets/setting_row.h"
#include "widgets/slider.h"
#include "widgets/spotlight.h"

#include <QMessageBox>
#include <QTabWidget>
#include <QToolButton>
#include <cmath>

using namespace stillroom;

class DemosTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;

    static void click(QWidget* widget) {
        QTest::mouseClick(widget, Qt::LeftButton, {}, widget->rect().center());
    }

    static QMessageBox* question(MainWindow& window) {
        for (auto* box : window.findChildren<QMessageBox*>())
            if (box->isVisible())
                return box;
        return nullptr;
    }

    static void begin(MainWindow& window, DemoId demo) {
        auto* chosen = test::action(window, demoTitle(demo));
        QVERIFY(chosen != nullptr);
        chosen->trigger();
        QVERIFY(QTest::qWaitFor([&] { return window.demo() != nullptr && window.demo()->active(); }, 30'000));
        QVERIFY(window.guide()->isVisible());
        QVERIFY(test::waitFor(window, RunState::Ready));
    }

    /// Does with the outlined control what the step asks for.
    static bool obey(MainWindow& window) {
        const DemoStep& step = window.demo()->step();
        QWidget* target = window.spotlight()->target();
        if (target == nullptr || !QTest::qWaitFor([&] { return target->isVisible(); }, 5000))
            return false;
        QTest::qWait(150); // it has been brought to sight
        if (step.asks == DemoStep::Asks::Run) {
            click(target);
            return true;
        }
        const SettingSpec& spec = settingSpec(step.key);
        if (spec.kind == SettingSpec::Kind::Choice)
            return test::chooseByClicks(target->findChild<QComboBox*>(),
                                        spec.names[spec.values.indexOf(step.value)]);
        auto* slider = target->findChild<Slider*>();
        const double share = (step.value.toDouble() - spec.low) / (spec.high - spec.low);
        QTest::mouseClick(
            slider, Qt::LeftButton, {},
            QPoint(static_cast<int>(7.5 + share * (slider->width() - 15)), slider->height() / 2));
        return true;
    }

    /// Walks to the end. `byShowMe`: presses Show me instead of the controls.
    void walk(MainWindow& window, bool byShowMe) {
        Demo& demo = *window.demo();
        GuidePanel& guide = *window.guide();
        int steps = 0;
        bool ran = false;
        while (demo.active()) {
            QVERIFY2(++steps <= demo.count(), "each step once");
            const int place = demo.place();
            QVERIFY(!demo.step().title.isEmpty());
            QVERIFY2(QTest::qWaitFor([&] { return demo.done() || demo.canShow(); }, 60'000),
                     qPrintable(demo.step().title));
            if (demo.step().asks != DemoStep::Asks::Nothing && !demo.done()) {
                QVERIFY(!guide.nextButton()->isEnabled());
                QVERIFY(guide.showButton()->isVisible());
                if (byShowMe)
                    click(guide.showButton());
                else
                    QVERIFY2(obey(window), qPrintable(demo.step().task));
            }
            QVERIFY2(QTest::qWaitFor([&] { return demo.done(); }, 180'000),
                     qPrintable(demo.step().title + ": " + demo.status()));
            QVERIFY(guide.nextButton()->isEnabled());
            if (demo.step().spot.kind != DemoSpot::Kind::Nothing) {
                QWidget* target = window.spotlight()->target();
                QVERIFY2(target != nullptr && target->isVisible(), qPrintable(demo.step().title));
                QVERIFY(window.spotlight()->isVisible());
            }
            if (ran)
                checkWords(window);
            ran = demo.step().asks == DemoStep::Asks::Run;
            // To and fro: what was done stays done.
            if (place == demo.count() / 2 && place > 0) {
                click(guide.backButton());
                QCOMPARE(demo.place(), place - 1);
                QVERIFY(guide.nextButton()->isEnabled());
                click(guide.nextButton());
                QCOMPARE(demo.place(), place);
            }
            if (demo.last())
                QVERIFY(guide.words().contains("Try:"));
            click(guide.nextButton());
            QVERIFY(!demo.active() || demo.place() == place + 1);
        }
        QVERIFY(!guide.isVisible());
        QVERIFY(!window.spotlight()->isVisible());
        QVERIFY2(!window.document()->dirty(), "what a demo asked for is not the user's to save");
    }

    /// What comes after a run quotes its figures; they are taken from the run itself here.
    static void checkWords(MainWindow& window) {
        const Demo& demo = *window.demo();
        const FinishedEvent* end = window.controller()->live().finished();
        QVERIFY(end != nullptr);
        if (demo.step().asks != DemoStep::Asks::Nothing)
            return;
        const double work =
            static_cast<double>(end->counts.gradient) /
            static_cast<double>(end->counts.total * window.controller()->live().started().epochs);
        const QString quoted = percent(work, 0).replace(u' ', QChar(0xa0));
        QVERIFY2(QString(window.guide()->words()).replace(u' ', QChar(0xa0)).contains(quoted),
                 qPrintable(quoted + " in " + window.guide()->words()));
    }

    static DemoFigures run(MainWindow& window, const char* name) {
        return window.demo()->notes().run(QString::fromLatin1(name));
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        if (!test::demoCanRun())
            QSKIP("WordNet (package wordnet-base) or the engine is not installed");
    }

    void theConfidentTeacher() {
        auto window = test::makeWindow(scratch_);
        begin(*window, DemoId::ConfidentTeacher);
        walk(*window, false);
        const auto all = run(*window, "all"), cut = run(*window, "teacher"), ours = run(*window, "llkd");
        QVERIFY(cut.macroF1 < all.macroF1 - 0.01);
        QVERIFY(cut.missed().size() > all.missed().size());
        QVERIFY(ours.macroF1 > cut.macroF1 + 0.03);
        QVERIFY(std::abs(ours.gradientShare - cut.gradientShare) < 0.08); // at about the same work
        QVERIFY(cut.keptShare[cut.thinnest()] < 0.05);
    }

    void theStudentsSay() {
        auto window = test::makeWindow(scratch_);
        begin(*window, DemoId::StudentsSay);
        walk(*window, false);
        const auto without = run(*window, "without"), with = run(*window, "with");
        QVERIFY(with.gradientShare < without.gradientShare * 0.6);
        QVERIFY(std::abs(with.accuracy - without.accuracy) < 0.012);
    }

    void theBadCalibration() {
        auto window = test::makeWindow(scratch_);
        begin(*window, DemoId::BadCalibration);
        walk(*window, false);
        const auto before = run(*window, "cut, calibrated"), after = run(*window, "cut, overconfident");
        QVERIFY(before.keptPrecision > 0.9);
        QVERIFY(after.keptPrecision < before.keptPrecision - 0.04);
        QVERIFY(after.gradientShare > before.gradientShare * 1.5);
        const auto low = run(*window, "llkd, calibrated"), high = run(*window, "llkd, overconfident");
        QVERIFY(high.meanTeacherThreshold() > low.meanTeacherThreshold() + 0.1);
        QVERIFY(std::abs(high.gradientShare - low.gradientShare) < 0.03);
    }

    void aDemoShowsItselfInASmallWindow() {
        auto window = test::makeWindow(scratch_, {1024, 700});
        begin(*window, DemoId::StudentsSay);
        QVERIFY(window->guide()->geometry().top() > window->settings()->geometry().bottom()); // a strip below
        walk(*window, true);
    }

    void whatIsOpenIsNotLost() {
        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 2000, 3));
        QVERIFY(window->document()->set("training.epochs", "5"));
        test::action(*window, demoTitle(DemoId::StudentsSay))->trigger();
        QTRY_VERIFY(question(*window) != nullptr);
        question(*window)->button(QMessageBox::Cancel)->click();
        QTest::qWait(200);
        QVERIFY(window->demo() == nullptr || !window->demo()->active());
        QCOMPARE(window->document()->experiment().training.epochs, 5);
        QVERIFY(window->document()->dirty());
        // Saved, and then the demo begins.
        test::action(*window, demoTitle(DemoId::StudentsSay))->trigger();
        QTRY_VERIFY(question(*window) != nullptr);
        question(*window)->button(QMessageBox::Save)->click();
        QVERIFY(
            QTest::qWaitFor([&] { return window->demo() != nullptr && window->demo()->active(); }, 30'000));
        QCOMPARE(window->document()->name(), QStringLiteral("demo"));
        const auto saved = readExperiment(scratch_.filePath("made-up.yaml").toStdString());
        QVERIFY(saved);
        QCOMPARE(saved->training.epochs, 5);
        click(window->guide()->closeButton());
        QVERIFY(!window->guide()->isVisible());
        // Another experiment ends a demo: its words would be about something else.
        begin(*window, DemoId::BadCalibration);
        window->openExperiment(scratch_.filePath("made-up.yaml"));
        QTRY_VERIFY(!window->demo()->active());
        QVERIFY(!window->guide()->isVisible());
    }

    void aRunThatIsNotTheOneDoesNotCount() {
        auto window = test::makeWindow(scratch_);
        begin(*window, DemoId::ConfidentTeacher);
        Demo& demo = *window->demo();
        click(window->guide()->nextButton());
        QCOMPARE(demo.step().asks, DemoStep::Asks::Setting);
        QVERIFY(window->document()->set("selection.rule", "all"));
        QVERIFY(demo.done());
        click(window->guide()->nextButton());
        QCOMPARE(demo.step().asks, DemoStep::Asks::Run);
        // Not the rule that was asked for.
        QVERIFY(window->document()->set("selection.rule", "oracle"));
        window->controller()->run();
        QVERIFY(test::waitFor(*window, RunState::Starting));
        QVERIFY(test::waitFor(*window, RunState::Finished));
        QVERIFY(!demo.done());
        QVERIFY2(demo.status().contains("another setting"), qPrintable(demo.status()));
        QVERIFY(!window->guide()->nextButton()->isEnabled());
        // Not to its end.
        QVERIFY(window->document()->set("selection.rule", "all"));
        QVERIFY(window->document()->set("training.epochs", "5000"));
        window->controller()->run();
        QVERIFY(test::waitFor(*window, RunState::Running));
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        QVERIFY(!demo.done());
        QVERIFY(demo.status().contains("stopped"));
        // Show me puts right what was asked for.
        QVERIFY(window->document()->set("training.epochs", "2"));
        QVERIFY(window->document()->set("selection.rule", "oracle"));
        click(window->guide()->showButton());
        QVERIFY(QTest::qWaitFor([&] { return demo.done(); }, 60'000));
        QCOMPARE(window->controller()->running().selection.rule, RuleKind::All);
        QVERIFY(window->document()->dirty()); // the epochs are the user's own change
        test::forget(*window);
    }
};

QTEST_MAIN(DemosTest)
#include "demos_test.moc"
