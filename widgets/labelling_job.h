// An LLM asked from the window: what asking would cost, the asking itself, and what came of it. Texts are
// read by a worker where they are not there yet; answers are stored by the Labelling's own thread, so that
// nothing is lost when the window closes.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/teacher/labelling.h"
#include "widgets/background.h"
#include "widgets/run_state.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace stillroom {

class RunController;

/// GUI thread.
class LabellingJob : public QObject {
    Q_OBJECT
  public:
    explicit LabellingJob(RunController* controller, QObject* parent = nullptr);
    ~LabellingJob() override; ///< ends an asking; what was answered is stored

    enum class Doing { Nothing, Reading, Estimating, Asking, Ending };
    [[nodiscard]] Doing doing() const { return doing_; }
    [[nodiscard]] const LabellingState& state() const { return state_; } ///< of the present or last asking
    [[nodiscard]] const std::optional<LabellingEstimate>& estimated() const { return estimate_; }
    [[nodiscard]] const std::optional<LabellingResult>& result() const { return result_; }
    /// Why there is no estimate or no asking; empty: there is.
    [[nodiscard]] QString problem() const { return problem_; }
    /// Of a row of the texts that were asked for.
    [[nodiscard]] QString idOf(std::uint32_t row) const;

    void estimate();      ///< what asking all training texts would cost; nobody is asked
    void ask(bool again); ///< `again`: those too that were refused
    void cancel();

  Q_SIGNALS:
    void changed();
    void said(const QString& text, stillroom::MessageKind kind);

  private:
    using Data = std::shared_ptr<const Dataset>;
    struct Begun {
        Data data;
        std::unique_ptr<Labelling> labelling;
    };
    struct Source;
    [[nodiscard]] Source source();
    static Result<Data> read(const Source& source);
    static LabellingRequest request(const Source& source, const Dataset& data, bool again);
    void begin(Doing doing);
    void begun(Result<Begun> start);
    void poll();
    void ended(Result<LabellingResult> result);
    void fail(const Error& error);
    void enter(Doing doing);

    RunController* controller_;
    Doing doing_ = Doing::Nothing;
    LabellingState state_;
    std::optional<LabellingEstimate> estimate_;
    std::optional<LabellingResult> result_;
    QString problem_;
    Data data_;
    std::shared_ptr<Progress> progress_;   ///< of texts that are being read
    std::shared_ptr<Labelling> labelling_; ///< shared with the worker that waits for its end
    QTimer poll_;
    Background pool_{1};
};

} // namespace stillroom
