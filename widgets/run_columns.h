// What the table of runs can show of each: who it is, the settings it differs by, what came of it, and what
// the user said of it. The same numbers are the axes of the scatter plot.
#pragma once

#include "core/experiment/run_index.h"

#include <QString>
#include <QVector>
#include <limits>
#include <optional>

namespace stillroom {

struct RunColumn {
    /// Stable, for what is remembered: "test_macro_f1", "selection.decay".
    QString id;
    QString title, tip;
    enum class Kind {
        Word,
        Count,   ///< a whole number
        Share,   ///< [0, 1], shown as a percentage
        Number,  ///< anything else
        Seconds, ///< shown as a duration
        Setting, ///< as in the YAML; may be a number
    } kind = Kind::Word;
    bool usual = false;   ///< shown unless it is hidden by hand
    bool outcome = false; ///< what came of the run, or what it cost
    QString axis = {};    ///< what an axis calls it, where the title is too short for that

    [[nodiscard]] bool isSetting() const { return kind == Kind::Setting; }
    [[nodiscard]] QString axisName() const { return axis.isEmpty() ? isSetting() ? id : title : axis; }
    [[nodiscard]] bool isNumber() const { return kind != Kind::Word; }
};

/// All there are, in the order of the table; a setting's column for every setting there is.
[[nodiscard]] const QVector<RunColumn>& runColumns();
/// −1: there is none of that name.
[[nodiscard]] int runColumn(const QString& id);

/// What the cell says; "–" for a number that there is not.
[[nodiscard]] QString runCell(const IndexedRun& run, int column);
/// NaN: there is none, or it is a word.
[[nodiscard]] double runNumber(const IndexedRun& run, int column);
/// A number of this column as its axis and tips say it: "61.3 %", "12 min 3 s".
[[nodiscard]] QString runNumberText(int column, double value);

/// "2026-11-24 03:15" of "2026-11-24T03:15:00.123+01:00".
[[nodiscard]] QString shortTime(const std::string& created);

} // namespace stillroom
