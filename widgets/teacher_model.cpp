#include "widgets/teacher_model.h"

#include "core/teacher/simulator.h"
#include "widgets/page_id.h"
#include "widgets/run_controller.h"
#include "widgets/run_hint.h"
#include "widgets/text.h"

#include <QFileInfo>
#include <array>

namespace stillroom {

TeacherModel::TeacherModel(RunController* controller, QObject* parent)
    : QObject(parent), controller_(controller) {
    connect(controller_, &RunController::examplesChanged, this, &TeacherModel::takeExamples);
    connect(controller_, &RunController::stateChanged, this, [this] {
        if (series_.empty())
            Q_EMIT changed(); // what to do is another thing now
    });
    connect(controller_->document(), &ExperimentDocument::changed, this, &TeacherModel::preview);
    connect(controller_->document(), &ExperimentDocument::replaced, this, &TeacherModel::compareWithNobody);
    takeExamples();
}

TeacherModel::~TeacherModel() {
    pool_.finish();
}

void TeacherModel::takeExamples() {
    simulating_.forget();
    const Examples* examples = controller_->examples();
    Figures figures;
    if (examples != nullptr) {
        classes_ = examples->summary.classes;
        figures.quality = examples->quality;
        figures.calibration = examples->calibration;
        figures.withGold = examples->summary.confidenceWithGold;
        figures.right = examples->summary.confidenceRight;
        figures.meanConfidence = examples->summary.meanConfidence;
    }
    take(std::move(figures));
    if (examples != nullptr)
        compare();
}

void TeacherModel::take(Figures figures) {
    series_.clear();
    meanConfidence_ = std::move(figures.meanConfidence);
    calibration_ = std::move(figures.calibration);
    using Role = TeacherSeries::Role;
    if (figures.quality.rows > 0) {
        // After a calibration what counts is what it does to rows that it was not fitted on.
        series_.push_back({Role::Now, calibration_ ? tr("calibrated") : tr("this teacher"),
                           calibration_ ? calibration_->after : std::move(figures.quality), figures.withGold,
                           figures.right});
        if (calibration_)
            series_.push_back({Role::Before, tr("before"), calibration_->before, {}, {}});
        if (compared_ && compared_->comparison.second.rows > 0)
            series_.push_back({Role::Other, otherName(), compared_->comparison.second, compared_->withGold,
                               compared_->right});
    }
    Q_EMIT changed();
}

const TeacherQuality* TeacherModel::quality(TeacherSeries::Role role) const {
    for (const auto& series : series_)
        if (series.role == role)
            return &series.quality;
    return nullptr;
}

QString TeacherModel::whatToDo() const {
    if (!series_.empty())
        return {};
    if (controller_->examples() != nullptr)
        return tr("The training texts have no gold, so nobody knows how often the teacher is right. Name a "
                  "gold column on the Data page: a few hundred labelled texts are enough.");
    if (controller_->state() == RunState::Broken &&
        pageOf(RunController::forTheWindow(controller_->loadError()->message)) == PageId::Teacher)
        return tr("The Teacher page says what is missing.");
    return runHint(controller_->state());
}

// ── a simulated teacher, while its sliders move ─────────────────────────────────────────────────────────

Result<TeacherModel::Figures> TeacherModel::simulated(const DistillationSet& set,
                                                      const TeacherSettings& teacher) {
    auto outputs = simulateTeacher(*set.data, teacher);
    if (!outputs)
        return fail(std::move(outputs.error()));
    Figures figures;
    if (teacher.calibration.kind != CalibrationKind::None) {
        auto calibrated = calibrateTeacher(*set.data, *outputs, teacher.calibration);
        if (!calibrated)
            return fail(std::move(calibrated.error()));
        figures.calibration = std::move(calibrated->facts);
        *outputs = std::move(calibrated->outputs);
    }
    figures.quality = measureTeacher(*set.data, *outputs, Split::Train);
    const DataSummary summary =
        DataSummary::of({set.data, std::make_shared<const TeacherOutputs>(std::move(*outputs))});
    figures.withGold = summary.confidenceWithGold;
    figures.right = summary.confidenceRight;
    figures.meanConfidence = summary.meanConfidence;
    return figures;
}

void TeacherModel::preview(const QString& key) {
    const TeacherSettings& teacher = controller_->document()->experiment().teacher;
    if (!seen_ || teacher.kind != TeacherKind::Simulated || controller_->examples() == nullptr ||
        !key.startsWith(QLatin1String("teacher.")))
        return;
    simulating_.ask([set = controller_->examples()->set, teacher] { return simulated(set, teacher); },
                    [this](Result<Figures> figures) {
                        if (figures) // what is wrong with the settings is said when the data are read
                            take(std::move(*figures));
                    });
}

// ── another teacher ─────────────────────────────────────────────────────────────────────────────────────

QString TeacherModel::otherName() const {
    return other_ ? toQString(other_->name) : QFileInfo(otherPath_).completeBaseName();
}

const TeacherComparison* TeacherModel::comparison() const {
    return compared_ ? &compared_->comparison : nullptr;
}

void TeacherModel::setOther(Other state, const QString& problem) {
    otherState_ = state;
    otherProblem_ = problem;
    Q_EMIT otherChanged();
}

void TeacherModel::compareWithNobody() {
    comparing_.forget();
    otherPath_.clear();
    other_.reset();
    compared_.reset();
    std::erase_if(series_, [](const auto& one) { return one.role == TeacherSeries::Role::Other; });
    setOther(Other::None);
    Q_EMIT changed();
}

void TeacherModel::compareWith(const QString& path) {
    compareWithNobody();
    otherPath_ = path;
    compare();
}

void TeacherModel::compare() {
    if (otherPath_.isEmpty() || controller_->examples() == nullptr)
        return;
    using Both = std::pair<std::shared_ptr<const OtherTeacher>, Result<ComparedTeachers>>;
    if (otherState_ != Other::Compared) // what was compared stays until there is something newer
        setOther(Other::Reading);
    const std::string root =
        controller_->rootIsGiven() ? controller_->dataRoot().toStdString() : std::string();
    comparing_.ask(
        [set = controller_->examples()->set, other = other_, path = otherPath_.toStdString(), root,
         badRows = controller_->badRows()]() mutable -> Both {
            if (!other) {
                auto read = readOtherTeacher(path, root, badRows);
                if (!read)
                    return {nullptr, fail(std::move(read.error()))};
                other = std::move(*read);
            }
            return {other, compareWithOther(set, *other)};
        },
        [this](Both both) {
            other_ = std::move(both.first);
            compared(std::move(both.second));
        });
}

void TeacherModel::compared(Result<ComparedTeachers> result) {
    std::erase_if(series_, [](const auto& one) { return one.role == TeacherSeries::Role::Other; });
    compared_.reset();
    if (!result) {
        setOther(Other::Failed, RunController::forTheWindow(result.error().message));
        Q_EMIT changed();
        return;
    }
    compared_ = std::move(*result);
    if (!series_.empty() && compared_->comparison.second.rows > 0)
        series_.push_back({TeacherSeries::Role::Other, otherName(), compared_->comparison.second,
                           compared_->withGold, compared_->right});
    setOther(Other::Compared);
    Q_EMIT changed();
}

} // namespace stillroom
