// What plots give away: tables, CSV, pictures.
#include "widgets/plot.h"

#include "tests/widgets/synthetic_run.h"
#include "widgets/figure_print.h"
#include "widgets/live_view.h"
#include "widgets/run_controller.h"

#include <QApplication>
#include <QImage>
#include <QTest>
#include <QXmlStreamReader>

using namespace stillroom;
using stillroom::test::SyntheticRun;

class PlotTest : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<ExperimentDocument> document_;
    std::unique_ptr<RunController> controller_;
    std::unique_ptr<LiveView> view_;

    void runSomething() {
        SyntheticRun run(3, 6'400, 4);
        auto& live = controller_->live();
        live.begin("llkd", {"=evil()", "two, with comma", "三"});
        live.apply(run.started());
        for (int epoch = 0; epoch < 4; ++epoch) {
            live.apply(run.steps(100));
            live.apply(run.evaluation());
        }
        Q_EMIT controller_->runBegan();
    }

  private Q_SLOTS:
    void init() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Dark);
        document_ = std::make_unique<ExperimentDocument>();
        controller_ = std::make_unique<RunController>(document_.get(), RunPlaces{});
        view_ = std::make_unique<LiveView>(controller_.get());
        view_->resize(1080, 780);
        view_->show();
    }

    void cleanup() {
        view_.reset();
        controller_.reset();
        document_.reset();
    }

    void everyPlotHasATable() {
        runSomething();
        QCOMPARE(view_->plots().size(), 4);
        for (const auto* plot : view_->plots()) {
            const PlotTable table = plot->table();
            QVERIFY2(table.columns.size() >= 3, qPrintable(plot->title()));
            QVERIFY2(!table.rows.isEmpty(), qPrintable(plot->title()));
            for (const auto& row : table.rows)
                QCOMPARE(row.size(), table.columns.size());
            QVERIFY(!plot->accessibleName().isEmpty());
            QVERIFY(!plot->accessibleDescription().isEmpty());
        }
    }

    void csvIsGuarded() {
        PlotTable table;
        table.columns = {"name", "value"};
        table.rows = {{"=cmd()", "-0.5"}, {"a, \"b\"", "1"}, {"-x", "2"}};
        QCOMPARE(table.csv(), QByteArray("name,value\r\n'=cmd(),-0.5\r\n\"a, \"\"b\"\"\",1\r\n'-x,2\r\n"));
    }

    void everyPlotIsExportedOnWhitePaper() {
        runSomething();
        for (auto* plot : view_->plots()) {
            QImage image;
            QVERIFY2(image.loadFromData(printFigure(*plot, PlotFormat::Png, PlotSize::Seen)(), "PNG"),
                     qPrintable(plot->title()));
            QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white)); // though the window is dark
            QCOMPARE(image.width(), 2 * std::max(480, plot->width()));
            int inked = 0;
            for (int y = 0; y < image.height(); y += 3)
                for (int x = 0; x < image.width(); x += 3)
                    inked += image.pixelColor(x, y) != QColor(Qt::white) ? 1 : 0;
            QVERIFY2(inked > 500, qPrintable(plot->title()));

            QXmlStreamReader svg(printFigure(*plot, PlotFormat::Svg, PlotSize::Seen)());
            while (!svg.atEnd())
                svg.readNext();
            QVERIFY2(!svg.hasError(), qPrintable(svg.errorString()));
            QVERIFY(printFigure(*plot, PlotFormat::Pdf, PlotSize::Seen)().startsWith("%PDF"));
            QVERIFY(printFigure(*plot, PlotFormat::Csv, PlotSize::Seen)().contains("\r\n"));
        }
        const QDir folder(QStringLiteral(STILLROOM_SOURCE_DIR "/build/screenshots"));
        folder.mkpath(".");
        int number = 0;
        for (auto* plot : view_->plots()) {
            QFile file(folder.filePath(QStringLiteral("export-%1.png").arg(++number)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(printFigure(*plot, PlotFormat::Png, PlotSize::Seen)());
        }
    }
};

QTEST_MAIN(PlotTest)
#include "plot_test.moc"
