// What an epoch costs that scores every text and learns from a fifth, beside one that learns from all: LLKD
// with a fixed ratio of 0.2 and packing, scored in float32 and in bfloat16, against `all`. An encoder of
// MiniLM's shape with weights drawn at random (what they are changes no time), texts of tweets' lengths, the
// epochs taken in turns. Usage: encoder_epoch [--pairs N] [--samples N] [--threads N] [--leeway FACTOR].
// Exits 1 when a median ratio is over its limit (0.60 and 0.45) times the leeway. The second limit is for
// processors that multiply bfloat16 faster than float32, those with AMX; elsewhere its ratio is only printed.
#include "core/base/random.h"
#include "core/student/devices.h"
#include "core/student/encoder_network.h"
#include "core/training/trainer.h"
#include "tests/benchmarks/numbers.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

using namespace stillroom;
using benchmark::median;
using benchmark::numberAfter;

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    int pairs = 5, samples = 2048, threads = 0;
    double leeway = 1;
};

constexpr int Classes = 10;

DistillationSet makeSet(int samples) {
    DatasetBuilder builder;
    Random random(1, "texts");
    std::vector<std::string> names;
    for (int y = 0; y < Classes; ++y)
        names.push_back("class " + std::to_string(y));
    for (int i = 0; i < samples; ++i)
        builder.add(std::to_string(i), "text", static_cast<int>(random.below(Classes)), Split::Train);
    auto data = std::make_shared<Dataset>(builder.finish(names));
    auto teacher = std::make_shared<TeacherOutputs>(data->size(), Classes);
    for (std::size_t row = 0; row < data->size(); ++row)
        teacher->set(row, static_cast<int>(random.below(Classes)),
                     static_cast<float>(0.5 + 0.5 * random.uniform()), TeacherOrigin::Simulated);
    return {data, teacher};
}

/// 12 to 60 tokens, 34 in the mean and mostly near it, as HumAID's tweets have with MiniLM's vocabulary.
std::shared_ptr<const TokenizedTexts> makeTokens(int samples) {
    auto texts = std::make_shared<TokenizedTexts>();
    Random random(2, "tokens");
    for (int i = 0; i < samples; ++i) {
        const std::uint32_t length = 12 + random.below(17) + random.below(17) + random.below(17);
        for (std::uint32_t t = 0; t < length; ++t)
            texts->ids.push_back(static_cast<std::int32_t>(1000 + random.below(29'000)));
        texts->begins.push_back(texts->ids.size());
    }
    return texts;
}

Tokenizer anyTokenizer() {
    auto tokenizer = Tokenizer::fromFiles({{"vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"}}, "made up");
    if (!tokenizer) {
        fmt::print(stderr, "{}\n", tokenizer.error().message);
        std::exit(1);
    }
    return *tokenizer;
}

struct Contestant {
    const char* name;
    RuleKind rule;
    Precision scoring;
    double limit; ///< of its ratio to the first
    std::vector<double> seconds = {};
    double kept = 0;
};

/// Whether the processor multiplies matrices of bfloat16, as /proc/cpuinfo says.
bool hasAmx() {
    std::ifstream file("/proc/cpuinfo");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.find(" amx_bf16 ") != std::string::npos;
}

class Race {
  public:
    explicit Race(const Options& options)
        : set_(makeSet(options.samples)), tokens_(makeTokens(options.samples)), samples_(set_) {}

    void run(Contestant& contestant) {
        SessionSpec spec;
        spec.set = set_;
        spec.student.kind = StudentKind::Encoder;
        spec.selection.rule = contestant.rule;
        if (contestant.rule == RuleKind::Llkd)
            spec.selection.fixedRatio = 0.2;
        spec.training.epochs = 1;
        spec.training.batch = 32;
        spec.training.packing = true;
        spec.training.learningRate = 1e-6;
        spec.training.scoring = contestant.scoring;
        const auto network =
            makeEncoderNetwork(Encoder::initial({}, 1), {tokens_, anyTokenizer(), 128, set_.data->classes(),
                                                         spec.student, spec.loss, spec.training, "cpu"});
        auto rule = makeRule(spec.selection, samples_.population(1));
        if (!rule) {
            fmt::print(stderr, "{}\n", rule.error().message);
            std::exit(1);
        }
        Trainer trainer(spec, samples_, *network, **rule);
        const auto begin = Clock::now();
        while (!trainer.done())
            trainer.step();
        contestant.seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
        contestant.kept =
            static_cast<double>(trainer.counts().gradient) / static_cast<double>(trainer.counts().total);
    }

  private:
    DistillationSet set_;
    std::shared_ptr<const TokenizedTexts> tokens_;
    Samples samples_;
};

} // namespace

int main(int argc, char** argv) {
    Options options;
    const auto number = [&](const char* name, double otherwise, double least = 0) {
        return numberAfter(argc, argv, name, otherwise, least);
    };
    options.pairs = static_cast<int>(number("--pairs", options.pairs, 1));
    options.samples = static_cast<int>(number("--samples", options.samples, 64));
    options.threads = static_cast<int>(number("--threads", options.threads));
    options.leeway = number("--leeway", options.leeway);
    const EngineInfo info = describeEngine();
    const int threads = options.threads > 0 ? options.threads : info.threads;
    at::set_num_threads(threads);
    const char* coreType = std::getenv("OPENBLAS_CORETYPE");
    const bool amx = hasAmx();
    fmt::print("LibTorch {}, {} ({}), OPENBLAS_CORETYPE {}, {} threads, {}; {} texts, batch 32\n",
               info.torchVersion, info.blas, info.blasKernels, coreType ? coreType : "not set", threads,
               amx ? "AMX" : "no AMX", options.samples);
    Contestant all{"all", RuleKind::All, Precision::Fp32, 0};
    Contestant others[] = {{"llkd, fp32", RuleKind::Llkd, Precision::Fp32, 0.60},
                           {"llkd, scored in bf16", RuleKind::Llkd, Precision::Bf16, 0.45}};
    Race race(options);
    for (int pair = 0; pair < options.pairs; ++pair) {
        race.run(all);
        for (auto& other : others)
            race.run(other);
    }
    bool good = true;
    fmt::print("{:<22} {:>6} {:>12} {:>8} {:>7}\n", "", "keeps", "texts/s", "ratio", "limit");
    fmt::print("{:<22} {:>5.0f}% {:>12.0f}\n", all.name, 100 * all.kept,
               options.samples / median(all.seconds));
    for (const auto& other : others) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < all.seconds.size(); ++i)
            ratios.push_back(other.seconds[i] / all.seconds[i]);
        const double ratio = median(ratios);
        const bool judged = other.scoring == Precision::Fp32 || amx;
        const bool within = !judged || ratio <= other.limit * options.leeway;
        good = good && within;
        fmt::print("{:<22} {:>5.1f}% {:>12.0f} {:>8.3f} {:>7.2f}{}\n", other.name, 100 * other.kept,
                   options.samples / median(other.seconds), ratio, other.limit,
                   !judged  ? "  (of AMX)"
                   : within ? ""
                            : "  OVER");
    }
    return good ? 0 : 1;
}
