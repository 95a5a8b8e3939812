#include "core/student/encoder_layer.h"

#include "core/base/random.h"
#include "core/student/encoder_kernels.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR >= 2
#include <ATen/ops/scaled_dot_product_attention.h>
#endif

namespace stillroom {

namespace {

DropoutPlan plan(double share, std::optional<std::uint64_t> seed, std::uint64_t place) {
    return {seed ? share : 0, seed ? mix64(*seed ^ mix64(place)) : 0};
}

/// Factors of the kernels' hash, so that every type on the CPU drops the same; elsewhere the device's own
/// generator, which Encoder has seeded. `places`: x's rows among those of the factors; may be undefined.
at::Tensor drop(const at::Tensor& x, const DropoutPlan& plan, const at::Tensor& places = {}) {
    if (plan.share == 0)
        return x;
    if (!x.device().is_cpu())
        return at::dropout(x, plan.share, true);
    const std::int64_t columns = x.size(-1);
    const std::int64_t rows = places.defined() ? places[-1].item<std::int64_t>() + 1 : x.numel() / columns;
    at::Tensor factors = at::empty({rows, columns}, at::kFloat);
    auto* to = factors.data_ptr<float>();
    at::parallel_for(0, rows, 64, [&](std::int64_t begin, std::int64_t end) {
        encoderKernels().dropoutFactors(plan, columns, to, begin, end);
    });
    if (places.defined())
        factors = factors.index_select(0, places);
    return x * factors.view(x.sizes()).to(x.scalar_type());
}

at::Tensor activate(const at::Tensor& x, Activation activation) {
    switch (activation) {
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::GeluTanh:
        return at::gelu(x, "tanh");
    case Activation::Relu:
        break;
    }
    return at::relu(x);
}

/// q: B×heads×M×d, k and v: B×heads×L×d → B×heads×M×d.
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const LayerPass& pass) {
    const DropoutPlan dropout = dropoutPlan(pass, DropoutPlace::Attention);
    const at::Tensor mask = pass.mask.defined() ? pass.mask.unsqueeze(1).unsqueeze(1) : at::Tensor();
#if TORCH_VERSION_MAJOR >= 2
    if (dropout.share == 0 || !q.device().is_cpu()) {
        if (mask.defined())
            return at::scaled_dot_product_attention(q, k, v, mask, dropout.share);
        return at::scaled_dot_product_attention(q, k, v, {}, dropout.share);
    }
#endif
    const auto flat = [](const at::Tensor& t) { return t.reshape({-1, t.size(2), t.size(3)}); };
    const double scale = 1 / std::sqrt(static_cast<double>(q.size(3)));
    at::Tensor scores =
        at::bmm(flat(q * scale), flat(k).transpose(1, 2)).view({q.size(0), q.size(1), q.size(2), k.size(2)});
    if (mask.defined())
        scores = scores.masked_fill(mask.logical_not(), -std::numeric_limits<float>::infinity());
    const at::Tensor shares = drop(at::softmax(scores, -1), dropout);
    return at::bmm(flat(shares), flat(v)).view_as(q);
}

bool autocasts() {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    return at::autocast::is_autocast_enabled(at::kCPU);
#else
    return at::autocast::is_cpu_enabled();
#endif
}

} // namespace

std::optional<PackedTexts> packTexts(const at::Tensor& mask) {
    const at::Tensor seen = mask.contiguous();
    const std::int64_t texts = seen.size(0), length = seen.size(1);
    const auto* at = seen.data_ptr<bool>();
    at::Tensor starts = at::empty({texts + 1}, at::kLong);
    auto* begins = starts.data_ptr<std::int64_t>();
    begins[0] = 0;
    for (std::int64_t b = 0; b < texts; ++b, at += length) {
        const auto tokens = std::find(at, at + length, false) - at;
        if (tokens == 0 || std::find(at + tokens, at + length, true) != at + length)
            return {};
        begins[b + 1] = begins[b] + tokens;
    }
    if (begins[texts] == texts * length)
        return {};
    at::Tensor places = at::empty({begins[texts]}, at::kLong);
    auto* place = places.data_ptr<std::int64_t>();
    for (std::int64_t b = 0; b < texts; ++b)
        for (std::int64_t l = 0; l < begins[b + 1] - begins[b]; ++l)
            *place++ = b * length + l;
    return PackedTexts{starts, places, length};
}

DropoutPlan dropoutPlan(const LayerPass& pass, DropoutPlace place) {
    const EncoderConfig& config = pass.config;
    double share = config.dropout;
    if (place == DropoutPlace::Attention)
        share = config.attentionDropout;
    else if (place == DropoutPlace::AttentionOut && config.family == EncoderFamily::DistilBert)
        share = 0;
    return plan(share, pass.seed,
                3 * static_cast<std::uint64_t>(pass.layer) + static_cast<std::uint64_t>(place) + 1);
}

at::Tensor embed(const EncoderConfig& config, const at::Tensor& words, const at::Tensor& positions,
                 const at::Tensor& types, const at::Tensor& norm, const at::Tensor& normBias,
                 const at::Tensor& ids, std::optional<std::uint64_t> seed) {
    const std::int64_t length = ids.size(1);
    assert(length <= config.maxTokens());
    at::Tensor x = at::embedding(words, ids, config.padId);
    at::Tensor places; // B×L×H, or L×H for all texts
    if (config.family == EncoderFamily::Roberta) {
        // Only what is no padding id counts, wherever it stands; the padding id itself has its own row.
        const at::Tensor counts = ids.ne(config.padId);
        const at::Tensor rows = counts.cumsum(1).mul_(counts).add_(config.padId);
        places = at::embedding(positions, rows, config.padId);
    } else {
        places = positions.narrow(0, 0, length);
    }
    if (types.defined())
        places = places + types.select(0, 0);
    x = at::layer_norm(x + places, {config.width}, norm, normBias, config.epsilon);
    return drop(x, plan(config.dropout, seed, 0));
}

at::Tensor plainLayer(const at::Tensor& x, const LayerWeights& w, const LayerPass& pass) {
    const EncoderConfig& config = pass.config;
    const std::int64_t h = config.width;
    const PackedTexts& packed = pass.packed;
    const bool packs = packed.starts.defined();
    const std::int64_t texts = packs ? packed.starts.size(0) - 1 : x.size(0);
    const auto padded = [&](const at::Tensor& rows) { // T×C → B×L×C
        if (!packs)
            return rows;
        return at::zeros({texts * packed.length, rows.size(1)}, rows.options())
            .index_copy(0, packed.places, rows)
            .view({texts, packed.length, rows.size(1)});
    };
    at::Tensor asking = x;
    if (pass.firstOnly)
        asking =
            packs ? x.index_select(0, packed.starts.narrow(0, 0, texts)).unsqueeze(1) : x.narrow(1, 0, 1);
    const auto heads = [&](const at::Tensor& t, std::int64_t part) {
        return t.narrow(2, part * h, h)
            .view({t.size(0), t.size(1), config.heads, h / config.heads})
            .transpose(1, 2);
    };
    at::Tensor q, k, v;
    if (pass.firstOnly) {
        q = heads(at::linear(asking, w.qkv.narrow(0, 0, h), w.qkvBias.narrow(0, 0, h)), 0);
        const at::Tensor kv = padded(at::linear(x, w.qkv.narrow(0, h, 2 * h), w.qkvBias.narrow(0, h, 2 * h)));
        k = heads(kv, 0);
        v = heads(kv, 1);
    } else {
        const at::Tensor qkv = padded(at::linear(x, w.qkv, w.qkvBias));
        q = heads(qkv, 0);
        k = heads(qkv, 1);
        v = heads(qkv, 2);
    }
    at::Tensor context = attend(q, k, v, pass).transpose(1, 2).reshape({texts, -1, h});
    at::Tensor places; // of the rows from here on
    if (packs && !pass.firstOnly) {
        places = packed.places;
        context = context.flatten(0, 1).index_select(0, places);
    }
    const auto addNorm = [&](const at::Tensor& to, const at::Tensor& what, DropoutPlace place,
                             const at::Tensor& norm, const at::Tensor& bias) {
        return at::layer_norm(to + drop(what, dropoutPlan(pass, place), places), {h}, norm, bias,
                              config.epsilon);
    };
    const at::Tensor y = addNorm(asking, at::linear(context, w.attention, w.attentionBias),
                                 DropoutPlace::AttentionOut, w.attentionNorm, w.attentionNormBias);
    const at::Tensor up = activate(at::linear(y, w.up, w.upBias), config.activation);
    return addNorm(y, at::linear(up, w.down, w.downBias), DropoutPlace::Out, w.norm, w.normBias);
}

bool canFuse(const at::Tensor& x, const LayerWeights& w) {
    if (!x.device().is_cpu() || x.scalar_type() != w.qkv.scalar_type() || autocasts())
        return false;
    return x.scalar_type() == at::kFloat || (x.scalar_type() == at::kBFloat16 && !at::GradMode::is_enabled());
}

bool canPack(const at::Tensor& x, const LayerWeights& w) {
    return canFuse(x, w) || (x.device().is_cpu() && autocasts());
}

at::Tensor encoderLayer(const at::Tensor& x, const LayerWeights& weights, const LayerPass& pass) {
    return canFuse(x, weights) ? fusedLayer(x, weights, pass) : plainLayer(x, weights, pass);
}

} // namespace stillroom
