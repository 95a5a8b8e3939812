#include "core/teacher/compare_teachers.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>
#include <unordered_map>

namespace stillroom {

namespace {

/// Class numbers of `others` → of `dataset`; −1 for a name that is none.
std::vector<int> translation(const Dataset& dataset, const Dataset& others) {
    std::unordered_map<std::string_view, int> numbers;
    for (int k = 0; k < dataset.classCount(); ++k)
        numbers.emplace(dataset.classes()[static_cast<std::size_t>(k)], k);
    std::vector<int> translated;
    for (const auto& name : others.classes()) {
        const auto found = numbers.find(name);
        translated.push_back(found == numbers.end() ? -1 : found->second);
    }
    return translated;
}

/// For each row of `dataset` the row of `others` with its text, or NoRow.
class TextJoin {
  public:
    static constexpr std::uint32_t NoRow = 0xffffffff;

    explicit TextJoin(const Dataset& others) : next_(others.size(), NoRow) {
        first_.reserve(others.size());
        // From the last, so that each list of rows with one text begins with the first of them.
        for (std::size_t row = others.size(); row-- > 0;) {
            const auto [entry, isNew] = first_.try_emplace(others.text(row), static_cast<std::uint32_t>(row));
            if (!isNew) {
                next_[row] = entry->second;
                entry->second = static_cast<std::uint32_t>(row);
            }
        }
    }
    /// The next row with this text that nobody took yet.
    std::uint32_t take(std::string_view text) {
        const auto found = first_.find(text);
        if (found == first_.end() || found->second == NoRow)
            return NoRow;
        const std::uint32_t row = found->second;
        found->second = next_[row];
        return row;
    }

  private:
    std::unordered_map<std::string_view, std::uint32_t> first_;
    std::vector<std::uint32_t> next_;
};

} // namespace

double signTest(std::int64_t onlyFirst, std::int64_t onlySecond) {
    const std::int64_t fewer = std::min(onlyFirst, onlySecond);
    const auto n = static_cast<double>(onlyFirst + onlySecond);
    if (onlyFirst == onlySecond)
        return 1;
    // log C(n, fewer) − n·log 2 by its factors: lgamma is not safe in threads.
    double log = -n * std::log(2.0);
    for (std::int64_t i = 1; i <= fewer; ++i) {
        const auto x = static_cast<double>(i);
        log += std::log((n - static_cast<double>(fewer) + x) / x);
    }
    // The terms below it shrink: the sum in units of the largest.
    double sum = 0, term = 1;
    for (std::int64_t k = fewer; k >= 0 && term > 1e-18 * sum; --k) {
        sum += term;
        term *= static_cast<double>(k) / (n - static_cast<double>(k) + 1);
    }
    return std::min(1.0, 2 * std::exp(log) * sum);
}

TeacherComparison compareTeachers(const Dataset& dataset, const TeacherOutputs& first,
                                  const TeacherOutputs& second, std::span<const std::uint32_t> rows) {
    TeacherComparison comparison;
    comparison.byClass.resize(static_cast<std::size_t>(dataset.classCount()));
    std::vector<std::uint32_t> withGold;
    for (const auto row : rows) {
        if (!first.has(row) || !second.has(row))
            continue;
        const int a = first.label(row), b = second.label(row), gold = dataset.gold(row);
        ++comparison.rows;
        comparison.agreed += a == b ? 1 : 0;
        if (gold == Dataset::NoLabel)
            continue;
        withGold.push_back(row);
        auto& counts = comparison.byClass[static_cast<std::size_t>(gold)];
        ++(a == gold ? (b == gold ? counts.bothRight : counts.onlyFirst)
                     : (b == gold ? counts.onlySecond : counts.bothWrong));
    }
    for (const auto& counts : comparison.byClass) {
        comparison.all.bothRight += counts.bothRight;
        comparison.all.onlyFirst += counts.onlyFirst;
        comparison.all.onlySecond += counts.onlySecond;
        comparison.all.bothWrong += counts.bothWrong;
    }
    comparison.p = signTest(comparison.all.onlyFirst, comparison.all.onlySecond);
    comparison.first = measureTeacher(dataset, first, withGold);
    comparison.second = measureTeacher(dataset, second, withGold);
    return comparison;
}

Result<TeacherOutputs> joinTeacher(const Dataset& dataset, const Dataset& others,
                                   const TeacherOutputs& teacher) {
    const auto classes = translation(dataset, others);
    const bool sameClasses = dataset.classes() == others.classes();
    TextJoin texts(others);
    TeacherOutputs joined(dataset.size(), dataset.classCount());
    std::vector<float> said(others.classes().size()), q(dataset.classes().size());
    bool any = false;
    for (std::size_t row = 0; row < dataset.size(); ++row) {
        const std::uint32_t from = texts.take(dataset.text(row));
        if (from == TextJoin::NoRow || !teacher.has(from))
            continue;
        const auto label = static_cast<std::size_t>(teacher.label(from));
        if (classes[label] < 0)
            return fail(fmt::format("the other teacher says '{}', which is no class of these data; compare "
                                    "teachers of the same classes",
                                    others.classes()[label]));
        any = true;
        if (!teacher.hasVectors()) {
            joined.set(row, classes[label], teacher.confidence(from), teacher.origin(from));
            continue;
        }
        teacher.distribution(from, said);
        if (!sameClasses) {
            std::fill(q.begin(), q.end(), 0.0F);
            for (std::size_t k = 0; k < said.size(); ++k)
                if (classes[k] >= 0)
                    q[static_cast<std::size_t>(classes[k])] = said[k];
        }
        joined.set(row, sameClasses ? said : q, teacher.origin(from));
    }
    if (!any)
        return fail("the other teacher has answered none of these texts; choose an experiment over the same "
                    "texts");
    return joined;
}

} // namespace stillroom
