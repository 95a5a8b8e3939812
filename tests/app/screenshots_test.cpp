// Pictures of the window, to be looked at: every page, the Live tab before, during and after a run, light and
// dark, large and small, into build/screenshots/ of the source tree.
#include "tests/app/window_under_test.h"

#include "core/engine/engine.h"
#include "tests/app/made_up_data.h"
#include "widgets/plot.h"

#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace stillroom;

namespace {

const QSize Large(1440, 900), Small(1024, 700);

} // namespace

class ScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    QDir pictures_{QStringLiteral(STILLROOM_SOURCE_DIR "/build/screenshots")};

    void shoot(MainWindow& window, const QString& name) {
        // What was asked to be drawn later is drawn.
        for (int i = 0; i < 3; ++i)
            QTest::qWait(30);
        const QImage image = window.grab().toImage();
        QVERIFY2(image.save(pictures_.filePath(name + QStringLiteral(".png"))), qPrintable(name));
    }

    void shootAll(MainWindow& window, const QString& name) {
        for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
            applyTheme(mode);
            for (const auto& size : {Large, Small}) {
                window.resize(size);
                shoot(window, QStringLiteral("%1-%2-%3").arg(name, themeModeName(mode)).arg(size.width()));
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
        window.liveView()->plots().first()->showTable();
        choose(window, "About Stillroom");
        window.close(); // it has unsaved changes: asks
        QTest::qWait(50);
        int number = 0;
        for (auto* dialog : window.findChildren<QDialog*>()) {
            QVERIFY(dialog->grab().save(pictures_.filePath(QStringLiteral("dialog-%1.png").arg(++number))));
            dialog->close();
        }
        QCOMPARE(number, 3);
        QTest::qWait(50);
    }

    std::unique_ptr<MainWindow> makeWindow() {
        RunPlaces places;
        places.runsFolder = scratch_.filePath("runs");
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
        QVERIFY(pictures_.mkpath("."));
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
        window->openExperiment(experiment(60));
        QVERIFY(waitFor(*window, RunState::Ready));
        window->settings()->showPage(PageId::Selection);
        window->controller()->run();
        QVERIFY(
            QTest::qWaitFor([&] { return window->controller()->live().evaluations().size() > 14; }, 60'000));
        window->document()->set("selection.student_scale", "1.1");
        QVERIFY(
            QTest::qWaitFor([&] { return window->controller()->live().evaluations().size() > 24; }, 60'000));
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
        QVERIFY(QTest::qWaitFor([&] { return window->controller()->live().epoch() > 6.6; }, 300'000));
        shootAll(*window, "demo-during");
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
