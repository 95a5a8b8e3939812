// A layer on the CPU: matrix products by LibTorch's BLAS, everything between them in one pass each. The
// backward pass is written out: one node of the graph, no gradient copied or added that a product can add
// itself.
#include "core/student/encoder_kernels.h"
#include "core/student/encoder_layer.h"
#include "core/student/encoder_layer_shape.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <torch/csrc/autograd/custom_function.h>
#include <vector>

namespace stillroom {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Sums over rows are made of those of such chunks, in their order: the same for any number of threads.
constexpr std::int64_t ChunkRows = 64;

template <class T>
const T* data(const at::Tensor& t) {
    return t.data_ptr<T>();
}

/// What the backward pass needs of the forward pass.
struct Kept {
    at::Tensor q, kv; ///< rows × H and given × 2H; undivided: q is all three and kv undefined
    at::Tensor context, logSums;
    at::Tensor sum1, means1, deviations1;
    at::Tensor between; ///< behind the first norm
    at::Tensor up, active;
    at::Tensor sum2, means2, deviations2;
};

at::Tensor times(const at::Tensor& rows, const at::Tensor& weight) { // weight: out × in
    return at::mm(rows, weight.t());
}

template <class T>
Attention<T> attentionOf(const LayerShape& s, const at::Tensor& q, const at::Tensor& kv,
                         const at::Tensor& bias, const at::Tensor& mask) {
    Attention<T> a;
    a.heads = s.heads;
    a.width = s.width / s.heads;
    a.queries = s.queries();
    a.keys = s.length;
    const std::int64_t h = s.width;
    const auto* starts = s.startNumbers();
    if (s.firstOnly) {
        a.q = {data<T>(q), h, h};
        a.k = {data<T>(kv), s.length * 2 * h, 2 * h, starts};
        a.v = {data<T>(kv) + h, s.length * 2 * h, 2 * h, starts};
    } else {
        a.q = {data<T>(q), s.length * 3 * h, 3 * h, starts};
        a.k = {data<T>(q) + h, s.length * 3 * h, 3 * h, starts};
        a.v = {data<T>(q) + 2 * h, s.length * 3 * h, 3 * h, starts};
    }
    a.starts = starts;
    a.bias = data<T>(bias);
    a.mask = mask.defined() ? mask.data_ptr<bool>() : nullptr;
    a.dropout = s.attention;
    return a;
}

/// body(text · heads + head), one head after the other: texts are sorted by their length, and threads that
/// take some heads of every text have nearly the same to do.
template <class Body>
void eachHead(const LayerShape& s, const Body& body) {
    at::parallel_for(0, s.texts * s.heads, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            body(i % s.texts * s.heads + i / s.texts);
    });
}

void run(const Attention<float>& a, std::int64_t begin, std::int64_t end) {
    encoderKernels().attention(a, begin, end);
}
void run(const Attention<c10::BFloat16>& a, std::int64_t begin, std::int64_t end) {
    encoderKernels().attentionLow(a, begin, end);
}
void run(const AddNorm<float>& a, std::int64_t begin, std::int64_t end) {
    encoderKernels().addNorm(a, begin, end);
}
void run(const AddNorm<c10::BFloat16>& a, std::int64_t begin, std::int64_t end) {
    encoderKernels().addNormLow(a, begin, end);
}
void run(const BiasActivation<float>& a, std::int64_t begin, std::int64_t end) {
    encoderKernels().activation(a, begin, end);
}
void run(const BiasActivation<c10::BFloat16>& a, std::int64_t begin, std::int64_t end) {
    encoderKernels().activationLow(a, begin, end);
}

/// `x` becomes the sum that is normalised where the backward pass wants it, else the result itself.
template <class T>
at::Tensor addNorm(const LayerShape& s, const at::Tensor& x, const at::Tensor& bias,
                   const at::Tensor& residual, std::int64_t residualStride, const at::Tensor& gamma,
                   const at::Tensor& beta, const DropoutPlan& dropout, at::Tensor* means,
                   at::Tensor* deviations) {
    AddNorm<T> a;
    a.columns = s.width;
    a.x = data<T>(x);
    a.bias = data<T>(bias);
    a.residual = data<T>(residual);
    a.residualStride = residualStride;
    a.gamma = data<T>(gamma);
    a.beta = data<T>(beta);
    a.epsilon = static_cast<float>(s.epsilon);
    a.places = s.placeNumbers();
    a.dropout = dropout;
    at::Tensor out = x;
    if (means != nullptr) {
        out = at::empty_like(x);
        a.sum = x.data_ptr<T>();
        *means = at::empty({s.rows()}, at::kFloat);
        *deviations = at::empty({s.rows()}, at::kFloat);
        a.means = means->template data_ptr<float>();
        a.deviations = deviations->template data_ptr<float>();
    }
    a.out = out.data_ptr<T>();
    at::parallel_for(0, s.rows(), ChunkRows,
                     [&](std::int64_t begin, std::int64_t end) { run(a, begin, end); });
    return out;
}

template <class T>
at::Tensor forward(const LayerShape& s, const at::Tensor& x, const LayerWeights& w, const at::Tensor& mask,
                   Kept* kept) {
    const std::int64_t h = s.width;
    const at::Tensor rows = x.view({s.given, h});
    at::Tensor q, kv, residual = rows;
    std::int64_t stride = h;
    if (s.firstOnly) {
        residual = s.firsts(x);
        stride = residual.stride(0);
        q = times(residual, w.qkv.narrow(0, 0, h));
        kv = times(rows, w.qkv.narrow(0, h, 2 * h));
    } else {
        q = times(rows, w.qkv);
    }
    at::Tensor context = at::empty({s.rows(), h}, x.options());
    auto a = attentionOf<T>(s, q, kv, w.qkvBias, mask);
    a.out = {context.data_ptr<T>(), s.queries() * h, h, s.firstOnly ? nullptr : s.startNumbers()};
    at::Tensor logSums;
    if (kept != nullptr) {
        logSums = at::empty({s.texts * s.heads * s.queries()}, at::kFloat);
        a.logSums = logSums.data_ptr<float>();
    }
    eachHead(s, [&](std::int64_t head) { run(a, head, head + 1); });

    const at::Tensor sum1 = times(context, w.attention);
    at::Tensor between =
        addNorm<T>(s, sum1, w.attentionBias, residual, stride, w.attentionNorm, w.attentionNormBias,
                   s.attentionOut, kept ? &kept->means1 : nullptr, kept ? &kept->deviations1 : nullptr);
    const at::Tensor up = times(between, w.up);
    const at::Tensor active = kept ? at::empty_like(up) : up;
    BiasActivation<T> b{s.activation, s.intermediate, data<T>(up), data<T>(w.upBias), active.data_ptr<T>()};
    at::parallel_for(0, s.rows(), ChunkRows / 4,
                     [&](std::int64_t begin, std::int64_t end) { run(b, begin, end); });
    const at::Tensor sum2 = times(active, w.down);
    at::Tensor out = addNorm<T>(s, sum2, w.downBias, between, h, w.norm, w.normBias, s.out,
                                kept ? &kept->means2 : nullptr, kept ? &kept->deviations2 : nullptr);
    if (kept != nullptr) {
        kept->q = q;
        kept->kv = kv;
        kept->context = context;
        kept->logSums = logSums;
        kept->sum1 = sum1;
        kept->between = between;
        kept->up = up;
        kept->active = active;
        kept->sum2 = sum2;
    }
    return s.starts.defined() && !s.firstOnly ? out : out.view({s.texts, s.queries(), h});
}

/// Runs body(sums of the chunk, first row, end) for every chunk; → their sums, `columns` floats.
template <class Body>
at::Tensor sumOverChunks(std::int64_t rows, std::int64_t columns, const Body& body) {
    const std::int64_t chunks = (rows + ChunkRows - 1) / ChunkRows;
    at::Tensor parts = at::zeros({chunks, columns}, at::kFloat);
    auto* sums = parts.data_ptr<float>();
    at::parallel_for(0, chunks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t c = begin; c < end; ++c)
            body(sums + c * columns, c * ChunkRows, std::min(rows, (c + 1) * ChunkRows));
    });
    return parts;
}

/// Rows added in their order, cut into tensors of `columns` each.
std::vector<at::Tensor> addRows(const at::Tensor& parts, std::int64_t columns) {
    std::vector<at::Tensor> sums;
    const auto* from = data<float>(parts);
    const std::int64_t all = parts.size(1);
    for (std::int64_t first = 0; first < all; first += columns) {
        at::Tensor sum = at::zeros({columns}, at::kFloat);
        auto* to = sum.data_ptr<float>();
        for (std::int64_t r = 0; r < parts.size(0); ++r)
            for (std::int64_t c = 0; c < columns; ++c)
                to[c] += from[r * all + first + c];
        sums.push_back(std::move(sum));
    }
    return sums;
}

struct NormGradients {
    at::Tensor residual, x; // rows × H; the same without dropout
    at::Tensor gamma, beta, bias;
};

NormGradients addNormBackward(const LayerShape& s, const at::Tensor& gradient, const at::Tensor& sum,
                              const at::Tensor& means, const at::Tensor& deviations, const at::Tensor& gamma,
                              const DropoutPlan& dropout) {
    NormGradients g;
    g.residual = at::empty_like(sum);
    g.x = dropout.share > 0 ? at::empty_like(sum) : g.residual;
    AddNormBackward a;
    a.columns = s.width;
    a.gradient = data<float>(gradient);
    a.sum = data<float>(sum);
    a.means = data<float>(means);
    a.deviations = data<float>(deviations);
    a.gamma = data<float>(gamma);
    a.places = s.placeNumbers();
    a.dropout = dropout;
    a.residualGradient = g.residual.data_ptr<float>();
    a.xGradient = dropout.share > 0 ? g.x.data_ptr<float>() : nullptr;
    const at::Tensor parts =
        sumOverChunks(s.rows(), 3 * s.width, [&](float* sums, std::int64_t begin, std::int64_t end) {
            AddNormBackward chunk = a;
            chunk.sums = sums;
            encoderKernels().addNormBackward(chunk, begin, end);
        });
    auto sums = addRows(parts, s.width);
    g.gamma = std::move(sums[0]);
    g.beta = std::move(sums[1]);
    g.bias = std::move(sums[2]);
    return g;
}

/// The gradients of x and of the weights in their order.
variable_list backward(const LayerShape& s, const at::Tensor& gradient, const at::Tensor& x,
                       const LayerWeights& w, const at::Tensor& mask, const Kept& kept) {
    const std::int64_t h = s.width;
    const auto norm2 = addNormBackward(s, gradient, kept.sum2, kept.means2, kept.deviations2, w.norm, s.out);
    at::Tensor dDown = at::mm(norm2.x.t(), kept.active);
    at::Tensor dUp = at::mm(norm2.x, w.down); // rows × I, of `active` first
    const at::Tensor upParts =
        sumOverChunks(s.rows(), s.intermediate, [&](float* sums, std::int64_t begin, std::int64_t end) {
            encoderKernels().activationBackward({s.activation, s.intermediate, data<float>(kept.up),
                                                 data<float>(w.upBias), dUp.data_ptr<float>(), sums},
                                                begin, end);
        });
    at::Tensor dUpWeight = at::mm(dUp.t(), kept.between);
    const at::Tensor dBetween = norm2.residual.addmm_(dUp, w.up);
    const auto norm1 = addNormBackward(s, dBetween, kept.sum1, kept.means1, kept.deviations1, w.attentionNorm,
                                       s.attentionOut);
    at::Tensor dAttention = at::mm(norm1.x.t(), kept.context);
    const at::Tensor dContext = at::mm(norm1.x, w.attention);

    auto a = attentionOf<float>(s, kept.q, kept.kv, w.qkvBias, mask);
    a.logSums = kept.logSums.data_ptr<float>(); // read only
    AttentionBackward g;
    at::Tensor dq = at::empty_like(kept.q);
    at::Tensor dkv = s.firstOnly ? at::empty_like(kept.kv) : dq;
    const auto writable = [](const HeadRows<const float>& like, const at::Tensor& base,
                             const at::Tensor& from) {
        return HeadRows<float>{base.data_ptr<float>() + (like.data - data<float>(from)), like.batch, like.row,
                               like.starts};
    };
    g.q = writable(a.q, dq, kept.q);
    g.k = writable(a.k, dkv, s.firstOnly ? kept.kv : kept.q);
    g.v = writable(a.v, dkv, s.firstOnly ? kept.kv : kept.q);
    g.gradient = {data<float>(dContext), s.queries() * h, h, s.firstOnly ? nullptr : s.startNumbers()};
    const at::Tensor biasParts = at::empty({s.texts, 3 * h}, at::kFloat);
    g.sums = biasParts.data_ptr<float>();
    eachHead(s, [&](std::int64_t head) { encoderKernels().attentionBackward(a, g, head, head + 1); });

    const at::Tensor rows = x.view({s.given, h});
    at::Tensor dQkv, dx;
    if (s.firstOnly) {
        dQkv = at::empty_like(w.qkv);
        at::Tensor part = dQkv.narrow(0, 0, h);
        at::mm_out(part, dq.t(), s.firsts(x));
        part = dQkv.narrow(0, h, 2 * h);
        at::mm_out(part, dkv.t(), rows);
        dx = at::mm(dkv, w.qkv.narrow(0, h, 2 * h)).view(x.sizes());
        const at::Tensor first = norm1.residual.addmm_(dq, w.qkv.narrow(0, 0, h));
        if (s.starts.defined())
            dx.index_add_(0, s.starts.narrow(0, 0, s.texts), first);
        else
            dx.select(1, 0).add_(first);
    } else {
        dQkv = at::mm(dq.t(), rows);
        dx = norm1.residual.addmm_(dq, w.qkv).view(x.sizes());
    }
    return {dx,         dQkv,      addRows(biasParts, 3 * h)[0],        dAttention, norm1.bias, norm1.gamma,
            norm1.beta, dUpWeight, addRows(upParts, s.intermediate)[0], dDown,      norm2.bias, norm2.gamma,
            norm2.beta};
}

/// A layer as one node of the graph.
struct FusedLayer : torch::autograd::Function<FusedLayer> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& qkv,
                              const at::Tensor& qkvBias, const at::Tensor& attention,
                              const at::Tensor& attentionBias, const at::Tensor& attentionNorm,
                              const at::Tensor& attentionNormBias, const at::Tensor& up,
                              const at::Tensor& upBias, const at::Tensor& down, const at::Tensor& downBias,
                              const at::Tensor& norm, const at::Tensor& normBias, const LayerPass& pass) {
        const LayerShape shape(x, pass);
        const LayerWeights w{qkv, qkvBias, attention, attentionBias, attentionNorm, attentionNormBias,
                             up,  upBias,  down,      downBias,      norm,          normBias};
        Kept k;
        at::Tensor out = stillroom::forward<float>(shape, x, w, pass.mask, &k);
        ctx->saved_data["shape"] = shape.numbers();
        ctx->saved_data["shares"] = shape.shareNumbers();
        ctx->save_for_backward({x,        qkv,           qkvBias,       attention,    attentionNorm,
                                up,       upBias,        down,          norm,         pass.mask,
                                k.q,      k.kv,          k.context,     k.logSums,    k.sum1,
                                k.means1, k.deviations1, k.between,     k.up,         k.active,
                                k.sum2,   k.means2,      k.deviations2, shape.starts, shape.places});
        return out;
    }

    static variable_list backward(AutogradContext* ctx, variable_list gradients) {
        const auto v = ctx->get_saved_variables();
        const LayerShape shape(ctx->saved_data["shape"].toIntVector(),
                               ctx->saved_data["shares"].toDoubleVector(), v[23], v[24]);
        LayerWeights w;
        w.qkv = v[1];
        w.qkvBias = v[2];
        w.attention = v[3];
        w.attentionNorm = v[4];
        w.up = v[5];
        w.upBias = v[6];
        w.down = v[7];
        w.norm = v[8];
        const Kept kept{v[10], v[11], v[12], v[13], v[14], v[15], v[16],
                        v[17], v[18], v[19], v[20], v[21], v[22]};
        auto inputs = stillroom::backward(shape, gradients[0].contiguous(), v[0], w, v[9], kept);
        inputs.emplace_back(); // the pass has none
        return inputs;
    }
};

} // namespace

at::Tensor fusedLayer(const at::Tensor& input, const LayerWeights& w, const LayerPass& pass) {
    LayerPass own = pass; // contiguous, as the kernels read it
    if (own.packed.starts.defined())
        own.mask = at::Tensor();
    else if (own.mask.defined())
        own.mask = own.mask.contiguous();
    const at::Tensor x = input.contiguous();
    if (at::GradMode::is_enabled() && (x.requires_grad() || w.qkv.requires_grad()))
        return FusedLayer::apply(x, w.qkv, w.qkvBias, w.attention, w.attentionBias, w.attentionNorm,
                                 w.attentionNormBias, w.up, w.upBias, w.down, w.downBias, w.norm, w.normBias,
                                 own);
    const LayerShape shape(x, own);
    return x.scalar_type() == at::kFloat ? forward<float>(shape, x, w, own.mask, nullptr)
                                         : forward<c10::BFloat16>(shape, x, w, own.mask, nullptr);
}

} // namespace stillroom
