#include "widgets/run_columns.h"
#include "widgets/runs_model.h"
#include "widgets/runs_order.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace stillroom;

class RunsOrderTest : public QObject {
    Q_OBJECT

    static SharedRun run(const std::string& name, std::optional<double> accuracy, const std::string& decay,
                         bool archived = false) {
        auto made = std::make_shared<IndexedRun>();
        made->summary.folder = "/runs/" + name;
        made->summary.name = name;
        made->summary.settings["selection.decay"] = decay;
        made->summary.created = "2026-11-24T03:15:00." + name;
        if (accuracy)
            made->summary.test = Score{*accuracy, 0.5, 1, 10};
        made->about.archived = archived;
        return made;
    }
    static QString names(const RunsOrder& order) {
        QString all;
        for (int row = 0; row < order.rowCount(); ++row)
            all += order.index(row, 0).data().toString();
        return all;
    }

  private Q_SLOTS:
    void sortedWithNothingLast() {
        RunsModel model;
        RunsOrder order(&model);
        QAbstractItemModelTester modelTester(&model), orderTester(&order);
        model.put({run("c", 0.5, "0.9"), run("a", {}, "0.99"), run("b", 0.7, "{from: 1, to: 0}"),
                   run("d", 0.6, "")});
        const int accuracy = runColumn("test_accuracy"), decay = runColumn("selection.decay");
        order.sort(accuracy, Qt::AscendingOrder);
        QCOMPARE(names(order), QString("cdba"));
        order.sort(accuracy, Qt::DescendingOrder);
        QCOMPARE(names(order), QString("bdca"));
        order.sort(0, Qt::AscendingOrder);
        QCOMPARE(names(order), QString("abcd"));
        order.sort(decay, Qt::AscendingOrder); // numbers, then words, then nothing
        QCOMPARE(names(order), QString("cabd"));
        order.sort(runColumn("created"), Qt::DescendingOrder); // within the minute that is shown
        QCOMPARE(names(order), QString("dcba"));
        QVERIFY(order.headerData(runColumn("created"), Qt::Horizontal, Qt::DisplayRole)
                    .toString()
                    .endsWith(QString::fromUtf8(" ▼")));
        QCOMPARE(order.headerData(accuracy, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QString("test acc."));
        // What arrives later takes its place.
        order.sort(accuracy, Qt::DescendingOrder);
        model.put({run("e", 0.65, "")});
        QCOMPARE(names(order), QString("bedca"));
        model.put({run("a", 0.9, "0.99")});
        QCOMPARE(names(order), QString("abedc"));
    }
    void filteredAndArchived() {
        RunsModel model;
        RunsOrder order(&model);
        model.put({run("one", 0.5, "0.9"), run("two", 0.6, "0.99"), run("three", 0.7, "0.99", true)});
        order.sort(0, Qt::AscendingOrder);
        QCOMPARE(names(order), QString("onetwo"));
        order.setArchivedShown(true);
        QCOMPARE(names(order), QString("onethreetwo"));
        order.setFilter("decay=0.99");
        QCOMPARE(names(order), QString("threetwo"));
        order.setArchivedShown(false);
        QCOMPARE(names(order), QString("two"));
        order.setFilter("nothing");
        QCOMPARE(order.rowCount(), 0);
        order.setFilter({});
        QCOMPARE(order.rowCount(), 2);
        model.put({run("two", 0.6, "0.99", true)}); // was put away
        QCOMPARE(names(order), QString("one"));
    }
    void theModelKeepsWhatStays() {
        RunsModel model;
        QAbstractItemModelTester tester(&model);
        const auto one = run("one", 0.5, ""), two = run("two", 0.5, "");
        QSignalSpy changed(&model, &RunsModel::runsChanged), data(&model, &RunsModel::dataChanged);
        model.put({one, two});
        QCOMPARE(changed.size(), 1);
        model.put({one, two}); // the same: nobody hears of it
        QCOMPARE(changed.size(), 1);
        QCOMPARE(data.size(), 0);
        model.put({run("two", 0.6, "")});
        QCOMPARE(data.size(), 1);
        QCOMPARE(model.rowCount(), 2);
        model.keepOnly({QString("/runs/two")});
        QCOMPARE(model.rowCount(), 1);
        model.put({run("two", 0.7, "")});
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.runAt(0)->summary.test->accuracy, 0.7);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(RunsOrderTest)
#include "runs_order_test.moc"
