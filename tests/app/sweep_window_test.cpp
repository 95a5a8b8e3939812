// A sweep in the window: begun from a YAML, its runs followed and cancelled one by one, opened while somebody
// else is at it. Leaves pictures in build/screenshots/ of the source tree, to be looked at.
#include "core/experiment/sweep_folder.h"
#include "made_up_data.h"
#include "widgets/sweep_model.h"
#include "widgets/sweep_view.h"
#include "widgets/sweep_watch.h"
#include "window_under_test.h"

#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

using namespace stillroom;
using State = SweepStatus::State;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int Slowness = 10;
#else
constexpr int Slowness = 1;
#endif

const SweepRow* rowOf(const SweepView* view, int task) {
    const auto& rows = view->watch()->rows();
    return task <= static_cast<int>(rows.size()) ? &rows[static_cast<std::size_t>(task) - 1] : nullptr;
}

bool isIn(const SweepView* view, int task, State state) {
    const SweepRow* row = rowOf(view, task);
    return row != nullptr && row->status.state == state;
}

} // namespace

class SweepWindowTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void begunFollowedAndCancelled();
    void openedInEveryState();
    void whatIsWrongIsSaid();

  private:
    QString write(const QString& name, int epochs, const char* sweep);
    void shoot(SweepView* view, const QString& name);
    SweepView* open(MainWindow& window) {
        SweepView* view = window.showSweep();
        view->watch()->setProgram(QStringLiteral(STILLROOM_BINARY_DIR "/bin/stillroom-cli"));
        return view;
    }

    QTemporaryDir folder_;
    QDir pictures_{QStringLiteral(STILLROOM_SOURCE_DIR "/build/screenshots")};
};

void SweepWindowTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setStyle(QStringLiteral("Fusion"));
    applyTheme(ThemeMode::Light);
    QVERIFY(pictures_.mkpath("."));
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
}

QString SweepWindowTest::write(const QString& name, int epochs, const char* sweep) {
    std::string yaml = test::experimentYaml("data.csv", epochs, std::string("sweep: ") + sweep + "\n");
    const std::string threads = std::string("threads: ") + test::Threads;
    yaml.replace(yaml.find(threads), threads.size(), "threads: 1");
    QFile file(folder_.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(yaml.data(), static_cast<qint64>(yaml.size())) > 0
               ? file.fileName()
               : QString();
}

void SweepWindowTest::shoot(SweepView* view, const QString& name) {
    for (const auto mode : {ThemeMode::Dark, ThemeMode::Light}) {
        applyTheme(mode);
        QTest::qWait(60);
        QVERIFY(view->window()->grab().save(
            pictures_.filePath(QStringLiteral("sweep-%1-%2.png").arg(name, themeModeName(mode)))));
    }
}

void SweepWindowTest::begunFollowedAndCancelled() {
    MainWindow window(RunPlaces{{}, folder_.filePath("runs")});
    window.show();
    SweepView* view = open(window);
    view->watch()->begin(
        write("long.yaml", 200'000, "{over: {selection.rule: [all, llkd], seed: 1..2}, workers: 2}"),
        window.controller()->runsFolder(), {});
    QTRY_VERIFY_WITH_TIMEOUT(isIn(view, 1, State::Running) && isIn(view, 2, State::Running),
                             30'000 * Slowness);
    QVERIFY(view->watch()->working());
    QVERIFY(!view->goOnButton()->isEnabled() && view->stopButton()->isEnabled());
    QVERIFY(!view->cancelButton()->isEnabled()); // none is chosen
    QTRY_VERIFY_WITH_TIMEOUT(rowOf(view, 1)->shareDone() > 0, 30'000 * Slowness);

    // One that runs and one that waits, by the button.
    for (const int row : {0, 3}) {
        view->table()->selectRow(row);
        QVERIFY(view->cancelButton()->isEnabled());
        view->cancelButton()->click();
    }
    QTRY_VERIFY_WITH_TIMEOUT(isIn(view, 1, State::Cancelled) && isIn(view, 3, State::Running),
                             30'000 * Slowness);
    shoot(view, "cancelled");
    view->stopButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!view->watch()->busy() && isIn(view, 2, State::CutOff), 30'000 * Slowness);
    QTRY_VERIFY(view->goOnButton()->isEnabled() && view->goOnButton()->text() == "Go on");
    QVERIFY(!view->stopButton()->isEnabled());
}

/// Of somebody else's sweep, whose runs are where runs can be.
void SweepWindowTest::openedInEveryState() {
    const QString yaml =
        write("short.yaml", 3, "{over: {selection.rule: [all, llkd], seed: 1..4}, workers: 2}");
    const auto made = SweepFolder::create(folder_.filePath("others").toStdString(),
                                          *readSweep(yaml.toStdString()), {folder_.path().toStdString()});
    QVERIFY(made);
    MainWindow window(RunPlaces{{}, folder_.filePath("runs")});
    window.show();
    SweepView* view = open(window);
    view->watch()->open(QString::fromStdString(made->path()));
    QTRY_COMPARE(view->table()->model()->rowCount(), 8);
    QVERIFY(isIn(view, 1, State::Waiting));
    view->goOnButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            for (int task = 1; task <= 8; ++task)
                if (!isIn(view, task, State::Completed))
                    return false;
            return true;
        }(),
        90'000 * Slowness);
    const auto* model = view->table()->model();
    QCOMPARE(model->index(0, SweepModel::State).data().toString(), QString("completed"));
    QCOMPARE(model->index(0, SweepModel::Progress).data().toString(), QString("100 %"));
    QCOMPARE(model->index(0, SweepModel::Accuracy).data().toString(),
             QString::number(rowOf(view, 1)->summary->test->accuracy, 'f', 4));

    SweepStatus status;
    status.state = State::Failed;
    status.error = "out of memory";
    QVERIFY(made->setStatus(2, status));
    status = {};
    status.state = State::Running; // by nobody
    QVERIFY(made->setStatus(3, status));
    status = *made->status(4);
    status.state = State::Cancelled;
    QVERIFY(made->setStatus(4, status));
    SweepView* again = open(window);
    again->watch()->open(QString::fromStdString(made->path()));
    QTRY_VERIFY(isIn(again, 2, State::Failed) && isIn(again, 3, State::CutOff) &&
                isIn(again, 4, State::Cancelled));
    model = again->table()->model();
    QCOMPARE(model->index(1, SweepModel::State).data(Qt::ToolTipRole).toString(), QString("out of memory"));
    QCOMPARE(model->index(2, SweepModel::State).data().toString(), QString("cut off"));
    again->table()->selectRow(2);
    shoot(again, "states");
}

void SweepWindowTest::whatIsWrongIsSaid() {
    MainWindow window(RunPlaces{{}, folder_.filePath("runs")});
    window.show();
    SweepView* view = open(window);
    view->watch()->open(folder_.path());
    QTRY_VERIFY(view->watch()->problem().contains("is no sweep's folder"));
    view->watch()->begin(write("wrong.yaml", 1, "{over: {sed: [1]}}"), folder_.filePath("runs"), {});
    QTRY_VERIFY(view->watch()->problem().contains("did you mean 'seed'?"));
    view->watch()->setProgram("/nowhere/stillroom-cli");
    view->watch()->begin(write("right.yaml", 1, "{over: {seed: [1]}}"), folder_.filePath("runs"), {});
    QTRY_VERIFY(view->watch()->problem().contains("/nowhere/stillroom-cli cannot be started"));
}

QTEST_MAIN(SweepWindowTest)
#include "sweep_window_test.moc"
