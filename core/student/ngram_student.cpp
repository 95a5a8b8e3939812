#include "core/student/ngram_student.h"

#include "core/base/number.h"
#include "core/student/bucket_map.h"
#include "core/student/loss.h"
#include "core/student/ngram_kernels.h"
#include "core/student/ngram_parameters.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

class NgramStudent : public Student {
  public:
    explicit NgramStudent(NgramFile file) : file_(std::move(file)), rows_(file_.buckets) {}

    [[nodiscard]] bool valid() const { return rows_.unique(); }
    [[nodiscard]] const std::vector<std::string>& classes() const override { return file_.classes; }

    [[nodiscard]] std::string describe() const override {
        return fmt::format(
            "n-gram student, {} dimensions, {} n-grams, {} classes", file_.parameters.head.size(1),
            groupThousands(static_cast<long long>(file_.buckets.size())), file_.classes.size());
    }

    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        const std::size_t classes = file_.classes.size();
        const std::int64_t dimensions = file_.parameters.head.size(1);
        const auto width = static_cast<std::size_t>(dimensions);
        const auto* embedding = file_.parameters.embedding.data_ptr<float>();
        const auto* head = file_.parameters.head.data_ptr<float>();
        const auto* bias = file_.parameters.bias.data_ptr<float>();
        NgramReader reader(file_.recipe);
        std::vector<std::uint32_t> buckets;
        std::vector<std::uint32_t> known;
        std::vector<float> hidden(width);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            buckets.clear();
            known.clear();
            reader.read(texts[i], buckets);
            for (const auto bucket : buckets)
                if (const auto row = rows_.row(bucket); row != BucketMap::None)
                    known.push_back(row);
            const float scale = ngramScale(buckets.size());
            ngramKernels().gather(embedding, {dimensions, 0, dimensions}, known, scale, hidden.data());
            const auto p = out.subspan(i * classes, classes);
            for (std::size_t k = 0; k < classes; ++k) {
                float z = bias[k];
                for (std::size_t d = 0; d < width; ++d)
                    z += head[k * width + d] * hidden[d];
                p[k] = z;
            }
            softmax(p);
        }
        return {};
    }

  private:
    NgramFile file_;
    BucketMap rows_;
};

} // namespace

Result<std::unique_ptr<Student>> openNgramStudent(const Safetensors& stored, const std::string& path) {
    auto file = parseNgramFile(stored, path);
    if (!file)
        return fail(file.error());
    auto student = std::make_unique<NgramStudent>(std::move(*file));
    if (!student->valid())
        return fail(fmt::format(
            "{} is not a usable student: an n-gram bucket occurs twice; take another copy", path));
    return student;
}

} // namespace stillroom
