// kill -9 of a window that trains and has unsaved changes: the next one says so, gives the changes back when
// it is asked to, and opens nothing by itself. Windows that live, or that were closed, are not taken for
// crashed ones.
#include "driven_window.h"
#include "widgets/crash_guard.h"
#include "widgets/left_panel.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QProcess>
#include <QSignalSpy>
#include <csignal>

using namespace stillroom;

namespace {

/// What the window of another process does: opens, edits, trains, and waits to be killed.
int beWindow(const QString& state, const QString& runs, const QString& yaml) {
    test::prepareApplication();
    RunPlaces places;
    places.runsFolder = runs;
    MainWindow window(places);
    window.show();
    window.keepThroughCrashes(state);
    window.crashGuard()->setPatience(20);
    window.openExperiment(yaml);
    if (!test::waitFor(window, RunState::Ready))
        return 1;
    if (!window.document()->set("training.checkpoint.every_steps", "50"))
        return 1;
    window.controller()->run();
    if (!test::waitFor(window, RunState::Running))
        return 1;
    if (!window.document()->set("training.epochs", "77777"))
        return 1;
    return QApplication::exec();
}

} // namespace

class CrashTest : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<QTemporaryDir> scratch_;
    QString yaml_;
    QByteArray saved_; ///< the user's file

    [[nodiscard]] QString state() const { return scratch_->filePath("state"); }
    [[nodiscard]] QStringList stateFiles() const {
        return QDir(state()).entryList(QDir::Files | QDir::Hidden);
    }

    std::unique_ptr<MainWindow> makeGuardedWindow() {
        auto window = test::makeWindow(*scratch_);
        window->keepThroughCrashes(state());
        window->crashGuard()->setPatience(20);
        return window;
    }

    /// Until it trains and its changes are written.
    std::unique_ptr<QProcess> startOther() {
        auto process = std::make_unique<QProcess>();
        process->setProcessChannelMode(QProcess::ForwardedChannels);
        process->start(QCoreApplication::applicationFilePath(),
                       {"--window", state(), scratch_->filePath("runs"), yaml_});
        const bool ready = QTest::qWaitFor(
            [&] {
                for (const auto& name : stateFiles())
                    if (name.endsWith(".yaml") && !name.startsWith('.')) {
                        QFile file(QDir(state()).filePath(name));
                        return file.open(QIODevice::ReadOnly) && file.readAll().contains("77777");
                    }
                return false;
            },
            120'000);
        if (!ready)
            qFatal("the other window did not come so far");
        return process;
    }

    static void killHard(QProcess& process) {
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        process.waitForFinished();
    }

    static QPushButton* button(MainWindow& window, const QString& text) {
        for (auto* found : window.leftPanel()->findChildren<QPushButton*>())
            if (found->text() == text && found->isVisible())
                return found;
        return nullptr;
    }

    static QString words(MainWindow& window) {
        QString all;
        for (auto* label : window.leftPanel()->findChildren<QLabel*>())
            all += label->text() + '\n';
        return all;
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }

    void init() {
        scratch_ = std::make_unique<QTemporaryDir>();
        yaml_ = test::writeExperiment(*scratch_, 3000, 50'000);
        QFile file(yaml_);
        QVERIFY(file.open(QIODevice::ReadOnly));
        saved_ = file.readAll();
    }

    void aCrashIsToldOfAndCostsNothing() {
        auto other = startOther();
        // While it lives a second window is told of nothing.
        {
            auto window = makeGuardedWindow();
            QTest::qWait(300);
            QVERIFY(!window->leftPanel()->isVisible());
        }
        QVERIFY(!stateFiles().isEmpty());
        killHard(*other);

        auto window = makeGuardedWindow();
        QTRY_VERIFY(window->leftPanel()->isVisible());
        // Nothing is opened by itself.
        QCOMPARE(window->controller()->state(), RunState::Empty);
        QVERIFY(window->document()->path().isEmpty());
        const QStringList runs =
            QDir(scratch_->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QCOMPARE(runs.size(), 1);
        QVERIFY2(words(*window).contains(runs[0]), qPrintable(words(*window)));
        QVERIFY2(words(*window).contains("A run was cut off: made-up"), qPrintable(words(*window)));
        QVERIFY2(words(*window).contains("Unsaved changes were kept: made-up.yaml"),
                 qPrintable(words(*window)));

        QVERIFY(button(*window, "Restore") != nullptr);
        button(*window, "Restore")->click();
        QVERIFY(test::waitFor(*window, RunState::Ready));
        QCOMPARE(window->document()->experiment().training.epochs, 77'777);
        QCOMPARE(window->document()->path(), yaml_);
        QVERIFY(window->document()->dirty());
        QTRY_VERIFY(button(*window, "Restore") == nullptr);
        QFile file(yaml_);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), saved_);
        window->document()->undoStack()->undo();
        QCOMPARE(window->document()->experiment().training.epochs, 50'000);
        QVERIFY(!window->document()->dirty());

        // The run is still told of, until that is answered too; then nothing is left to be told.
        QVERIFY(button(*window, "Leave") != nullptr);
        button(*window, "Leave")->click();
        QTRY_VERIFY(!window->leftPanel()->isVisible());
        window.reset();
        QVERIFY2(stateFiles().isEmpty(), qPrintable(stateFiles().join(' ')));
        QCOMPARE(QDir(scratch_->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot), runs);
    }

    /// In its own folder, where its last checkpoint is; what it had shown is shown.
    void theRunGoesOn() {
        auto other = startOther();
        const QString runs = scratch_->filePath("runs");
        const auto links = [&] {
            const QStringList all = QDir(runs).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
            return all.isEmpty() ? QStringList()
                                 : QDir(runs + '/' + all[0] + "/checkpoints").entryList(QDir::AllEntries);
        };
        QTRY_VERIFY_WITH_TIMEOUT(links().contains("last"), 60'000); // the first checkpoint …
        QTest::qWait(1000);                                         // … is recorded by now
        killHard(*other);
        const QString run = runs + '/' + QDir(runs).entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0);

        auto window = makeGuardedWindow();
        QTRY_VERIFY(button(*window, "Resume") != nullptr);
        button(*window, "Resume")->click();
        QVERIFY(test::waitFor(*window, RunState::Running));
        QCOMPARE(QFileInfo(window->controller()->runFolder()).absoluteFilePath(), run);
        QTRY_VERIFY(button(*window, "Resume") == nullptr); // it was answered
        const auto& live = window->controller()->live();
        QTRY_VERIFY(!live.evaluations().empty());
        const double first = live.evaluations().front().step; // of before the crash
        QCOMPARE(first, static_cast<double>(live.started().stepsPerEpoch));
        const auto step = live.step();
        QTRY_VERIFY(live.step() > step);
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        const auto stored = StoredRun::open(run.toStdString());
        QVERIFY(stored && stored->finished && stored->resumes.size() == 1);
        QVERIFY(stored->resumes[0] > 0);
        for (std::size_t i = 0; i < stored->steps.size(); ++i)
            QCOMPARE(stored->steps[i].step, static_cast<std::int64_t>(i) + 1);
        QCOMPARE(QDir(runs).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
        button(*window, "Discard")->click();
        test::forget(*window);
    }

    /// Restored changes are this window's to keep: it may crash as well.
    void whatWasRestoredIsKeptAgain() {
        auto other = startOther();
        killHard(*other);
        auto window = makeGuardedWindow();
        QTRY_VERIFY(window->leftPanel()->isVisible());
        button(*window, "Restore")->click();
        QVERIFY(test::waitFor(*window, RunState::Ready));
        QTRY_COMPARE(stateFiles().filter(".yaml").size(), 1); // the other's went when ours was there
        QFile kept(QDir(state()).filePath(stateFiles().filter(".yaml").value(0)));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QVERIFY(kept.readAll().contains("77777"));
        test::forget(*window);
        QTRY_VERIFY(stateFiles().filter(".yaml").isEmpty());
    }

    void anUnansweredQuestionIsAskedAgain() {
        auto other = startOther();
        killHard(*other);
        for (int i = 0; i < 2; ++i) {
            auto window = makeGuardedWindow();
            QTRY_VERIFY(window->leftPanel()->isVisible());
        }
        auto window = makeGuardedWindow();
        QTRY_VERIFY(button(*window, "Discard") != nullptr);
        button(*window, "Discard")->click();
        button(*window, "Leave")->click();
        QTRY_VERIFY(!window->leftPanel()->isVisible());
        window.reset();
        QVERIFY(stateFiles().isEmpty());
    }

    void changesAreWrittenAndGoWhenTheyAreSaved() {
        auto window = makeGuardedWindow();
        window->openExperiment(yaml_);
        QVERIFY(test::waitFor(*window, RunState::Ready));
        const auto edits = [&] { return stateFiles().filter(QRegularExpression("^[^.].*\\.yaml$")); };
        QVERIFY(edits().isEmpty());
        QVERIFY(window->document()->set("training.epochs", "9"));
        QTRY_COMPARE(edits().size(), 1);
        window->document()->undoStack()->undo();
        QTRY_VERIFY(edits().isEmpty());
        QVERIFY(window->document()->set("training.epochs", "10"));
        QTRY_COMPARE(edits().size(), 1);
        const QString written = QDir(state()).filePath(edits().value(0));
        const auto kept = readExperiment(written.toStdString()); // as `stillroom-cli run` would
        QVERIFY(kept && *kept == window->document()->experiment());
        window->document()->saveAs(yaml_);
        QTRY_VERIFY(edits().isEmpty());
        QVERIFY(window->document()->set("training.epochs", "11"));
        QTRY_COMPARE(edits().size(), 1);
        window->document()->startNew(); // it was not wanted
        QTRY_VERIFY(edits().isEmpty());
        window.reset();
        QVERIFY(stateFiles().isEmpty());
    }

    void aStateFolderThatCannotBeWrittenIsSaidOnce() {
        QFile file(state());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        auto window = test::makeWindow(*scratch_);
        window->keepThroughCrashes(state());
        window->crashGuard()->setPatience(20);
        QSignalSpy said(window->crashGuard(), &CrashGuard::said);
        QTRY_COMPARE(said.count(), 1);
        QVERIFY(said[0][0].toString().contains(state()));
        QVERIFY(window->document()->set("training.epochs", "9"));
        QTest::qWait(200);
        QCOMPARE(said.count(), 1);
        test::forget(*window);
    }
};

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc == 5 && QByteArray(argv[1]) == "--window")
        return beWindow(QString::fromLocal8Bit(argv[2]), QString::fromLocal8Bit(argv[3]),
                        QString::fromLocal8Bit(argv[4]));
    CrashTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "crash_test.moc"
