#include "core/data/dataset.h"

#include <algorithm>
#include <cassert>

namespace stillroom {

std::string_view splitName(Split split) {
    switch (split) {
    case Split::Train:
        return "train";
    case Split::Validation:
        return "validation";
    case Split::Test:
        break;
    }
    return "test";
}

void StringColumn::reserve(std::size_t rows, std::size_t bytes) {
    ends_.reserve(rows);
    arena_.reserve(bytes);
}

void StringColumn::append(std::string_view text) {
    arena_.insert(arena_.end(), text.begin(), text.end());
    ends_.push_back(arena_.size());
}

void StringColumn::removeLast() {
    assert(!ends_.empty());
    ends_.pop_back();
    arena_.resize(ends_.empty() ? 0 : ends_.back());
}

void StringColumn::shrink() {
    // It copies: the peak of memory would grow by what is saved, so little is not worth it.
    if (arena_.capacity() > arena_.size() + arena_.size() / 2)
        arena_.shrink_to_fit();
    if (ends_.capacity() > ends_.size() + ends_.size() / 2)
        ends_.shrink_to_fit();
}

void DatasetBuilder::reserve(std::size_t rows, std::size_t textBytes, std::size_t idBytes) {
    dataset_.texts_.reserve(rows, textBytes);
    dataset_.ids_.reserve(rows, idBytes);
    dataset_.gold_.reserve(rows);
    dataset_.splits_.reserve(rows);
}

std::uint32_t DatasetBuilder::add(std::string_view id, std::string_view text, int gold, Split split) {
    const auto row = static_cast<std::uint32_t>(dataset_.size());
    dataset_.ids_.append(id);
    dataset_.texts_.append(text);
    dataset_.gold_.push_back(gold);
    dataset_.splits_.push_back(split);
    const auto part = static_cast<std::size_t>(split);
    dataset_.bySplit_[part].push_back(row);
    if (gold != Dataset::NoLabel)
        ++dataset_.withGold_[part];
    return row;
}

Dataset DatasetBuilder::finish(std::vector<std::string> classes, std::span<const std::int32_t> renumber) {
    if (!renumber.empty())
        for (auto& gold : dataset_.gold_)
            if (gold != Dataset::NoLabel)
                gold = renumber[static_cast<std::size_t>(gold)];
    dataset_.classes_ = std::move(classes);
    dataset_.texts_.shrink();
    dataset_.ids_.shrink();
    return std::move(dataset_);
}

} // namespace stillroom
