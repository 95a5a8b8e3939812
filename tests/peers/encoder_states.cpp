// Our encoder for a program that compares it with another's: commands on standard input, one answer line each
// on standard output. tests/peers/compare_encoders.py is such a program. IN and OUT are safetensors.
//
//   open FOLDER              reads an encoder: "ok NUMBERS" or "error SENTENCE"
//   save FOLDER              writes it: "ok"
//   states IN OUT            `ids` B×L I64, `mask` B×L BOOL or none
//                            → `states` B×L×H, `cls` and `mean` B×H, F32
//   train IN OUT RATE DECAY  float64, no dropout; each of `ids` S×B×L (with `mask`, `labels` S×B) is a step
//                            of AdamW on the mean cross-entropy of `head.weight`·CLS + `head.bias` (F64)
//                            → all weights by their stored names, F64
//   time WHAT B S L THREADS  scoring, or training (dropout on, AdamW, a head of ten classes), both also
//                            -bf16 (a copy in bfloat16; autocast), of one batch of B texts of S to L tokens:
//                            "ok SECONDS PROCESSOR_SECONDS"; the latter add up over threads
//   about                    "ok LIBTORCH, BLAS"
#include "core/student/adamw.h"
#include "core/student/autocast.h"
#include "core/student/devices.h"
#include "core/student/encoder.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/div.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <iostream>
#include <malloc.h>
#include <optional>
#include <sstream>

using namespace stillroom;

namespace {

at::Tensor toTensor(const Safetensors::Tensor& stored) {
    const auto type = stored.type == TensorType::I64    ? at::kLong
                      : stored.type == TensorType::BOOL ? at::kBool
                      : stored.type == TensorType::F64  ? at::kDouble
                                                        : at::kFloat;
    at::Tensor tensor = at::empty(stored.shape, type);
    std::memcpy(tensor.data_ptr(), stored.data.data(), stored.data.size());
    return tensor;
}

/// Undefined when it is not there.
at::Tensor find(const Safetensors& file, const std::string& name) {
    const auto found = file.tensors().find(name);
    return found == file.tensors().end() ? at::Tensor() : toTensor(found->second);
}

std::string said(const Result<void>& result) {
    return result ? "ok" : "error " + result.error().message;
}

std::string writeStates(const Encoder& encoder, const std::string& in, const std::string& out) {
    const auto file = Safetensors::read(in);
    if (!file)
        return "error " + file.error().message;
    const c10::InferenceMode inference;
    const at::Tensor ids = find(*file, "ids");
    const at::Tensor mask = find(*file, "mask");
    const std::vector<NamedTensor> tensors = {
        {"states", encoder.forward(ids, mask).contiguous()},
        {"cls", encoder.encode(ids, mask, Pooling::Cls).contiguous()},
        {"mean", encoder.encode(ids, mask, Pooling::Mean).contiguous()}};
    return said(writeSafetensors(out, viewsOf(tensors), {}));
}

std::vector<AdamWTarget> targetsOf(const Encoder& encoder, const at::Tensor& head, const at::Tensor& bias) {
    std::vector<AdamWTarget> targets;
    for (const auto& parameter : encoder.parameters())
        targets.push_back({parameter.name, parameter.value, 1, parameter.decays});
    targets.push_back({"head.weight", head, 1, true});
    targets.push_back({"head.bias", bias, 1, false});
    return targets;
}

std::string train(const Encoder& opened, const std::string& in, const std::string& out, double rate,
                  double decay) {
    const auto file = Safetensors::read(in);
    if (!file)
        return "error " + file.error().message;
    Encoder encoder = opened.copyTo(at::kCPU, at::kDouble);
    encoder.setTraining(true);
    const at::Tensor ids = find(*file, "ids"), mask = find(*file, "mask"), labels = find(*file, "labels");
    at::Tensor head = find(*file, "head.weight").set_requires_grad(true);
    at::Tensor bias = find(*file, "head.bias").set_requires_grad(true);
    AdamWSettings settings;
    settings.weightDecay = decay;
    AdamW optimizer(targetsOf(encoder, head, bias), settings);
    for (std::int64_t step = 0; step < ids.size(0); ++step) {
        const at::Tensor cls = encoder.encode(ids[step], mask.defined() ? mask[step] : mask, Pooling::Cls);
        at::cross_entropy_loss(at::linear(cls, head, bias), labels[step]).backward();
        optimizer.step(rate);
        optimizer.dropGradients();
    }
    auto tensors = encoder.storedTensors();
    tensors.push_back({"head.weight", head.detach()});
    tensors.push_back({"head.bias", bias.detach()});
    return said(writeSafetensors(out, viewsOf(tensors), {}));
}

/// The texts' tokens, evenly from `shortest` to `length`; compare_encoders.py makes the same.
at::Tensor tokensOf(std::int64_t texts, std::int64_t shortest, std::int64_t length) {
    const std::int64_t gaps = std::max<std::int64_t>(1, texts - 1);
    return at::arange(texts).mul(length - shortest).div(gaps, "floor").add(shortest);
}

/// One batch at a time, so that the other program's turns can lie in between.
class Timing {
  public:
    Timing(const Encoder& encoder, const std::string& what, std::int64_t texts, std::int64_t shortest,
           std::int64_t length)
        : training_(what.starts_with("training")),
          precision_(what == "training-bf16" ? Precision::Bf16 : Precision::Fp32),
          encoder_(encoder.copyTo(at::kCPU, what == "scoring-bf16" ? at::kBFloat16 : at::kFloat)),
          head_(at::zeros({10, encoder.config().width}, encoder_.parameters()[0].value.options())),
          bias_(at::zeros({10}, head_.options())),
          ids_(at::randint(encoder.config().vocabulary, {texts, length}, at::kLong)),
          labels_(at::randint(10, {texts}, at::kLong)) {
        if (shortest < length)
            mask_ = at::arange(length).unsqueeze(0) < tokensOf(texts, shortest, length).unsqueeze(1);
        encoder_.setTraining(training_);
        head_.set_requires_grad(training_);
        bias_.set_requires_grad(training_);
        if (training_)
            optimizer_.emplace(targetsOf(encoder_, head_, bias_), AdamWSettings{});
    }

    /// "SECONDS PROCESSOR_SECONDS"
    std::string measure() {
        const auto begin = std::chrono::steady_clock::now();
        const std::clock_t processor = std::clock();
        if (training_) {
            at::Tensor logits;
            {
                const Autocast autocast(at::kCPU, precision_);
                logits = at::linear(encoder_.encode(ids_, mask_, Pooling::Cls, ++seed_), head_, bias_)
                             .to(at::kFloat);
            }
            at::cross_entropy_loss(logits, labels_).backward();
            optimizer_->step(1e-6);
            optimizer_->dropGradients();
        } else {
            const c10::InferenceMode inference;
            at::linear(encoder_.encode(ids_, mask_, Pooling::Cls), head_, bias_);
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        return fmt::format("{} {}", took.count(),
                           static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
    }

  private:
    bool training_;
    Precision precision_;
    Encoder encoder_;
    at::Tensor head_, bias_, ids_, labels_, mask_;
    std::optional<AdamW> optimizer_;
    std::uint64_t seed_ = 0;
};

} // namespace

int main() {
    // As both programs of ours do: what was freed is not handed back to the system in between.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
    std::optional<Encoder> encoder;
    std::map<std::string, Timing> timings;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command, first, second, answer;
        words >> command;
        if (command == "open") {
            std::getline(words >> std::ws, first);
            auto opened = Encoder::open(first);
            answer = opened ? fmt::format("ok {}", opened->config().parameterCount())
                            : "error " + opened.error().message;
            timings.clear();
            if (opened)
                encoder.emplace(std::move(*opened));
        } else if (command == "about") {
            const auto info = describeEngine();
            answer = fmt::format("ok LibTorch {}, {}", info.torchVersion, info.blas);
        } else if (!encoder) {
            answer = "error open an encoder first";
        } else if (command == "save") {
            std::getline(words >> std::ws, first);
            answer = said(encoder->save(first));
        } else if (command == "states") {
            words >> first >> second;
            answer = writeStates(*encoder, first, second);
        } else if (command == "train") {
            double rate = 0, decay = 0;
            words >> first >> second >> rate >> decay;
            answer = train(*encoder, first, second, rate, decay);
        } else if (command == "time") {
            std::int64_t texts = 0, shortest = 0, length = 0;
            int threads = 1;
            words >> first >> texts >> shortest >> length >> threads;
            at::set_num_threads(threads);
            const auto timing = timings.try_emplace(line, *encoder, first, texts, shortest, length).first;
            answer = "ok " + timing->second.measure();
        } else {
            answer = "error unknown command '" + line + "'";
        }
        std::cout << answer << std::endl;
    }
    return 0;
}
