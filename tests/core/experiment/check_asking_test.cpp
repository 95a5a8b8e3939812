#include "core/experiment/check_asking.h"

#include "core/experiment/experiment.h"

#include <QtTest>

using namespace stillroom;

class CheckAskingTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void refuses_data();
    void refuses();
    void aCalibratedTeacherIsRefused();
    void absentIsAsBefore();
    void whatDoesNothing_data();
    void whatDoesNothing();
    void writtenAndRead();
};

void CheckAskingTest::refuses_data() {
    QTest::addColumn<QByteArray>("asking");
    QTest::addColumn<QByteArray>("sentence"); // its beginning; empty: all is well
    const auto row = [](const char* asking, const char* sentence) {
        QTest::newRow(asking) << QByteArray(asking) << QByteArray(sentence);
    };
    row("{calls: 2000}", "");
    row("{calls: 10, rounds: 10}", "");
    row("{calls: 1, pick: random}", "");
    row("{calls: 10, rounds: 11}", "asking.rounds is 11; it must be from 2 to asking.calls (10)");
    row("{calls: 10, rounds: 1}", "asking.rounds is 1; it must be from 2 to asking.calls (10)");
    row("{calls: 100, first: 0}", "asking.first is 0; the share of the calls that the first round");
    row("{calls: 100, first: 1}", "asking.first is 1;");
    row("{calls: 100, uncertainty: disagreement}", "asking.uncertainty is disagreement");
    row("{calls: 100, diversity: chance, power: 0}", "asking.power is 0;");
    row("{calls: 100, seed: -1}", "asking.seed is -1;");
}

void CheckAskingTest::refuses() {
    QFETCH(QByteArray, asking);
    QFETCH(QByteArray, sentence);
    Experiment e;
    e.data.train.files = {"a.csv"};
    e.teacher.label = "label";
    QVERIFY(setSetting(e, "asking", asking.toStdString()));
    const auto checked = checkExperiment(e);
    const std::string said = checked ? "" : checked.error().message;
    QVERIFY2(sentence.isEmpty() ? said.empty() : QByteArray::fromStdString(said).startsWith(sentence),
             said.c_str());
}

void CheckAskingTest::aCalibratedTeacherIsRefused() {
    Experiment e;
    e.data.train.files = {"a.csv"};
    e.teacher.label = "label";
    e.teacher.calibration.kind = CalibrationKind::Isotonic;
    QVERIFY(checkExperiment(e));
    e.asking.calls = 100;
    const auto checked = checkExperiment(e);
    QVERIFY(!checked);
    QCOMPARE(checked.error().message,
             std::string("teacher.calibration is isotonic, which needs a teacher that has been asked; with "
                         "asking.calls take calibration: none"));
}

void CheckAskingTest::absentIsAsBefore() {
    const auto e = parseExperiment("data: {train: {files: a.csv}}", "e.yaml");
    QVERIFY(e && !e->asking.on());
    QVERIFY(writeExperiment(*e, YamlDetail::Everything).find("asking") == std::string::npos);
    QVERIFY(!settingApplies(*e, "asking.rounds"));
}

void CheckAskingTest::whatDoesNothing_data() {
    QTest::addColumn<QByteArray>("asking");
    QTest::addColumn<QByteArray>("sentence"); // its end
    QTest::newRow("no calls") << QByteArray("{rounds: 5}")
                              << QByteArray(
                                     "asking.rounds does nothing without asking.calls and asking.pick: "
                                     "uncertain; leave it out");
    QTest::newRow("at random") << QByteArray("{calls: 9, pick: random, first: 0.5}")
                               << QByteArray(
                                      "asking.first does nothing without asking.calls and asking.pick: "
                                      "uncertain; leave it out");
    QTest::newRow("another way") << QByteArray("{calls: 9, diversity: classes, power: 2}")
                                 << QByteArray("asking.power does nothing without asking.calls and "
                                               "asking.diversity: chance; leave it out");
    QTest::newRow("no number") << QByteArray("{calls: 0}") << QByteArray("");
    QTest::newRow("a typo") << QByteArray("{calls: 9, round: 5}") << QByteArray("did you mean 'rounds'?");
}

void CheckAskingTest::whatDoesNothing() {
    QFETCH(QByteArray, asking);
    QFETCH(QByteArray, sentence);
    const auto e = parseExperiment("asking: " + asking.toStdString(), "e.yaml");
    QVERIFY(!e);
    QVERIFY2(QByteArray::fromStdString(e.error().message).endsWith(sentence), e.error().message.c_str());
    QVERIFY2(e.error().message.starts_with("e.yaml"), e.error().message.c_str());
}

void CheckAskingTest::writtenAndRead() {
    const auto e =
        parseExperiment("asking: {calls: 300, rounds: 3, diversity: chance, power: 2, seed: 7}", "e");
    QVERIFY2(e, e ? "" : e.error().message.c_str());
    QCOMPARE(e->asking.calls, std::int64_t{300});
    QCOMPARE(e->asking.rounds, std::int64_t{3});
    QCOMPARE(*e->asking.seed, std::int64_t{7});
    for (const auto detail : {YamlDetail::Changed, YamlDetail::Everything}) {
        const auto again = parseExperiment(writeExperiment(*e, detail), "again");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(again->asking == e->asking);
    }
}

QTEST_GUILESS_MAIN(CheckAskingTest)
#include "check_asking_test.moc"
