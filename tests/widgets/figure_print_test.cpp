// Every plot as a file of every kind and size: it is there, it is as large as its size says, nothing is cut,
// its CSV is its table, and its series differ without colour.
#include "widgets/figure_print.h"

#include "tests/widgets/made_plots.h"
#include "widgets/figure_export.h"
#include "widgets/series_look.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QMimeData>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QXmlStreamReader>
#include <QtEndian>
#include <algorithm>
#include <cmath>
#include <set>

using namespace stillroom;
using stillroom::test::MadePlots;

namespace {

struct Extent { // millimetres
    double width = 0, height = 0;
};

/// Of the file's own words, not by what wrote it.
Extent extentOfPng(const QByteArray& bytes) {
    Extent extent;
    double width = 0, height = 0;
    for (qsizetype at = 8; at + 12 <= bytes.size();) {
        const auto length = qFromBigEndian<quint32>(bytes.constData() + at);
        const QByteArray name = bytes.mid(at + 4, 4);
        const char* data = bytes.constData() + at + 8;
        if (name == "IHDR") {
            width = qFromBigEndian<quint32>(data);
            height = qFromBigEndian<quint32>(data + 4);
        } else if (name == "pHYs" && data[8] == 1) { // dots a metre
            extent.width = 1000 * width / qFromBigEndian<quint32>(data);
            extent.height = 1000 * height / qFromBigEndian<quint32>(data + 4);
        }
        at += 12 + length;
    }
    return extent;
}

Extent extentOfSvg(const QByteArray& bytes) {
    QXmlStreamReader xml(bytes);
    xml.readNextStartElement();
    const auto millimetres = [&](const char* name) {
        QString text = xml.attributes().value(QLatin1String(name)).toString();
        return text.endsWith(QLatin1String("mm")) ? text.chopped(2).toDouble() : 0.0;
    };
    Extent extent{millimetres("width"), millimetres("height")};
    while (!xml.atEnd())
        xml.readNext();
    return xml.hasError() ? Extent{} : extent;
}

Extent extentOfPdf(const QByteArray& bytes) {
    static const QRegularExpression box(QStringLiteral(R"(/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\])"));
    const auto match = box.match(QString::fromLatin1(bytes));
    return {match.captured(1).toDouble() * 25.4 / 72, match.captured(2).toDouble() * 25.4 / 72};
}

double leastWords(PlotSize size) { // points
    return size == PlotSize::Slide ? 16 : size == PlotSize::Column ? 7.5 : 8;
}

} // namespace

class FigurePrintTest : public QObject {
    Q_OBJECT
    std::unique_ptr<MadePlots> plots_;
    QDir pictures_{QStringLiteral(STILLROOM_SOURCE_DIR "/build/screenshots/exports")};

    static QByteArray printed(Figure& figure, PlotFormat format, PlotSize size) {
        return printFigure(figure, format, size)();
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Dark);
        plots_ = std::make_unique<MadePlots>();
        QVERIFY(pictures_.mkpath("."));
    }
    void cleanupTestCase() { plots_.reset(); }

    void everyPlotInEverySize_data() {
        QTest::addColumn<int>("index");
        QTest::addColumn<int>("size");
        const auto all = plots_->all();
        for (int i = 0; i < static_cast<int>(all.size()); ++i)
            for (const PlotSize size : PlotSizes)
                QTest::addRow("%s %s", all[static_cast<std::size_t>(i)].name, qPrintable(plotSizeKey(size)))
                    << i << static_cast<int>(size);
    }
    void everyPlotInEverySize() {
        QFETCH(int, index);
        QFETCH(int, size);
        const auto paper = static_cast<PlotSize>(size);
        const auto [name, figure] = plots_->all()[static_cast<std::size_t>(index)];
        QVERIFY(!figure->isEmpty());
        const double width = paper == PlotSize::Column ? 85
                             : paper == PlotSize::Page ? 170
                             : paper == PlotSize::Slide
                                 ? 338.67
                                 : std::max(480, figure->seenSize().width()) * 25.4 / 96;
        const auto fits = [&](const Extent& extent) {
            return std::abs(extent.width - width) < 0.25 &&
                   (paper == PlotSize::Slide    ? std::abs(extent.height - 190.5) < 0.25
                    : paper == PlotSize::Column ? extent.height > 61.7 && extent.height < 240.3
                    : paper == PlotSize::Page   ? extent.height > 99.7 && extent.height < 240.3
                                                : extent.height > 70);
        };
        const QByteArray png = printed(*figure, PlotFormat::Png, paper);
        QVERIFY2(fits(extentOfPng(png)), qPrintable(QString::number(extentOfPng(png).height)));
        const QByteArray svg = printed(*figure, PlotFormat::Svg, paper);
        QVERIFY2(fits(extentOfSvg(svg)), qPrintable(QString::number(extentOfSvg(svg).height)));
        QVERIFY(fits(extentOfPdf(printed(*figure, PlotFormat::Pdf, paper))));
        QCOMPARE(printed(*figure, PlotFormat::Csv, paper), figure->table().csv());

        QImage image;
        QVERIFY(image.loadFromData(png, "PNG"));
        QVERIFY(image.width() >= 2 * width / 25.4 * 96 - 1);
        int inked = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const bool ink = image.pixel(x, y) != qRgb(255, 255, 255);
                inked += ink ? 1 : 0;
                // Nothing is cut: the rim is white, though the window is dark.
                if (x < 3 || y < 3 || x >= image.width() - 3 || y >= image.height() - 3)
                    QVERIFY2(!ink, qPrintable(QStringLiteral("%1 %2").arg(x).arg(y)));
            }
        QVERIFY(inked > 3000);
        QVERIFY(image.save(
            pictures_.filePath(QStringLiteral("%1-%2.png").arg(plotSizeKey(paper), QLatin1String(name)))));
    }

    void wordsAreLargeEnoughOnPaper() {
        static const QRegularExpression words(QStringLiteral(R"(font-size="([0-9.]+)\")"));
        for (const auto& [name, figure] : plots_->all())
            for (const PlotSize size : {PlotSize::Column, PlotSize::Page, PlotSize::Slide}) {
                const QByteArray svg = printed(*figure, PlotFormat::Svg, size);
                QXmlStreamReader xml(svg);
                xml.readNextStartElement();
                const QStringList box =
                    xml.attributes().value(QLatin1String("viewBox")).toString().split(u' ');
                QCOMPARE(box.size(), 4);
                const double millimetre = extentOfSvg(svg).width / box[2].toDouble();
                double least = 1e9;
                auto matches = words.globalMatch(QString::fromUtf8(svg));
                while (matches.hasNext())
                    least = std::min(least, matches.next().captured(1).toDouble());
                const double points = least * millimetre * 72 / 25.4;
                // Twenty-six rows on a slide have to be drawn smaller; everything else is as large as it
                // should be.
                const bool rows = size == PlotSize::Slide && figure->leastHeight(600) > 371;
                QVERIFY2(points > (rows ? 9 : leastWords(size)) - 0.1 && points < 30,
                         qPrintable(QStringLiteral("%1 %2: %3 pt")
                                        .arg(QLatin1String(name))
                                        .arg(plotSizeKey(size))
                                        .arg(points)));
            }
    }

    void everyClassHasItsRow() {
        // "class 26" is the last of all, and short enough to stand there in full.
        for (Figure* figure :
             std::initializer_list<Figure*>{plots_->thresholds.get(), plots_->confusion.get()})
            for (const PlotSize size : PlotSizes) {
                const QString svg = QString::fromUtf8(printed(*figure, PlotFormat::Svg, size));
                for (const char* name : {">class 2", ">class 24", ">class 26"})
                    QVERIFY2(svg.contains(QLatin1String(name)),
                             qPrintable(plotSizeKey(size) + QLatin1String(name)));
            }
    }

    void curvesDifferWithoutColour() {
        // Every line of the file, by everything but its colour.
        const QByteArray svg = printed(*plots_->curves, PlotFormat::Svg, PlotSize::Column);
        std::set<QString> dashes;
        QXmlStreamReader xml(svg);
        while (!xml.atEnd())
            if (xml.readNext() == QXmlStreamReader::StartElement)
                if (const auto dash = xml.attributes().value(QLatin1String("stroke-dasharray"));
                    !dash.isEmpty())
                    dashes.insert(dash.toString());
        QVERIFY2(dashes.size() >= 4, qPrintable(QString::number(dashes.size()))); // of five, one is solid
        // As the eye of a printer sees them: each as a line with its marker, all in one ink.
        std::set<QByteArray> seen;
        for (int number = 0; number < 64; ++number) {
            QCustomPlot canvas;
            auto* graph = canvas.addGraph();
            QPen line = seriesLine(number, Theme::paper(), 2);
            line.setColor(Qt::black);
            QCPScatterStyle mark = seriesMark(number, Theme::paper(), 8);
            QPen edge = mark.pen();
            edge.setColor(Qt::black);
            mark.setPen(edge);
            if (mark.brush().color() != QColor(Qt::white))
                mark.setBrush(Qt::black);
            graph->setPen(line);
            graph->setScatterStyle(mark);
            graph->setData({0, 1, 2}, {1, 1, 1});
            canvas.xAxis->setRange(-0.2, 2.2);
            canvas.yAxis->setRange(0, 2);
            const QImage image =
                canvas.toPixmap(240, 80).toImage().convertToFormat(QImage::Format_Grayscale8);
            seen.insert(QByteArray(reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes()));
        }
        QCOMPARE(seen.size(), std::size_t{64});
    }

    void theClipboardCarriesPictureVectorsAndNumbers() {
        FigureExport::setSize(PlotSize::Page);
        plots_->kept->takeaway()->copy();
        const QMimeData* clip = QApplication::clipboard()->mimeData();
        QVERIFY(clip->hasImage());
        QCOMPARE(qvariant_cast<QImage>(clip->imageData()).width(), 2008); // 170 mm of 300 dots an inch
        QVERIFY(std::abs(extentOfSvg(clip->data(QStringLiteral("image/svg+xml"))).width - 170) < 0.1);
        QCOMPARE(clip->text(), plots_->kept->table().text(u'\t'));
    }

    void theMenuOffersAllAndRemembersTheSize() {
        FigureExport::setSize(PlotSize::Column);
        for (const auto& [name, figure] : plots_->all()) {
            auto* widget = dynamic_cast<QWidget*>(figure);
            QMenu menu;
            widget->findChild<FigureExport*>()->fill(&menu);
            QStringList words;
            for (const auto* action : menu.actions())
                if (!action->isSeparator()) {
                    QVERIFY(action->isEnabled());
                    words << action->text();
                }
            QCOMPARE(words, (QStringList{"Show as table", "Copy", "Save as PNG…", "Save as SVG…",
                                         "Save as PDF…", "Save as CSV…", "Size of copies and files"}));
            auto* sizes = menu.findChild<QMenu*>();
            QVERIFY(sizes != nullptr);
            QVERIFY(sizes->actions()[1]->isChecked());
        }
        QMenu menu;
        plots_->kept->takeaway()->fill(&menu);
        menu.findChild<QMenu*>()->actions()[3]->trigger();
        QCOMPARE(FigureExport::size(), PlotSize::Slide);
        const LiveModel none{};
        const KeptPlot empty(none);
        QMenu nothing;
        empty.takeaway()->fill(&nothing);
        for (const auto* action : nothing.actions())
            QVERIFY(!action->isEnabled());
    }

    void theWindowIsAsItWasAfterwards() {
        ThresholdsPlot& plot = *plots_->thresholds;
        plot.resize(420, 260);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QTest::qWait(50);
        plot.refreshAll(); // its scroll bar comes when its size is known
        QTest::qWait(50);
        const QImage before = plot.grab().toImage();
        for (const PlotSize size : PlotSizes)
            QVERIFY(!printed(plot, PlotFormat::Svg, size).isEmpty());
        QTest::qWait(50);
        QCOMPARE(plot.grab().toImage(), before);
        plot.hide();
    }

    void namesOfFilesAreOfTheirTitles() {
        QCOMPARE(figureFileName("Samples kept per step"), QString("samples-kept-per-step"));
        QCOMPARE(figureFileName("Confidence × uncertainty"), QString("confidence-uncertainty"));
        QCOMPARE(figureFileName("Teacher's thresholds / over time!"),
                 QString("teachers-thresholds-over-time"));
        QCOMPARE(figureFileName("../Été"), QString("ete"));
        QCOMPARE(figureFileName("…"), QString("plot"));
        QVERIFY(figureFileName(QString(300, u'a')).size() <= 60);
    }
};

QTEST_MAIN(FigurePrintTest)
#include "figure_print_test.moc"
