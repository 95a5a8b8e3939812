// The Runs tab over many run folders: how long until its table is whole, without and with the index's cache,
// and how long a hundred chosen curves take to be drawn; and for how long the window looks at nothing
// meanwhile. Usage: many_runs [--runs N] [--points N] [--chosen N] [--leeway FACTOR] [--link]. Exits 1 when
// something is over its limit (issue 6, row 4) times the leeway. --link: databases are hard links to twenty,
// to spare the disk.
#include "tests/made_run.h"
#include "widgets/curve_reading.h"
#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/run_curves_panel.h"
#include "widgets/run_curves_plot.h"
#include "widgets/runs_reading.h"
#include "widgets/runs_table.h"
#include "widgets/runs_view.h"
#include "widgets/slider.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>

using namespace stillroom;

namespace {

namespace fs = std::filesystem;

constexpr int Different = 20; ///< databases

double milliseconds(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Of this process, all threads: what the time would be on a machine that does nothing else, at least.
double processorMilliseconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

/// What something took.
struct Took {
    double wall = 0, processor = 0; ///< ms
};

class Stopwatch {
  public:
    Stopwatch() { clock_.start(); }
    [[nodiscard]] Took took() const { return {milliseconds(clock_), processorMilliseconds() - processor_}; }

  private:
    QElapsedTimer clock_;
    double processor_ = processorMilliseconds();
};

/// The longest time for which the event loop looked at nothing.
class Watch {
  public:
    Watch() {
        timer_.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer_, &QTimer::timeout, [this] { look(); });
        clock_.start();
        timer_.start(2);
    }
    double worst() {
        look();
        return worst_;
    }

  private:
    void look() {
        worst_ = std::max(worst_, milliseconds(clock_));
        clock_.restart();
    }
    QTimer timer_;
    QElapsedTimer clock_;
    double worst_ = 0;
};

template <class Done>
void waitFor(Done done) {
    while (!done())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
}

class Report {
  public:
    explicit Report(double leeway) : leeway_(leeway) {}
    void line(const std::string& what, const Took& took, double limit) {
        const bool good = took.wall <= limit * leeway_;
        good_ = good_ && good;
        fmt::print("{:<66} {:>8.1f} ms ({:>7.1f} of processors)   limit {:>5.0f}  {}\n", what, took.wall,
                   took.processor, limit, good ? "ok" : "OVER");
        std::fflush(stdout);
    }
    static void note(const std::string& what, double value) {
        fmt::print("{:<66} {:>8.1f} ms\n", what, value);
        std::fflush(stdout);
    }
    [[nodiscard]] bool good() const { return good_; }

  private:
    double leeway_;
    bool good_ = true;
};

/// Twenty runs as they were recorded, the others with their databases and seeds of their own.
void makeRuns(const fs::path& runs, int count, std::int64_t points, bool link) {
    std::vector<fs::path> made;
    const char* rules[] = {"llkd", "all", "small_loss", "flexmatch"};
    for (int i = 0; i < std::min(count, Different); ++i) {
        test::MadeRun run;
        run.rule = rules[i % 4];
        run.seed = i / 4 + 1;
        run.steps = points;
        run.reached = 0.6 + 0.02 * (i % 4);
        if (run.rule == "small_loss")
            run.settings = {{"selection.ratio", "0.3"}};
        made.emplace_back(test::writeMadeRun(runs.string(), run));
    }
    for (int i = Different; i < count; ++i) {
        const fs::path& from = made[static_cast<std::size_t>(i % Different)];
        const fs::path to = runs / fmt::format("2026-11-24T{:06}.000-0000-humaid", i);
        fs::create_directories(to);
        if (link)
            fs::create_hard_link(from / "run.sqlite", to / "run.sqlite");
        else
            fs::copy_file(from / "run.sqlite", to / "run.sqlite");
        std::stringstream yaml;
        yaml << std::ifstream(from / "experiment.yaml").rdbuf();
        std::string text = yaml.str();
        const auto seed = text.find("seed: ");
        text.replace(seed, text.find('\n', seed) - seed, fmt::format("seed: {}", i));
        std::ofstream(to / "experiment.yaml") << text;
    }
}

class Tab {
  public:
    explicit Tab(const QString& runs) {
        RunPlaces places;
        places.runsFolder = runs;
        controller_ = std::make_unique<RunController>(&document_, places);
        view_ = std::make_unique<RunsView>(controller_.get(), runs);
        view_->resize(1080, 760);
    }
    RunsView& view() { return *view_; }

    /// Until the table is whole and painted.
    Took show(int count) {
        const Stopwatch watch;
        view_->show();
        waitFor([&] { return view_->reading()->everRead() && view_->model()->rowCount() == count; });
        QApplication::processEvents();
        view_->grab();
        return watch.took();
    }

    /// From the choice to the picture.
    Took choose(int count) {
        auto* table = view_->table();
        bool there = false;
        const auto connection =
            QObject::connect(view_->curves()->reading(), &CurveReading::changed, [&] { there = true; });
        const Stopwatch watch;
        table->clearSelection();
        table->selectionModel()->select(
            QItemSelection(table->model()->index(0, 0),
                           table->model()->index(count - 1, table->model()->columnCount() - 1)),
            QItemSelectionModel::ClearAndSelect);
        waitFor([&] { return there && !view_->curves()->reading()->busy(); });
        QApplication::processEvents(); // the queued replot
        view_->curves()->plot()->repaint();
        const Took took = watch.took();
        QObject::disconnect(connection);
        return took;
    }

    /// Another answer to the same runs, from what is known.
    Took smooth(int thousandths) {
        const Stopwatch watch;
        view_->curves()->smoothing()->setValue(thousandths);
        QApplication::processEvents();
        view_->curves()->plot()->repaint();
        return watch.took();
    }

  private:
    ExperimentDocument document_;
    std::unique_ptr<RunController> controller_;
    std::unique_ptr<RunsView> view_;
};

} // namespace

int main(int argc, char** argv) {
    int runs = 1000, chosen = 100;
    std::int64_t points = 10'000;
    double leeway = 1;
    bool link = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : "0";
        if (name == "--runs")
            runs = std::atoi(value);
        else if (name == "--points")
            points = std::atoll(value);
        else if (name == "--chosen")
            chosen = std::atoi(value);
        else if (name == "--leeway")
            leeway = std::atof(value);
        link = link || name == "--link";
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QTemporaryDir folder;
    qputenv("XDG_CACHE_HOME", folder.filePath("cache").toUtf8()); // nobody's cache but its own
    qputenv("XDG_CONFIG_HOME", folder.filePath("config").toUtf8());
    QApplication::setStyle(QStringLiteral("Fusion"));
    const QApplication application(argc, argv);
    applyTheme(ThemeMode::Light);
    const fs::path place = folder.filePath("runs").toStdString();
    makeRuns(place, runs, points, link);
    fmt::print("{} run folders of {} steps each\n", runs, points);
    Report report(leeway);
    const QString path = folder.filePath("runs");
    {
        Tab tab(path);
        Watch watch;
        report.line("table ready, nothing remembered", tab.show(runs), 1000);
        Report::note("  longest pause of the window meanwhile", watch.worst());
    } // its end writes the cache
    Tab tab(path);
    {
        Watch watch;
        report.line("table ready, with the index's cache", tab.show(runs), 1000);
        Report::note("  longest pause of the window meanwhile", watch.worst());
    }
    {
        QElapsedTimer timer;
        timer.start();
        tab.view().reading()->refresh();
        waitFor([&] { return !tab.view().reading()->busy(); });
        Report::note("looked through again, nothing changed", milliseconds(timer));
    }
    tab.view().curves()->valueBox()->setCurrentIndex(3); // training loss: a point a step
    for (const int axis : {0, 3}) {
        tab.view().table()->clearSelection();
        QApplication::processEvents();
        tab.view().curves()->axisBox()->setCurrentIndex(axis);
        QApplication::processEvents();
        Watch watch;
        report.line(fmt::format("{} curves of {} points read and drawn, against {}", chosen, points,
                                tab.view().curves()->axisBox()->currentText().toStdString()),
                    tab.choose(chosen), 500);
        Report::note("  longest pause of the window meanwhile", watch.worst());
    }
    report.line(fmt::format("{} curves drawn with another smoothing", chosen), tab.smooth(600), 500);
    report.line(fmt::format("{} curves drawn without smoothing", chosen), tab.smooth(0), 500);
    return report.good() ? 0 : 1;
}
