// What can be known of an experiment without reading its data.
#include "core/base/check_schedule.h"
#include "core/base/number.h"
#include "core/data/open_records.h"
#include "core/experiment/check_asking.h"
#include "core/experiment/check_labels.h"
#include "core/experiment/experiment.h"
#include "core/selection/rule.h"
#include "core/teacher/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tuple>

namespace stillroom {

namespace {

constexpr std::int64_t MaxBuckets = std::int64_t{1} << 31;

Result<void> integerWithin(std::string_view key, std::int64_t value, std::int64_t least,
                           std::int64_t greatest) {
    if (value >= least && value <= greatest)
        return {};
    return fail(
        fmt::format("{} is {}; it must be from {} to {}", key, value, least, groupThousands(greatest)));
}

/// NaN is never within.
Result<void> within(std::string_view key, double value, double least, double greatest) {
    if (value >= least && value <= greatest)
        return {};
    return fail(fmt::format("{} is {}; it must be from {} to {}", key, writeNumber(value), writeNumber(least),
                            writeNumber(greatest)));
}

Result<void> oneOf(std::string_view key, const std::string& value, std::span<const std::string_view> known) {
    if (value.empty() || std::find(known.begin(), known.end(), value) != known.end())
        return {};
    const std::string nearest = nearestWord(value, known);
    return fail(fmt::format("{} is '{}'; it must be one of {}{}", key, value, fmt::join(known, ", "),
                            nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

/// The files' layout, the same for a split and for a teacher's file.
Result<void> checkLayout(const std::string& section, const std::string& format, const std::string& delimiter,
                         const std::string& quoting, const std::string& encoding) {
    static constexpr std::array<std::string_view, 3> encodings{"utf-8", "utf-16", "windows-1252"};
    static constexpr std::array<std::string_view, 2> quotings{"double", "none"};
    if (auto checked = oneOf(section + ".format", format, RecordFormatNames); !checked)
        return checked;
    if (auto checked = oneOf(section + ".quoting", quoting, quotings); !checked)
        return checked;
    if (auto checked = oneOf(section + ".encoding", encoding, encodings); !checked)
        return checked;
    const bool tab = delimiter == "tab" || delimiter == "\\t";
    if ((delimiter.size() > 1 && !tab) || delimiter == "\n" || delimiter == "\r" || delimiter == "\"")
        return fail(
            fmt::format("{}.delimiter is '{}'; it must be one character that is no quote and no line end, "
                        "such as ',' or ';', or tab",
                        section, delimiter));
    return {};
}

Result<void> checkData(const DataSettings& data) {
    if (data.train.files.empty())
        return fail("data.train.files is missing: name the files to learn from");
    const std::array<std::pair<std::string, const SplitSettings*>, 3> splits{
        {{"data.train", &data.train}, {"data.validation", &data.validation}, {"data.test", &data.test}}};
    for (const auto& [section, split] : splits) {
        if (auto checked =
                checkLayout(section, split->format, split->delimiter, split->quoting, split->encoding);
            !checked)
            return checked;
        if (std::find(split->files.begin(), split->files.end(), "") != split->files.end())
            return fail(section + ".files has an empty name in it");
        if (split->files.empty() && *split != SplitSettings{})
            return fail(section + ".files is missing, but other settings of it are given");
        if (auto checked = checkTextColumns(section, *split); !checked)
            return checked;
    }
    const auto& holdout = data.holdout;
    for (const auto& [key, share] : {std::pair("data.holdout.validation", holdout.validation),
                                     std::pair("data.holdout.test", holdout.test)})
        if (!(share >= 0 && share < 1))
            return fail(
                fmt::format("{} is {}; a share must be at least 0 and less than 1", key, writeNumber(share)));
    if (holdout.validation + holdout.test >= 1)
        return fail(
            "data.holdout.validation and data.holdout.test together leave nothing to learn from; their sum "
            "must be less than 1");
    if (holdout.validation > 0 && !data.validation.files.empty())
        return fail("data.validation.files and data.holdout.validation both give validation data; keep one");
    if (holdout.test > 0 && !data.test.files.empty())
        return fail("data.test.files and data.holdout.test both give test data; keep one");
    if (auto checked = integerWithin("data.holdout.seed", holdout.seed, 0, INT64_MAX); !checked)
        return checked;
    if (data.classes.size() == 1)
        return fail(
            "data.classes names one class; it must name at least two, or none to take those in the data");
    auto sorted = data.classes;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
        return fail(fmt::format("data.classes names '{}' twice", *twice));
    if (!sorted.empty() && sorted.front().empty())
        return fail("data.classes has an empty name in it");
    return checkRenaming(data);
}

Result<void> checkZeroShot(const TeacherSettings& teacher) {
    if (teacher.model.empty())
        return fail(
            "teacher.model is missing: name a folder of Hugging Face's, or an encoder in the cache such "
            "as minilm (packaging/get-encoder minilm)");
    if (teacher.sentence.find("{}") == std::string::npos)
        return fail(fmt::format("teacher.sentence is '{}'; it must have {{}} where the class's name goes",
                                teacher.sentence));
    for (const auto& [name, sentence] : teacher.sentences)
        if (sentence.empty())
            return fail(fmt::format("teacher.sentences has no words for '{}'", name));
    if (!(teacher.scale > 0 && teacher.scale <= 10'000))
        return fail(fmt::format("teacher.scale is {}; it must be more than 0 and at most 10000",
                                writeNumber(teacher.scale)));
    return integerWithin("teacher.length", teacher.length, 3, 65'536);
}

Result<void> checkTeacher(const TeacherSettings& teacher) {
    const bool says = !teacher.label.empty() || !teacher.probabilities.empty();
    switch (teacher.kind) {
    case TeacherKind::File:
        if (teacher.file.empty())
            return fail("teacher.file is missing: name the file with what the teacher said");
        if (auto checked =
                checkLayout("teacher", teacher.format, teacher.delimiter, teacher.quoting, teacher.encoding);
            !checked)
            return checked;
        [[fallthrough]];
    case TeacherKind::Columns:
        if (!says)
            return fail("teacher.label and teacher.probabilities are both missing: name the column with the "
                        "teacher's label, or the columns with its probabilities");
        break;
    case TeacherKind::Simulated: {
        if (!(teacher.accuracy > 0 && teacher.accuracy <= 1))
            return fail(fmt::format("teacher.accuracy is {}; it must be more than 0 and at most 1",
                                    writeNumber(teacher.accuracy)));
        if (auto checked = within("teacher.overconfidence", teacher.overconfidence, -1, 1); !checked)
            return checked;
        if (auto checked = within("teacher.confusion", teacher.confusion, 0, 1); !checked)
            return checked;
        return integerWithin("teacher.seed", teacher.seed, 0, INT64_MAX);
    }
    case TeacherKind::ZeroShot:
        return checkZeroShot(teacher);
    case TeacherKind::Llm:
        return checkLlm(teacher.llm);
    case TeacherKind::Gold:
        break;
    }
    return {};
}

Result<void> checkCalibrationOf(const TeacherSettings& teacher) {
    if (teacher.kind == TeacherKind::Gold && teacher.calibration.kind != CalibrationKind::None)
        return fail(
            fmt::format("teacher.calibration is {}, but a teacher that is gold (teacher.kind: gold) is "
                        "always right and always sure; set teacher.calibration to none",
                        calibrationName(teacher.calibration.kind)));
    return checkCalibration(teacher.calibration);
}

/// Of an encoder, fine-tuned or frozen. What its files say is checked when they are read.
Result<void> checkPretrained(const StudentSettings& student) {
    if (student.model.empty())
        return fail(
            "student.model is missing: name a folder of Hugging Face's (config.json, model.safetensors, "
            "tokenizer files), or an encoder in the cache such as minilm (packaging/get-encoder minilm)");
    if (auto checked = integerWithin("student.length", student.length, 3, 65'536); !checked)
        return checked;
    if (!(student.headDropout >= 0 && student.headDropout < 1))
        return fail(fmt::format("student.head_dropout is {}; it must be at least 0 and less than 1",
                                writeNumber(student.headDropout)));
    if (student.dropout && !(*student.dropout >= 0 && *student.dropout < 1))
        return fail(fmt::format("student.dropout is {}; it must be at least 0 and less than 1",
                                writeNumber(*student.dropout)));
    const std::array<std::tuple<const char*, std::optional<std::int64_t>, std::int64_t>, 4> sizes{
        {{"student.layers", student.layers, 256},
         {"student.width", student.width, 65'536},
         {"student.heads", student.heads, 1024},
         {"student.feed_forward", student.feedForward, 1 << 20}}};
    for (const auto& [key, size, greatest] : sizes)
        if (size)
            if (auto checked = integerWithin(key, *size, 1, greatest); !checked)
                return checked;
    if (student.width && student.heads && *student.width % *student.heads != 0)
        return fail(fmt::format("student.width is {}, which student.heads ({}) does not divide",
                                *student.width, *student.heads));
    return integerWithin("student.hidden", student.hidden, 0, 65'536);
}

Result<void> checkStudent(const StudentSettings& student) {
    if (student.kind != StudentKind::Ngram)
        return checkPretrained(student);
    if (auto checked = integerWithin("student.dimensions", student.dimensions, 1, 4096); !checked)
        return checked;
    if (auto checked = integerWithin("student.buckets", student.buckets, 1, MaxBuckets); !checked)
        return checked;
    if (auto checked = integerWithin("student.word_ngrams", student.wordNgrams, 1, 16); !checked)
        return checked;
    const int shortest = student.charNgramsMin;
    const int longest = student.charNgramsMax;
    if ((shortest != 0 || longest != 0) && (shortest < 1 || longest < shortest || longest > 32))
        return fail(
            fmt::format("student.char_ngrams is [{}, {}]; it must be [shortest, longest] with 1 ≤ shortest ≤ "
                        "longest ≤ 32, or left out",
                        shortest, longest));
    return {};
}

Result<void> checkDevice(const std::string& device) {
    static constexpr std::string_view gpu = "cuda:";
    if (device == "auto" || device == "cpu" || device == "cuda")
        return {};
    if (device.compare(0, gpu.size(), gpu) == 0) {
        const auto number = std::string_view(device).substr(gpu.size());
        const bool digits =
            !number.empty() && number.size() <= 3 &&
            std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (digits)
            return {};
    }
    return fail(
        fmt::format("training.device is '{}'; it must be auto, cpu, cuda, or cuda:N such as cuda:0", device));
}

Result<void> checkOptimizer(const OptimizerSettings& optimizer) {
    if (auto checked = within("training.weight_decay", optimizer.weightDecay, 0, 10); !checked)
        return checked;
    if (!(optimizer.layerDecay > 0 && optimizer.layerDecay <= 1))
        return fail(fmt::format("training.layer_decay is {}; it must be more than 0 and at most 1",
                                writeNumber(optimizer.layerDecay)));
    if (!(optimizer.clipNorm >= 0 && std::isfinite(optimizer.clipNorm)))
        return fail(fmt::format("training.clip_norm is {}; it must be 0 (no clipping) or more",
                                writeNumber(optimizer.clipNorm)));
    return integerWithin("training.accumulate", optimizer.accumulate, 1, 1'000'000);
}

Result<void> checkTraining(const TrainingSettings& training, StudentKind student) {
    if (auto checked = integerWithin("training.epochs", training.epochs, 1, 1'000'000); !checked)
        return checked;
    if (auto checked = integerWithin("training.batch", training.batch, 1, 1'000'000); !checked)
        return checked;
    if (auto checked = checkCheckpoint(training.checkpoint); !checked)
        return checked;
    if (auto checked = checkStop(training.stop); !checked)
        return checked;
    if (auto checked = checkLearningRate(learningRateOf(training, student)); !checked)
        return checked;
    if (auto checked = checkOptimizer(training.optimizer); !checked)
        return checked;
    if (auto checked = integerWithin("training.micro_batch", training.microBatch, 1, 1'000'000); !checked)
        return checked;
    if (auto checked = integerWithin("training.score_every", training.scoreEvery, 1, 1'000'000); !checked)
        return checked;
    if (auto checked = integerWithin("training.seed", training.seed, 0, INT64_MAX); !checked)
        return checked;
    if (auto checked = integerWithin("training.threads", training.threads, 0, 1024); !checked)
        return checked;
    return checkDevice(training.device);
}

Result<void> checkName(const std::string& name) {
    if (name.empty())
        return fail("name is empty: give the experiment a name");
    if (name.size() > 200)
        return fail("name is longer than 200 bytes; give the experiment a shorter one");
    if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        return fail("name has a line end or another control character in it");
    return {};
}

} // namespace

Result<void> checkExperiment(const Experiment& experiment) {
    if (auto checked = checkName(experiment.name); !checked)
        return checked;
    if (auto checked = checkData(experiment.data); !checked)
        return checked;
    if (auto checked = checkTeacher(experiment.teacher); !checked)
        return checked;
    if (auto checked = checkCalibrationOf(experiment.teacher); !checked)
        return checked;
    if (auto checked = checkAsking(experiment.asking, experiment.teacher.calibration.kind); !checked)
        return checked;
    if (auto checked = checkStudent(experiment.student); !checked)
        return checked;
    if (auto checked = checkSelection(experiment.selection); !checked)
        return checked;
    if (auto checked = checkLoss(experiment.loss); !checked)
        return checked;
    return checkTraining(experiment.training, experiment.student.kind);
}

} // namespace stillroom
