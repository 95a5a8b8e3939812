#include "core/training/prepare_student.h"

#include "core/base/number.h"
#include "core/student/devices.h"
#include "core/student/encoder_folder.h"
#include "core/student/encoder_network.h"
#include "core/student/ngram_network.h"
#include "core/student/probe_network.h"
#include "core/student/text_vectors.h"
#include "core/text/token_cache.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

using Doing = std::function<void(const std::string&)>;

std::vector<std::string_view> textsOf(const Dataset& data) {
    std::vector<std::string_view> texts;
    texts.reserve(data.size());
    for (std::uint32_t row = 0; row < data.size(); ++row)
        texts.push_back(data.text(row));
    return texts;
}

std::unique_ptr<Network> prepareNgram(const SessionSpec& spec, const Samples& samples,
                                      const std::string& device, int threads) {
    NgramSetup setup;
    setup.recipe = {spec.student.buckets, spec.student.wordNgrams, spec.student.charNgramsMin,
                    spec.student.charNgramsMax};
    setup.texts =
        std::make_shared<const NgramTexts>(readNgrams(*spec.set.data, samples.rows, setup.recipe, threads));
    setup.classes = spec.set.data->classes();
    setup.loss = spec.loss;
    setup.dimensions = spec.student.dimensions;
    setup.seed = static_cast<std::uint64_t>(spec.training.seed);
    return device == "cpu" ? makeNgramNetwork(std::move(setup))
                           : makeNgramTorchNetwork(std::move(setup), device);
}

void remarkSlowKernels(const std::string& device, PreparedStudent& prepared) {
    if (device != "cpu")
        return;
    if (auto advice = slowKernelsAdvice(); !advice.empty())
        prepared.remarks.push_back(std::move(advice));
}

Result<PreparedStudent> prepareEncoder(const SessionSpec& spec, const std::string& device, int threads,
                                       Progress& progress, const Doing& doing) {
    auto folder = openStudentsFolder(spec.student.model, spec.student);
    if (!folder)
        return fail(std::move(folder.error()));
    doing("tokenizing the texts");
    const auto texts = textsOf(*spec.set.data);
    auto tokens =
        tokenizeCached(folder->tokenizer, texts, {folder->length, threads}, defaultCacheFolder(), &progress);
    if (!tokens)
        return fail(std::move(tokens.error()));
    PreparedStudent prepared;
    remarkSlowKernels(device, prepared);
    if (!tokens->remark.empty())
        prepared.remarks.push_back(tokens->remark);
    if (tokens->texts.shortened > 0)
        prepared.remarks.push_back(
            fmt::format("{} of {} texts have more than {} tokens; their ends are cut off (student.length)",
                        groupThousands(static_cast<long long>(tokens->texts.shortened)),
                        groupThousands(static_cast<long long>(texts.size())), folder->length));
    auto encoder = openStudentsEncoder(*folder, spec.student, static_cast<std::uint64_t>(spec.training.seed));
    if (!encoder)
        return fail(std::move(encoder.error()));
    prepared.network = makeEncoderNetwork(std::move(*encoder),
                                          {std::make_shared<const TokenizedTexts>(std::move(tokens->texts)),
                                           folder->tokenizer, folder->length, spec.set.data->classes(),
                                           spec.student, spec.loss, spec.training, device});
    return prepared;
}

Result<PreparedStudent> prepareProbe(const SessionSpec& spec, const Samples& samples,
                                     const std::string& device, int threads, Progress& progress,
                                     const Doing& doing) {
    auto folder = EncoderFolder::open(spec.student.model, spec.student.length);
    if (!folder)
        return fail(std::move(folder.error()));
    doing("computing the texts' vectors, once");
    EmbedRequest request;
    request.folder = spec.student.model;
    request.length = spec.student.length;
    request.pooling = spec.student.pooling;
    request.device = device;
    request.threads = threads;
    request.together = spec.training.microBatch;
    const auto texts = textsOf(*spec.set.data);
    auto vectors = textVectors(request, texts, &progress);
    if (!vectors)
        return fail(std::move(vectors.error()));
    PreparedStudent prepared;
    if (!vectors->fromCache)
        remarkSlowKernels(device, prepared);
    if (!vectors->remark.empty())
        prepared.remarks.push_back(vectors->remark);
    prepared.network =
        makeProbeNetwork({std::move(vectors->values), samples.rows, std::move(*folder),
                          spec.set.data->classes(), spec.student, spec.loss, spec.training, device});
    return prepared;
}

} // namespace

Result<void> checkStudentFiles(const StudentSettings& student) {
    if (student.kind == StudentKind::Ngram)
        return {};
    auto folder = openStudentsFolder(student.model, student);
    if (!folder)
        return fail(std::move(folder.error()));
    return {};
}

Result<PreparedStudent> prepareStudent(const SessionSpec& spec, const Samples& samples,
                                       const std::string& device, int threads, Progress& progress,
                                       const Doing& doing) {
    switch (spec.student.kind) {
    case StudentKind::Encoder:
        return prepareEncoder(spec, device, threads, progress, doing);
    case StudentKind::Probe:
        return prepareProbe(spec, samples, device, threads, progress, doing);
    case StudentKind::Ngram:
        break;
    }
    return PreparedStudent{prepareNgram(spec, samples, device, threads), {}};
}

} // namespace stillroom
