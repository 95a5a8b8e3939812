#include "widgets/teacher_controls.h"

#include "widgets/run_controller.h"
#include "widgets/setting_row.h"
#include "widgets/teacher_model.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QLabel>

namespace stillroom {
namespace {

constexpr int SideBySideFrom = 700; // pixels at a desk

QString fitInWords(const CalibrationFit& fit) {
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("stillroom::TeacherControls", text);
    };
    switch (fit.kind) {
    case CalibrationKind::Temperature:
        return tr("temperature %1").arg(fixed(fit.temperature, 3));
    case CalibrationKind::Histogram:
        return tr("%1 bins").arg(fit.to.size());
    case CalibrationKind::Isotonic:
        return tr("%1 knots").arg(fit.to.size());
    case CalibrationKind::None:
        break;
    }
    return {};
}

} // namespace

QString calibrationNote(const RunController& controller, const TeacherModel* model) {
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("stillroom::TeacherControls", text);
    };
    const CalibrationSettings& settings = controller.document()->experiment().teacher.calibration;
    const Examples* examples = controller.examples();
    const auto& fitted = model != nullptr      ? model->calibration()
                         : examples != nullptr ? examples->calibration
                                               : std::optional<TeacherCalibration>();
    if (settings.kind == CalibrationKind::None)
        return tr("Confidences are used as the teacher gives them. A correction is fitted on a share of the "
                  "training texts with gold; a label never changes.");
    if (!fitted)
        return tr("Fitted on a share of the training texts with gold, never on validation or test texts.");
    return tr("Fitted on %1 training texts (%2), never on validation or test texts; what is said here is "
              "measured on the other %3 with gold.")
        .arg(grouped(fitted->fittedOn), fitInWords(fitted->fit), grouped(fitted->after.rows));
}

TeacherControls::TeacherControls(RunController* controller, TeacherModel* model, QWidget* parent)
    : QFrame(parent), controller_(controller), model_(model), calibrationNote_(new QLabel),
      besideNote_(new QLabel), simulatorNote_(new QLabel),
      columns_(new QBoxLayout(QBoxLayout::LeftToRight, this)) {
    setProperty("role", "panel");
    setAccessibleName(tr("Calibration"));
    for (auto* note : {calibrationNote_, besideNote_, simulatorNote_}) {
        note->setFont(textFont(TextSize::Note));
        note->setProperty("tone", "muted");
        note->setWordWrap(true);
        note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    simulatorNote_->setText(
        tr("Made from gold, so what it gets wrong is known. The figures follow at once."));
    columns_->setContentsMargins(4, 10, 14, 10);
    columns_->setSpacing(3 * Gap);
    columns_->addWidget(makeColumn(tr("Calibration"), calibrationNote_,
                                   {"teacher.calibration", "teacher.calibration_share",
                                    "teacher.calibration_bins", "teacher.calibration_seed"}),
                        1);
    simulator_ = makeColumn(tr("Simulated teacher"), simulatorNote_,
                            {"teacher.accuracy", "teacher.overconfidence", "teacher.confusion"});
    columns_->addWidget(simulator_, 1);
    besideNote_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    besideNote_->setContentsMargins(10, QFontMetrics(textFont(TextSize::Title)).height() + Gap, 0, 0);
    columns_->addWidget(besideNote_, 1);
    connect(controller_->document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("teacher.")))
            refresh();
    });
    connect(controller_->document(), &ExperimentDocument::replaced, this, &TeacherControls::refresh);
    connect(model_, &TeacherModel::changed, this, &TeacherControls::refresh);
    refresh();
}

QWidget* TeacherControls::makeColumn(const QString& title, QLabel* note,
                                     std::initializer_list<const char*> keys) {
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* heading = new QLabel(title);
    heading->setFont(textFont(TextSize::Title));
    heading->setContentsMargins(10, 0, 0, 0);
    note->setContentsMargins(10, 0, 0, 0);
    column->addWidget(heading);
    for (const char* key : keys) {
        auto* row = new SettingRow(QString::fromLatin1(key), controller_->document());
        rows_.insert(row->key(), row);
        column->addWidget(row);
    }
    column->addWidget(note);
    column->addStretch(1);
    return widget;
}

void TeacherControls::refresh() {
    const Experiment& experiment = controller_->document()->experiment();
    for (auto* row : rows_)
        row->setVisible(settingApplies(experiment, row->key().toStdString()));
    if (experiment.teacher.kind == TeacherKind::Gold) // it has nothing to be corrected by
        hide();
    else if (parentWidget() != nullptr) // before that it would be a window
        show();
    simulator_->setVisible(experiment.teacher.kind == TeacherKind::Simulated);
    for (auto* note : {calibrationNote_, besideNote_})
        note->setText(calibrationNote(*controller_, model_));
    arrange();
}

void TeacherControls::arrange() {
    const bool wide = width() >= scaled(SideBySideFrom);
    const bool beside = wide && !simulator_->isVisibleTo(this);
    columns_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    calibrationNote_->setVisible(!beside);
    besideNote_->setVisible(beside);
}

void TeacherControls::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    arrange();
}

} // namespace stillroom
