// What is in the event file is what another program reads from run.sqlite, rounded to float32.
#include "core/output/tensorboard.h"

#include "core/output/run_clock.h"
#include "event_file.h"
#include "tests/core/experiment/run_fixture.h"

#include <QtTest>

using namespace stillroom;

namespace {

using Column = std::vector<std::pair<std::int64_t, float>>; ///< step and number

/// The rows of "SELECT step, number …" that have a number.
Column columnOf(const std::string& run, const QString& sql) {
    Column column;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "column");
        database.setConnectOptions("QSQLITE_OPEN_READONLY");
        database.setDatabaseName(QString::fromStdString(run + "/run.sqlite"));
        database.open();
        QSqlQuery query(database);
        if (!query.exec(sql))
            qWarning("%s", qPrintable(query.lastError().text()));
        while (query.next())
            if (!query.value(1).isNull())
                column.emplace_back(query.value(0).toLongLong(),
                                    static_cast<float>(query.value(1).toDouble()));
    }
    QSqlDatabase::removeDatabase("column");
    return column;
}

Column columnOf(const test::ReadEvents& events, const std::string& tag) {
    Column column;
    if (const auto found = events.scalars.find(tag); found != events.scalars.end())
        for (const auto& scalar : found->second)
            column.emplace_back(scalar.step, scalar.value);
    return column;
}

} // namespace

class TensorboardTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void theSameNumbers();
    void againReplacesIt();
    void somethingElseIsNotReplaced();
    void aRunWithoutASingleStep();
    void cancelled();
    void noRun();

  private:
    std::optional<test::ReadEvents> eventsIn(const std::string& folder) const;
    std::unique_ptr<QTemporaryDir> scratch_;
    std::unique_ptr<RunFolder> run_;
    std::string out_;
    Progress progress_;
};

void TensorboardTest::init() {
    scratch_ = std::make_unique<QTemporaryDir>();
    run_ = makeRun(*scratch_);
    out_ = scratch_->filePath("out").toStdString();
    QVERIFY(run_->record({StateEvent{SessionState::Running, 0}, madeSteps(1, 60), madeEvaluation(60)}));
}

std::optional<test::ReadEvents> TensorboardTest::eventsIn(const std::string& folder) const {
    const QDir found(QString::fromStdString(folder));
    const auto files = found.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    if (files.size() != 1 || !files[0].contains("tfevents"))
        return std::nullopt;
    QFile file(found.filePath(files[0]));
    return file.open(QIODevice::ReadOnly) ? test::readEvents(file.readAll()) : std::nullopt;
}

void TensorboardTest::theSameNumbers() {
    auto test = madeEvaluation(60); // of the best student, which is an earlier one
    test.split = Split::Test;
    QVERIFY(run_->record({madeSteps(61, 100), madeEvaluation(100), test, madeEnd()}));
    QVERIFY(run_->close());
    const auto exported = exportTensorboard(run_->path(), out_, progress_);
    QVERIFY2(exported, exported ? "" : exported.error().message.c_str());
    QCOMPARE(exported->folder, out_ + run_->path().substr(run_->path().rfind('/')));
    QCOMPARE(everythingIn(scratch_->filePath("out")).size(), 1);
    const auto events = eventsIn(exported->folder);
    QVERIFY(events);
    QCOMPARE(events->versions, std::vector<std::string>{"brain.Event:2"});
    QVERIFY(std::is_sorted(events->steps.begin(), events->steps.end()));
    QCOMPARE(events->steps.size(), std::size_t{100}); // one event a step

    const QString threshold = "SELECT step, json_extract(%1_by_class, '$[%2]') FROM thresholds ORDER BY step";
    const QString evaluation = "SELECT step, %1 FROM evaluations WHERE split = '%2' ORDER BY step";
    const QString progress = "SELECT step, %1 FROM progress ORDER BY step";
    const std::vector<std::pair<std::string, QString>> wanted{
        {"train/loss", "SELECT step, loss FROM steps ORDER BY step"},
        {"train/learning_rate", "SELECT step, learning_rate FROM steps ORDER BY step"},
        {"train/kept_share", "SELECT step, 1.0 * kept / candidates FROM steps ORDER BY step"},
        {"train/kept_precision", "SELECT step, 1.0 * kept_right / kept_with_gold FROM steps ORDER BY step"},
        {"validation/accuracy", evaluation.arg("accuracy", "validation")},
        {"validation/macro_f1", evaluation.arg("macro_f1", "validation")},
        {"validation/loss", evaluation.arg("loss", "validation")},
        {"validation/mean_uncertainty", evaluation.arg("mean_uncertainty", "validation")},
        {"test/accuracy", evaluation.arg("accuracy", "test")},
        {"test/macro_f1", evaluation.arg("macro_f1", "test")},
        {"test/loss", evaluation.arg("loss", "test")},
        {"test/mean_uncertainty", evaluation.arg("mean_uncertainty", "test")},
        {"threshold/teacher/a", threshold.arg("teacher").arg(0)},
        {"threshold/teacher/b \"quoted\"", threshold.arg("teacher").arg(1)},
        {"threshold/teacher/ü", threshold.arg("teacher").arg(2)},
        {"threshold/student/a", threshold.arg("student").arg(0)},
        {"threshold/student/b \"quoted\"", threshold.arg("student").arg(1)},
        {"threshold/student/ü", threshold.arg("student").arg(2)},
        {"progress/seen", progress.arg("seen")},
        {"progress/gradient", progress.arg("gradient")},
        {"progress/distinct", progress.arg("distinct_samples")},
        {"progress/samples_per_second", progress.arg("samples_per_second")},
        {"progress/seconds_trained", progress.arg("seconds")}};
    std::size_t numbers = 0;
    for (const auto& [tag, sql] : wanted) {
        const auto column = columnOf(run_->path(), sql);
        QVERIFY2(!column.empty(), tag.c_str());
        QVERIFY2(columnOf(*events, tag) == column, tag.c_str());
        numbers += column.size();
    }
    QCOMPARE(events->scalars.size(), wanted.size());
    QCOMPARE(static_cast<std::size_t>(exported->scalars), numbers);
    QVERIFY(columnOf(*events, "train/loss").size() < 100); // steps that kept nothing have none

    const auto clock = RunClock::read(run_->path());
    QVERIFY(clock);
    for (const auto& scalar : events->scalars.at("train/learning_rate"))
        QCOMPARE(scalar.wallTime, clock->at(scalar.step));
}

/// As of a run that goes on.
void TensorboardTest::againReplacesIt() {
    QVERIFY(exportTensorboard(run_->path(), out_, progress_));
    QVERIFY(run_->record({madeSteps(61, 100)}));
    const auto exported = exportTensorboard(run_->path(), out_, progress_);
    QVERIFY2(exported, exported ? "" : exported.error().message.c_str());
    const auto events = eventsIn(exported->folder);
    QVERIFY(events);
    QCOMPARE(events->steps.size(), std::size_t{100});
    QCOMPARE(everythingIn(scratch_->filePath("out")).size(), 1);
}

void TensorboardTest::somethingElseIsNotReplaced() {
    const auto first = exportTensorboard(run_->path(), out_, progress_);
    QVERIFY(first);
    QFile mine(QString::fromStdString(first->folder + "/mine.txt"));
    QVERIFY(mine.open(QIODevice::WriteOnly));
    mine.close();
    const auto exported = exportTensorboard(run_->path(), out_, progress_);
    QVERIFY(!exported);
    QVERIFY2(exported.error().message.find(first->folder) != std::string::npos,
             exported.error().message.c_str());
    QVERIFY(mine.exists());
    QCOMPARE(everythingIn(scratch_->filePath("out")).size(), 1);
}

void TensorboardTest::aRunWithoutASingleStep() {
    const QTemporaryDir other;
    const auto run = makeRun(other);
    const auto exported = exportTensorboard(run->path(), out_, progress_);
    QVERIFY2(exported, exported ? "" : exported.error().message.c_str());
    QCOMPARE(exported->scalars, 0);
    const auto events = eventsIn(exported->folder);
    QVERIFY(events && events->versions.size() == 1 && events->scalars.empty());
}

void TensorboardTest::cancelled() {
    for (std::int64_t step = 101; step < 30'000; step += 1000) // more than one piece to write
        QVERIFY(run_->record({madeSteps(step, step + 999)}));
    progress_.cancel();
    const auto exported = exportTensorboard(run_->path(), out_, progress_);
    QVERIFY(!exported);
    QVERIFY(exported.error().kind == ErrorKind::Cancelled);
    QVERIFY(!QFile::exists(scratch_->filePath("out")));
}

void TensorboardTest::noRun() {
    const auto exported = exportTensorboard(scratch_->filePath("no").toStdString(), out_, progress_);
    QVERIFY(!exported);
    QVERIFY(!QFile::exists(scratch_->filePath("out")));
}

QTEST_GUILESS_MAIN(TensorboardTest)
#include "tensorboard_test.moc"
