#include "core/teacher/teacher_columns.h"

#include "core/base/number.h"
#include "core/data/columns.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// The reason for a label that is no class. A file with the wrong column has it in every row, so the sentence
/// is made once a label.
class NoClass {
  public:
    explicit NoClass(const std::vector<std::string>& classes) : classes_(classes) {}

    const std::string& reason(std::string_view label) {
        if (label != label_ || reason_.empty()) {
            const std::vector<std::string_view> known(classes_.begin(), classes_.end());
            const std::string nearest = nearestWord(label, known);
            label_ = label;
            reason_ = fmt::format(
                "label '{}' is none of the {} classes; {}", shortened(label), classes_.size(),
                nearest.empty()
                    ? fmt::format("correct it or list it in data.classes; there are: {}", listNames(classes_))
                    : fmt::format("did you mean '{}'? Else list it in data.classes", nearest));
        }
        return reason_;
    }

  private:
    const std::vector<std::string>& classes_;
    std::string label_, reason_;
};

} // namespace

TeacherColumns::TeacherColumns(const TeacherSettings& settings, std::vector<std::string> classes,
                               std::string section, Labels& labels)
    : settings_(settings), section_(std::move(section)), labels_(labels), json_(std::move(classes), labels) {}

Result<void> TeacherColumns::begin(const std::string& file, const std::vector<std::string>& columns) {
    files_.push_back({file, rows_.size()});
    if (settings_.label.empty() && settings_.probabilities.empty())
        return fail(
            "teacher.label and teacher.probabilities are both missing; name the column with the teacher's "
            "label, or the columns with its probabilities");
    if (!settings_.label.empty() && !settings_.probabilities.empty())
        return fail("teacher.label and teacher.probabilities are both set, but the label follows from the "
                    "probabilities; remove one of them");
    return settings_.probabilities.empty() ? beginLabel(file, columns) : beginProbabilities(file, columns);
}

Result<void> TeacherColumns::beginLabel(const std::string& file, const std::vector<std::string>& columns) {
    form_ = Form::Label;
    const auto label = findColumn(columns, settings_.label, file, "teacher.label", section_);
    if (!label)
        return fail(label.error());
    labelField_ = *label;
    if (settings_.confidence.empty())
        return {};
    const auto confidence = findColumn(columns, settings_.confidence, file, "teacher.confidence", section_);
    if (!confidence)
        return fail(confidence.error());
    confidenceField_ = *confidence;
    return {};
}

Result<void> TeacherColumns::beginProbabilities(const std::string& file,
                                                const std::vector<std::string>& columns) {
    const std::string& prefix = settings_.probabilities;
    if (form_ != Form::Columns && std::find(columns.begin(), columns.end(), prefix) != columns.end()) {
        const auto field = findColumn(columns, prefix, file, "teacher.probabilities", section_);
        if (!field)
            return fail(field.error());
        form_ = Form::Json;
        jsonField_ = *field;
        return {};
    }
    std::vector<Slot> slots;
    if (form_ != Form::Json)
        for (std::size_t field = 0; field < columns.size(); ++field)
            if (columns[field].starts_with(prefix) && columns[field].size() > prefix.size())
                slots.push_back({field,
                                 labels_.number(std::string_view(columns[field]).substr(prefix.size())),
                                 columns[field]});
    if (slots.empty())
        return fail(
            fmt::format("{}: no column is called '{}'{}; set teacher.probabilities to the column that holds "
                        "them, or to what their columns begin with; there are: {}",
                        file, prefix, form_ == Form::Json ? "" : " or begins with it", listNames(columns)));
    std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) {
        return a.label != b.label ? a.label < b.label : a.name < b.name;
    });
    const auto same = [](const Slot& a, const Slot& b) { return a.name == b.name; };
    if (const auto twice = std::adjacent_find(slots.begin(), slots.end(), same); twice != slots.end())
        return fail(fmt::format("{}: two columns are called '{}'; rename one", file, twice->name));
    if (form_ == Form::Columns && !std::equal(slots.begin(), slots.end(), slots_.begin(), slots_.end(), same))
        return fail(
            fmt::format("{}: its columns that begin with '{}' are not those of {}; write all files alike",
                        file, prefix, files_.front().name));
    form_ = Form::Columns;
    slots_ = std::move(slots);
    return {};
}

RecordObserver::Refusal TeacherColumns::look(const Record& record) {
    line_ = record.line;
    answered_ = false;
    if (form_ == Form::Label)
        return lookLabel(record);
    return form_ == Form::Columns ? lookColumns(record) : lookJson(record);
}

RecordObserver::Refusal TeacherColumns::lookLabel(const Record& record) {
    const std::string_view name = record.fields[labelField_];
    if (name.empty())
        return {};
    confidence_ = 1;
    if (!settings_.confidence.empty())
        if (auto reason = readShare(record.fields[confidenceField_], "confidence", confidence_);
            !reason.empty())
            return {settings_.confidence, std::move(reason)};
    label_ = labels_.number(name);
    answered_ = true;
    return {};
}

RecordObserver::Refusal TeacherColumns::lookColumns(const Record& record) {
    const auto empty = [&](const Slot& slot) { return record.fields[slot.field].empty(); };
    if (std::all_of(slots_.begin(), slots_.end(), empty))
        return {};
    vector_.clear();
    for (const Slot& slot : slots_) {
        Probability entry{slot.label, 0};
        if (auto reason = readShare(record.fields[slot.field], "probability", entry.value); !reason.empty())
            return {slot.name, std::move(reason)};
        if (!vector_.empty() && vector_.back().label == slot.label)
            vector_.back().value += entry.value;
        else
            vector_.push_back(entry);
    }
    return complete();
}

RecordObserver::Refusal TeacherColumns::lookJson(const Record& record) {
    const std::string_view text = record.fields[jsonField_];
    if (text.empty())
        return {};
    if (auto reason = json_.read(text, vector_); !reason.empty())
        return {settings_.probabilities, std::move(reason)};
    return complete();
}

RecordObserver::Refusal TeacherColumns::complete() {
    if (auto reason = completeVector(vector_); !reason.empty())
        return {settings_.probabilities, std::move(reason)};
    answered_ = true;
    return {};
}

void TeacherColumns::accepted(std::uint32_t row) {
    if (!answered_)
        return;
    rows_.push_back(row);
    lines_.push_back(static_cast<std::uint32_t>(line_));
    if (form_ == Form::Label) {
        answerLabels_.push_back(label_);
        confidences_.push_back(confidence_);
    } else {
        probabilities_.insert(probabilities_.end(), vector_.begin(), vector_.end());
        ends_.push_back(probabilities_.size());
    }
}

BadRow TeacherColumns::badRow(std::size_t answer, std::string column, std::string reason) const {
    const auto after = [](std::size_t at, const File& file) { return at < file.firstAnswer; };
    const auto next = std::upper_bound(files_.begin(), files_.end(), answer, after);
    return {(next - 1)->name, lines_[answer], std::move(column), std::move(reason)};
}

Result<void> TeacherColumns::checkColumns(const Dataset& dataset,
                                          std::span<const std::int32_t> classOfLabel) const {
    const std::string& prefix = settings_.probabilities;
    std::vector<bool> found(dataset.classes().size());
    for (const Slot& slot : slots_) {
        const auto label = static_cast<std::size_t>(slot.label);
        if (classOfLabel[label] < 0)
            return fail(fmt::format(
                "{}: the column '{}' belongs to none of the {} classes; list them all in "
                "data.classes, rename the column or set another teacher.probabilities; there are: "
                "{}",
                files_.front().name, slot.name, dataset.classCount(), listNames(dataset.classes())));
        found[static_cast<std::size_t>(classOfLabel[label])] = true;
    }
    for (std::size_t k = 0; k < found.size(); ++k)
        if (!found[k])
            return fail(
                fmt::format("{}: there is no column '{}{}' for the class '{}'; every class needs one, named "
                            "by teacher.probabilities and the class",
                            files_.front().name, prefix, dataset.classes()[k], dataset.classes()[k]));
    return {};
}

void TeacherColumns::giveLabels(std::span<const std::int32_t> classOfLabel, const Dataset& dataset,
                                BadRows& bad, TeacherOutputs& outputs) const {
    NoClass noClass(dataset.classes());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i] == NoRow)
            continue;
        const auto label = static_cast<std::size_t>(answerLabels_[i]);
        if (classOfLabel[label] >= 0)
            outputs.set(rows_[i], classOfLabel[label], confidences_[i], TeacherOrigin::Stated);
        else
            bad.add(badRow(i, settings_.label, noClass.reason(labels_.names()[label])));
    }
}

void TeacherColumns::giveVectors(std::span<const std::int32_t> classOfLabel, const Dataset& dataset,
                                 BadRows& bad, TeacherOutputs& outputs) const {
    NoClass noClass(dataset.classes());
    std::vector<float> q(dataset.classes().size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i] == NoRow)
            continue;
        std::fill(q.begin(), q.end(), 0.0F);
        std::size_t unknown = NoRow;
        for (std::size_t at = i == 0 ? 0 : ends_[i - 1]; at < ends_[i]; ++at) {
            const auto label = static_cast<std::size_t>(probabilities_[at].label);
            if (classOfLabel[label] >= 0)
                q[static_cast<std::size_t>(classOfLabel[label])] = probabilities_[at].value;
            else if (probabilities_[at].value > 0 && unknown == NoRow)
                unknown = label;
        }
        if (unknown == NoRow)
            outputs.set(rows_[i], q, TeacherOrigin::Probabilities);
        else
            bad.add(badRow(i, settings_.probabilities, noClass.reason(labels_.names()[unknown])));
    }
}

Result<TeacherOutputs> TeacherColumns::outputs(const Dataset& dataset,
                                               std::span<const std::int32_t> classOfLabel,
                                               BadRows& bad) const {
    if (form_ == Form::Columns)
        if (auto good = checkColumns(dataset, classOfLabel); !good)
            return fail(std::move(good.error()));
    TeacherOutputs outputs(dataset.size(), dataset.classCount());
    if (form_ == Form::Label)
        giveLabels(classOfLabel, dataset, bad, outputs);
    else
        giveVectors(classOfLabel, dataset, bad, outputs);
    return outputs;
}

} // namespace stillroom
