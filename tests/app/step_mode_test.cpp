// Step mode: one batch at a press of a key or a button; the Batch tab comes to the front and shows what
// training did with each of its samples, with the texts, verdicts and thresholds that there were.
#include "tests/app/driven_window.h"

#include "widgets/batch_view.h"
#include "widgets/glyph_button.h"
#include "widgets/run_bar.h"

#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

using namespace stillroom;

class StepModeTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;

    static QToolButton* button(MainWindow& window, const QString& text) {
        for (auto* found : window.findChildren<QToolButton*>())
            if (found->isVisible() && found->defaultAction() != nullptr &&
                found->defaultAction()->text() == text)
                return found;
        return nullptr;
    }

    static std::string textOf(const MainWindow& window, std::uint32_t sample) {
        const DistillationSet& set = window.controller()->examples()->set;
        return std::string(set.data->text(set.trainingRows()[sample]));
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
    }

    void theBatchComesToTheFront() {
        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 3000, 2000));
        auto* batch = window->batchView();
        QVERIFY(window->tabs()->currentWidget() != batch);
        QVERIFY(!batch->findChild<QTableView*>()->isVisible());
        QTest::keyClick(window.get(), Qt::Key_F10);
        QTRY_COMPARE(batch->count(), 1);
        QCOMPARE(window->tabs()->currentWidget(), batch);
        QVERIFY(batch->findChild<QTableView*>()->isVisible());
        QVERIFY(test::waitFor(*window, RunState::Paused));
        QCOMPARE(window->controller()->live().step(), 1);
        // Elsewhere in between: the next step brings it back.
        window->tabs()->setCurrentIndex(0);
        QTest::mouseClick(button(*window, "Step"), Qt::LeftButton);
        QTRY_COMPARE(batch->count(), 2);
        QCOMPARE(window->tabs()->currentWidget(), batch);
        QCOMPARE(batch->model()->batch()->step, 2);
        QTest::keyClick(window.get(), Qt::Key_F5, Qt::ShiftModifier);
        QVERIFY(test::waitFor(*window, RunState::Finished));
        QCOMPARE(batch->count(), 2); // still to be looked at
        test::forget(*window);
    }

    void whatIsShownIsWhatTrainingDid() {
        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 3000, 2000));
        auto* controller = window->controller();
        controller->run();
        QVERIFY(QTest::qWaitFor([&] { return controller->live().epoch() > 8; }, 60'000));
        auto* view = window->batchView();
        for (int step = 1; step <= 5; ++step) {
            const auto keptBefore = controller->live().keptSoFar();
            const auto stepBefore = controller->live().step();
            QTest::keyClick(window.get(), Qt::Key_F10);
            QTRY_COMPARE(view->count(), step);
            QVERIFY(test::waitFor(*window, RunState::Paused));
            const BatchModel& model = *view->model();
            const BatchEvent& batch = *model.batch();
            if (step > 1) { // the first one caught the run somewhere
                QTRY_COMPARE(controller->live().step(), stepBefore + 1);
                const auto kept = std::count_if(batch.samples.begin(), batch.samples.end(),
                                                [](const auto& s) { return s.verdict == Verdict::Kept; });
                QCOMPARE(controller->live().keptSoFar() - keptBefore, static_cast<std::int64_t>(kept));
            }
            QCOMPARE(model.rowCount(), static_cast<int>(batch.samples.size()));
            QVERIFY(batch.samples.size() <= 64);
            for (int row = 0; row < model.rowCount(); ++row) {
                const auto& sample = model.sample(row);
                QCOMPARE(model.text(row),
                         QString::fromStdString(textOf(*window, sample.sample)).simplified());
                // llkd judges with the thresholds that it has just moved.
                const auto k = static_cast<std::size_t>(sample.label);
                const bool sure = atLeast(sample.confidence, batch.after.teacher[k]);
                const bool doubt = atLeast(sample.uncertainty, batch.after.student[k]);
                const Verdict wanted = sure && doubt ? Verdict::Kept
                                       : sure        ? Verdict::StudentSure
                                       : doubt       ? Verdict::TeacherUnsure
                                                     : Verdict::BothRefuse;
                QCOMPARE(sample.verdict, wanted);
                const QString reason = model.reason(row);
                QVERIFY2(sure || reason.contains(fixed(sample.confidence, 2)), qPrintable(reason));
                QVERIFY(!reason.contains(QStringLiteral("not judged")));
            }
        }
        QVERIFY(controller->live().thresholds().teacher.size() == test::ClassNames.size());
        // Thresholds go from one batch to the next without a gap.
        const BatchEvent last = *view->model()->batch();
        QTest::mouseClick(view->findChildren<GlyphButton*>().front(), Qt::LeftButton);
        const BatchEvent before = *view->model()->batch();
        QCOMPARE(before.step + 1, last.step);
        QCOMPARE(before.after.teacher, last.before.teacher);
        QCOMPARE(before.after.student, last.before.student);
        QVERIFY(last.before.student != last.after.student);
        controller->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        test::forget(*window);
    }

    void aRuleWithoutThresholds() {
        auto window = test::makeReadyWindow(
            scratch_, test::writeExperiment(scratch_, 3000, 50, "selection: {rule: random, ratio: 0.25}\n"));
        QTest::keyClick(window.get(), Qt::Key_F10);
        auto* view = window->batchView();
        QTRY_COMPARE(view->count(), 1);
        const BatchModel& model = *view->model();
        for (int row = 0; row < model.rowCount(); ++row) {
            const bool kept = model.sample(row).verdict == Verdict::Kept;
            QVERIFY(kept || model.sample(row).verdict == Verdict::NotDrawn);
            QCOMPARE(model.index(row, BatchModel::Student).data().toString(),
                     QStringLiteral("–")); // not asked
            QVERIFY(kept || model.reason(row) == QStringLiteral("Chance left it out."));
        }
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        test::forget(*window);
    }
};

QTEST_MAIN(StepModeTest)
#include "step_mode_test.moc"
