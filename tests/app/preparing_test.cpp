// What takes long before a run's first step, in the window: shown while it lasts, and cancelled by Stop.
#include "tests/app/driven_window.h"
#include "tests/app/made_up_encoder.h"
#include "tests/core/experiment/fake_engine.h"
#include "widgets/progress_pill.h"

using namespace stillroom;

class PreparingTest : public QObject {
    Q_OBJECT
    QTemporaryDir scratch_;
    QString yaml_;

    /// A session that says what it is told to until it is stopped.
    struct Preparing {
        std::mutex mutex;
        std::optional<PreparingEvent> next;
        std::atomic<bool> begin = false;
        FakeEngine engine{[this](FakeSession& session) { work(session); }};

        void say(double done, double secondsLeft) {
            const std::lock_guard lock(mutex);
            next = PreparingEvent{"computing the texts' vectors, once", done, secondsLeft};
        }
        void work(FakeSession& session) {
            while (!session.stopped() && !begin) {
                std::optional<PreparingEvent> event;
                {
                    const std::lock_guard lock(mutex);
                    event = std::exchange(next, std::nullopt);
                }
                if (event)
                    session.say(*event);
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
            if (begin) {
                StartedEvent started;
                started.samples = 640;
                started.epochs = 2;
                started.stepsPerEpoch = 10;
                started.device = "cpu";
                started.threads = 3;
                session.say(started);
                while (!session.stopped())
                    std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
            FinishedEvent end;
            end.outcome = Outcome::Stopped;
            session.say(end);
        }
    };

    std::unique_ptr<MainWindow> makeWindow(Engine& engine) {
        RunPlaces places;
        places.runsFolder = scratch_.filePath("runs");
        places.engine = &engine;
        auto window = std::make_unique<MainWindow>(places);
        window->resize(1280, 800);
        window->show();
        window->openExperiment(yaml_);
        if (!test::waitFor(*window, RunState::Ready))
            qFatal("the experiment was not read");
        window->document()->setAll("probe", {{"student.kind", "probe"}, {"student.model", "minilm"}});
        return window;
    }
    static QString status(MainWindow& window) {
        return window.statusBar()->findChild<ElidedLabel*>()->text();
    }
    static QRect inWindow(MainWindow& window, const QWidget* widget) {
        return {widget->mapTo(&window, QPoint()), widget->size()};
    }
    /// Where everything of the tool bar is.
    static QList<QRect> places(MainWindow& window) {
        QList<QRect> all;
        for (auto* widget : window.findChild<RunBar*>()->findChildren<QWidget*>())
            if (widget->isVisible())
                all << inWindow(window, widget);
        return all;
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        qputenv("STILLROOM_CACHE", scratch_.filePath("cache").toUtf8());
        QVERIFY(test::writeOutsideOfMiniLm(scratch_.filePath("cache/encoders/minilm")));
        yaml_ = test::writeExperiment(scratch_, 600, 2);
    }

    void whatIsDoneIsShownWhileTheRunIsStarting() {
        Preparing preparing;
        auto window = makeWindow(preparing.engine);
        window->controller()->run();
        QCOMPARE(window->controller()->state(), RunState::Starting);
        preparing.say(0.03, 700);
        QTRY_VERIFY(window->controller()->preparing());
        auto* pill = window->findChild<ProgressPill*>();
        QTRY_COMPARE(pill->accessibleName(), QStringLiteral("computing the texts' vectors, once, 3 %"));
        const auto before = places(*window);
        const auto revision = window->controller()->live().stepsRevision();
        preparing.say(0.43, 19.2);
        QTRY_COMPARE(status(*window),
                     QStringLiteral("computing the texts' vectors, once · 43 % · about 20 s left"));
        QCOMPARE(window->controller()->state(), RunState::Starting);
        QCOMPARE(pill->accessibleName(), QStringLiteral("computing the texts' vectors, once, 43 %"));
        preparing.say(1, 0);
        QTRY_COMPARE(status(*window), QStringLiteral("computing the texts' vectors, once · 100 %"));
        QCOMPARE(places(*window), before); // nothing jumps
        // No plot or figure has anything to do with it, and nothing of it stays among the messages.
        QCOMPARE(window->controller()->live().stepsRevision(), revision);
        QVERIFY(window->controller()->live().empty());

        preparing.begin = true;
        QVERIFY(test::waitFor(*window, RunState::Running));
        QVERIFY(!window->controller()->preparing());
        QCOMPARE(status(*window), QStringLiteral("Training on cpu, threads: 3."));
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        test::forget(*window);
    }

    void stopCancelsIt() {
        Preparing preparing;
        auto window = makeWindow(preparing.engine);
        window->controller()->run();
        preparing.say(0.2, 80);
        QTRY_VERIFY(window->controller()->preparing());
        auto* stop = test::action(*window, "Stop");
        QVERIFY(stop->isEnabled());
        QVERIFY(!test::action(*window, "Pause")->isEnabled());
        stop->trigger();
        QCOMPARE(preparing.engine.stops, 1); // at once, not when there is a first step
        QVERIFY(test::waitFor(*window, RunState::Finished));
        QVERIFY(!window->controller()->preparing());
        QCOMPARE(status(*window), QStringLiteral("Stopped before the first step: nothing was learned."));
        QVERIFY(window->controller()->live().finished() == nullptr); // there was no run to show
        QVERIFY(!window->findChild<ProgressPill*>()->isVisible());
        // And it can be run again.
        window->controller()->run();
        preparing.say(0.1, 80);
        QTRY_VERIFY(window->controller()->preparing());
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        test::forget(*window);
    }
};

QTEST_MAIN(PreparingTest)
#include "preparing_test.moc"
