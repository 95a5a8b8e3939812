// Pictures of the Teacher tab and of asking an LLM, to be looked at: in every state, light and dark, large
// and small, into build/screenshots/ of the source tree. GPT-4o on HumAID where its data are: in
// $STILLROOM_DATA, or beside the project in ../shared/data.
#include "tests/app/driven_window.h"
#include "tests/app/pictures.h"
#include "tests/app/tiny_llm.h"

#include "widgets/labelling_job.h"
#include "widgets/labelling_panel.h"
#include "widgets/teacher_model.h"

#include <QDir>
#include <QScrollArea>
#include <QScrollBar>

using namespace stillroom;

namespace {

const QSize Large(1440, 900), Small(1024, 700);

QString humaid() {
    for (const QString& root :
         {qEnvironmentVariable("STILLROOM_DATA"), QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data")})
        if (!root.isEmpty() && QDir(root).exists("humaid"))
            return root;
    return {};
}

} // namespace

class TeacherScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    test::Pictures pictures_{QStringLiteral("teacher-")};

    void shoot(MainWindow& window, const QString& name) { pictures_.save(window, name, 4); }

    /// The window, and all that is scrolled in its tab.
    void shootAll(MainWindow& window, const QString& name, bool whole = true) {
        pictures_.inEveryLook(window, {Large, Small}, [&](const QString& look) {
            shoot(window, name + u'-' + look);
            if (whole && (themeMode() == ThemeMode::Light || window.size() == Large))
                pictures_.save(*window.teacherView()->widget(), QStringLiteral("%1-%2-whole").arg(name, look),
                               0);
        });
        applyTheme(ThemeMode::Light);
        window.resize(Large);
    }

    std::unique_ptr<MainWindow> open(const QString& experiment, const QString& dataRoot = {}) {
        RunPlaces places;
        places.dataRoot = dataRoot;
        places.runsFolder = scratch_.filePath("runs");
        auto window = std::make_unique<MainWindow>(places);
        window->resize(Large);
        window->show();
        window->tabs()->setCurrentWidget(window->teacherView());
        window->settings()->showPage(PageId::Teacher);
        if (!experiment.isEmpty())
            window->openExperiment(experiment);
        return window;
    }

    static bool waitForOther(MainWindow& window) {
        return QTest::qWaitFor(
            [&] {
                const auto state = window.teacherView()->model()->otherState();
                return state == TeacherModel::Other::Compared || state == TeacherModel::Other::Failed;
            },
            60'000);
    }

    QString write(const QString& name, const std::string& yaml) {
        QFile file(scratch_.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(yaml.data(), static_cast<qint64>(yaml.size()));
        return file.fileName();
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }

    void noData() {
        auto window = open({});
        shootAll(*window, "no-data");
    }

    void noGold() {
        const QString data = scratch_.filePath("plain.csv");
        QVERIFY(test::writeData(data, 3000));
        auto window =
            open(write("plain.yaml", "name: plain\ndata:\n  train: {files: \"" + data.toStdString() +
                                         "\", id: id, text: text}\nteacher: {kind: columns, label: "
                                         "predicted_label, confidence: confidence}\n"));
        QVERIFY(test::waitFor(*window, RunState::Ready));
        shootAll(*window, "no-gold");
    }

    void recordedAndCalibrated() {
        const QString root = humaid();
        auto window =
            root.isEmpty() ? open(test::writeExperiment(scratch_, 12'000, 4)) : open("humaid-all", root);
        QVERIFY(test::waitFor(*window, RunState::Ready));
        shootAll(*window, "recorded");
        QVERIFY(window->document()->set("teacher.calibration", "isotonic"));
        QVERIFY(test::waitFor(*window, RunState::Loading));
        QVERIFY(test::waitFor(*window, RunState::Ready));
        QVERIFY(window->controller()->examples()->calibration.has_value());
        shootAll(*window, "calibrated");
        // Beside a simulated one of the same texts.
        std::string other = writeExperiment(window->document()->experiment(), YamlDetail::Changed);
        const auto teacher = other.find("\nteacher:");
        QVERIFY(teacher != std::string::npos);
        other.resize(teacher + 1);
        other.replace(0, other.find('\n'), "name: simulated-72");
        other += "teacher: {kind: simulated, accuracy: 0.72, overconfidence: 0.4}\n";
        window->teacherView()->model()->compareWith(write("other.yaml", other));
        QVERIFY(waitForOther(*window));
        QVERIFY2(window->teacherView()->model()->otherProblem().isEmpty(),
                 qPrintable(window->teacherView()->model()->otherProblem()));
        shootAll(*window, "compared");
        window->teacherView()->verticalScrollBar()->setValue(100'000);
        shoot(*window, "compared-scrolled");
        window->teacherView()->model()->compareWith(scratch_.filePath("nothing.yaml"));
        QVERIFY(waitForOther(*window));
        shoot(*window, "compared-failed");
        test::forget(*window);
    }

    void simulated() {
        auto window = open(test::writeExperiment(scratch_, 12'000, 4));
        QVERIFY(test::waitFor(*window, RunState::Ready));
        QVERIFY(window->document()->setAll(
            "simulated",
            {{"teacher.kind", "simulated"}, {"teacher.accuracy", "0.7"}, {"teacher.overconfidence", "0.6"}}));
        QVERIFY(test::waitFor(*window, RunState::Loading));
        QVERIFY(test::waitFor(*window, RunState::Ready));
        shootAll(*window, "simulated");
        test::forget(*window);
    }

    void asking() {
        test::TinyLlm llm;
        llm.refuseEvery(9);
        const QString data = scratch_.filePath("asked.csv");
        QVERIFY(test::writeData(data, 240));
        auto window = open(write(
            "asked.yaml", test::llmExperimentYaml(data, llm.baseUrl(), scratch_.filePath("answers.sqlite"))));
        QVERIFY(test::waitFor(*window, RunState::Broken));
        auto* panel = window->settings()->findChild<LabellingPanel*>();
        QVERIFY(panel != nullptr);
        shootAll(*window, "llm-before", false);
        const auto scroll = [&] {
            for (QWidget* up = panel->parentWidget(); up != nullptr; up = up->parentWidget())
                if (auto* area = qobject_cast<QScrollArea*>(up)) {
                    QTest::qWait(60);
                    area->ensureWidgetVisible(panel, 0, 0);
                    return;
                }
        };
        const auto idle = [&] { return panel->job()->doing() == LabellingJob::Doing::Nothing; };
        panel->estimateButton()->click();
        QVERIFY(QTest::qWaitFor(idle, 30'000));
        scroll();
        shootAll(*window, "llm-estimate", false);
        llm.holdAfter(150);
        panel->askButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(panel->job()->state().known >= 100 && llm.asked() > 150, 30'000);
        scroll();
        shootAll(*window, "llm-asking", false);
        llm.release();
        QVERIFY(QTest::qWaitFor(idle, 60'000));
        QVERIFY(test::waitFor(*window, RunState::Ready));
        scroll();
        shootAll(*window, "llm-refused");
        test::forget(*window);
    }
};

QTEST_MAIN(TeacherScreenshotsTest)
#include "teacher_screenshots_test.moc"
