// A sample as a row of text: what the Samples table shows, and what is copied from it. Holds what it reads,
// so that any thread may use it.
#pragma once

#include "core/lab/sample_history.h"
#include "core/lab/sample_table.h"
#include "core/lab/snapshot_file.h"

#include <QString>
#include <memory>

namespace stillroom {

struct SampleCells {
    enum Column {
        Number,
        Id,
        Text,
        Gold,
        Teacher,
        Confidence,
        Student,
        Uncertainty,
        KeptTimes,
        FirstKept,
        LastKept,
        VerdictNow,
        ColumnCount
    };
    static constexpr qsizetype TextShown = 300; ///< letters of a text in a cell

    std::shared_ptr<const SampleTable> table;
    std::shared_ptr<const Snapshot> snapshot;     ///< null: the student was not asked
    std::shared_ptr<const SampleHistory> history; ///< null: nothing was kept yet

    [[nodiscard]] static QString title(Column column);
    [[nodiscard]] static bool isNumber(Column column);

    /// One line; "–" for what is not known. Empty texts are empty.
    [[nodiscard]] QString cell(std::uint32_t sample, Column column) const;
    /// As it is, with its line breaks.
    [[nodiscard]] QString text(std::uint32_t sample) const;
    [[nodiscard]] SampleTrace trace(std::uint32_t sample) const;
    /// Every column with tabs between them; the text whole, on one line.
    [[nodiscard]] QString line(std::uint32_t sample) const;

  private:
    [[nodiscard]] QString className(int label) const;
};

} // namespace stillroom
