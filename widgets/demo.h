// A guided demo under way: where it is, whether what it asked for has happened, and how to do it for the
// user. It drives the window's own experiment and runs; it draws nothing.
#pragma once

#include "widgets/background.h"
#include "widgets/demo_script.h"
#include "widgets/run_state.h"

#include <QObject>
#include <QSet>
#include <optional>

namespace stillroom {

class RunController;

/// GUI thread. The controller outlives it.
class Demo : public QObject {
    Q_OBJECT
  public:
    explicit Demo(RunController* controller, QObject* parent = nullptr);
    ~Demo() override;

    /// Reads the demo experiment and puts it into the document, which must hold nothing that would be lost;
    /// → changed, or failed.
    void start(DemoId demo);
    void close();

    [[nodiscard]] bool active() const { return script_.has_value(); }
    [[nodiscard]] QString title() const { return script_ ? script_->title : QString(); }
    [[nodiscard]] int place() const { return place_; } ///< of the step, from 0
    [[nodiscard]] int count() const { return script_ ? static_cast<int>(script_->steps.size()) : 0; }
    [[nodiscard]] const DemoStep& step() const { return script_->steps[place_]; }
    [[nodiscard]] const DemoNotes& notes() const { return notes_; }
    [[nodiscard]] QString words() const;
    /// What keeps the step from being done, or how far it is; empty: nothing to say.
    [[nodiscard]] QString status() const;
    /// What the step asked for has happened (it may ask for nothing).
    [[nodiscard]] bool done() const;
    [[nodiscard]] bool first() const { return place_ == 0; }
    [[nodiscard]] bool last() const { return place_ + 1 == count(); }
    /// It can do what it asks for now.
    [[nodiscard]] bool canShow() const;

    void next();
    void back();
    void showMe();

  Q_SIGNALS:
    void changed();     ///< another step, other words, done or not
    void stepEntered(); ///< so that what it speaks of can be brought to the front
    void failed(const QString& why);

  private:
    void begin(DemoScript script, Experiment experiment);
    void enter(int place);
    void examplesChanged();
    void settingChanged(const QString& key);
    void stateChanged(RunState state);
    void takeFigures();
    [[nodiscard]] bool fulfilled(const DemoStep& step, const Experiment& experiment) const;
    /// The first setting that a run at `place` needs and does not have; null: it has all.
    [[nodiscard]] const DemoStep* missing(int place, const Experiment& experiment) const;
    void settle();

    RunController* controller_;
    std::optional<DemoScript> script_;
    DemoNotes notes_;
    int place_ = 0;
    QString refused_;       ///< why the last run did not count
    QSet<QString> foreign_; ///< settings that were changed and were not asked for
    bool showing_ = false;  ///< the document is changed by this
    int starting_ = 0;
    Background pool_{1};
};

} // namespace stillroom
