// Guided demo: what the student's threshold saves, and what it costs.
#include "widgets/demo_script.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <cmath>

namespace stillroom {
namespace {

constexpr double Noise = 0.005; // seeds move accuracy by about a third as much

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::demo", text);
}
const QString Without = QStringLiteral("without"), With = QStringLiteral("with");

QString question(const DemoNotes& notes) {
    return paragraph(
               tr("LLKD keeps a text when two things hold: the teacher is sure of its label, and the student "
                  "is <b>not</b> sure of the text. The first is plain. Why the second?")) +
           paragraph(
               tr("There are %1 texts to learn from. Every text that is kept goes forward and backward "
                  "through "
                  "the student: that is the gradient work. Texts that the student already knows cost as much "
                  "as any other.")
                   .arg(grouped(notes.taught)));
}

QString off(const DemoNotes&) {
    return paragraph(
        tr("First without the student: its threshold is switched off by a scale of 0. The teacher "
           "alone decides, with a bar for each class."));
}

QString runOff(const DemoNotes&) {
    return paragraph(
        tr("Look at the plot of samples kept per step: how does it go on as the student learns?"));
}

QString afterOff(const DemoNotes& notes) {
    const DemoFigures run = notes.run(Without);
    return paragraph(tr("The teacher alone kept <b>%1</b> of the gradient work, %2 of the texts, to accuracy "
                        "<b>%3</b> on test.")
                         .arg(percent(run.gradientShare, 0), percent(run.distinctShare, 0),
                              fixed(run.accuracy, 3))) +
           paragraph(
               tr("The number kept stays level from the first epoch to the last: the teacher's answers do "
                  "not change, so the same texts come again and again, known or not."));
}

QString on(const DemoNotes&) {
    return paragraph(
        tr("Now the student has its say: scale 1. A text is kept only where its doubt reaches the bar "
           "of the class."));
}

QString runOn(const DemoNotes&) {
    return paragraph(tr("The same plot again. What the student knows drops out, and comes back when it is "
                        "forgotten."));
}

QString afterOn(const DemoNotes& notes) {
    const DemoFigures with = notes.run(With), without = notes.run(Without);
    QString text = paragraph(tr("With the student: <b>%1</b> of the gradient work at accuracy <b>%2</b>, "
                                "against %3 at %4 without.")
                                 .arg(percent(with.gradientShare, 0), fixed(with.accuracy, 3),
                                      percent(without.gradientShare, 0), fixed(without.accuracy, 3)));
    const double less = 1 - with.gradientShare / without.gradientShare;
    const double change = with.accuracy - without.accuracy;
    if (less < 0.1)
        return text +
               paragraph(tr("It saved hardly anything here (%1): with these settings the student's say makes "
                            "no difference.")
                             .arg(percent(less, 0)));
    text += paragraph(
        std::abs(change) <= Noise
            ? tr("%1 less work, and the accuracy is about the same.").arg(percent(less, 0))
        : change < 0 ? tr("%1 less work, at a price of %2 in accuracy: here it is not free.")
                           .arg(percent(less, 0), fixed(-change, 3))
                     : tr("%1 less work, and %2 more in accuracy.").arg(percent(less, 0), fixed(change, 3)));
    return text +
           paragraph(tr("It saw %1 of the texts instead of %2: it is repetition that is saved, more than "
                        "texts.")
                         .arg(percent(with.distinctShare, 0), percent(without.distinctShare, 0)));
}

QString against(const DemoNotes& notes) {
    const DemoFigures with = notes.run(With), without = notes.run(Without);
    return paragraph(tr(
               "Both runs are in this plot, the earlier one dashed. Choose <i>gradient samples</i> at "
               "“x: steps”: then it shows accuracy against work, and the curve that is further to the left "
               "got there for less.")) +
           paragraph(tr("Of what was kept, the teacher was right on %1 with the student and on %2 without: "
                        "what the "
                        "student doubts is harder, for the teacher too. That is the price of its say.")
                         .arg(percent(with.keptPrecision, 0), percent(without.keptPrecision, 0)));
}

QString conclusion(const DemoNotes& notes) {
    return comparison(notes, {{Without, tr("teacher alone")}, {With, tr("both")}}) +
           paragraph(
               tr("<small>One run each. Seeds move accuracy by a few thousandths: what is closer is the "
                  "same. The student is also asked about texts that are then refused; that forward pass "
                  "costs a third of learning from one.</small>")) +
           paragraph(tr(
               "<b>Try:</b> run again, and while it trains drag <i>Student at least</i> to 1.1: the edit is "
               "marked on every plot, and fewer texts are kept from there on. Then try the same from the "
               "beginning: an untrained student doubts everything alike, nothing reaches 1.1 times its "
               "doubt, and nothing is learned."));
}

} // namespace

DemoScript studentsSayDemo() {
    const QString key = QStringLiteral("selection.student_scale");
    DemoScript script;
    script.setup = {{QStringLiteral("selection.rule"), QStringLiteral("llkd")}};
    script.steps = {
        sayStep(tr("The question"), question, {DemoSpot::Kind::Page, {}, PageId::Selection}),
        settingStep(tr("The teacher alone"), off, tr("Drag “Student at least” all the way to 0."), key,
                    QStringLiteral("0"), [](double scale) { return scale <= 0; }),
        runStep(tr("Learn without asking the student"), runOff, Without),
        sayStep(tr("What the teacher keeps"), afterOff, {DemoSpot::Kind::KeptPlot}),
        settingStep(tr("The student has its say"), on, tr("Drag “Student at least” back to 1."), key,
                    QStringLiteral("1"), [](double scale) { return scale >= 0.95 && scale <= 1.0; }),
        runStep(tr("Learn with both"), runOn, With),
        sayStep(tr("What was saved"), afterOn, {DemoSpot::Kind::KeptPlot}),
        sayStep(tr("Accuracy against work"), against, {DemoSpot::Kind::AccuracyPlot}),
        sayStep(tr("Two runs, side by side"), conclusion, {DemoSpot::Kind::Setting, key}),
    };
    return script;
}

} // namespace stillroom
