// stillroom: the window.
#include "app/window/main_window.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <malloc.h>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace {

/// Milliseconds since this process began, loading of its libraries included.
double millisecondsSinceStart() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    // Field 22 of /proc/self/stat: when it began, in ticks after boot. The name before it may hold spaces.
    double ticks = 0;
    if (std::FILE* file = std::fopen("/proc/self/stat", "r")) {
        char line[1024] = {};
        const std::size_t length = std::fread(line, 1, sizeof line - 1, file);
        std::fclose(file);
        const std::string_view text(line, length);
        auto at = text.rfind(')');
        for (int field = 3; field <= 22 && at != std::string_view::npos; ++field)
            at = text.find(' ', at + 1);
        if (at != std::string_view::npos)
            ticks = std::strtod(line + at, nullptr);
    }
    const double began = ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
    return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - began) * 1000;
}

/// Calls back after the window's first frame was painted.
class FirstFrame : public QObject {
  public:
    FirstFrame(QWidget* window, std::function<void()> then) : QObject(window), then_(std::move(then)) {
        window->installEventFilter(this);
    }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint && then_)
            QTimer::singleShot(0, watched, std::exchange(then_, {}));
        return false;
    }

  private:
    std::function<void()> then_;
};

} // namespace

int main(int argc, char** argv) {
    // glibc gives big blocks back to the system and takes them again, page fault by page fault: measured, up
    // to three times the training time. Keep them.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2000000000);

    QApplication::setStyle(QStringLiteral("Fusion"));
    // --version and --help need no display.
    const bool words = std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
        return argument == "--version" || argument == "-v" || argument == "--help" || argument == "-h";
    });
    const std::unique_ptr<QCoreApplication> application(words ? new QCoreApplication(argc, argv)
                                                              : new QApplication(argc, argv));
    QCoreApplication::setApplicationName(QStringLiteral("stillroom"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Stillroom"));
    QCoreApplication::setOrganizationName(QStringLiteral("stillroom"));
    QCoreApplication::setApplicationVersion(QStringLiteral(STILLROOM_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Workbench for distilling an LLM classifier."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("experiment"),
        QCoreApplication::translate("main", "A YAML file, or the name of one that is found."),
        QStringLiteral("[experiment]"));
    const QCommandLineOption data(
        QStringLiteral("data"),
        QCoreApplication::translate("main", "Root of the experiment's relative paths."),
        QStringLiteral("folder"));
    const QCommandLineOption runs(QStringLiteral("runs"),
                                  QCoreApplication::translate("main", "Where run folders are made."),
                                  QStringLiteral("folder"), QStringLiteral("runs"));
    const QCommandLineOption run(QStringLiteral("run"),
                                 QCoreApplication::translate("main", "Start the run at once."));
    const QCommandLineOption startup(
        QStringLiteral("startup-time"),
        QCoreApplication::translate(
            "main", "Print the milliseconds from process start to the first painted frame, and quit."));
    parser.addOptions({data, runs, run, startup});
    parser.process(*application);

    const auto mode = stillroom::themeModeOf(QSettings().value(QStringLiteral("theme")).toString());
    stillroom::chooseTheme(mode);
    stillroom::RunPlaces places;
    places.dataRoot = parser.isSet(data) ? parser.value(data) : qEnvironmentVariable("STILLROOM_DATA");
    places.runsFolder = parser.value(runs);
    stillroom::MainWindow window(places);
    const QStringList names = parser.positionalArguments();
    const bool timed = parser.isSet(startup);
    new FirstFrame(&window, [&] {
        if (timed) {
            std::printf("%.1f\n", millisecondsSinceStart());
            std::fflush(stdout);
            QApplication::quit();
            return;
        }
        window.keepThroughCrashes(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) +
                                  QStringLiteral("/windows"));
        if (!names.isEmpty())
            window.openExperiment(names.first());
        window.loadTheRest();
        if (parser.isSet(run))
            window.runWhenReady();
    });
    if (QSettings().value(QStringLiteral("projector")).toBool())
        window.showProjector(true);
    else
        stillroom::applyTheme(mode);
    window.show();
    return QApplication::exec();
}
