// Which samples the table shows: filters by column (fast, at once) and free text (slower, in pieces).
#pragma once

#include "core/base/progress.h"
#include "core/lab/sample_history.h"
#include "core/lab/sample_table.h"
#include "core/selection/sample_trace.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// All that are set must hold. Verdicts, uncertainty and student labels are those of the snapshot looked at.
struct SampleFilter {
    enum class Show : std::uint8_t {
        All,
        Kept,
        RefusedByTeacher, ///< TeacherUnsure or BothRefuse
        RefusedByStudent, ///< StudentSure or BothRefuse
        NeverKept,        ///< in no epoch so far
        TeacherWrong,     ///< has gold, and the pseudo-label is not it
        Disagreement,     ///< the student was asked and says something else than the teacher
        Enters,           ///< of a what-if: kept there, not now (`enters`)
        Leaves,           ///< of a what-if: kept now, not there
    };
    Show show = Show::All;
    int label = -1;                                ///< this pseudo-label only
    int goldLabel = -1;                            ///< this gold only
    float confidenceLow = 0, confidenceHigh = 1;   ///< closed
    float uncertaintyLow = 0, uncertaintyHigh = 1; ///< closed; samples not asked fail unless it is 0 … 1
    /// Somewhere in the text, without regard to case (ASCII and Latin letters); "": any.
    std::string text = {};

    [[nodiscard]] bool filtersColumns() const;
    friend bool operator==(const SampleFilter&, const SampleFilter&) = default;
};

/// What the filter looks at. `traces` may be empty, `history` null, the masks empty (then nothing enters or
/// leaves).
struct FilterInput {
    const SampleTable* table = nullptr;
    std::span<const SampleTrace> traces;
    const SampleHistory* history = nullptr;
    std::span<const std::uint8_t> keptNow, keptThen; ///< of a what-if: baseline and hypothesis, N each
};

/// Sample numbers, ascending, by everything but the text. What a condition needs and the input has not got
/// (traces, masks) holds for no sample; without a history nothing was ever kept.
void filterColumns(const SampleFilter& filter, const FilterInput& input, std::vector<std::uint32_t>& out);

/// Of `candidates` those whose text holds `text`. `found` is called with the matches as they come, in order,
/// in pieces of some thousand candidates (never an empty one); false from it, or a cancelled progress, ends
/// the search within a millisecond. Counts candidates in `progress`. `text` empty: all of them.
void searchTexts(const SampleTable& table, std::span<const std::uint32_t> candidates, const std::string& text,
                 Progress& progress, const std::function<bool(std::span<const std::uint32_t>)>& found);

enum class SampleColumn : std::uint8_t {
    Number,
    Id,
    Text,
    Gold,
    TeacherLabel,
    Confidence,
    StudentLabel,
    Uncertainty,
    KeptTimes,
    FirstKept,
    LastKept
};
/// Sorts sample numbers by a column, stable (descending too); what is unknown comes last in both directions.
/// Labels by class number; texts by their bytes; ids that are whole numbers by value, before all others,
/// which are sorted as texts. Takes 16 bytes a row while it works.
void sortSamples(SampleColumn column, bool ascending, const FilterInput& input,
                 std::vector<std::uint32_t>& samples);

} // namespace stillroom
