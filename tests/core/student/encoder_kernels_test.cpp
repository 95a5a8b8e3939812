// Every variant of the encoder's CPU kernels against the formulas in double, and gradients against
// differences of those.
#include "core/base/random.h"
#include "core/student/encoder_kernels.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

using namespace stillroom;

namespace {

using Doubles = std::vector<double>;
using FloatsVector = std::vector<float>;
using Low = c10::BFloat16;

/// Even in ±size; numbers that are floats, so that both sides start from the same ones.
Doubles drawn(const char* name, std::size_t count, double size = 1) {
    Doubles values(count);
    Random random(3, name);
    for (auto& value : values)
        value = static_cast<double>(static_cast<float>(size * (2 * random.uniform() - 1)));
    return values;
}

template <class T = float>
std::vector<T> as(const Doubles& values) {
    std::vector<T> result;
    for (const double value : values)
        result.push_back(static_cast<T>(static_cast<float>(value)));
    return result;
}

/// Largest difference, in units of 1 + |expected|.
template <class T>
double far(const std::vector<T>& got, const Doubles& expected) {
    double most = got.size() == expected.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
        const double d = std::abs(static_cast<double>(static_cast<float>(got[i])) - expected[i]);
        most = std::max(most, std::isnan(d) ? INFINITY : d / (1 + std::abs(expected[i])));
    }
    return most;
}

double dot(const Doubles& a, const Doubles& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

/// ∂loss/∂parameters[i] for every i.
Doubles differences(Doubles& parameters, const std::function<double()>& loss) {
    constexpr double Step = 1e-5;
    Doubles result;
    for (double& p : parameters) {
        const double at = p;
        p = at + Step;
        const double up = loss();
        p = at - Step;
        const double down = loss();
        p = at;
        result.push_back((up - down) / (2 * Step));
    }
    return result;
}

Doubles factorsOf(const DropoutPlan& plan, std::int64_t rows, std::int64_t columns) {
    FloatsVector factors(static_cast<std::size_t>(rows * columns), 1.0F);
    if (plan.share > 0)
        allEncoderKernels().back().dropoutFactors(plan, columns, factors.data(), 0, rows);
    return {factors.begin(), factors.end()};
}

struct NormCase {
    std::size_t rows, columns;
    DropoutPlan dropout;
    Doubles x, bias, residual, gamma, beta, factors;

    NormCase(std::size_t r, std::size_t c, DropoutPlan plan)
        : rows(r), columns(c), dropout(plan), x(drawn("x", r * c, 2)), bias(drawn("bias", c)),
          residual(drawn("residual", r * c, 2)), gamma(drawn("gamma", c)), beta(drawn("beta", c)),
          factors(factorsOf(plan, static_cast<std::int64_t>(r), static_cast<std::int64_t>(c))) {}

    [[nodiscard]] Doubles out() const {
        Doubles out(rows * columns);
        for (std::size_t r = 0; r < rows; ++r) {
            Doubles z(columns);
            double mean = 0, variance = 0;
            for (std::size_t c = 0; c < columns; ++c) {
                z[c] = residual[r * columns + c] + factors[r * columns + c] * (x[r * columns + c] + bias[c]);
                mean += z[c] / static_cast<double>(columns);
            }
            for (const double value : z)
                variance += (value - mean) * (value - mean) / static_cast<double>(columns);
            for (std::size_t c = 0; c < columns; ++c)
                out[r * columns + c] = (z[c] - mean) / std::sqrt(variance + 1e-3) * gamma[c] + beta[c];
        }
        return out;
    }
};

/// Everything of T that an AddNorm points to.
template <class T>
struct NormCall {
    std::vector<T> x, bias, residual, gamma, beta, out;
    FloatsVector means, deviations;
    AddNorm<T> call;

    explicit NormCall(const NormCase& c)
        : x(as<T>(c.x)), bias(as<T>(c.bias)), residual(as<T>(c.residual)), gamma(as<T>(c.gamma)),
          beta(as<T>(c.beta)), out(c.x.size()), means(c.rows), deviations(c.rows) {
        call.columns = static_cast<std::int64_t>(c.columns);
        call.x = x.data();
        call.bias = bias.data();
        call.residual = residual.data();
        call.residualStride = call.columns;
        call.gamma = gamma.data();
        call.beta = beta.data();
        call.epsilon = 1e-3F;
        call.dropout = c.dropout;
        call.out = out.data();
    }
};

struct AttentionCase {
    std::size_t texts, heads, width, queries, keys;
    DropoutPlan dropout;
    std::vector<char> mask; // empty: none
    Doubles q, k, v, bias, factors;

    AttentionCase(std::size_t b, std::size_t h, std::size_t w, std::size_t m, std::size_t n, DropoutPlan plan,
                  std::vector<char> seen = {})
        : texts(b), heads(h), width(w), queries(m), keys(n), dropout(plan), mask(std::move(seen)),
          q(drawn("q", b * m * h * w, 2)), k(drawn("k", b * n * h * w, 2)), v(drawn("v", b * n * h * w)),
          bias(drawn("bias", 3 * h * w)),
          factors(factorsOf(plan, static_cast<std::int64_t>(b * h * m), static_cast<std::int64_t>(n))) {}

    [[nodiscard]] bool sees(std::size_t b, std::size_t key) const {
        return mask.empty() || mask[b * keys + key] != 0;
    }

    [[nodiscard]] Doubles out() const {
        const std::size_t all = heads * width;
        Doubles out(texts * queries * all);
        for (std::size_t b = 0; b < texts; ++b)
            for (std::size_t h = 0; h < heads; ++h)
                for (std::size_t i = 0; i < queries; ++i) {
                    Doubles e(keys);
                    double sum = 0;
                    for (std::size_t j = 0; j < keys; ++j) {
                        double score = 0;
                        for (std::size_t c = h * width; c < (h + 1) * width; ++c)
                            score += (q[(b * queries + i) * all + c] + bias[c]) *
                                     (k[(b * keys + j) * all + c] + bias[all + c]);
                        e[j] = sees(b, j) ? std::exp(score / std::sqrt(static_cast<double>(width))) : 0;
                        sum += e[j];
                    }
                    for (std::size_t j = 0; j < keys; ++j)
                        for (std::size_t c = h * width; c < (h + 1) * width; ++c)
                            out[(b * queries + i) * all + c] +=
                                e[j] / sum * factors[((b * heads + h) * queries + i) * keys + j] *
                                (v[(b * keys + j) * all + c] + bias[2 * all + c]);
                }
        return out;
    }

    /// Zero where a query is padding: what comes out there has no meaning.
    [[nodiscard]] Doubles withoutPadding(Doubles rows) const {
        for (std::size_t b = 0; b < texts; ++b)
            for (std::size_t i = 0; i < queries; ++i)
                if (queries == keys && !sees(b, i))
                    std::fill_n(rows.begin() + static_cast<std::ptrdiff_t>((b * queries + i) * heads * width),
                                heads * width, 0.0);
        return rows;
    }
};

template <class T>
struct AttentionCall {
    std::vector<T> q, k, v, bias, out;
    FloatsVector logSums;
    Attention<T> call;
    std::int64_t all;

    explicit AttentionCall(const AttentionCase& c)
        : q(as<T>(c.q)), k(as<T>(c.k)), v(as<T>(c.v)), bias(as<T>(c.bias)), out(c.q.size()),
          logSums(c.texts * c.heads * c.queries), all(static_cast<std::int64_t>(c.heads * c.width)) {
        call.heads = static_cast<std::int64_t>(c.heads);
        call.width = static_cast<std::int64_t>(c.width);
        call.queries = static_cast<std::int64_t>(c.queries);
        call.keys = static_cast<std::int64_t>(c.keys);
        call.q = {q.data(), call.queries * all, all};
        call.k = {k.data(), call.keys * all, all};
        call.v = {v.data(), call.keys * all, all};
        call.bias = bias.data();
        call.mask = c.mask.empty() ? nullptr : reinterpret_cast<const bool*>(c.mask.data());
        call.dropout = c.dropout;
        call.out = {out.data(), call.queries * all, all};
        call.logSums = logSums.data();
    }
    [[nodiscard]] std::int64_t turns(const AttentionCase& c) const {
        return static_cast<std::int64_t>(c.texts * c.heads);
    }
};

const DropoutPlan NoDropout;
const DropoutPlan SomeDropout = {0.3, 99};

} // namespace

class EncoderKernelsTest : public QObject {
    Q_OBJECT

    static void variants() {
        QTest::addColumn<int>("variant");
        for (std::size_t i = 0; i < allEncoderKernels().size(); ++i)
            QTest::newRow(allEncoderKernels()[i].name) << static_cast<int>(i);
    }
    static const EncoderKernels& chosen() {
        return allEncoderKernels()[static_cast<std::size_t>(
            *static_cast<const int*>(QTest::qData("variant", qMetaTypeId<int>())))];
    }

  private Q_SLOTS:
    void bestIsFirst() {
        QCOMPARE(encoderKernels().name, allEncoderKernels().front().name);
        QCOMPARE(std::string(allEncoderKernels().back().name), std::string("portable"));
    }

    void activations_data() { variants(); }
    void activations() {
        const auto& kernels = chosen();
        // 3 rows of odd length from −14 to 14, and the ends of what a float can be.
        Doubles x;
        for (int i = 0; i < 3 * 1001 - 6; ++i)
            x.push_back(static_cast<double>(static_cast<float>(-14 + 28.0 * i / 2996)));
        for (const double far : {-1e30, -200.0, -88.5, 88.5, 200.0, 1e30})
            x.push_back(static_cast<double>(static_cast<float>(far)));
        const Doubles bias = drawn("bias", 1001, 0.5);
        const Doubles upstream = drawn("upstream", x.size());
        for (const auto activation : {Activation::Gelu, Activation::GeluTanh, Activation::Relu}) {
            Doubles value, gradient, sums(1001);
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double z = x[i] + bias[i % 1001];
                double share = 0, slope = 0; // of ½(1 + …)
                if (activation == Activation::Gelu) {
                    share = 0.5 * std::erfc(-z / std::sqrt(2.0));
                    slope = std::exp(-z * z / 2) / std::sqrt(2 * M_PI);
                } else if (activation == Activation::GeluTanh) {
                    const double t = std::tanh(std::sqrt(2 / M_PI) * (z + 0.044715 * z * z * z));
                    share = 0.5 * (1 + t);
                    slope = std::abs(z) > 50
                                ? 0
                                : 0.5 * (1 - t * t) * std::sqrt(2 / M_PI) * (1 + 3 * 0.044715 * z * z);
                } else {
                    share = z > 0 ? 1 : 0;
                }
                value.push_back(z * share);
                gradient.push_back(upstream[i] * (share + (slope == 0 ? 0 : z * slope)));
                sums[i % 1001] += gradient.back();
            }
            const auto xs = as(x), biases = as(bias);
            FloatsVector out(x.size()), d = as(upstream), biasSums(1001);
            kernels.activation({activation, 1001, xs.data(), biases.data(), out.data()}, 0, 3);
            QVERIFY2(far(out, value) < 1e-6, kernels.name);
            kernels.activationBackward(
                {activation, 1001, xs.data(), biases.data(), d.data(), biasSums.data()}, 0, 3);
            QVERIFY2(far(d, gradient) < 2e-6, kernels.name);
            QVERIFY2(far(biasSums, sums) < 2e-6, kernels.name);
            const auto lowX = as<Low>(x), lowBias = as<Low>(bias);
            std::vector<Low> low(x.size());
            kernels.activationLow({activation, 1001, lowX.data(), lowBias.data(), low.data()}, 0, 3);
            QVERIFY2(far(low, value) < 0.01, kernels.name);
        }
    }

    void addNorm_data() { variants(); }
    void addNorm() {
        const auto& kernels = chosen();
        for (const std::size_t columns : {1U, 3U, 16U, 37U, 384U})
            for (const auto& dropout : {NoDropout, SomeDropout}) {
                const NormCase c(5, columns, dropout);
                const Doubles expected = c.out();
                NormCall<float> call(c);
                kernels.addNorm(call.call, 0, 5);
                QVERIFY2(far(call.out, expected) < 1e-4, kernels.name);
                NormCall<float> inPlace(c); // x and out may be one
                inPlace.call.out = inPlace.x.data();
                kernels.addNorm(inPlace.call, 0, 3);
                kernels.addNorm(inPlace.call, 3, 5);
                QCOMPARE(inPlace.x, call.out);
                if (columns < 16)
                    continue; // a few bfloat16 have no variance worth the name
                NormCall<Low> low(c);
                kernels.addNormLow(low.call, 0, 5);
                QVERIFY2(far(low.out, expected) < 0.06, kernels.name);
            }
    }

    void addNormGradient_data() { variants(); }
    void addNormGradient() {
        const auto& kernels = chosen();
        for (const auto& dropout : {NoDropout, SomeDropout}) {
            NormCase c(4, 37, dropout);
            const Doubles upstream = drawn("upstream", c.x.size());
            const auto loss = [&] { return dot(c.out(), upstream); };
            NormCall<float> call(c);
            call.call.sum = call.x.data();
            call.call.means = call.means.data();
            call.call.deviations = call.deviations.data();
            kernels.addNorm(call.call, 0, 4);
            FloatsVector gradient = as(upstream), dx(c.x.size()), sums(3 * 37);
            AddNormBackward back;
            back.columns = 37;
            back.gradient = gradient.data();
            back.sum = call.x.data();
            back.means = call.means.data();
            back.deviations = call.deviations.data();
            back.gamma = call.gamma.data();
            back.dropout = dropout;
            back.residualGradient = gradient.data(); // in place
            back.xGradient = dropout.share > 0 ? dx.data() : nullptr;
            back.sums = sums.data();
            kernels.addNormBackward(back, 0, 1);
            kernels.addNormBackward(back, 1, 4);
            QVERIFY2(far(gradient, differences(c.residual, loss)) < 2e-5, kernels.name);
            QVERIFY2(far(dropout.share > 0 ? dx : gradient, differences(c.x, loss)) < 2e-5, kernels.name);
            Doubles expected = differences(c.gamma, loss);
            for (auto* values : {&c.beta, &c.bias})
                for (const double d : differences(*values, loss))
                    expected.push_back(d);
            QVERIFY2(far(sums, expected) < 2e-5, kernels.name);
        }
    }

    void attention_data() { variants(); }
    void attention() {
        const auto& kernels = chosen();
        std::vector<char> holes(2 * 70, 1); // padding at the end, and in between
        std::fill(holes.begin() + 90, holes.end(), 0);
        holes[3] = holes[40] = holes[70] = 0;
        for (const auto& c :
             {AttentionCase(1, 1, 1, 1, 1, NoDropout), AttentionCase(2, 3, 5, 11, 11, NoDropout),
              AttentionCase(2, 2, 32, 70, 70, SomeDropout, holes),
              AttentionCase(2, 2, 32, 70, 70, NoDropout, holes),
              AttentionCase(2, 2, 20, 1, 70, SomeDropout, holes),
              AttentionCase(1, 2, 64, 33, 130, NoDropout)}) {
            const Doubles expected = c.withoutPadding(c.out());
            AttentionCall<float> call(c);
            kernels.attention(call.call, 0, 1); // in two parts, as threads do
            kernels.attention(call.call, 1, call.turns(c));
            // Padding at a text's end comes out as zeros; what a hole asks is computed and of no meaning.
            const Doubles got = c.withoutPadding({call.out.begin(), call.out.end()});
            QVERIFY2(far(as(got), expected) < 5e-6, kernels.name);
            AttentionCall<Low> low(c);
            kernels.attentionLow(low.call, 0, low.turns(c));
            const auto lowGot = c.withoutPadding({low.out.begin(), low.out.end()});
            QVERIFY2(far(as(lowGot), expected) < 0.05, kernels.name);
        }
    }

    void attentionOfLargeScores_data() { variants(); }
    void attentionOfLargeScores() {
        AttentionCase c(1, 1, 8, 6, 6, NoDropout);
        for (auto& value : c.q)
            value *= 200; // e^score is beyond any float
        AttentionCall<float> call(c);
        chosen().attention(call.call, 0, 1);
        QVERIFY(std::all_of(call.out.begin(), call.out.end(), [](float v) { return std::isfinite(v); }));
        for (auto& value : c.q)
            value /= 10; // in reach of a double
        AttentionCall<float> smaller(c);
        chosen().attention(smaller.call, 0, 1);
        QVERIFY(far(smaller.out, c.out()) < 1e-4);
    }

    void attentionGradient_data() { variants(); }
    void attentionGradient() {
        const auto& kernels = chosen();
        std::vector<char> seen(2 * 11, 1);
        seen[5] = seen[20] = seen[21] = 0;
        for (auto c :
             {AttentionCase(2, 2, 5, 11, 11, NoDropout), AttentionCase(2, 2, 5, 11, 11, SomeDropout, seen),
              AttentionCase(2, 2, 5, 1, 11, SomeDropout, seen), AttentionCase(1, 1, 3, 40, 40, NoDropout)}) {
            const Doubles upstream = c.withoutPadding(drawn("upstream", c.q.size()));
            const auto loss = [&] { return dot(c.out(), upstream); };
            AttentionCall<float> call(c);
            kernels.attention(call.call, 0, call.turns(c));
            const FloatsVector gradient = as(upstream);
            FloatsVector dq(c.q.size(), NAN), dk(c.k.size(), NAN), dv(c.v.size(), NAN),
                sums(c.texts * 3 * c.heads * c.width, NAN); // all is written
            AttentionBackward back;
            back.gradient = {gradient.data(), call.call.queries * call.all, call.all};
            back.q = {dq.data(), call.call.queries * call.all, call.all};
            back.k = {dk.data(), call.call.keys * call.all, call.all};
            back.v = {dv.data(), call.call.keys * call.all, call.all};
            back.sums = sums.data();
            kernels.attentionBackward(call.call, back, 0, 1);
            kernels.attentionBackward(call.call, back, 1, call.turns(c));
            QVERIFY2(far(dq, differences(c.q, loss)) < 1e-5, kernels.name);
            QVERIFY2(far(dk, differences(c.k, loss)) < 1e-5, kernels.name);
            QVERIFY2(far(dv, differences(c.v, loss)) < 1e-5, kernels.name);
            FloatsVector biasGradient(3 * c.heads * c.width);
            for (std::size_t i = 0; i < sums.size(); ++i)
                biasGradient[i % biasGradient.size()] += sums[i];
            QVERIFY2(far(biasGradient, differences(c.bias, loss)) < 1e-5, kernels.name);
        }
    }

    void adamW_data() { variants(); }
    void adamW() {
        // 37 numbers: whole vectors and what is left.
        const AdamWStep step = {0.99F, 0.02F, 3.0F, 1e-3F, 0.9F, 0.1F, 0.95F, 0.05F, 0.5F};
        const Doubles value = drawn("value", 37), gradient = drawn("gradient", 37), m = drawn("m", 37);
        Doubles v = drawn("v", 37), values, firsts, seconds;
        for (auto& x : v)
            x = std::abs(x);
        for (std::size_t i = 0; i < 37; ++i) {
            const double g = gradient[i] / 2;
            firsts.push_back(0.9 * m[i] + 0.1 * g);
            seconds.push_back(0.95 * v[i] + 0.05 * g * g);
            values.push_back(value[i] * 0.99 - 0.02 * firsts[i] / (std::sqrt(seconds[i]) * 3 + 1e-3));
        }
        FloatsVector a = as(value), b = as(m), c = as(v);
        const FloatsVector g = as(gradient);
        chosen().adamW(step, a.data(), g.data(), b.data(), c.data(), 37);
        QVERIFY(far(a, values) < 1e-6);
        QVERIFY(far(b, firsts) < 1e-6);
        QVERIFY(far(c, seconds) < 1e-6);
        const Doubles many = drawn("many", 5001);
        QVERIFY(std::abs(chosen().squares(as(many).data(), 5001) / dot(many, many) - 1) < 1e-6);
    }

    void dropoutIsTheSameEverywhere() {
        const auto all = allEncoderKernels();
        for (const auto& kernels : all) {
            FloatsVector factors(7 * 45);
            kernels.dropoutFactors(SomeDropout, 45, factors.data(), 0, 4);
            kernels.dropoutFactors(SomeDropout, 45, factors.data(), 4, 7);
            QCOMPARE(Doubles(factors.begin(), factors.end()), factorsOf(SomeDropout, 7, 45));
        }
    }

    void dropoutDropsItsShare() {
        // A million draws: the share's deviation is 0.0003, that of two draws' product likewise.
        constexpr std::int64_t Rows = 1000, Columns = 1000;
        for (const double share : {0.1, 0.5}) {
            const auto a = factorsOf({share, 1}, Rows, Columns), b = factorsOf({share, 2}, Rows, Columns);
            const auto shareOf = [&](const std::function<bool(std::size_t)>& dropped) {
                double count = 0;
                for (std::size_t i = 0; i < a.size() - 1001; ++i)
                    count += dropped(i) ? 1 : 0;
                return count / static_cast<double>(a.size() - 1001);
            };
            QVERIFY(std::abs(shareOf([&](std::size_t i) { return a[i] == 0; }) - share) < 0.002);
            QVERIFY(std::all_of(a.begin(), a.end(),
                                [&](double f) { return f == 0 || std::abs(f - 1 / (1 - share)) < 1e-6; }));
            // Neighbours in a row, in a column, and the same place under another key know nothing of each
            // other.
            for (const auto& [other, shift] :
                 {std::pair{&a, 1U}, std::pair{&a, 1000U}, std::pair{&a, 1001U}, std::pair{&b, 0U}})
                QVERIFY(std::abs(shareOf([&, o = other, s = shift](std::size_t i) {
                                     return a[i] == 0 && (*o)[i + s] == 0;
                                 }) -
                                 share * share) < 0.002);
        }
    }
};

QTEST_GUILESS_MAIN(EncoderKernelsTest)
#include "encoder_kernels_test.moc"
