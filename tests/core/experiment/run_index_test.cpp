// The index says what summarizeRun says, whether a run is read or remembered, and forgets what no longer
// holds.
#include "core/experiment/run_index.h"

#include "core/experiment/run_index_file.h"
#include "tests/made_run.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>

using namespace stillroom;
using test::MadeRun;

class RunIndexTest : public QObject {
    Q_OBJECT

    using Runs = std::vector<std::shared_ptr<const IndexedRun>>;

    static Runs readAll(RunIndex& index) {
        Progress progress;
        const auto found = index.find(progress);
        if (!found)
            qFatal("%s", found.error().message.c_str());
        Runs runs;
        for (const auto& run : *found)
            runs.push_back(index.read(run));
        return runs;
    }

    static void compare(const RunSummary& a, const RunSummary& b) {
        QCOMPARE(a.folder, b.folder);
        QCOMPARE(a.name, b.name);
        QCOMPARE(a.created, b.created);
        QCOMPARE(a.version, b.version);
        QCOMPARE(a.settings, b.settings);
        QCOMPARE(a.rule, b.rule);
        QCOMPARE(a.seed, b.seed);
        QCOMPARE(a.state, b.state);
        QCOMPARE(a.error, b.error);
        QCOMPARE(a.steps, b.steps);
        QCOMPARE(a.stepsPerEpoch, b.stepsPerEpoch);
        QCOMPARE(a.epochs, b.epochs);
        QCOMPARE(a.trainingSamples, b.trainingSamples);
        QCOMPARE(a.epochsDone, b.epochsDone);
        for (const auto split : {&RunSummary::validation, &RunSummary::test}) {
            QCOMPARE((a.*split).has_value(), (b.*split).has_value());
            if (!(a.*split))
                continue;
            QCOMPARE((a.*split)->accuracy, (b.*split)->accuracy);
            QCOMPARE((a.*split)->macroF1, (b.*split)->macroF1);
            QCOMPARE((a.*split)->loss, (b.*split)->loss);
            QCOMPARE((a.*split)->rows, (b.*split)->rows);
        }
        for (const auto course : {&RunSummary::accuracy, &RunSummary::macroF1}) {
            QCOMPARE((a.*course).has_value(), (b.*course).has_value());
            if (!(a.*course))
                continue;
            QCOMPARE((a.*course)->best, (b.*course)->best);
            QCOMPARE((a.*course)->last, (b.*course)->last);
            QCOMPARE((a.*course)->lowest, (b.*course)->lowest);
            QCOMPARE((a.*course)->highest, (b.*course)->highest);
        }
        QCOMPARE(a.counts.gradient, b.counts.gradient);
        QCOMPARE(a.counts.distinct, b.counts.distinct);
        QCOMPARE(a.counts.trainingFlops, b.counts.trainingFlops);
        QCOMPARE(a.keptPrecision, b.keptPrecision);
        QCOMPARE(a.trainSeconds, b.trainSeconds);
        QCOMPARE(a.evaluateSeconds, b.evaluateSeconds);
        QCOMPARE(a.validationConfusion, b.validationConfusion);
        QCOMPARE(a.testConfusion, b.testConfusion);
        QCOMPARE(a.classes, b.classes);
    }

  private Q_SLOTS:
    void readAndRemembered() {
        const QTemporaryDir folder;
        const std::string runs = folder.filePath("runs").toStdString();
        const std::string cache = folder.filePath("cache/x/index").toStdString();
        MadeRun made;
        for (made.seed = 1; made.seed <= 4; ++made.seed)
            test::writeMadeRun(runs, made);
        made.outcome = Outcome::Failed;
        test::writeMadeRun(runs, made);
        made.cutOff = true;
        test::writeMadeRun(runs, made);

        RunIndex first(runs, cache);
        const Runs read = readAll(first);
        QCOMPARE(read.size(), std::size_t{6});
        for (const auto& run : read) {
            QVERIFY2(run->problem.empty(), run->problem.c_str());
            compare(run->summary, *summarizeRun(run->summary.folder));
        }
        QVERIFY(first.save());

        // What is remembered is what was read; a run without an end is asked again and not remembered.
        QCOMPARE(readRunIndexFile(cache).size(), std::size_t{5});
        for (const auto& run : readRunIndexFile(cache))
            compare(run.summary, *summarizeRun(run.found.folder));
        // It is used: a run whose files look the same is not read again, whatever they hold.
        const std::string over = read.back()->summary.folder;
        const auto database = std::filesystem::path(over) / "run.sqlite";
        const auto size = std::filesystem::file_size(database);
        const auto time = std::filesystem::last_write_time(database);
        {
            QFile file(QString::fromStdString(database.string()));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(static_cast<qsizetype>(size), 'x'));
        }
        std::filesystem::last_write_time(database, time);
        QVERIFY(!summarizeRun(over));
        RunIndex second(runs, cache);
        const Runs remembered = readAll(second);
        QCOMPARE(remembered.size(), read.size());
        for (std::size_t i = 0; i < read.size(); ++i)
            compare(remembered[i]->summary, read[i]->summary);

        // And not when they look another way: it is damaged, and the sentence says which file.
        std::filesystem::last_write_time(database, time + std::chrono::seconds(1));
        const Runs again = readAll(second);
        QVERIFY2(again.back()->problem.find("run.sqlite") != std::string::npos,
                 again.back()->problem.c_str());
        QCOMPARE(again.back()->summary.folder, over);
        QVERIFY(again.front() == remembered.front() ||
                again.front()->summary.state == RunSummary::State::CutOff);
    }

    void anyDamageIsAnEmptyCache() {
        const QTemporaryDir folder;
        const std::string runs = folder.filePath("runs").toStdString();
        const QString cache = folder.filePath("index");
        MadeRun made;
        made.steps = 20;
        test::writeMadeRun(runs, made);
        RunIndex index(runs, cache.toStdString());
        readAll(index);
        QVERIFY(index.save());
        QFile file(cache);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        file.close();
        QCOMPARE(readRunIndexFile(cache.toStdString()).size(), std::size_t{1});
        const auto put = [&](const QByteArray& bytes) {
            QFile other(cache);
            QVERIFY(other.open(QIODevice::WriteOnly));
            other.write(bytes);
        };
        for (qsizetype length = 0; length < whole.size(); length += 7) {
            put(whole.left(length));
            QVERIFY(readRunIndexFile(cache.toStdString()).empty());
        }
        for (qsizetype place = 0; place < whole.size(); place += 11) {
            QByteArray other = whole;
            other[place] = static_cast<char>(other[place] ^ 0x20);
            put(other);
            QVERIFY(readRunIndexFile(cache.toStdString()).empty());
        }
        QVERIFY(readRunIndexFile("/nowhere").empty());
        RunIndex damaged(runs, cache.toStdString());
        QCOMPARE(readAll(damaged).size(), std::size_t{1});
        QVERIFY(damaged.save());
        QCOMPARE(readRunIndexFile(cache.toStdString()).size(), std::size_t{1});
    }

    void runsThatAreGoneAreForgotten() {
        const QTemporaryDir folder;
        const std::string runs = folder.filePath("runs").toStdString();
        const std::string cache = folder.filePath("index").toStdString();
        MadeRun made;
        made.steps = 20;
        const std::string one = test::writeMadeRun(runs, made);
        test::writeMadeRun(runs, made);
        RunIndex index(runs, cache);
        QCOMPARE(readAll(index).size(), std::size_t{2});
        QVERIFY(index.save());
        std::filesystem::remove_all(one);
        QCOMPARE(readAll(index).size(), std::size_t{1});
        QVERIFY(index.save());
        QCOMPARE(readRunIndexFile(cache).size(), std::size_t{1});
    }

    void whatIsSaidOfARunIsNeverOld() {
        const QTemporaryDir folder;
        const std::string runs = folder.filePath("runs").toStdString();
        MadeRun made;
        made.steps = 20;
        const std::string run = test::writeMadeRun(runs, made);
        RunIndex index(runs, {});
        const Runs before = readAll(index);
        QCOMPARE(readAll(index).front(), before.front()); // the same object: nothing has changed
        QVERIFY(writeRunAbout(run, {{"paper"}, "note", false}));
        const Runs after = readAll(index);
        QVERIFY(after.front() != before.front());
        QCOMPARE(after.front()->about.tags, std::vector<std::string>{"paper"});
        QFile file(QString::fromStdString(run + "/about.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        const Runs damaged = readAll(index);
        QVERIFY(damaged.front()->problem.find("about.json") != std::string::npos);
        QCOMPARE(damaged.front()->summary.name, std::string("humaid")); // the rest is shown
        QVERIFY(writeRunAbout(run, {}));
        QVERIFY(readAll(index).front()->problem.empty());
        QVERIFY(index.save()); // nowhere
    }

    void eachFolderHasACacheOfItsOwn() {
        QStandardPaths::setTestModeEnabled(true);
        const std::string a = runIndexFile("/data/runs"), b = runIndexFile("/data/runs2");
        QVERIFY(a != b);
        QCOMPARE(a, runIndexFile("/data/../data/runs/"));
        QVERIFY(a.find("/stillroom/runs/") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(RunIndexTest)
#include "run_index_test.moc"
