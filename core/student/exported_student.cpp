#include "core/student/exported_student.h"

#include "core/files/read_text_file.h"
#include "core/student/encoder_batches.h"
#include "core/student/hugging_face_export.h"
#include "core/student/onnx_export.h"
#include "core/student/open_student.h"
#include "core/student/torchscript_export.h"
#include "core/text/tokenizer.h"

#include <ATen/Parallel.h>
#include <ATen/ops/full.h>
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

constexpr std::size_t Together = 32; ///< texts computed at once
/// And n-grams, those filled up with them: each becomes a float32 vector, and one long text fills up all
/// others.
constexpr std::size_t NgramsTogether = 1 << 17;
constexpr std::size_t LargestTokenizer = std::size_t{128} << 20;

/// int64, a row a text, filled up with −1.
at::Tensor filledUp(const std::vector<std::vector<std::uint32_t>>& texts, std::size_t length) {
    at::Tensor ids =
        at::full({static_cast<std::int64_t>(texts.size()), static_cast<std::int64_t>(length)}, -1, at::kLong);
    auto* to = ids.data_ptr<std::int64_t>();
    for (const auto& text : texts) {
        std::copy(text.begin(), text.end(), to);
        to += length;
    }
    return ids;
}

class ExportedStudent : public Student {
  public:
    ExportedStudent(ExportFacts facts, std::optional<Tokenizer> tokenizer, ExportedForward forward)
        : facts_(std::move(facts)), tokenizer_(std::move(tokenizer)), forward_(std::move(forward)) {}

    [[nodiscard]] const std::vector<std::string>& classes() const override { return facts_.classes; }
    [[nodiscard]] std::string describe() const override {
        return fmt::format("{} student, exported as {} with {} weights, {} classes",
                           facts_.recipe ? "n-gram" : "encoder", formatName(facts_.format),
                           weightsName(facts_.weights), facts_.classes.size());
    }
    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        try {
            return facts_.recipe ? predictNgrams(texts, out) : predictTokens(texts, out);
        } catch (const std::exception& error) {
            const std::string_view what = error.what();
            return fail(fmt::format("the exported model cannot be run: {}", what.substr(0, what.find('\n'))),
                        ErrorKind::Training);
        }
    }

  private:
    [[nodiscard]] Result<void> put(const at::Tensor& probabilities, std::span<const std::uint32_t> rows,
                                   std::span<float> out) const {
        const auto classes = static_cast<std::int64_t>(facts_.classes.size());
        const auto count = static_cast<std::int64_t>(rows.size());
        if (probabilities.dim() != 2 || probabilities.size(0) != count || probabilities.size(1) != classes)
            return fail("the exported model gives another number of probabilities than it has classes",
                        ErrorKind::Training);
        const at::Tensor p = probabilities.to(at::kFloat).contiguous();
        const auto* from = p.data_ptr<float>();
        for (std::size_t i = 0; i < rows.size(); ++i, from += classes)
            std::copy(from, from + classes,
                      out.begin() + static_cast<std::ptrdiff_t>(rows[i] * facts_.classes.size()));
        return {};
    }

    [[nodiscard]] Result<void> predictNgrams(std::span<const std::string_view> texts,
                                             std::span<float> out) const {
        NgramReader reader(*facts_.recipe);
        std::vector<std::vector<std::uint32_t>> ngrams; // of the texts that are computed next
        std::vector<std::uint32_t> rows;
        std::size_t longest = 1;
        for (std::size_t row = 0; row < texts.size(); ++row) {
            std::vector<std::uint32_t> read;
            reader.read(texts[row], read);
            const bool isFull = rows.size() == Together ||
                                (rows.size() + 1) * std::max(longest, read.size()) > NgramsTogether;
            if (isFull && !rows.empty()) {
                if (auto done = put(forward_(filledUp(ngrams, longest), {}), rows, out); !done)
                    return done;
                ngrams.clear();
                rows.clear();
                longest = 1;
            }
            longest = std::max(longest, read.size());
            ngrams.push_back(std::move(read));
            rows.push_back(static_cast<std::uint32_t>(row));
        }
        return rows.empty() ? Result<void>() : put(forward_(filledUp(ngrams, longest), {}), rows, out);
    }

    [[nodiscard]] Result<void> predictTokens(std::span<const std::string_view> texts,
                                             std::span<float> out) const {
        const auto tokens = tokenizer_->encodeAll(texts, {facts_.length, at::get_num_threads()});
        if (!tokens)
            return fail(tokens.error());
        std::vector<std::uint32_t> all(texts.size());
        std::iota(all.begin(), all.end(), 0U);
        for (const auto& batch : microBatches(*tokens, all, Together)) {
            const auto in = encoderInput(*tokens, batch, static_cast<std::int32_t>(facts_.padId), at::kCPU);
            const at::Tensor mask =
                in.mask.defined() ? in.mask.to(at::kLong) : at::full(in.ids.sizes(), 1, at::kLong);
            if (auto done = put(forward_(in.ids, mask), batch, out); !done)
                return done;
        }
        return {};
    }

    ExportFacts facts_;
    std::optional<Tokenizer> tokenizer_; ///< of an encoder
    ExportedForward forward_;
};

Result<ExportedForward> openModel(const std::string& folder, ExportFormat format) {
    const std::string path = folder + '/' + modelFile(format);
    try {
        switch (format) {
        case ExportFormat::TorchScript:
            return openTorchScript(path);
        case ExportFormat::Onnx:
            return openOnnx(path);
        case ExportFormat::HuggingFace:
            return openHuggingFace(folder);
        case ExportFormat::Safetensors: // opened as a student
            break;
        }
    } catch (const std::exception& error) {
        const std::string_view what = error.what();
        return damagedExport(path, std::string(what.substr(0, what.find('\n'))));
    }
    return damagedExport(path, "it is of no format that is known");
}

Result<Tokenizer> openTokenizer(const std::string& folder, const ExportFacts& facts) {
    std::map<std::string, std::string> files;
    for (const auto& name : facts.tokenizer) {
        auto bytes = readTextFile(folder + '/' + name, LargestTokenizer, "it is no tokenizer's");
        if (!bytes)
            return fail(std::move(bytes.error()));
        files.emplace(name, std::move(*bytes));
    }
    return Tokenizer::fromFiles(files, folder);
}

} // namespace

const char* modelFile(ExportFormat format) {
    switch (format) {
    case ExportFormat::TorchScript:
        return "model.pt";
    case ExportFormat::Onnx:
        return "model.onnx";
    case ExportFormat::HuggingFace:
        return "model.safetensors";
    case ExportFormat::Safetensors:
        break;
    }
    return "student.safetensors";
}

Result<std::unique_ptr<Student>> openExportedStudent(const std::string& folder) {
    auto facts = ExportFacts::read(folder);
    if (!facts)
        return fail(std::move(facts.error()));
    if (facts->format == ExportFormat::Safetensors)
        return openStudentFile(folder + '/' + modelFile(facts->format));
    std::optional<Tokenizer> tokenizer;
    if (!facts->recipe) {
        auto opened = openTokenizer(folder, *facts);
        if (!opened)
            return fail(std::move(opened.error()));
        tokenizer = std::move(*opened);
    }
    auto forward = openModel(folder, facts->format);
    if (!forward)
        return fail(std::move(forward.error()));
    return std::make_unique<ExportedStudent>(std::move(*facts), std::move(tokenizer), std::move(*forward));
}

} // namespace stillroom
