// The model of a student or a teacher that reads with an encoder: those in the user's cache are offered, a
// folder may be chosen, and what was chosen is looked at. Files are looked at by a worker.
#pragma once

#include "widgets/background.h"
#include "widgets/encoder_probe.h"
#include "widgets/latest_job.h"

#include <QObject>
#include <QStringList>
#include <optional>

class QLabel;
class QToolButton;

namespace stillroom {

class RunController;
class SettingRow;

/// What stands around the row of a `….model` setting on a page: a heading with "choose a folder…" above it, a
/// sentence under it where something is missing. GUI thread; the widgets are the page's once it has them.
class EncoderChoice : public QObject {
    Q_OBJECT
  public:
    EncoderChoice(const QString& key, RunController* controller, QObject* parent);
    ~EncoderChoice() override; ///< waits for a folder that is being looked at

    [[nodiscard]] QWidget* head() const { return head_; }
    [[nodiscard]] QLabel* note() const { return note_; }
    [[nodiscard]] QToolButton* chooseButton() const { return choose_; }
    void setRow(SettingRow* row) { row_ = row; }
    /// Head and note with it; the row is the page's to show. While it is not shown nothing is offered or said
    /// in the row, which may be another's: teacher.model names an LLM too.
    void setShown(bool shown);
    /// Whether the model's own weights will be read.
    void setWeightsWanted(bool wanted);

    /// Of the model that is set; none: not known (yet), or there is none.
    [[nodiscard]] const std::optional<EncoderFacts>& facts() const { return facts_; }
    /// As YAML the encoder to begin with where none is set; empty: the cache has none.
    [[nodiscard]] QString suggestion() const;
    /// The cache and the model once more: something may have been put there.
    void look();

  Q_SIGNALS:
    void found(); ///< what is known is newer

  private:
    [[nodiscard]] std::string model() const;
    void chooseFolder();
    void offer();
    void say();

    const QString key_;
    RunController* controller_;
    SettingRow* row_ = nullptr;
    QWidget* head_;
    QLabel* note_;
    QToolButton* choose_;
    QStringList cached_;
    std::optional<EncoderFacts> facts_;
    QString problem_; ///< a sentence; empty: none is known
    bool looked_ = false, shown_ = true, weightsWanted_ = true;
    Background pool_{1};
    LatestJob looking_{pool_};
};

/// "minilm" of a name in the cache as of a path.
[[nodiscard]] QString encoderName(const std::string& model);
/// 22,713,216 → "22.7 million".
[[nodiscard]] QString inMillions(double count);

} // namespace stillroom
