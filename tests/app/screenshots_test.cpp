// Pictures of the window, to be looked at: every page, the Live tab before, during and after a run, light and
// dark, large and small, into build/screenshots/ of the source tree.
#include "tests/app/window_under_test.h"

#include "core/engine/engine.h"
#include "tests/app/made_up_data.h"
#include "tests/app/made_up_encoder.h"
#include "tests/app/pictures.h"
#include "tests/core/experiment/fake_engine.h"
#include "widgets/fold.h"
#include "widgets/plot.h"

#include <QScrollArea>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace stillroom;

namespace {

const QSize Large(1440, 900), Laptop(1280, 800), Projected(1024, 768), Small(1024, 700);
const QList<QSize> Usual = {Laptop, Projected};

} // namespace

class ScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    test::Pictures pictures_;

    void shoot(MainWindow& window, const QString& name) { pictures_.save(window, name); }

    void shootAll(MainWindow& window, const QString& name, const QList<QSize>& sizes = {Large, Small}) {
        pictures_.inEveryLook(window, sizes, [&](const QString& look) { shoot(window, name + u'-' + look); });
    }

    /// A page that is longer than the window, from its top to its end.
    void shootPage(MainWindow& window, const QString& name) {
        window.resize(Laptop);
        for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
            applyTheme(mode);
            QTest::qWait(60);
            for (auto* scroll : window.settings()->findChildren<QScrollArea*>())
                if (scroll->isVisible() && scroll->widget() != nullptr) {
                    auto* page = scroll->widget();
                    QImage image(page->size(), QImage::Format_RGB32);
                    image.fill(theme().surface);
                    page->render(&image);
                    pictures_.save(image, QStringLiteral("%1-whole-%2").arg(name, themeModeName(mode)));
                }
        }
    }

    static void choose(MainWindow& window, const QString& text) {
        for (auto* action : window.findChildren<QAction*>())
            if (action->text().remove(u'&') == text) {
                action->trigger();
                return;
            }
        QFAIL(qPrintable(text));
    }

    static void press(MainWindow& window, const QString& text) {
        for (auto* button : window.findChildren<QToolButton*>())
            if (button->text() == text) {
                button->click();
                return;
            }
        QFAIL(qPrintable(text));
    }

    void shootDialogs(MainWindow& window) {
        window.liveView()->plots().first()->takeaway()->showTable();
        choose(window, "About Stillroom");
        window.close(); // it has unsaved changes: asks
        QTest::qWait(50);
        int number = 0;
        for (auto* dialog : window.findChildren<QDialog*>()) {
            pictures_.save(*dialog, QStringLiteral("dialog-%1").arg(++number), 0);
            dialog->close();
        }
        QCOMPARE(number, 3);
        QTest::qWait(50);
    }

    std::unique_ptr<MainWindow> makeWindow(Engine* engine = nullptr) {
        RunPlaces places;
        places.runsFolder = scratch_.filePath("runs");
        places.engine = engine;
        auto window = std::make_unique<MainWindow>(places);
        window->resize(Large);
        window->show();
        return window;
    }

    static bool waitFor(MainWindow& window, RunState state, int milliseconds = 60'000) {
        return QTest::qWaitFor([&] { return window.controller()->state() == state; }, milliseconds);
    }

    QString experiment(int epochs, const std::string& more = {}) {
        const QString data = scratch_.filePath("tweets.csv"), yaml = scratch_.filePath("made-up.yaml");
        if (!QFile::exists(data) && !test::writeData(data, 12'000))
            return {};
        QFile file(yaml);
        if (!file.open(QIODevice::WriteOnly))
            return {};
        const std::string text = test::experimentYaml(data, epochs, more);
        file.write(text.data(), static_cast<qint64>(text.size()));
        return yaml;
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QApplication::setStyle(QStringLiteral("Fusion"));
        // The same encoders on every machine.
        qputenv("STILLROOM_CACHE", scratch_.filePath("cache").toUtf8());
        QVERIFY(test::writeOutsideOfMiniLm(scratch_.filePath("cache/encoders/minilm")));
        QVERIFY(test::SmallEncoder::write(scratch_.filePath("cache/encoders/small-sentences")));
        applyTheme(ThemeMode::Light);
    }

    void beforeAnything() {
        auto window = makeWindow();
        shootAll(*window, "empty");
    }

    void everyPage() {
        auto window = makeWindow();
        window->openExperiment(experiment(10));
        QVERIFY(waitFor(*window, RunState::Ready));
        for (const PageId page : PageIds) {
            window->settings()->showPage(page);
            shootAll(*window,
                     QStringLiteral("before-%1").arg(static_cast<int>(page) + 1) + pageTitle(page).toLower());
        }
        window->document()->set("teacher.kind", "simulated");
        QVERIFY(waitFor(*window, RunState::Loading));
        QVERIFY(waitFor(*window, RunState::Ready));
        window->settings()->showPage(PageId::Teacher);
        shootAll(*window, "before-6simulated");
        window->document()->setAll("teacher", {{"selection.rule", "teacher"}, {"selection.cut", "0.9"}});
        window->settings()->showPage(PageId::Selection);
        shootAll(*window, "before-7teacher-rule");
        window->document()->undoStack()->setClean();
    }

    void studentsThatReadWithAnEncoder() {
        auto window = makeWindow();
        window->openExperiment(experiment(2));
        QVERIFY(waitFor(*window, RunState::Ready));
        auto* document = window->document();
        window->settings()->showPage(PageId::Student);
        QTest::qWait(200);
        QVERIFY(document->setAll("encoder", {{"student.kind", "encoder"}, {"student.model", "minilm"}}));
        QTest::qWait(200);
        shootAll(*window, "student-encoder", Usual);
        shootPage(*window, "student-encoder");
        QVERIFY(document->set("student.kind", "probe"));
        shootAll(*window, "student-probe", Usual);
        QVERIFY(document->setAll("scratch", {{"student.kind", "encoder"},
                                             {"student.start", "scratch"},
                                             {"student.layers", "4"},
                                             {"student.heads", "7"}}));
        shootAll(*window, "student-scratch", Usual);
        shootPage(*window, "student-scratch");
        QVERIFY(document->set("student.model", "roberta-base"));
        QTest::qWait(200);
        shootAll(*window, "student-missing", Usual);

        QVERIFY(document->setAll(
            "encoder",
            {{"student.model", "minilm"}, {"student.start", "pretrained"}, {"training.learning_rate", ""}}));
        window->settings()->showPage(PageId::Training);
        shootAll(*window, "training-encoder", Usual);
        for (auto* fold : window->settings()->findChildren<Fold*>())
            fold->setOpen(true);
        shootAll(*window, "training-encoder-open", Usual);
        shootPage(*window, "training-encoder-open");
        document->undoStack()->setClean();
    }

    void zeroShotTeacher() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = makeWindow();
        window->openExperiment(experiment(2));
        QVERIFY(waitFor(*window, RunState::Ready));
        window->settings()->showPage(PageId::Teacher);
        QVERIFY(window->document()->setAll(
            "zero-shot",
            {{"teacher.kind", "zero_shot"},
             {"teacher.model", "small-sentences"},
             {"teacher.sentences",
              "{caution_and_advice: Somebody is warned or told what to do., fire: It burns.}"}}));
        QVERIFY(waitFor(*window, RunState::Loading));
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->state() != RunState::Loading; }, 60'000));
        shootAll(*window, "teacher-zero-shot-wrong-class", Usual);
        QVERIFY(window->document()->set("teacher.sentences",
                                        "{caution_and_advice: Somebody is warned or told what to do.}"));
        QVERIFY(waitFor(*window, RunState::Ready));
        shootAll(*window, "teacher-zero-shot", Usual);
        shootPage(*window, "teacher-zero-shot");
        window->document()->undoStack()->setClean();
    }

    void beforeTheFirstStep() {
        FakeEngine engine([](FakeSession& session) {
            session.say(PreparingEvent{"computing the texts' vectors, once", 0.43, 19.2});
            while (!session.stopped())
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            FinishedEvent end;
            end.outcome = Outcome::Stopped;
            session.say(end);
        });
        auto window = makeWindow(&engine);
        window->openExperiment(experiment(2));
        QVERIFY(waitFor(*window, RunState::Ready));
        QVERIFY(
            window->document()->setAll("probe", {{"student.kind", "probe"}, {"student.model", "minilm"}}));
        window->settings()->showPage(PageId::Student);
        window->controller()->run();
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->preparing().has_value(); }));
        shootAll(*window, "preparing", Usual);
        window->controller()->stop();
        QVERIFY(waitFor(*window, RunState::Finished));
        shootAll(*window, "preparing-stopped", {Laptop});
        window->document()->undoStack()->setClean();
    }

    void brokenData() {
        const QString data = scratch_.filePath("broken.csv");
        QVERIFY(test::writeData(data, 300));
        QFile file(data);
        QVERIFY(file.open(QIODevice::Append));
        for (int i = 0; i < 20; ++i)
            file.write("x,a text,sympathy_and_support,not_humanitarian,1.7\nragged,row\n");
        file.close();
        auto window = makeWindow();
        const QString yaml = scratch_.filePath("broken.yaml");
        QFile experimentFile(yaml);
        QVERIFY(experimentFile.open(QIODevice::WriteOnly));
        const std::string text = test::experimentYaml(data, 3);
        experimentFile.write(text.data(), static_cast<qint64>(text.size()));
        experimentFile.close();
        window->openExperiment(yaml);
        QVERIFY(waitFor(*window, RunState::Broken));
        shootAll(*window, "broken");
        window->controller()->setBadRows(BadRowPolicy::Skip);
        QVERIFY(waitFor(*window, RunState::Ready));
        shootAll(*window, "broken-skipped");
    }

    void duringAndAfterARun() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window = makeWindow();
        window->loadTheRest();
        window->openExperiment(experiment(300)); // so long that a slow window cannot miss it
        QVERIFY(waitFor(*window, RunState::Ready));
        window->settings()->showPage(PageId::Selection);
        window->controller()->run();
        QVERIFY(
            QTest::qWaitFor([&] { return window->controller()->live().evaluations().size() > 40; }, 60'000));
        window->document()->set("selection.student_scale", "1.1");
        QVERIFY(
            QTest::qWaitFor([&] { return window->controller()->live().evaluations().size() > 70; }, 60'000));
        window->controller()->pause();
        QVERIFY(waitFor(*window, RunState::Paused));
        shootAll(*window, "during");
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Finished));
        shootAll(*window, "after");
        // Another rule over the same data: the first run goes behind.
        window->document()->set("selection.rule", "all");
        window->document()->set("training.epochs", "10");
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Starting));
        QVERIFY(waitFor(*window, RunState::Finished));
        window->settings()->showPage(PageId::Training);
        shootAll(*window, "after-second");
        choose(*window, "gradient samples");
        choose(*window, "whole run");
        press(*window, "stack by class");
        choose(*window, "Messages");
        shoot(*window, "options-second");
        window->document()->undoStack()->setClean();
    }

    void demo() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        const auto found = findExperiment("demo");
        if (!found)
            QSKIP(found.error().message.c_str());
        auto window = makeWindow();
        window->loadTheRest();
        window->openExperiment("demo");
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto state = window->controller()->state();
                return state == RunState::Ready || state == RunState::Broken;
            },
            60'000));
        if (window->controller()->state() != RunState::Ready)
            QSKIP("WordNet is not installed (package wordnet-base)");
        window->settings()->showPage(PageId::Selection);
        window->controller()->run();
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 4.2; }, 300'000));
        window->document()->set("selection.student_scale", "1.15");
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 6; }, 300'000));
        window->controller()->pause(); // the whole run takes a second: it would be over before it is drawn
        QVERIFY(QTest::qWaitFor([&] {
            const auto state = window->controller()->state();
            return state == RunState::Paused || state == RunState::Finished;
        }));
        shootAll(*window, "demo-during");
        if (window->controller()->state() == RunState::Paused)
            window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Finished, 300'000));
        shootAll(*window, "demo-after");
        window->resize(Large);
        choose(*window, "gradient samples");
        choose(*window, "student, over time");
        press(*window, "stack by class");
        for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
            applyTheme(mode);
            shoot(*window, "options-demo-" + themeModeName(mode));
        }
        shootDialogs(*window);
        choose(*window, "teacher, over time");
        choose(*window, "distinct samples");
        shoot(*window, "options-demo-teacher");
        window->document()->undoStack()->setClean();
    }
};

QTEST_MAIN(ScreenshotsTest)
#include "screenshots_test.moc"
