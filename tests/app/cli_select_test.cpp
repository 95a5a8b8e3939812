// `select` without a run, as a script sees it, against the teacher's file. Of a run: cli_select_run_test.
#include "select_folder.h"

#include <QtTest>

using namespace stillroom;
using test::classesOf;
using test::isNear;
using test::Said;

class CliSelectTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void everyNameIsThere();
    void cutAgainstTheFile();
    void thresholdsThatTrainingBeginsWith();
    void sharesAndChance();
    void rulesThatLookAtTheStudent();
    void withoutGold();
    void textForPeople();
    void wrongUsage_data();
    void wrongUsage();

  private:
    test::SelectFolder folder_;
};

void CliSelectTest::initTestCase() {
    QVERIFY(folder_.write());
}

void CliSelectTest::everyNameIsThere() {
    const auto object = folder_.selected({"made-up.yaml"});
    QCOMPARE(object.value("rule"), QJsonValue("llkd"));
    QCOMPARE(object.value("source"), QJsonValue("teacher only"));
    QVERIFY(object.value("note").toString().contains("the teacher's side alone"));
    for (const char* name :
         {"samples", "kept", "kept_share", "kept_precision", "precision", "refused_by_teacher"})
        QVERIFY2(object.value(QLatin1String(name)).isDouble(), name);
    for (const char* name : {"run", "epoch", "refused_by_student", "enters", "leaves"})
        QVERIFY2(object.value(QLatin1String(name)).isNull(), name);
    QCOMPARE(object.value("samples"), QJsonValue(1500));
    const auto classes = classesOf(object);
    QCOMPARE(classes.size(), test::ClassNames.size());
    double kept = 0;
    for (const auto& [name, one] : classes)
        kept += one.value("kept").toDouble();
    QCOMPARE(kept, object.value("kept").toDouble());
}

void CliSelectTest::cutAgainstTheFile() {
    const auto object =
        folder_.selected({"made-up.yaml", "--set", "selection.rule=teacher", "--set", "selection.cut=0.85"});
    const auto classes = classesOf(object);
    double keptRight = 0;
    double kept = 0;
    for (const auto& name : test::ClassNames) {
        double samples = 0;
        double above = 0;
        double right = 0;
        for (const auto& line : folder_.lines)
            if (line.label == name) {
                ++samples;
                above += line.confidence >= 0.85;
                right += line.confidence >= 0.85 && line.gold == line.label;
            }
        const auto& one = classes.at(name);
        QCOMPARE(one.value("samples").toDouble(), samples);
        QCOMPARE(one.value("kept").toDouble(), above);
        QCOMPARE(one.value("refused_by_teacher").toDouble(), samples - above);
        QVERIFY(isNear(one.value("kept_precision").toDouble(), right / above));
        QVERIFY(isNear(one.value("teacher_threshold").toDouble(), 0.85));
        kept += above;
        keptRight += right;
    }
    QCOMPARE(object.value("kept").toDouble(), kept);
    QVERIFY(isNear(object.value("kept_precision").toDouble(), keptRight / kept));
    QVERIFY(isNear(object.value("kept_share").toDouble(), kept / 1500));
    // A cut that rises is where it begins, and weights do not decide what is kept.
    const auto scheduled = folder_.selected({"made-up.yaml", "--set", "selection.rule=teacher", "--set",
                                             "selection.cut={from: 0.85, to: 0.99, shape: linear}", "--set",
                                             "selection.weight=product"});
    QCOMPARE(scheduled.value("kept").toDouble(), kept);
}

/// Method's formulas on the file's numbers.
void CliSelectTest::thresholdsThatTrainingBeginsWith() {
    std::map<std::string, std::pair<double, double>> sums; // of confidence, count
    double all = 0;
    for (const auto& line : folder_.lines) {
        sums[line.label].first += line.confidence;
        sums[line.label].second += 1;
        all += line.confidence;
    }
    double largest = 0;
    for (const auto& [name, sum] : sums)
        largest = std::max(largest, sum.first / sum.second);
    const auto object = folder_.selected({"made-up.yaml", "--set", "selection.teacher_scale=0.9"});
    for (const auto& [name, one] : classesOf(object)) {
        const double mean = sums[name].first / sums[name].second;
        const double threshold = 0.9 * (all / 1500) * mean / largest;
        QVERIFY(std::abs(one.value("teacher_threshold").toDouble() - threshold) <
                1e-6); // confidences are floats
        double kept = 0;
        for (const auto& line : folder_.lines)
            kept += line.label == name && line.confidence >= threshold;
        QCOMPARE(one.value("kept").toDouble(), kept);
        QVERIFY(one.value("student_threshold").isNull());
    }
}

void CliSelectTest::sharesAndChance() {
    const auto kept = [&](const QStringList& settings) {
        QStringList arguments = {"made-up.yaml"};
        for (const auto& setting : settings)
            arguments << "--set" << setting;
        return folder_.selected(arguments).value("kept").toDouble();
    };
    QCOMPARE(kept({"selection.rule=random", "selection.ratio=0.16"}), 240.0);
    QCOMPARE(kept({"selection.rule=teacher", "selection.ratio=0.1"}), 150.0);
    QCOMPARE(kept({"selection.rule=all"}), 1500.0);
    double right = 0;
    for (const auto& line : folder_.lines)
        right += line.gold == line.label;
    QCOMPARE(kept({"selection.rule=oracle"}), right);
    const auto object = folder_.selected({"made-up.yaml", "--set", "selection.rule=oracle"});
    QCOMPARE(object.value("kept_precision").toDouble(), 1.0);
    QCOMPARE(object.value("verdicts").toObject().value("label_wrong").toDouble(), 1500 - right);
}

void CliSelectTest::rulesThatLookAtTheStudent() {
    for (const QString rule : {"fixmatch", "freematch", "softmatch"}) {
        const auto object = folder_.selected({"made-up.yaml", "--set", "selection.rule=" + rule});
        QCOMPARE(object.value("kept").toDouble(), 1500.0);
        QCOMPARE(object.value("source"), QJsonValue("teacher only"));
        QVERIFY(object.value("note").toString().contains("'" + rule + "' looks at the student"));
    }
}

void CliSelectTest::withoutGold() {
    QVERIFY(test::writeFile(folder_.path("no-gold.yaml"),
                            "name: no-gold\n"
                            "data:\n  train: {files: data.csv, id: id, text: text}\n"
                            "teacher: {kind: columns, label: predicted_label, confidence: confidence}\n"));
    const auto object = folder_.selected({"no-gold.yaml"});
    QVERIFY(object.value("kept_precision").isNull());
    QVERIFY(object.value("precision").isNull());
    QVERIFY(object.value("kept").toDouble() > 0);
    const Said said = folder_.cli({"select", "no-gold.yaml"});
    QCOMPARE(said.exitCode, 0);
    QVERIFY2(said.out.contains("there is no gold to measure it by"), said.all());
}

void CliSelectTest::textForPeople() {
    const Said said = folder_.cli({"select", "made-up.yaml"});
    QCOMPARE(said.exitCode, 0);
    QVERIFY2(said.out.contains("source       the teacher's side alone"), said.all());
    QVERIFY2(said.out.contains("teacher refuses") && !said.out.contains("student refuses"), said.all());
}

void CliSelectTest::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    const auto row = [&](const char* name, const QStringList& arguments, int exitCode, const char* says) {
        QTest::newRow(name) << arguments << exitCode << QByteArray(says);
    };
    row("nothing named", {}, 2, "name an experiment, or a run");
    row("no such experiment", {"nowhere.yaml"}, 3, "nowhere.yaml");
    row("epoch without run", {"made-up.yaml", "--epoch", "1"}, 2, "--epoch needs --run");
    row("cut missing", {"made-up.yaml", "--set", "selection.rule=teacher"}, 3, "selection.cut");
    row("no such class",
        {"made-up.yaml", "--set", "selection.teacher_class_scales={cautoin_and_advice: 0.5}"}, 3,
        "did you mean 'caution_and_advice'");
}

void CliSelectTest::wrongUsage() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, says);
    const Said said = folder_.cli(QStringList("select") + arguments);
    QVERIFY2(said.exitCode == exitCode, said.all());
    QVERIFY2(said.err.contains(says), said.all());
    QVERIFY2(said.out.isEmpty(), said.all());
}

QTEST_GUILESS_MAIN(CliSelectTest)
#include "cli_select_test.moc"
