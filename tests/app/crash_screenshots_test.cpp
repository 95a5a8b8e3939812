// Pictures of what the window says after a crash, to be looked at: light and dark, large and small, into
// build/screenshots/ of the source tree.
#include "driven_window.h"
#include "pictures.h"
#include "tests/core/experiment/made_events.h"
#include "widgets/crash_guard.h"
#include "widgets/go_on_dialog.h"
#include "widgets/left_panel.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace stillroom;

class CrashScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    test::Pictures pictures_;

    /// As of a process that is gone.
    void leave(const OpenInWindow& open, const std::string& edits) {
        const LeftWindows files(scratch_.filePath("state"));
        const QString id = LeftWindows::newId();
        QVERIFY(files.write(id, open));
        if (!edits.empty())
            QVERIFY(files.writeEdits(id, edits));
        QFile file(scratch_.filePath("state/" + id + ".json"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        auto object = QJsonDocument::fromJson(file.readAll()).object();
        object.insert("started", 1);
        file.seek(0);
        file.write(QJsonDocument(object).toJson());
        file.resize(file.pos());
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }

    void afterACrash() {
        Experiment experiment = madeExperiment();
        experiment.name = "humaid-llkd";
        auto run = RunFolder::create(scratch_.filePath("runs").toStdString(), experiment, madeOrigin());
        QVERIFY(run);
        StartedEvent started;
        started.device = "cpu";
        started.threads = 2;
        started.samples = 44'373;
        started.epochs = 10;
        started.stepsPerEpoch = 694;
        QVERIFY((*run)->record({started, StateEvent{SessionState::Running, 0}, madeSteps(1, 2310)}));
        const QString folder = QString::fromStdString((*run)->path());
        run->reset();
        leave({"/home/me/experiments/humaid-llkd.yaml", "humaid-llkd", "/data", folder}, "name: x\n");
        leave({{}, "untitled", "/data", {}}, "name: y\n");

        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 3000, 4));
        window->keepThroughCrashes(scratch_.filePath("state"));
        QTRY_VERIFY(window->leftPanel()->isVisible());
        pictures_.inEveryLook(*window, {QSize(1440, 900), QSize(1024, 700)}, [&](const QString& look) {
            pictures_.save(*window, QStringLiteral("crash-") + look, 4);
        });
    }

    /// Of a run without a checkpoint: what is said where it cannot be branched from.
    void goingOn() {
        Experiment experiment = madeExperiment();
        experiment.name = "humaid-llkd";
        auto run = RunFolder::create(scratch_.filePath("other").toStdString(), experiment, madeOrigin());
        QVERIFY(run);
        StartedEvent started;
        started.device = "cpu";
        started.threads = 2;
        started.samples = 44'373;
        started.epochs = 10;
        started.stepsPerEpoch = 694;
        QVERIFY((*run)->record({started, StateEvent{SessionState::Running, 0}, madeSteps(1, 2310)}));
        const QString folder = QString::fromStdString((*run)->path());
        run->reset();
        for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
            applyTheme(mode);
            for (const auto& [how, name] :
                 {std::pair(GoOn::Resume, "resume"), {GoOn::Extend, "extend"}, {GoOn::Branch, "branch"}}) {
                auto* dialog = new GoOnDialog(how, folder, scratch_.path(), experiment);
                dialog->open();
                QTRY_VERIFY(!dialog->facts().contains(u'…'));
                pictures_.save(*dialog,
                               QStringLiteral("go-on-%1-%2").arg(QLatin1String(name), themeModeName(mode)));
                dialog->close();
            }
        }
    }
};

QTEST_MAIN(CrashScreenshotsTest)
#include "crash_screenshots_test.moc"
