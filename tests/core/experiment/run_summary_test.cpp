#include "core/experiment/run_summary.h"

#include "run_fixture.h"

#include <QFile>
#include <QtTest>

using namespace stillroom;

namespace {

EvaluationEvent evaluationOf(std::int64_t step, std::vector<std::int64_t> confusion, bool best) {
    EvaluationEvent event = madeEvaluation(step);
    event.metrics = metricsOf(std::move(confusion), 3);
    event.metrics.loss = 0.5;
    event.best = best;
    return event;
}

RunSummary summaryOf(const std::string& folder) {
    auto summary = summarizeRun(folder);
    if (!summary)
        qFatal("%s", summary.error().message.c_str());
    return *std::move(summary);
}

void change(const std::string& run, const QStringList& statements) {
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "changing");
        database.setDatabaseName(QString::fromStdString(run + "/run.sqlite"));
        QVERIFY(database.open());
        for (const auto& sql : statements)
            QVERIFY2(QSqlQuery(database).exec(sql), qPrintable(sql));
        database.close();
    }
    QSqlDatabase::removeDatabase("changing");
}

} // namespace

class RunSummaryTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void ofARunThatHasEnded() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(run->record({StartedEvent{1000, 4, 16, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 16)}));
        EvaluationEvent test = evaluationOf(40, {1, 0, 0, 0, 1, 0, 0, 0, 1}, false);
        test.split = Split::Test;
        QVERIFY(run->record({evaluationOf(16, {5, 1, 0, 2, 6, 0, 0, 1, 3}, true),     // 14 of 18
                             evaluationOf(32, {6, 0, 0, 0, 8, 0, 0, 1, 3}, true),     // 17
                             evaluationOf(48, {2, 4, 0, 4, 4, 0, 0, 1, 3}, false),    // 9
                             evaluationOf(64, {5, 1, 0, 0, 8, 0, 0, 1, 3}, false)})); // 16
        FinishedEvent end = madeEnd();
        QVERIFY(run->record({test, end}));
        QVERIFY(run->close());

        const RunSummary summary = summaryOf(run->path());
        QCOMPARE(summary.folder, run->path());
        QCOMPARE(summary.name, std::string("made"));
        QVERIFY(summary.created.starts_with("20"));
        QCOMPARE(summary.version, std::string("0.1.0"));
        QCOMPARE(summary.settings.at("selection.student_scale"), std::string("0.5"));
        QCOMPARE(summary.settings.at("training.device"), std::string("cpu"));
        QVERIFY(!summary.settings.contains("student.model")); // an n-gram student has none
        QCOMPARE(summary.rule, std::string("llkd"));
        QCOMPARE(summary.seed, madeExperiment().training.seed);
        QCOMPARE(summary.state, RunSummary::State::Completed);
        QVERIFY(summary.error.empty());
        QCOMPARE(summary.steps, std::int64_t{99});
        QCOMPARE(summary.stepsPerEpoch, std::int64_t{16});
        QCOMPARE(summary.epochs, std::int64_t{4});
        QCOMPARE(summary.trainingSamples, std::int64_t{1000});
        QCOMPARE(summary.epochsDone, 99 / 16.0);
        QCOMPARE(summary.validation->accuracy, end.validation.accuracy);
        QCOMPARE(summary.validation->rows, end.validation.rows);
        QCOMPARE(summary.test->macroF1, end.test.macroF1);
        QCOMPARE(summary.test->loss, 1.25);
        QCOMPARE(summary.testConfusion, end.test.confusion);
        QCOMPARE(summary.validationConfusion, end.validation.confusion);
        QCOMPARE(summary.accuracy->best, 17 / 18.0);
        QCOMPARE(summary.accuracy->last, 16 / 18.0);
        QCOMPARE(summary.accuracy->lowest, 9 / 18.0);
        QCOMPARE(summary.accuracy->highest, 17 / 18.0);
        QCOMPARE(summary.macroF1->best, metricsOf({6, 0, 0, 0, 8, 0, 0, 1, 3}, 3).macroF1);
        QCOMPARE(summary.counts.gradient, std::int64_t{700});
        QCOMPARE(summary.gradientShare(), 700.0 / 4000);
        QCOMPARE(summary.distinctShare(), 0.4);
        QCOMPARE(*summary.keptPrecision, 650.0 / 700);
        QCOMPARE(summary.trainSeconds, 12.5);
        QCOMPARE(summary.evaluateSeconds, 1.5);
        QCOMPARE(summary.classes, madeOrigin().classes);
    }

    void ofOneThatStoppedOrFailed() {
        const QTemporaryDir folder;
        FinishedEvent end = madeEnd(Outcome::Failed);
        end.error = "out of memory";
        end.test = {};
        end.keptWithGold = 0;
        const auto run = makeRun(folder);
        QVERIFY(run->record({end}));
        const RunSummary summary = summaryOf(run->path()); // still in the write-ahead log
        QCOMPARE(summary.state, RunSummary::State::Failed);
        QCOMPARE(summary.error, std::string("out of memory"));
        QVERIFY(!summary.test);
        QVERIFY(summary.testConfusion.empty());
        QVERIFY(!summary.keptPrecision);
        const auto stopped = makeRun(folder);
        QVERIFY(stopped->record({madeEnd(Outcome::Stopped)}));
        QCOMPARE(summaryOf(stopped->path()).state, RunSummary::State::Stopped);
    }

    void ofOneWithoutAnEnd() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        const RunSummary before = summaryOf(run->path());
        QCOMPARE(before.epochs, std::int64_t{0});
        QVERIFY(!before.validation && !before.accuracy && !before.test);
        QCOMPARE(before.gradientShare(), 0.0);

        QVERIFY(run->record({StartedEvent{1000, 4, 16, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 16),
                             madeSteps(17, 40), evaluationOf(16, {5, 1, 0, 2, 6, 0, 0, 1, 3}, true),
                             evaluationOf(32, {2, 4, 0, 4, 4, 0, 0, 1, 3}, false)}));
        const RunSummary summary = summaryOf(run->path());
        QVERIFY(summary.state == RunSummary::State::CutOff || summary.state == RunSummary::State::Running);
        QCOMPARE(summary.steps, std::int64_t{40});
        QCOMPARE(summary.counts.gradient, std::int64_t{120});
        QCOMPARE(summary.counts.total, std::int64_t{1000});
        QCOMPARE(summary.gradientShare(), 120.0 / 4000);
        QCOMPARE(summary.trainSeconds, 10.0);
        QCOMPARE(summary.evaluateSeconds, 0.25);
        QCOMPARE(summary.validation->accuracy, 14 / 18.0);
        QCOMPARE(summary.validationConfusion, (std::vector<std::int64_t>{5, 1, 0, 2, 6, 0, 0, 1, 3}));
        QCOMPARE(summary.accuracy->last, 9 / 18.0);
        QVERIFY(!summary.test);
    }

    void ofTheOldestFormat() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(run->record({madeSteps(1, 16), madeEnd()}));
        QVERIFY(run->close());
        change(run->path(), {"DROP TABLE snapshots", "PRAGMA user_version = 1"});
        QCOMPARE(summaryOf(run->path()).test->macroF1, madeEnd().test.macroF1);
    }

    void whatCannotBeRead() {
        const QTemporaryDir folder;
        const auto says = [](const std::string& run, const char* part) {
            const auto summary = summarizeRun(run);
            return !summary && summary.error().message.find(part) != std::string::npos &&
                   summary.error().message.find('\n') == std::string::npos;
        };
        QVERIFY(says(folder.filePath("nowhere").toStdString(), "there is no such run"));
        QVERIFY(says(folder.path().toStdString(), "there is no run.sqlite in it"));
        const auto newer = makeRun(folder);
        QVERIFY(newer->close());
        change(newer->path(), {"PRAGMA user_version = 99"});
        QVERIFY(says(newer->path(), "newer Stillroom"));
        const auto damaged = makeRun(folder);
        QVERIFY(damaged->close());
        QFile file(QString::fromStdString(damaged->path()) + "/run.sqlite");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        QVERIFY(says(damaged->path(), "run.sqlite is damaged"));
        const auto without = makeRun(folder);
        QVERIFY(without->close());
        QVERIFY(QFile::remove(QString::fromStdString(without->path()) + "/experiment.yaml"));
        QVERIFY(says(without->path(), "experiment.yaml"));
    }
};

QTEST_GUILESS_MAIN(RunSummaryTest)
#include "run_summary_test.moc"
