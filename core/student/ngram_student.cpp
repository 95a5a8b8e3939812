#include "core/student/ngram_student.h"

#include "core/base/dot_product.h"
#include "core/base/number.h"
#include "core/engine/opened_student.h"
#include "core/student/bucket_map.h"
#include "core/student/loss.h"
#include "core/student/ngram_kernels.h"
#include "core/student/ngram_parameters.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// Row of the embedding of each bucket: a table while that is no larger than a processor's cache, for one
/// look is then enough; else a map.
class RowTable {
  public:
    RowTable(const std::vector<std::uint32_t>& buckets, std::int64_t bucketCount) : map_(buckets) {
        if (bucketCount > LargestTable)
            return;
        table_.assign(static_cast<std::size_t>(bucketCount), BucketMap::None);
        for (std::size_t row = 0; row < buckets.size(); ++row)
            table_[buckets[row]] = static_cast<std::uint32_t>(row);
        const bool unique = map_.unique();
        map_ = BucketMap();
        unique_ = unique;
    }
    [[nodiscard]] bool unique() const { return unique_ && map_.unique(); }

    /// The rows of those buckets that have one, in their order.
    void rowsOf(std::span<const std::uint32_t> buckets, std::vector<std::uint32_t>& rows) const {
        rows.resize(buckets.size());
        std::size_t count = 0;
        for (const auto bucket : buckets) { // without a jump: whether a bucket is known cannot be foretold
            const std::uint32_t row = table_.empty() ? map_.row(bucket) : table_[bucket];
            rows[count] = row;
            count += row != BucketMap::None ? 1 : 0;
        }
        rows.resize(count);
    }

  private:
    static constexpr std::int64_t LargestTable = 1 << 22; // 16 MiB

    std::vector<std::uint32_t> table_;
    BucketMap map_;
    bool unique_ = true;
};

class NgramStudent : public OpenedStudent {
  public:
    explicit NgramStudent(NgramFile file)
        : file_(std::move(file)), rows_(file_.buckets, file_.recipe.buckets) {}

    [[nodiscard]] bool valid() const { return rows_.unique(); }
    [[nodiscard]] const std::vector<std::string>& classes() const override { return file_.classes; }

    [[nodiscard]] std::string describe() const override {
        return fmt::format(
            "n-gram student, {} dimensions, {} n-grams, {} classes", file_.parameters.head.size(1),
            groupThousands(static_cast<long long>(file_.buckets.size())), file_.classes.size());
    }
    [[nodiscard]] bool shared() const override { return true; }
    void useThreads(int /*threads*/) override {} // who calls brings the thread
    [[nodiscard]] std::int64_t dimensions() const override { return file_.parameters.head.size(1); }

    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        const std::size_t classes = file_.classes.size();
        const auto width = static_cast<std::size_t>(dimensions());
        const auto* head = file_.parameters.head.data_ptr<float>();
        const auto* bias = file_.parameters.bias.data_ptr<float>();
        Scratch scratch(file_.recipe);
        std::vector<float> hidden(width);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            hiddenOf(texts[i], scratch, hidden.data());
            const auto p = out.subspan(i * classes, classes);
            for (std::size_t k = 0; k < classes; ++k)
                p[k] = bias[k] + dotProduct(head + k * width, hidden.data(), width);
            softmax(p);
        }
        return {};
    }

    Result<void> embed(std::span<const std::string_view> texts, std::span<float> out) const override {
        const auto width = static_cast<std::size_t>(dimensions());
        Scratch scratch(file_.recipe);
        for (std::size_t i = 0; i < texts.size(); ++i)
            hiddenOf(texts[i], scratch, out.data() + i * width);
        return {};
    }

  private:
    struct Scratch {
        explicit Scratch(const NgramRecipe& recipe) : reader(recipe) {}
        NgramReader reader;
        std::vector<std::uint32_t> buckets, rows;
    };

    void hiddenOf(std::string_view text, Scratch& scratch, float* hidden) const {
        scratch.buckets.clear();
        scratch.reader.read(text, scratch.buckets);
        rows_.rowsOf(scratch.buckets, scratch.rows);
        const std::int64_t width = dimensions();
        ngramKernels().gather(file_.parameters.embedding.data_ptr<float>(), {width, 0, width}, scratch.rows,
                              ngramScale(scratch.buckets.size()), hidden);
    }

    NgramFile file_;
    RowTable rows_;
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
