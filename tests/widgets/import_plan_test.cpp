// What the import wizard makes of files without its pages: splits by name, one way of reading several files,
// roles of columns, and the experiment.
#include "widgets/import_reading.h"
#include "widgets/label_count.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class ImportPlanTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir folder_;

    std::string write(const QString& name, const QByteArray& bytes) {
        const QString path = folder_.filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("a test file could not be written");
        return path.toStdString();
    }

    static QByteArray rows(const QByteArray& first, int from, const QByteArray& delimiter = ",") {
        QByteArray all = "text" + delimiter + "label\n";
        for (int i = 0; i < 30; ++i)
            all += (i == 12 ? first : QByteArray()) + "words of row " + QByteArray::number(from + i) +
                   delimiter + (i % 2 ? "joy" : "fear") + "\n";
        return all;
    }

    static ImportPlan planOf(const std::vector<std::string>& paths) {
        ImportPlan plan;
        for (auto& file : lookAtFiles(paths))
            plan.files.push_back(std::move(file));
        for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
            ImportSplit& part = plan.of(split);
            part.reading = readAlike(plan.pathsOf(split), {});
            if (const SniffedFile* file = part.sample())
                part.roles =
                    split == Split::Train ? guessRoles(*file) : followRoles(*file, plan.of(Split::Train));
        }
        return plan;
    }

  private Q_SLOTS:
    void splitsByName_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("split"); // −1: it says nothing
        QTest::newRow("train") << "x/hurricane_2018_train_pred.csv" << 0;
        QTest::newRow("dev") << "x/a-dev.tsv" << 1;
        QTest::newRow("val") << "x/val.txt" << 1;
        QTest::newRow("validation set") << "x/ValidationSet.csv" << 1;
        QTest::newRow("numbered test") << "x/test2.jsonl" << 2;
        QTest::newRow("folder") << "x/test/data.csv" << 2;
        QTest::newRow("a word in a word") << "x/latest_protest.csv" << -1;
        QTest::newRow("a folder that only speaks of it") << "my-test-files/data.csv" << -1;
    }

    void splitsByName() {
        QFETCH(QString, path);
        QFETCH(int, split);
        const auto found = splitByName(path.toStdString());
        QCOMPARE(found ? static_cast<int>(*found) : -1, split);
    }

    void aFolderIsLookedThrough() {
        write("whole/train/a.csv", rows({}, 0));
        write("whole/test/b.csv", rows({}, 100));
        write("whole/README.md", "no data");
        const auto files = lookAtFiles({folder_.filePath("whole").toStdString()});
        QCOMPARE(files.size(), std::size_t{2});
        QVERIFY(files[0].split == Split::Test && files[1].split == Split::Train);
        QVERIFY(files[0].found && files[1].found);
    }

    void aQuoteThatIsOnlyAQuoteInOneFileIsNoneInItsNeighbour() {
        // Alone the first file says nothing of quoting.
        const std::string plain = write("q/a_train.tsv", rows({}, 0, "\t"));
        const std::string loose = write("q/b_train.tsv", rows("\"", 100, "\t"));
        QVERIFY(readAlike({plain}, {}).settings.quoting.empty());
        const SplitReading both = readAlike({plain, loose}, {});
        QCOMPARE(both.settings.quoting, std::string("none"));
        for (const auto& file : both.files) {
            QVERIFY(file);
            QCOMPARE(file->badRows, std::int64_t{0});
        }
        // Somebody's word is taken.
        WrittenHow said;
        said.quoting = "double";
        QCOMPARE(readAlike({plain}, said).settings.quoting, std::string("double"));
    }

    void rolesAreGuessedByNamesElseByWhatStandsThere() {
        SniffedFile file;
        file.columns = {"1", "2", "3", "4"};
        for (int i = 0; i < 12; ++i)
            file.rows.push_back({std::to_string(i), i % 3 ? "up" : "down",
                                 "a sentence of some length, number " + std::to_string(i),
                                 "0." + std::to_string(i % 2)});
        QCOMPARE(guessRoles(file), (std::vector<ColumnRole>{ColumnRole::Nothing, ColumnRole::Gold,
                                                            ColumnRole::Text, ColumnRole::Nothing}));
        file.columns = {"tweet_id", "class_label", "tweet_text", "confidence"};
        QCOMPARE(guessRoles(file),
                 (std::vector<ColumnRole>{ColumnRole::Id, ColumnRole::Gold, ColumnRole::Text,
                                          ColumnRole::Nothing})); // nobody's confidence
    }

    void theExperimentSaysOnlyWhatHasToBeSaid() {
        ImportPlan plan =
            planOf({write("p/a_train.csv", rows({}, 0)), write("p/a_test.txt", rows({}, 100, "|"))});
        plan.classes = {{"fear", "fear", {15, 0, 15}, 0}, {"joy", "gladness", {15, 0, 15}, 0}};
        Experiment before;
        before.training.epochs = 3;
        const Experiment after = plan.applied(before, folder_.path().toStdString());
        QCOMPARE(after.training.epochs, 3);
        QCOMPARE(after.data.train.files, std::vector<std::string>{"p/a_train.csv"}); // below the root
        QVERIFY(after.data.train.format.empty() && after.data.train.delimiter.empty());
        QCOMPARE(after.data.test.format, std::string("csv")); // no .txt says that
        QCOMPARE(after.data.test.delimiter, std::string("|"));
        QCOMPARE(after.data.holdout.validation, 0.1);
        QCOMPARE(after.data.holdout.test, 0.0);
        QCOMPARE(after.data.rename.size(), std::size_t{1});
        QVERIFY(after.data.classes.empty()); // the order is nobody's
        QCOMPARE(after.teacher.kind, TeacherKind::Simulated);
        Experiment set = before;
        for (const auto& change : changesBetween(before, after))
            QVERIFY(setSetting(set, change.key.toStdString(), change.yaml.toStdString()));
        QCOMPARE(set, after);
    }

    void whatOnlyTheTeacherSaysIsNoClass() {
        ImportPlan plan;
        plan.classes = {
            {"joy", "joy", {5, 0, 0}, 4}, {"none", "none", {}, 3}, {"fear", "fear", {5, 0, 0}, 0}};
        QCOMPARE(plan.classNames(), (std::vector<std::string>{"joy", "fear"}));
        plan.classes[1].name = "fear"; // it becomes one
        QCOMPARE(plan.classNames(), (std::vector<std::string>{"joy", "fear"}));
        for (auto& entry : plan.classes)
            entry.gold = {};
        plan.classes[1].name = "none";
        QCOMPARE(plan.classNames(), (std::vector<std::string>{"joy", "none", "fear"})); // all there is
    }

    void labelsAreCountedBySplitAndTeacher() {
        ImportPlan plan = planOf(
            {write("l/train.csv", "text,label,predicted_label\na b,joy,fear\nc d,joy,\ne f,fear,odd\n"),
             write("l/test.csv", "text,label\ng h,joy\nbad row\n")});
        Progress progress;
        const auto counts = countLabels(plan.applied({}, {}), {}, progress);
        QVERIFY2(counts, counts ? "" : counts.error().message.c_str());
        QCOMPARE(counts->rows, std::int64_t{5});
        QCOMPARE(counts->unreadable, std::int64_t{1});
        QCOMPARE(counts->labels.size(), std::size_t{3});
        QCOMPARE(counts->labels[1].label, std::string("joy"));
        QCOMPARE(counts->labels[1].gold, (std::array<std::int64_t, 3>{2, 0, 1}));
        QCOMPARE(counts->labels[2].label, std::string("odd"));
        QCOMPARE(counts->labels[2].taught, std::int64_t{1});
        QCOMPARE(progress.done(), progress.total());
    }

    void aColumnOfTextsIsNoClass() {
        QByteArray many = "text,label\n";
        for (int i = 0; i < 2500; ++i)
            many += "words," + QByteArray::number(i) + " is another\n";
        ImportPlan plan = planOf({write("m/many.csv", many)});
        Progress progress;
        const auto counts = countLabels(plan.applied({}, {}), {}, progress);
        QVERIFY(!counts);
        QVERIFY(QString::fromStdString(counts.error().message)
                    .contains("'label' has more than 2000 different values"));
    }
};

QTEST_GUILESS_MAIN(ImportPlanTest)
#include "import_plan_test.moc"
