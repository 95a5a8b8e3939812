// Guided demo: an overconfident teacher breaks what a fixed cut promises; bars that follow it move along.
#include "widgets/demo_script.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <cmath>

namespace stillroom {
namespace {

constexpr double Noise = 0.02; // of a share or a precision: less is no lesson

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::demo", text);
}
const QString CutHonest = QStringLiteral("cut, calibrated"), CutProud = QStringLiteral("cut, overconfident"),
              OursHonest = QStringLiteral("llkd, calibrated"),
              OursProud = QStringLiteral("llkd, overconfident");

QString question(const DemoNotes& notes) {
    return paragraph(tr(
               "A teacher is <b>calibrated</b> when it is right as often as it says: of what it is sure of "
               "to 0.9, nine in ten are right. Large models seldom are; most say they are surer than "
               "that.")) +
           paragraph(
               tr("This simulated teacher is calibrated: its confidence and its accuracy are %1 apart on "
                  "average (<i>calibration error</i>, on the Teacher page). We learn from it, then make it a "
                  "boaster, and learn again.")
                   .arg(percent(notes.calibrationError)));
}

QString runCut(const DemoNotes&) {
    return paragraph(tr("The rule is <b>confident teacher</b>: keep what it is sure of to 0.9 or more."));
}

QString afterCut(const DemoNotes& notes) {
    const DemoFigures run = notes.run(CutHonest);
    return paragraph(tr("The cut promises 0.90 at least, and of what it kept <b>%1</b> was right. It kept "
                        "<b>%2</b> "
                        "of the work.")
                         .arg(percent(run.keptPrecision, 0), percent(run.gradientShare, 0))) +
           paragraph(run.keptPrecision >= 0.9
                         ? tr("It holds.")
                         : tr("That is less than it promises, with a calibrated teacher too: "
                              "chance, or a class on which it errs more."));
}

QString follow(const DemoNotes&) {
    return paragraph(
        tr("LLKD has no number to promise anything with: its bars are made from what the teacher says, "
           "and move with it."));
}

QString runLlkd(const DemoNotes&) {
    return paragraph(
        tr("LLKD will keep texts that are harder, because the student doubts them: do not compare its "
           "precision with the cut's, but with its own later on."));
}

QString slider(const DemoNotes& notes) {
    return paragraph(
               tr("Now the boaster. It is right on the same texts as before; it only says that it is surer. "
                  "Drag the slider and watch the calibration error below it.")) +
           paragraph(tr("Calibration error now: <b>%1</b>. Right on: <b>%2</b>.")
                         .arg(percent(notes.calibrationError), percent(notes.teacherAccuracy)));
}

QString runProud(const DemoNotes&) {
    return paragraph(
        tr("First LLKD again, with the boaster. Look at the thresholds: where do the teacher's bars "
           "stand now?"));
}

QString afterProud(const DemoNotes& notes) {
    const DemoFigures before = notes.run(OursHonest), after = notes.run(OursProud);
    const double low = before.meanTeacherThreshold(), high = after.meanTeacherThreshold();
    QString text = paragraph(tr("The teacher's bars moved from <b>%1</b> to <b>%2</b> on average%3")
                                 .arg(fixed(low, 2), fixed(high, 2),
                                      high > low + Noise ? tr(": they follow what the teacher says.")
                                                         : tr(", which is hardly a move.")));
    const double share = after.gradientShare - before.gradientShare,
                 precision = after.keptPrecision - before.keptPrecision;
    text += paragraph(tr("Work kept: <b>%1</b>, before %2. Kept labels right: <b>%3</b>, before %4.")
                          .arg(percent(after.gradientShare, 0), percent(before.gradientShare, 0),
                               percent(after.keptPrecision, 0), percent(before.keptPrecision, 0)));
    return text +
           paragraph(std::abs(share) < 2 * Noise && std::abs(precision) < Noise
                         ? tr("Nearly nothing changed: only who is surer than whom matters to it.")
                         : tr("So it did feel the boasting: following is not the same as not caring."));
}

QString cutAgain(const DemoNotes&) {
    return paragraph(tr("And the cut? It still says 0.9."));
}

QString runCutProud(const DemoNotes&) {
    return paragraph(tr("The same rule and the same cut as in the first run; only the teacher boasts."));
}

QString conclusion(const DemoNotes& notes) {
    const DemoFigures before = notes.run(CutHonest), after = notes.run(CutProud);
    const auto row = [&](const QString& name, const DemoFigures& a, const DemoFigures& b) {
        const auto cell = [](const QString& text) {
            return QStringLiteral("<td align='right' style='padding-left:6px; white-space:nowrap'>%1</td>")
                .arg(text);
        };
        return QStringLiteral("<tr><td>%1</td>").arg(name) + cell(percent(a.gradientShare, 0)) +
               cell(percent(b.gradientShare, 0)) + cell(percent(a.keptPrecision, 0)) +
               cell(percent(b.keptPrecision, 0)) + QStringLiteral("</tr>");
    };
    QString text =
        QStringLiteral(
            "<table cellspacing='0' cellpadding='2'><tr><td></td><td colspan='2' align='right'>%1</td>"
            "<td colspan='2' align='right'>%2</td></tr>")
            .arg(tr("work kept"), tr("right")) +
        row(tr("cut 0.9"), before, after) + row(tr("LLKD"), notes.run(OursHonest), notes.run(OursProud)) +
        QStringLiteral("</table>") +
        paragraph(
            tr("<small>Of each pair the first is the calibrated teacher, the second the boaster.</small>"));
    const double fell = before.keptPrecision - after.keptPrecision;
    text += paragraph(
        fell > Noise
            ? tr("The cut's promise is broken: it lets through %1 instead of %2, and only <b>%3</b> of that "
                 "is right, against <b>%4</b>.")
                  .arg(percent(after.gradientShare, 0), percent(before.gradientShare, 0),
                       percent(after.keptPrecision, 0), percent(before.keptPrecision, 0))
            : tr("The cut held its promise after all (%1 right, before %2): with these settings the lesson "
                 "does not show.")
                  .arg(percent(after.keptPrecision, 0), percent(before.keptPrecision, 0)));
    const double gained = after.accuracy - before.accuracy;
    if (fell > Noise && gained > 0.005)
        text +=
            paragraph(tr("And yet its accuracy rose, from %1 to %2: it was too strict before, and more texts "
                         "make up for worse labels. A number that means something else each time is hard to "
                         "set, that is all.")
                          .arg(fixed(before.accuracy, 3), fixed(after.accuracy, 3)));
    else if (fell > Noise)
        text += paragraph(
            tr("Its accuracy went from %1 to %2.").arg(fixed(before.accuracy, 3), fixed(after.accuracy, 3)));
    return text + paragraph(tr(
                      "<b>Try:</b> make the teacher too modest, overconfidence −0.5, and run the cut again: "
                      "what does 0.9 let through then?"));
}

} // namespace

DemoScript badCalibrationDemo() {
    const QString rule = QStringLiteral("selection.rule"), proud = QStringLiteral("teacher.overconfidence");
    DemoScript script;
    script.setup = {{proud, QStringLiteral("0")},
                    {rule, QStringLiteral("teacher")},
                    {QStringLiteral("selection.cut"), QStringLiteral("0.9")}};
    script.steps = {
        sayStep(tr("The question"), question, {DemoSpot::Kind::Setting, proud}),
        runStep(tr("A cut at 0.9"), runCut, CutHonest),
        sayStep(tr("A promise that holds"), afterCut, {DemoSpot::Kind::ConfidencePlot}),
        settingStep(tr("Bars that follow"), follow, tr("Choose the rule “LLKD (reconstructed)”."), rule,
                    QStringLiteral("llkd")),
        runStep(tr("LLKD with a calibrated teacher"), runLlkd, OursHonest),
        settingStep(tr("Make the teacher boast"), slider, tr("Drag “Overconfidence” to 0.8 or more."), proud,
                    QStringLiteral("0.9"), [](double value) { return value >= 0.8; }),
        runStep(tr("LLKD with the boaster"), runProud, OursProud),
        sayStep(tr("The bars moved along"), afterProud, {DemoSpot::Kind::ThresholdsPlot}),
        settingStep(tr("Back to the cut"), cutAgain, tr("Choose the rule “confident teacher”."), rule,
                    QStringLiteral("teacher")),
        runStep(tr("The cut with the boaster"), runCutProud, CutProud),
        sayStep(tr("What 0.9 means now"), conclusion, {DemoSpot::Kind::ConfidencePlot}),
    };
    return script;
}

} // namespace stillroom
