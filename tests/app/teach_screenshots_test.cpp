// Pictures of what Stillroom teaches with, to be looked at: step mode, the projector, schedules, each step of
// the demos, into build/screenshots/ of the source tree. Where there is no WordNet the demos are left out.
#include "tests/app/driven_window.h"
#include "tests/app/pictures.h"

#include "widgets/batch_view.h"
#include "widgets/demo.h"
#include "widgets/guide_panel.h"
#include "widgets/rule_choice.h"

using namespace stillroom;

namespace {

const QSize Large(1440, 900), Small(1024, 700), Hall(1920, 1080), SmallHall(1280, 800);

} // namespace

class TeachScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    test::Pictures pictures_{QStringLiteral("teach-")};

    void shoot(MainWindow& window, const QString& name) { pictures_.save(window, name); }

    void shootAll(MainWindow& window, const QString& name) {
        pictures_.inEveryLook(window, {Large, Small},
                              [&](const QString& look) { shoot(window, name + u'-' + look); });
        applyTheme(ThemeMode::Light);
        window.showProjector(true);
        for (const auto& size : {Hall, SmallHall}) {
            window.resize(size);
            shoot(window, QStringLiteral("%1-projector-%2").arg(name).arg(size.width()));
        }
        window.showProjector(false);
        window.resize(Large);
    }

    std::unique_ptr<MainWindow> readyWindow(int epochs, const std::string& more = {}) {
        return test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 12'000, epochs, more));
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }

    void stepMode() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = readyWindow(2000); // stopped below
        window->settings()->showPage(PageId::Selection);
        window->controller()->run();
        QVERIFY(test::waitFor(*window, RunState::Running));
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 3.4; }, 60'000));
        for (int i = 0; i < 3; ++i) {
            QTest::keyClick(window.get(), Qt::Key_F10);
            QTRY_COMPARE(window->batchView()->count(), i + 1);
        }
        shootAll(*window, "batch");
        test::action(*window, "Settings")->setChecked(false); // as a lecturer does
        window->showProjector(true);
        window->resize(Hall);
        shoot(*window, "batch-lecture");
        window->showProjector(false);
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        test::forget(*window);
    }

    void projectorOnEveryTab() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = readyWindow(12);
        window->settings()->showPage(PageId::Selection);
        window->controller()->run();
        QVERIFY(test::waitFor(*window, RunState::Starting));
        QVERIFY(test::waitFor(*window, RunState::Finished));
        window->showProjector(true);
        for (int tab = 0; tab < window->tabs()->count(); ++tab) {
            window->tabs()->setCurrentIndex(tab);
            for (const auto& size : {Hall, SmallHall}) {
                window->resize(size);
                shoot(*window, QStringLiteral("hall-%1-%2")
                                   .arg(window->tabs()->tabText(tab).remove(u'&').toLower())
                                   .arg(size.width()));
            }
        }
        for (const PageId page : PageIds) {
            window->settings()->showPage(page);
            window->resize(Hall);
            shoot(*window, QStringLiteral("hall-page-%1").arg(pageTitle(page).toLower()));
        }
        window->showProjector(false);
        window->tabs()->setCurrentIndex(0);
        window->resize(Large);
        shoot(*window, "after-projector");
    }

    void schedulesAndRules() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = readyWindow(
            400,
            "selection: {rule: llkd, decay: {from: 0.99, to: 0.999, shape: cosine}, student_scale: {from: "
            "0.8, to: 1, shape: step, stairs: 5, over: 200 epochs}}\n");
        window->document()->set(
            "training.learning_rate",
            "{from: 0.8, to: 0.1, shape: exponential, over: 300 epochs, warmup: 40 epochs}");
        window->document()->set("training.stop.gradient_samples", "900000");
        window->controller()->run();
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 50; }, 60'000));
        window->document()->set("loss.target", "soft");
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 90; }, 60'000));
        window->document()->set("training.learning_rate", "{from: 0.4, to: 0.1, shape: linear}");
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().edits().size() == 2; }, 60'000));
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 140; }, 60'000));
        window->controller()->pause();
        QVERIFY(test::waitFor(*window, RunState::Paused));
        window->settings()->showPage(PageId::Training);
        shootAll(*window, "schedules-training");
        window->settings()->showPage(PageId::Selection);
        shootAll(*window, "schedules-selection");
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        for (int rule = 0; rule < RuleCount; ++rule) {
            const auto name = toQString(ruleName(static_cast<RuleKind>(rule)));
            const QList<SettingChange> changes =
                QList<SettingChange>{{"selection.rule", name}} +
                companionsOf(name, window->document()->experiment().selection);
            QVERIFY(window->document()->setAll("rule", changes));
            shoot(*window, QStringLiteral("rule-%1").arg(name));
        }
        QVERIFY(window->document()->setAll("fixed", {{"selection.rule", "llkd"},
                                                     {"selection.fixed_thresholds", "[0.9, 0.3]"},
                                                     {"selection.clip", "[0.1, 0.9]"}}));
        shoot(*window, "rule-llkd-fixed");
        test::forget(*window);
    }

    void demos() {
        if (!test::demoCanRun())
            QSKIP("WordNet (package wordnet-base) or the engine is not installed");
        for (const DemoId demo : DemoIds) {
            auto window = test::makeWindow(scratch_);
            test::action(*window, demoTitle(demo))->trigger();
            QVERIFY(QTest::qWaitFor([&] { return window->demo() != nullptr && window->demo()->active(); }));
            const int number = static_cast<int>(demo) + 1;
            while (window->demo()->active()) {
                const int step = window->demo()->place() + 1;
                QVERIFY(QTest::qWaitFor([&] { return window->demo()->done() || window->demo()->canShow(); },
                                        60'000));
                shoot(*window, QStringLiteral("demo%1-%2").arg(number).arg(step, 2, 10, QLatin1Char('0')));
                if (step == window->demo()->count() && number == 1)
                    shootAll(*window, "demo1-end");
                window->demo()->showMe();
                QVERIFY(QTest::qWaitFor([&] { return window->demo()->done(); }, 120'000));
                window->demo()->next();
            }
            test::forget(*window);
        }
    }
};

QTEST_MAIN(TeachScreenshotsTest)
#include "teach_screenshots_test.moc"
