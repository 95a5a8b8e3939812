#include "core/data/data_profile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <span>

namespace stillroom {

namespace {

constexpr std::size_t MostShared = 200;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view Blanks = " \t\r\n";
    const auto first = text.find_first_not_of(Blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(Blanks) - first + 1);
}

std::int64_t characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

std::size_t binOf(std::int64_t length, std::size_t bins) {
    // 2^(b/2) ≤ length is 2^b ≤ length²: whole numbers, so that no rounding moves an edge.
    const auto squared = static_cast<std::uint64_t>(length) * static_cast<std::uint64_t>(length);
    const auto bin = static_cast<std::size_t>(std::bit_width(squared)) - 1;
    return std::min(bin, bins - 1);
}

void measureLengths(std::vector<std::int64_t>& lengths, DataProfile::SplitProfile& profile) {
    if (lengths.empty())
        return;
    for (const auto length : lengths)
        if (length > 0)
            ++profile.lengthHistogram.at(binOf(length, profile.lengthHistogram.size()));
    std::sort(lengths.begin(), lengths.end());
    constexpr std::array<double, 7> Shares{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    for (std::size_t i = 0; i < Shares.size(); ++i) {
        const double place = Shares.at(i) * static_cast<double>(lengths.size() - 1);
        profile.lengths.at(i) = lengths[static_cast<std::size_t>(std::lround(place))];
    }
}

void measureSplit(const Dataset& dataset, Split split, DataProfile::SplitProfile& profile) {
    profile.byClass.assign(dataset.classes().size(), 0);
    std::vector<std::int64_t> lengths;
    lengths.reserve(dataset.rows(split).size());
    for (const auto row : dataset.rows(split)) {
        const std::string_view text = dataset.text(row);
        const int gold = dataset.gold(row);
        ++profile.rows;
        profile.empty += trimmed(text).empty() ? 1 : 0;
        lengths.push_back(characters(text));
        if (gold != Dataset::NoLabel) {
            ++profile.withGold;
            ++profile.byClass[static_cast<std::size_t>(gold)];
        }
    }
    measureLengths(lengths, profile);
    std::int64_t largest = 0, smallest = INT64_MAX;
    for (const auto count : profile.byClass)
        if (count > 0) {
            largest = std::max(largest, count);
            smallest = std::min(smallest, count);
        }
    if (largest > 0)
        profile.imbalance = static_cast<double>(largest) / static_cast<double>(smallest);
}

struct Hashed {
    std::size_t hash;
    std::uint32_t row;
};

/// Texts of more than one split, of which the first `MostShared` are of interest.
class FirstShared {
  public:
    /// Of one text, ascending.
    void add(std::span<const Hashed> rows) {
        if (kept_.size() == MostShared && rows.front().row > kept_.front().front())
            return;
        std::vector<std::uint32_t> numbers;
        for (const Hashed& one : rows)
            numbers.push_back(one.row);
        if (kept_.size() == MostShared) {
            std::pop_heap(kept_.begin(), kept_.end());
            kept_.pop_back();
        }
        kept_.push_back(std::move(numbers));
        std::push_heap(kept_.begin(), kept_.end()); // the greatest first row on top
    }
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> sorted() && {
        std::sort_heap(kept_.begin(), kept_.end());
        return std::move(kept_);
    }

  private:
    std::vector<std::vector<std::uint32_t>> kept_;
};

/// `rows` of one text, ascending; there are at least two.
void countTogether(const Dataset& dataset, std::span<const Hashed> rows, DataProfile& profile,
                   FirstShared& shared) {
    ++profile.repeatedTexts;
    std::array<std::int64_t, SplitCount> inSplit{};
    bool differ = false;
    int gold = Dataset::NoLabel;
    for (const auto& [hash, row] : rows) {
        ++inSplit.at(static_cast<std::size_t>(dataset.split(row)));
        const int own = dataset.gold(row);
        if (own == Dataset::NoLabel)
            continue;
        differ = differ || (gold != Dataset::NoLabel && own != gold);
        gold = own;
    }
    for (std::size_t split = 0; split < inSplit.size(); ++split)
        profile.splits.at(split).duplicates += std::max<std::int64_t>(0, inSplit.at(split) - 1);
    if (std::count_if(inSplit.begin(), inSplit.end(), [](auto count) { return count > 0; }) < 2)
        return;
    ++profile.sharedTexts;
    profile.sharedLabelsDiffer += differ ? 1 : 0;
    shared.add(rows);
}

/// Rows whose hashes are the same, ascending: mostly one text, and where it is not, each of them.
void countSameHash(const Dataset& dataset, std::span<Hashed> same, DataProfile& profile,
                   FirstShared& shared) {
    while (same.size() > 1) {
        const std::string_view text = trimmed(dataset.text(same.front().row));
        const auto others = std::stable_partition(same.begin(), same.end(), [&](const Hashed& one) {
            return trimmed(dataset.text(one.row)) == text;
        });
        const auto count = static_cast<std::size_t>(others - same.begin());
        if (count > 1)
            countTogether(dataset, same.first(count), profile, shared);
        same = same.subspan(count);
    }
}

} // namespace

DataProfile profileData(const Dataset& dataset) {
    DataProfile profile;
    for (int split = 0; split < SplitCount; ++split)
        measureSplit(dataset, static_cast<Split>(split), profile.splits.at(static_cast<std::size_t>(split)));

    std::vector<Hashed> hashes;
    hashes.reserve(dataset.size());
    for (std::uint32_t row = 0; row < dataset.size(); ++row)
        if (const std::string_view text = trimmed(dataset.text(row)); !text.empty())
            hashes.push_back({std::hash<std::string_view>{}(text), row});
    std::sort(hashes.begin(), hashes.end(), [](const Hashed& a, const Hashed& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.row < b.row;
    });
    FirstShared shared;
    for (std::size_t begin = 0; begin < hashes.size();) {
        std::size_t end = begin + 1;
        while (end < hashes.size() && hashes[end].hash == hashes[begin].hash)
            ++end;
        if (end - begin > 1)
            countSameHash(dataset, std::span(hashes).subspan(begin, end - begin), profile, shared);
        begin = end;
    }
    for (auto& rows : std::move(shared).sorted()) {
        std::string text(trimmed(dataset.text(rows.front())));
        profile.shared.push_back({std::move(text), std::move(rows)});
    }
    return profile;
}

} // namespace stillroom
