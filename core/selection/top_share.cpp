#include "core/selection/top_share.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace stillroom {

namespace {

/// Whole numbers in the order of the floats: −0 is 0, a NaN below all.
std::uint32_t ordered(float number) {
    if (number != number)
        return 0;
    const auto bits = std::bit_cast<std::uint32_t>(number + 0.0F);
    return (bits & 0x8000'0000U) != 0 ? ~bits : bits | 0x8000'0000U;
}

} // namespace

std::span<float> TopShare::numbers(std::size_t size) {
    numbers_.resize(size);
    return numbers_;
}

float TopShare::keep(std::span<const std::uint32_t> samples, const SampleHash& hash, std::size_t count,
                     Verdict refusal, Decision& decision) {
    const std::size_t size = numbers_.size();
    assert(samples.size() == size && count <= size && (count > 0 || size == 0));
    if (size == 0) {
        judge(0, decision, [=](std::size_t) { return refusal; });
        return 0;
    }
    keys_.resize(size);
    for (std::size_t i = 0; i < size; ++i)
        keys_[i] = static_cast<std::uint64_t>(ordered(numbers_[i])) << 32U | hash(samples[i]) >> 32U;
    ordered_.assign(keys_.begin(), keys_.end());
    const auto at = ordered_.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(ordered_.begin(), at, ordered_.end(), std::greater<>());
    const std::uint64_t lowest = *at;
    // Half a hash is nearly always enough to tell samples apart; where it is not, the earlier ones stay in.
    const auto above =
        std::count_if(keys_.begin(), keys_.end(), [=](std::uint64_t key) { return key > lowest; });
    std::size_t spare = count - static_cast<std::size_t>(above);
    float lowestNumber = 0;
    judge(size, decision, [&, keys = keys_.data(), numbers = numbers_.data()](std::size_t i) {
        if (keys[i] < lowest)
            return refusal;
        if (keys[i] == lowest) {
            if (spare == 0)
                return refusal;
            --spare;
            lowestNumber = numbers[i];
        }
        return Verdict::Kept;
    });
    return lowestNumber;
}

} // namespace stillroom
