// What fusedLayer knows of a pass through a layer, forward and, from an AutogradContext, backward again.
#pragma once

#include "core/student/encoder_kernels.h"
#include "core/student/encoder_layer.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <utility>
#include <vector>

namespace stillroom {

/// Sizes and settings, which an AutogradContext can keep.
struct LayerShape {
    std::int64_t texts, length, width, heads, intermediate;
    std::int64_t given; ///< rows of x
    bool firstOnly;
    Activation activation;
    double epsilon;
    DropoutPlan attention, attentionOut, out;
    at::Tensor starts, places; ///< as PackedTexts; undefined: x is texts × length

    LayerShape(const at::Tensor& x, const LayerPass& pass)
        : texts(pass.packed.starts.defined() ? pass.packed.starts.size(0) - 1 : x.size(0)),
          length(pass.packed.starts.defined() ? pass.packed.length : x.size(1)), width(pass.config.width),
          heads(pass.config.heads), intermediate(pass.config.intermediate), given(x.numel() / width),
          firstOnly(pass.firstOnly), activation(pass.config.activation), epsilon(pass.config.epsilon),
          attention(dropoutPlan(pass, DropoutPlace::Attention)),
          attentionOut(dropoutPlan(pass, DropoutPlace::AttentionOut)),
          out(dropoutPlan(pass, DropoutPlace::Out)), starts(pass.packed.starts), places(pass.packed.places) {}

    LayerShape(const std::vector<std::int64_t>& numbers, const std::vector<double>& shares, at::Tensor begins,
               at::Tensor rowPlaces)
        : texts(numbers[0]), length(numbers[1]), width(numbers[2]), heads(numbers[3]),
          intermediate(numbers[4]), given(numbers[10]), firstOnly(numbers[5] != 0),
          activation(static_cast<Activation>(numbers[6])),
          epsilon(shares[0]), attention{shares[1], static_cast<std::uint64_t>(numbers[7])},
          attentionOut{shares[2], static_cast<std::uint64_t>(numbers[8])}, out{shares[3],
                                                                               static_cast<std::uint64_t>(
                                                                                   numbers[9])},
          starts(std::move(begins)), places(std::move(rowPlaces)) {}

    [[nodiscard]] std::vector<std::int64_t> numbers() const {
        return {texts,
                length,
                width,
                heads,
                intermediate,
                firstOnly ? 1 : 0,
                static_cast<std::int64_t>(activation),
                static_cast<std::int64_t>(attention.key),
                static_cast<std::int64_t>(attentionOut.key),
                static_cast<std::int64_t>(out.key),
                given};
    }
    [[nodiscard]] std::vector<double> shareNumbers() const {
        return {epsilon, attention.share, attentionOut.share, out.share};
    }

    /// Rows behind the attention.
    [[nodiscard]] std::int64_t rows() const { return firstOnly ? texts : given; }
    [[nodiscard]] std::int64_t queries() const { return firstOnly ? 1 : length; }
    [[nodiscard]] const std::int64_t* startNumbers() const {
        return starts.defined() ? starts.data_ptr<std::int64_t>() : nullptr;
    }
    /// Of the rows behind the attention.
    [[nodiscard]] const std::int64_t* placeNumbers() const {
        return places.defined() && !firstOnly ? places.data_ptr<std::int64_t>() : nullptr;
    }
    /// The texts' first rows among those of x.
    [[nodiscard]] at::Tensor firsts(const at::Tensor& x) const {
        return starts.defined() ? x.index_select(0, starts.narrow(0, 0, texts)) : x.select(1, 0);
    }
};

} // namespace stillroom
