// Pictures of the Runs tab, to be looked at: no runs, and thirty of them with none, one, five and all chosen,
// light and dark, large and small, into build/screenshots/ of the source tree.
#include "tests/app/driven_window.h"
#include "tests/app/pictures.h"
#include "tests/made_run.h"

#include "widgets/curve_reading.h"
#include "widgets/run_columns.h"
#include "widgets/run_curves_panel.h"
#include "widgets/run_difference.h"
#include "widgets/run_scatter_panel.h"
#include "widgets/run_statistics.h"
#include "widgets/runs_bar.h"
#include "widgets/runs_reading.h"
#include "widgets/runs_table.h"

#include <QComboBox>
#include <QLineEdit>

using namespace stillroom;

namespace {

const QSize Large(1440, 900), Small(1024, 700);

void writeRuns(const QString& runs) {
    const struct {
        const char* rule;
        double reached, kept;
        std::vector<std::pair<std::string, std::string>> settings;
    } kinds[] = {{"llkd", 0.668, 0.16, {}},
                 {"all", 0.645, 1, {}},
                 {"random", 0.634, 0.16, {{"selection.ratio", "0.16"}}},
                 {"flexmatch", 0.651, 0.34, {{"selection.cut", "0.95"}}},
                 {"small_loss", 0.659, 0.3, {{"selection.ratio", "0.3"}}},
                 {"llkd", 0.662, 0.21, {{"selection.student_scale", "{from: 1, to: 0.5, shape: linear}"}}}};
    int number = 0;
    for (const auto& kind : kinds)
        for (int seed = 1; seed <= 5; ++seed, ++number) {
            test::MadeRun run;
            run.name = number == 7 ? "humaid-all-with-a-name-that-somebody-made-rather-too-long-for-a-table"
                                   : std::string("humaid-") + kind.rule;
            run.rule = kind.rule;
            run.seed = seed;
            run.steps = 3000;
            run.reached = kind.reached + 0.004 * ((seed * 7 + number) % 5 - 2);
            run.keptShare = kind.kept;
            run.settings = kind.settings;
            run.outcome = number == 11   ? Outcome::Failed
                          : number == 22 ? Outcome::Stopped
                                         : Outcome::Completed;
            run.cutOff = number == 29;
            const std::string folder = test::writeMadeRun(runs.toStdString(), run);
            RunAbout about;
            if (number % 6 == 0)
                about.tags = {"paper"};
            if (number == 7)
                about = {{"weak teacher", "look again", "paper"}, "Runs away after epoch 3.", false};
            if (!about.empty() && !writeRunAbout(folder, about))
                qFatal("about.json");
        }
}

} // namespace

class RunsScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    test::Pictures pictures_{QStringLiteral("runs-")};

    void shoot(MainWindow& window, const QString& name) {
        auto* view = window.runsView();
        for (int i = 0; i < 3; ++i)
            QTest::qWait(40);
        QVERIFY(QTest::qWaitFor(
            [&] {
                return !view->reading()->busy() && !view->curves()->reading()->busy() &&
                       !view->statistics()->busy();
            },
            20'000));
        pictures_.save(window, name);
    }
    void shootAll(MainWindow& window, const QString& name) {
        pictures_.inEveryLook(window, {Large, Small},
                              [&](const QString& look) { shoot(window, name + u'-' + look); });
        applyTheme(ThemeMode::Light);
        window.resize(Large);
    }
    static void choose(MainWindow& window, int count, int step = 1) {
        auto* table = window.runsView()->table();
        table->clearSelection();
        for (int i = 0; i < count; ++i)
            table->selectionModel()->select(table->model()->index(i * step, 0),
                                            QItemSelectionModel::Select | QItemSelectionModel::Rows);
        if (count > 0)
            table->selectionModel()->setCurrentIndex(table->model()->index(0, 0),
                                                     QItemSelectionModel::NoUpdate);
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        qputenv("XDG_CACHE_HOME", scratch_.filePath("cache").toUtf8());
    }

    void noRuns() {
        auto window = test::makeWindow(scratch_);
        window->tabs()->setCurrentWidget(window->runsView());
        shootAll(*window, "empty");
    }

    void thirtyRuns() {
        writeRuns(scratch_.filePath("runs"));
        auto window = test::makeWindow(scratch_);
        window->tabs()->setCurrentWidget(window->runsView());
        auto* view = window->runsView();
        QVERIFY(QTest::qWaitFor([&] { return view->model()->rowCount() == 30; }, 20'000));
        shootAll(*window, "none");
        choose(*window, 1);
        shootAll(*window, "one");
        choose(*window, 5, 6);
        shootAll(*window, "five");
        choose(*window, 30);
        shootAll(*window, "thirty");
        auto* curves = view->curves();
        curves->bandBox()->setCurrentIndex(1);
        curves->axisBox()->setCurrentIndex(3);
        shootAll(*window, "thirty-bands");
        curves->bandBox()->setCurrentIndex(0);
        choose(*window, 5, 6);
        curves->valueBox()->setCurrentIndex(3);
        curves->axisBox()->setCurrentIndex(2);
        shootAll(*window, "five-training-loss");
        choose(*window, 30);
        view->details()->setCurrentWidget(view->scatter());
        shootAll(*window, "thirty-scatter");
        view->scatter()->setAxes("rule", "test_accuracy");
        shoot(*window, "thirty-scatter-rule");
        view->details()->setCurrentWidget(view->statistics());
        shootAll(*window, "thirty-statistics");
        view->details()->setCurrentWidget(view->difference());
        choose(*window, 2, 6);
        shootAll(*window, "two-settings");
        choose(*window, 30);
        shoot(*window, "thirty-settings");
        view->bar()->filter()->setText("no run is like this");
        QTest::keyClick(view->bar()->filter(), Qt::Key_Return);
        shoot(*window, "nothing-found");
        test::forget(*window);
    }
};

QTEST_MAIN(RunsScreenshotsTest)
#include "runs_screenshots_test.moc"
