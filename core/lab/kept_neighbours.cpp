#include "core/lab/kept_neighbours.h"

#include "core/base/dot_product.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

constexpr std::size_t Together = 256; // texts

/// To length 1. False: it has none.
bool scaleToOne(std::span<float> vector) {
    double square = 0;
    for (const float x : vector)
        square += static_cast<double>(x) * static_cast<double>(x);
    if (!(square > 1e-24) || !std::isfinite(square)) {
        std::fill(vector.begin(), vector.end(), 0.0F);
        return false;
    }
    const auto scale = static_cast<float>(1 / std::sqrt(square));
    for (float& x : vector)
        x *= scale;
    return true;
}

} // namespace

Result<KeptNeighbours> KeptNeighbours::make(const OpenedStudent& student, std::mutex& asking,
                                            std::span<const std::uint32_t> samples,
                                            const std::function<std::string_view(std::uint32_t)>& textOf,
                                            Progress& progress) {
    KeptNeighbours made;
    const std::int64_t width = student.dimensions();
    if (width <= 0)
        return fail("this student gives no vectors by which texts could be compared");
    made.width_ = static_cast<std::size_t>(width);
    const std::size_t most = static_cast<std::size_t>(std::max<std::int64_t>(1, MostNumbers / width));
    const std::size_t stride = (samples.size() + most - 1) / most;
    for (std::size_t i = 0; i < samples.size(); i += stride)
        made.samples_.push_back(samples[i]);
    made.vectors_.resize(made.samples_.size() * made.width_);
    progress.expect(static_cast<std::int64_t>(made.samples_.size()));
    std::vector<std::string_view> texts;
    for (std::size_t begin = 0; begin < made.samples_.size(); begin += Together) {
        const std::size_t count = std::min(Together, made.samples_.size() - begin);
        texts.clear();
        for (std::size_t i = 0; i < count; ++i)
            texts.push_back(textOf(made.samples_[begin + i]));
        const auto part = std::span(made.vectors_).subspan(begin * made.width_, count * made.width_);
        {
            const std::lock_guard lock(asking);
            if (auto done = student.embed(texts, part); !done)
                return fail(std::move(done.error()));
        }
        for (std::size_t i = 0; i < count; ++i)
            scaleToOne(part.subspan(i * made.width_, made.width_));
        progress.advance(static_cast<std::int64_t>(count));
        if (progress.cancelled())
            return fail("comparing texts was cancelled", ErrorKind::Cancelled);
    }
    return made;
}

std::vector<KeptNeighbours::Neighbour> KeptNeighbours::nearest(std::span<const float> vector,
                                                               std::size_t count) const {
    std::vector<float> one(vector.begin(), vector.end());
    if (one.size() != width_ || !scaleToOne(one))
        return {};
    std::vector<Neighbour> all;
    all.reserve(samples_.size());
    for (std::size_t i = 0; i < samples_.size(); ++i)
        all.push_back({samples_[i], dotProduct(one.data(), vectors_.data() + i * width_, width_)});
    count = std::min(count, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(),
                      [](const Neighbour& a, const Neighbour& b) {
                          return a.cosine != b.cosine ? a.cosine > b.cosine : a.sample < b.sample;
                      });
    all.resize(count);
    return all;
}

} // namespace stillroom
