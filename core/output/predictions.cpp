#include "core/output/predictions.h"

#include "core/engine/opened_student.h"
#include "core/experiment/experiment.h"
#include "core/experiment/run_folder.h"
#include "core/files/atomic_file.h"
#include "core/output/prediction_lines.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <system_error>
#include <thread>

namespace stillroom {

namespace {

/// Every worker takes the next stretch, labels it, and waits for its turn to write: as many stretches are in
/// memory as there are workers, and what is written is in order.
class Pipeline {
  public:
    Pipeline(const Student& student, PredictionInput& input, const PredictionLines& lines,
             const PredictionSink& sink)
        : student_(student), input_(input), lines_(lines), sink_(sink), classes_(student.classes().size()),
          byClass_(classes_, 0) {}

    Result<void> run(int workers) {
        {
            std::vector<std::jthread> others;
            try {
                for (int i = 1; i < workers; ++i)
                    others.emplace_back([this] { work(); });
            } catch (const std::system_error&) { // the system gives no more threads: these do it
            }
            work();
        }
        if (failure_)
            return fail(std::move(*failure_));
        return written_ == 0 ? writeHead() : Result<void>();
    }
    [[nodiscard]] std::int64_t texts() const { return texts_; }
    [[nodiscard]] const std::vector<std::int64_t>& byClass() const { return byClass_; }

  private:
    struct Work {
        PredictionStretch stretch;
        std::vector<float> probabilities;
        std::vector<std::int64_t> byClass;
        std::string out;
    };

    void work() {
        try {
            Work work;
            for (;;) {
                const auto number = take(work);
                if (!number)
                    return;
                if (auto done = label(work); !done)
                    return stop(std::move(done.error()));
                if (!write(work, *number))
                    return;
            }
        } catch (const std::exception& error) {
            const std::string_view what = error.what(); // LibTorch's carry a stack below their first line
            stop({fmt::format("labelling failed: {}", what.substr(0, what.find('\n'))),
                  ErrorKind::Training,
                  {}});
        }
    }

    /// The stretch's number; none: there is nothing more to do.
    std::optional<std::int64_t> take(Work& work) {
        const std::lock_guard lock(reading_);
        if (read_ || stopped())
            return std::nullopt;
        auto filled = input_.fill(work.stretch);
        if (!filled)
            stop(std::move(filled.error()));
        read_ = !filled || !*filled;
        if (read_)
            return std::nullopt;
        return taken_++;
    }

    Result<void> label(Work& work) const {
        const std::size_t count = work.stretch.size();
        work.probabilities.resize(count * classes_);
        if (auto done = student_.predict(work.stretch.texts(), work.probabilities); !done)
            return done;
        work.out.clear();
        work.byClass.assign(classes_, 0);
        for (std::size_t i = 0; i < count; ++i) {
            const auto p = std::span<const float>(work.probabilities).subspan(i * classes_, classes_);
            const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
            if (!std::isfinite(p[best]))
                return fail("the student's probabilities are not numbers, for its training went astray; "
                            "choose another, or train it with a lower learning rate");
            ++work.byClass[best];
            lines_.add(work.stretch.id(i), best, p, work.out);
        }
        return {};
    }

    bool write(const Work& work, std::int64_t number) {
        std::unique_lock lock(writing_);
        turn_.wait(lock, [&] { return failure_ || written_ == number; });
        if (failure_)
            return false;
        auto done = written_ == 0 ? writeHead() : Result<void>();
        if (done)
            done = sink_(work.out);
        if (!done) {
            failure_ = std::move(done.error());
            turn_.notify_all();
            return false;
        }
        ++written_;
        texts_ += static_cast<std::int64_t>(work.stretch.size());
        for (std::size_t k = 0; k < classes_; ++k)
            byClass_[k] += work.byClass[k];
        turn_.notify_all();
        return true;
    }

    /// With the first texts, not before: what fails at once has written nothing.
    Result<void> writeHead() { return lines_.head().empty() ? Result<void>() : sink_(lines_.head()); }

    void stop(Error error) {
        {
            const std::lock_guard lock(writing_);
            if (!failure_)
                failure_ = std::move(error);
        }
        turn_.notify_all();
    }
    bool stopped() {
        const std::lock_guard lock(writing_);
        return failure_.has_value();
    }

    const Student& student_;
    PredictionInput& input_;
    const PredictionLines& lines_;
    const PredictionSink& sink_;
    const std::size_t classes_;

    std::mutex reading_; ///< taken before writing_ where both are
    bool read_ = false;
    std::int64_t taken_ = 0;

    std::mutex writing_;
    std::condition_variable turn_;
    std::int64_t written_ = 0, texts_ = 0;
    std::vector<std::int64_t> byClass_;
    std::optional<Error> failure_;
};

} // namespace

Result<PredictionReport> predictRecords(const Student& student, const PredictionSource& source,
                                        const PredictionSettings& settings, const PredictionSink& sink,
                                        Progress& progress) {
    const auto begin = std::chrono::steady_clock::now();
    auto input = PredictionInput::open(source, settings.badRows, progress);
    if (!input)
        return fail(std::move(input.error()));
    PredictionReport report;
    report.threads = settings.threads > 0
                         ? settings.threads
                         : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const PredictionLines lines(settings.format, settings.probabilities, student.classes(),
                                (*input)->idName());
    Pipeline pipeline(student, **input, lines, sink);
    const auto* opened = openedStudent(student);
    if (auto done = pipeline.run(opened != nullptr && opened->shared() ? report.threads : 1); !done)
        return fail(std::move(done.error()));
    report.texts = pipeline.texts();
    report.byClass = pipeline.byClass();
    report.badRows = (*input)->badRows();
    report.invalidUtf8 = (*input)->invalidUtf8();
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

Result<PredictionReport> predictToFile(const Student& student, const PredictionSource& source,
                                       const PredictionSettings& settings, const std::string& out,
                                       Progress& progress) {
    std::error_code ignored;
    if (std::filesystem::equivalent(source.path, out, ignored))
        return fail(fmt::format("{} is the file with the texts, which the labels would take the place of; "
                                "choose another to write to",
                                out));
    const QString path = QFile::decodeName(out.c_str());
    sweepTemporaries(QFileInfo(path).absolutePath()); // of a process that was killed
    AtomicFile file(path);
    if (auto opened = file.open(); !opened)
        return fail(std::move(opened.error()));
    auto report = predictRecords(
        student, source, settings, [&file](std::string_view bytes) { return file.write(bytes); }, progress);
    if (!report)
        return report;
    if (auto committed = file.commit(); !committed)
        return fail(std::move(committed.error()));
    return report;
}

PredictionFormat predictionFormatOf(const std::string& path) {
    std::string ending = std::filesystem::path(path).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return ending == ".jsonl" || ending == ".ndjson" ? PredictionFormat::Jsonl : PredictionFormat::Csv;
}

Result<ChosenStudent> chooseStudent(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
        if (!std::filesystem::exists(path, ignored))
            return fail(fmt::format(
                "{}: there is no such file; name a run's folder or a student's .safetensors", path));
        return ChosenStudent{path, {}, false};
    }
    const std::string yaml = (std::filesystem::path(path) / "experiment.yaml").string();
    if (!std::filesystem::exists(yaml, ignored))
        return fail(fmt::format("{} is not a run's folder: there is no experiment.yaml in it", path));
    const auto experiment = readExperiment(yaml);
    if (!experiment)
        return fail(experiment.error());
    ChosenStudent chosen{bestStudentFile(path), {}, experiment->data.unescapeHtml};
    if (chosen.path.empty())
        return fail(fmt::format("{} holds no student: it was cut off before one was written", path));
    if (const auto& train = experiment->data.train; !train.text.empty()) {
        chosen.textColumns = train.moreText;
        chosen.textColumns.insert(chosen.textColumns.begin(), train.text);
    }
    return chosen;
}

} // namespace stillroom
