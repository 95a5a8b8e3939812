// The Plane tab under a hand: what is dragged is counted as a reference counts it, applied as one undo, and
// what is pointed at is listed.
#include "widgets/plane_view.h"

#include "tests/widgets/made_lab.h"
#include "widgets/density_model.h"
#include "widgets/plane_picture.h"
#include "widgets/plane_plot.h"
#include "widgets/theme.h"
#include "widgets/what_if_model.h"

#include <QApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

using namespace stillroom;
using stillroom::test::MadeLab;

namespace {

struct Naive {
    std::int64_t kept = 0, enters = 0, leaves = 0, right = 0, gold = 0;
};

bool keeps(const SampleTable& table, std::span<const SampleTrace> traces, const Thresholds& bars,
           std::size_t i) {
    const auto k = static_cast<std::size_t>(table.labels[i]);
    const bool teacher = bars.teacher.empty() || atLeast(table.confidences[i], bars.teacher[k]);
    const bool student = bars.student.empty() || traces.empty() || !traces[i].scored() ||
                         atLeast(traces[i].uncertainty(), bars.student[k]);
    return teacher && student;
}

Naive count(const LabModel& lab, const Thresholds& then) {
    const SampleTable& table = *lab.table();
    const auto traces = lab.snapshot() ? lab.snapshot()->traces() : std::span<const SampleTrace>();
    Naive naive;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const bool now = keeps(table, traces, lab.baseline().thresholds, i);
        const bool would = keeps(table, traces, then, i);
        naive.kept += would ? 1 : 0;
        naive.enters += would && !now ? 1 : 0;
        naive.leaves += now && !would ? 1 : 0;
        if (would && table.gold[i] >= 0) {
            ++naive.gold;
            naive.right += table.gold[i] == table.labels[i] ? 1 : 0;
        }
    }
    return naive;
}

} // namespace

class PlaneViewTest : public QObject {
    Q_OBJECT
  private:
    static bool show(PlaneView& view) {
        view.resize(1080, 760);
        view.show();
        return QTest::qWaitForWindowExposed(&view);
    }
    /// The picture is counted and drawn.
    static bool drawn(PlaneView& view) {
        return QTest::qWaitFor([&] { return view.density()->map() != nullptr; }, 10'000) &&
               (QTest::qWait(80), true);
    }
    static bool answered(PlaneView& view, const LabModel& lab) {
        return QTest::qWaitFor(
            [&] {
                const auto& answer = view.whatIf()->answer();
                return answer && answer->supposed == lab.hypothesis().any() &&
                       answer->then.all.kept == count(lab, lab.supposed()).kept;
            },
            10'000);
    }
    static void drag(PlanePlot* plot, QPoint from, QPoint way, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(plot, Qt::LeftButton, keys, from);
        for (int step = 1; step <= 5; ++step)
            QTest::mouseMove(plot, from + way * step / 5);
        QTest::mouseRelease(plot, Qt::LeftButton, keys, from + way);
    }
    static QToolButton* button(QWidget& view, const QString& text) {
        for (auto* found : view.findChildren<QToolButton*>())
            if (found->text() == text)
                return found;
        return nullptr;
    }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void draggingAsksWhatIf() {
        MadeLab made(3000);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(2));
        QVERIFY(drawn(view));
        for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student}) {
            made.lab.forget();
            QVERIFY(answered(view, made.lab));
            const auto grip = view.plot()->gripOf(side);
            QVERIFY(grip.has_value());
            const bool teacher = side == ThresholdSide::Teacher;
            drag(view.plot(), grip->toPoint(), teacher ? QPoint(40, 0) : QPoint(0, -40));
            // The line is where the hand is: the mean of the classes moved by so many pixels of the axis.
            const auto& before = made.lab.baseline().of(side);
            const Thresholds supposed = made.lab.supposed();
            const auto& after = teacher ? supposed.teacher : supposed.student;
            QVERIFY(after[0] > before[0]);
            QVERIFY(std::abs(after[0] / before[0] - after[3] / before[3]) < 1e-9); // together
            const auto moved = view.plot()->gripOf(side);
            QVERIFY(moved.has_value());
            QVERIFY(std::abs((teacher ? moved->x() - grip->x() : grip->y() - moved->y()) - 40) < 2.5);
            QVERIFY(answered(view, made.lab));
            const Naive naive = count(made.lab, made.lab.supposed());
            const WhatIfCounts& all = view.whatIf()->answer()->then.all;
            QCOMPARE(all.kept, naive.kept);
            QCOMPARE(all.enters, naive.enters);
            QCOMPARE(all.leaves, naive.leaves);
            QCOMPARE(all.keptWithGold, naive.gold);
            QCOMPARE(all.keptRight, naive.right);
            QVERIFY(naive.leaves > 0);
            QCOMPARE(view.whatIf()->answer()->now.all.kept,
                     count(made.lab, made.lab.baseline().thresholds).kept);
        }
    }

    void oneClassAlone() {
        MadeLab made(3000);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        made.lab.chooseClass(5);
        QVERIFY(drawn(view));
        const auto grip = view.plot()->gripOf(ThresholdSide::Student);
        QVERIFY(grip.has_value());
        drag(view.plot(), grip->toPoint(), QPoint(0, 30));
        const Thresholds supposed = made.lab.supposed();
        for (std::size_t k = 0; k < 7; ++k)
            QCOMPARE(supposed.student[k] < made.lab.baseline().thresholds.student[k], k == 5);
        QVERIFY(answered(view, made.lab));
        QVERIFY(view.whatIf()->answer()->then.byClass[5].enters > 0);
        QCOMPARE(view.whatIf()->answer()->then.all.enters, view.whatIf()->answer()->then.byClass[5].enters);
        // Apply through the button: one undo step with the class's name in it.
        auto* apply = view.findChild<QPushButton*>();
        QVERIFY(apply != nullptr && apply->isEnabled());
        const int before = made.document.undoStack()->count();
        QTest::mouseClick(apply, Qt::LeftButton);
        QCOMPARE(made.document.undoStack()->count(), before + 1);
        QVERIFY(made.document.experiment().selection.studentClassScales.contains("class_5"));
        QVERIFY(!apply->isEnabled());
        made.document.undoStack()->undo();
        QVERIFY(made.document.experiment().selection.studentClassScales.empty());
    }

    void arrowKeysMoveLinesAndEscapeTakesThemBack() {
        MadeLab made(1000);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        QVERIFY(drawn(view));
        const auto mean = [](const std::vector<double>& bars) {
            double sum = 0;
            for (const double bar : bars)
                sum += bar;
            return sum / static_cast<double>(bars.size());
        };
        const Thresholds before = made.lab.baseline().thresholds;
        QTest::keyClick(view.plot(), Qt::Key_Right);
        QTest::keyClick(view.plot(), Qt::Key_Right);
        QTest::keyClick(view.plot(), Qt::Key_Up, Qt::ShiftModifier);
        QVERIFY(std::abs(mean(made.lab.supposed().teacher) - mean(before.teacher) - 0.01) < 1e-6);
        QVERIFY(std::abs(mean(made.lab.supposed().student) - mean(before.student) - 0.01) < 1e-6);
        QTest::keyClick(view.plot(), Qt::Key_Escape);
        QVERIFY(!made.lab.hypothesis().any());
    }

    void aBrushIsListed() {
        MadeLab made(3000);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        QVERIFY(drawn(view));
        QSignalSpy wanted(&view, &PlaneView::samplesWanted);
        const QPoint a = view.plot()->pixelOf(0.7, 0.6).toPoint(),
                     b = view.plot()->pixelOf(0.9, 0.2).toPoint();
        drag(view.plot(), a, b - a, Qt::ShiftModifier);
        QVERIFY(!made.lab.hypothesis().any()); // no line was moved
        QVERIFY(view.plot()->brush().has_value());
        auto* list = button(view, "show in Samples");
        QVERIFY(list != nullptr && list->isVisible());
        list->click();
        QCOMPARE(wanted.size(), 1);
        const auto filter = wanted[0][0].value<SampleFilter>();
        QVERIFY(std::abs(filter.confidenceLow - 0.7F) < 0.004F);
        QVERIFY(std::abs(filter.confidenceHigh - 0.9F) < 0.004F);
        QVERIFY(std::abs(filter.uncertaintyLow - 0.2F) < 0.004F);
        QVERIFY(std::abs(filter.uncertaintyHigh - 0.6F) < 0.004F);
        // The count beside it is what the filter finds.
        FilterInput input;
        input.table = made.lab.table().get();
        input.traces = made.lab.snapshot()->traces();
        std::vector<std::uint32_t> found;
        filterColumns(filter, input, found);
        QVERIFY(found.size() > 50);
        const QString count =
            QStringLiteral("%1 texts in the region").arg(QLocale::c().toString(qint64(found.size())));
        QVERIFY(QTest::qWaitFor([&] {
            for (auto* label : view.findChildren<QLabel*>())
                if (label->text() == count)
                    return true;
            return false;
        }));
        QTest::keyClick(view.plot(), Qt::Key_Escape);
        QVERIFY(!view.plot()->brush().has_value());
        // The button does what Shift does.
        button(view, "Select a region")->click();
        drag(view.plot(), a, b - a);
        QVERIFY(view.plot()->brush().has_value());
    }

    void entersAndLeavesAreLinks() {
        MadeLab made(2000);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        QVERIFY(drawn(view));
        for (int i = 0; i < 10; ++i)
            QTest::keyClick(view.plot(), Qt::Key_Right);
        QVERIFY(answered(view, made.lab));
        QSignalSpy wanted(&view, &PlaneView::samplesWanted);
        const auto leaves = view.whatIf()->answer()->then.all.leaves;
        QVERIFY(leaves > 0);
        auto* link = button(view, QLocale::c().toString(qint64(leaves)));
        QVERIFY(link != nullptr);
        link->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].value<SampleFilter>().show, SampleFilter::Show::Leaves);
    }

    void beforeARunTheTeacherAlone() {
        MadeLab made(2000);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(
            QTest::qWaitFor([&] { return view.plot()->gripOf(ThresholdSide::Teacher).has_value(); }, 10'000));
        QVERIFY(!view.plot()->gripOf(ThresholdSide::Student).has_value());
        drag(view.plot(), view.plot()->gripOf(ThresholdSide::Teacher)->toPoint(), QPoint(50, 0));
        QVERIFY(made.lab.hypothesis().any());
        QVERIFY(answered(view, made.lab));
        QVERIFY(view.whatIf()->answer()->then.all.kept < view.whatIf()->answer()->now.all.kept);
        QVERIFY(!view.whatIf()->answer()->asked);
        QVERIFY(!view.plot()->table().rows.isEmpty());
    }

    void aRuleWithoutThresholdsSaysSo() {
        MadeLab made(500);
        QVERIFY(made.ready());
        PlaneView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.document.setAll("rule", {{"selection.rule", "random"}, {"selection.ratio", "0.2"}}));
        QVERIFY(QTest::qWaitFor([&] {
            for (auto* label : view.findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains("by chance"))
                    return true;
            return false;
        }));
        QVERIFY(!view.plot()->gripOf(ThresholdSide::Teacher).has_value());
        QVERIFY(!view.whatIf()->answer().has_value());
        QTest::keyClick(view.plot(), Qt::Key_Right);
        QVERIFY(!made.lab.hypothesis().any());
    }

    void thePictureIsTheMap() {
        DensityMap map;
        map.columns = 3;
        map.rows = 2;
        map.all = {0, 1, 8, 64, 0, 0};
        map.right = {0, 1, 0, 32, 0, 0};
        map.wrong = {0, 0, 8, 32, 0, 0};
        map.largest = 64;
        for (const Theme* colours : {&Theme::paper(), &theme()}) {
            const QImage density = densityPicture(map, *colours);
            QCOMPARE(density.size(), QSize(3, 2));
            QCOMPARE(qAlpha(density.pixel(0, 1)), 0); // row 0 is the lowest
            QCOMPARE(density.pixelColor(1, 1).name(), densityColour(0, *colours).name());
            QCOMPARE(density.pixelColor(0, 0).name(), densityColour(1, *colours).name());
            const QImage right = rightPicture(map, *colours);
            QVERIFY(right.pixelColor(2, 1).red() > right.pixelColor(2, 1).blue()); // wrong: vermilion
            QVERIFY(right.pixelColor(1, 1).blue() > right.pixelColor(1, 1).red()); // right: blue
        }
        // Even steps: from few to many the lightness goes one way, on paper down and in the dark up.
        double last = 2;
        for (int i = 0; i <= 20; ++i) {
            const double lightness = densityColour(i / 20.0, Theme::paper()).lightnessF();
            QVERIFY(lightness < last + 1e-6);
            last = lightness;
        }
    }
};

QTEST_MAIN(PlaneViewTest)
#include "plane_view_test.moc"
