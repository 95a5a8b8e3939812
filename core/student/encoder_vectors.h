// Vectors of floats for the encoder's CPU kernels: loads and stores of float and bfloat16, and the functions
// that LibTorch has no fused operator around. Included by encoder_kernels.cpp once for every kind of
// processor, so it has no guard: STILLROOM_VARIANT is the namespace then, STILLROOM_LANES how many floats a
// vector has, and the pragma around the inclusion says what instructions there are. Nothing of the standard
// library is instantiated here: the linker could take the copy made for a newer processor for every caller.
// The types are GCC's vector extension, so that one source serves all.

namespace stillroom::STILLROOM_VARIANT {

constexpr int Lanes = STILLROOM_LANES;
typedef float Floats __attribute__((vector_size(Lanes * 4)));
typedef std::int32_t Ints __attribute__((vector_size(Lanes * 4)));
typedef std::uint32_t Words __attribute__((vector_size(Lanes * 4)));
typedef std::uint16_t Halves __attribute__((vector_size(Lanes * 2)));

template <class To, class From>
STILLROOM_INLINE To bits(const From& from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}

STILLROOM_INLINE Floats all(float value) {
    return value - Floats{}; // broadcast
}

STILLROOM_INLINE Floats load(const float* from) {
    Floats v;
    __builtin_memcpy(&v, from, sizeof v);
    return v;
}

STILLROOM_INLINE Floats load(const c10::BFloat16* from) { // the upper half of a float
    Halves halves;
    __builtin_memcpy(&halves, from, sizeof halves);
    return bits<Floats>(__builtin_convertvector(halves, Words) << 16);
}

STILLROOM_INLINE void store(float* to, const Floats& v) {
    __builtin_memcpy(to, &v, sizeof v);
}

STILLROOM_INLINE void store(c10::BFloat16* to, const Floats& v) { // rounded to the nearest, ties to even
    const auto word = bits<Words>(v);
    const auto rounded = (word + 0x7FFF + ((word >> 16) & 1)) >> 16;
    const auto halves = __builtin_convertvector(rounded, Halves);
    __builtin_memcpy(to, &halves, sizeof halves);
}

/// The first `count` lanes; the others are zero.
template <class T>
STILLROOM_INLINE Floats loadPart(const T* from, std::int64_t count) {
    T whole[Lanes] = {};
    std::memcpy(static_cast<void*>(whole), from, static_cast<std::size_t>(count) * sizeof(T));
    return load(whole);
}

template <class T>
STILLROOM_INLINE void storePart(T* to, const Floats& v, std::int64_t count) {
    T whole[Lanes];
    store(whole, v);
    std::memcpy(static_cast<void*>(to), whole, static_cast<std::size_t>(count) * sizeof(T));
}

/// body(column, count) for every stretch of Lanes columns, and for what is left.
template <class Body>
STILLROOM_INLINE void eachStretch(std::int64_t columns, const Body& body) {
    std::int64_t c = 0;
    for (; c + Lanes <= columns; c += Lanes)
        body(c, std::int64_t{Lanes});
    if (c < columns)
        body(c, columns - c);
}

template <class T>
STILLROOM_INLINE Floats loadStretch(const T* from, std::int64_t count) {
    return count == Lanes ? load(from) : loadPart(from, count);
}

template <class T>
STILLROOM_INLINE void storeStretch(T* to, const Floats& v, std::int64_t count) {
    if (count == Lanes)
        store(to, v);
    else
        storePart(to, v, count);
}

STILLROOM_INLINE void addTo(float* to, const Floats& v, std::int64_t count) {
    storeStretch(to, loadStretch(to, count) + v, count);
}

/// 1 in the first `count` lanes, else 0.
STILLROOM_INLINE Floats firstLanes(std::int64_t count) {
    float lanes[Lanes] = {};
    for (std::int64_t i = 0; i < count; ++i)
        lanes[i] = 1;
    return load(lanes);
}

STILLROOM_INLINE float sum(const Floats& v) { // pairwise: the order is ours, whatever the compiler does
    float lanes[Lanes];
    store(lanes, v);
    for (int half = Lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            lanes[i] += lanes[i + half];
    return lanes[0];
}

STILLROOM_INLINE float largest(const Floats& v) {
    float lanes[Lanes];
    store(lanes, v);
    for (int half = Lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
    return lanes[0];
}

STILLROOM_INLINE Floats larger(const Floats& a, const Floats& b) {
    return a > b ? a : b;
}

/// By the processor's instruction: the compiler makes none of std::sqrt, which has to set errno.
STILLROOM_INLINE Floats squareRoot(const Floats& v) {
#if STILLROOM_LANES == 16
    return _mm512_maskz_sqrt_ps(0xFFFF, v); // g++ 12 warns within the one without a mask
#elif STILLROOM_LANES == 8
    return _mm256_sqrt_ps(v);
#elif defined(__SSE2__)
    return _mm_sqrt_ps(v);
#else
    Floats result;
    for (int i = 0; i < Lanes; ++i)
        result[i] = std::sqrt(v[i]);
    return result;
#endif
}

/// e^x for x ≤ 88, relative error 2e-7; 0 below −87.3. 2^n · e^r with |r| ≤ ln 2 / 2 and Taylor's series to
/// r^7 (what is left of it is 5e-9).
STILLROOM_INLINE Floats exp(Floats x) {
    const auto low = x < -87.3F;
    x = low ? all(0) : x;
    // Adding 1.5 · 2^23 leaves the nearest whole number in the lowest bits.
    const Floats shifted = x * 1.44269504F + 12582912.0F;
    const Floats n = shifted - 12582912.0F;
    const Floats r = (x - n * 0.693359375F) + n * 2.12194440e-4F; // ln 2 in two parts, the first exact
    Floats series = r * (1.0F / 5040) + 1.0F / 720;
    series = series * r + 1.0F / 120;
    series = series * r + 1.0F / 24;
    series = series * r + 1.0F / 6;
    series = series * r + 0.5F;
    series = series * r + 1.0F;
    series = series * r + 1.0F;
    const auto power = bits<Floats>((bits<Ints>(shifted) - 0x4B400000 + 127) << 23);
    return low ? all(0) : series * power;
}

/// Φ(x), the share of the standard normal distribution below x, and its density φ(x). With t = 1/(1 +
/// 0.33|x|), Φ(−|x|) = e^{−x²/2} · P(t), the form of Abramowitz & Stegun 26.2.17; P, of degree 7, was fitted
/// for this file (least squares reweighted towards the largest error, on [0, 14]): 5e-9.
struct Normal {
    Floats below, density;
};
STILLROOM_INLINE Normal normal(const Floats& x) {
    const Floats size = x < 0 ? -x : x;
    const Floats t = 1.0F / (1.0F + 0.33F * size);
    const Floats bell = exp(size * size * -0.5F);
    Floats p = t * 0.0439648803F - 0.213370215F;
    p = p * t + 0.317699296F;
    p = p * t - 0.0759520456F;
    p = p * t + 0.17375559F;
    p = p * t + 0.121525502F;
    p = p * t + 0.132376987F;
    p = p * t * bell;
    return {x < 0 ? p : 1.0F - p, bell * 0.398942280F};
}

/// Whether an element stays, for dropout: a hash of the row's key and the column, uniform in 32 bits.
STILLROOM_INLINE Words hash(std::uint64_t rowKey, std::uint32_t firstColumn) {
    Words x;
    for (int i = 0; i < Lanes; ++i)
        x[i] = static_cast<std::uint32_t>(i);
    x = (x + firstColumn) * 0x9E3779B1U + static_cast<std::uint32_t>(rowKey);
    x ^= x >> 16;
    x *= 0x7FEB352DU;
    x ^= static_cast<std::uint32_t>(rowKey >> 32);
    x ^= x >> 15;
    x *= 0x846CA68BU;
    return x ^ (x >> 16);
}

/// DropoutPlan as the inner loops need it.
class Keeper {
  public:
    STILLROOM_INLINE explicit Keeper(const DropoutPlan& plan)
        : threshold_(static_cast<std::uint32_t>(plan.share * 0x1p32)),
          factor_(static_cast<float>(1 / (1 - plan.share))), key_(plan.key) {}

    /// Key of a row.
    STILLROOM_INLINE std::uint64_t row(std::int64_t r) const {
        return mix64(key_ ^ mix64(static_cast<std::uint64_t>(r)));
    }
    /// 0 or 1/(1 − share) for a vector of columns of that row.
    STILLROOM_INLINE Floats factors(std::uint64_t rowKey, std::int64_t column) const {
        const auto kept = hash(rowKey, static_cast<std::uint32_t>(column)) >= threshold_;
        return kept ? all(factor_) : all(0);
    }

  private:
    std::uint32_t threshold_;
    float factor_;
    std::uint64_t key_;
};

} // namespace stillroom::STILLROOM_VARIANT
