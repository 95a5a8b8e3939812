// Guided demo: a fixed cut on the teacher's confidence loses classes.
#include "widgets/demo_script.h"

#include "widgets/text.h"

#include <QCoreApplication>
#include <cmath>

namespace stillroom {
namespace {

constexpr double Noise = 0.01; // seeds move macro-F1 by about half as much

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::demo", text);
}

QString question(const DemoNotes& notes) {
    return paragraph(
               tr("A teacher, here a simulated one, has labelled %1 dictionary definitions with %2 kinds "
                  "of thing. It is right on %3 of them, and it says how sure it is.")
                   .arg(grouped(notes.taught))
                   .arg(notes.classes.size())
                   .arg(percent(notes.teacherAccuracy, 0))) +
           paragraph(tr("So why not learn from what it is sure of, and leave the rest?")) +
           paragraph(
               tr("Three short runs will tell: from everything; from what the teacher is sure of; and with "
                  "LLKD, which asks the student too."));
}

QString yardstick(const DemoNotes&) {
    return paragraph(
        tr("First the yardstick: a student that learns from every text in every epoch. On the left, "
           "on the Selection page, the rule is <b>all</b>."));
}

QString runAll(const DemoNotes&) {
    return paragraph(
        tr("Watch macro-F1: it is the mean over the classes, so a rare class counts as much as a "
           "common one."));
}

QString afterAll(const DemoNotes& notes) {
    const DemoFigures all = notes.run(QStringLiteral("all"));
    const auto missed = all.missed();
    QString text = paragraph(
        tr("From everything: accuracy <b>%1</b>, macro-F1 <b>%2</b> on test, for 100 % of the gradient "
           "work.")
            .arg(fixed(all.accuracy, 3), fixed(all.macroF1, 3)));
    text += paragraph(missed.empty() ? tr("Every class is found.")
                                     : tr("%1 of %2 classes are practically never found (%3): they are rare.")
                                           .arg(missed.size())
                                           .arg(notes.classes.size())
                                           .arg(notes.classNames(missed).toHtmlEscaped()));
    return text +
           paragraph(tr("Of the labels it learned from, %1 were right. Surely the sure ones are better?")
                         .arg(percent(all.keptPrecision, 0)));
}

QString cut(const DemoNotes&) {
    return paragraph(
        tr("Now the rule <b>confident teacher</b>: a text is kept when the teacher's confidence is "
           "0.9 or more, whatever its class. Under the cut stands what it refuses."));
}

QString runCut(const DemoNotes&) {
    return paragraph(tr("The same student, the same texts, the same number of epochs: only fewer of them."));
}

QString afterCut(const DemoNotes& notes) {
    const DemoFigures all = notes.run(QStringLiteral("all")), kept = notes.run(QStringLiteral("teacher"));
    const auto thin = kept.thinnest(), fat = kept.fattest();
    QString text = paragraph(tr("It kept <b>%1</b> of the work, and of what it kept <b>%2</b> was labelled "
                                "right, against %3 of all.")
                                 .arg(percent(kept.gradientShare, 0), percent(kept.keptPrecision, 0),
                                      percent(all.keptPrecision, 0)));
    if (!kept.keptShare.empty())
        text +=
            paragraph(tr("But not of every class: of <b>%1</b> it kept %2, of <b>%3</b> %4. The teacher is "
                         "prouder of some classes than of others, and one cut for all takes what it is "
                         "proud of. (<i>Stack by class</i> in the plot shows whose they are.)")
                          .arg(notes.className(fat).toHtmlEscaped(), percent(kept.keptShare[fat], 0),
                               notes.className(thin).toHtmlEscaped(), percent(kept.keptShare[thin], 1)));
    const double change = kept.macroF1 - all.macroF1;
    if (change < -Noise)
        text += paragraph(
            tr("The price: macro-F1 fell from %1 to <b>%2</b>, and %3 classes are missed instead of "
               "%4.")
                .arg(fixed(all.macroF1, 3), fixed(kept.macroF1, 3))
                .arg(kept.missed().size())
                .arg(all.missed().size()));
    else
        text +=
            paragraph(tr("Yet here it cost nothing to speak of: macro-F1 went from %1 to <b>%2</b>. These "
                         "settings do not show the lesson; a higher cut or a teacher with more confusion "
                         "does.")
                          .arg(fixed(all.macroF1, 3), fixed(kept.macroF1, 3)));
    return text;
}

QString llkd(const DemoNotes&) {
    return paragraph(
               tr("LLKD gives each class a bar of its own, which moves with what the teacher says of that "
                  "class. And it asks the student: what the student knows already is left out too.")) +
           paragraph(
               tr("<small>LLKD is reconstructed here from its paper's abstract and summaries.</small>"));
}

QString runLlkd(const DemoNotes&) {
    return paragraph(tr("In the plot of thresholds every class gets its own two bars."));
}

QString conclusion(const DemoNotes& notes) {
    const DemoFigures cut = notes.run(QStringLiteral("teacher")), ours = notes.run(QStringLiteral("llkd")),
                      all = notes.run(QStringLiteral("all"));
    QString text = comparison(notes, {{QStringLiteral("all"), tr("all")},
                                      {QStringLiteral("teacher"), tr("cut 0.9")},
                                      {QStringLiteral("llkd"), tr("LLKD")}});
    const double gain = ours.macroF1 - cut.macroF1;
    if (gain > Noise)
        text += paragraph(
            tr("For %1 of the work LLKD comes to macro-F1 <b>%2</b>; the cut, for %3, to <b>%4</b>. It is "
               "not how "
               "much is kept that matters, but of which classes: of %5 LLKD kept %6, the cut %7.")
                .arg(percent(ours.gradientShare, 0), fixed(ours.macroF1, 3), percent(cut.gradientShare, 0),
                     fixed(cut.macroF1, 3), notes.className(cut.thinnest()).toHtmlEscaped(),
                     percent(ours.keptShare.empty() ? NAN : ours.keptShare[cut.thinnest()], 0),
                     percent(cut.keptShare.empty() ? NAN : cut.keptShare[cut.thinnest()], 1)));
    else
        text +=
            paragraph(tr("This time LLKD (macro-F1 %1) is not ahead of the cut (%2) by more than seeds would "
                         "move it: with these settings the lesson does not show.")
                          .arg(fixed(ours.macroF1, 3), fixed(cut.macroF1, 3)));
    const double lost = all.macroF1 - ours.macroF1;
    text += paragraph(
        lost > Noise ? tr("Against learning from everything it lost %1 of macro-F1.").arg(fixed(lost, 3))
        : lost < -Noise
            ? tr("It even gained %1 over learning from everything: fewer wrong labels.").arg(fixed(-lost, 3))
            : tr("Learning from everything, for 100 % of the work, comes to about the same: %1.")
                  .arg(fixed(all.macroF1, 3)));
    text +=
        paragraph(tr("<small>One run each. Seeds move macro-F1 by about half a point: what is closer is the "
                     "same.</small>"));
    return text +
           paragraph(tr("<b>Try:</b> switch <i>Class scaling</i> off and run again: one bar for all, as with "
                        "the cut. Or set the cut to 0.95."));
}

} // namespace

DemoScript confidentTeacherDemo() {
    const QString rule = QStringLiteral("selection.rule");
    DemoScript script;
    script.setup = {{QStringLiteral("teacher.accuracy"), QStringLiteral("0.7")},
                    {QStringLiteral("teacher.confusion"), QStringLiteral("0.8")},
                    {QStringLiteral("teacher.overconfidence"), QStringLiteral("0.2")},
                    {QStringLiteral("selection.cut"), QStringLiteral("0.9")}};
    script.steps = {
        sayStep(tr("The question"), question, {DemoSpot::Kind::Page, {}, PageId::Teacher}),
        settingStep(tr("The yardstick"), yardstick, tr("Choose the rule “all”."), rule,
                    QStringLiteral("all")),
        runStep(tr("Learn from everything"), runAll, QStringLiteral("all")),
        sayStep(tr("What everything gives"), afterAll, {DemoSpot::Kind::AccuracyPlot}),
        settingStep(tr("Only what the teacher is sure of"), cut, tr("Choose the rule “confident teacher”."),
                    rule, QStringLiteral("teacher")),
        runStep(tr("Learn from the sure ones"), runCut, QStringLiteral("teacher")),
        sayStep(tr("What the cut kept"), afterCut, {DemoSpot::Kind::KeptPlot}),
        settingStep(tr("A bar for each class"), llkd, tr("Choose the rule “LLKD (reconstructed)”."), rule,
                    QStringLiteral("llkd")),
        runStep(tr("Learn with LLKD"), runLlkd, QStringLiteral("llkd")),
        sayStep(tr("Three runs, side by side"), conclusion, {DemoSpot::Kind::ThresholdsPlot}),
    };
    return script;
}

} // namespace stillroom
