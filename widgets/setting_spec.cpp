#include "widgets/setting_catalogue.h"

namespace stillroom {

namespace catalogue {
namespace {

void addLayout(Catalogue& all, const QString& section) {
    auto format = choice(
        "", tr("Format"), tr("How the files are written. By the ending: .csv, .tsv, .jsonl."),
        {"", "csv", "tsv", "jsonl", "label_lines", "pubmed_rct", "wordnet"},
        {tr("by the ending"), "CSV", "TSV", "JSON Lines", tr("text;label lines"), "PubMed-RCT", "WordNet"});
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
    auto encoding =
        choice("", tr("Encoding"), tr("How characters are written. A byte order mark needs no setting."),
               {"", "utf-8", "utf-16", "windows-1252"},
               {tr("UTF-8, or by its mark"), "UTF-8", "UTF-16", "Windows-1252"});
    encoding.key = section + ".encoding";
    encoding.optional = true;
    add(all, encoding);
    auto header = onOff("", tr("Header line"),
                        tr("Whether the first line names the columns of a CSV or TSV; without one they are "
                           "called 1, 2, …"));
    header.key = section + ".header";
    add(all, header);
}

void addZeroShot(Catalogue& all) {
    add(all,
        text(QStringLiteral("teacher.model"), tr("Model"),
             tr("Of an LLM: its name, as the server calls it. Of an encoder: its name in your cache, or a "
                "Hugging Face folder with config.json, model.safetensors and the tokenizer's files."),
             tr("name or folder"), Kind::Column));
    auto sentence = text(QStringLiteral("teacher.sentence"), tr("Sentence"),
                         tr("Stands for a class that has no sentence of its own; {} becomes the class's "
                            "name, its underscores spaces."),
                         tr("This text is about {}."));
    sentence.optional = false;
    add(all, sentence);
    add(all, structure("teacher.sentences", tr("Sentences"),
                       tr("Of single classes: {fire: Something burns., flood: Streets are under water.}"),
                       tr("none")));
    add(all, number("teacher.scale", tr("Scale"),
                    tr("What the cosines are multiplied by before they become probabilities; more is surer."),
                    0.001, 10000, 1, 3));
    add(all,
        number("teacher.length", tr("Length (tokens)"),
               tr("Tokens of a text at most, special ones included; what is over is cut off."), 3, 65536));
    add(all, choice("teacher.pooling", tr("Pooling"), tr("How a text's tokens become one vector."),
                    {"mean", "cls"}, {tr("mean of the tokens"), tr("first token (CLS)")}));
}

void addCalibration(Catalogue& all) {
    add(all, choice("teacher.calibration", tr("Method"),
                    tr("How the teacher's confidences are corrected by texts whose true class is known."),
                    {"none", "temperature", "histogram", "isotonic"},
                    {tr("none: as it says"), tr("temperature"), tr("histogram"), tr("isotonic regression")}));
    add(all,
        slider("teacher.calibration_share", tr("Share"),
               tr("Of the training texts with gold: the correction is learned from these, and measured on "
                  "the others."),
               0.01, 0.99, 0.01, 2));
    add(all,
        number("teacher.calibration_bins", tr("Bins"),
               tr("Bins of equally many texts; each confidence becomes the share that is right in its bin."),
               1, 10000));
    add(all, number("teacher.calibration_seed", tr("Seed"),
                    tr("Another seed learns the correction from other texts."), 0, 9e15));
}

} // namespace

void addData(Catalogue& all) {
    for (const char* split : {"train", "validation", "test"}) {
        const QString section = QStringLiteral("data.") + QLatin1String(split);
        add(all, text(section + ".files", tr("Files"),
                      tr("Paths or patterns (*, ?), several separated by semicolons."),
                      tr("drop files here, or choose")));
        add(all,
            text(section + ".text", tr("Text column"),
                 tr("The column with the text; import a file to join several."), tr("column"), Kind::Column));
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
    add(all,
        structure("data.rename", tr("Rename"),
                  tr("Labels of the files, gold's and the teacher's, and what they are called here; two with "
                     "one name become one class: {0: sadness, 1: joy}"),
                  tr("as in the data")));
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
                    {"columns", "file", "llm", "zero_shot", "simulated", "gold"},
                    {tr("columns of the data"), tr("a file of its own"), tr("an LLM that is asked"),
                     tr("zero-shot encoder"), tr("simulated"), tr("gold (upper bound)")}));
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
    addZeroShot(all);
    addLlm(all);
    addCalibration(all);
}

} // namespace catalogue

const SettingSpec& settingSpec(const QString& key) {
    static const catalogue::Catalogue known = [] {
        catalogue::Catalogue all;
        catalogue::addData(all);
        catalogue::addTeacher(all);
        catalogue::addStudent(all);
        catalogue::addSelection(all);
        catalogue::addTraining(all);
        return all;
    }();
    const auto found = known.constFind(key);
    Q_ASSERT_X(found != known.constEnd(), "settingSpec", qPrintable(key));
    return *found;
}

} // namespace stillroom
