#include "core/student/encoder_student.h"

#include "core/base/number.h"
#include "core/student/encoder_batches.h"
#include "core/student/encoder_file.h"
#include "core/text/tokenizer.h"

#include <ATen/Parallel.h>
#include <ATen/ops/softmax.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

class EncoderStudent : public Student {
  public:
    EncoderStudent(OpenedEncoderFile opened, Tokenizer tokenizer)
        : file_(std::move(opened.file)), encoder_(std::move(opened.encoder)),
          tokenizer_(std::move(tokenizer)) {}

    [[nodiscard]] const std::vector<std::string>& classes() const override { return file_.classes; }

    [[nodiscard]] std::string describe() const override {
        const auto& c = encoder_.config();
        return fmt::format("encoder student, {} layers of width {}, {} weights, {} classes", c.layers,
                           c.width, groupThousands(c.parameterCount()), file_.classes.size());
    }

    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        constexpr std::size_t Together = 32;
        auto tokens = tokenizer_.encodeAll(texts, {file_.length, at::get_num_threads()});
        if (!tokens)
            return fail(std::move(tokens.error()));
        const std::size_t classes = file_.classes.size();
        std::vector<std::uint32_t> rows(texts.size());
        std::iota(rows.begin(), rows.end(), 0U);
        const c10::InferenceMode inference;
        for (const auto& batch : microBatches(*tokens, rows, Together)) {
            const auto in = encoderInput(*tokens, batch, tokenizer_.padId().value_or(0), at::kCPU);
            const at::Tensor p =
                at::softmax(file_.head.forward(encoder_.encode(in.ids, in.mask, file_.pooling)), 1)
                    .contiguous();
            const auto* from = p.data_ptr<float>();
            for (std::size_t i = 0; i < batch.size(); ++i)
                std::memcpy(out.data() + batch[i] * classes, from + i * classes, classes * sizeof(float));
        }
        return {};
    }

  private:
    EncoderFile file_;
    Encoder encoder_;
    Tokenizer tokenizer_;
};

} // namespace

Result<std::unique_ptr<Student>> openEncoderStudent(const Safetensors& stored, const std::string& path) {
    auto opened = parseEncoderFile(stored, path);
    if (!opened)
        return fail(std::move(opened.error()));
    auto tokenizer = Tokenizer::fromFiles(opened->file.tokenizer, path);
    if (!tokenizer)
        return fail(std::move(tokenizer.error()));
    if (tokenizer->vocabularySize() > opened->encoder.config().vocabulary)
        return fail(
            fmt::format("{} is not a usable student: its tokenizer has {} tokens, its encoder {}; take "
                        "another copy",
                        path, tokenizer->vocabularySize(), opened->encoder.config().vocabulary));
    return std::make_unique<EncoderStudent>(std::move(*opened), std::move(*tokenizer));
}

} // namespace stillroom
