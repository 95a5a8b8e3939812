#include "core/selection/weights.h"

#include <QtTest>
#include <array>
#include <cmath>

using namespace stillroom;

class WeightsTest : public QObject {
    Q_OBJECT

    const std::array<std::uint32_t, 4> samples_ = {0, 1, 2, 3};
    const std::array<std::int32_t, 4> labels_ = {0, 1, 0, 1};
    const std::array<float, 4> confidences_ = {0.5F, 1.0F, 0.25F, 0.75F};
    const std::array<float, 4> uncertainties_ = {1.0F, 0.5F, 0.5F, 0.25F};

    Batch batch() const {
        Batch batch;
        batch.samples = samples_;
        batch.labels = labels_;
        batch.confidences = confidences_;
        batch.uncertainties = uncertainties_;
        return batch;
    }

    static SelectionSettings settings(Weighting weight, double alpha, double beta) {
        SelectionSettings settings;
        settings.weight = weight;
        settings.alpha = alpha;
        settings.beta = beta;
        return settings;
    }

    static Decision keeping(std::vector<std::uint8_t> keep) {
        Decision decision;
        decision.keep = std::move(keep);
        return decision;
    }

  private Q_SLOTS:
    void uniformIsOneForTheKeptAndZeroForOthers() {
        auto decision = keeping({1, 0, 1, 1});
        weigh(settings(Weighting::Uniform, 1, 1), batch(), decision);
        QCOMPARE(decision.kept, 3);
        QCOMPARE(decision.weights, (std::vector<float>{1, 0, 1, 1}));
    }

    void productByHand() {
        // c·u of the kept: 0.5·1 = 0.5, 1·0.5 = 0.5, 0.25·0.5 = 0.125: mean 0.375.
        auto decision = keeping({1, 1, 1, 0});
        weigh(settings(Weighting::Product, 1, 1), batch(), decision);
        QCOMPARE(decision.weights, (std::vector<float>{0.5F / 0.375F, 0.5F / 0.375F, 0.125F / 0.375F, 0}));
    }

    void productWithExponentsByHand() {
        // c²·√u of samples 1 and 3: 1·√0.5 = 0.70711, 0.5625·0.5 = 0.28125: mean 0.494178.
        auto decision = keeping({0, 1, 0, 1});
        weigh(settings(Weighting::Product, 2, 0.5), batch(), decision);
        QVERIFY(std::abs(decision.weights[1] - 0.70710678F / 0.49417839F) < 1e-6F);
        QVERIFY(std::abs(decision.weights[3] - 0.28125F / 0.49417839F) < 1e-6F);
    }

    void sumByHand() {
        // 2c + u: 1 + 1 = 2, 2 + 0.5 = 2.5, 0.5 + 0.5 = 1, 1.5 + 0.25 = 1.75: mean 1.8125.
        auto decision = keeping({1, 1, 1, 1});
        weigh(settings(Weighting::Sum, 2, 1), batch(), decision);
        QCOMPARE(decision.weights,
                 (std::vector<float>{2 / 1.8125F, 2.5F / 1.8125F, 1 / 1.8125F, 1.75F / 1.8125F}));
    }

    void exponentsFollowTheirSchedules() {
        // Half way α is 1 and β 0.5: c·√u of samples 0 and 1 are 0.5 and √0.5.
        auto scheduled = settings(Weighting::Product, 1, 1);
        scheduled.alpha = Schedule(0, 2, ScheduleShape::Linear);
        scheduled.beta = Schedule(1, 0, ScheduleShape::Linear);
        auto half = batch();
        half.place = 0.5;
        auto decision = keeping({1, 1, 0, 0});
        weigh(scheduled, half, decision);
        const double mean = (0.5 + std::sqrt(0.5)) / 2;
        QVERIFY(std::abs(decision.weights[0] - 0.5 / mean) < 1e-6);
        QVERIFY(std::abs(decision.weights[1] - std::sqrt(0.5) / mean) < 1e-6);
        // β is 0 at the end only: the student is asked all the way.
        QVERIFY(weightsNeedUncertainty(scheduled));
        scheduled.beta = Schedule(0, 0, ScheduleShape::Linear);
        QVERIFY(!weightsNeedUncertainty(scheduled));
    }

    void allZeroCountsAlike() {
        const std::array<float, 4> sure = {0, 0, 0, 0};
        auto certain = batch();
        certain.uncertainties = sure;
        auto decision = keeping({1, 0, 1, 0});
        weigh(settings(Weighting::Product, 1, 1), certain, decision);
        QCOMPARE(decision.weights, (std::vector<float>{1, 0, 1, 0}));
        decision = keeping({1, 0, 1, 0});
        weigh(settings(Weighting::Sum, 0, 0), certain, decision);
        QCOMPARE(decision.weights, (std::vector<float>{1, 0, 1, 0}));
    }

    void noneKeptHasNoWeights() {
        auto decision = keeping({0, 0, 0, 0});
        weigh(settings(Weighting::Sum, 1, 1), batch(), decision);
        QCOMPARE(decision.kept, 0);
        QCOMPARE(decision.weights, (std::vector<float>{0, 0, 0, 0}));
    }

    void withoutBetaTheStudentIsNotAsked() {
        QVERIFY(!weightsNeedUncertainty(settings(Weighting::Uniform, 1, 1)));
        QVERIFY(!weightsNeedUncertainty(settings(Weighting::Product, 1, 0)));
        QVERIFY(!weightsNeedUncertainty(settings(Weighting::Sum, 1, 0)));
        QVERIFY(weightsNeedUncertainty(settings(Weighting::Product, 1, 1)));
        QVERIFY(weightsNeedUncertainty(settings(Weighting::Sum, 0, 0.5)));
        auto unscored = batch();
        unscored.uncertainties = {};
        auto decision = keeping({1, 1, 0, 0});
        weigh(settings(Weighting::Product, 1, 0), unscored, decision); // c alone: 0.5 and 1, mean 0.75
        QCOMPARE(decision.weights, (std::vector<float>{0.5F / 0.75F, 1 / 0.75F, 0, 0}));
    }
};

QTEST_GUILESS_MAIN(WeightsTest)
#include "weights_test.moc"
