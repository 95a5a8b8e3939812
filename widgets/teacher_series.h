// A teacher as the Teacher tab draws it: one of up to three, each with a colour, a dash and a marker of its
// own.
#pragma once

#include "core/teacher/calibration.h"
#include "widgets/custom_plot.h"
#include "widgets/data_summary.h"
#include "widgets/theme.h"

#include <QString>
#include <vector>

namespace stillroom {

/// Plain data, made by a worker.
struct TeacherSeries {
    enum class Role {
        Now,    ///< as the student gets it
        Before, ///< the same before its confidences were corrected
        Other,  ///< what it is compared with
    };
    using Histogram = DataSummary::Histogram;

    Role role = Role::Now;
    QString name;
    TeacherQuality quality; ///< over rows with gold
    /// By confidence in steps of 0.01: rows with gold, and those of them that are right. Empty of what was
    /// before: only its figures are kept.
    Histogram withGold{}, right{};
};

/// A curve whose markers are whole at the edges of the plot too. The canvas owns it.
[[nodiscard]] QCPGraph* addTeacherCurve(QCustomPlot* canvas);
[[nodiscard]] QColor seriesColour(TeacherSeries::Role role, const Theme& colours);
[[nodiscard]] QPen seriesPen(TeacherSeries::Role role, const Theme& colours);
[[nodiscard]] QCPScatterStyle seriesMarker(TeacherSeries::Role role, const Theme& colours);

} // namespace stillroom
