#include "core/text/tokenized_texts.h"

#include <algorithm>

namespace stillroom {

std::size_t TokenizedTexts::longest() const {
    std::size_t most = 0;
    for (std::size_t text = 0; text < size(); ++text)
        most = std::max(most, length(text));
    return most;
}

void gatherBatch(const TokenizedTexts& texts, std::span<const std::uint32_t> rows, std::int32_t padId,
                 TokenBatch& batch) {
    batch.width = 1;
    batch.lengths.clear();
    for (const auto row : rows) {
        batch.width = std::max(batch.width, texts.length(row));
        batch.lengths.push_back(static_cast<std::int32_t>(texts.length(row)));
    }
    batch.ids.assign(rows.size() * batch.width, padId);
    auto place = batch.ids.begin();
    for (const auto row : rows) {
        const auto ids = texts[row];
        std::copy(ids.begin(), ids.end(), place);
        place += static_cast<std::ptrdiff_t>(batch.width);
    }
}

std::vector<std::vector<std::uint32_t>> bucketByLength(const TokenizedTexts& texts,
                                                       std::span<const std::uint32_t> rows,
                                                       std::size_t rowsAtMost, std::size_t tokensAtMost) {
    std::vector<std::uint32_t> ordered(rows.begin(), rows.end());
    std::stable_sort(ordered.begin(), ordered.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return texts.length(a) > texts.length(b); });
    std::vector<std::vector<std::uint32_t>> buckets;
    for (std::size_t begin = 0; begin < ordered.size();) {
        const std::size_t width =
            std::max<std::size_t>(texts.length(ordered[begin]), 1); // the longest of them
        const std::size_t count = std::max<std::size_t>(std::min(rowsAtMost, tokensAtMost / width), 1);
        const std::size_t end = std::min(begin + count, ordered.size());
        buckets.emplace_back(ordered.begin() + static_cast<std::ptrdiff_t>(begin),
                             ordered.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end;
    }
    return buckets;
}

} // namespace stillroom
