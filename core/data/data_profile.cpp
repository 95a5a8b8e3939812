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

/// `rows` of one text, ascending; there are at least two.
void countTogether(const Dataset& dataset, std::vector<std::uint32_t>&& rows, DataProfile& profile) {
    ++profile.repeatedTexts;
    std::array<std::int64_t, SplitCount> inSplit{};
    bool differ = false;
    int gold = Dataset::NoLabel;
    for (const auto row : rows) {
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
    std::string text(trimmed(dataset.text(rows.front())));
    profile.shared.push_back({std::move(text), std::move(rows)});
}

/// Rows whose hashes are the same: mostly one text, and where it is not, each of them.
void countSameHash(const Dataset& dataset, std::span<const Hashed> same, DataProfile& profile) {
    std::vector<bool> taken(same.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
        if (taken[i])
            continue;
        const std::string_view text = trimmed(dataset.text(same[i].row));
        std::vector<std::uint32_t> rows;
        for (std::size_t j = i; j < same.size(); ++j)
            if (!taken[j] && trimmed(dataset.text(same[j].row)) == text) {
                taken[j] = true;
                rows.push_back(same[j].row);
            }
        if (rows.size() > 1)
            countTogether(dataset, std::move(rows), profile);
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
    for (std::size_t begin = 0; begin < hashes.size();) {
        std::size_t end = begin + 1;
        while (end < hashes.size() && hashes[end].hash == hashes[begin].hash)
            ++end;
        if (end - begin > 1)
            countSameHash(dataset, std::span(hashes).subspan(begin, end - begin), profile);
        begin = end;
    }
    std::sort(profile.shared.begin(), profile.shared.end(),
              [](const auto& a, const auto& b) { return a.rows.front() < b.rows.front(); });
    if (profile.shared.size() > MostShared)
        profile.shared.resize(MostShared);
    return profile;
}

} // namespace stillroom
