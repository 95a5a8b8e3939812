// The examples of an experiment, in columns: one UTF-8 arena with offsets, ids, gold labels, splits.
// A million rows cost their text plus about 30 bytes a row. Immutable once built; any thread may read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

enum class Split : std::uint8_t { Train, Validation, Test };
inline constexpr int SplitCount = 3;
[[nodiscard]] std::string_view splitName(Split split); ///< "train", "validation", "test"

/// Strings one after the other in one allocation.
class StringColumn {
  public:
    void reserve(std::size_t rows, std::size_t bytes);
    void append(std::string_view text);
    void removeLast();
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] std::size_t bytes() const { return arena_.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t row) const {
        const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
        return {arena_.data() + begin, ends_[row] - begin};
    }
    void shrink(); ///< gives spare capacity back

  private:
    std::vector<char> arena_;
    std::vector<std::uint64_t> ends_;
};

/// Rows are numbered from 0 over all splits, in the order in which they were read.
class Dataset {
  public:
    static constexpr int NoLabel = -1;

    [[nodiscard]] std::size_t size() const { return gold_.size(); }
    [[nodiscard]] std::string_view text(std::size_t row) const { return texts_[row]; }
    /// As in the file; where no id column was named, the record's number in its split's files, from 1 (bad
    /// records count too, so that skipping them moves nobody).
    [[nodiscard]] std::string_view id(std::size_t row) const { return ids_[row]; }
    [[nodiscard]] int gold(std::size_t row) const { return gold_[row]; } ///< class number or NoLabel
    [[nodiscard]] Split split(std::size_t row) const { return splits_[row]; }
    /// The rows of a split, ascending.
    [[nodiscard]] std::span<const std::uint32_t> rows(Split split) const {
        return bySplit_[static_cast<std::size_t>(split)];
    }
    [[nodiscard]] bool hasGold(Split split) const { return withGold_[static_cast<std::size_t>(split)] > 0; }
    /// Names by class number.
    [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
    [[nodiscard]] int classCount() const { return static_cast<int>(classes_.size()); }
    [[nodiscard]] std::size_t textBytes() const { return texts_.bytes(); }
    [[nodiscard]] std::size_t idBytes() const { return ids_.bytes(); }

  private:
    friend class DatasetBuilder;
    StringColumn texts_;
    StringColumn ids_;
    std::vector<std::int32_t> gold_;
    std::vector<Split> splits_;
    std::vector<std::uint32_t> bySplit_[SplitCount];
    std::size_t withGold_[SplitCount] = {};
    std::vector<std::string> classes_;
};

/// Makes a Dataset row by row. Gold is a class number of the caller's; `finish` is told the names.
class DatasetBuilder {
  public:
    void reserve(std::size_t rows, std::size_t textBytes, std::size_t idBytes = 0);
    /// Returns the row's number.
    std::uint32_t add(std::string_view id, std::string_view text, int gold, Split split);
    [[nodiscard]] std::size_t size() const { return dataset_.size(); }
    /// The rows added so far; gold is still numbered as the caller does.
    [[nodiscard]] const Dataset& soFar() const { return dataset_; }
    /// `renumber[old] = new` maps the class numbers given to `add`; empty: they stand as they are.
    [[nodiscard]] Dataset finish(std::vector<std::string> classes,
                                 std::span<const std::int32_t> renumber = {});

  private:
    Dataset dataset_;
};

} // namespace stillroom
