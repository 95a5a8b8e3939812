// A density map in colours: one pixel a cell, nothing where there is no sample. Counts are seen on a
// logarithmic scale, in steps that look even (lightness in Oklab, https://bottosson.github.io/posts/oklab).
#pragma once

#include "core/lab/density_map.h"
#include "widgets/theme.h"

#include <QImage>

namespace stillroom {

/// `share` of the way from one colour to the other, as the eye sees it.
[[nodiscard]] QColor mixed(const QColor& from, const QColor& to, double share);

/// Where a count stands between 1 and the largest, on a logarithmic scale, in [0, 1].
[[nodiscard]] double densityOfCount(std::uint32_t count, std::uint32_t largest);
/// From few (0) to many (1): pale to strong on paper, dim to bright in the dark.
[[nodiscard]] QColor densityColour(double density, const Theme& colours);
/// Vermilion where the teacher is wrong, blue where it is right, grey between; paler where there are few.
[[nodiscard]] QColor rightColour(double right, double density, const Theme& colours);

/// Rows of cells joined so that they are about equally high where the square root of the uncertainty is
/// drawn: what a student is nearly sure of is most of what there is, late in training. `edges` gets the rows
/// + 1 uncertainties between them, of whole cells of `map`. `spread` false: the rows as they are, joined
/// evenly.
[[nodiscard]] DensityMap joinedRows(const DensityMap& map, int rows, double highest, bool spread,
                                    std::vector<double>& edges);

/// columns × rows pixels, the highest uncertainty at the top.
[[nodiscard]] QImage densityPicture(const DensityMap& map, const Theme& colours);
[[nodiscard]] QImage rightPicture(const DensityMap& map, const Theme& colours);

} // namespace stillroom
