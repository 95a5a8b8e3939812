#include "core/student/encoder_student.h"

#include "core/base/number.h"
#include "core/engine/opened_student.h"
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

class EncoderStudent : public OpenedStudent {
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

    [[nodiscard]] bool shared() const override { return false; }
    void useThreads(int threads) override { threads_ = threads; }
    [[nodiscard]] std::int64_t dimensions() const override { return file_.head.out.weight.size(1); }

    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        return compute(texts, out, [this](const at::Tensor& pooled) {
            return at::softmax(file_.head.forward(pooled), 1);
        });
    }

    Result<void> embed(std::span<const std::string_view> texts, std::span<float> out) const override {
        return compute(texts, out,
                       [this](const at::Tensor& pooled) { return file_.head.beforeLast(pooled); });
    }

  private:
    /// LibTorch throws; who asks a student gets sentences.
    template <class Of>
    Result<void> compute(std::span<const std::string_view> texts, std::span<float> out, Of of) const {
        try {
            return computeRows(texts, out, of);
        } catch (const std::exception& error) {
            const std::string_view what = error.what();
            return fail(fmt::format("the encoder failed: {}", what.substr(0, what.find('\n'))),
                        ErrorKind::Training);
        }
    }

    /// A row of `out` is what `of` makes of a text's pooled vector.
    template <class Of>
    Result<void> computeRows(std::span<const std::string_view> texts, std::span<float> out,
                             const Of& of) const {
        constexpr std::size_t Together = 32;
        if (threads_ > 0)
            at::set_num_threads(threads_); // of this thread
        auto tokens = tokenizer_.encodeAll(texts, {file_.length, at::get_num_threads()});
        if (!tokens)
            return fail(std::move(tokens.error()));
        std::vector<std::uint32_t> rows(texts.size());
        std::iota(rows.begin(), rows.end(), 0U);
        const c10::InferenceMode inference;
        for (const auto& batch : microBatches(*tokens, rows, Together)) {
            const auto in = encoderInput(*tokens, batch, tokenizer_.padId().value_or(0), at::kCPU);
            const at::Tensor made = of(encoder_.encode(in.ids, in.mask, file_.pooling)).contiguous();
            const auto width = static_cast<std::size_t>(made.size(1));
            const auto* from = made.template data_ptr<float>();
            for (std::size_t i = 0; i < batch.size(); ++i)
                std::memcpy(out.data() + batch[i] * width, from + i * width, width * sizeof(float));
        }
        return {};
    }

    EncoderFile file_;
    Encoder encoder_;
    Tokenizer tokenizer_;
    int threads_ = 0;
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
