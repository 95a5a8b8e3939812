// Random streams that are the same on every machine: a seed and a purpose name a stream, and no stream
// disturbs another. xoshiro256** seeded by splitmix64 (Blackman & Vigna, prng.di.unimi.it).
// <random>'s distributions differ between standard libraries, so the ones needed are here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stillroom {

/// splitmix64's finalizer: a well-mixed hash of one 64-bit number.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// FNV-1a, 64 bit. Used for n-gram buckets too (core/text), so it never changes.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view bytes,
                                            std::uint64_t hash = 0xcbf29ce484222325ULL) {
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

class Random {
  public:
    using State = std::array<std::uint64_t, 4>;

    /// `purpose` ("shuffle", "init", …) and `part` (an epoch, say) separate streams of one seed.
    Random(std::uint64_t seed, std::string_view purpose, std::uint64_t part = 0) {
        std::uint64_t x = mix64(seed) ^ fnv1a(purpose) ^ mix64(part + 0x51ed270b);
        for (auto& word : state_)
            word = x = mix64(x);
    }

    std::uint64_t next() {
        const std::uint64_t result = rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = rotl(state_[3], 45);
        return result;
    }

    /// Uniform in [0, 1), 53 bits.
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    /// Uniform in [0, bound), bound > 0. Multiply-shift (Lemire, arXiv 1805.10941), without the rejection:
    /// the bias is below 2^-32 for any bound that fits 32 bits.
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
    }

    [[nodiscard]] const State& state() const { return state_; }
    void restore(const State& state) { state_ = state; }

  private:
    static constexpr std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
    State state_{};
};

/// Fisher–Yates.
template <class Container>
void shuffle(Container& items, Random& random) {
    for (std::size_t i = items.size(); i > 1; --i) {
        const auto j = random.below(static_cast<std::uint32_t>(i));
        using std::swap;
        swap(items[i - 1], items[j]);
    }
}

} // namespace stillroom
