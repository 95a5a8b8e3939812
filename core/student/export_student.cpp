#include "core/student/export_student.h"

#include "core/files/atomic_file.h"
#include "core/student/exported_student.h"
#include "core/student/hugging_face_export.h"
#include "core/student/onnx_export.h"
#include "core/student/open_student.h"
#include "core/student/small_weights.h"
#include "core/student/student_file.h"
#include "core/student/torchscript_export.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

// Thousandths of the work when each part of it is done.
constexpr std::int64_t Read = 100, Written = 400, Reread = 500, All = 1000;

class Stages {
  public:
    explicit Stages(Progress* progress) : progress_(progress) {}
    /// Errors: cancelled.
    Result<void> reach(std::int64_t stage) {
        if (progress_ == nullptr)
            return {};
        progress_->advance(stage - at_);
        at_ = stage;
        if (progress_->cancelled())
            return fail("the export was cancelled; nothing was written", ErrorKind::Cancelled);
        return {};
    }

  private:
    Progress* progress_;
    std::int64_t at_ = 0;
};

Result<void> writeModel(const StudentExport& request, const Safetensors& stored, const ExportParts& parts,
                        const ExportFacts& facts) {
    const std::string path = request.folder + '/' + modelFile(request.format);
    switch (request.format) {
    case ExportFormat::TorchScript:
        return writeTorchScript(path, parts, facts);
    case ExportFormat::Onnx:
        return writeOnnx(path, parts, facts);
    case ExportFormat::HuggingFace:
        return writeHuggingFace(request.folder, parts, facts);
    case ExportFormat::Safetensors:
        break;
    }
    return writeSmallStudent(path, stored, request.weights);
}

/// Everything but what is made later; the model's own files replace a tokenizer's of the same name.
Result<void> writeFiles(const StudentExport& request, const Safetensors& stored, const ExportParts& parts) {
    const ExportFacts facts = factsOf(parts, request.format, request.weights);
    if (request.format != ExportFormat::Safetensors) // which holds them
        for (const auto& [name, bytes] : parts.tokenizer())
            if (auto written =
                    writeFileAtomically(QString::fromStdString(request.folder + '/' + name), bytes);
                !written)
                return written;
    if (auto written = writeModel(request, stored, parts, facts); !written)
        return written;
    return writeFileAtomically(QString::fromStdString(request.folder + '/' + ExportFactsFile),
                               QJsonDocument(facts.toJson()).toJson().toStdString());
}

/// Text by text what both say; stops at the first probability that is further off than allowed.
Result<void> compare(const Student& student, const Student& exported, const StudentExport& request,
                     StudentExported& done, Stages& stages) {
    constexpr std::size_t Together = 32;
    const std::size_t classes = student.classes().size();
    if (exported.classes() != student.classes())
        return fail("the export was read back and has other classes than the student; nothing was written",
                    ErrorKind::Training);
    const std::vector<std::string_view> texts(request.texts.begin(), request.texts.end());
    std::vector<float> expected(classes * texts.size()), got(classes * texts.size());
    for (std::size_t begin = 0; begin < texts.size(); begin += Together) {
        const auto some = std::span(texts).subspan(begin, std::min(Together, texts.size() - begin));
        const auto place = [&](std::vector<float>& all) {
            return std::span(all).subspan(begin * classes, some.size() * classes);
        };
        if (auto predicted = student.predict(some, place(expected)); !predicted)
            return predicted;
        if (auto predicted = exported.predict(some, place(got)); !predicted)
            return predicted;
        const auto share = static_cast<double>(begin + some.size()) / static_cast<double>(texts.size());
        if (auto on = stages.reach(Reread + static_cast<std::int64_t>(share * (All - Reread))); !on)
            return on;
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto p = std::span(expected).subspan(i * classes, classes);
        const auto q = std::span(got).subspan(i * classes, classes);
        for (std::size_t k = 0; k < classes; ++k) {
            const double difference = std::abs(static_cast<double>(p[k]) - static_cast<double>(q[k]));
            if (!(difference <= allowedDifference(request.weights))) // not a number, too
                return fail(
                    fmt::format("the export was read back and gives text {} of {} a probability of {:.6f} "
                                "where the student gives {:.6f}; nothing was written{}",
                                i + 1, texts.size(), q[k], p[k],
                                request.weights == ExportWeights::Full ? "" : ": take larger weights"),
                    ErrorKind::Training);
            done.largestDifference = std::max(done.largestDifference, difference);
        }
        const auto best = [](std::span<const float> of) {
            return std::max_element(of.begin(), of.end()) - of.begin();
        };
        ++done.compared;
        done.sameLabels += best(p) == best(q) ? 1 : 0;
    }
    return {};
}

void listFiles(const StudentExport& request, const ExportParts& parts, StudentExported& done) {
    std::vector<std::string> names{modelFile(request.format)};
    if (request.format == ExportFormat::HuggingFace)
        names.insert(names.end(), {"config.json", "tokenizer_config.json"});
    if (request.format != ExportFormat::Safetensors)
        for (const auto& [name, bytes] : parts.tokenizer())
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
    names.emplace_back(ExportFactsFile);
    for (auto& name : names) {
        const auto bytes = QFileInfo(QString::fromStdString(request.folder + '/' + name)).size();
        done.files.push_back({std::move(name), bytes});
    }
}

Result<StudentExported> exportGuarded(const StudentExport& request, Progress* progress) {
    Stages stages(progress);
    const auto stored = readStudentFile(request.student);
    if (!stored)
        return fail(stored.error());
    const auto student = openStudentFile(request.student);
    if (!student)
        return fail(student.error());
    const auto parts = ExportParts::of(*stored, request.student);
    if (!parts)
        return fail(parts.error());
    if (auto on = stages.reach(Read); !on)
        return fail(std::move(on.error()));
    if (auto written = writeFiles(request, *stored, *parts); !written)
        return fail(std::move(written.error()));
    if (request.written)
        request.written(request.folder);
    if (auto on = stages.reach(Written); !on)
        return fail(std::move(on.error()));

    StudentExported done;
    done.kind = parts->ngram() != nullptr ? "ngram" : "encoder";
    done.description = (*student)->describe();
    done.classes = (*student)->classes();
    const auto exported = openExportedStudent(request.folder);
    if (!exported)
        return fail(exported.error());
    if (auto on = stages.reach(Reread); !on)
        return fail(std::move(on.error()));
    if (auto same = compare(**student, **exported, request, done, stages); !same)
        return fail(std::move(same.error()));
    listFiles(request, *parts, done);
    if (request.format == ExportFormat::HuggingFace)
        done.code = huggingFaceCode(*parts);
    done.studentBytes = QFileInfo(QString::fromStdString(request.student)).size();
    if (const auto* ngram = parts->ngram())
        done.unprunedBytes =
            ngram->recipe.buckets * ngram->parameters.head.size(1) * static_cast<std::int64_t>(sizeof(float));
    return done;
}

} // namespace

Result<StudentExported> exportStudentFile(const StudentExport& request, Progress* progress) {
    try {
        return exportGuarded(request, progress);
    } catch (const std::bad_alloc&) {
        return fail("there is not enough memory to export the student; close other programs",
                    ErrorKind::Training);
    } catch (const std::exception& error) {
        const std::string_view what = error.what();
        return fail(fmt::format("the export failed: {}", what.substr(0, what.find('\n'))),
                    ErrorKind::Training);
    }
}

} // namespace stillroom
