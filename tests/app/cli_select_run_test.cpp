// `select --run` as a script sees it, against the run's snapshots, its recorded thresholds and the teacher's
// file.
#include "core/experiment/run_folder.h"
#include "core/lab/snapshot_file.h"
#include "select_folder.h"

#include <QSqlError>
#include <QtTest>

using namespace stillroom;
using test::classesOf;
using test::isNear;
using test::Said;

namespace {

bool inDatabase(const QString& run, const QString& sql) {
    QString error;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "writer");
        database.setDatabaseName(run + "/run.sqlite");
        database.open();
        QSqlQuery query(database);
        if (!query.exec(sql))
            error = query.lastError().text();
    }
    QSqlDatabase::removeDatabase("writer");
    if (!error.isEmpty())
        qWarning("%s", qPrintable(error));
    return error.isEmpty();
}

} // namespace

class CliSelectRunTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void ofARun();
    void earlierEpoch();
    void triedAgainstTheRun();
    void editsCount();
    void ruleWithoutThresholds();
    void textForPeople();
    void snapshotsThatAreNone();
    void stoppedWithinAnEpoch();
    void wrongUsage_data();
    void wrongUsage();

  private:
    /// A copy of the run, to be changed.
    [[nodiscard]] QString copyOfRun(const QString& name) const {
        QProcess::execute("cp", {"-r", folder_.path(run_), folder_.path(name)});
        return name;
    }

    test::SelectFolder folder_;
    QString run_;
};

void CliSelectRunTest::initTestCase() {
    QVERIFY(folder_.write());
    run_ = folder_.trained();
    QVERIFY(!run_.isEmpty());
}

/// Counted again from the snapshot, the recorded thresholds and the file.
void CliSelectRunTest::ofARun() {
    const auto stored = StoredRun::open(folder_.path(run_).toStdString());
    QVERIFY(stored);
    const auto snapshot = Snapshot::open(snapshotPath(stored->path, 3), folder_.lines.size());
    QVERIFY(snapshot);
    const auto& thresholds = stored->windows.back().thresholds;
    const auto object = folder_.selected({"--run", run_});
    const auto classes = classesOf(object);
    double keptInAll = 0;
    for (std::size_t y = 0; y < stored->origin.classes.size(); ++y) {
        const std::string& name = stored->origin.classes[y];
        double kept = 0;
        double right = 0;
        double student = 0;
        for (std::size_t i = 0; i < folder_.lines.size(); ++i) {
            if (folder_.lines[i].label != name)
                continue;
            const bool confident =
                atLeast(static_cast<float>(folder_.lines[i].confidence), thresholds.teacher[y]);
            const bool unsure = atLeast((*snapshot)->traces()[i].uncertainty(), thresholds.student[y]);
            student += !unsure;
            kept += confident && unsure;
            right += confident && unsure && folder_.lines[i].gold == name;
        }
        const auto& one = classes.at(name);
        QCOMPARE(one.value("kept").toDouble(), kept);
        QCOMPARE(one.value("refused_by_student").toDouble(), student);
        if (kept > 0)
            QVERIFY(isNear(one.value("kept_precision").toDouble(), right / kept));
        else
            QVERIFY(one.value("kept_precision").isNull());
        QVERIFY(isNear(one.value("student_threshold").toDouble(), thresholds.student[y]));
        keptInAll += kept;
    }
    QCOMPARE(object.value("kept").toDouble(), keptInAll);
    QCOMPARE(object.value("source"), QJsonValue("run"));
    QCOMPARE(object.value("run"), QJsonValue(run_));
    QCOMPARE(object.value("epoch"), QJsonValue(3));
    QVERIFY(keptInAll > 0 && keptInAll < 1500);
    double steps = 0; // what training kept in the last epoch
    for (const auto& step : stored->steps)
        steps += step.step > 2 * stored->started.stepsPerEpoch ? step.kept : 0;
    QCOMPARE(object.value("verdicts").toObject().value("kept").toDouble(), steps);
    // The experiment may be named too; the run's own counts.
    QCOMPARE(folder_.selected({"made-up.yaml", "--run", run_}), object);
}

void CliSelectRunTest::earlierEpoch() {
    const auto first = folder_.selected({"--run", run_, "--epoch", "1"});
    QCOMPARE(first.value("epoch"), QJsonValue(1));
    const auto stored = StoredRun::open(folder_.path(run_).toStdString());
    const WindowRecord* window = nullptr;
    for (const auto& one : stored->windows)
        if (one.lastStep == stored->started.stepsPerEpoch)
            window = &one;
    QVERIFY(window != nullptr);
    const auto classes = first.value("classes").toArray();
    for (qsizetype y = 0; y < classes.size(); ++y)
        QVERIFY(isNear(classes[y].toObject().value("student_threshold").toDouble(),
                       window->thresholds.student[static_cast<std::size_t>(y)]));
    QVERIFY(first.value("kept") != folder_.selected({"--run", run_}).value("kept"));
}

void CliSelectRunTest::triedAgainstTheRun() {
    const auto base = folder_.selected({"--run", run_});
    const auto tried = folder_.selected(
        {"--run", run_, "--set", "selection.student_scale=0.5", "--set", "selection.teacher_scale=1.1"});
    QCOMPARE(tried.value("tried").toArray().size(), 2);
    QVERIFY(tried.value("enters").toDouble() > 0);
    QCOMPARE(tried.value("kept").toDouble() - base.value("kept").toDouble(),
             tried.value("enters").toDouble() - tried.value("leaves").toDouble());
    const auto before = classesOf(base);
    for (const auto& [name, one] : classesOf(tried)) {
        QVERIFY(isNear(one.value("student_threshold").toDouble(),
                       0.5 * before.at(name).value("student_threshold").toDouble()));
        QVERIFY(isNear(one.value("teacher_threshold").toDouble(),
                       std::min(1.0, 1.1 * before.at(name).value("teacher_threshold").toDouble())));
    }
    const auto off = folder_.selected({"--run", run_, "--set", "selection.student_scale=0"});
    QCOMPARE(off.value("refused_by_student").toDouble(), 0.0);
    QCOMPARE(off.value("kept").toDouble(), 1500 - base.value("refused_by_teacher").toDouble());
    QCOMPARE(off.value("leaves").toDouble(), 0.0);
    const auto same = folder_.selected({"--run", run_, "--set", "selection.student_scale=1"});
    QCOMPARE(same.value("kept"), base.value("kept"));
    QCOMPARE(same.value("enters").toDouble(), 0.0);
}

/// With the student's scale at a half by an edit, the whole scale is twice what was recorded.
void CliSelectRunTest::editsCount() {
    const QString run = copyOfRun("edited");
    QVERIFY(inDatabase(
        folder_.path(run),
        "INSERT INTO edits (edit, step, key, old, new) VALUES "
        "(1, 5, 'selection.student_scale', '1', '0.5'), (2, 1000000, 'selection.student_scale', '0.5', "
        "'3')"));
    const auto before = classesOf(folder_.selected({"--run", run_}));
    const auto tried = folder_.selected({"--run", run, "--set", "selection.student_scale=1"});
    QVERIFY(!tried.isEmpty());
    for (const auto& [name, one] : classesOf(tried))
        QVERIFY(isNear(one.value("student_threshold").toDouble(),
                       std::min(1.0, 2 * before.at(name).value("student_threshold").toDouble())));
}

void CliSelectRunTest::ruleWithoutThresholds() {
    const QString run =
        folder_.trained({"--set", "selection.rule=small_loss", "--set", "selection.ratio=0.3"});
    QVERIFY(!run.isEmpty());
    const auto object = folder_.selected({"--run", run, "--epoch", "2"});
    QVERIFY(object.value("note").toString().contains("'small_loss' does not decide by thresholds"));
    const auto stored = StoredRun::open(folder_.path(run).toStdString());
    double kept = 0;
    for (const auto& step : stored->steps)
        kept += (step.step - 1) / stored->started.stepsPerEpoch == 1 ? step.kept : 0;
    QCOMPARE(object.value("kept").toDouble(), kept);
    QCOMPARE(object.value("verdicts").toObject().value("loss_too_large").toDouble(), 1500 - kept);
    const Said said = folder_.cli({"select", "--run", run, "--set", "selection.ratio=0.5"});
    QCOMPARE(said.exitCode, 2);
    QVERIFY2(said.err.contains("nothing can be tried on it"), said.all());
}

void CliSelectRunTest::textForPeople() {
    const Said said = folder_.cli({"select", "--run", run_, "--set", "selection.student_scale=0.5"});
    QCOMPARE(said.exitCode, 0);
    const auto lines = QString::fromUtf8(said.out).split('\n', Qt::SkipEmptyParts);
    const auto head = lines.indexOf(QRegularExpression("^class .*"));
    QVERIFY2(head > 0, said.all());
    QCOMPARE(lines.size() - head - 1, static_cast<qsizetype>(test::ClassNames.size()));
    QVERIFY2(said.out.contains("rescue_volunteering_or_donation…"), said.all()); // at 32 characters
    QVERIFY2(!said.out.contains("rescue_volunteering_or_donation_effort"), said.all());
    // Columns stand below each other; letters that are twice as wide count twice.
    for (qsizetype line = head; line < lines.size(); ++line) {
        qsizetype width = 0;
        for (const QChar c : lines[line])
            width += c.unicode() >= 0x3000 ? 2 : 1;
        QCOMPARE(width, lines[head].size());
    }
    QVERIFY2(said.out.contains(" enter, ") && said.out.contains("of the kept pseudo-labels are right"),
             said.all());
}

void CliSelectRunTest::snapshotsThatAreNone() {
    const auto says = [&](const QStringList& arguments, const char* words) {
        const Said said = folder_.cli(QStringList{"select"} + arguments);
        if (said.exitCode == 3 && said.err.contains(words) && said.lines().size() == 1 && said.out.isEmpty())
            return true;
        qWarning("%s", said.all());
        return false;
    };
    const QString damaged = copyOfRun("damaged");
    const QString path = folder_.path(damaged + "/snapshots/epoch-0002.traces");
    QByteArray content = test::readFile(path);
    content[content.size() / 2] = static_cast<char>(~content[content.size() / 2]);
    QVERIFY(test::writeFile(path, content));
    QVERIFY(says({"--run", damaged, "--epoch", "2"}, "is damaged"));
    QVERIFY(!folder_.selected({"--run", damaged, "--epoch", "3"}).isEmpty()); // the others are as they were

    // Of other data: one sample fewer.
    const QString other = copyOfRun("other");
    QVERIFY(writeSnapshot(snapshotPath(folder_.path(other).toStdString(), 3), {3, 72, true, 9},
                          std::vector<SampleTrace>(1499)));
    QVERIFY(says({"--run", other}, "is about 1499 samples, but the data has 1500"));

    const QString none = copyOfRun("none");
    QVERIFY(QDir(folder_.path(none + "/snapshots")).removeRecursively());
    QVERIFY(says({"--run", none}, "holds no snapshot"));
    QVERIFY(says({"--run", "nowhere"}, "there is no such run"));
}

void CliSelectRunTest::stoppedWithinAnEpoch() {
    const QString run = copyOfRun("stopped");
    const std::string path = snapshotPath(folder_.path(run).toStdString(), 3);
    std::vector<SampleTrace> traces;
    {
        const auto snapshot = Snapshot::open(path);
        QVERIFY(snapshot);
        traces.assign((*snapshot)->traces().begin(), (*snapshot)->traces().end());
    }
    for (std::size_t i = 0; i < 500; ++i)
        traces[i] = SampleTrace();
    QVERIFY(writeSnapshot(path, {3, 60, false, 9}, traces));
    const auto object = folder_.selected({"--run", run});
    QCOMPARE(object.value("complete"), QJsonValue(false));
    QCOMPARE(object.value("not_scored").toDouble(), 500.0);
    QCOMPARE(object.value("verdicts").toObject().value("not_seen").toDouble(), 500.0);
    const Said said = folder_.cli({"select", "--run", run});
    QVERIFY2(said.out.contains("epoch 3, which was not finished") &&
                 said.out.contains("of 500 it was not asked"),
             said.all());
}

void CliSelectRunTest::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    const auto row = [&](const char* name, const QStringList& arguments, int exitCode, const char* says) {
        QTest::newRow(name) << arguments << exitCode << QByteArray(says);
    };
    row("no such experiment beside a run", {"nowhere.yaml", "--run", "RUN"}, 3, "nowhere.yaml");
    row("no such epoch", {"--run", "RUN", "--epoch", "4"}, 2, "snapshots of the epochs 1 to 3");
    row("epoch is no number", {"--run", "RUN", "--epoch", "x"}, 2, "epoch");
    row("other settings", {"--run", "RUN", "--set", "training.epochs=2"}, 2, "only selection.* can be tried");
    row("seed", {"--run", "RUN", "--seed", "2"}, 2, "--seed belongs to training");
    row("unknown setting", {"--run", "RUN", "--set", "selection.scale=2"}, 2, "selection.scale");
    row("out of range", {"--run", "RUN", "--set", "selection.teacher_scale=-1"}, 2,
        "selection.teacher_scale");
    row("decay", {"--run", "RUN", "--set", "selection.decay=0.9"}, 2, "selection.decay cannot be tried");
    row("rule", {"--run", "RUN", "--set", "selection.rule=all"}, 2, "selection.rule cannot be tried");
}

void CliSelectRunTest::wrongUsage() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, says);
    arguments.replaceInStrings(QRegularExpression("^RUN$"), run_);
    const Said said = folder_.cli(QStringList("select") + arguments);
    QVERIFY2(said.exitCode == exitCode, said.all());
    QVERIFY2(said.err.contains(says), said.all());
    QVERIFY2(said.out.isEmpty(), said.all());
}

QTEST_GUILESS_MAIN(CliSelectRunTest)
#include "cli_select_run_test.moc"
