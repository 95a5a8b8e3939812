// Hugging Face's names and ours, in both directions; number types; what is refused, and in which words.
#include "core/student/encoder_weights.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

using namespace stillroom;

namespace {

EncoderConfig tiny(EncoderFamily family = EncoderFamily::Bert) {
    EncoderConfig config;
    config.family = family;
    config.vocabulary = 5;
    config.positions = 4;
    config.tokenTypes = family == EncoderFamily::DistilBert ? 0 : 2;
    config.width = 2;
    config.heads = 1;
    config.intermediate = 3;
    config.layers = 1;
    return config;
}

/// A file's tensors: names of BERT, each filled with its own numbers.
class Stored {
  public:
    explicit Stored(const EncoderConfig& config) {
        float next = 1;
        for (const auto& plan : planParameters(config)) {
            auto shape = plan.shape;
            shape[0] /= static_cast<std::int64_t>(plan.stored.size());
            for (const auto& name : plan.stored) {
                std::int64_t count = 1;
                for (const auto size : shape)
                    count *= size;
                std::vector<float> values(static_cast<std::size_t>(count));
                for (auto& value : values)
                    value = next++;
                set(name, TensorType::F32, shape, values);
            }
        }
    }

    template <class T>
    void set(const std::string& name, TensorType type, std::vector<std::int64_t> shape,
             const std::vector<T>& values) {
        auto& bytes = bytes_[name];
        // One byte further: a file's tensors need not be aligned.
        bytes.assign(1 + values.size() * sizeof(T), std::byte{0});
        std::memcpy(bytes.data() + 1, values.data(), values.size() * sizeof(T));
        tensors[name] = {type, std::move(shape), std::span<const std::byte>(bytes).subspan(1)};
    }

    void rename(const std::string& from, const std::string& to) {
        auto moved = tensors.extract(from);
        moved.key() = to;
        tensors.insert(std::move(moved));
    }

    std::map<std::string, Safetensors::Tensor> tensors;

  private:
    std::map<std::string, std::vector<std::byte>> bytes_;
};

std::vector<float> numbers(const at::Tensor& tensor) {
    const at::Tensor here = tensor.contiguous();
    return {here.data_ptr<float>(), here.data_ptr<float>() + here.numel()};
}

std::size_t indexOf(const EncoderConfig& config, const std::string& name) {
    const auto plans = planParameters(config);
    return static_cast<std::size_t>(
        std::find_if(plans.begin(), plans.end(), [&](const auto& p) { return p.name == name; }) -
        plans.begin());
}

} // namespace

class EncoderWeightsTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void plan() {
        EncoderConfig config = tiny();
        config.layers = 2;
        const auto plans = planParameters(config);
        QCOMPARE(plans.size(), std::size_t(5 + 2 * 12));
        std::int64_t numbers = 0;
        std::set<std::string> names;
        for (const auto& plan : plans) {
            std::int64_t count = 1;
            for (const auto size : plan.shape)
                count *= size;
            numbers += count;
            names.insert(plan.name);
            QCOMPARE(plan.decays, plan.shape.size() == 2); // not the biases and norms
            QCOMPARE(plan.depth, plan.name.starts_with("layers.0.")   ? 1
                                 : plan.name.starts_with("layers.1.") ? 2
                                                                      : 0);
        }
        QCOMPARE(names.size(), plans.size());
        QCOMPARE(numbers, config.parameterCount());
    }

    void readsBert() {
        const EncoderConfig config = tiny();
        const Stored stored(config);
        const auto values = readWeights(config, stored.tensors, "file");
        QVERIFY2(values.has_value(), values ? "" : values.error().message.c_str());
        QCOMPARE(numbers((*values)[0]), (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
        // Query, key and value under each other, from their own tensors.
        std::vector<float> expected;
        for (const char* part : {"query", "key", "value"}) {
            const auto& tensor =
                stored.tensors.at(std::string("encoder.layer.0.attention.self.") + part + ".weight");
            float from[4];
            std::memcpy(from, tensor.data.data(), sizeof from);
            expected.insert(expected.end(), from, from + 4);
        }
        QCOMPARE(numbers((*values)[indexOf(config, "layers.0.qkv.weight")]), expected);
        for (const auto& value : *values)
            QVERIFY(value.is_contiguous() && value.scalar_type() == at::kFloat && !value.requires_grad());
    }

    void prefixesAndOldNames_data() {
        QTest::addColumn<int>("family");
        QTest::addColumn<std::string>("prefix");
        QTest::addColumn<bool>("old");
        QTest::newRow("bert") << 0 << std::string("bert.") << false;
        QTest::newRow("bert of 2018") << 0 << std::string("bert.") << true;
        QTest::newRow("plain, of 2018") << 0 << std::string() << true;
        QTest::newRow("roberta") << 1 << std::string("roberta.") << false;
        QTest::newRow("distilbert") << 2 << std::string("distilbert.") << false;
    }
    void prefixesAndOldNames() {
        QFETCH(int, family);
        QFETCH(std::string, prefix);
        QFETCH(bool, old);
        const EncoderConfig config = tiny(static_cast<EncoderFamily>(family));
        Stored stored(config);
        const auto expected = readWeights(config, stored.tensors, "file");
        QVERIFY(expected.has_value());
        std::vector<std::string> names;
        for (const auto& [name, tensor] : stored.tensors)
            names.push_back(name);
        for (const auto& name : names) {
            std::string renamed = prefix + name;
            if (const auto at = renamed.find("LayerNorm."); old && at != std::string::npos)
                renamed.replace(at + 10, std::string::npos, renamed.ends_with("weight") ? "gamma" : "beta");
            stored.rename(name, renamed);
        }
        // What models have beside their encoder.
        stored.set(prefix + "pooler.dense.weight", TensorType::F32, {2, 2}, std::vector<float>{9, 9, 9, 9});
        stored.set(prefix + "embeddings.position_ids", TensorType::I64, {1, 4},
                   std::vector<std::int64_t>{0, 1, 2, 3});
        stored.set("cls.predictions.bias", TensorType::F32, {5}, std::vector<float>(5));
        const auto values = readWeights(config, stored.tensors, "file");
        QVERIFY2(values.has_value(), values ? "" : values.error().message.c_str());
        for (std::size_t i = 0; i < values->size(); ++i)
            QVERIFY(at::equal((*values)[i], (*expected)[i]));
    }

    void numberTypes() {
        const EncoderConfig config = tiny();
        Stored stored(config);
        // 1, −2, 0.5, 1.25 in the bits of each type.
        const std::vector<std::uint16_t> half = {0x3C00, 0xC000, 0x3800, 0x3D00};
        const std::vector<std::uint16_t> brain = {0x3F80, 0xC000, 0x3F00, 0x3FA0};
        stored.set("encoder.layer.0.attention.self.query.weight", TensorType::F16, {2, 2}, half);
        stored.set("encoder.layer.0.attention.self.key.weight", TensorType::BF16, {2, 2}, brain);
        stored.set("encoder.layer.0.attention.self.value.weight", TensorType::F64, {2, 2},
                   std::vector<double>{1, -2, 0.5, 1.25});
        const auto values = readWeights(config, stored.tensors, "file");
        QVERIFY2(values.has_value(), values ? "" : values.error().message.c_str());
        QCOMPARE(numbers((*values)[indexOf(config, "layers.0.qkv.weight")]),
                 (std::vector<float>{1, -2, 0.5, 1.25, 1, -2, 0.5, 1.25, 1, -2, 0.5, 1.25}));
    }

    void refused() {
        const EncoderConfig config = tiny();
        const auto message = [&](const Stored& stored) {
            const auto values = readWeights(config, stored.tensors, "model.safetensors");
            return values ? std::string() : values.error().message;
        };
        const auto says = [](const std::string& text, std::initializer_list<const char*> parts) {
            bool all = text.starts_with("model.safetensors: ");
            for (const char* part : parts)
                all = all && text.find(part) != std::string::npos;
            if (!all)
                qWarning("%s", text.c_str());
            return all;
        };
        Stored missing(config);
        missing.tensors.erase("encoder.layer.0.output.dense.bias");
        QVERIFY(says(message(missing), {"'encoder.layer.0.output.dense.bias' is missing", "[2]"}));
        Stored none(config);
        none.tensors.clear();
        QVERIFY(says(message(none), {"'embeddings.word_embeddings.weight' is missing", "[5, 2]"}));
        Stored misshapen(config);
        misshapen.set("encoder.layer.0.intermediate.dense.weight", TensorType::F32, {2, 3},
                      std::vector<float>(6));
        QVERIFY(
            says(message(misshapen), {"'encoder.layer.0.intermediate.dense.weight'", "[2, 3]", "[3, 2]"}));
        Stored flat(config);
        flat.set("embeddings.LayerNorm.bias", TensorType::F32, {}, std::vector<float>(1));
        QVERIFY(says(message(flat), {"'embeddings.LayerNorm.bias'", "[]", "[2]"}));
        Stored whole(config);
        whole.set("embeddings.LayerNorm.bias", TensorType::I32, {2}, std::vector<std::int32_t>(2));
        QVERIFY(says(message(whole), {"'embeddings.LayerNorm.bias' is of type I32"}));
        Stored broken(config);
        broken.set("embeddings.LayerNorm.bias", TensorType::F32, {2}, std::vector<float>{1, NAN});
        QVERIFY(says(message(broken), {"'embeddings.LayerNorm.bias'", "not finite"}));
        Stored large(config); // no float32
        large.set("embeddings.LayerNorm.bias", TensorType::F64, {2}, std::vector<double>{1, 1e300});
        QVERIFY(says(message(large), {"'embeddings.LayerNorm.bias'", "not finite"}));
    }

    void aClaimCostsNothing() {
        // A config of the largest size beside a small file is refused before anything of that size exists.
        EncoderConfig config = tiny();
        config.vocabulary = 1 << 24;
        config.width = 1024;
        QVERIFY(!readWeights(config, Stored(tiny()).tensors, "file").has_value());
    }

    void storedReadsBack() {
        for (const auto family : {EncoderFamily::Bert, EncoderFamily::DistilBert}) {
            const EncoderConfig config = tiny(family);
            const Stored stored(config);
            const auto values = readWeights(config, stored.tensors, "file");
            QVERIFY(values.has_value());
            const auto tensors = toStoredTensors(config, *values);
            const auto views = viewsOf(tensors);
            QCOMPARE(views.size(), stored.tensors.size());
            for (const auto& view : views) {
                const auto& tensor = stored.tensors.at(view.name);
                QCOMPARE(view.type, TensorType::F32);
                QCOMPARE(view.shape, tensor.shape);
                QVERIFY(
                    std::equal(view.data.begin(), view.data.end(), tensor.data.begin(), tensor.data.end()));
            }
        }
    }

    void doubleStaysDouble() {
        const EncoderConfig config = tiny();
        std::vector<at::Tensor> values;
        for (const auto& plan : planParameters(config)) {
            std::int64_t count = 1;
            for (const auto size : plan.shape)
                count *= size;
            values.push_back(at::arange(count, at::kDouble).view(plan.shape) / 3);
        }
        for (const auto& view : viewsOf(toStoredTensors(config, values)))
            QCOMPARE(view.type, TensorType::F64);
        for (auto& value : values)
            value = value.to(at::kBFloat16);
        for (const auto& view : viewsOf(toStoredTensors(config, values)))
            QCOMPARE(view.type, TensorType::F32);
    }
};

QTEST_GUILESS_MAIN(EncoderWeightsTest)
#include "encoder_weights_test.moc"
