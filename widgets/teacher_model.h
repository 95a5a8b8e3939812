// What the Teacher tab shows: how far the teacher can be trusted, before and after its confidences were
// corrected, beside another teacher, and what a simulated one would be while its sliders move.
#pragma once

#include "core/teacher/calibrate.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"
#include "widgets/loaded_examples.h"
#include "widgets/other_teacher.h"
#include "widgets/teacher_series.h"

#include <QObject>
#include <memory>
#include <optional>

namespace stillroom {

class RunController;

/// GUI thread; what takes long is done by a worker.
class TeacherModel : public QObject {
    Q_OBJECT
  public:
    explicit TeacherModel(RunController* controller, QObject* parent = nullptr);
    ~TeacherModel() override; ///< waits for a comparison that is being made

    /// What there is to draw: as it is now, then before, then the other one. Empty without gold.
    [[nodiscard]] const std::vector<TeacherSeries>& series() const { return series_; }
    [[nodiscard]] const TeacherQuality* quality(TeacherSeries::Role role) const; ///< null: none
    [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
    /// Mean confidence by pseudo-label; NaN for none.
    [[nodiscard]] const std::vector<double>& meanConfidence() const { return meanConfidence_; }
    [[nodiscard]] const std::optional<TeacherCalibration>& calibration() const { return calibration_; }
    /// What to do so that there is something to see; empty: there is.
    [[nodiscard]] QString whatToDo() const;

    // The other teacher.
    enum class Other { None, Reading, Compared, Failed };
    [[nodiscard]] Other otherState() const { return otherState_; }
    [[nodiscard]] QString otherName() const;
    [[nodiscard]] QString otherProblem() const { return otherProblem_; }
    [[nodiscard]] const TeacherComparison* comparison() const;
    void compareWith(const QString& path); ///< an experiment's YAML
    void compareWithNobody();

    /// While it is seen a simulated teacher follows its sliders at once, before the data are read again.
    void setSeen(bool seen) { seen_ = seen; }

  Q_SIGNALS:
    void changed();
    void otherChanged(); ///< `changed` too, where figures are others

  private:
    struct Figures {
        TeacherQuality quality;
        std::optional<TeacherCalibration> calibration;
        TeacherSeries::Histogram withGold{}, right{};
        std::vector<double> meanConfidence;
    };
    static Result<Figures> simulated(const DistillationSet& set, const TeacherSettings& teacher);
    void takeExamples();
    void take(Figures figures);
    void preview(const QString& key);
    void compare();
    void compared(Result<ComparedTeachers> result);
    void setOther(Other state, const QString& problem = {});

    RunController* controller_;
    std::vector<std::string> classes_;
    std::vector<TeacherSeries> series_;
    std::vector<double> meanConfidence_;
    std::optional<TeacherCalibration> calibration_;
    bool seen_ = false;

    Other otherState_ = Other::None;
    QString otherPath_, otherProblem_;
    std::shared_ptr<const OtherTeacher> other_;
    std::optional<ComparedTeachers> compared_;

    Background pool_{2};
    LatestJob simulating_{pool_}, comparing_{pool_};
};

} // namespace stillroom
