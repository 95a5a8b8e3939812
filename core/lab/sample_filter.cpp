#include "core/lab/sample_filter.h"

#include "core/lab/half_bounds.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace stillroom {

namespace {

/// Samples are looked at in pieces that stay in the first cache; each condition is one plain loop over a
/// piece, which the compiler makes vector instructions of.
constexpr std::size_t PieceSize = 4096;

/// Both sides are looked at, always: a branch would be guessed wrong half of the time.
constexpr bool both(bool a, bool b) {
    return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}
constexpr bool either(bool a, bool b) {
    return (static_cast<unsigned>(a) | static_cast<unsigned>(b)) != 0;
}

class Piece {
  public:
    Piece(const FilterInput& input, std::size_t begin, std::size_t end)
        : input_(input), begin_(begin), size_(end - begin) {
        pass_.fill(1);
    }

    void apply(const SampleFilter& filter);
    /// Appends the numbers of those that passed at `out` and returns where it ends.
    std::uint32_t* write(std::uint32_t* out) const {
        for (std::size_t i = 0; i < size_; ++i) {
            *out = static_cast<std::uint32_t>(begin_ + i);
            out += pass_[i];
        }
        return out;
    }

  private:
    template <class Condition>
    void keepWhere(const Condition& condition) {
        for (std::size_t i = 0; i < size_; ++i)
            pass_[i] = static_cast<std::uint8_t>(pass_[i] & static_cast<std::uint8_t>(condition(begin_ + i)));
    }
    /// Of a missing column nobody passes.
    template <class Condition>
    void keepWhereTraced(const Condition& condition) {
        const auto traces = input_.traces;
        keepWhere([&](std::size_t i) { return !traces.empty() && condition(traces[i]); });
    }
    void show(SampleFilter::Show what);
    void showChange(std::span<const std::uint8_t> with, std::span<const std::uint8_t> without);
    void showUncertainties(float low, float high);

    const FilterInput& input_;
    std::size_t begin_, size_;
    std::array<std::uint8_t, PieceSize> pass_;
};

void Piece::showChange(std::span<const std::uint8_t> with, std::span<const std::uint8_t> without) {
    const bool known = !with.empty() && !without.empty();
    keepWhere([&](std::size_t i) { return known && with[i] != 0 && without[i] == 0; });
}

void Piece::show(SampleFilter::Show what) {
    using Show = SampleFilter::Show;
    const SampleTable& table = *input_.table;
    switch (what) {
    case Show::All:
        return;
    case Show::Kept:
        return keepWhereTraced([](SampleTrace trace) { return trace.kept(); });
    case Show::RefusedByTeacher:
        return keepWhereTraced([](SampleTrace trace) {
            return either(trace.verdict() == Verdict::TeacherUnsure, trace.verdict() == Verdict::BothRefuse);
        });
    case Show::RefusedByStudent:
        return keepWhereTraced([](SampleTrace trace) {
            return either(trace.verdict() == Verdict::StudentSure, trace.verdict() == Verdict::BothRefuse);
        });
    case Show::NeverKept:
        return keepWhere([history = input_.history](std::size_t i) {
            return history == nullptr || history->keptTimes(i) == 0;
        });
    case Show::TeacherWrong:
        return keepWhere(
            [&table](std::size_t i) { return both(table.gold[i] >= 0, table.gold[i] != table.labels[i]); });
    case Show::Disagreement: {
        const auto traces = input_.traces;
        return keepWhere([&](std::size_t i) {
            const std::int32_t student = traces.empty() ? -1 : traces[i].studentLabel();
            return both(student >= 0, student != table.labels[i]);
        });
    }
    case Show::Enters:
        return showChange(input_.keptThen, input_.keptNow);
    case Show::Leaves:
        return showChange(input_.keptNow, input_.keptThen);
    }
}

void Piece::showUncertainties(float low, float high) {
    const std::uint32_t first = firstHalf([low](float value) { return value >= low; });
    const std::uint32_t beyond = firstHalf([high](float value) { return value > high; });
    keepWhereTraced([first, beyond](SampleTrace trace) {
        const std::uint32_t half = halfOf(trace);
        return both(both(half >= first, half < beyond), half <= HalfInfinity);
    });
}

void Piece::apply(const SampleFilter& filter) {
    const SampleTable& table = *input_.table;
    show(filter.show);
    if (filter.label >= 0)
        keepWhere([&](std::size_t i) { return table.labels[i] == filter.label; });
    if (filter.goldLabel >= 0)
        keepWhere([&](std::size_t i) { return table.gold[i] == filter.goldLabel; });
    if (filter.confidenceLow > 0 || filter.confidenceHigh < 1)
        keepWhere([&](std::size_t i) {
            return both(table.confidences[i] >= filter.confidenceLow,
                        table.confidences[i] <= filter.confidenceHigh);
        });
    if (filter.uncertaintyLow > 0 || filter.uncertaintyHigh < 1)
        showUncertainties(filter.uncertaintyLow, filter.uncertaintyHigh);
}

} // namespace

bool SampleFilter::filtersColumns() const {
    SampleFilter columns = *this;
    columns.text.clear();
    return columns != SampleFilter{};
}

void filterColumns(const SampleFilter& filter, const FilterInput& input, std::vector<std::uint32_t>& out) {
    const std::size_t size = input.table->size();
    assert(input.traces.empty() || input.traces.size() == size);
    assert(input.keptNow.empty() || input.keptNow.size() == size);
    assert(input.keptThen.empty() || input.keptThen.size() == size);
    out.resize(size);
    std::uint32_t* end = out.data();
    for (std::size_t begin = 0; begin < size; begin += PieceSize) {
        // `write` steps over what did not pass only afterwards: it needs a place for it, and has one, because
        // no more numbers are written than there are samples.
        Piece piece(input, begin, std::min(begin + PieceSize, size));
        piece.apply(filter);
        end = piece.write(end);
    }
    out.resize(static_cast<std::size_t>(end - out.data()));
}

} // namespace stillroom
