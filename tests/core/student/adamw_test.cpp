// AdamW against the formulas in scalar doubles, LibTorch's operators, and itself: threads, state, clipping.
#include "core/base/random.h"
#include "core/student/adamw.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <QTest>
#include <cmath>
#include <limits>

using namespace stillroom;

namespace {

/// The same numbers for the same name; a gradient of no pattern.
at::Tensor drawn(const char* name, std::uint64_t part, std::vector<std::int64_t> shape, at::ScalarType type) {
    at::Tensor tensor = at::empty(shape, at::kDouble);
    Random random(7, name, part);
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        tensor.data_ptr<double>()[i] = 2 * random.uniform() - 1;
    return tensor.to(type);
}

std::vector<AdamWTarget> twoTargets(at::ScalarType type) {
    return {{"a", drawn("a", 0, {300, 130}, type).set_requires_grad(true), 1, true},
            {"b", drawn("b", 0, {7}, type).set_requires_grad(true), 0.5, false}};
}

void setGradients(std::vector<AdamWTarget>& targets, std::uint64_t step) {
    for (auto& target : targets)
        target.value.mutable_grad() =
            drawn(target.name.c_str(), step, target.value.sizes().vec(), target.value.scalar_type());
}

double far(const at::Tensor& a, const at::Tensor& b) {
    return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

/// One number's way, written down from the paper.
struct Scalar {
    double value, m = 0, v = 0;
    void step(double g, int t, double rate, double decay, const AdamWSettings& s) {
        value -= rate * decay * value;
        m = s.beta1 * m + (1 - s.beta1) * g;
        v = s.beta2 * v + (1 - s.beta2) * g * g;
        const double first = m / (1 - std::pow(s.beta1, t));
        const double second = v / (1 - std::pow(s.beta2, t));
        value -= rate * first / (std::sqrt(second) + s.epsilon);
    }
};

} // namespace

class AdamWTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void firstStepByHand() {
        // At t = 1 the moments' corrections cancel: θ − η·wd·θ − η·g/(|g| + ε).
        const at::Tensor value = at::tensor({2.0, -1.0}, at::kDouble).set_requires_grad(true);
        AdamWSettings settings;
        settings.weightDecay = 0.1;
        AdamW optimizer({{"x", value}}, settings);
        value.mutable_grad() = at::tensor({3.0, -0.5}, at::kDouble);
        const double norm = optimizer.step(0.01);
        QVERIFY(std::abs(norm - std::sqrt(9.25)) < 1e-12);
        QVERIFY(std::abs(value[0].item<double>() - (2 - 0.002 - 0.01)) < 1e-9);
        QVERIFY(std::abs(value[1].item<double>() - (-1 + 0.001 + 0.01)) < 1e-9);
        QCOMPARE(optimizer.steps(), 1);
    }

    void scalarFormulas_data() {
        QTest::addColumn<bool>("operators");
        QTest::newRow("own pass") << false;
        QTest::newRow("operators") << true;
    }
    void scalarFormulas() {
        QFETCH(bool, operators);
        auto targets = twoTargets(at::kDouble);
        AdamWSettings settings;
        settings.beta1 = 0.8;
        settings.beta2 = 0.95;
        settings.epsilon = 1e-3;
        settings.weightDecay = 0.2;
        settings.operators = operators;
        AdamW optimizer(targets, settings);
        Scalar first{targets[0].value[17][3].item<double>()}, second{targets[1].value[6].item<double>()};
        for (int t = 1; t <= 20; ++t) {
            setGradients(targets, static_cast<std::uint64_t>(t));
            first.step(targets[0].value.grad()[17][3].item<double>(), t, 0.01 * t, 0.2, settings);
            second.step(targets[1].value.grad()[6].item<double>(), t, 0.005 * t, 0,
                        settings); // factor ½, no decay
            optimizer.step(0.01 * t);
        }
        QVERIFY(std::abs(targets[0].value[17][3].item<double>() - first.value) < 1e-13);
        QVERIFY(std::abs(targets[1].value[6].item<double>() - second.value) < 1e-13);
    }

    void floatIsNearDouble() {
        auto floats = twoTargets(at::kFloat), doubles = twoTargets(at::kDouble);
        AdamW a(floats, {}), b(doubles, {});
        for (std::uint64_t t = 1; t <= 30; ++t) {
            setGradients(floats, t);
            setGradients(doubles, t);
            QVERIFY(std::abs(a.step(1e-2) - b.step(1e-2)) < 1e-4);
        }
        QVERIFY(far(floats[0].value, doubles[0].value) < 1e-5);
        QVERIFY(far(floats[1].value, doubles[1].value) < 1e-5);
        QVERIFY(far(doubles[0].value, drawn("a", 0, {300, 130}, at::kDouble)) > 0.05); // it went somewhere
    }

    void clipping() {
        for (const bool operators : {false, true}) {
            // Twice the gradient and half of it, both longer than the limit, take the same step.
            std::vector<at::Tensor> results;
            for (const double size : {2.0, 0.5}) {
                auto targets = twoTargets(at::kDouble);
                AdamWSettings settings;
                settings.clipNorm = 1;
                settings.epsilon = 1; // a step that depends on the gradient's size
                settings.operators = operators;
                AdamW optimizer(targets, settings);
                setGradients(targets, 1);
                double squares = 0;
                for (auto& target : targets) {
                    target.value.mutable_grad().mul_(size);
                    squares += target.value.grad().square().sum().item<double>();
                }
                const at::Tensor before = targets[0].value.grad().clone();
                QVERIFY(std::abs(optimizer.step(0.1) / std::sqrt(squares) - 1) < 1e-12); // the norm before
                QVERIFY(at::equal(before, targets[0].value.grad()));                     // left as they were
                const at::Tensor g = before / (std::sqrt(squares) + 1e-6); // m/(1−β₁) = g, √v/√(1−β₂) = |g|
                const at::Tensor start = drawn("a", 0, {300, 130}, at::kDouble);
                QVERIFY(far(targets[0].value, start * (1 - 0.1 * 0.01) - g / (g.abs() + 1) * 0.1) < 1e-12);
                results.push_back(targets[0].value.detach());
            }
            QVERIFY(far(results[0], results[1]) < 1e-8);
        }
    }

    void shorterThanTheLimitIsLeft() {
        auto clipped = twoTargets(at::kFloat), free = twoTargets(at::kFloat);
        AdamWSettings settings;
        settings.clipNorm = 1e6;
        AdamW a(clipped, settings), b(free, {});
        setGradients(clipped, 1);
        setGradients(free, 1);
        a.step(0.1);
        b.step(0.1);
        QVERIFY(at::equal(clipped[0].value, free[0].value));
    }

    void notFinite() {
        for (const float bad : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
            auto targets = twoTargets(at::kFloat);
            AdamW optimizer(targets, {});
            setGradients(targets, 1);
            targets[1].value.mutable_grad()[3] = bad;
            const at::Tensor before = targets[0].value.detach().clone();
            QVERIFY(!std::isfinite(optimizer.step(0.1)));
            QVERIFY(at::equal(before, targets[0].value));
            QCOMPARE(optimizer.steps(), 0);
        }
    }

    void withoutGradient() {
        auto targets = twoTargets(at::kFloat);
        AdamW optimizer(targets, {});
        setGradients(targets, 1);
        targets[1].value.mutable_grad().reset();
        const at::Tensor before = targets[1].value.detach().clone();
        optimizer.step(0.1);
        QVERIFY(at::equal(before, targets[1].value)); // not even decayed
        QCOMPARE(optimizer.state().size(), std::size_t(3));
        optimizer.dropGradients();
        QVERIFY(!targets[0].value.grad().defined());
    }

    void threadsDoNotChangeABit() {
        const int before = at::get_num_threads();
        std::vector<at::Tensor> results;
        std::vector<double> norms;
        for (const int threads : {1, 2, 4}) {
            at::set_num_threads(threads);
            std::vector<AdamWTarget> targets = {
                {"a", drawn("long", 0, {70'001}, at::kFloat).set_requires_grad(true)}};
            AdamWSettings settings;
            settings.clipNorm = 0.5;
            AdamW optimizer(targets, settings);
            for (std::uint64_t t = 1; t <= 5; ++t) {
                setGradients(targets, t);
                norms.push_back(optimizer.step(0.01));
            }
            results.push_back(targets[0].value.detach());
        }
        at::set_num_threads(before);
        QVERIFY(at::equal(results[0], results[1]));
        QVERIFY(at::equal(results[0], results[2]));
        QCOMPARE(norms[5], norms[0]);
        QCOMPARE(norms[14], norms[4]);
    }

    void stateContinues() {
        auto straight = twoTargets(at::kFloat);
        AdamW a(straight, {});
        for (std::uint64_t t = 1; t <= 6; ++t) {
            setGradients(straight, t);
            a.step(0.01);
        }
        auto cut = twoTargets(at::kFloat);
        std::map<std::string, at::Tensor> saved;
        {
            AdamW b(cut, {});
            for (std::uint64_t t = 1; t <= 3; ++t) {
                setGradients(cut, t);
                b.step(0.01);
            }
            for (const auto& [name, tensor] : b.state())
                saved[name] = tensor.clone();
        }
        AdamW c(cut, {});
        QVERIFY(c.setState(saved));
        QCOMPARE(c.steps(), 3);
        for (std::uint64_t t = 4; t <= 6; ++t) {
            setGradients(cut, t);
            c.step(0.01);
        }
        QVERIFY(at::equal(straight[0].value, cut[0].value));
        QVERIFY(at::equal(straight[1].value, cut[1].value));
        QVERIFY(at::equal(a.state().at("a.v"), c.state().at("a.v")));
    }

    void foreignState() {
        auto targets = twoTargets(at::kFloat);
        AdamW optimizer(targets, {});
        setGradients(targets, 1);
        optimizer.step(0.01);
        const auto good = optimizer.state();
        const auto refuses = [&](const std::function<void(std::map<std::string, at::Tensor>&)>& change) {
            auto state = good;
            change(state);
            return !optimizer.setState(state) && at::equal(optimizer.state().at("a.m"), good.at("a.m"));
        };
        QVERIFY(refuses([](auto& s) { s.erase("steps"); }));
        QVERIFY(refuses([](auto& s) { s["steps"] = at::full({1}, 1.0, at::kFloat); }));
        QVERIFY(refuses([](auto& s) { s["steps"] = at::full({1}, -1, at::kLong); }));
        QVERIFY(refuses([](auto& s) { s.erase("a.v"); }));
        QVERIFY(refuses([](auto& s) { s["a.v"] = at::full({130, 300}, 1.0, at::kFloat); }));
        QVERIFY(refuses([](auto& s) { s["c.m"] = s.at("a.m"); }));
        QVERIFY(optimizer.setState(good));
    }

    void layerFactors() {
        // Two layers: embeddings, layers 1 and 2, head.
        QCOMPARE(layerRateFactor(0.5, 2, 0), 0.125);
        QCOMPARE(layerRateFactor(0.5, 2, 1), 0.25);
        QCOMPARE(layerRateFactor(0.5, 2, 2), 0.5);
        QCOMPARE(layerRateFactor(0.5, 2, 3), 1.0);
        QCOMPARE(layerRateFactor(1, 2, 0), 1.0);
    }
};

QTEST_GUILESS_MAIN(AdamWTest)
#include "adamw_test.moc"
