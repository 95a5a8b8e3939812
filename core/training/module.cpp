// The engine module's one exported door; core/engine/engine.h says who comes through it.
#include "core/student/devices.h"
#include "core/student/ngram_student.h"
#include "core/training/training_session.h"

namespace stillroom {

namespace {

class TorchEngine : public Engine {
  public:
    [[nodiscard]] EngineInfo info() const override { return describeEngine(); }
    Result<std::unique_ptr<Session>> start(SessionSpec spec, EventSink sink) override {
        return startTrainingSession(std::move(spec), std::move(sink));
    }
    Result<std::unique_ptr<Student>> openStudent(const std::string& path) override {
        return openNgramStudent(path);
    }
};

} // namespace

} // namespace stillroom

extern "C" stillroom::Engine* stillroom_engine() {
    static stillroom::TorchEngine engine;
    return &engine;
}
