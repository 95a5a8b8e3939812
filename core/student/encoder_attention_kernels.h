// The attention kernels of encoder_kernels.h: one text's one head at a time, in memory that stays in a core's
// own caches. Like encoder_vectors.h included once for every kind of processor.
//
// Keys and values are copied together first ("packed"), padded with zeros to whole vectors; products are then
// made of tiles of Rows × 2 vectors that live in registers.

namespace stillroom::STILLROOM_VARIANT {

/// Sixteen registers have room for 6 × 2 sums, thirty-two for 8 × 2 and more.
constexpr std::int64_t TileRows = Lanes == 16 ? 8 : Lanes == 8 ? 6 : 4;
/// Queries at once: their scores against 512 keys take 64 KiB.
constexpr std::int64_t QueryBlock = 32;

STILLROOM_INLINE std::int64_t padded(std::int64_t columns) {
    return (columns + Lanes - 1) / Lanes * Lanes;
}

/// A matrix read element by element: (r, c) lies at r·row + c·column.
struct Elements {
    const float* data;
    std::int64_t row, column;
};

template <int Vectors, bool Add>
STILLROOM_INLINE void tile(const Elements& a, std::int64_t rows, const float* b, std::int64_t bRow,
                           float* out, std::int64_t outRow, std::int64_t inner) {
    // Rows that are not there are computed as the last one and not stored.
    const float* row[TileRows];
    for (std::int64_t r = 0; r < TileRows; ++r)
        row[r] = a.data + (r < rows ? r : rows - 1) * a.row;
    Floats sums[TileRows][Vectors];
    for (std::int64_t r = 0; r < TileRows; ++r)
        for (int v = 0; v < Vectors; ++v)
            sums[r][v] = Add && r < rows ? load(out + r * outRow + v * Lanes) : Floats{};
    for (std::int64_t i = 0; i < inner; ++i) {
        Floats from[Vectors];
        for (int v = 0; v < Vectors; ++v)
            from[v] = load(b + i * bRow + v * Lanes);
        for (std::int64_t r = 0; r < TileRows; ++r)
            for (int v = 0; v < Vectors; ++v)
                sums[r][v] += row[r][i * a.column] * from[v];
    }
    for (std::int64_t r = 0; r < TileRows; ++r)
        for (int v = 0; v < Vectors; ++v)
            if (r < rows)
                store(out + r * outRow + v * Lanes, sums[r][v]);
}

/// out = A·B, or out += A·B: rows × columns from rows × inner and inner × columns; columns are whole vectors.
template <bool Add>
STILLROOM_INLINE void product(const Elements& a, const float* b, std::int64_t bRow, float* out,
                              std::int64_t outRow, std::int64_t rows, std::int64_t columns,
                              std::int64_t inner) {
    for (std::int64_t r = 0; r < rows; r += TileRows) {
        const Elements block{a.data + r * a.row, a.row, a.column};
        const std::int64_t left = rows - r;
        std::int64_t c = 0;
        for (; c + 2 * Lanes <= columns; c += 2 * Lanes)
            tile<2, Add>(block, left, b + c, bRow, out + r * outRow + c, outRow, inner);
        for (; c < columns; c += Lanes)
            tile<1, Add>(block, left, b + c, bRow, out + r * outRow + c, outRow, inner);
    }
}

/// to[r][c] = (from[r][c] + bias[c]) · factor, each row padded with zeros to `toRow`.
template <class T>
STILLROOM_INLINE void pack(const HeadRows<const T>& from, std::int64_t text, std::int64_t first,
                           std::int64_t rows, std::int64_t column, std::int64_t width, const T* bias,
                           float factor, float* to, std::int64_t toRow) {
    for (std::int64_t r = 0; r < rows; ++r) {
        const T* row = from.at(text, first + r, column);
        eachStretch(width, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            Floats v = loadStretch(row + c, count);
            if (bias != nullptr)
                v += loadStretch(bias + column + c, count);
            store(to + r * toRow + c, v * factor);
        });
    }
}

/// to[c][r] = from[r][c]; the columns behind `rows` become zero.
STILLROOM_INLINE void transpose(const float* from, std::int64_t fromRow, std::int64_t rows,
                                std::int64_t columns, float* to, std::int64_t toRow) {
    constexpr std::int64_t Block = 16; // a line of memory
    for (std::int64_t r = 0; r < toRow; r += Block)
        for (std::int64_t c = 0; c < columns; ++c)
            for (std::int64_t i = r; i < r + Block && i < toRow; ++i)
                to[c * toRow + i] = i < rows ? from[i * fromRow + c] : 0.0F;
}

/// What a head's turn needs to know, and its memory.
template <class T>
struct HeadWork {
    const Attention<T>& a;
    std::int64_t text, head;
    std::int64_t column;                 ///< of the head in a row of all heads
    std::int64_t keys, queries;          ///< up to the last one that is no padding
    std::int64_t keyPlaces, queryPlaces; ///< with the padding that lies there
    std::int64_t keyRow, headRow;        ///< padded
    float scale;

    STILLROOM_INLINE HeadWork(const Attention<T>& attention, std::int64_t index)
        : a(attention), text(index / a.heads), head(index % a.heads), column(head * a.width), keys(a.keys),
          queries(a.queries), keyPlaces(a.keys), queryPlaces(a.queries), keyRow(0), headRow(padded(a.width)),
          scale(1 / std::sqrt(static_cast<float>(a.width))) {
        if (a.mask != nullptr) {
            while (keys > 1 && !a.mask[text * a.keys + keys - 1])
                --keys;
            if (queries == a.keys) // every place asks: those at the end that are padding need not
                queries = keys;
        }
        if (a.starts != nullptr) {
            keys = keyPlaces = a.starts[text + 1] - a.starts[text];
            if (queries == a.keys)
                queries = queryPlaces = keys;
        }
        keyRow = padded(keys);
    }

    STILLROOM_INLINE std::int64_t row(std::int64_t query) const {
        return (text * a.heads + head) * a.queries + query;
    }

    /// Added to scores: 0, or what makes e^score 0 at padding and behind the last key.
    STILLROOM_INLINE void fillPenalty(float* penalty) const {
        for (std::int64_t j = 0; j < keyRow; ++j)
            penalty[j] = j < keys && (a.mask == nullptr || a.mask[text * a.keys + j]) ? 0.0F : -1e30F;
    }
};

template <class T>
STILLROOM_INLINE std::int64_t attentionFloats(const Attention<T>& a) {
    return padded(a.width) * (2 * padded(a.keys) + 2 * QueryBlock) + (QueryBlock + 1) * padded(a.keys);
}

template <class T>
STILLROOM_INLINE void attention(const Attention<T>& a, std::int64_t begin, std::int64_t end) {
    const Keeper keeper(a.dropout);
    const bool drops = a.dropout.share > 0;
    const T* const keyBias = a.bias == nullptr ? nullptr : a.bias + a.heads * a.width;
    const T* const valueBias = a.bias == nullptr ? nullptr : a.bias + 2 * a.heads * a.width;
    float* const memory = kernelScratch(attentionFloats(a));
    for (std::int64_t index = begin; index < end; ++index) {
        const HeadWork<T> w(a, index);
        float* const keysAcross = memory; // width × keys
        float* const values = keysAcross + w.headRow * w.keyRow;
        float* const queries = values + w.headRow * w.keyRow;
        float* const results = queries + QueryBlock * w.headRow;
        float* const scores = results + QueryBlock * w.headRow;
        float* const penalty = scores + QueryBlock * w.keyRow;
        pack(a.k, w.text, 0, w.keys, w.column, a.width, keyBias, 1, values, w.headRow);
        transpose(values, w.headRow, w.keys, a.width, keysAcross, w.keyRow);
        pack(a.v, w.text, 0, w.keys, w.column, a.width, valueBias, 1, values, w.headRow);
        w.fillPenalty(penalty);
        for (std::int64_t first = 0; first < w.queries; first += QueryBlock) {
            const std::int64_t rows = w.queries - first < QueryBlock ? w.queries - first : QueryBlock;
            pack(a.q, w.text, first, rows, w.column, a.width, a.bias, w.scale, queries, w.headRow);
            product<false>({queries, w.headRow, 1}, keysAcross, w.keyRow, scores, w.keyRow, rows, w.keyRow,
                           a.width);
            for (std::int64_t r = 0; r < rows; ++r) {
                float* const row = scores + r * w.keyRow;
                Floats most = all(-1e30F);
                for (std::int64_t j = 0; j < w.keyRow; j += Lanes) {
                    const Floats s = load(row + j) + load(penalty + j);
                    most = larger(most, s);
                    store(row + j, s);
                }
                const float top = largest(most);
                Floats total{};
                for (std::int64_t j = 0; j < w.keyRow; j += Lanes) {
                    const Floats e = exp(load(row + j) - top);
                    total += e;
                    store(row + j, e);
                }
                const float rowSum = sum(total);
                const auto key = keeper.row(w.row(first + r));
                for (std::int64_t j = 0; j < w.keyRow; j += Lanes) {
                    Floats p = load(row + j) * (1 / rowSum);
                    if (drops)
                        p *= keeper.factors(key, j);
                    store(row + j, p);
                }
                if (a.logSums != nullptr)
                    a.logSums[w.row(first + r)] = top + std::log(rowSum);
            }
            product<false>({scores, w.keyRow, 1}, values, w.headRow, results, w.headRow, rows, w.headRow,
                           w.keys);
            for (std::int64_t r = 0; r < rows; ++r) {
                T* to = a.out.at(w.text, first + r, w.column);
                eachStretch(a.width, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
                    storeStretch(to + c, load(results + r * w.headRow + c), count);
                });
            }
        }
        for (std::int64_t q = w.queries; q < w.queryPlaces; ++q) // at padding: anything that is a number
            std::memset(static_cast<void*>(a.out.at(w.text, q, w.column)), 0,
                        static_cast<std::size_t>(a.width) * sizeof(T));
    }
}

STILLROOM_INLINE std::int64_t attentionBackwardFloats(const Attention<float>& a) {
    return padded(a.width) * (5 * padded(a.keys) + 3 * QueryBlock) + (2 * QueryBlock + 1) * padded(a.keys);
}

/// Gradients of one head into rows of all, and their sums into those of the bias.
STILLROOM_INLINE void unpack(const float* from, std::int64_t fromRow, float factor, const HeadRows<float>& to,
                             std::int64_t text, std::int64_t first, std::int64_t rows, std::int64_t column,
                             std::int64_t width, float* sums) {
    for (std::int64_t r = 0; r < rows; ++r) {
        float* row = to.at(text, first + r, column);
        eachStretch(width, [&](std::int64_t c, std::int64_t count) STILLROOM_INLINED {
            const Floats v = load(from + r * fromRow + c) * factor;
            storeStretch(row + c, v, count);
            addTo(sums + column + c, v, count);
        });
    }
}

STILLROOM_INLINE void zeroRows(const HeadRows<float>& to, std::int64_t text, std::int64_t first,
                               std::int64_t end, std::int64_t column, std::int64_t width) {
    for (std::int64_t r = first; r < end; ++r)
        std::memset(to.at(text, r, column), 0, static_cast<std::size_t>(width) * sizeof(float));
}

/// With P the probabilities, D the dropout's factors, G the gradient of out:
///   dV = (P∘D)ᵀ G;  dP = (G Vᵀ)∘D;  dS = P∘(dP − rowsum(P∘dP));  dQ = dS K/√width;  dK = dSᵀ Q/√width.
STILLROOM_INLINE void attentionBackward(const Attention<float>& a, const AttentionBackward& g,
                                        std::int64_t begin, std::int64_t end) {
    const Keeper keeper(a.dropout);
    const bool drops = a.dropout.share > 0;
    const std::int64_t all3 = 3 * a.heads * a.width;
    const float* const keyBias = a.bias + a.heads * a.width;
    const float* const valueBias = a.bias + 2 * a.heads * a.width;
    float* const memory = kernelScratch(attentionBackwardFloats(a));
    for (std::int64_t index = begin; index < end; ++index) {
        const HeadWork<float> w(a, index);
        const std::int64_t area = w.headRow * w.keyRow;
        float* const keys = memory;
        float* const keysAcross = keys + area;
        float* const valuesAcross = keysAcross + area;
        float* const keyGradients = valuesAcross + area;
        float* const valueGradients = keyGradients + area;
        float* const queries = valueGradients + area;
        float* const gradients = queries + QueryBlock * w.headRow;
        float* const queryGradients = gradients + QueryBlock * w.headRow;
        float* const scores = queryGradients + QueryBlock * w.headRow;
        float* const scoreGradients = scores + QueryBlock * w.keyRow;
        float* const penalty = scoreGradients + QueryBlock * w.keyRow;
        pack(a.v, w.text, 0, w.keys, w.column, a.width, valueBias, 1, keys, w.headRow);
        transpose(keys, w.headRow, w.keys, a.width, valuesAcross, w.keyRow);
        pack(a.k, w.text, 0, w.keys, w.column, a.width, keyBias, 1, keys, w.headRow);
        transpose(keys, w.headRow, w.keys, a.width, keysAcross, w.keyRow);
        w.fillPenalty(penalty);
        std::memset(keyGradients, 0, static_cast<std::size_t>(2 * area) * sizeof(float));
        float* const sums = g.sums + w.text * all3;
        for (std::int64_t part = 0; part < 3; ++part)
            std::memset(sums + part * a.heads * a.width + w.column, 0,
                        static_cast<std::size_t>(a.width) * sizeof(float));
        for (std::int64_t first = 0; first < w.queries; first += QueryBlock) {
            const std::int64_t rows = w.queries - first < QueryBlock ? w.queries - first : QueryBlock;
            pack(a.q, w.text, first, rows, w.column, a.width, a.bias, w.scale, queries, w.headRow);
            pack<float>(g.gradient, w.text, first, rows, w.column, a.width, nullptr, 1, gradients, w.headRow);
            product<false>({queries, w.headRow, 1}, keysAcross, w.keyRow, scores, w.keyRow, rows, w.keyRow,
                           a.width);
            product<false>({gradients, w.headRow, 1}, valuesAcross, w.keyRow, scoreGradients, w.keyRow, rows,
                           w.keyRow, a.width);
            for (std::int64_t r = 0; r < rows; ++r) {
                float* const row = scores + r * w.keyRow;
                float* const dRow = scoreGradients + r * w.keyRow;
                const float logSum = a.logSums[w.row(first + r)];
                const auto key = keeper.row(w.row(first + r));
                Floats total{};
                for (std::int64_t j = 0; j < w.keyRow; j += Lanes) {
                    const Floats p = exp(load(row + j) + load(penalty + j) - logSum);
                    Floats d = load(dRow + j);
                    if (drops)
                        d *= keeper.factors(key, j);
                    total += p * d;
                    store(row + j, p);
                    store(dRow + j, d);
                }
                const float mean = sum(total);
                for (std::int64_t j = 0; j < w.keyRow; j += Lanes) {
                    const Floats p = load(row + j);
                    store(dRow + j, p * (load(dRow + j) - mean));
                    if (drops)
                        store(row + j, p * keeper.factors(key, j));
                }
            }
            product<false>({scoreGradients, w.keyRow, 1}, keys, w.headRow, queryGradients, w.headRow, rows,
                           w.headRow, w.keys);
            product<true>({scoreGradients, 1, w.keyRow}, queries, w.headRow, keyGradients, w.headRow, w.keys,
                          w.headRow, rows);
            product<true>({scores, 1, w.keyRow}, gradients, w.headRow, valueGradients, w.headRow, w.keys,
                          w.headRow, rows);
            unpack(queryGradients, w.headRow, w.scale, g.q, w.text, first, rows, w.column, a.width, sums);
        }
        const std::int64_t width = a.heads * a.width;
        unpack(keyGradients, w.headRow, 1, g.k, w.text, 0, w.keys, w.column, a.width, sums + width);
        unpack(valueGradients, w.headRow, 1, g.v, w.text, 0, w.keys, w.column, a.width, sums + 2 * width);
        zeroRows(g.q, w.text, w.queries, w.queryPlaces, w.column, a.width);
        zeroRows(g.k, w.text, w.keys, w.keyPlaces, w.column, a.width);
        zeroRows(g.v, w.text, w.keys, w.keyPlaces, w.column, a.width);
    }
}

} // namespace stillroom::STILLROOM_VARIANT
