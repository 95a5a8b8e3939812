#include "core/student/batch_loss.h"

#include "core/student/loss.h"

#include <ATen/ops/empty.h>
#include <cassert>
#include <vector>

namespace stillroom {

BatchLoss batchLoss(const LossSettings& loss, const at::Tensor& logits, const Targets& targets,
                    std::span<const std::uint32_t> positions, double share) {
    const at::Tensor here = logits.detach().cpu().contiguous();
    assert(here.size(0) == static_cast<std::int64_t>(positions.size()));
    const auto classes = static_cast<std::size_t>(here.size(1));
    BatchLoss result{0, at::empty({here.size(0), here.size(1)}, at::kFloat)};
    const auto* z = here.data_ptr<float>();
    auto* g = result.gradient.data_ptr<float>();
    std::vector<float> p(classes);
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const std::size_t position = positions[i];
        const std::span row(z + i * classes, classes);
        const std::span gradient(g + i * classes, classes);
        const auto q =
            targets.teacher.empty() ? targets.teacher : targets.teacher.subspan(position * classes, classes);
        const float weight = targets.weights[position];
        p.assign(row.begin(), row.end());
        softmax(p);
        result.sum += static_cast<double>(weight) *
                      lossAndGradient(loss, row, p, targets.labels[position], q, gradient);
        const float scale = weight * static_cast<float>(share);
        for (float& value : gradient)
            value *= scale;
    }
    result.gradient = result.gradient.to(logits.device());
    return result;
}

} // namespace stillroom
