#include "core/teacher/teacher_outputs.h"

#include <algorithm>
#include <cassert>

namespace stillroom {

namespace {

void fillIn(int label, float confidence, std::span<float> q) {
    const std::size_t others = q.size() - 1;
    // In double: 1 − c loses digits in float when c is close to 1.
    const double share =
        others == 0 ? 0 : (1 - static_cast<double>(confidence)) / static_cast<double>(others);
    std::fill(q.begin(), q.end(), static_cast<float>(share));
    q[static_cast<std::size_t>(label)] = confidence;
}

} // namespace

TeacherOutputs::TeacherOutputs(std::size_t rows, int classCount)
    : classCount_(classCount), labels_(rows, NoLabel), confidences_(rows, 0.0F),
      origins_(rows, TeacherOrigin::None) {}

std::span<float> TeacherOutputs::vectorOf(std::size_t row) {
    const auto classes = static_cast<std::size_t>(classCount_);
    return std::span(vectors_).subspan(row * classes, classes);
}

void TeacherOutputs::distribution(std::size_t row, std::span<float> q) const {
    assert(has(row) && q.size() == static_cast<std::size_t>(classCount_));
    if (hasVectors()) {
        const float* from = vectors_.data() + row * q.size();
        std::copy(from, from + q.size(), q.begin());
    } else {
        fillIn(labels_[row], confidences_[row], q);
    }
}

void TeacherOutputs::set(std::size_t row, int label, float confidence, TeacherOrigin origin) {
    assert(label >= 0 && label < classCount_ && confidence >= 0 && confidence <= 1);
    labels_[row] = label;
    confidences_[row] = confidence;
    origins_[row] = origin;
    if (hasVectors())
        fillIn(label, confidence, vectorOf(row));
}

void TeacherOutputs::set(std::size_t row, std::span<const float> q, TeacherOrigin origin) {
    assert(q.size() == static_cast<std::size_t>(classCount_));
    if (!hasVectors()) {
        vectors_.resize(size() * q.size());
        for (std::size_t earlier = 0; earlier < size(); ++earlier)
            if (has(earlier))
                fillIn(labels_[earlier], confidences_[earlier], vectorOf(earlier));
    }
    std::copy(q.begin(), q.end(), vectorOf(row).begin());
    const auto largest = std::max_element(q.begin(), q.end());
    labels_[row] = static_cast<std::int32_t>(largest - q.begin());
    confidences_[row] = *largest;
    origins_[row] = origin;
}

} // namespace stillroom
