// The engine module's one exported door; core/engine/engine.h says who comes through it.
#include "core/student/devices.h"
#include "core/student/export_student.h"
#include "core/student/exported_student.h"
#include "core/student/open_student.h"
#include "core/student/text_vectors.h"
#include "core/training/engine_failure.h"
#include "core/training/training_session.h"

namespace stillroom {

namespace {

/// LibTorch throws; an engine's callers get sentences.
Result<TextVectors> embedGuarded(const EmbedRequest& request, std::span<const std::string_view> texts,
                                 Progress* progress) {
    try {
        return textVectors(request, texts, progress);
    } catch (const std::exception& error) {
        return fail(engineFailure(error, "computing vectors", "student.length"), ErrorKind::Training);
    }
}

class TorchEngine : public Engine {
  public:
    [[nodiscard]] EngineInfo info() const override { return describeEngine(); }
    Result<std::unique_ptr<Session>> start(SessionSpec spec, EventSink sink) override {
        return startTrainingSession(std::move(spec), std::move(sink));
    }
    Result<TextVectors> embed(const EmbedRequest& request, std::span<const std::string_view> texts,
                              Progress* progress) override {
        return embedGuarded(request, texts, progress);
    }
    Result<std::unique_ptr<Student>> openStudent(const std::string& path) override {
        return openStudentFile(path);
    }
    Result<StudentExported> exportStudent(const StudentExport& request, Progress* progress) override {
        return exportStudentFile(request, progress);
    }
    Result<std::unique_ptr<Student>> openExport(const std::string& folder) override {
        return openExportedStudent(folder);
    }
};

} // namespace

} // namespace stillroom

extern "C" stillroom::Engine* stillroom_engine() {
    static stillroom::TorchEngine engine;
    return &engine;
}
