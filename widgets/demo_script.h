// A guided demo as data: what is said, what is outlined, what is asked for, step by step. The words quote
// what the runs came to and say so where that is not the lesson.
#pragma once

#include "widgets/demo_figures.h"
#include "widgets/experiment_document.h"
#include "widgets/page_id.h"

#include <QList>
#include <functional>

namespace stillroom {

/// A thing in the window.
struct DemoSpot {
    enum class Kind {
        Nothing,
        RunButton,
        Setting,
        Page,
        KeptPlot,
        ConfidencePlot,
        AccuracyPlot,
        ThresholdsPlot
    };
    Kind kind = Kind::Nothing;
    QString key = {};                ///< Setting
    PageId page = PageId::Selection; ///< Page
};

struct DemoStep {
    enum class Asks {
        Nothing, ///< to be read
        Setting, ///< `key` becomes `value`, or something that is `enough`
        Run,     ///< a whole run with what was asked for so far
    };
    QString title;
    std::function<QString(const DemoNotes&)> words; ///< rich text
    DemoSpot spot;
    Asks asks = Asks::Nothing;
    QString task; ///< what is asked for, in one sentence
    QString key, value;
    std::function<bool(double)> enough; ///< none: exactly `value`
    QString remember;                   ///< Run: the name its figures get
};

struct DemoScript {
    QString title;
    QList<SettingChange> setup; ///< on top of the demo experiment
    QList<DemoStep> steps;
};

enum class DemoId { ConfidentTeacher, StudentsSay, BadCalibration };
inline constexpr std::array<DemoId, 3> DemoIds = {DemoId::ConfidentTeacher, DemoId::StudentsSay,
                                                  DemoId::BadCalibration};
[[nodiscard]] QString demoTitle(DemoId demo);
[[nodiscard]] DemoScript demoScript(DemoId demo);

// One a file.
[[nodiscard]] DemoScript confidentTeacherDemo();
[[nodiscard]] DemoScript studentsSayDemo();
[[nodiscard]] DemoScript badCalibrationDemo();

// What the scripts are written with.
[[nodiscard]] DemoStep sayStep(const QString& title, std::function<QString(const DemoNotes&)> words,
                               DemoSpot spot = {});
[[nodiscard]] DemoStep settingStep(const QString& title, std::function<QString(const DemoNotes&)> words,
                                   const QString& task, const QString& key, const QString& value,
                                   std::function<bool(double)> enough = {});
[[nodiscard]] DemoStep runStep(const QString& title, std::function<QString(const DemoNotes&)> words,
                               const QString& remember);
/// A table of runs: name, share of the gradient work, accuracy, macro-F1, classes missed.
[[nodiscard]] QString comparison(const DemoNotes& notes, const QList<std::pair<QString, QString>>& runs);
[[nodiscard]] QString paragraph(const QString& text);

} // namespace stillroom
