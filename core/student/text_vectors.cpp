#include "core/student/text_vectors.h"

#include "core/student/devices.h"
#include "core/student/encoder_batches.h"
#include "core/student/encoder_folder.h"
#include "core/student/vector_cache.h"
#include "core/text/token_cache.h"

#include <ATen/Parallel.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

Result<std::vector<float>> compute(const EmbedRequest& request, const Encoder& encoder,
                                   const Tokenizer& tokenizer, const TokenizedTexts& tokens,
                                   at::Device device, Progress* progress) {
    const auto dimensions = static_cast<std::size_t>(encoder.config().width);
    std::vector<float> values(tokens.size() * dimensions);
    std::vector<std::uint32_t> rows(tokens.size());
    std::iota(rows.begin(), rows.end(), 0U);
    const c10::InferenceMode inference;
    for (const auto& batch : microBatches(tokens, rows, static_cast<std::size_t>(request.together))) {
        if (progress != nullptr && progress->cancelled())
            return fail("cancelled", ErrorKind::Cancelled);
        const auto in = encoderInput(tokens, batch, tokenizer.padId().value_or(0), device);
        at::Tensor pooled = encoder.encode(in.ids, in.mask, request.pooling);
        if (request.unitLength)
            pooled = pooled.div(at::linalg_vector_norm(pooled, 2, 1, /*keepdim=*/true).clamp_min(1e-12));
        pooled = pooled.cpu().contiguous();
        const auto* from = pooled.data_ptr<float>();
        std::int64_t done = 0;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            std::memcpy(values.data() + batch[i] * dimensions, from + i * dimensions,
                        dimensions * sizeof(float));
            done += static_cast<std::int64_t>(tokens.length(batch[i]));
        }
        if (progress != nullptr)
            progress->advance(done);
    }
    return values;
}

} // namespace

Result<TextVectors> textVectors(const EmbedRequest& request, std::span<const std::string_view> texts,
                                Progress* progress) {
    const auto begin = std::chrono::steady_clock::now();
    auto device = resolveDevice(request.device, StudentKind::Encoder);
    if (!device)
        return fail(device.error());
    const auto folder = EncoderFolder::open(request.folder, request.length);
    if (!folder)
        return fail(folder.error());
    const std::string cache = defaultCacheFolder();
    auto hash = hashEncoderFolder(request.folder, cache);
    if (!hash)
        return fail(std::move(hash.error()));
    const VectorKey key{*hash,
                        folder->tokenizer.contentHash(),
                        hashTexts(texts),
                        folder->length,
                        fmt::format("{}{}", request.pooling == Pooling::Cls ? "cls" : "mean",
                                    request.unitLength ? ", length 1" : ""),
                        device->starts_with("cuda") ? "cuda fp32" : "cpu fp32"};
    TextVectors result;
    result.rows = static_cast<std::int64_t>(texts.size());
    result.dimensions = folder->config.width;
    if (auto cached = loadVectors(cache, key, result.rows, result.dimensions)) {
        result.values = std::move(*cached);
        result.fromCache = true;
    } else {
        at::set_num_threads(request.threads);
        auto tokens =
            tokenizeCached(folder->tokenizer, texts, {folder->length, request.threads}, cache, nullptr);
        if (!tokens)
            return fail(std::move(tokens.error()));
        if (progress != nullptr)
            progress->expect(static_cast<std::int64_t>(tokens->texts.ids.size()));
        auto opened = Encoder::open(request.folder);
        if (!opened)
            return fail(std::move(opened.error()));
        const at::Device where(*device);
        const Encoder encoder = where.is_cpu() ? std::move(*opened) : opened->copyTo(where, at::kFloat);
        auto values = compute(request, encoder, folder->tokenizer, tokens->texts, where, progress);
        if (!values)
            return fail(std::move(values.error()));
        result.values = std::move(*values);
        // Of files that were replaced meanwhile they would be somebody else's vectors.
        if (const auto again = hashEncoderFolder(request.folder, cache); !again || *again != *hash)
            return fail(request.folder + " changed while it was read; try again when it is written");
        if (auto stored = storeVectors(cache, key, result.rows, result.dimensions, result.values); !stored)
            result.remark =
                fmt::format("the vectors are computed anew next time: {}", stored.error().message);
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
}

} // namespace stillroom
