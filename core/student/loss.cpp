#include "core/student/loss.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace stillroom {

void softmax(std::span<float> z) {
    const float largest = *std::max_element(z.begin(), z.end());
    float sum = 0;
    for (float& x : z)
        sum += x = std::exp(x - largest);
    const float scale = 1 / sum;
    for (float& x : z)
        x *= scale;
}

namespace {

double hardLoss(std::span<const float> z, std::span<const float> p, std::size_t label, double share,
                std::span<float> gradient) {
    // log-sum-exp from the logits, not log p: p of a confident mistake rounds to 0.
    const double largest = *std::max_element(z.begin(), z.end());
    double sum = 0;
    for (const float x : z)
        sum += std::exp(static_cast<double>(x) - largest);
    const double loss = std::log(sum) + largest - static_cast<double>(z[label]);
    for (std::size_t k = 0; k < z.size(); ++k)
        gradient[k] += static_cast<float>(share) * (p[k] - (k == label ? 1.0F : 0.0F));
    return share * loss;
}

double softLoss(double temperature, std::span<const float> z, std::span<const float> q, double share,
                std::span<float> gradient) {
    const std::size_t classes = z.size();
    thread_local std::vector<double> student;
    thread_local std::vector<double> teacher;
    student.resize(classes);
    teacher.resize(classes);
    const double largest = *std::max_element(z.begin(), z.end());
    double studentSum = 0;
    double teacherSum = 0;
    for (std::size_t k = 0; k < classes; ++k) {
        studentSum += student[k] = std::exp((static_cast<double>(z[k]) - largest) / temperature);
        teacherSum += teacher[k] = std::pow(static_cast<double>(q[k]), 1 / temperature);
    }
    double divergence = 0;
    for (std::size_t k = 0; k < classes; ++k) {
        const double qk = teacher[k] / teacherSum;
        const double logStudent = (static_cast<double>(z[k]) - largest) / temperature - std::log(studentSum);
        if (qk > 0)
            divergence += qk * (std::log(qk) - logStudent);
        gradient[k] += static_cast<float>(share * temperature * (student[k] / studentSum - qk));
    }
    return share * temperature * temperature * divergence;
}

} // namespace

double lossAndGradient(const LossSettings& loss, std::span<const float> z, std::span<const float> p,
                       int label, std::span<const float> q, std::span<float> gradient) {
    std::fill(gradient.begin(), gradient.end(), 0.0F);
    const auto y = static_cast<std::size_t>(label);
    switch (loss.target) {
    case LossTarget::Hard:
        return hardLoss(z, p, y, 1, gradient);
    case LossTarget::Soft:
        return softLoss(loss.temperature, z, q, 1, gradient);
    case LossTarget::Mix:
        break;
    }
    return hardLoss(z, p, y, 1 - loss.mix, gradient) + softLoss(loss.temperature, z, q, loss.mix, gradient);
}

} // namespace stillroom
