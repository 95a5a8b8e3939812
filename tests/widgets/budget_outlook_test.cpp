// When a budget ends a run, worked out by hand: 6,400 texts, batches of 64, 100 steps an epoch, ten epochs.
#include "widgets/budget_outlook.h"

#include <QTest>

using namespace stillroom;

class BudgetOutlookTest : public QObject {
    Q_OBJECT
  private:
    Experiment experiment_;
    DataSummary summary_;
    LiveModel live_;

    BudgetView view() {
        BudgetView made;
        made.experiment = &experiment_;
        made.summary = &summary_;
        made.live = &live_;
        return made;
    }
    /// `steps` steps of which each kept `kept`, trained in `seconds`.
    void ran(std::int64_t steps, std::int32_t kept, double seconds) {
        StartedEvent start;
        start.samples = 6400;
        start.epochs = 10;
        start.stepsPerEpoch = 100;
        start.batch = 64;
        live_.begin("run", {"a", "b"});
        live_.apply(start);
        StepsEvent event;
        for (std::int64_t i = 1; i <= steps; ++i) {
            StepRecord record;
            record.step = i;
            record.candidates = 64;
            record.kept = kept;
            event.steps.push_back(record);
        }
        event.counts.total = 6400;
        event.counts.gradient = steps * kept;
        event.counts.distinct = steps * kept / 2;
        event.secondsTrained = seconds;
        live_.apply(event);
    }

  private Q_SLOTS:
    void init() {
        experiment_ = {};
        live_ = {};
        summary_ = {};
        summary_.taught = 6400;
        experiment_.training.batch = 64;
        experiment_.training.epochs = 10;
        experiment_.selection.rule = RuleKind::All;
    }

    void noBudgetSaysNothing() {
        QVERIFY(gradientBudgetWords(view()).isEmpty());
        QVERIFY(distinctBudgetWords(view()).isEmpty());
        QVERIFY(minutesBudgetWords(view()).isEmpty());
    }

    void aRuleThatKeepsAKnownNumber() {
        experiment_.training.stop.gradientSamples = 16'000; // 250 steps of 64
        QCOMPARE(gradientBudgetWords(view()), QStringLiteral("ends at about step 250, in epoch 3"));
        experiment_.selection.rule = RuleKind::Random;
        experiment_.selection.ratio = 0.25; // 16 a step: 1,000 steps, the last of the run
        QCOMPARE(gradientBudgetWords(view()), QStringLiteral("ends at about step 1,000, in epoch 10"));
        experiment_.training.stop.gradientSamples = 16'001;
        QCOMPARE(gradientBudgetWords(view()),
                 QStringLiteral("not reached: the epochs end it before, at step 1,000"));
    }

    void aRuleThatDecidesAsItGoes() {
        experiment_.selection.rule = RuleKind::Llkd;
        experiment_.training.stop.gradientSamples = 6400; // of 64,000
        QVERIFY(gradientBudgetWords(view()).contains("10.0 %"));
        // Another run with these settings kept 8 of each batch: 800 steps.
        ran(50, 8, 5);
        auto with = view();
        with.ran = &experiment_.selection;
        QCOMPARE(gradientBudgetWords(with), QStringLiteral("ends at about step 800, in epoch 8"));
        // Under way: 400 are spent at step 50, what is left takes 750 steps more at this rate.
        with.underWay = true;
        QCOMPARE(gradientBudgetWords(with), QStringLiteral("ends at about step 800, in epoch 8"));
        // A run with other settings says nothing of these.
        SelectionSettings other = experiment_.selection;
        other.studentScale = 0.5;
        with.underWay = false;
        with.ran = &other;
        QVERIFY(gradientBudgetWords(with).contains("10.0 %"));
    }

    void distinctSamples() {
        experiment_.training.stop.distinctSamples = 3200; // within the first epoch each text is new: 50 steps
        QCOMPARE(distinctBudgetWords(view()), QStringLiteral("ends at about step 50, in epoch 1"));
        experiment_.training.stop.distinctSamples = 6401;
        QCOMPARE(distinctBudgetWords(view()), QStringLiteral("not reached: there are 6,400 texts"));
        experiment_.selection.rule = RuleKind::Llkd;
        experiment_.training.stop.distinctSamples = 3200;
        QVERIFY(distinctBudgetWords(view()).contains("50.0 %"));
    }

    void minutes() {
        experiment_.training.stop.minutes = 0.5;
        QVERIFY(minutesBudgetWords(view()).contains("when something has run"));
        ran(100, 64, 10); // ten steps a second: 300 in half a minute
        QCOMPARE(minutesBudgetWords(view()), QStringLiteral("ends at about step 300, in epoch 3"));
    }
};

QTEST_GUILESS_MAIN(BudgetOutlookTest)
#include "budget_outlook_test.moc"
