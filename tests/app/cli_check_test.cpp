// `check` and `run` of a calibrated teacher, as a script sees them.
#include "select_folder.h"

#include <QtTest>

using namespace stillroom;
using test::isNear;
using test::Said;

class CliCheckTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { QVERIFY(folder_.write()); }

    void asItSays() {
        const auto object = folder_.cli({"check", "made-up.yaml", "--json"}).json();
        QVERIFY(object.contains("calibration") && object.value("calibration").isNull());
        QCOMPARE(object.value("teacher").toObject().value("rows").toInt(), 1500);
    }

    void beforeAndAfter() {
        for (const QString kind : {"temperature", "histogram", "isotonic"}) {
            const Said said =
                folder_.cli({"check", "made-up.yaml", "--json", "--set", "teacher.calibration=" + kind,
                             "--set", "teacher.calibration_share=0.4"});
            QVERIFY2(said.exitCode == 0, said.all());
            const auto object = said.json();
            const auto calibration = object.value("calibration").toObject();
            QCOMPARE(calibration.value("kind").toString(), kind);
            QCOMPARE(calibration.value("fitted_on").toInt(), 600);
            QCOMPARE(calibration.value("temperature").isDouble(), kind == "temperature");
            QCOMPARE(calibration.value("from").toArray().size(), calibration.value("to").toArray().size());
            QCOMPARE(calibration.value("to").toArray().isEmpty(), kind == "temperature");
            const auto before = calibration.value("before").toObject();
            const auto after = calibration.value("after").toObject();
            QCOMPARE(before.value("rows").toInt(), 900);
            QCOMPARE(after.value("accuracy"), before.value("accuracy"));
            QCOMPARE(object.value("teacher").toObject(), after);
            // Its confidence is 12 points above what it is made right on; some guesses are right too.
            QVERIFY(before.value("ece_equal_width").toDouble() > 0.05);
            QVERIFY(after.value("ece_equal_width").toDouble() < before.value("ece_equal_width").toDouble());
        }
    }

    void textForPeople() {
        const Said said = folder_.cli({"check", "made-up.yaml", "--set", "teacher.calibration=isotonic"});
        QVERIFY2(said.exitCode == 0, said.all());
        QVERIFY2(said.out.contains("calibrated   by isotonic, fitted on 150 texts with gold, which stay in "
                                   "training; measured on the 1,350 others"),
                 said.all());
        QVERIFY(said.out.contains("\nbefore ") && said.out.contains("\nafter "));
        const Said few = folder_.cli({"check", "made-up.yaml", "--set", "teacher.calibration=isotonic",
                                      "--set", "teacher.calibration_share=0.001"});
        QCOMPARE(few.exitCode, 3);
        QVERIFY2(few.err.contains("would be fitted on 2 of 1,500 training texts"), few.all());
    }

    void aRunLearnsFromTheCorrectedOnes() {
        // A cut of 0.8 keeps other rows when the confidences are others.
        const QStringList cut = {"--set", "selection.rule=teacher", "--set", "selection.cut=0.8"};
        const auto plain = folder_.selected(QStringList{"made-up.yaml"} + cut);
        const QStringList isotonic = {"--set", "teacher.calibration=isotonic"};
        const auto calibrated = folder_.selected(QStringList{"made-up.yaml"} + cut + isotonic);
        QVERIFY(calibrated.value("kept").toInt() < plain.value("kept").toInt());

        const Said said =
            folder_.cli(QStringList{"run", "made-up.yaml", "--json", "--device", "cpu"} + cut + isotonic);
        QVERIFY2(said.exitCode == 0, said.all());
        const auto object = said.json();
        QCOMPARE(object.value("samples").toObject().value("gradient").toInt(),
                 3 * calibrated.value("kept").toInt());
        QCOMPARE(object.value("calibration").toObject().value("fitted_on").toInt(), 150);
        const QByteArray sentence = "the teacher's confidences are corrected by isotonic regression";
        QVERIFY2(said.err.contains(sentence), said.all());
        // The run says what it did, and does it again.
        const QString run = object.value("run").toString();
        const QByteArray yaml = test::readFile(folder_.path(run + "/experiment.yaml"));
        for (const char* line :
             {"  calibration: isotonic\n", "  calibration_share: 0.1\n", "  calibration_seed: 1\n"})
            QVERIFY2(yaml.contains(line), yaml.constData());
        QVERIFY(!yaml.contains("calibration_bins")); // of a histogram alone
        const auto replayed = folder_.cli({"replay", run, "--json"}).json();
        QCOMPARE(replayed.value("replay_of").toObject().value("identical"), QJsonValue(true));
    }

  private:
    test::SelectFolder folder_;
};

QTEST_GUILESS_MAIN(CliCheckTest)
#include "cli_check_test.moc"
