#include "core/output/model_card.h"

#include "core/base/number.h"
#include "core/engine/metrics.h"
#include "core/experiment/test_set_bootstrap.h"
#include "core/output/export_resources.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

/// Somebody else's words, within a line or a table.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n' || c == '\r')
            out += ' ';
        else if (std::string_view("|<>`*_[]#{}\\").find(c) != std::string_view::npos)
            out += fmt::format("\\{}", c);
        else
            out += c;
    }
    return out;
}

std::string percent(double share) {
    return fmt::format("{:.2f} %", 100 * share);
}

std::string percent(double share, const Interval& interval) {
    return fmt::format("{} ({:.2f} to {:.2f})", percent(share), 100 * interval.low, 100 * interval.high);
}

/// "mit", "cc-by-4.0": what the hub takes for a licence's name, and no word that YAML takes for something
/// else.
bool isLicenceName(const std::string& licence) {
    static constexpr std::array words = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
    return !licence.empty() && std::find(words.begin(), words.end(), licence) == words.end() &&
           licence.size() <= 40 && std::all_of(licence.begin(), licence.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
           });
}

std::string frontMatter(const ModelCard& card) {
    std::string lines = "pipeline_tag: text-classification\ntags:\n- text-classification\n- distillation\n"
                        "- stillroom\n";
    if (card.format == ExportFormat::HuggingFace)
        lines += "library_name: transformers\n";
    if (isLicenceName(card.licence))
        lines += "license: " + card.licence + "\n";
    else if (!card.licence.empty())
        lines += "license: other\n";
    return lines;
}

std::string title(const ModelCard& card) {
    return card.run != nullptr ? plain(card.run->experiment.name) : "A student";
}

std::string teacherWords(const ModelCard& card) {
    if (card.run == nullptr)
        return "Not known: the student was exported from its file alone, not from its run.";
    const auto& experiment = card.run->experiment;
    const auto& origin = card.run->origin;
    std::string words = fmt::format("`{}`", settingValue(experiment, "teacher.kind"));
    if (const auto model = settingValue(experiment, "teacher.model"); !model.empty())
        words += fmt::format(" (`{}`)", model);
    if (origin.teacherRows > 0)
        words += fmt::format(", which labelled {} training texts", groupThousands(origin.teacherRows));
    if (origin.teacherAccuracy >= 0)
        words += fmt::format("; against gold its accuracy there is {}, its macro-F1 {}",
                             percent(origin.teacherAccuracy), percent(origin.teacherMacroF1));
    return words + fmt::format(". Its confidences: `teacher.calibration: {}`.",
                               settingValue(experiment, "teacher.calibration"));
}

std::string dataWords(const ModelCard& card) {
    if (card.run == nullptr)
        return "Not known: the student was exported from its file alone, not from its run.";
    std::string lines;
    for (const char* split : {"train", "validation", "test"}) {
        const std::string key = fmt::format("data.{}", split);
        if (const auto files = settingValue(card.run->experiment, key + ".files"); !files.empty())
            lines += fmt::format("* {}: `{}`\n", split, files);
        if (const std::string held = fmt::format("data.holdout.{}", split);
            std::string_view(split) != "train" && !isDefault(card.run->experiment, held))
            lines += fmt::format("* {}: held out of the training files, `{}: {}`\n", split, held,
                                 settingValue(card.run->experiment, held));
    }
    if (card.run->experiment.data.unescapeHtml)
        lines +=
            "* `&amp;` and its like became characters before a text was read: do the same before you ask "
            "for its label\n";
    lines += fmt::format("* {} training texts\n", groupThousands(card.summary->counts.total));
    return lines;
}

std::string trainingWords(const ModelCard& card) {
    if (card.run == nullptr)
        return "Not known: the student was exported from its file alone, not from its run.\n";
    const auto& experiment = card.run->experiment;
    const auto& counts = card.summary->counts;
    std::string lines = fmt::format("* rule `{}`, seed {}\n", card.summary->rule, card.summary->seed);
    lines += fmt::format("* samples in backward passes: {} ({} of all that {} epochs have)\n",
                         groupThousands(counts.gradient), percent(card.summary->gradientShare()),
                         card.summary->epochs);
    lines += fmt::format("* texts ever used: {} ({})\n", groupThousands(counts.distinct),
                         percent(card.summary->distinctShare()));
    if (card.summary->keptPrecision)
        lines +=
            fmt::format("* right labels among what was used: {}\n", percent(*card.summary->keptPrecision));
    lines += "\nSettings that differ from the defaults:\n\n| setting | value |\n|---|---|\n";
    for (const auto& key : settingKeys())
        if (settingApplies(experiment, key) && !isDefault(experiment, key) && key != "name" &&
            !key.starts_with("data."))
            lines += fmt::format("| {} | {} |\n", plain(key), plain(settingValue(experiment, key)));
    return lines;
}

/// The split whose confusion there is: test, else validation.
struct Scores {
    const char* split;
    Metrics metrics;
};
std::optional<Scores> scoresOf(const ModelCard& card) {
    if (card.summary == nullptr)
        return {};
    const auto classes = static_cast<int>(card.summary->classes.size());
    if (!card.summary->testConfusion.empty())
        return Scores{"test", metricsOf(card.summary->testConfusion, classes)};
    if (!card.summary->validationConfusion.empty())
        return Scores{"validation", metricsOf(card.summary->validationConfusion, classes)};
    return {};
}

std::string measuredRow(const char* what, const StudentMeasure& measure) {
    std::string texts = groupThousands(measure.rows);
    if (measure.rows < measure.all)
        texts += " of " + groupThousands(measure.all);
    return fmt::format("| {} | {} | {} | {} | {} | {:.4f} |\n", what, splitName(measure.split), texts,
                       percent(measure.accuracy), percent(measure.macroF1), measure.calibrationError);
}

std::string resultWords(const ModelCard& card) {
    std::string lines;
    const auto scores = scoresOf(card);
    if (scores && scores->metrics.rows > 0) {
        const auto intervals = testSetIntervals(scores->metrics.confusion, {});
        lines += fmt::format(
            "On the {} {} texts, with 95 % intervals of the texts alone (bootstrap; another seed or "
            "other training texts vary beyond them):\n\n| | |\n|---|---|\n| accuracy | {} |\n| "
            "macro-F1 | {} |\n\n",
            groupThousands(scores->metrics.rows), scores->split,
            percent(scores->metrics.accuracy, intervals.accuracy),
            percent(scores->metrics.macroF1, intervals.macroF1));
        lines += "| class | texts | precision | recall | F1 |\n|---|---|---|---|---|\n";
        const auto& classes = card.summary->classes;
        for (std::size_t k = 0; k < classes.size(); ++k) {
            std::int64_t texts = 0;
            for (std::size_t other = 0; other < classes.size(); ++other)
                texts += scores->metrics.confusion[k * classes.size() + other];
            lines += fmt::format("| {} | {} | {} | {} | {} |\n", plain(classes[k]), groupThousands(texts),
                                 percent(scores->metrics.precision[k]), percent(scores->metrics.recall[k]),
                                 percent(scores->metrics.f1[k]));
        }
    } else {
        lines += "No gold labels were measured against.\n";
    }
    if (!card.before)
        return lines +
               "\nThe calibration error was not measured: no texts with gold labels were at hand when it "
               "was exported.\n";
    lines += "\n| measured when it was exported | split | texts | accuracy | macro-F1 | calibration error |\n"
             "|---|---|---|---|---|---|\n";
    lines += measuredRow("the student", *card.before);
    if (card.after)
        lines += measuredRow(fmt::format("this export ({} weights)", weightsName(card.weights)).c_str(),
                             *card.after);
    return lines +
           "\nThe calibration error is the expected one over 15 bins of equal width: by how much confidence "
           "and accuracy differ on average.\n";
}

std::string verifiedWords(const ModelCard& card) {
    return fmt::format(
        "Read back after writing and compared with the student on {} texts: {} have the same label, "
        "the largest difference of a probability is {:.2g}.",
        card.exported.compared, card.exported.sameLabels, card.exported.largestDifference);
}

std::string licenceWords(const ModelCard& card) {
    if (card.licence.empty())
        return "None was stated. The texts, the teacher's terms and, for an encoder, the pretrained model "
               "may each "
               "restrict what may be done with a student that learned from them.";
    return plain(card.licence);
}

std::string reproduceWords(const ModelCard& card) {
    if (card.run == nullptr)
        return fmt::format("Exported by Stillroom {} from a student's file.\n", STILLROOM_VERSION);
    const auto& origin = card.run->origin;
    std::string words =
        fmt::format("Trained by Stillroom {} with LibTorch {} on {} with {} threads", plain(origin.version),
                    plain(origin.torchVersion), plain(origin.device), origin.threads);
    words += fmt::format(", exported by Stillroom {}. `stillroom-cli run` of this, with the data's folder as "
                         "`--data`, trains it again:\n\n",
                         STILLROOM_VERSION);
    return words + "```yaml\n" + writeExperiment(card.run->experiment, YamlDetail::Changed) + "```\n";
}

/// How Python makes the `tokenizers` tokenizer of a folder: the package reads tokenizer.json, the older files
/// are transformers' to read.
struct PythonTokenizer {
    std::string lineOfImport, make;
};
PythonTokenizer pythonTokenizer(const QJsonArray& files) {
    if (files.contains(QStringLiteral("tokenizer.json")))
        return {"from tokenizers import Tokenizer", "Tokenizer.from_file(\"tokenizer.json\")"};
    const char* kind =
        files.contains(QStringLiteral("vocab.txt")) ? "BertTokenizerFast" : "RobertaTokenizerFast";
    return {fmt::format("from transformers import {}", kind),
            fmt::format("{}.from_pretrained(\".\").backend_tokenizer", kind)};
}

/// Of the facts, as Python's keyword arguments and numbers.
std::map<std::string, std::string> factValues(const ModelCard& card) {
    const QJsonObject facts = QJsonDocument::fromJson(QByteArray::fromStdString(card.facts)).object();
    const QJsonObject recipe = facts[QLatin1String("ngrams")].toObject();
    const QJsonObject tokens = facts[QLatin1String("tokens")].toObject();
    const auto tokenizer = pythonTokenizer(tokens[QLatin1String("files")].toArray());
    const auto number = [](const QJsonObject& from, const char* key) {
        return std::to_string(static_cast<long long>(from[QLatin1String(key)].toDouble()));
    };
    return {{"buckets", number(recipe, "buckets")},
            {"word_ngrams", number(recipe, "word_ngrams")},
            {"char_ngrams_min", number(recipe, "char_ngrams_min")},
            {"char_ngrams_max", number(recipe, "char_ngrams_max")},
            {"length", number(tokens, "length")},
            {"pad_id", number(tokens, "pad_id")},
            {"tokenizer_import", tokenizer.lineOfImport},
            {"tokenizer", tokenizer.make},
            {"trust", card.exported.code.empty() ? "" : ", trust_remote_code=True"}};
}

/// How to use it: a page for each format and kind.
Result<std::string> usage(const ModelCard& card) {
    const bool own = card.format == ExportFormat::HuggingFace || card.format == ExportFormat::Safetensors;
    const std::string name =
        fmt::format("use_{}{}.md", formatName(card.format), own ? "" : "_" + card.exported.kind);
    const auto page = readExportResource(name);
    if (!page)
        return page;
    auto values = factValues(card);
    const auto recipe = readExportResource("ngram_recipe.md");
    if (!recipe)
        return recipe;
    values["ngram_recipe"] = *recipe;
    return fillIn(*page, values, name);
}

} // namespace

Result<std::string> writeModelCard(const ModelCard& card) {
    const auto page = readExportResource("model_card.md");
    if (!page)
        return page;
    const auto use = usage(card);
    if (!use)
        return use;
    std::vector<std::string> classes;
    for (const auto& name : card.exported.classes)
        classes.push_back(plain(name));
    std::string files = "| file | bytes |\n|---|---|\n";
    for (const auto& [name, bytes] : card.exported.files)
        files += fmt::format("| {} | {} |\n", plain(name), groupThousands(bytes));
    if (card.exported.unprunedBytes > 0)
        files +=
            fmt::format("\nOnly n-grams that were ever learned are in it; a float32 vector for every bucket "
                        "would take {} bytes.\n",
                        groupThousands(card.exported.unprunedBytes));
    return fillIn(*page,
                  {{"front_matter", frontMatter(card)},
                   {"title", title(card)},
                   {"student", plain(card.exported.description)},
                   {"format", std::string(formatName(card.format))},
                   {"weights", std::string(weightsName(card.weights))},
                   {"classes", fmt::format("{}", fmt::join(classes, ", "))},
                   {"use", *use},
                   {"data", dataWords(card)},
                   {"teacher", teacherWords(card)},
                   {"training", trainingWords(card)},
                   {"results", resultWords(card)},
                   {"verified", verifiedWords(card)},
                   {"files", files},
                   {"licence", licenceWords(card)},
                   {"reproduce", reproduceWords(card)}},
                  "model_card.md");
}

} // namespace stillroom
