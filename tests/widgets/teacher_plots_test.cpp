// What the Teacher tab's plots and tables say of figures that were worked out by hand.
#include "widgets/accuracy_by_confidence_plot.h"
#include "widgets/compare_panel.h"
#include "widgets/confusion_plot.h"
#include "widgets/figure_print.h"
#include "widgets/live_model.h"
#include "widgets/number_table.h"
#include "widgets/reliability_plot.h"
#include "widgets/table_panel.h"
#include "widgets/teacher_model.h"

#include <QApplication>
#include <QClipboard>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace stillroom;
using Role = TeacherSeries::Role;

namespace {

TeacherSeries::Histogram histogram(std::initializer_list<std::pair<std::size_t, std::int64_t>> filled) {
    TeacherSeries::Histogram made{};
    for (const auto& [bin, rows] : filled)
        made[bin] = rows;
    return made;
}

TeacherSeries seriesOf(Role role, const QString& name) {
    TeacherSeries series;
    series.role = role;
    series.name = name;
    series.quality.rows = 10;
    series.quality.bins = {{0, 0.5, 0, 0, 0}, {0.5, 0.8, 4, 0.7, 0.5}, {0.8, 1, 6, 0.95, 1}};
    series.quality.massBins = {{0.6, 0.9, 5, 0.75, 0.6}, {0.9, 1, 5, 0.95, 1}};
    series.withGold = histogram({{70, 4}, {95, 6}});
    series.right = histogram({{70, 2}, {95, 6}});
    return series;
}

} // namespace

class TeacherPlotsTest : public QObject {
    Q_OBJECT
    LiveModel live_;

    template <class PlotType>
    static void show(PlotType& plot, const QSize& size = {480, 320}) {
        plot.resize(size);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.refreshAll();
        QCoreApplication::processEvents(); // it is drawn when there is time
    }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void reliabilityListsTheBinsThatHoldTexts() {
        ReliabilityPlot plot(live_);
        show(plot);
        QVERIFY(plot.table().rows.isEmpty());
        plot.setSeries({seriesOf(Role::Now, "after"), seriesOf(Role::Before, "before")}, {});
        const PlotTable table = plot.table();
        QCOMPARE(table.rows.size(), 4);
        QCOMPARE(table.rows[0],
                 (QStringList{"after", "0.5000", "0.8000", "4", "0.70000", "0.50000", "-0.20000"}));
        QCOMPARE(table.rows[1],
                 (QStringList{"after", "0.8000", "1.0000", "6", "0.95000", "1.00000", "0.05000"}));
        QCOMPARE(table.rows[2][0], QString("before"));
        QCOMPARE(table.columns.size(), table.rows[0].size());
        // The other bins are a click away.
        for (auto* action : plot.findChildren<QAction*>())
            if (action->text() == "bins of equal mass")
                action->trigger();
        QCOMPARE(plot.table().rows[0],
                 (QStringList{"after", "0.6000", "0.9000", "5", "0.75000", "0.60000", "-0.15000"}));
        QVERIFY(!plot.accessibleDescription().isEmpty());
    }

    void accuracyOfTheTextsThatAreLeft() {
        AccuracyByConfidencePlot plot(live_);
        show(plot);
        TeacherSeries before = seriesOf(Role::Before, "before");
        before.withGold = before.right = {};
        plot.setSeries({seriesOf(Role::Now, "after"), before}, {});
        // From 0.95 on 6 of 6 are right, from 0.70 on 8 of 10; of what was before nothing is known.
        QCOMPARE(plot.table().rows, (QVector<QStringList>{{"after", "0.70", "10", "1.00000", "0.80000"},
                                                          {"after", "0.95", "6", "0.60000", "1.00000"}}));
    }

    void confusionIsNormalisedByRowAndItsCellsCanBeChosen() {
        ConfusionPlot plot(live_);
        show(plot);
        // Gold a: 3 right, 1 taken for b. Gold b: all 5 right. Gold c: none.
        plot.setConfusion({"a", "b", "=c"}, {3, 1, 0, 0, 5, 0, 0, 0, 0}, {});
        plot.refreshAll();
        QCoreApplication::processEvents(); // it is drawn when there is time
        const PlotTable table = plot.table();
        QCOMPARE(table.columns, (QStringList{"gold", "label", "texts", "share of gold"}));
        QCOMPARE(table.rows,
                 (QVector<QStringList>{
                     {"a", "a", "3", "0.75000"}, {"a", "b", "1", "0.25000"}, {"b", "b", "5", "1.00000"}}));
        QSignalSpy chosen(&plot, &ConfusionPlot::cellChosen);
        const auto click = [&](int gold, int label) {
            QTest::mouseClick(&plot, Qt::LeftButton, {},
                              plot.canvas()->mapTo(&plot, plot.cellRect(gold, label).center().toPoint()));
        };
        click(0, 1);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0], (QVariantList{0, 1}));
        click(0, 2); // nothing is in it
        QCOMPARE(chosen.size(), 1);
        // By keyboard: from there down, left, Enter.
        QTest::keyClick(&plot, Qt::Key_Down);
        QTest::keyClick(&plot, Qt::Key_Left);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(chosen.size(), 2);
        QCOMPARE(chosen[1], (QVariantList{1, 1}));
    }

    void plotsAreExported() {
        ReliabilityPlot reliability(live_);
        AccuracyByConfidencePlot accuracy(live_);
        ConfusionPlot confusion(live_);
        reliability.setSeries({seriesOf(Role::Now, "now"), seriesOf(Role::Other, "other")}, {});
        accuracy.setSeries({seriesOf(Role::Now, "now"), seriesOf(Role::Other, "other")}, {});
        confusion.setConfusion({"a", "b"}, {3, 1, 0, 5}, {});
        for (Plot* plot : std::initializer_list<Plot*>{&reliability, &accuracy, &confusion}) {
            QImage image;
            QVERIFY2(image.loadFromData(printFigure(*plot, PlotFormat::Png, PlotSize::Page)(), "PNG"),
                     qPrintable(plot->title()));
            int inked = 0;
            for (int y = 0; y < image.height(); y += 3)
                for (int x = 0; x < image.width(); x += 3)
                    inked += image.pixelColor(x, y) != QColor(Qt::white) ? 1 : 0;
            QVERIFY2(inked > 500, qPrintable(plot->title()));
            QVERIFY(printFigure(*plot, PlotFormat::Csv, PlotSize::Page)().contains("\r\n"));
        }
    }

    void aTableIsCopiedWithTabs() {
        TablePanel panel("By class");
        panel.show();
        panel.show(PlotTable{{"class", "gold"}, {{"a", "3"}}}, {});
        QCOMPARE(panel.table()->rowCount(), 1);
        for (auto* link : panel.findChildren<QToolButton*>())
            link->click();
        QCOMPARE(QApplication::clipboard()->text(), QString("class\tgold\na\t3\n"));
    }

    void nothingIsSaidToBeBetterThatIsNotKnownToBe() {
        TeacherComparison comparison;
        QVERIFY(ComparePanel::verdict(comparison, "B").startsWith("There is no gold"));
        comparison.all = {90, 6, 4, 0};
        comparison.p = signTest(6, 4); // 0.754
        QVERIFY(ComparePanel::verdict(comparison, "B").startsWith("Which one is better is not known."));
        QVERIFY(ComparePanel::verdict(comparison, "B").contains("p = 0.754"));
        comparison.all = {90, 1, 9, 0};
        comparison.p = signTest(1, 9); // 0.0215
        QVERIFY(ComparePanel::verdict(comparison, "B").startsWith("B is right more often."));
        comparison.all = {90, 9, 1, 0};
        QVERIFY(ComparePanel::verdict(comparison, "B").startsWith("This teacher is right more often."));
        comparison.all = {90, 0, 0, 10};
        QVERIFY(ComparePanel::verdict(comparison, "B").contains("both are right, or both are wrong"));
    }
};

QTEST_MAIN(TeacherPlotsTest)
#include "teacher_plots_test.moc"
