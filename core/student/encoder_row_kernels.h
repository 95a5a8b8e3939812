// The kernels of encoder_kernels.h that work row by row, or number by number. Like encoder_vectors.h included
// once for every kind of processor.

namespace stillroom::STILLROOM_VARIANT {

STILLROOM_INLINE void dropoutFactors(const DropoutPlan& plan, std::int64_t columns, float* factors,
                                     std::int64_t begin, std::int64_t end) {
    const Keeper keeper(plan);
    for (std::int64_t r = begin; r < end; ++r) {
        const auto key = keeper.row(r);
        eachStretch(columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            storeStretch(factors + r * columns + c, keeper.factors(key, c), count);
        });
    }
}

template <class T>
STILLROOM_INLINE void addNorm(const AddNorm<T>& a, std::int64_t begin, std::int64_t end) {
    const Keeper keeper(a.dropout);
    const bool drops = a.dropout.share > 0;
    const auto columns = static_cast<float>(a.columns);
    float* row = kernelScratch(a.columns);
    for (std::int64_t r = begin; r < end; ++r) {
        const T* x = a.x + r * a.columns;
        const T* residual = a.residual + r * a.residualStride;
        const auto key = keeper.row(a.places != nullptr ? a.places[r] : r);
        Floats total{};
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            Floats z = loadStretch(x + c, count) + loadStretch(a.bias + c, count);
            if (drops)
                z *= keeper.factors(key, c);
            z += loadStretch(residual + c, count); // beyond a row's end all three are zero
            total += z;
            storeStretch(row + c, z, count);
        });
        const float mean = sum(total) / columns;
        Floats squares{};
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            Floats d = loadStretch(row + c, count) - mean;
            if (count < Lanes)
                d *= firstLanes(count);
            squares += d * d;
        });
        const float deviation = 1 / std::sqrt(sum(squares) / columns + a.epsilon);
        T* out = a.out + r * a.columns;
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            const Floats z = loadStretch(row + c, count);
            const Floats y =
                (z - mean) * deviation * loadStretch(a.gamma + c, count) + loadStretch(a.beta + c, count);
            if (a.sum != nullptr)
                storeStretch(a.sum + r * a.columns + c, z, count);
            storeStretch(out + c, y, count);
        });
        if (a.means != nullptr) {
            a.means[r] = mean;
            a.deviations[r] = deviation;
        }
    }
}

/// With x̂ = (z − mean)·deviation and g = gradient·gamma: dz = deviation · (g − mean(g) − x̂·mean(g·x̂)).
STILLROOM_INLINE void addNormBackward(const AddNormBackward& a, std::int64_t begin, std::int64_t end) {
    const Keeper keeper(a.dropout);
    const bool drops = a.xGradient != nullptr;
    const auto columns = static_cast<float>(a.columns);
    float* const gammaSums = a.sums;
    float* const betaSums = a.sums + a.columns;
    float* const biasSums = a.sums + 2 * a.columns;
    for (std::int64_t r = begin; r < end; ++r) {
        const float* gradient = a.gradient + r * a.columns;
        const float* z = a.sum + r * a.columns;
        const float mean = a.means[r];
        const float deviation = a.deviations[r];
        const auto key = keeper.row(a.places != nullptr ? a.places[r] : r);
        Floats first{}, second{};
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            const Floats dy = loadStretch(gradient + c, count); // zero beyond a row's end
            const Floats unit = (loadStretch(z + c, count) - mean) * deviation;
            const Floats g = dy * loadStretch(a.gamma + c, count);
            first += g;
            second += g * unit;
            addTo(gammaSums + c, dy * unit, count);
            addTo(betaSums + c, dy, count);
        });
        const float meanFirst = sum(first) / columns;
        const float meanSecond = sum(second) / columns;
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            const Floats g = loadStretch(gradient + c, count) * loadStretch(a.gamma + c, count);
            const Floats unit = (loadStretch(z + c, count) - mean) * deviation;
            Floats dz = deviation * (g - meanFirst - unit * meanSecond);
            storeStretch(a.residualGradient + r * a.columns + c, dz, count);
            if (drops) {
                dz *= keeper.factors(key, c);
                storeStretch(a.xGradient + r * a.columns + c, dz, count);
            }
            addTo(biasSums + c, dz, count);
        });
    }
}

/// The activation's value and derivative.
struct Activated {
    Floats value, slope;
};

template <Activation A>
STILLROOM_INLINE Activated activate(const Floats& x) {
    if constexpr (A == Activation::Relu) {
        const auto positive = x > 0;
        return {positive ? x : all(0), positive ? all(1) : all(0)};
    } else if constexpr (A == Activation::Gelu) {
        const auto [below, density] = normal(x);
        return {x * below, below + x * density};
    } else {
        // ½(1 + tanh u) = 1/(1 + e^{−2u}), u = √(2/π)(x + 0.044715x³). Beyond ±20 it is 1 or 0, and x³ might
        // be infinite.
        constexpr float Root = 0.797884561F;
        constexpr float Cubic = 0.044715F;
        Floats near = x > 20.0F ? all(20.0F) : x;
        near = near < -20.0F ? all(-20.0F) : near;
        const Floats square = near * near;
        Floats twice = near * (2 * Root) * (1.0F + Cubic * square);
        twice = twice < -87.0F ? all(-87.0F) : twice; // e^{87} is still a float
        const Floats share = 1.0F / (1.0F + exp(-twice));
        const Floats slope = (2 * Root) * (1.0F + 3 * Cubic * square);
        return {x * share, share + near * share * (1.0F - share) * slope};
    }
}

template <Activation A, class T>
STILLROOM_INLINE void activateRows(const BiasActivation<T>& a, std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r)
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            const std::int64_t at = r * a.columns + c;
            const Floats x = loadStretch(a.x + at, count) + loadStretch(a.bias + c, count);
            storeStretch(a.out + at, activate<A>(x).value, count);
        });
}

template <Activation A>
STILLROOM_INLINE void activateRowsBackward(const BiasActivationBackward& a, std::int64_t begin,
                                           std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r)
        eachStretch(a.columns, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            const std::int64_t at = r * a.columns + c;
            const Floats x = loadStretch(a.x + at, count) + loadStretch(a.bias + c, count);
            const Floats dx = loadStretch(a.gradient + at, count) * activate<A>(x).slope;
            storeStretch(a.gradient + at, dx, count);
            addTo(a.sums + c, dx, count);
        });
}

template <class T>
STILLROOM_INLINE void activation(const BiasActivation<T>& a, std::int64_t begin, std::int64_t end) {
    switch (a.activation) {
    case Activation::Gelu:
        return activateRows<Activation::Gelu>(a, begin, end);
    case Activation::GeluTanh:
        return activateRows<Activation::GeluTanh>(a, begin, end);
    case Activation::Relu:
        return activateRows<Activation::Relu>(a, begin, end);
    }
}

STILLROOM_INLINE void activationBackward(const BiasActivationBackward& a, std::int64_t begin,
                                         std::int64_t end) {
    switch (a.activation) {
    case Activation::Gelu:
        return activateRowsBackward<Activation::Gelu>(a, begin, end);
    case Activation::GeluTanh:
        return activateRowsBackward<Activation::GeluTanh>(a, begin, end);
    case Activation::Relu:
        return activateRowsBackward<Activation::Relu>(a, begin, end);
    }
}

STILLROOM_INLINE void adamW(const AdamWStep& step, float* value, const float* gradient, float* m, float* v,
                            std::int64_t count) {
    eachStretch(count, [&](std::int64_t i, std::int64_t stretch) STILLROOM_INLINED {
        const Floats g = loadStretch(gradient + i, stretch) * step.scale;
        const Floats first = loadStretch(m + i, stretch) * step.beta1 + g * step.rest1;
        const Floats second = loadStretch(v + i, stretch) * step.beta2 + g * g * step.rest2;
        storeStretch(m + i, first, stretch);
        storeStretch(v + i, second, stretch);
        const Floats move = step.rate * first / (squareRoot(second) * step.root + step.epsilon);
        storeStretch(value + i, loadStretch(value + i, stretch) * step.decay - move, stretch);
    });
}

STILLROOM_INLINE double squares(const float* values, std::int64_t count) {
    double total = 0;
    constexpr std::int64_t Together = 1024; // added up in float
    for (std::int64_t first = 0; first < count; first += Together) {
        Floats sums{};
        const std::int64_t end = count - first < Together ? count - first : Together;
        eachStretch(end, [&](std::int64_t i, std::int64_t stretch) STILLROOM_INLINED {
            const Floats x = loadStretch(values + first + i, stretch);
            sums += x * x;
        });
        total += static_cast<double>(sum(sums));
    }
    return total;
}

} // namespace stillroom::STILLROOM_VARIANT
