#include "core/student/ngram_texts.h"

#include <algorithm>
#include <thread>

namespace stillroom {

namespace {

/// Buckets of a stretch of rows.
struct Part {
    std::size_t firstRow = 0, lastRow = 0;
    std::vector<std::uint32_t> buckets;
    std::vector<std::uint32_t> lengths;
};

std::vector<Part> readParts(const Dataset& data, const NgramRecipe& recipe, int threads) {
    const auto count = static_cast<std::size_t>(std::max(1, threads));
    std::vector<Part> parts(count);
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < count; ++i) {
        parts[i].firstRow = data.size() * i / count;
        parts[i].lastRow = data.size() * (i + 1) / count;
        workers.emplace_back([&data, &recipe, part = &parts[i]] {
            NgramReader reader(recipe);
            part->lengths.reserve(part->lastRow - part->firstRow);
            for (std::size_t row = part->firstRow; row < part->lastRow; ++row) {
                const std::size_t before = part->buckets.size();
                reader.read(data.text(row), part->buckets);
                part->lengths.push_back(static_cast<std::uint32_t>(part->buckets.size() - before));
            }
        });
    }
    return parts; // the workers are joined first
}

/// Bucket of each embedding row: those of the training texts, most frequent first, ties by bucket.
std::vector<std::uint32_t> rankBuckets(std::span<const std::uint32_t> tokens,
                                       std::span<const std::uint64_t> begins,
                                       std::span<const std::uint32_t> trainingRows,
                                       std::int64_t bucketCount) {
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(bucketCount), 0);
    for (const auto row : trainingRows)
        for (std::uint64_t i = begins[row]; i < begins[row + 1]; ++i)
            ++counts[tokens[i]];
    // Counting sort by frequency; everything from the ceiling up counts as equally frequent.
    constexpr std::uint32_t Ceiling = 4096;
    std::vector<std::size_t> starts(Ceiling + 2, 0);
    for (const auto count : counts)
        if (count > 0)
            ++starts[Ceiling - std::min(count, Ceiling) + 1];
    for (std::size_t i = 1; i < starts.size(); ++i)
        starts[i] += starts[i - 1];
    std::vector<std::uint32_t> ranked(starts.back());
    for (std::size_t bucket = 0; bucket < counts.size(); ++bucket)
        if (counts[bucket] > 0)
            ranked[starts[Ceiling - std::min(counts[bucket], Ceiling)]++] =
                static_cast<std::uint32_t>(bucket);
    return ranked;
}

} // namespace

NgramTexts readNgrams(const Dataset& data, std::span<const std::uint32_t> trainingRows,
                      const NgramRecipe& recipe, int threads) {
    NgramTexts texts;
    texts.begins.reserve(data.size() + 1);
    texts.lengths.reserve(data.size());
    texts.begins.push_back(0);
    {
        auto parts = readParts(data, recipe, threads);
        std::size_t total = 0;
        for (const auto& part : parts)
            total += part.buckets.size();
        texts.tokens.reserve(total);
        for (auto& part : parts) {
            texts.tokens.insert(texts.tokens.end(), part.buckets.begin(), part.buckets.end());
            for (const auto length : part.lengths) {
                texts.begins.push_back(texts.begins.back() + length);
                texts.lengths.push_back(length);
            }
            part = {};
        }
    }
    texts.buckets = rankBuckets(texts.tokens, texts.begins, trainingRows, recipe.buckets);

    // Buckets become rows, and the unknown ones fall out.
    std::vector<std::uint32_t> rowOf(static_cast<std::size_t>(recipe.buckets), BucketMap::None);
    for (std::size_t row = 0; row < texts.buckets.size(); ++row)
        rowOf[texts.buckets[row]] = static_cast<std::uint32_t>(row);
    std::uint64_t out = 0;
    std::uint64_t in = 0;
    for (std::size_t row = 0; row < data.size(); ++row) {
        const std::uint64_t end = texts.begins[row + 1];
        for (; in < end; ++in)
            if (const auto known = rowOf[texts.tokens[in]]; known != BucketMap::None)
                texts.tokens[out++] = known;
        texts.begins[row + 1] = out;
    }
    texts.tokens.resize(out);
    return texts;
}

} // namespace stillroom
