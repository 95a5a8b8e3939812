#include "core/output/measure_student.h"

#include "core/teacher/calibration.h"
#include "core/teacher/teacher_outputs.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::size_t Together = 128; ///< texts between two looks at whether it was cancelled

/// Of each class of the student the data's number.
Result<std::vector<std::size_t>> matchClasses(const Student& student, const Dataset& data) {
    std::vector<std::size_t> matched;
    for (const auto& name : student.classes()) {
        const auto found = std::find(data.classes().begin(), data.classes().end(), name);
        if (found == data.classes().end())
            return fail(fmt::format("the student knows a class '{}' that the data do not have", name));
        matched.push_back(static_cast<std::size_t>(found - data.classes().begin()));
    }
    return matched;
}

} // namespace

std::optional<Split> splitToMeasure(const Dataset& data) {
    for (const auto split : {Split::Test, Split::Validation})
        if (data.hasGold(split))
            return split;
    return {};
}

std::vector<std::uint32_t> rowsToMeasure(const Dataset& data, Split split, std::size_t most) {
    std::vector<std::uint32_t> rows;
    for (const auto row : data.rows(split))
        if (data.gold(row) != Dataset::NoLabel)
            rows.push_back(row);
    if (most == 0 || rows.size() <= most)
        return rows;
    std::vector<std::uint32_t> some;
    some.reserve(most);
    for (std::size_t i = 0; i < most; ++i)
        some.push_back(rows[i * rows.size() / most]);
    return some;
}

Result<StudentMeasure> measureStudent(const Student& student, const Dataset& data, Split split,
                                      std::span<const std::uint32_t> rows, Progress& progress) {
    const auto matched = matchClasses(student, data);
    if (!matched)
        return fail(matched.error());
    const std::size_t known = matched->size();
    // What calibration is measured by is the same for whoever labels.
    TeacherOutputs said(data.size(), data.classCount());
    std::vector<std::string_view> texts;
    std::vector<float> probabilities, q(static_cast<std::size_t>(data.classCount()));
    for (std::size_t begin = 0; begin < rows.size(); begin += Together) {
        const auto some = rows.subspan(begin, std::min(Together, rows.size() - begin));
        texts.clear();
        for (const auto row : some)
            texts.push_back(data.text(row));
        probabilities.assign(some.size() * known, 0.0F);
        if (auto predicted = student.predict(texts, probabilities); !predicted)
            return fail(std::move(predicted.error()));
        for (std::size_t i = 0; i < some.size(); ++i) {
            std::fill(q.begin(), q.end(), 0.0F);
            for (std::size_t k = 0; k < known; ++k)
                q[(*matched)[k]] = probabilities[i * known + k];
            said.set(some[i], q, TeacherOrigin::Probabilities);
        }
        progress.advance(static_cast<std::int64_t>(some.size()));
        if (progress.cancelled())
            return fail("the export was cancelled; nothing was written", ErrorKind::Cancelled);
    }
    const TeacherQuality quality = measureTeacher(data, said, rows);
    const auto all = static_cast<std::int64_t>(rowsToMeasure(data, split, 0).size());
    return StudentMeasure{split, quality.rows, all, quality.accuracy, quality.macroF1, quality.eceEqualWidth};
}

} // namespace stillroom
