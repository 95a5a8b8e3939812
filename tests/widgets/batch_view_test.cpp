// Step mode's tab: what each row says of a sample, worked out by hand; the head's counts; thresholds that
// moved; the last fifty batches.
#include "widgets/batch_view.h"

#include "tests/widgets/made_lab.h"
#include "widgets/glyph_button.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

using namespace stillroom;
using stillroom::test::MadeLab;

class BatchViewTest : public QObject {
    Q_OBJECT
  private:
    /// Samples 0, 1, 2, … with a verdict each; thresholds by class as given.
    static BatchEvent::Sample sample(std::uint32_t number, Verdict verdict, std::int32_t label,
                                     float confidence, std::int32_t studentLabel, float uncertainty) {
        BatchEvent::Sample made;
        made.sample = number;
        made.verdict = verdict;
        made.label = label;
        made.confidence = confidence;
        made.studentLabel = studentLabel;
        made.studentConfidence = 0.61F;
        made.uncertainty = uncertainty;
        made.loss = 1.25F;
        made.weight = verdict == Verdict::Kept ? 1.0F : 0.0F;
        return made;
    }

    static BatchEvent batch(std::int64_t step = 12) {
        BatchEvent event;
        event.step = step;
        event.epoch = 2;
        event.before.teacher.assign(MadeLab::Classes, 0.8);
        event.before.student.assign(MadeLab::Classes, 0.4);
        event.after = event.before;
        event.after.teacher[1] = 0.812;
        event.after.student[2] = 0.3996; // 0.400 in three decimals: no move to speak of
        event.samples = {
            sample(0, Verdict::TeacherUnsure, 1, 0.62F, 3, 0.7F),
            sample(1, Verdict::Kept, 0, 0.92F, 2, 0.63F), sample(2, Verdict::StudentSure, 0, 0.9F, 0, 0.12F),
            sample(3, Verdict::BothRefuse, 1, 0.7F, 1, 0.2F), sample(4, Verdict::Kept, 1, 0.99F, 1, 0.5F)};
        return event;
    }

    static QString cell(const BatchModel& model, int row, BatchModel::Column column,
                        int role = Qt::DisplayRole) {
        return model.index(row, column).data(role).toString();
    }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void eachVerdictHasItsReason() {
        MadeLab lab(200);
        QVERIFY(lab.ready());
        const auto& names = lab.lab.classes();
        const BatchEvent event = batch();
        const auto reason = [&](std::size_t i) { return verdictReason(event, event.samples[i], names, -1); };
        const QString first = QString::fromStdString(names[0]), second = QString::fromStdString(names[1]);
        QCOMPARE(reason(0), "The teacher is not sure enough of " + second + " (0.62, bar 0.81).");
        QCOMPARE(reason(1), "The teacher is sure (0.92, bar 0.80) and the student is not (0.63, bar 0.40).");
        QCOMPARE(reason(2), "The student has little doubt left (0.12, bar 0.40, for " + first + ").");
        QCOMPARE(reason(3),
                 "The teacher is not sure enough (0.70, bar 0.81), and the student has little doubt left "
                 "(0.20, bar 0.40).");
        QCOMPARE(verdictFigures(event, event.samples[1]), QStringLiteral("0.92 ≥ 0.80 · u 0.63 ≥ 0.40"));
        QCOMPARE(verdictFigures(event, event.samples[2]), QStringLiteral("u 0.12 < 0.40"));
    }

    void rulesWithoutThresholdsSayWhatTheyDo() {
        MadeLab lab(200);
        QVERIFY(lab.ready());
        const auto& names = lab.lab.classes();
        BatchEvent event;
        event.step = 1;
        const auto said = [&](Verdict verdict, int gold = -1) {
            auto made = sample(0, verdict, 1, 0.9F, 2, 0.3F);
            return verdictReason(event, made, names, gold);
        };
        QSet<QString> sentences;
        for (int verdict = 1; verdict < VerdictCount; ++verdict)
            sentences.insert(said(static_cast<Verdict>(verdict), 0));
        QCOMPARE(sentences.size(), qsizetype{VerdictCount} - 1);
        QVERIFY(said(Verdict::LabelWrong, 0)
                    .contains(QString::fromStdString(names[1]) + ", gold says " +
                              QString::fromStdString(names[0])));
        QVERIFY(said(Verdict::LossHigh).contains("1.25"));
        // FixMatch and its kin: the bar is that of the student's own label.
        event.after.studentConfidence.assign(MadeLab::Classes, 0.95);
        event.after.studentConfidence[2] = 0.7;
        QVERIFY(
            said(Verdict::StudentUnsure).contains(QString::fromStdString(names[2]) + " (0.61, bar 0.70)"));
    }

    void theTableShowsTheBatch() {
        MadeLab lab(200);
        QVERIFY(lab.ready());
        BatchModel model;
        model.setTable(lab.lab.table());
        model.show(std::make_shared<const BatchEvent>(batch()));
        QCOMPARE(model.rowCount(), 5);
        // Kept first, each group as it came.
        for (const auto& [row, number] :
             {std::pair(0, 1U), std::pair(1, 4U), std::pair(2, 0U), std::pair(3, 2U)})
            QCOMPARE(model.sample(row).sample, number);
        model.setOrder(BatchModel::Order::AsDrawn);
        QCOMPARE(model.sample(0).sample, 0U);
        const auto& data = *lab.lab.table()->set.data;
        const auto row = lab.lab.table()->rows[1];
        QCOMPARE(cell(model, 1, BatchModel::Text),
                 QString::fromStdString(std::string(data.text(row))).simplified());
        QCOMPARE(cell(model, 1, BatchModel::Gold),
                 QString::fromStdString(data.classes()[static_cast<std::size_t>(data.gold(row))]));
        QCOMPARE(cell(model, 1, BatchModel::Teacher, BatchModel::Note), QStringLiteral("0.92"));
        QCOMPARE(cell(model, 1, BatchModel::Uncertainty), QStringLiteral("0.63"));
        QCOMPARE(cell(model, 1, BatchModel::Weight), QStringLiteral("1.00"));
        QCOMPARE(cell(model, 0, BatchModel::Weight), QStringLiteral("–"));
        QVERIFY(model.index(1, BatchModel::Decision).data(BatchModel::Kept).toBool());
        QVERIFY(!model.index(0, BatchModel::Decision).data(BatchModel::Kept).toBool());
        QCOMPARE(model.index(0, BatchModel::Teacher).data(BatchModel::Bar).toDouble(), 0.812);
        QCOMPARE(model.index(0, BatchModel::Teacher).data(BatchModel::Right).toInt(),
                 data.gold(lab.lab.table()->rows[0]) == 1 ? 1 : 0);
    }

    void aStudentThatWasNotAskedHasNothingToSay() {
        MadeLab lab(200);
        QVERIFY(lab.ready());
        BatchEvent event = batch();
        for (auto& each : event.samples)
            each.studentLabel = -1;
        event.after.student.clear();
        BatchModel model;
        model.setTable(lab.lab.table());
        model.show(std::make_shared<const BatchEvent>(event));
        QCOMPARE(cell(model, 0, BatchModel::Student), QStringLiteral("–"));
        QCOMPARE(cell(model, 0, BatchModel::Loss), QStringLiteral("–"));
        QVERIFY(!model.index(0, BatchModel::Uncertainty).data(BatchModel::Share).isValid());
        QCOMPARE(model.reason(0), QStringLiteral("The teacher is sure (0.92, bar 0.80)."));
    }

    void theViewFollowsAndRemembers() {
        MadeLab lab(200);
        QVERIFY(lab.ready());
        BatchView view(&lab.controller, &lab.lab);
        view.resize(1100, 700);
        view.show();
        lab.begin();
        QSignalSpy arrived(&view, &BatchView::arrived);
        for (int i = 1; i <= 53; ++i)
            lab.tell(batch(i));
        QCOMPARE(arrived.size(), 53);
        QCOMPARE(view.count(), static_cast<int>(BatchView::Remembered));
        QCOMPARE(view.place(), 49);
        QCOMPARE(view.model()->batch()->step, 53);
        const auto buttons = view.findChildren<GlyphButton*>();
        auto* back = buttons[0];
        auto* forward = buttons[1];
        QVERIFY(!forward->isEnabled());
        QTest::mouseClick(back, Qt::LeftButton);
        QCOMPARE(view.model()->batch()->step, 52);
        QVERIFY(forward->isEnabled());
        for (int i = 0; i < 60; ++i)
            back->click();
        QCOMPARE(view.model()->batch()->step, 4); // the oldest of fifty
        QVERIFY(!back->isEnabled());
        lab.tell(batch(54)); // a step that was asked for is looked at
        QCOMPARE(view.model()->batch()->step, 54);
        lab.begin(); // another run
        QCOMPARE(view.count(), 0);
        QVERIFY(!view.findChild<QTableView*>()->isVisible());
    }

    void theHeadCountsAndTheThresholdsMove() {
        MadeLab lab(200);
        QVERIFY(lab.ready());
        BatchView view(&lab.controller, &lab.lab);
        view.resize(1100, 700);
        view.show();
        lab.begin();
        lab.tell(batch());
        QStringList words;
        for (auto* label : view.findChildren<QLabel*>())
            words << label->text();
        QVERIFY(words.contains("Step 12"));
        QVERIFY(words.contains("kept 2 of 5"));
        const auto* table = lab.lab.table().get();
        const int right = (table->gold[1] == 0) + (table->gold[4] == 1);
        QVERIFY2(words.join(u'\n').contains(QStringLiteral("right on %1 of the 2 kept").arg(right)),
                 qPrintable(words.join(u'\n')));
        auto* thresholds = view.findChild<NumberTable*>();
        QCOMPARE(thresholds->rowCount(), MadeLab::Classes);
        QCOMPARE(thresholds->item(1, 1)->text(), QStringLiteral("1 of 3"));
        QCOMPARE(thresholds->item(1, 2)->text(), QStringLiteral("0.800 → 0.812"));
        QVERIFY(thresholds->item(1, 2)->font().bold());
        QCOMPARE(thresholds->item(2, 3)->text(), QStringLiteral("0.400"));
        QVERIFY(!thresholds->item(2, 3)->font().bold());
    }
};

QTEST_MAIN(BatchViewTest)
#include "batch_view_test.moc"
