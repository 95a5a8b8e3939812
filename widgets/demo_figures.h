// What a finished run of a demo came to, in the figures that a guide's words quote. Plain data.
#pragma once

#include "core/selection/rule.h"

#include <QHash>
#include <QString>
#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

class RunController;

struct DemoFigures {
    double accuracy = 0, macroF1 = 0;   ///< on test
    double gradientShare = 0;           ///< of N · epochs
    double distinctShare = 0;           ///< of N
    double keptPrecision = 0;           ///< of what was kept, the share whose label is gold's
    std::vector<double> keptShare;      ///< by class, of its texts times epochs; NaN: it has none
    std::vector<double> recall;         ///< by class, on test
    std::vector<std::int64_t> testRows; ///< by class, on test
    Thresholds thresholds;              ///< as they stood at the end

    /// Of the run that has just finished.
    static DemoFigures of(const RunController& controller);

    /// Classes with test texts of which the student finds less than one in twenty.
    [[nodiscard]] std::vector<std::size_t> missed() const;
    /// The class of which the smallest, and the one of which the largest share was kept.
    [[nodiscard]] std::size_t thinnest() const;
    [[nodiscard]] std::size_t fattest() const;
    /// Over the classes; NaN for none.
    [[nodiscard]] double meanTeacherThreshold() const;
};

/// What a guide knows when it speaks.
struct DemoNotes {
    std::vector<std::string> classes;
    std::int64_t taught = 0;     ///< texts to learn from
    double teacherAccuracy = 0;  ///< against gold; of the teacher that is there now
    double calibrationError = 0; ///< the same
    QHash<QString, DemoFigures> runs;

    [[nodiscard]] bool has(const QString& run) const { return runs.contains(run); }
    [[nodiscard]] DemoFigures run(const QString& name) const { return runs.value(name); }
    [[nodiscard]] QString className(std::size_t k) const;
    /// "body, motive and 3 more"
    [[nodiscard]] QString classNames(const std::vector<std::size_t>& classes) const;
};

} // namespace stillroom
