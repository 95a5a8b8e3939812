#include "widgets/try_model.h"

#include "core/data/html_entities.h"
#include "core/lab/snapshot_file.h"
#include "widgets/lab_model.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <numeric>
#include <utility>

namespace stillroom {

namespace fs = std::filesystem;

/// Made and asked by workers; what is not `asking` is written once.
struct TryModel::Opened {
    QString folder; ///< of the run
    std::unique_ptr<Student> owner;
    const OpenedStudent* student = nullptr; ///< the same
    std::mutex asking;                      ///< held while `student` is asked
    std::string file;                       ///< of the student, links resolved
    std::int64_t step = 0;
    bool unescapeHtml = false;
    std::optional<SampleHistory> history; ///< none: the run's samples are not those in `table`
    std::int64_t epochs = 0;              ///< whose snapshots were read
    std::vector<std::uint32_t> kept;      ///< samples
    std::shared_ptr<const SampleTable> table;
    QString problem, neighbourProblem;
};

namespace {

/// The step in "…/000123-student/student.safetensors"; 0: another name.
std::int64_t stepOf(const std::string& file) {
    const std::string folder = fs::path(file).parent_path().filename().string();
    const QString digits = QString::fromStdString(folder.substr(0, folder.find('-')));
    bool isNumber = false;
    const auto step = digits.toLongLong(&isNumber);
    return isNumber ? step : 0;
}

} // namespace

TryModel::TryModel(LabModel* lab, QObject* parent) : QObject(parent), lab_(lab) {
    lookSoon_.setSingleShot(true);
    lookSoon_.setInterval(100);
    connect(&lookSoon_, &QTimer::timeout, this, &TryModel::look);
    tick_.setInterval(100);
    connect(&tick_, &QTimer::timeout, this, &TryModel::changed);
    auto* controller = lab_->controller();
    connect(controller, &RunController::runBegan, this, [this] {
        if (chosen_.isEmpty())
            lookSoon_.start();
    });
    connect(controller, &RunController::stateChanged, this, [this] { lookSoon_.start(); });
    connect(controller, &RunController::happened, this, [this](const Event& event) {
        // The first student of a run; a better one is looked for when the run rests.
        const auto* checkpoint = std::get_if<CheckpointEvent>(&event);
        if (checkpoint != nullptr && checkpoint->best && !ready())
            lookSoon_.start();
    });
    connect(lab_, &LabModel::tableChanged, this, [this] { lookSoon_.start(); });
}

TryModel::~TryModel() {
    if (comparing_)
        comparing_->cancel();
    pool_.finish();
}

void TryModel::setActive(bool active) {
    active_ = active;
    if (active_)
        look();
}

void TryModel::chooseRun(const QString& folder) {
    chosen_ = folder;
    problem_.clear(); // of the one before
    look();
}

QString TryModel::runFolder() const {
    return chosen_.isEmpty() ? lab_->controller()->runFolder() : chosen_;
}

QString TryModel::studentWords() const {
    if (!student_)
        return {};
    const QString words = toQString(student_->student->describe());
    return student_->step > 0 ? tr("%1, the best after step %2").arg(words, grouped(student_->step)) : words;
}

double TryModel::comparing() const {
    if (!comparing_ || !comparingJob_.busy())
        return -1;
    return comparing_->total() > 0
               ? static_cast<double>(comparing_->done()) / static_cast<double>(comparing_->total())
               : 0;
}

/// Opens the student of the run that is looked at, unless it is open already.
void TryModel::look() {
    if (!active_)
        return;
    const QString folder = runFolder();
    if (folder.isEmpty()) {
        opening_.forget();
        opened(nullptr);
        return;
    }
    if (student_ && student_->folder != folder)
        opened(nullptr); // nobody is to take one run's student for another's
    opening_.ask(
        [run = folder, folder = folder.toStdString(), table = lab_->table(), before = student_] {
            auto now = std::make_shared<Opened>();
            now->folder = run;
            const auto chosen = chooseStudent(folder);
            if (!chosen) {
                now->problem = toQString(chosen.error().message);
                return now;
            }
            std::error_code ignored;
            now->file = fs::weakly_canonical(chosen->path, ignored).string();
            const auto epochs = snapshotEpochs(folder);
            now->epochs = static_cast<std::int64_t>(epochs.size());
            if (before && before->folder == run && before->file == now->file && before->table == table &&
                before->epochs == now->epochs)
                return before;
            now->step = stepOf(now->file);
            now->unescapeHtml = chosen->unescapeHtml;
            now->table = table;
            auto engine = loadEngine();
            if (!engine) {
                now->problem = toQString(engine.error().message);
                return now;
            }
            auto student = (*engine)->openStudent(now->file);
            if (!student) {
                now->problem = toQString(student.error().message);
                return now;
            }
            now->owner = std::move(*student);
            now->student = openedStudent(*now->owner);
            if (now->student == nullptr) // none of the engine's: there is no such
                return now;
            if (!table || table->set.data->classes() != now->student->classes()) {
                now->neighbourProblem =
                    tr("The data of this run are not open: open its settings (Runs, right button) to see "
                       "which of its texts are most alike.");
                return now;
            }
            SampleHistory history(table->size());
            for (const auto epoch : epochs) {
                const auto snapshot = Snapshot::open(snapshotPath(folder, epoch), table->size());
                if (!snapshot) { // of other samples, most likely
                    now->neighbourProblem = toQString(snapshot.error().message);
                    return now;
                }
                history.add(epoch, (*snapshot)->traces());
            }
            for (std::uint32_t sample = 0; sample < table->size(); ++sample)
                if (history.keptTimes(sample) > 0)
                    now->kept.push_back(sample);
            if (now->kept.empty())
                now->neighbourProblem = tr("No training text was kept yet.");
            now->history = std::move(history);
            return now;
        },
        [this](std::shared_ptr<Opened> now) { opened(std::move(now)); });
    Q_EMIT changed();
}

void TryModel::opened(std::shared_ptr<Opened> now) {
    if (now && now->folder != runFolder()) // another was chosen meanwhile, and is being opened
        return;
    if (now && now == student_) {
        Q_EMIT changed();
        return;
    }
    if (comparing_)
        comparing_->cancel();
    comparing_.reset();
    comparingJob_.forget();
    neighbours_.reset();
    problem_ = now ? now->problem : QString();
    if (now && !now->student && chosen_.isEmpty() && underWay(lab_->controller()->state()))
        problem_ = tr("No student yet: the first one is written with the run's first evaluation.");
    neighbourWords_ = now ? now->neighbourProblem : QString();
    student_ = now && now->student ? std::move(now) : nullptr;
    if (student_ && !student_->kept.empty())
        compare();
    Q_EMIT changed();
    askAgain();
}

void TryModel::compare() {
    comparing_ = std::make_shared<Progress>();
    tick_.start();
    comparingJob_.ask(
        [opened = student_, progress = comparing_]() -> Result<KeptNeighbours> {
            const SampleTable& table = *opened->table;
            return KeptNeighbours::make(
                *opened->student, opened->asking, opened->kept,
                [&table](std::uint32_t sample) { return table.set.data->text(table.rows[sample]); },
                *progress);
        },
        [this](Result<KeptNeighbours> made) {
            tick_.stop();
            comparing_.reset();
            if (made) {
                const std::size_t kept = student_ ? student_->kept.size() : made->size();
                neighbourWords_ =
                    made->size() == kept
                        ? tr("Of %1 texts that were kept.").arg(grouped(static_cast<std::int64_t>(kept)))
                        : tr("Of every %1th of %2 texts that were kept.")
                              .arg(grouped(
                                       static_cast<std::int64_t>((kept + made->size() - 1) / made->size())),
                                   grouped(static_cast<std::int64_t>(kept)));
                neighbours_ = std::make_shared<const KeptNeighbours>(std::move(*made));
                askAgain();
            } else if (made.error().kind != ErrorKind::Cancelled) {
                neighbourWords_ = toQString(made.error().message);
            }
            Q_EMIT changed();
        });
}

void TryModel::ask(const QString& text) {
    wanted_ = text;
    askAgain();
}

void TryModel::askAgain() {
    if (!student_ || wanted_.trimmed().isEmpty()) {
        asking_.forget();
        answer_ = {};
        Q_EMIT answered();
        return;
    }
    asking_.ask(
        [opened = student_, near = neighbours_, text = wanted_] {
            TriedAnswer answer;
            answer.text = text;
            std::string bytes = text.toStdString();
            if (opened->unescapeHtml) { // as in training
                std::string unescaped;
                appendUnescapedHtml(unescaped, bytes);
                bytes = std::move(unescaped);
            }
            const std::string_view view = bytes;
            const OpenedStudent& student = *opened->student;
            std::vector<float> p(student.classes().size());
            std::vector<float> vector(near ? static_cast<std::size_t>(student.dimensions()) : 0);
            {
                const std::lock_guard lock(opened->asking);
                auto done = student.predict(std::span(&view, 1), p);
                if (done && near)
                    done = student.embed(std::span(&view, 1), vector);
                if (!done) {
                    answer.problem = toQString(done.error().message);
                    return answer;
                }
            }
            std::vector<std::size_t> order(p.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] > p[b]; });
            for (const auto k : order)
                answer.classes.push_back({toQString(student.classes()[k]), static_cast<double>(p[k])});
            answer.compared = near != nullptr;
            if (!near || !opened->history)
                return answer;
            const SampleTable& table = *opened->table;
            const auto nameOf = [&](std::int32_t label) {
                const auto& names = table.set.data->classes();
                return label >= 0 && static_cast<std::size_t>(label) < names.size()
                           ? toQString(names[static_cast<std::size_t>(label)])
                           : QString();
            };
            for (const auto& one : near->nearest(vector, Neighbours))
                answer.near.push_back(
                    {toQString(table.set.data->text(table.rows[one.sample])),
                     nameOf(table.labels[one.sample]), nameOf(table.gold[one.sample]),
                     static_cast<double>(one.cosine), static_cast<double>(table.confidences[one.sample]),
                     opened->history->keptTimes(one.sample), opened->history->firstKept(one.sample),
                     opened->history->lastKept(one.sample)});
            return answer;
        },
        [this](TriedAnswer answer) {
            answer_ = std::move(answer);
            Q_EMIT answered();
        });
}

} // namespace stillroom
