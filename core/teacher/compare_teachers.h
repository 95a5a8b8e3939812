// Two teachers of the same texts: how often they agree, where they do not, who is right, and whether that is
// more than chance.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/calibration.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Over the rows that both answered. Plain data.
struct TeacherComparison {
    /// Of rows with gold.
    struct Counts {
        std::int64_t bothRight = 0, onlyFirst = 0, onlySecond = 0, bothWrong = 0;

        [[nodiscard]] std::int64_t rows() const { return bothRight + onlyFirst + onlySecond + bothWrong; }
        friend bool operator==(const Counts&, const Counts&) = default;
    };
    std::int64_t rows = 0;
    std::int64_t agreed = 0; ///< of them: the same label, with or without gold
    Counts all;
    std::vector<Counts> byClass; ///< by gold, K
    double p = 1;                ///< signTest(all.onlyFirst, all.onlySecond)
    /// Both over the same rows: those of `all`.
    TeacherQuality first, second;
};

/// The exact sign test, which of two paired proportions is McNemar's exact test (McNemar 1947): when either
/// of two is as likely to be the one that is right, how likely is a split at least as uneven as this one, in
/// either direction? In (0, 1]; 1 where both are 0.
[[nodiscard]] double signTest(std::int64_t onlyFirst, std::int64_t onlySecond);

/// `rows`: those of the dataset that are looked at. Any thread; about 0.3 s for a million rows without
/// vectors.
[[nodiscard]] TeacherComparison compareTeachers(const Dataset& dataset, const TeacherOutputs& first,
                                                const TeacherOutputs& second,
                                                std::span<const std::uint32_t> rows);

/// What a teacher of other data said, by the rows of `dataset`: texts are joined by what they are, byte by
/// byte (the n-th of several that are alike to the n-th), classes by their names. Texts that it has not
/// answered have no answer. Errors: no text in common that it answered; a label that is no class of
/// `dataset`. Any thread; about a second for a million rows.
Result<TeacherOutputs> joinTeacher(const Dataset& dataset, const Dataset& others,
                                   const TeacherOutputs& teacher);

} // namespace stillroom
