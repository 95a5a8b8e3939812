#include "widgets/run_columns.h"

#include <QTest>
#include <cmath>

using namespace stillroom;

class RunColumnsTest : public QObject {
    Q_OBJECT

    static IndexedRun run() {
        IndexedRun made;
        RunSummary& summary = made.summary;
        summary.folder = "/runs/2026-x-made";
        summary.name = "made";
        summary.created = "2026-11-24T03:15:00.123+01:00";
        summary.rule = "llkd";
        summary.seed = 13;
        summary.settings = {
            {"selection.rule", "llkd"}, {"selection.decay", "0.99"}, {"student.kind", "ngram"}};
        summary.state = RunSummary::State::Completed;
        summary.steps = 12'345;
        summary.epochs = 10;
        summary.validation = Score{0.701, 0.653, 0.9, 500};
        summary.test = Score{0.7, 0.65, 1.25, 1000};
        summary.accuracy = ScoreCourse{0.701, 0.69, 0.5, 0.71};
        summary.macroF1 = ScoreCourse{0.653, 0.64, 0.4, 0.66};
        summary.counts.total = 1000;
        summary.counts.gradient = 2500;
        summary.counts.distinct = 600;
        summary.keptPrecision = 0.814;
        summary.trainSeconds = 75;
        made.about = {{"paper", "good"}, "two\nlines", false};
        return made;
    }
    static QString cell(const IndexedRun& of, const char* id) {
        const int column = runColumn(QString::fromLatin1(id));
        if (column < 0)
            qFatal("no column %s", id);
        return runCell(of, column);
    }

  private Q_SLOTS:
    void whatCellsSay() {
        const IndexedRun made = run();
        QCOMPARE(cell(made, "name"), QString("made"));
        QCOMPARE(cell(made, "rule"), QString("llkd"));
        QCOMPARE(cell(made, "seed"), QString("13"));
        QCOMPARE(cell(made, "state"), QString("completed"));
        QCOMPARE(cell(made, "created"), QString("2026-11-24 03:15"));
        QCOMPARE(cell(made, "test_accuracy"), QString("70.0 %"));
        QCOMPARE(cell(made, "test_macro_f1"), QString("65.0 %"));
        QCOMPARE(cell(made, "test_loss"), QString("1.250"));
        QCOMPARE(cell(made, "validation_macro_f1"), QString("65.3 %"));
        QCOMPARE(cell(made, "last_accuracy"), QString("69.0 %"));
        QCOMPARE(cell(made, "min_macro_f1"), QString("40.0 %"));
        QCOMPARE(cell(made, "max_accuracy"), QString("71.0 %"));
        QCOMPARE(cell(made, "gradient_share"), QString("25.0 %"));
        QCOMPARE(cell(made, "distinct_share"), QString("60.0 %"));
        QCOMPARE(cell(made, "kept_precision"), QString("81.4 %"));
        QCOMPARE(cell(made, "train_seconds"), QString("1 min 15 s"));
        QCOMPARE(cell(made, "steps"), QString("12,345"));
        QCOMPARE(cell(made, "tags"), QString("paper, good"));
        QCOMPARE(cell(made, "note"), QString("two lines"));
        QCOMPARE(cell(made, "selection.decay"), QString("0.99"));
        QCOMPARE(cell(made, "selection.ratio"), QString());
        QCOMPARE(runNumber(made, runColumn("selection.decay")), 0.99);
        QVERIFY(std::isnan(runNumber(made, runColumn("student.kind"))));
        QVERIFY(std::isnan(runNumber(made, runColumn("name"))));
    }
    void whatThereIsNotIsADash() {
        IndexedRun begun;
        begun.summary.folder = "/runs/2026-x-made";
        begun.summary.name = "made";
        for (const char* id : {"test_accuracy", "validation_loss", "max_macro_f1", "gradient_share",
                               "kept_precision", "train_seconds", "steps"})
            QCOMPARE(cell(begun, id), QString::fromUtf8("–"));
        IndexedRun unreadable;
        unreadable.summary.folder = "/runs/2026-x-made";
        unreadable.problem = "it is damaged";
        QCOMPARE(cell(unreadable, "name"), QString("2026-x-made"));
        QCOMPARE(cell(unreadable, "state"), QString("unreadable"));
        QCOMPARE(cell(unreadable, "seed"), QString::fromUtf8("–"));
    }
    void everySettingHasAColumnOfItsOwnName() {
        QSet<QString> titles, ids;
        for (const auto& column : runColumns()) {
            QVERIFY2(!ids.contains(column.id), qPrintable(column.id));
            ids.insert(column.id);
            if (!column.isSetting())
                continue;
            QVERIFY2(column.id.endsWith(column.title), qPrintable(column.title));
            titles.insert(column.title);
        }
        QVERIFY(ids.contains("selection.decay") && ids.contains("student.kind"));
        QVERIFY(!ids.contains("selection.rule")); // it is "rule"
        QCOMPARE(runColumn("nothing"), -1);
        QCOMPARE(runColumn("name"), 0);
    }
};

QTEST_MAIN(RunColumnsTest)
#include "run_columns_test.moc"
