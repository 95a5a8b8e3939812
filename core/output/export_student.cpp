#include "core/output/export_student.h"

#include "core/data/loader.h"
#include "core/engine/engine.h"
#include "core/experiment/run_folder.h"
#include "core/experiment/run_summary.h"
#include "core/files/atomic_file.h"
#include "core/files/read_text_file.h"
#include "core/output/export_resources.h"
#include "core/output/export_texts.h"
#include "core/output/model_card.h"
#include "core/output/output_folder.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t TextsCompared = 100;
constexpr std::size_t TextsForTheCard = 2000;
constexpr std::size_t LargestFacts = 1 << 24;
constexpr const char* Card = "README.md";
constexpr std::int64_t ExportSteps = 1000; // Engine::exportStudent

/// What is exported, and all that is known of it.
struct Source {
    std::string student;
    std::optional<StoredRun> run;
    std::optional<RunSummary> summary;
};

Result<Source> findSource(const std::string& from) {
    std::error_code ignored;
    if (!fs::is_directory(from, ignored)) {
        if (!fs::exists(from, ignored))
            return fail(from + " is not there; name a run's folder or a student's .safetensors");
        return Source{from, {}, {}};
    }
    auto run = StoredRun::open(from);
    if (!run)
        return fail(std::move(run.error()));
    if (run->bestStudent.empty())
        return fail(from + " holds no student: it was cut off before one was written");
    auto summary = summarizeRun(from);
    if (!summary)
        return fail(std::move(summary.error()));
    // Not by way of the link `best`, which a run that is going on moves.
    std::string student = fs::canonical(run->bestStudent, ignored).string();
    if (ignored)
        student = run->bestStudent;
    return Source{std::move(student), std::move(*run), std::move(*summary)};
}

/// Nothing is in it but what an export writes.
bool isEarlierExport(const std::string& folder) {
    const auto facts = readTextFile(folder + '/' + ExportFactsFile, LargestFacts, "it is no export's");
    if (!facts)
        return false;
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(*facts)).object();
    std::set<std::string> written{ExportFactsFile,
                                  Card,
                                  "model.pt",
                                  "model.onnx",
                                  "config.json",
                                  "model.safetensors",
                                  "student.safetensors",
                                  "tokenizer_config.json"};
    for (const auto& file : json[QLatin1String("tokens")].toObject()[QLatin1String("files")].toArray())
        written.insert(file.toString().toStdString());
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (written.count(name) == 0 &&
            !(name.find("stillroom") != std::string::npos && name.ends_with(".py")))
            return false;
    }
    return !error && json[QLatin1String("format")].toString() == QLatin1String("stillroom-export");
}

/// An earlier export, or a folder that somebody has just made for this one.
bool mayBeReplaced(const std::string& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error) && fs::is_empty(folder, error) && !error)
        return true;
    return isEarlierExport(folder);
}

/// Before the work, not behind it.
Result<void> checkPlace(const std::string& to) {
    std::error_code ignored;
    if (to.empty())
        return fail("name the folder to write to", ErrorKind::Usage);
    if (fs::exists(fs::symlink_status(to, ignored)) && !mayBeReplaced(to))
        return fail(fmt::format(
            "{} is there already and is not an export alone; take it away, or choose another folder", to));
    return {};
}

/// Nothing without a run, and where its data are not here any more; `note` then says why. Errors: cancelled.
Result<std::optional<LoadedData>> readData(const Source& source, const StudentExportOrder& order,
                                           Progress& progress, std::string& note) {
    if (!source.run)
        return std::nullopt;
    Labels labels;
    const LoadContext context{order.dataRoot.value_or(source.run->origin.dataRoot), BadRowPolicy::Skip,
                              &progress};
    auto data = loadData(source.run->experiment.data, context, labels);
    progress.advance(-progress.done()); // bytes; what follows counts other things
    if (progress.cancelled())
        return fail("the export was cancelled; nothing was written", ErrorKind::Cancelled);
    if (data)
        return std::optional<LoadedData>(std::move(*data));
    note = "the run's data could not be read, so nothing was measured: " + data.error().message;
    return std::nullopt;
}

Result<void> addFile(const OutputFolder& folder, StudentExported& exported, const std::string& name,
                     const std::string& bytes) {
    const std::string path = folder.temporary() + '/' + name;
    if (auto written = writeFileAtomically(QFile::decodeName(path.c_str()), bytes); !written)
        return fail(folder.inItsPlace(std::move(written.error())));
    exported.files.push_back({name, static_cast<std::int64_t>(bytes.size())});
    return {};
}

} // namespace

Result<StudentExportReport> exportStudent(const StudentExportOrder& order, Progress& progress) {
    if (auto known = checkWeights(order.format, order.weights); !known)
        return fail(std::move(known.error()));
    if (auto free = checkPlace(order.to); !free)
        return fail(std::move(free.error()));
    const auto source = findSource(order.from);
    if (!source)
        return fail(source.error());
    const auto engine = loadEngine();
    if (!engine)
        return fail(engine.error());

    StudentExportReport report;
    report.folder = order.to;
    const auto read = readData(*source, order, progress, report.note);
    if (!read)
        return fail(read.error());
    const std::optional<LoadedData>& data = *read;
    const bool isSmall = order.weights != ExportWeights::Full;
    const auto split = data ? splitToMeasure(data->dataset) : std::nullopt;
    const auto rows = split ? rowsToMeasure(data->dataset, *split, isSmall ? 0 : TextsForTheCard)
                            : std::vector<std::uint32_t>();
    progress.expect(ExportSteps + static_cast<std::int64_t>(isSmall ? 2 * rows.size() : rows.size()));

    OutputFolder folder(order.to);
    if (auto made = folder.create(); !made)
        return fail(std::move(made.error()));
    const auto inItsPlace = [&](Error error) { return fail(folder.inItsPlace(std::move(error))); };
    StudentExport request{source->student,    order.format, order.weights,
                          folder.temporary(), {},           order.written};
    request.texts = exportTexts(data ? &data->dataset : nullptr, TextsCompared, report.textsFrom);
    auto exported = (*engine)->exportStudent(request, &progress);
    if (!exported)
        return inItsPlace(std::move(exported.error()));
    report.exported = std::move(*exported);
    for (const auto& name : report.exported.code) {
        const auto code = readExportResource(name);
        if (!code)
            return fail(code.error());
        if (auto added = addFile(folder, report.exported, name, *code); !added)
            return fail(std::move(added.error()));
    }

    const auto measure = [&](const Result<std::unique_ptr<Student>>& student,
                             std::optional<StudentMeasure>& into) -> Result<void> {
        if (!student)
            return fail(student.error());
        auto measured = measureStudent(**student, data->dataset, *split, rows, progress);
        if (measured)
            into = *measured;
        else if (measured.error().kind == ErrorKind::BadInput) // other data than the run's
            report.note = "nothing was measured: " + measured.error().message;
        else
            return fail(std::move(measured.error()));
        return {};
    };
    if (!rows.empty()) {
        if (auto done = measure((*engine)->openStudent(source->student), report.before); !done)
            return inItsPlace(std::move(done.error()));
        if (isSmall && report.before)
            if (auto done = measure((*engine)->openExport(folder.temporary()), report.after); !done)
                return inItsPlace(std::move(done.error()));
    }

    if (isSmall && !report.before && report.note.empty())
        report.note = source->run
                          ? "nothing was measured: neither the test nor the validation split has gold labels"
                          : "nothing was measured: a student's file has no data with it; export it from its "
                            "run to see what the smaller weights cost";

    ModelCard card{order.format, order.weights, report.exported, {},          order.licence,
                   nullptr,      nullptr,       report.before,   report.after};
    auto facts = readTextFile(folder.temporary() + '/' + ExportFactsFile, LargestFacts, "it is no export's");
    if (!facts)
        return inItsPlace(std::move(facts.error()));
    card.facts = std::move(*facts);
    if (source->run) {
        card.run = &*source->run;
        card.summary = &*source->summary;
    }
    const auto page = writeModelCard(card);
    if (!page)
        return fail(page.error());
    if (auto added = addFile(folder, report.exported, Card, *page); !added)
        return fail(std::move(added.error()));
    if (auto committed = folder.commit(mayBeReplaced(order.to)); !committed)
        return fail(std::move(committed.error()));
    return report;
}

} // namespace stillroom
