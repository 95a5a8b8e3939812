// The Runs tab over made-up runs: what is listed, what the chosen ones show, and what can be done with them.
#include "widgets/runs_view.h"

#include "tests/made_run.h"
#include "widgets/curve_reading.h"
#include "widgets/experiment_document.h"
#include "widgets/figure_print.h"
#include "widgets/number_table.h"
#include "widgets/run_actions.h"
#include "widgets/run_columns.h"
#include "widgets/run_controller.h"
#include "widgets/run_curves_panel.h"
#include "widgets/run_curves_plot.h"
#include "widgets/run_difference.h"
#include "widgets/run_scatter_panel.h"
#include "widgets/run_scatter_plot.h"
#include "widgets/run_statistics.h"
#include "widgets/runs_bar.h"
#include "widgets/runs_reading.h"
#include "widgets/runs_table.h"
#include "widgets/slider.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

/// Two rules with three seeds each; one of them was cut off.
QStringList writeRuns(const QString& runs) {
    QStringList folders;
    for (int i = 0; i < 6; ++i) {
        test::MadeRun run;
        run.name = i < 3 ? "first" : "second";
        run.rule = i < 3 ? "llkd" : "all";
        run.seed = i % 3 + 1;
        run.steps = 200;
        run.reached = i < 3 ? 0.7 : 0.6;
        run.cutOff = i == 5;
        folders << QString::fromStdString(test::writeMadeRun(runs.toStdString(), run));
    }
    return folders;
}

struct Tab {
    explicit Tab(const QString& runs) {
        RunPlaces places;
        places.runsFolder = runs;
        controller = std::make_unique<RunController>(&document, places);
        view = std::make_unique<RunsView>(controller.get(), runs);
        view->resize(1080, 760);
        view->show();
    }
    bool ready() {
        return QTest::qWaitFor([&] { return view->reading()->everRead() && !view->reading()->busy(); },
                               20'000);
    }
    int listed() { return view->table()->model()->rowCount(); }
    void choose(const QList<int>& rows) {
        auto* table = view->table();
        table->clearSelection();
        for (const int row : rows)
            table->selectionModel()->select(table->model()->index(row, 0),
                                            QItemSelectionModel::Select | QItemSelectionModel::Rows);
        QTest::qWait(20);
    }
    bool curvesAreThere() {
        return QTest::qWaitFor([&] { return !view->curves()->reading()->busy(); }, 20'000);
    }
    QString cell(int row, const char* id) {
        return view->table()->model()->index(row, runColumn(QString::fromLatin1(id))).data().toString();
    }
    QString emptyText() {
        for (auto* label : view->findChildren<QLabel*>())
            if (label->isVisible() && label->wordWrap() && label->alignment() == Qt::AlignCenter &&
                !view->details()->isAncestorOf(label))
                return label->text();
        return {};
    }

    ExperimentDocument document;
    std::unique_ptr<RunController> controller;
    std::unique_ptr<RunsView> view;
};

QAction* actionOf(QMenu& menu, const QString& text) {
    for (auto* action : menu.actions())
        if (action->text() == text)
            return action;
    return nullptr;
}

} // namespace

class RunsViewTest : public QObject {
    Q_OBJECT
    QTemporaryDir scratch_;

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        // The trash lies there; the folder is a desktop's, which is not here.
        QVERIFY(QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)));
        qputenv("XDG_CACHE_HOME", scratch_.filePath("cache").toUtf8());
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void anEmptyFolderSaysWhatToDo() {
        Tab tab(scratch_.filePath("nothing"));
        QVERIFY(tab.ready());
        QVERIFY2(tab.emptyText().contains("Press Run (F5)"), qPrintable(tab.emptyText()));
        QFile file(scratch_.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        tab.view->setFolder(file.fileName());
        QVERIFY(QTest::qWaitFor([&] { return !tab.view->reading()->busy(); }, 5000));
        QVERIFY2(tab.emptyText().contains("is a file"), qPrintable(tab.emptyText()));
    }

    void runsAreListedWithTheSettingsThatDiffer() {
        const QString runs = scratch_.filePath("listed");
        writeRuns(runs);
        Tab tab(runs);
        QVERIFY(tab.ready());
        QTest::qWait(20);
        QCOMPARE(tab.listed(), 6);
        QCOMPARE(tab.cell(0, "name"), QString("second")); // the newest first
        QCOMPARE(tab.cell(0, "state"), QString("cut off"));
        QCOMPARE(tab.cell(0, "test_accuracy"), QString::fromUtf8("–"));
        QCOMPARE(tab.cell(5, "seed"), QString("1"));
        auto* table = tab.view->table();
        const auto shown = [&](const char* id) {
            return !table->isColumnHidden(runColumn(QString::fromLatin1(id)));
        };
        QVERIFY(shown("rule") && shown("test_macro_f1") && shown("tags"));
        QVERIFY(!shown("test_loss") && !shown("folder")); // unless they are wanted
        QVERIFY(shown("selection.decay"));                // llkd has one, all has none
        QVERIFY(!shown("training.batch"));                // it is the same
        tab.view->bar()->filter()->setText("rule=llkd");
        QTest::keyClick(tab.view->bar()->filter(), Qt::Key_Return);
        QTest::qWait(20);
        QCOMPARE(tab.listed(), 3);
        QVERIFY(!shown("selection.decay")); // among these it is the same
        tab.view->bar()->filter()->setText("rule=nothing");
        QTest::keyClick(tab.view->bar()->filter(), Qt::Key_Return);
        QVERIFY2(tab.emptyText().contains("No run is like this"), qPrintable(tab.emptyText()));
        // A run that is made meanwhile, by another program, comes by itself.
        tab.view->bar()->filter()->clear();
        QTest::keyClick(tab.view->bar()->filter(), Qt::Key_Return);
        test::MadeRun later;
        later.name = "third";
        test::writeMadeRun(runs.toStdString(), later);
        QVERIFY(QTest::qWaitFor([&] { return tab.listed() == 7; }, 10'000));
        // And one that is gone goes.
        QVERIFY(QDir(tab.cell(0, "name").isEmpty()
                         ? QString()
                         : QString::fromStdString(tab.view->table()->listed().front()->summary.folder))
                    .removeRecursively());
        QVERIFY(QTest::qWaitFor([&] { return tab.listed() == 6; }, 10'000));
    }

    void columnsAreChosen() {
        Tab tab(scratch_.filePath("listed"));
        QVERIFY(tab.ready());
        QMenu menu;
        tab.view->table()->fillColumnMenu(&menu);
        auto* loss = actionOf(menu, "test loss");
        auto* tags = actionOf(menu, "tags");
        QVERIFY(loss != nullptr && tags != nullptr);
        QVERIFY(!loss->isChecked() && tags->isChecked());
        loss->toggle();
        tags->toggle();
        QVERIFY(!tab.view->table()->isColumnHidden(runColumn("test_loss")));
        QVERIFY(tab.view->table()->isColumnHidden(runColumn("tags")));
        Tab other(scratch_.filePath("listed")); // remembered
        QVERIFY(other.ready());
        QVERIFY(!other.view->table()->isColumnHidden(runColumn("test_loss")));
        QVERIFY(other.view->table()->isColumnHidden(runColumn("tags")));
        loss->toggle();
        tags->toggle();
    }

    void theChosenAreDrawn() {
        Tab tab(scratch_.filePath("listed"));
        QVERIFY(tab.ready());
        QTest::qWait(20);
        auto* curves = tab.view->curves();
        QCOMPARE(curves->plot()->table().rows.size(), 0);
        tab.choose({0, 1, 2, 3, 4, 5});
        QVERIFY(tab.curvesAreThere());
        QCOMPARE(curves->plot()->groups(), 2);
        QCOMPARE(curves->plot()->table().rows.size(), 60); // ten evaluations each
        QVERIFY(curves->plot()->table().rows[0][0].contains("seed"));
        curves->valueBox()->setCurrentIndex(4); // the share kept, at every step
        QVERIFY(curves->smoothing()->value() > 0);
        QVERIFY(tab.curvesAreThere());
        QTest::qWait(20);
        QCOMPARE(curves->plot()->table().rows.size(), 1200);
        curves->axisBox()->setCurrentIndex(3);
        QVERIFY(tab.curvesAreThere());
        QTest::qWait(20);
        QCOMPARE(curves->plot()->table().columns[1], QString("gradient samples"));
        for (const int band : {1, 2, 0}) {
            curves->bandBox()->setCurrentIndex(band);
            QVERIFY(!printFigure(*curves->plot(), PlotFormat::Png, PlotSize::Column)().isEmpty());
        }
        // The latest choice wins, however fast one chooses.
        tab.choose({0});
        tab.choose({1, 2});
        tab.choose({3});
        QVERIFY(tab.curvesAreThere());
        QTest::qWait(20);
        QCOMPARE(curves->plot()->table().rows.size(), 200);
        tab.choose({});
        QVERIFY(tab.curvesAreThere());
        QCOMPARE(curves->plot()->table().rows.size(), 0);
    }

    void scatterDifferenceAndStatistics() {
        Tab tab(scratch_.filePath("listed"));
        QVERIFY(tab.ready());
        QTest::qWait(20);
        tab.view->details()->setCurrentWidget(tab.view->scatter());
        QTest::qWait(20);
        auto* scatter = tab.view->scatter();
        scatter->setAxes("gradient_share", "test_macro_f1");
        QCOMPARE(scatter->plot()->points(), 5); // all that are listed; the cut off one has no test
        scatter->setAxes("rule", "validation_macro_f1");
        QCOMPARE(scatter->plot()->points(), 6);
        QCOMPARE(scatter->plot()->words(), (QStringList{"all", "llkd"}));
        tab.choose({0, 5});
        QCOMPARE(scatter->plot()->points(), 2);

        tab.view->details()->setCurrentWidget(tab.view->difference());
        const auto& table = tab.view->difference()->shown();
        QCOMPARE(table.columns.size(), 3);
        QStringList keys;
        for (const auto& row : table.rows)
            keys << row[0];
        QVERIFY(keys.contains("selection.rule") && keys.contains("training.seed"));
        QVERIFY(!keys.contains("training.batch") && !keys.contains("name"));

        tab.view->details()->setCurrentWidget(tab.view->statistics());
        tab.choose({1, 2, 3, 4, 5});
        auto* statistics = tab.view->statistics();
        QVERIFY(QTest::qWaitFor(
            [&] { return !statistics->busy() && statistics->table()->shown().rows.size() == 2; }, 20'000));
        QVERIFY(!statistics->words()->text().isEmpty());
        tab.choose({});
        QVERIFY(QTest::qWaitFor([&] { return statistics->table()->shown().rows.isEmpty(); }, 5000));
    }

    void tagsNotesAndTheArchive() {
        const QString runs = scratch_.filePath("said");
        const QStringList folders = writeRuns(runs);
        Tab tab(runs);
        QVERIFY(tab.ready());
        QTest::qWait(20);
        auto* actions = tab.view->actions();
        tab.choose({3, 4, 5});
        actions->askForTags(tab.view->table()->chosen());
        auto* dialog = tab.view->findChild<QInputDialog*>();
        QVERIFY(dialog != nullptr);
        dialog->setTextValue("paper, good");
        dialog->accept();
        QVERIFY(QTest::qWaitFor([&] { return tab.cell(5, "tags") == "paper, good"; }, 5000));
        QCOMPARE(readRunAbout(folders[0].toStdString())->tags, (std::vector<std::string>{"paper", "good"}));
        QCOMPARE(tab.view->table()->chosen().size(), std::size_t{3}); // still chosen
        tab.choose({5});
        actions->askForNote(tab.view->table()->chosen().front());
        auto* note = tab.view->findChildren<QInputDialog*>().back();
        note->setTextValue("two\nlines");
        note->accept();
        QVERIFY(QTest::qWaitFor([&] { return tab.cell(5, "note") == "two lines"; }, 5000));
        actions->archive(tab.view->table()->chosen(), true);
        QVERIFY(QTest::qWaitFor([&] { return tab.listed() == 5; }, 5000));
        tab.view->bar()->archived()->setChecked(true);
        QCOMPARE(tab.listed(), 6);
        QCOMPARE(tab.cell(5, "tags"), QString("paper, good"));
    }

    void theMenuOffersWhatSomebodyDoes() {
        Tab tab(scratch_.filePath("said"));
        QVERIFY(tab.ready());
        QTest::qWait(20);
        tab.choose({0}); // cut off
        const auto chosen = tab.view->table()->chosen();
        {
            QMenu menu;
            tab.view->actions()->fillMenu(&menu, chosen);
            QVERIFY(actionOf(menu, "Resume") == nullptr);
            QVERIFY(actionOf(menu, "Open its settings")->isEnabled());
        }
        QSignalSpy resumed(tab.view->actions(), &RunActions::resumeWanted);
        QMenu menu;
        tab.view->actions()->fillMenu(&menu, chosen);
        auto* resume = actionOf(menu, "Resume");
        QVERIFY(resume != nullptr && resume->isEnabled());
        resume->trigger();
        QCOMPARE(resumed.size(), 1);
        QCOMPARE(resumed[0][0].toString(), QString::fromStdString(chosen.front()->summary.folder));
        actionOf(menu, "Copy its settings as YAML")->trigger();
        QVERIFY(
            QTest::qWaitFor([] { return QApplication::clipboard()->text().contains("rule: all"); }, 5000));
        QSignalSpy opened(tab.view->actions(), &RunActions::openWanted);
        QTest::keyClick(tab.view->table(), Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
    }

    void deletingAsksAndMovesToTheTrash() {
        const QString runs = scratch_.filePath("thrown");
        const QStringList folders = writeRuns(runs);
        Tab tab(runs);
        QVERIFY(tab.ready());
        QTest::qWait(20);
        tab.choose({1, 2});
        const auto press = [&](const QString& text) {
            auto* box = tab.view->findChild<QMessageBox*>();
            if (box == nullptr)
                return false;
            for (auto* button : box->buttons())
                if (button->text().remove(u'&') == text) {
                    button->click();
                    QTest::qWait(20);
                    return true;
                }
            return false;
        };
        QTest::keyClick(tab.view->table(), Qt::Key_Delete);
        QVERIFY(press("Cancel"));
        QTest::qWait(50);
        QVERIFY(QDir(folders[4]).exists() && QDir(folders[3]).exists());
        QSignalSpy said(tab.view.get(), &RunsView::said);
        QTest::keyClick(tab.view->table(), Qt::Key_Delete);
        QVERIFY(press("Move to the trash"));
        QVERIFY(QTest::qWaitFor([&] { return !said.isEmpty(); }, 10'000));
        if (said[0][0].toString().contains("could not be moved"))
            QSKIP(qPrintable("there is no trash here: " + said[0][0].toString()));
        QVERIFY(QTest::qWaitFor([&] { return tab.listed() == 4; }, 10'000));
        QVERIFY(!QDir(folders[4]).exists() && !QDir(folders[3]).exists());
        QVERIFY(QDir(folders[5]).exists());
    }
};

QTEST_MAIN(RunsViewTest)
#include "runs_view_test.moc"
