#include "core/experiment/test_set_bootstrap.h"

#include "core/base/random.h"
#include "core/experiment/bootstrap.h"

#include <algorithm>
#include <map>
#include <vector>

namespace stillroom {

namespace {

/// Rows that are alike in what they say.
struct Cell {
    std::size_t gold = 0, first = 0, second = 0;
    std::int64_t rows = 0;
};

struct Figures {
    double accuracy = 0, macroF1 = 0;
};

/// Accuracy and macro-F1 as in core/engine/metrics.h, without making a matrix of each draw.
class Scorer {
  public:
    explicit Scorer(std::size_t classes) : gold_(classes), predicted_(classes), hit_(classes) {}

    template <class Predicted>
    Figures score(const std::vector<Cell>& cells, std::span<const std::int64_t> drawn, Predicted predicted) {
        for (auto* counts : {&gold_, &predicted_, &hit_})
            std::fill(counts->begin(), counts->end(), 0);
        std::int64_t rows = 0;
        std::int64_t right = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::size_t gold = cells[i].gold;
            const std::size_t said = predicted(cells[i]);
            gold_[gold] += drawn[i];
            predicted_[said] += drawn[i];
            rows += drawn[i];
            if (gold == said) {
                hit_[gold] += drawn[i];
                right += drawn[i];
            }
        }
        double sum = 0;
        std::int64_t occurring = 0;
        for (std::size_t k = 0; k < gold_.size(); ++k)
            if (const auto both = gold_[k] + predicted_[k]; both > 0) {
                sum += 2 * static_cast<double>(hit_[k]) / static_cast<double>(both);
                ++occurring;
            }
        return {static_cast<double>(right) / static_cast<double>(rows), sum / static_cast<double>(occurring)};
    }

  private:
    std::vector<std::int64_t> gold_, predicted_, hit_; // by class
};

/// `use(drawn)` for each resample: how often each cell was drawn.
template <class Use>
void resample(const std::vector<Cell>& cells, const TestSetSettings& settings, Use use) {
    std::vector<std::uint32_t> cellOfRow;
    for (std::size_t i = 0; i < cells.size(); ++i)
        cellOfRow.insert(cellOfRow.end(), static_cast<std::size_t>(cells[i].rows),
                         static_cast<std::uint32_t>(i));
    Random random(settings.seed, "test rows");
    const auto rows = static_cast<std::uint32_t>(cellOfRow.size());
    std::vector<std::int64_t> drawn(cells.size());
    for (int r = 0; r < settings.resamples; ++r) {
        std::fill(drawn.begin(), drawn.end(), 0);
        for (std::uint32_t i = 0; i < rows; ++i)
            ++drawn[cellOfRow[random.below(rows)]];
        use(drawn);
    }
}

Interval intervalOf(std::vector<double>& replicates, double level) {
    std::sort(replicates.begin(), replicates.end());
    return percentileInterval(replicates, level);
}

/// Twice the share of draws at zero or on its rarer side.
double otherSide(std::span<const double> replicates) {
    const auto below = std::count_if(replicates.begin(), replicates.end(), [](double d) { return d <= 0; });
    const auto above = std::count_if(replicates.begin(), replicates.end(), [](double d) { return d >= 0; });
    return std::min(1.0, 2 * static_cast<double>(1 + std::min(below, above)) /
                             static_cast<double>(1 + replicates.size()));
}

std::size_t firstOf(const Cell& cell) {
    return cell.first;
}

std::size_t secondOf(const Cell& cell) {
    return cell.second;
}

} // namespace

TestSetIntervals testSetIntervals(std::span<const std::int64_t> confusion, const TestSetSettings& settings) {
    std::size_t classes = 0;
    while ((classes + 1) * (classes + 1) <= confusion.size())
        ++classes;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < classes * classes; ++i)
        if (confusion[i] > 0)
            cells.push_back({i / classes, i % classes, 0, confusion[i]});
    std::vector<double> accuracy;
    std::vector<double> macroF1;
    Scorer scorer(classes);
    resample(cells, settings, [&](std::span<const std::int64_t> drawn) {
        const Figures figures = scorer.score(cells, drawn, firstOf);
        accuracy.push_back(figures.accuracy);
        macroF1.push_back(figures.macroF1);
    });
    return {intervalOf(accuracy, settings.level), intervalOf(macroF1, settings.level)};
}

TestSetDifferences testSetDifferences(std::span<const std::int32_t> gold, std::span<const std::int32_t> first,
                                      std::span<const std::int32_t> second, int classCount,
                                      const TestSetSettings& settings) {
    const auto classes = static_cast<std::size_t>(classCount);
    std::map<std::size_t, Cell> byKind; // in an order of its own, so that the same rows give the same numbers
    for (std::size_t i = 0; i < gold.size(); ++i) {
        const auto g = static_cast<std::size_t>(gold[i]);
        const auto a = static_cast<std::size_t>(first[i]);
        const auto b = static_cast<std::size_t>(second[i]);
        Cell& cell = byKind[(g * classes + a) * classes + b];
        cell = {g, a, b, cell.rows + 1};
    }
    std::vector<Cell> cells;
    for (const auto& [kind, cell] : byKind)
        cells.push_back(cell);
    std::vector<double> accuracy;
    std::vector<double> macroF1;
    Scorer scorer(classes);
    resample(cells, settings, [&](std::span<const std::int64_t> drawn) {
        const Figures one = scorer.score(cells, drawn, firstOf);
        const Figures other = scorer.score(cells, drawn, secondOf);
        accuracy.push_back(one.accuracy - other.accuracy);
        macroF1.push_back(one.macroF1 - other.macroF1);
    });
    return {intervalOf(accuracy, settings.level), intervalOf(macroF1, settings.level), otherSide(accuracy),
            otherSide(macroF1)};
}

} // namespace stillroom
