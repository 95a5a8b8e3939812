// selection.*
#include "widgets/setting_catalogue.h"

namespace stillroom::catalogue {

void addSelection(Catalogue& all) {
    add(all, choice("selection.rule", tr("Rule"), tr("Which samples of each batch the student learns from."),
                    {"llkd", "all", "random", "teacher", "student", "fixmatch", "flexmatch", "freematch",
                     "softmatch", "small_loss", "oracle"},
                    {tr("LLKD (reconstructed)"), tr("all"), tr("random share"), tr("confident teacher"),
                     tr("uncertain student"), tr("FixMatch"), tr("FlexMatch"), tr("FreeMatch"),
                     tr("SoftMatch"), tr("small loss"), tr("oracle (needs gold)")}));
    add(all,
        choice("selection.uncertainty", tr("Uncertainty"), tr("How the student's uncertainty is measured."),
               {"entropy", "least_confidence", "margin", "disagreement"},
               {tr("entropy"), tr("least confidence"), tr("margin"), tr("disagreement")}));
    auto decay = movable("selection.decay", tr("Memory (λ)"),
                         tr("How slowly the thresholds follow the batches."), 0, 0.9999, 0.001, 4);
    decay.scale = SettingSpec::Scale::Memory;
    decay.warmup = false; // from 0 it would forget what the statistics began with
    decay.optional = true;
    add(all, decay);
    auto scale =
        movable("selection.teacher_scale", tr("Teacher at least"),
                tr("Scales the confidence each class's samples must reach; 0 turns it off."), 0, 2, 0.01, 2);
    scale.prefix = QStringLiteral("τ(y) × ");
    add(all, scale);
    scale.key = QStringLiteral("selection.student_scale");
    scale.label = tr("Student at least");
    scale.tip = tr("Scales what the student must reach for each class's samples; 0 turns it off.");
    add(all, scale);
    add(all, onOff("selection.class_scaling", tr("Class scaling"),
                   tr("On: each class has its own bar. Off: one for all.")));
    add(all, onOff("selection.warm_start", tr("Warm start"),
                   tr("Confidence statistics start from the whole teacher instead of 1/K.")));
    add(all,
        structure("selection.statistic", tr("Statistic"),
                  tr("What of a batch moves the global threshold: mean, or {quantile: 0.8}."), tr("mean")));
    add(all,
        structure("selection.clip", tr("Clip to"), tr("Thresholds stay between these two."), tr("[0, 1]")));
    add(all,
        structure("selection.teacher_class_scales", tr("Teacher, by class"),
                  tr("A factor on the confidence that single classes must reach: {fire: 0.9, flood: 1.1}. "
                     "The Plane tab sets it by dragging."),
                  tr("none")));
    add(all,
        structure("selection.student_class_scales", tr("Student, by class"),
                  tr("A factor on the uncertainty that single classes must reach: {fire: 0.9, flood: 1.1}. "
                     "The Plane tab sets it by dragging."),
                  tr("none")));
    add(all, structure("selection.fixed_thresholds", tr("Fixed thresholds"),
                       tr("Confidence and uncertainty to reach, [0.9, 0.3], in the place of what moves."),
                       tr("they move")));
    auto share =
        movable("selection.fixed_ratio", tr("Fixed share"),
                tr("Exactly this share of each batch, the largest confidence × doubt, in the place of "
                   "thresholds."),
                0.01, 1, 0.01, 2);
    share.optional = true;
    add(all, share);
    auto cut = movable("selection.cut", tr("Confidence ≥"), tr("Samples that do not reach it are refused."),
                       0, 1, 0.01, 2);
    cut.optional = true;
    add(all, cut);
    share.key = QStringLiteral("selection.ratio");
    share.label = tr("Share to keep");
    share.tip = tr("This share of the samples is kept.");
    add(all, share);
    add(all, onOff("selection.resample", tr("Resample"),
                   tr("On: other samples every epoch. Off: one fixed subset.")));
    add(all, choice("selection.weight", tr("Weight"), tr("How much each kept sample counts in the loss."),
                    {"uniform", "product", "sum"},
                    {tr("uniform"), tr("confidence × doubt"), tr("confidence + doubt")}));
    add(all, movable("selection.alpha", tr("α (confidence)"),
                     tr("Exponent or factor of the confidence in the weight."), 0, 4, 0.05, 2));
    add(all, movable("selection.beta", tr("β (doubt)"),
                     tr("Exponent or factor of the uncertainty in the weight."), 0, 4, 0.05, 2));
    add(all, onOff("selection.soft_weights", tr("Soft weights"),
                   tr("On: SoftMatch's truncated Gaussian weighs every sample. Off: all weigh the same.")));
}

} // namespace stillroom::catalogue
