#include "core/student/torchscript_export.h"

#include "core/files/atomic_file.h"
#include "core/student/small_weights.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <QFile>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <sstream>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

namespace stillroom {

namespace {

/// A module's tensors, and the words by which its forward uses them.
class Weights {
  public:
    Weights(torch::jit::Module& module, ExportWeights kind) : module_(module), kind_(kind) {}

    /// A vector: float32 in any case.
    std::string vector(const std::string& name, const at::Tensor& value) {
        return "self." + put(name, value);
    }
    /// A matrix that is multiplied with; `one` is a float32 tensor in the forward.
    std::string matrix(const std::string& name, const at::Tensor& value) {
        const SmallMatrix small = shrink(value, kind_);
        const std::string plain = "self." + put(name, small.values);
        switch (kind_) {
        case ExportWeights::Full:
            return plain;
        case ExportWeights::Half:
            return plain + ".type_as(one)";
        case ExportWeights::Int8:
            break;
        }
        return fmt::format("({}.type_as(one) * self.{}.unsqueeze(1))", plain,
                           put(name + "_scale", small.scales));
    }
    /// Rows of a table, by the numbers that are called `rows` in the forward: one after the other.
    std::string rows(const std::string& name, const at::Tensor& table, const std::string& rows) {
        const SmallMatrix small = shrink(table, kind_);
        std::string words = fmt::format("torch.index_select(self.{}, 0, {})", put(name, small.values), rows);
        if (kind_ != ExportWeights::Full)
            words += ".type_as(one)";
        if (kind_ == ExportWeights::Int8)
            words += fmt::format(" * torch.index_select(self.{}, 0, {}).unsqueeze(1)",
                                 put(name + "_scale", small.scales), rows);
        return words;
    }
    std::string put(const std::string& name, const at::Tensor& value) {
        std::string plain = name;
        std::replace(plain.begin(), plain.end(), '.', '_');
        // A copy of its own: of a view its whole storage would be written.
        module_.register_buffer(plain, value.detach().clone(at::MemoryFormat::Contiguous));
        return plain;
    }

  private:
    torch::jit::Module& module_;
    ExportWeights kind_;
};

/// Buckets fit into int32 wherever they can, for half the bytes.
at::Tensor bucketTensor(const NgramFile& file) {
    std::vector<std::int64_t> buckets(file.buckets.begin(), file.buckets.end());
    const at::Tensor wide = at::tensor(buckets, at::kLong);
    return file.recipe.buckets < (1LL << 31) ? wide.to(at::kInt) : wide;
}

std::string ngramForward(const NgramFile& file, Weights weights) {
    weights.put("buckets", bucketTensor(file));
    const auto& p = file.parameters;
    const std::string bias = weights.vector("bias", p.bias);
    const std::string head = weights.matrix("head", p.head);
    const std::string rows = weights.rows("embedding", p.embedding, "place");
    return fmt::format(R"(
def forward(self, ngrams):
    one = {bias}
    flat = ngrams.reshape([-1]).type_as(self.buckets)
    place = torch.clamp(torch.searchsorted(self.buckets, flat), 0, self.buckets.size(0) - 1)
    known = torch.eq(torch.index_select(self.buckets, 0, place), flat).type_as(one)
    rows = {rows}
    rows = rows * known.unsqueeze(1)
    sums = rows.reshape([ngrams.size(0), ngrams.size(1), {dimensions}]).sum([1])
    count = torch.clamp(torch.ge(ngrams, 0).type_as(one).sum([1]), 1.0)
    hidden = sums / torch.sqrt(count).unsqueeze(1)
    return torch.softmax(torch.linear(hidden, {head}, {bias}), 1)
)",
                       fmt::arg("bias", bias), fmt::arg("rows", rows), fmt::arg("head", head),
                       fmt::arg("dimensions", p.embedding.size(1)));
}

const char* activation(Activation kind) {
    switch (kind) {
    case Activation::Gelu:
        return "torch.gelu(up)";
    case Activation::GeluTanh:
        return "torch.gelu(up, approximate=\"tanh\")";
    case Activation::Relu:
        break;
    }
    return "torch.relu(up)";
}

/// By the names of Encoder::Parameter.
class EncoderWords {
  public:
    EncoderWords(const Encoder& encoder, Weights& weights) : encoder_(encoder), weights_(weights) {}

    [[nodiscard]] const at::Tensor& value(const std::string& name) const {
        const auto& all = encoder_.parameters();
        return std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == name; })->value;
    }
    std::string linear(const std::string& x, const std::string& name) {
        return fmt::format("torch.linear({}, {}, {})", x,
                           weights_.matrix(name + ".weight", value(name + ".weight")),
                           weights_.vector(name + ".bias", value(name + ".bias")));
    }
    std::string norm(const std::string& x, const std::string& name) {
        return fmt::format("torch.layer_norm({}, [{}], {}, {}, {:.9e})", x, encoder_.config().width,
                           weights_.vector(name + ".weight", value(name + ".weight")),
                           weights_.vector(name + ".bias", value(name + ".bias")), encoder_.config().epsilon);
    }

  private:
    const Encoder& encoder_;
    Weights& weights_;
};

std::string encoderForward(const OpenedEncoderFile& student, Weights weights) {
    const EncoderConfig& config = student.encoder.config();
    const EncoderHead& head = student.file.head;
    EncoderWords words(student.encoder, weights);
    const std::int64_t h = config.width;
    const std::string outBias = weights.vector("head.bias", head.out.bias);
    std::string code =
        fmt::format(R"(
def forward(self, input_ids, attention_mask):
    one = {}
    n = input_ids.size(0)
    l = input_ids.size(1)
    mask = attention_mask.type_as(one)
    hidden_from = ((mask - 1.0) * 1.0e9).unsqueeze(1).unsqueeze(1)
    flat = input_ids.reshape([-1])
    x = {}
    x = x.reshape([n, l, {}])
)",
                    outBias, weights.rows("embeddings.words", words.value("embeddings.words"), "flat"), h);
    const auto line = [&](const std::string& text) { code += "    " + text + "\n"; };
    if (config.family == EncoderFamily::Roberta) {
        line(fmt::format("counts = torch.ne(input_ids, {}).type_as(input_ids)", config.padId));
        line(fmt::format("places = (torch.cumsum(counts, 1) * counts + {}).reshape([-1])", config.padId));
    } else {
        line("places = torch.arange(l, device=input_ids.device)");
    }
    line("at = " + weights.rows("embeddings.positions", words.value("embeddings.positions"), "places"));
    line(config.family == EncoderFamily::Roberta ? fmt::format("x = x + at.reshape([n, l, {}])", h)
                                                 : "x = x + at.unsqueeze(0)");
    if (config.tokenTypes > 0) // every token is of the first type
        line("x = x + " + weights.vector("embeddings.types", words.value("embeddings.types").select(0, 0)));
    line("x = " + words.norm("x", "embeddings.norm"));
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        const std::string name = fmt::format("layers.{}.", layer);
        line("qkv = " + words.linear("x", name + "qkv"));
        for (int part = 0; part < 3; ++part)
            line(fmt::format("{} = qkv.narrow(2, {}, {}).reshape([n, l, {}, {}]).transpose(1, 2)",
                             "qkv"[part], part * h, h, config.heads, h / config.heads));
        line(fmt::format("scores = torch.matmul(q * {:.9e}, k.transpose(2, 3)) + hidden_from",
                         1 / std::sqrt(static_cast<double>(h / config.heads))));
        line(fmt::format(
            "context = torch.matmul(torch.softmax(scores, -1), v).transpose(1, 2).reshape([n, l, {}])", h));
        line("x = " +
             words.norm("x + " + words.linear("context", name + "attention"), name + "attentionNorm"));
        line("up = " + words.linear("x", name + "up"));
        line(fmt::format("up = {}", activation(config.activation)));
        line("x = " + words.norm("x + " + words.linear("up", name + "down"), name + "norm"));
    }
    line(student.file.pooling == Pooling::Cls
             ? "pooled = x.select(1, 0)"
             : "pooled = (x * mask.unsqueeze(2)).sum([1]) / mask.sum([1]).unsqueeze(1)");
    if (head.hidden)
        line(fmt::format("pooled = torch.relu(torch.linear(pooled, {}, {}))",
                         weights.matrix("hidden.weight", head.hidden->weight),
                         weights.vector("hidden.bias", head.hidden->bias)));
    line(fmt::format("return torch.softmax(torch.linear(pooled, {}, {}), 1)",
                     weights.matrix("head.weight", head.out.weight), outBias));
    return code;
}

} // namespace

Result<void> writeTorchScript(const std::string& path, const ExportParts& parts, const ExportFacts& facts) {
    torch::jit::Module module("StillroomStudent");
    c10::List<std::string> classes;
    for (const auto& name : parts.classes())
        classes.push_back(name);
    module.register_attribute("classes", c10::ListType::ofStrings(), classes);
    const Weights weights(module, facts.weights);
    module.define(parts.ngram() != nullptr ? ngramForward(*parts.ngram(), weights)
                                           : encoderForward(*parts.encoder(), weights));
    module.register_attribute("training", c10::BoolType::get(), false);
    torch::jit::ExtraFilesMap files;
    files[ExportFactsFile] = QJsonDocument(facts.toJson()).toJson().toStdString();
    for (const auto& [name, bytes] : parts.tokenizer())
        files["tokenizer/" + name] = bytes;
    std::ostringstream out;
    module.save(out, files);
    return writeFileAtomically(QString::fromStdString(path), out.view());
}

Result<ExportedForward> openTorchScript(const std::string& path) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) // LibTorch's own words say less
        return fail(fmt::format("cannot open {}: {}; export the student again", path,
                                file.errorString().toStdString()));
    file.close();
    auto module = std::make_shared<torch::jit::Module>(torch::jit::load(path));
    return [module](const at::Tensor& ids, const at::Tensor& mask) {
        const at::NoGradGuard off;
        std::vector<c10::IValue> inputs{ids};
        if (mask.defined())
            inputs.emplace_back(mask);
        return module->forward(std::move(inputs)).toTensor();
    };
}

} // namespace stillroom
