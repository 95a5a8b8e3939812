// `replay`: a run that was steered while it trained, as from the window, done again on the command line.
#include "cli_process.h"
#include "made_up_data.h"

#include "core/experiment/prepare.h"
#include "core/experiment/run.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

struct Steered {
    QString folder;
    FinishedEvent end;
    std::size_t edits = 0;
};

QByteArray studentOf(const QString& run) {
    return test::readFile(run + "/checkpoints/best/student.safetensors");
}

} // namespace

class CliReplayTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    /// One setting by its key, as the window would send it.
    static void edit(Run& run, Experiment& experiment, const std::string& key, const std::string& yaml) {
        const Change change{key, settingValue(experiment, key), yaml};
        QVERIFY(setSetting(experiment, key, yaml));
        run.send(EditCommand{experiment.selection,
                             experiment.loss,
                             learningRateOf(experiment.training, experiment.student.kind),
                             {change}});
    }

    /// Trains with edits at moments that differ from one time to the next; stopped when `stop`.
    Steered steer(bool stop) {
        auto experiment = readExperiment(folder_.filePath("long.yaml").toStdString());
        if (!experiment)
            qFatal("%s", experiment.error().message.c_str());
        LoadContext context;
        context.root = folder_.path().toStdString();
        const auto prepared = prepare(*experiment, context);
        if (!prepared)
            qFatal("%s", prepared.error().message.c_str());
        RunOptions options;
        options.runsFolder = folder_.filePath("runs").toStdString();
        options.dataRoot = folder_.path().toStdString();
        auto run = Run::start(*experiment, prepared->set, options);
        if (!run)
            qFatal("%s", run.error().message.c_str());
        const std::vector<std::pair<std::string, std::string>> edits = {
            {"selection.student_scale", "0.8"},
            {"selection.decay", "0.97"},
            {"training.learning_rate", "{from: 0.8, to: 0.1, shape: cosine}"},
            {"selection.teacher_scale", "{from: 1, to: 0.9, shape: linear}"},
            {"loss.target", "mix"},
            {"selection.student_scale", "1.1"}};
        std::size_t next = 0;
        Steered steered;
        std::int64_t editedAt = 0;
        Experiment now = *experiment;
        while (!(*run)->finished()) {
            for (const auto& event : (*run)->wait(std::chrono::milliseconds(5))) {
                if (const auto* steps = std::get_if<StepsEvent>(&event)) {
                    const auto step = steps->steps.back().step;
                    if (next < edits.size() && step > editedAt + 40) {
                        edit(**run, now, edits[next].first, edits[next].second);
                        ++next;
                        editedAt = step;
                    } else if (stop && next == edits.size() && step > editedAt + 40) {
                        (*run)->send(StopCommand{});
                    }
                }
                if (const auto* end = std::get_if<FinishedEvent>(&event))
                    steered.end = *end;
                steered.edits += std::holds_alternative<EditedEvent>(event);
            }
        }
        steered.folder = QString::fromStdString((*run)->folder());
        return steered;
    }

    void replayed(const Steered& steered) {
        QVERIFY2(steered.end.outcome != Outcome::Failed, steered.end.error.c_str());
        QVERIFY(steered.edits >= 3);
        const Said said = Cli(folder_.path()).run({"replay", steered.folder, "--json"});
        QVERIFY2(said.exitCode == 0, said.all());
        const auto json = said.json();
        const auto of = json.value("replay_of").toObject();
        QVERIFY2(of.value("identical") == QJsonValue(true), said.all());
        QCOMPARE(of.value("edits").toInt(), static_cast<int>(steered.edits));
        QCOMPARE(of.value("run").toString(), steered.folder);
        QCOMPARE(json.value("test").toObject().value("accuracy").toDouble(), steered.end.test.accuracy);
        QCOMPARE(json.value("steps").toInt(), static_cast<int>(steered.end.step));
        const QString again = folder_.filePath(json.value("run").toString());
        QVERIFY(!studentOf(again).isEmpty());
        QCOMPARE(studentOf(again), studentOf(steered.folder));
        // The repetition is a run like any other: repeated, it is the same again.
        const Said third = Cli(folder_.path()).run({"replay", again, "--json"});
        QVERIFY2(third.json().value("replay_of").toObject().value("identical") == QJsonValue(true),
                 third.all());
    }

  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
        QVERIFY(test::writeFile(folder_.filePath("long.yaml"),
                                QByteArray::fromStdString(test::experimentYaml("data.csv", 300))));
    }

    void aSteeredRun() { replayed(steer(false)); }
    void aSteeredRunThatWasStopped() { replayed(steer(true)); }

    void forPeople() {
        const Said run =
            Cli(folder_.path()).run({"run", "long.yaml", "--json", "--set", "training.epochs=2", "--quiet"});
        QVERIFY2(run.exitCode == 0, run.all());
        const QString name = run.json().value("run").toString();
        const Said said = Cli(folder_.path()).run({"replay", name});
        QVERIFY2(said.exitCode == 0, said.all());
        QVERIFY2(said.out.contains("the same numbers as " + name.toUtf8() + ", with its 0 edits"),
                 said.all());
        const Said other = Cli(folder_.path()).run({"replay", name, "--seed", "99"});
        QVERIFY2(other.exitCode == 0 && other.out.contains("not the numbers of"), other.all());
    }

    void noRun() {
        const Said said = Cli(folder_.path()).run({"replay", "data.csv"});
        QCOMPARE(said.exitCode, 3);
        QVERIFY2(said.err.contains("data.csv is a file, not a run's folder"), said.all());
    }
};

QTEST_GUILESS_MAIN(CliReplayTest)
#include "cli_replay_test.moc"
