// Hand-worked cases, and the gradient against central differences of the loss in double.
#include "core/base/random.h"
#include "core/student/loss.h"

#include <QTest>
#include <array>
#include <cmath>
#include <vector>

using namespace stillroom;

namespace {

/// The definition in double, straight from the formulas in training_settings.h.
double reference(const LossSettings& settings, const std::vector<double>& z, int label,
                 const std::vector<double>& q) {
    const auto logSoftmax = [&](double temperature) {
        double sum = 0;
        for (const double x : z)
            sum += std::exp(x / temperature);
        std::vector<double> result;
        for (const double x : z)
            result.push_back(x / temperature - std::log(sum));
        return result;
    };
    const double hard = -logSoftmax(1)[static_cast<std::size_t>(label)];
    const double t = settings.temperature;
    double total = 0;
    for (const double x : q)
        total += std::pow(x, 1 / t);
    double soft = 0;
    const auto logStudent = logSoftmax(t);
    for (std::size_t k = 0; k < q.size(); ++k) {
        const double teacher = std::pow(q[k], 1 / t) / total;
        if (teacher > 0)
            soft += teacher * (std::log(teacher) - logStudent[k]);
    }
    soft *= t * t;
    return settings.target == LossTarget::Hard   ? hard
           : settings.target == LossTarget::Soft ? soft
                                                 : (1 - settings.mix) * hard + settings.mix * soft;
}

} // namespace

class LossTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void softmaxByHand() {
        std::array<float, 2> z = {0.0F, std::log(3.0F)};
        softmax(z);
        QVERIFY(std::abs(z[0] - 0.25F) < 1e-6F);
        QVERIFY(std::abs(z[1] - 0.75F) < 1e-6F);
        std::array<float, 3> large = {1000.0F, 1000.0F, -1000.0F};
        softmax(large);
        QCOMPARE(large[0], 0.5F);
        QCOMPARE(large[2], 0.0F);
    }

    void hardByHand() {
        // z = (0, log 3): p = (1/4, 3/4); label 0: loss log 4, gradient (-3/4, 3/4).
        const std::array<float, 2> z = {0.0F, std::log(3.0F)};
        const std::array<float, 2> p = {0.25F, 0.75F};
        std::array<float, 2> gradient{};
        const double loss = lossAndGradient({}, z, p, 0, {}, gradient);
        QVERIFY(std::abs(loss - std::log(4.0)) < 1e-6);
        QVERIFY(std::abs(gradient[0] + 0.75F) < 1e-6F);
        QVERIFY(std::abs(gradient[1] - 0.75F) < 1e-6F);
    }

    void confidentMistakeIsFinite() {
        const std::array<float, 2> z = {-200.0F, 200.0F};
        const std::array<float, 2> p = {0.0F, 1.0F};
        std::array<float, 2> gradient{};
        QCOMPARE(lossAndGradient({}, z, p, 0, {}, gradient), 400.0);
    }

    void gradientIsTheLossesSlope_data() {
        QTest::addColumn<int>("target");
        QTest::addColumn<double>("temperature");
        QTest::newRow("hard") << 0 << 1.0;
        QTest::newRow("soft") << 1 << 1.0;
        QTest::newRow("soft, warm") << 1 << 3.0;
        QTest::newRow("mix") << 2 << 2.0;
    }
    void gradientIsTheLossesSlope() {
        QFETCH(int, target);
        QFETCH(double, temperature);
        const LossSettings settings{static_cast<LossTarget>(target), temperature, 0.3};
        Random random(7, "loss");
        for (int repeat = 0; repeat < 50; ++repeat) {
            constexpr std::size_t Classes = 5;
            std::vector<double> z(Classes);
            std::vector<double> q(Classes);
            double sum = 0;
            for (std::size_t k = 0; k < Classes; ++k) {
                z[k] = 6 * random.uniform() - 3;
                sum += q[k] = k == 3 ? 0 : random.uniform(); // a zero too: 0·log 0 is 0
            }
            for (double& x : q)
                x /= sum;
            std::vector<float> zf(z.begin(), z.end());
            std::vector<float> pf = zf;
            softmax(pf);
            const std::vector<float> qf(q.begin(), q.end());
            std::vector<float> gradient(Classes);
            const int label = static_cast<int>(random.below(Classes));
            const double loss = lossAndGradient(settings, zf, pf, label, qf, gradient);
            QVERIFY(std::abs(loss - reference(settings, z, label, q)) < 1e-5);
            for (std::size_t k = 0; k < Classes; ++k) {
                constexpr double H = 1e-5;
                auto up = z;
                auto down = z;
                up[k] += H;
                down[k] -= H;
                const double slope =
                    (reference(settings, up, label, q) - reference(settings, down, label, q)) / (2 * H);
                QVERIFY2(std::abs(slope - static_cast<double>(gradient[k])) < 1e-5,
                         qPrintable(QString("%1 against %2").arg(slope).arg(gradient[k])));
            }
        }
    }
};

QTEST_GUILESS_MAIN(LossTest)
#include "loss_test.moc"
