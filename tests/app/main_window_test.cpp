// What the window does: opens, edits, undoes, runs, pauses, steps, stops, and gives the numbers that a run
// without a window gives.
#include "tests/app/driven_wizard.h"

#include "core/experiment/prepare.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class MainWindowTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    QString data_, yaml_;

    std::unique_ptr<MainWindow> makeWindow() {
        RunPlaces places;
        places.runsFolder = scratch_.filePath("runs");
        auto window = std::make_unique<MainWindow>(places);
        window->show();
        return window;
    }

    static bool waitFor(MainWindow& window, RunState state, int milliseconds = 60'000) {
        return QTest::qWaitFor([&] { return window.controller()->state() == state; }, milliseconds);
    }

    std::unique_ptr<MainWindow> makeReadyWindow() {
        auto window = makeWindow();
        window->openExperiment(yaml_);
        if (!waitFor(*window, RunState::Ready))
            qFatal("the experiment was not read");
        return window;
    }

    static QAction* action(MainWindow& window, const QString& text) {
        for (auto* found : window.findChildren<QAction*>())
            if (found->text().remove(u'&') == text)
                return found;
        return nullptr;
    }

    static QMessageBox* question(MainWindow& window) {
        auto* box = window.findChild<QMessageBox*>();
        return box != nullptr && box->isVisible() ? box : nullptr;
    }

    static void answer(QMessageBox* box, QMessageBox::ButtonRole role) {
        for (auto* button : box->buttons())
            if (box->buttonRole(button) == role) {
                button->click();
                return;
            }
        QFAIL("no such button");
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
        data_ = scratch_.filePath("data.csv");
        yaml_ = scratch_.filePath("made-up.yaml");
        QVERIFY(test::writeData(data_, 3000));
        QFile file(yaml_);
        QVERIFY(file.open(QIODevice::WriteOnly));
        const std::string text = test::experimentYaml(data_, 6);
        file.write(text.data(), static_cast<qint64>(text.size()));
    }

    void opensAnExperiment() {
        auto window = makeReadyWindow();
        QVERIFY(window->windowTitle().startsWith("made-up"));
        QCOMPARE(window->controller()->examples()->summary.classes.size(), test::ClassNames.size());
        QCOMPARE(pageAnswer(PageId::Data, *window->controller()).mark, PageMark::Fine);
        QVERIFY(pageAnswer(PageId::Data, *window->controller()).text.contains("9 classes"));
        QVERIFY(!window->document()->dirty());
    }

    void aMissingFileIsSaidOnTheDataPage() {
        auto window = makeReadyWindow();
        window->settings()->showPage(PageId::Training);
        QVERIFY(window->document()->set("data.train.files", "/no/such/file.csv"));
        QVERIFY(waitFor(*window, RunState::Broken));
        QCOMPARE(window->settings()->page(), PageId::Data);
        QVERIFY(
            QString::fromStdString(window->controller()->loadError()->message).contains("/no/such/file.csv"));
        QVERIFY(!action(*window, "Run")->isEnabled());
        window->document()->undoStack()->undo();
        QVERIFY(waitFor(*window, RunState::Ready));
        QVERIFY(action(*window, "Run")->isEnabled());
    }

    void aTeacherThatIsMissingIsSaidOnTheTeacherPage() {
        auto window = makeReadyWindow();
        QVERIFY(window->document()->set("teacher.label", ""));
        QVERIFY(waitFor(*window, RunState::Broken));
        QCOMPARE(window->settings()->page(), PageId::Teacher);
        QVERIFY(!pageProblem(PageId::Teacher, *window->controller()).isEmpty());
        window->document()->undoStack()->undo();
        QVERIFY(waitFor(*window, RunState::Ready));
        QVERIFY(pageProblem(PageId::Teacher, *window->controller()).isEmpty());
    }

    void undoAndRedoFromTheMenu() {
        auto window = makeReadyWindow();
        for (const PageId page : PageIds) // the controls follow, whichever page they are on
            window->settings()->showPage(page);
        QVERIFY(window->document()->set("training.epochs", "3"));
        QVERIFY(window->isWindowModified());
        QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(window->document()->experiment().training.epochs, 6);
        QVERIFY(!window->isWindowModified());
        QTest::keyClick(window.get(), Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(window->document()->experiment().training.epochs, 3);
        window->document()->undoStack()->setClean();
    }

    void aSettingOutOfRangeIsSaidAndRunWaits() {
        auto window = makeReadyWindow();
        QVERIFY(window->document()->set("training.epochs", "0"));
        QVERIFY(!window->controller()->problem().isEmpty());
        QCOMPARE(pageAnswer(PageId::Training, *window->controller()).mark, PageMark::Wrong);
        QVERIFY(!pageProblem(PageId::Training, *window->controller()).isEmpty());
        QVERIFY(pageProblem(PageId::Selection, *window->controller()).isEmpty());
        QVERIFY(!action(*window, "Run")->isEnabled());
        QVERIFY(window->document()->set("training.epochs", "2"));
        QVERIFY(action(*window, "Run")->isEnabled());
        window->document()->undoStack()->setClean();
    }

    void theSameNumbersAsWithoutAWindow() {
        // The command line's way: prepare, start, wait.
        auto experiment = readExperiment(yaml_.toStdString());
        QVERIFY(experiment);
        LoadContext context;
        auto prepared = prepare(*experiment, context);
        QVERIFY(prepared);
        RunOptions options;
        options.runsFolder = scratch_.filePath("runs").toStdString();
        auto run = Run::start(*experiment, prepared->set, options);
        QVERIFY2(run, run ? "" : run.error().message.c_str());
        FinishedEvent alone;
        while (!(*run)->finished())
            for (const auto& event : (*run)->wait(std::chrono::milliseconds(100)))
                if (const auto* end = std::get_if<FinishedEvent>(&event))
                    alone = *end;

        auto window = makeReadyWindow();
        QTest::keyClick(window.get(), Qt::Key_F5);
        QVERIFY(waitFor(*window, RunState::Finished));
        const FinishedEvent* end = window->controller()->live().finished();
        QVERIFY(end != nullptr);
        QCOMPARE(end->outcome, Outcome::Completed);
        QCOMPARE(end->step, alone.step);
        QCOMPARE(end->test.confusion, alone.test.confusion);
        QCOMPARE(end->validation.macroF1, alone.validation.macroF1);
        QCOMPARE(end->counts.gradient, alone.counts.gradient);
        QCOMPARE(end->counts.distinct, alone.counts.distinct);
        QCOMPARE(window->controller()->live().evaluations().size(), 6U);
        QVERIFY(QFileInfo(window->controller()->runFolder() + "/run.sqlite").exists());
    }

    void pauseStepGoOnAndStop() {
        auto window = makeReadyWindow();
        QVERIFY(window->document()->set("training.epochs", "2000"));
        auto* controller = window->controller();
        QTest::keyClick(window.get(), Qt::Key_F10); // one batch, then wait
        QVERIFY(waitFor(*window, RunState::Paused));
        QTRY_COMPARE(controller->live().step(), 1);
        QTest::keyClick(window.get(), Qt::Key_F10);
        QTRY_COMPARE(controller->live().step(), 2);
        QTest::keyClick(window.get(), Qt::Key_F5);
        QVERIFY(waitFor(*window, RunState::Running));
        QTRY_VERIFY(controller->live().step() > 50);
        QTest::keyClick(window.get(), Qt::Key_F6);
        QVERIFY(waitFor(*window, RunState::Paused));
        const auto step = controller->live().step();
        QTest::qWait(150);
        QCOMPARE(controller->live().step(), step);
        QTest::keyClick(window.get(), Qt::Key_F5, Qt::ShiftModifier);
        QVERIFY(waitFor(*window, RunState::Finished));
        QCOMPARE(controller->live().finished()->outcome, Outcome::Stopped);
        QVERIFY(controller->live().finished()->test.rows > 0); // it was evaluated
        QVERIFY(!controller->runFolder().isEmpty());
        window->document()->undoStack()->setClean();
    }

    void anEditInFlightIsMarkedAndUsed() {
        auto window = makeReadyWindow();
        QVERIFY(window->document()->set("training.epochs", "3000"));
        auto* controller = window->controller();
        controller->run();
        QVERIFY(waitFor(*window, RunState::Running));
        QTRY_VERIFY(!controller->live().stretches().empty());
        QVERIFY(window->document()->set("selection.teacher_scale", "0.5"));
        QTRY_VERIFY(!controller->live().edits().empty());
        const auto& edit = controller->live().edits().back();
        QCOMPARE(edit.changes.size(), 1U);
        QCOMPARE(edit.changes[0].key, std::string("selection.teacher_scale"));
        QCOMPARE(edit.changes[0].to, std::string("0.5"));
        const auto after = edit.step;
        QTRY_VERIFY(controller->live().step() > after + 200);
        // Half the scale, half the bar.
        QTRY_VERIFY(controller->live().thresholds().teacher[0] < 0.6);
        QVERIFY(window->settings() != nullptr);
        // The rule itself stays.
        QVERIFY(window->document()->set("selection.rule", "all"));
        QTest::qWait(300);
        QCOMPARE(controller->live().edits().size(), 1U);
        controller->stop();
        QVERIFY(waitFor(*window, RunState::Finished));
        window->document()->undoStack()->setClean();
    }

    void aDropIsOneUndoStep() {
        auto window = makeWindow();
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open({data_}));
        QVERIFY(wizard.goTo(ImportWizard::Report));
        QVERIFY(wizard.finish());
        QVERIFY(waitFor(*window, RunState::Ready));
        const Experiment& experiment = window->document()->experiment();
        QCOMPARE(experiment.data.train.text, std::string("text"));
        QCOMPARE(experiment.data.train.gold, std::string("gold"));
        QCOMPARE(experiment.teacher.label, std::string("predicted_label"));
        QCOMPARE(experiment.teacher.confidence, std::string("confidence"));
        QCOMPARE(window->document()->undoStack()->count(), 1);
        window->document()->undoStack()->undo();
        QVERIFY(waitFor(*window, RunState::Empty));
    }

    void closingAsksOnceAndStopsTheRun() {
        auto window = makeReadyWindow();
        QVERIFY(window->document()->set("training.epochs", "100000"));
        window->document()->undoStack()->setClean();
        window->controller()->run();
        QVERIFY(waitFor(*window, RunState::Running));
        QVERIFY(!window->close());
        QTRY_VERIFY(question(*window) != nullptr);
        QVERIFY(!window->close()); // a second try asks no second time
        QCOMPARE(window->findChildren<QMessageBox*>().size(), 1);
        answer(question(*window), QMessageBox::RejectRole);
        QTest::qWait(50);
        QVERIFY(window->isVisible());
        QCOMPARE(window->controller()->state(), RunState::Running);

        QVERIFY(!window->close());
        QTRY_VERIFY(question(*window) != nullptr);
        answer(question(*window), QMessageBox::AcceptRole);
        QTRY_VERIFY_WITH_TIMEOUT(!window->isVisible(), 30'000);
        QVERIFY(window->controller()->live().finished() != nullptr);
        QVERIFY(QFileInfo(window->controller()->runFolder() + "/run.sqlite").exists());
    }

    void closingWithUnsavedChangesAsks() {
        auto window = makeReadyWindow();
        QVERIFY(window->document()->set("training.epochs", "7"));
        QVERIFY(!window->close());
        QTRY_VERIFY(question(*window) != nullptr);
        question(*window)->button(QMessageBox::Cancel)->click();
        QTest::qWait(50);
        QVERIFY(window->isVisible());
        QVERIFY(window->document()->dirty());
        QVERIFY(!window->close());
        QTRY_VERIFY(question(*window) != nullptr);
        question(*window)->button(QMessageBox::Discard)->click();
        QTRY_VERIFY(!window->isVisible());
    }
};

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
