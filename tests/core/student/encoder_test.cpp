// The encoder against loops in double that know nothing of it but its stored tensors; gradients against
// differences; the fused layer against the plain one; padding, dropout, copies, files.
#include "core/base/random.h"
#include "core/student/autocast.h"
#include "core/student/encoder.h"
#include "core/student/encoder_layer.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/Utils.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <c10/core/InferenceMode.h>
#include <cmath>

using namespace stillroom;

namespace {

// LibTorch's and OpenBLAS's threads are not built with the thread sanitizer, which then sees races among
// them.
#ifdef __SANITIZE_THREAD__
constexpr int Several = 1;
#else
constexpr int Several = 3;
#endif

EncoderConfig tiny(EncoderFamily family, Activation activation = Activation::Gelu) {
    EncoderConfig config;
    config.family = family;
    config.vocabulary = 20;
    config.positions = 12;
    config.tokenTypes = family == EncoderFamily::DistilBert ? 0 : 2;
    config.width = 6;
    config.layers = 2;
    config.heads = 2;
    config.intermediate = 10;
    config.epsilon = 1e-5;
    config.dropout = 0.2;
    config.attentionDropout = 0.3;
    config.activation = activation;
    config.padId = 1;
    config.firstPosition = family == EncoderFamily::Roberta ? 2 : 0;
    return config;
}

/// Of a size that real ones have, so that every stretch of a kernel is used.
EncoderConfig larger() {
    EncoderConfig config = tiny(EncoderFamily::Bert);
    config.vocabulary = 50;
    config.positions = 80;
    config.width = 96;
    config.heads = 3;
    config.intermediate = 200;
    return config;
}

/// Numbers of no pattern everywhere, so that a norm or a bias in the wrong place is seen.
Encoder drawn(const EncoderConfig& config) {
    Encoder encoder = Encoder::initial(config, 1);
    for (auto& parameter : encoder.parameters()) {
        Random random(5, parameter.name);
        auto* values = parameter.value.data_ptr<float>();
        for (std::int64_t i = 0; i < parameter.value.numel(); ++i)
            values[i] = static_cast<float>((random.uniform() - 0.5) +
                                           (parameter.name.ends_with("orm.weight") ? 1 : 0));
    }
    return encoder;
}

at::Tensor idsOf(const EncoderConfig& config, std::int64_t texts, std::int64_t length) {
    at::Tensor ids = at::empty({texts, length}, at::kLong);
    Random random(6, "ids");
    for (std::int64_t i = 0; i < ids.numel(); ++i)
        ids.data_ptr<std::int64_t>()[i] = 2 + random.below(static_cast<std::uint32_t>(config.vocabulary - 2));
    return ids;
}

/// True for the first `lengths[b]` places.
at::Tensor maskOf(const std::vector<std::int64_t>& lengths, std::int64_t length) {
    at::Tensor mask = at::empty({static_cast<std::int64_t>(lengths.size()), length}, at::kBool);
    for (std::size_t b = 0; b < lengths.size(); ++b)
        for (std::int64_t l = 0; l < length; ++l)
            mask.data_ptr<bool>()[static_cast<std::int64_t>(b) * length + l] = l < lengths[b];
    return mask;
}

double far(const at::Tensor& a, const at::Tensor& b) {
    return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

using Row = std::vector<double>;
using Rows = std::vector<Row>;

/// One text, by the papers, with the tensors as Hugging Face names them.
class Reference {
  public:
    explicit Reference(const Encoder& encoder) : config_(encoder.config()) {
        for (const auto& [name, value] : encoder.copyTo(at::kCPU, at::kDouble).storedTensors()) {
            const auto* from = value.data_ptr<double>();
            values_[name] = {from, from + value.numel()};
        }
    }

    [[nodiscard]] Rows states(const std::vector<std::int64_t>& ids) const {
        const bool distil = config_.family == EncoderFamily::DistilBert;
        Rows x;
        for (std::size_t l = 0; l < ids.size(); ++l) {
            Row row = rowOf("embeddings.word_embeddings.weight", static_cast<std::size_t>(ids[l]));
            const auto place = static_cast<std::size_t>(config_.firstPosition) + l;
            add(row, rowOf("embeddings.position_embeddings.weight", place));
            if (!distil)
                add(row, rowOf("embeddings.token_type_embeddings.weight", 0));
            x.push_back(norm(row, "embeddings.LayerNorm"));
        }
        for (int layer = 0; layer < config_.layers; ++layer) {
            const std::string at =
                (distil ? "transformer.layer." : "encoder.layer.") + std::to_string(layer) + ".";
            const auto name = [&](const char* bert, const char* distilbert) {
                return at + (distil ? distilbert : bert);
            };
            const Rows q = linear(x, name("attention.self.query", "attention.q_lin"));
            const Rows k = linear(x, name("attention.self.key", "attention.k_lin"));
            const Rows v = linear(x, name("attention.self.value", "attention.v_lin"));
            Rows context = linear(attend(q, k, v), name("attention.output.dense", "attention.out_lin"));
            for (std::size_t l = 0; l < x.size(); ++l) {
                add(context[l], x[l]);
                x[l] = norm(context[l], name("attention.output.LayerNorm", "sa_layer_norm"));
            }
            Rows up = linear(x, name("intermediate.dense", "ffn.lin1"));
            for (auto& row : up)
                for (double& value : row)
                    value = activate(value);
            Rows down = linear(up, name("output.dense", "ffn.lin2"));
            for (std::size_t l = 0; l < x.size(); ++l) {
                add(down[l], x[l]);
                x[l] = norm(down[l], name("output.LayerNorm", "output_layer_norm"));
            }
        }
        return x;
    }

  private:
    [[nodiscard]] Row rowOf(const std::string& table, std::size_t row) const {
        const auto width = static_cast<std::size_t>(config_.width);
        const auto begin = values_.at(table).begin() + static_cast<std::ptrdiff_t>(row * width);
        return {begin, begin + static_cast<std::ptrdiff_t>(width)};
    }
    static void add(Row& to, const Row& from) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] += from[i];
    }
    [[nodiscard]] Row norm(const Row& row, const std::string& name) const {
        double mean = 0, variance = 0;
        for (const double value : row)
            mean += value / static_cast<double>(row.size());
        for (const double value : row)
            variance += (value - mean) * (value - mean) / static_cast<double>(row.size());
        Row result;
        for (std::size_t i = 0; i < row.size(); ++i)
            result.push_back((row[i] - mean) / std::sqrt(variance + config_.epsilon) *
                                 values_.at(name + ".weight")[i] +
                             values_.at(name + ".bias")[i]);
        return result;
    }
    [[nodiscard]] Rows linear(const Rows& x, const std::string& name) const {
        const Row& weight = values_.at(name + ".weight");
        const Row& bias = values_.at(name + ".bias");
        Rows result;
        for (const Row& row : x) {
            Row out = bias;
            for (std::size_t o = 0; o < out.size(); ++o)
                for (std::size_t i = 0; i < row.size(); ++i)
                    out[o] += weight[o * row.size() + i] * row[i];
            result.push_back(std::move(out));
        }
        return result;
    }
    [[nodiscard]] Rows attend(const Rows& q, const Rows& k, const Rows& v) const {
        const auto size = static_cast<std::size_t>(config_.width / config_.heads);
        Rows result(q.size(), Row(static_cast<std::size_t>(config_.width)));
        for (std::size_t i = 0; i < q.size(); ++i)
            for (std::size_t first = 0; first < result[i].size(); first += size) {
                Row e;
                double sum = 0;
                for (const auto& key : k) {
                    double score = 0;
                    for (std::size_t c = first; c < first + size; ++c)
                        score += q[i][c] * key[c];
                    e.push_back(std::exp(score / std::sqrt(static_cast<double>(size))));
                    sum += e.back();
                }
                for (std::size_t j = 0; j < k.size(); ++j)
                    for (std::size_t c = first; c < first + size; ++c)
                        result[i][c] += e[j] / sum * v[j][c];
            }
        return result;
    }
    [[nodiscard]] double activate(double x) const {
        if (config_.activation == Activation::Relu)
            return std::max(0.0, x);
        if (config_.activation == Activation::Gelu)
            return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    }

    EncoderConfig config_;
    std::map<std::string, Row> values_;
};

/// Σ weights ∘ states, a loss whose gradient every parameter has a part in.
at::Tensor lossOf(const at::Tensor& states) {
    return (states * at::arange(states.numel(), states.options()).sin().view_as(states)).sum();
}

void backward(Encoder& encoder, const at::Tensor& ids, const at::Tensor& mask, Dropout dropout, bool pooled) {
    encoder.setTraining(true);
    for (auto& parameter : encoder.parameters())
        parameter.value.mutable_grad().reset();
    at::Tensor out =
        pooled ? encoder.encode(ids, mask, Pooling::Cls, dropout) : encoder.forward(ids, mask, dropout);
    if (!pooled && mask.defined())
        out = out * mask.unsqueeze(2); // what lies at padding is no business of the loss
    lossOf(out).backward();
}

std::string write(const QTemporaryDir& folder, const char* name, const QByteArray& bytes) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("the test could not write its file");
    return folder.path().toStdString();
}

} // namespace

class EncoderTest : public QObject {
    Q_OBJECT

    static void families() {
        QTest::addColumn<int>("family");
        QTest::addColumn<int>("activation");
        QTest::newRow("BERT") << 0 << 0;
        QTest::newRow("BERT, gelu_new") << 0 << 1;
        QTest::newRow("RoBERTa") << 1 << 0;
        QTest::newRow("DistilBERT, relu") << 2 << 2;
    }
    static EncoderConfig chosen() {
        const auto value = [](const char* name) {
            return *static_cast<const int*>(QTest::qData(name, qMetaTypeId<int>()));
        };
        return tiny(static_cast<EncoderFamily>(value("family")),
                    static_cast<Activation>(value("activation")));
    }

  private Q_SLOTS:
    void initTestCase() {
        // Many tiny operators: on a busy machine threads would only wait for each other.
        at::set_num_threads(1);
    }

    void statesByLoops_data() { families(); }
    void statesByLoops() {
        const EncoderConfig config = chosen();
        const Encoder encoder = drawn(config);
        const Encoder inDouble = encoder.copyTo(at::kCPU, at::kDouble);
        const Reference reference(encoder);
        const std::vector<std::int64_t> lengths = {10, 1, 7};
        const at::Tensor ids = idsOf(config, 3, 10);
        const at::Tensor mask = maskOf(lengths, 10);
        ids.masked_fill_(mask.logical_not(), config.padId);
        const c10::InferenceMode inference;
        const at::Tensor floats = encoder.forward(ids, mask);
        const at::Tensor doubles = inDouble.forward(ids, mask);
        QCOMPARE(floats.sizes().vec(), (std::vector<std::int64_t>{3, 10, 6}));
        for (std::int64_t b = 0; b < 3; ++b) {
            const std::int64_t length = lengths[static_cast<std::size_t>(b)];
            const auto* first = ids.data_ptr<std::int64_t>() + b * 10;
            const Rows expected = reference.states({first, first + length});
            for (std::int64_t l = 0; l < length; ++l)
                for (std::int64_t h = 0; h < 6; ++h) {
                    const double e = expected[static_cast<std::size_t>(l)][static_cast<std::size_t>(h)];
                    QVERIFY(std::abs(doubles[b][l][h].item<double>() - e) < 1e-12);
                    QVERIFY(std::abs(static_cast<double>(floats[b][l][h].item<float>()) - e) < 2e-5);
                }
        }
    }

    void paddingChangesNothing() {
        // A text alone, and among longer ones.
        const EncoderConfig config = larger();
        const Encoder encoder = drawn(config);
        const at::Tensor ids = idsOf(config, 4, 70);
        const at::Tensor mask = maskOf({70, 9, 33, 1}, 70);
        const c10::InferenceMode inference;
        const at::Tensor together = encoder.forward(ids, mask);
        for (const auto& [b, length] :
             {std::pair{0, 70}, std::pair{1, 9}, std::pair{2, 33}, std::pair{3, 1}}) {
            const at::Tensor alone =
                encoder.forward(ids.narrow(0, b, 1).narrow(1, 0, length).contiguous(), {});
            QVERIFY(far(together[b].narrow(0, 0, length), alone[0]) < 1e-5);
        }
        QVERIFY(together.isfinite().all().item<bool>());
        // A mask of ones is no mask.
        QVERIFY(far(encoder.forward(ids, at::ones({4, 70}, at::kBool)), encoder.forward(ids, {})) < 1e-6);
    }

    void paddingIdsWithinRoberta() {
        // They have the padding's place and do not count, as `transformers` has it.
        const EncoderConfig config = tiny(EncoderFamily::Roberta);
        const Encoder encoder = drawn(config);
        at::Tensor ids = idsOf(config, 1, 6);
        ids[0][2] = config.padId;
        const auto& positions = encoder.parameters()[1];
        QCOMPARE(positions.name, std::string("embeddings.positions"));
        const c10::InferenceMode inference;
        const at::Tensor before = encoder.forward(ids, {});
        positions.value[7][0].add_(1); // of a sixth token that counts: there are five
        QVERIFY(at::equal(before, encoder.forward(ids, {})));
        positions.value[6][0].add_(1); // of the fifth
        QVERIFY(far(before, encoder.forward(ids, {})) > 1e-3);
    }

    void encodePools() {
        const EncoderConfig config = larger();
        const Encoder encoder = drawn(config);
        const at::Tensor ids = idsOf(config, 3, 20);
        const c10::InferenceMode inference;
        for (const at::Tensor& mask : {at::Tensor(), maskOf({20, 4, 1}, 20)}) {
            const at::Tensor states = encoder.forward(ids, mask);
            QVERIFY(far(encoder.encode(ids, mask, Pooling::Cls), states.select(1, 0)) < 1e-5);
            QVERIFY(at::equal(pool(states, mask, Pooling::Cls), states.select(1, 0)));
            const at::Tensor means = encoder.encode(ids, mask, Pooling::Mean);
            QVERIFY(far(means[0], states[0].mean(0)) < 1e-6);
            QVERIFY(far(means[1], states[1].narrow(0, 0, mask.defined() ? 4 : 20).mean(0)) < 1e-6);
        }
    }

    void gradientsByDifferences_data() { families(); }
    void gradientsByDifferences() {
        // In double, with dropout on: the masks are those of the seed.
        const EncoderConfig config = chosen();
        Encoder encoder = drawn(config).copyTo(at::kCPU, at::kDouble);
        const at::Tensor ids = idsOf(config, 2, 5);
        const at::Tensor mask = maskOf({5, 3}, 5);
        for (const bool pooled : {false, true}) {
            backward(encoder, ids, mask, 17, pooled);
            const auto loss = [&] {
                const at::NoGradGuard off;
                if (pooled)
                    return lossOf(encoder.encode(ids, mask, Pooling::Cls, 17)).item<double>();
                return lossOf(encoder.forward(ids, mask, 17) * mask.unsqueeze(2)).item<double>();
            };
            for (auto& parameter : encoder.parameters()) {
                QVERIFY2(parameter.value.grad().defined(), parameter.name.c_str());
                auto* values = parameter.value.data_ptr<double>();
                const auto* gradient = parameter.value.grad().data_ptr<double>();
                const std::int64_t count = parameter.value.numel();
                for (std::int64_t i = 0; i < count; i += std::max<std::int64_t>(1, count / 11)) {
                    constexpr double Step = 1e-6;
                    const double at = values[i];
                    values[i] = at + Step;
                    const double up = loss();
                    values[i] = at - Step;
                    const double down = loss();
                    values[i] = at;
                    const double expected = (up - down) / (2 * Step);
                    if (parameter.name == "embeddings.words" && i / config.width == config.padId)
                        QCOMPARE(gradient[i], 0.0); // never trained, as there
                    else
                        QVERIFY2(std::abs(gradient[i] - expected) < 1e-6 * (1 + std::abs(expected)),
                                 parameter.name.c_str());
                }
            }
        }
    }

    void fusedIsPlain_data() {
        QTest::addColumn<bool>("pooled");
        QTest::addColumn<bool>("masked");
        QTest::addColumn<bool>("dropped");
        for (int i = 0; i < 8; ++i)
            QTest::addRow("%s, %s, %s", i & 1 ? "first token" : "all", i & 2 ? "padding" : "no padding",
                          i & 4 ? "dropout" : "no dropout")
                << bool(i & 1) << bool(i & 2) << bool(i & 4);
    }
    void fusedIsPlain() {
        // float32 takes the fused way, float64 the plain one; both drop the same.
        QFETCH(bool, pooled);
        QFETCH(bool, masked);
        QFETCH(bool, dropped);
        const EncoderConfig config = larger();
        Encoder fused = drawn(config);
        Encoder plain = fused.copyTo(at::kCPU, at::kDouble);
        const at::Tensor ids = idsOf(config, 4, 70);
        const at::Tensor mask = masked ? maskOf({70, 9, 33, 1}, 70) : at::Tensor();
        const Dropout dropout = dropped ? Dropout(3) : Dropout();
        at::set_num_threads(Several);
        backward(fused, ids, mask, dropout, pooled);
        backward(plain, ids, mask, dropout, pooled);
        at::set_num_threads(1);
        for (std::size_t i = 0; i < fused.parameters().size(); ++i) {
            const auto& [name, value, depth, decays] = fused.parameters()[i];
            const at::Tensor expected = plain.parameters()[i].value.grad();
            QVERIFY2(value.grad().is_contiguous(), name.c_str());
            QVERIFY2(far(value.grad(), expected) < 1e-4 * (1 + expected.abs().max().item<double>()),
                     name.c_str());
        }
        const at::NoGradGuard off;
        const auto out = [&](const Encoder& e) {
            return pooled ? e.encode(ids, mask, Pooling::Cls, dropout) : e.forward(ids, mask, dropout);
        };
        at::Tensor a = out(fused), b = out(plain);
        if (masked && !pooled) {
            a = a * mask.unsqueeze(2);
            b = b * mask.unsqueeze(2);
        }
        QVERIFY(far(a, b) < 5e-5);
    }

    void plainLayerInFloat() {
        // The same type on both ways, and a layer alone: what canFuse decides changes nothing.
        const EncoderConfig config = larger();
        const Encoder encoder = drawn(config);
        const auto* p = &encoder.parameters()[5];
        const LayerWeights w{p[0].value, p[1].value, p[2].value, p[3].value, p[4].value,  p[5].value,
                             p[6].value, p[7].value, p[8].value, p[9].value, p[10].value, p[11].value};
        const c10::InferenceMode inference;
        const at::Tensor x = at::arange(2 * 9 * 96, at::kFloat).sin().view({2, 9, 96});
        QVERIFY(canFuse(x, w));
        QVERIFY(!canFuse(x.to(at::kDouble), w));
        for (const bool firstOnly : {false, true}) {
            const LayerPass pass{config, maskOf({9, 4}, 9), 5, 1, firstOnly};
            const at::Tensor fused = fusedLayer(x, w, pass), plain = plainLayer(x, w, pass);
            QCOMPARE(fused.sizes().vec(), plain.sizes().vec());
            QVERIFY(far(fused[0], plain[0]) < 2e-5);
            QVERIFY(far(fused[1][0], plain[1][0]) < 2e-5);
            // The same without the padding, with the same masks of dropout.
            LayerPass tight = pass;
            tight.packed = *packTexts(pass.mask);
            const at::Tensor rows = x.flatten(0, 1).index_select(0, tight.packed.places);
            const at::Tensor expected =
                firstOnly ? plain : plain.flatten(0, 1).index_select(0, tight.packed.places);
            for (const at::Tensor& out : {fusedLayer(rows, w, tight), plainLayer(rows, w, tight)}) {
                QCOMPARE(out.sizes().vec(), expected.sizes().vec());
                QVERIFY(far(out, expected) < 2e-5);
            }
        }
    }

    void textsWithoutTheirPadding() {
        const auto packed = packTexts(maskOf({3, 1, 2}, 4));
        QVERIFY(packed);
        QCOMPARE(packed->length, std::int64_t(4));
        QVERIFY(at::equal(packed->starts, at::tensor({0, 3, 4, 6}, at::kLong)));
        QVERIFY(at::equal(packed->places, at::tensor({0, 1, 2, 4, 8, 9}, at::kLong)));
        QVERIFY(!packTexts(maskOf({4, 4}, 4))); // nothing to leave out
        QVERIFY(!packTexts(maskOf({4, 0}, 4))); // a text without a token has no row
        at::Tensor holes = maskOf({4, 3}, 4);
        holes[0][1] = false;
        QVERIFY(!packTexts(holes));

        // Padding or not, and one text or several, at the first token and at all of them.
        const EncoderConfig config = larger();
        const Encoder encoder = drawn(config);
        const at::Tensor ids = idsOf(config, 3, 40), mask = maskOf({40, 17, 2}, 40);
        const c10::InferenceMode inference;
        const at::Tensor states = encoder.forward(ids, mask);
        QCOMPARE(states.sizes().vec(), (std::vector<std::int64_t>{3, 40, 96}));
        const at::Tensor first = encoder.encode(ids, mask, Pooling::Cls);
        for (const std::int64_t b : {0, 1, 2}) {
            const std::int64_t length = mask[b].sum().item<std::int64_t>();
            const at::Tensor alone = encoder.forward(ids.narrow(0, b, 1).narrow(1, 0, length), {});
            QVERIFY(far(states[b].narrow(0, 0, length), alone[0]) < 1e-5);
            QVERIFY(far(first[b], alone[0][0]) < 1e-5);
        }
        // A hole in the middle is left to the attention's mask.
        at::Tensor hole = maskOf({40, 17, 2}, 40);
        hole[0][5] = false;
        const at::Tensor with = encoder.forward(ids, hole);
        const at::Tensor expected = encoder.copyTo(at::kCPU, at::kDouble).forward(ids, hole);
        QVERIFY(far(with[0].narrow(0, 6, 34), expected[0].narrow(0, 6, 34)) < 5e-5);
        QVERIFY(far(with[0], states[0]) > 1e-3);
    }

    void gradientsWithoutThePadding() {
        // In double, with dropout: of a loss that looks at no padding, with it and without.
        const EncoderConfig config = larger();
        const at::Tensor mask = maskOf({9, 4, 1}, 9);
        const PackedTexts packed = *packTexts(mask);
        const at::Tensor x = at::arange(3 * 9 * 96, at::kDouble).sin().view({3, 9, 96});
        const auto gradients = [&](bool tight, bool firstOnly) {
            Encoder encoder = drawn(config).copyTo(at::kCPU, at::kDouble);
            encoder.setTraining(true);
            const auto* p = &encoder.parameters()[5];
            const LayerWeights w{p[0].value, p[1].value, p[2].value, p[3].value, p[4].value,  p[5].value,
                                 p[6].value, p[7].value, p[8].value, p[9].value, p[10].value, p[11].value};
            LayerPass pass{config, mask, 5, 1, firstOnly};
            at::Tensor in = x.clone().set_requires_grad(true), out;
            if (tight) {
                pass.packed = packed;
                out = plainLayer(in.flatten(0, 1).index_select(0, packed.places), w, pass);
            } else {
                out = plainLayer(in, w, pass);
                if (!firstOnly)
                    out = out.flatten(0, 1).index_select(0, packed.places);
            }
            (out * at::arange(out.numel(), at::kDouble).cos().view(out.sizes())).sum().backward();
            std::vector<at::Tensor> all{in.grad()};
            for (int i = 0; i < 12; ++i)
                all.push_back(p[i].value.grad());
            return all;
        };
        for (const bool firstOnly : {false, true}) {
            const auto with = gradients(false, firstOnly), without = gradients(true, firstOnly);
            for (std::size_t i = 0; i < with.size(); ++i)
                QVERIFY2(far(with[i], without[i]) < 1e-12 * (1 + with[i].abs().max().item<double>()),
                         std::to_string(i).c_str());
        }
    }

    void dropoutFollowsItsSeed() {
        const EncoderConfig config = larger();
        const Encoder encoder = drawn(config);
        const at::Tensor ids = idsOf(config, 4, 30);
        const at::NoGradGuard off;
        const at::Tensor first = encoder.forward(ids, {}, 8);
        QVERIFY(at::equal(first, encoder.forward(ids, {}, 8)));
        QVERIFY(far(first, encoder.forward(ids, {}, 9)) > 0.1);
        QVERIFY(far(first, encoder.forward(ids, {})) > 0.1);
        at::set_num_threads(Several);
        QVERIFY(far(first, encoder.forward(ids, {}, 8)) <
                1e-4); // the same masks; products may round otherwise
        at::set_num_threads(1);
    }

    void trainingIsAsked() {
        const EncoderConfig config = tiny(EncoderFamily::Bert);
        Encoder encoder = drawn(config);
        const at::Tensor ids = idsOf(config, 2, 4);
        QVERIFY(!encoder.forward(ids, {}).requires_grad());
        encoder.setTraining(true);
        QVERIFY(encoder.forward(ids, {}).requires_grad());
        {
            const c10::InferenceMode inference;
            QVERIFY(!encoder.forward(ids, {}).requires_grad());
        }
        {
            const at::NoGradGuard off;
            QVERIFY(!encoder.forward(ids, {}).requires_grad());
        }
        encoder.setTraining(false);
        QVERIFY(!encoder.forward(ids, {}).requires_grad());
    }

    void initial() {
        EncoderConfig config = larger();
        const Encoder a = Encoder::initial(config, 4), b = Encoder::initial(config, 4),
                      c = Encoder::initial(config, 5);
        for (std::size_t i = 0; i < a.parameters().size(); ++i) {
            const auto& [name, value, depth, decays] = a.parameters()[i];
            QVERIFY(at::equal(value, b.parameters()[i].value));
            if (value.dim() == 1) {
                QCOMPARE(value.min().item<float>(), name.ends_with("orm.weight") ? 1.0F : 0.0F);
                QCOMPARE(value.max().item<float>(), name.ends_with("orm.weight") ? 1.0F : 0.0F);
                continue;
            }
            QVERIFY(!at::equal(value, c.parameters()[i].value));
            const double deviation = value.std().item<double>(), count = static_cast<double>(value.numel());
            const double padding = name == "embeddings.words" ? 0.98 : 1; // one row in fifty is zero
            QVERIFY2(std::abs(deviation / (0.02 * std::sqrt(padding)) - 1) < 4 / std::sqrt(2 * count),
                     name.c_str());
            QVERIFY2(std::abs(value.mean().item<double>()) < 4 * 0.02 / std::sqrt(count), name.c_str());
            QVERIFY2(value.abs().max().item<double>() < 0.12, name.c_str());
        }
        QCOMPARE(a.parameters()[0].value[1].abs().max().item<float>(), 0.0F);
        QVERIFY(a.parameters()[0].value[2].abs().max().item<float>() > 0);
        config = tiny(EncoderFamily::Roberta);
        QCOMPARE(Encoder::initial(config, 4).parameters()[1].value[1].abs().max().item<float>(), 0.0F);
    }

    void copies() {
        const EncoderConfig config = larger();
        Encoder encoder = drawn(config);
        encoder.setTraining(true);
        Encoder low = encoder.copyTo(at::kCPU, at::kBFloat16);
        const at::Tensor ids = idsOf(config, 3, 30);
        const at::Tensor mask = maskOf({30, 12, 5}, 30);
        const c10::InferenceMode inference;
        const auto cls = [&](const Encoder& e) { return e.encode(ids, mask, Pooling::Cls).to(at::kFloat); };
        const double size = cls(encoder).abs().max().item<double>();
        QVERIFY(far(cls(low), cls(encoder)) < 0.05 * size);
        QVERIFY(far(cls(low), cls(encoder)) > 0); // it is another type
        const auto* place = low.parameters()[0].value.data_ptr();
        {
            const c10::InferenceMode outside(false);
            const at::NoGradGuard off;
            for (auto& parameter : encoder.parameters())
                parameter.value.mul_(-0.5);
        }
        QVERIFY(far(cls(low), cls(encoder)) >
                0.2 * cls(encoder).abs().max().item<double>()); // a copy of its own
        low.copyFrom(encoder);
        QCOMPARE(low.parameters()[0].value.data_ptr(), place);
        QVERIFY(far(cls(low), cls(encoder)) < 0.05 * cls(encoder).abs().max().item<double>());
        QVERIFY(!low.parameters()[0].value.requires_grad());
        Encoder same = encoder.copyTo(at::kCPU, at::kFloat); // of the same type too
        same.parameters()[0].value[0][0] = 77;
        QVERIFY(encoder.parameters()[0].value[0][0].item<float>() != 77);
    }

    void bfloat16FusedIsPlain() {
        // Both round to bfloat16 between their steps, but not at the same ones.
        const EncoderConfig config = larger();
        const Encoder low = drawn(config).copyTo(at::kCPU, at::kBFloat16);
        const at::Tensor ids = idsOf(config, 2, 20);
        const at::Tensor mask = maskOf({20, 7}, 20);
        const at::Tensor exact = drawn(config).encode(ids, mask, Pooling::Mean);
        const at::Tensor fused = [&] {
            const c10::InferenceMode inference;
            return low.encode(ids, mask, Pooling::Mean);
        }();
        const at::Tensor plain = low.encode(ids, mask, Pooling::Mean); // grad mode on: not fused
        QCOMPARE(fused.scalar_type(), at::kBFloat16);
        QVERIFY(far(fused, exact) < 1.5 * far(plain, exact) + 0.02);
    }

    void autocast() {
        // Products in bfloat16, weights and sums in float32: about the same states and gradients.
        const EncoderConfig config = larger();
        Encoder exact = drawn(config), cast = drawn(config);
        const at::Tensor ids = idsOf(config, 4, 30);
        const at::Tensor mask = maskOf({30, 12, 30, 5}, 30);
        backward(exact, ids, mask, 4, true);
        cast.setTraining(true);
        at::Tensor out;
        {
            const Autocast autocast(at::kCPU, Precision::Bf16);
            out = cast.encode(ids, mask, Pooling::Cls, 4);
        }
        const at::Tensor expected = exact.encode(ids, mask, Pooling::Cls, 4);
        QVERIFY(far(out, expected) > 0); // it was on
        QVERIFY(far(out, expected) < 0.05 * expected.abs().max().item<double>());
        lossOf(out.to(at::kFloat)).backward();
        for (std::size_t i = 0; i < cast.parameters().size(); ++i) {
            const auto& [name, value, depth, decays] = cast.parameters()[i];
            QCOMPARE(value.grad().scalar_type(), at::kFloat);
            const at::Tensor gradient = exact.parameters()[i].value.grad();
            QVERIFY2((value.grad() - gradient).norm().item<double>() < 0.25 * gradient.norm().item<double>(),
                     name.c_str());
        }
    }

    void folder() {
        for (const auto family : {EncoderFamily::Bert, EncoderFamily::Roberta, EncoderFamily::DistilBert}) {
            const EncoderConfig config = tiny(family);
            const Encoder encoder = drawn(config);
            const QTemporaryDir folder;
            const auto saved = encoder.save(folder.path().toStdString());
            QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
            const auto opened = Encoder::open(folder.path().toStdString());
            QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
            QVERIFY(opened->config() == [&] {
                EncoderConfig expected = config;
                if (family == EncoderFamily::DistilBert)
                    expected.epsilon = 1e-12; // not a setting there
                return expected;
            }());
            for (std::size_t i = 0; i < encoder.parameters().size(); ++i)
                QVERIFY(at::equal(encoder.parameters()[i].value, opened->parameters()[i].value));
        }
    }

    void notAFolder() {
        const auto says = [](const std::string& folder, const char* text) {
            const auto opened = Encoder::open(folder);
            const bool right = !opened && opened.error().message.find(text) != std::string::npos;
            if (!right)
                qWarning("%s", opened ? "it opened" : opened.error().message.c_str());
            return right;
        };
        const QTemporaryDir folder;
        QVERIFY(says("/nowhere/at/all", "/nowhere/at/all/config.json"));
        QVERIFY(says(folder.path().toStdString(), "config.json"));
        const std::string path = write(folder, "config.json", R"({"model_type": "llama"})");
        QVERIFY(says(path, "config.json: it is of model_type 'llama'"));
        write(folder, "config.json", QByteArray(2 << 20, ' '));
        QVERIFY(says(path, "take another copy"));
        write(folder, "config.json", QByteArray::fromStdString(toJson(tiny(EncoderFamily::Bert))));
        QVERIFY(says(path, "model.safetensors"));
        QVERIFY(drawn(tiny(EncoderFamily::Roberta)).save(path).has_value());
        write(folder, "config.json", QByteArray::fromStdString(toJson(larger())));
        QVERIFY(says(path, "has shape [20, 6], its config.json asks for [50, 96]"));
    }
};

QTEST_GUILESS_MAIN(EncoderTest)
#include "encoder_test.moc"
