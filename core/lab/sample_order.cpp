// The sorting half of sample_filter.h. Everything is sorted by 32-bit keys, digit by digit (a stable radix
// sort): a million rows take some 20 ms, and 16 bytes a row for as long as it takes. Texts are sorted four
// bytes at a time; what is equal so far is sorted by the next four.
#include "core/lab/half_bounds.h"
#include "core/lab/sample_filter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace stillroom {

namespace {

struct Keyed {
    std::uint32_t key, sample;
};

/// Sorts samples by keys, stable, with memory that is used again.
class KeySort {
  public:
    /// `keyOf` of a sample; descending: the same with all keys turned round.
    template <class KeyOf>
    void sort(std::span<std::uint32_t> samples, bool ascending, const KeyOf& keyOf) {
        turned_ = ascending ? 0 : ~std::uint32_t{0};
        items_.resize(samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i)
            items_[i] = {keyOf(samples[i]) ^ turned_, samples[i]};
        if (items_.size() < Few)
            std::stable_sort(items_.begin(), items_.end(),
                             [](const Keyed& a, const Keyed& b) { return a.key < b.key; });
        else
            sortDigits();
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i] = items_[i].sample;
    }
    /// The key at a place of the last sort.
    [[nodiscard]] std::uint32_t key(std::size_t place) const { return items_[place].key ^ turned_; }

  private:
    static constexpr std::size_t Few = 1024; ///< below it, counting digits costs more than comparing
    static constexpr std::uint32_t DigitBits = 11;
    static constexpr std::size_t Digits = std::size_t{1} << DigitBits;

    void sortDigits() {
        std::array<std::array<std::uint32_t, Digits>, 3> starts{};
        const auto digit = [](std::uint32_t key, std::size_t place) {
            return (key >> (place * DigitBits)) & (Digits - 1);
        };
        for (const auto& item : items_)
            for (std::size_t place = 0; place < 3; ++place)
                ++starts[place][digit(item.key, place)];
        for (std::size_t place = 0; place < 3; ++place) {
            auto& start = starts[place];
            if (start[digit(items_.front().key, place)] == items_.size())
                continue; // all the same
            std::uint32_t sum = 0;
            for (auto& count : start)
                sum += std::exchange(count, sum);
            sorted_.resize(items_.size());
            for (const auto& item : items_)
                sorted_[start[digit(item.key, place)]++] = item;
            items_.swap(sorted_);
        }
    }

    std::vector<Keyed> items_, sorted_;
    std::uint32_t turned_ = 0;
};

/// Those that `known` holds for first; returns how many. The order within stays.
template <class Known>
std::size_t moveUnknownBack(std::vector<std::uint32_t>& samples, const Known& known) {
    std::vector<std::uint32_t> unknown;
    std::size_t count = 0;
    for (const auto sample : samples) {
        if (known(sample))
            samples[count++] = sample;
        else
            unknown.push_back(sample);
    }
    std::copy(unknown.begin(), unknown.end(), samples.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
}

/// `textOf` a sample: a string_view.
template <class TextOf>
class TextSort {
  public:
    TextSort(KeySort& keys, bool ascending, const TextOf& textOf)
        : keys_(keys), ascending_(ascending), textOf_(textOf) {}

    void sort(std::span<std::uint32_t> samples) {
        open_.push_back({samples, 0});
        while (!open_.empty()) {
            const Part part = open_.back();
            open_.pop_back();
            if (part.samples.size() <= Few)
                compare(part);
            else
                sortPart(part);
        }
    }

  private:
    static constexpr std::size_t Few = 48; ///< so few are sorted by comparing
    static constexpr std::size_t Step = 4;

    /// Samples whose texts are the same, and not at their end, up to `depth`.
    struct Part {
        std::span<std::uint32_t> samples;
        std::size_t depth;
    };

    [[nodiscard]] static std::uint32_t keyAt(std::string_view text, std::size_t depth) {
        std::uint32_t key = 0;
        if (depth < text.size())
            std::memcpy(&key, text.data() + depth, std::min(Step, text.size() - depth));
        return std::endian::native == std::endian::little ? __builtin_bswap32(key) : key;
    }

    void compare(const Part& part) const {
        std::stable_sort(part.samples.begin(), part.samples.end(), [&](std::uint32_t a, std::uint32_t b) {
            const auto rest = [&](std::uint32_t sample) {
                const std::string_view text = textOf_(sample);
                return text.substr(std::min(part.depth, text.size()));
            };
            return ascending_ ? rest(a) < rest(b) : rest(b) < rest(a);
        });
    }

    void sortPart(Part part) {
        part.depth += commonPrefix(part);
        keys_.sort(part.samples, ascending_,
                   [&](std::uint32_t sample) { return keyAt(textOf_(sample), part.depth); });
        for (std::size_t begin = 0; begin < part.samples.size();) {
            const std::uint32_t key = keys_.key(begin);
            std::size_t end = begin + 1;
            while (end < part.samples.size() && keys_.key(end) == key)
                ++end;
            Part same{part.samples.subspan(begin, end - begin), part.depth + Step};
            if ((key & 0xFFU) == 0 && end - begin > 1) // else none of them has ended
                takeEnded(same);
            if (same.samples.size() > 1)
                open_.push_back(same);
            begin = end;
        }
    }

    /// Bytes after `depth` that all texts have in common: a prompt, say, before each of a million texts.
    [[nodiscard]] std::size_t commonPrefix(const Part& part) const {
        const auto rest = [&](std::uint32_t sample) {
            const std::string_view text = textOf_(sample);
            return text.substr(std::min(part.depth, text.size()));
        };
        std::string_view common = rest(part.samples.front());
        for (const auto sample : part.samples) {
            const std::string_view other = rest(sample).substr(0, common.size());
            const auto differs = std::mismatch(other.begin(), other.end(), common.begin()).first;
            common = common.substr(0, static_cast<std::size_t>(differs - other.begin()));
            if (common.empty())
                break;
        }
        return common.size();
    }

    /// Texts that end before `depth` share their key with those that go on in zero bytes: they come first
    /// (last when descending), the shorter the earlier. Takes them out of the part.
    void takeEnded(Part& part) const {
        const auto ended = [&](std::uint32_t sample) { return textOf_(sample).size() < part.depth; };
        const auto isBefore = [&](std::uint32_t a, std::uint32_t b) {
            const std::size_t sizeA = std::min(textOf_(a).size(), part.depth);
            const std::size_t sizeB = std::min(textOf_(b).size(), part.depth);
            return ascending_ ? sizeA < sizeB : sizeB < sizeA;
        };
        const auto count =
            static_cast<std::size_t>(std::count_if(part.samples.begin(), part.samples.end(), ended));
        if (count == 0)
            return;
        std::stable_sort(part.samples.begin(), part.samples.end(), isBefore);
        part.samples =
            ascending_ ? part.samples.subspan(count) : part.samples.first(part.samples.size() - count);
    }

    KeySort& keys_;
    bool ascending_;
    const TextOf& textOf_;
    std::vector<Part> open_;
};

constexpr std::uint64_t NoNumber = ~std::uint64_t{0};

/// Ids that are numbers by their value, before all others (after them when descending), which are sorted as
/// texts.
template <class TextOf>
void sortIds(KeySort& keys, std::span<std::uint32_t> ids, bool ascending, const TextOf& textOf) {
    const auto numberOf = [&](std::uint32_t sample) -> std::uint64_t {
        const std::string_view text = textOf(sample);
        std::uint64_t value = 0;
        if (text.empty() || text.size() > 19)
            return NoNumber;
        for (const char c : text) {
            if (c < '0' || c > '9')
                return NoNumber;
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
        }
        return value;
    };
    keys.sort(ids, ascending, [&](std::uint32_t s) { return static_cast<std::uint32_t>(numberOf(s)); });
    keys.sort(ids, ascending,
              [&](std::uint32_t s) { return static_cast<std::uint32_t>(numberOf(s) >> 32U); });
    const auto isNumber = [&](std::uint32_t sample) { return numberOf(sample) != NoNumber; };
    const auto numbers = static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), isNumber));
    const auto others = ascending ? ids.subspan(numbers) : ids.first(ids.size() - numbers);
    TextSort(keys, ascending, textOf).sort(others);
}

} // namespace

void sortSamples(SampleColumn column, bool ascending, const FilterInput& input,
                 std::vector<std::uint32_t>& samples) {
    const SampleTable& table = *input.table;
    const SampleHistory* history = input.history;
    KeySort keys;
    const auto sort = [&](const auto& known, const auto& keyOf) {
        const std::size_t count = moveUnknownBack(samples, known);
        keys.sort(std::span(samples).first(count), ascending, keyOf);
    };
    const auto always = [](std::uint32_t) { return true; };
    const auto traced = [&](const auto& known) {
        return [&input, known](std::uint32_t s) { return !input.traces.empty() && known(input.traces[s]); };
    };
    const auto kept = [history](std::uint32_t s) { return history != nullptr && history->keptTimes(s) > 0; };
    const auto textOf = [&table](std::uint32_t s) { return table.set.data->text(table.rows[s]); };
    const auto idOf = [&table](std::uint32_t s) { return table.set.data->id(table.rows[s]); };
    const auto number = [](int value) { return static_cast<std::uint32_t>(value); };

    switch (column) {
    case SampleColumn::Number:
        return sort(always, [](std::uint32_t s) { return s; });
    case SampleColumn::Id:
        return sortIds(keys, samples, ascending, idOf);
    case SampleColumn::Text:
        return TextSort(keys, ascending, textOf).sort(samples);
    case SampleColumn::Gold:
        return sort([&](std::uint32_t s) { return table.gold[s] >= 0; },
                    [&](std::uint32_t s) { return number(table.gold[s]); });
    case SampleColumn::TeacherLabel:
        return sort(always, [&](std::uint32_t s) { return number(table.labels[s]); });
    case SampleColumn::Confidence: // not negative: ordered as their bits are
        return sort(always, [&](std::uint32_t s) {
            return std::bit_cast<std::uint32_t>(table.confidences[s] + 0.0F);
        });
    case SampleColumn::StudentLabel:
        return sort(traced([](SampleTrace trace) { return trace.studentLabel() >= 0; }),
                    [&](std::uint32_t s) { return number(input.traces[s].studentLabel()); });
    case SampleColumn::Uncertainty:
        return sort(traced([](SampleTrace trace) { return trace.scored(); }),
                    [&](std::uint32_t s) -> std::uint32_t { return halfOf(input.traces[s]); });
    case SampleColumn::KeptTimes:
        return sort([&](std::uint32_t) { return history != nullptr; },
                    [&](std::uint32_t s) { return number(history->keptTimes(s)); });
    case SampleColumn::FirstKept:
        return sort(kept, [&](std::uint32_t s) { return number(history->firstKept(s)); });
    case SampleColumn::LastKept:
        return sort(kept, [&](std::uint32_t s) { return number(history->lastKept(s)); });
    }
}

} // namespace stillroom
