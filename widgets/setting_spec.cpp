#include "widgets/setting_spec.h"

#include <QCoreApplication>
#include <QHash>
#include <array>

namespace stillroom {
namespace {

using Kind = SettingSpec::Kind;

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::settings", text);
}

SettingSpec choice(const char* key, const QString& label, const QString& tip, const QStringList& values,
                   const QStringList& names) {
    SettingSpec spec{QString::fromLatin1(key), label, tip, Kind::Choice};
    spec.values = values;
    spec.names = names;
    return spec;
}

SettingSpec onOff(const char* key, const QString& label, const QString& tip) {
    return {QString::fromLatin1(key), label, tip, Kind::Switch};
}

SettingSpec slider(const char* key, const QString& label, const QString& tip, double low, double high,
                   double step, int decimals) {
    SettingSpec spec{QString::fromLatin1(key), label, tip, Kind::Slider};
    spec.low = low;
    spec.high = high;
    spec.step = step;
    spec.decimals = decimals;
    return spec;
}

SettingSpec number(const char* key, const QString& label, const QString& tip, double low, double high,
                   double step = 1, int decimals = 0) {
    SettingSpec spec = slider(key, label, tip, low, high, step, decimals);
    spec.kind = Kind::Number;
    return spec;
}

SettingSpec text(const QString& key, const QString& label, const QString& tip, const QString& placeholder,
                 Kind kind = Kind::Text) {
    SettingSpec spec{key, label, tip, kind};
    spec.placeholder = placeholder;
    spec.optional = true;
    return spec;
}

using Catalogue = QHash<QString, SettingSpec>;

void add(Catalogue& catalogue, SettingSpec spec) {
    catalogue.insert(spec.key, std::move(spec));
}

void addLayout(Catalogue& all, const QString& section) {
    auto format =
        choice("", tr("Format"), tr("How the files are written. By the ending: .csv, .tsv, .jsonl."),
               {"", "csv", "tsv", "jsonl", "label_lines", "wordnet"},
               {tr("by the ending"), "CSV", "TSV", "JSON Lines", tr("text;label lines"), "WordNet"});
    format.key = section + ".format";
    format.optional = true;
    add(all, format);
    add(all, text(section + ".delimiter", tr("Delimiter"), tr("One character between columns, or tab."),
                  tr("the format's")));
    auto quoting = choice("", tr("Quoting"), tr("Whether \"double quotes\" may enclose a field."),
                          {"", "double", "none"}, {tr("the format's"), tr("double quotes"), tr("none")});
    quoting.key = section + ".quoting";
    quoting.optional = true;
    add(all, quoting);
}

void addData(Catalogue& all) {
    for (const char* split : {"train", "validation", "test"}) {
        const QString section = QStringLiteral("data.") + QLatin1String(split);
        add(all, text(section + ".files", tr("Files"),
                      tr("Paths or patterns (*, ?), several separated by semicolons."),
                      tr("drop files here, or choose")));
        add(all, text(section + ".text", tr("Text column"), tr("The column with the text."), tr("column"),
                      Kind::Column));
        add(all,
            text(section + ".id", tr("Id column"),
                 tr("The column that names each row; none: rows are numbered."), tr("none"), Kind::Column));
        add(all, text(section + ".gold", tr("Gold column"),
                      tr("The column with the true class, where it is known: it is measured against, never "
                         "learned from."),
                      tr("none"), Kind::Column));
        addLayout(all, section);
    }
    add(all,
        slider("data.holdout.validation", tr("Validation"),
               tr("Share of the training rows put aside to measure on while training."), 0, 0.5, 0.01, 2));
    add(all, slider("data.holdout.test", tr("Test"),
                    tr("Share of the training rows put aside to measure on at the end."), 0, 0.5, 0.01, 2));
    add(all, number("data.holdout.seed", tr("Seed"), tr("Another seed puts other rows aside."), 0, 9e15));
    auto order =
        text(QStringLiteral("data.classes"), tr("Order"),
             tr("The classes in an order of your own, as [first, second, …]; empty: those in the data, "
                "sorted."),
             tr("as in the data"));
    order.yaml = true;
    add(all, order);
    add(all,
        onOff("data.unescape_html", tr("Unescape HTML"), tr("Turns &amp;amp; into &amp; and its like.")));
}

void addTeacher(Catalogue& all) {
    add(all, choice("teacher.kind", tr("Kind"), tr("Where the teacher's labels come from."),
                    {"columns", "file", "simulated", "gold"},
                    {tr("columns of the data"), tr("a file of its own"), tr("simulated"),
                     tr("gold (upper bound)")}));
    add(all, text("teacher.label", tr("Label column"), tr("The column with the class the teacher chose."),
                  tr("column"), Kind::Column));
    add(all, text("teacher.confidence", tr("Confidence"), tr("How sure the teacher is, 0 to 1."),
                  tr("column"), Kind::Column));
    add(all, text("teacher.probabilities", tr("Probabilities"),
                  tr("Prefix of the columns with one probability per class; in JSON Lines the column with "
                     "all of them."),
                  tr("prefix, e.g. p_")));
    add(all, text("teacher.file", tr("File"), tr("The file with what the teacher said."), tr("path")));
    add(all, text("teacher.id", tr("Id column"), tr("Joins the teacher's rows to the texts; none: by row."),
                  tr("none: by row"), Kind::Column));
    addLayout(all, QStringLiteral("teacher"));
    add(all, slider("teacher.accuracy", tr("Accuracy"),
                    tr("The share of texts on which the simulated teacher is right."), 0.1, 1, 0.01, 2));
    add(all, slider("teacher.overconfidence", tr("Overconfidence"),
                    tr("−1: too modest. 0: calibrated. 1: too sure of itself."), -1, 1, 0.05, 2));
    add(all,
        slider(
            "teacher.confusion", tr("Confusion"),
            tr("0: errors anywhere. 1: each class errs into a few neighbours, some classes much more often."),
            0, 1, 0.05, 2));
    add(all, number("teacher.seed", tr("Seed"), tr("Another seed makes another teacher of the same kind."), 0,
                    9e15));
}

void addStudent(Catalogue& all) {
    add(all, choice("student.kind", tr("Kind"), tr("The network that learns."), {"ngram"},
                    {tr("hashed n-grams")}));
    add(all, number("student.dimensions", tr("Dimensions"), tr("Length of an n-gram's vector."), 1, 4096));
    add(all, number("student.buckets", tr("Buckets"), tr("N-grams are hashed into so many vectors."), 1,
                    2147483648.0));
    add(all, number("student.word_ngrams", tr("Word n-grams"),
                    tr("1: words alone. 2: and pairs of words. And so on."), 1, 16));
    auto pieces = text(QStringLiteral("student.char_ngrams"), tr("Char. n-grams"),
                       tr("The shortest and the longest, as [3, 5]; empty: none."), tr("none, or [3, 5]"));
    pieces.yaml = true;
    add(all, pieces);
}

/// A number that may change over the run.
SettingSpec movable(const char* key, const QString& label, const QString& tip, double low, double high,
                    double step, int decimals) {
    SettingSpec spec = slider(key, label, tip, low, high, step, decimals);
    spec.schedulable = true;
    return spec;
}

/// A structure, typed as YAML.
SettingSpec structure(const char* key, const QString& label, const QString& tip, const QString& placeholder) {
    SettingSpec spec = text(QString::fromLatin1(key), label, tip, placeholder);
    spec.yaml = true;
    return spec;
}

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

void addTraining(Catalogue& all) {
    add(all, choice("loss.target", tr("Learn"), tr("The teacher's label, its whole distribution, or both."),
                    {"hard", "soft", "mix"},
                    {tr("labels (hard)"), tr("distributions (soft)"), tr("a mix of both")}));
    add(all, slider("loss.temperature", tr("Temperature"), tr("Above 1 the soft targets are flatter."), 0.1,
                    10, 0.1, 1));
    add(all,
        slider("loss.mix", tr("Soft share"), tr("0: labels alone. 1: distributions alone."), 0, 1, 0.05, 2));
    add(all, number("training.epochs", tr("Epochs"), tr("How often every text comes up."), 1, 1e6));
    const auto budget = [&](const char* key, const QString& label, const QString& tip, const QString& none,
                            int decimals = 0) {
        auto spec = number(key, label, tip, 0, 9e15, 1, decimals);
        spec.optional = true;
        spec.placeholder = none;
        add(all, spec);
    };
    budget("training.stop.gradient_samples", tr("Gradient samples"),
           tr("Training ends when so many samples have gone through a backward pass."), tr("no limit"));
    budget("training.stop.distinct_samples", tr("Distinct samples"),
           tr("Training ends when so many different texts have been learned from."), tr("no limit"));
    budget("training.stop.minutes", tr("Minutes"),
           tr("Training ends after so many minutes, pauses and evaluations not counted."), tr("no limit"), 3);
    add(all, number("training.batch", tr("Batch"), tr("Candidates of a step."), 1, 1e6));
    SettingSpec rate{QStringLiteral("training.learning_rate"), tr("Learning rate"),
                     tr("Constant, or from one value to another over the run."), Kind::Schedule};
    rate.low = 0;
    rate.high = 1000;
    rate.step = 0.1;
    rate.decimals = 5;
    add(all, rate);
    add(all, number("training.seed", tr("Seed"), tr("The same seed gives the same run."), 0, 9e15));
    auto device = choice("training.device", tr("Device"), tr("Where it is computed."), {"auto", "cpu"},
                         {tr("auto"), tr("CPU")});
    add(all, device);
    add(all, number("training.threads", tr("Threads"), tr("0: all cores."), 0, 1024));
    add(all,
        onOff("training.packing", tr("Packing"), tr("Kept samples wait until they fill an update batch.")));
    add(all, text(QStringLiteral("name"), tr("Name"), tr("Of the experiment: runs are named after it."),
                  tr("untitled")));
}

} // namespace

const SettingSpec& settingSpec(const QString& key) {
    static const Catalogue catalogue = [] {
        Catalogue all;
        addData(all);
        addTeacher(all);
        addStudent(all);
        addSelection(all);
        addTraining(all);
        return all;
    }();
    const auto found = catalogue.constFind(key);
    Q_ASSERT_X(found != catalogue.constEnd(), "settingSpec", qPrintable(key));
    return *found;
}

} // namespace stillroom
