#include "core/experiment/sweep_folder.h"

#include "core/experiment/new_folder.h"
#include "core/files/atomic_file.h"
#include "core/files/read_text_file.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr int Format = 1;
constexpr std::size_t TasksLimit = std::size_t{64} << 20;
constexpr std::size_t StatusLimit = std::size_t{1} << 20;

constexpr std::array<const char*, 6> stateNames{"waiting",   "running", "cut off",
                                                "completed", "failed",  "cancelled"};
constexpr std::array<const char*, 4> kindNames{"input", "usage", "training", "cancelled"};

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

std::string stringAt(const QJsonObject& object, const char* key) {
    return object.value(QLatin1String(key)).toString().toStdString();
}

template <std::size_t Count>
std::size_t wordAt(const QJsonObject& object, const char* key, const std::array<const char*, Count>& words) {
    const std::string word = stringAt(object, key);
    for (std::size_t i = 0; i < Count; ++i)
        if (word == words[i])
            return i;
    return Count;
}

Result<QJsonObject> readJson(const std::string& path, std::size_t limit) {
    auto content = readTextFile(path, limit, "it is no file of a sweep");
    if (!content)
        return fail(std::move(content.error()));
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(*content));
    if (!document.isObject())
        return fail(
            fmt::format("{} is damaged; restore it, or start the sweep anew from its sweep.yaml", path));
    return document.object();
}

QByteArray tasksJson(const std::vector<SweepTask>& tasks, const SweepOrigin& origin) {
    QJsonArray all;
    for (const auto& task : tasks) {
        QJsonArray settings;
        for (const auto& setting : task.settings)
            settings.append(QJsonArray{text(setting.key), text(setting.value)});
        all.append(QJsonObject{{QStringLiteral("task"), task.number},
                               {QStringLiteral("label"), text(task.label)},
                               {QStringLiteral("settings"), settings}});
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("format"), Format},
                                     {QStringLiteral("version"), text(origin.version)},
                                     {QStringLiteral("data_root"), text(origin.dataRoot)},
                                     {QStringLiteral("bad_rows"), origin.badRows == BadRowPolicy::Skip
                                                                      ? QStringLiteral("skip")
                                                                      : QStringLiteral("stop")},
                                     {QStringLiteral("tasks"), all}})
        .toJson(QJsonDocument::Indented);
}

/// False: it is damaged.
bool readTasks(const QJsonObject& object, std::vector<SweepTask>& tasks) {
    for (const auto& value : object.value(QStringLiteral("tasks")).toArray()) {
        SweepTask task;
        task.number = value[QStringLiteral("task")].toInt();
        task.label = value[QStringLiteral("label")].toString().toStdString();
        for (const auto& pair : value[QStringLiteral("settings")].toArray())
            task.settings.push_back({pair[0].toString().toStdString(), pair[1].toString().toStdString()});
        if (task.number != static_cast<int>(tasks.size()) + 1)
            return false;
        tasks.push_back(std::move(task));
    }
    return !tasks.empty();
}

struct flock lockOf(int number) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = number;
    lock.l_len = 1;
    return lock;
}

} // namespace

const char* stateName(SweepStatus::State state) {
    return stateNames.at(static_cast<std::size_t>(state));
}

SweepLock::~SweepLock() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

SweepLock::SweepLock(SweepLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

SweepLock& SweepLock::operator=(SweepLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Result<SweepFolder> SweepFolder::create(const std::string& runsFolder, const Sweep& sweep,
                                        const SweepOrigin& origin) {
    auto tasks = tasksOf(sweep);
    if (!tasks)
        return fail(std::move(tasks.error()));
    auto folder = NewFolder::make(runsFolder, sweep.base.name.substr(0, 50) + "-sweep");
    if (!folder)
        return fail(std::move(folder.error()));
    const auto path = [&](const char* name) { return QFile::decodeName((folder->path() + name).c_str()); };
    if (::mkdir((folder->path() + "/tasks").c_str(), 0777) != 0)
        return fail(cannotWriteRuns(runsFolder, errno));
    const std::string yaml = fmt::format("# A sweep of Stillroom {}: {} runs, on data below {}\n",
                                         origin.version, tasks->size(), origin.dataRoot) +
                             writeSweep(sweep);
    if (auto written = writeFileAtomically(path("/sweep.yaml"), yaml); !written)
        return fail(folder->inItsPlace(std::move(written.error())));
    if (auto written = writeFileAtomically(path("/tasks.lock"), ""); !written)
        return fail(folder->inItsPlace(std::move(written.error())));
    if (auto written = writeFileAtomically(path("/tasks.json"), tasksJson(*tasks, origin).toStdString());
        !written)
        return fail(folder->inItsPlace(std::move(written.error())));
    if (auto published = folder->publish(); !published)
        return fail(std::move(published.error()));
    folder->keep();
    SweepFolder made;
    made.path_ = folder->path();
    made.sweep_ = sweep;
    made.origin_ = origin;
    made.tasks_ = *std::move(tasks);
    return made;
}

bool SweepFolder::isOne(const std::string& path) {
    std::error_code ignored;
    return fs::exists(fs::path(path) / "tasks.json", ignored);
}

Result<SweepFolder> SweepFolder::open(const std::string& path) {
    if (!isOne(path))
        return fail(fmt::format("{} is no sweep's folder (there is no tasks.json in it)", path));
    const std::string tasksFile = (fs::path(path) / "tasks.json").string();
    const auto object = readJson(tasksFile, TasksLimit);
    if (!object)
        return fail(object.error());
    if (const int format = object->value(QStringLiteral("format")).toInt(); format > Format)
        return fail(fmt::format("{} is of a newer Stillroom (format {}, this one reads {}); update this one",
                                tasksFile, format, Format));
    SweepFolder folder;
    std::error_code ignored;
    folder.path_ = fs::path(path).lexically_normal().string();
    while (folder.path_.size() > 1 && folder.path_.back() == '/')
        folder.path_.pop_back();
    if (!readTasks(*object, folder.tasks_))
        return fail(
            fmt::format("{} is damaged; restore it, or start the sweep anew from its sweep.yaml", tasksFile));
    folder.origin_.version = stringAt(*object, "version");
    folder.origin_.dataRoot = stringAt(*object, "data_root");
    folder.origin_.badRows =
        stringAt(*object, "bad_rows") == "skip" ? BadRowPolicy::Skip : BadRowPolicy::Stop;
    auto sweep = readSweep((fs::path(path) / "sweep.yaml").string());
    if (!sweep)
        return fail(std::move(sweep.error()));
    folder.sweep_ = std::move(*sweep);
    return folder;
}

const SweepTask* SweepFolder::task(int number) const {
    return number < 1 || number > static_cast<int>(tasks_.size())
               ? nullptr
               : &tasks_[static_cast<std::size_t>(number) - 1];
}

std::string SweepFolder::file(int number, const char* ending) const {
    return fmt::format("{}/tasks/{:04}{}", path_, number, ending);
}

Result<SweepStatus> SweepFolder::status(int number) const {
    SweepStatus status;
    const std::string path = file(number, ".json");
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return status;
    const auto object = readJson(path, StatusLimit);
    if (!object)
        return fail(object.error());
    const std::size_t state = wordAt(*object, "state", stateNames);
    status.run = stringAt(*object, "run");
    if (state == stateNames.size() || status.run.find('/') != std::string::npos)
        return fail(fmt::format("{} is damaged; take it away to do that run again", path));
    status.state = static_cast<SweepStatus::State>(state);
    // Nobody writes what becomes of a process that is killed: its lock says it. Who ended in between has
    // written first and then let go, so the state is read again.
    if (status.state == SweepStatus::State::Running && !isLocked(number)) {
        const auto again = readJson(path, StatusLimit);
        if (!again)
            return fail(again.error());
        if (*again != *object)
            return this->status(number);
        status.state = SweepStatus::State::CutOff;
    }
    status.error = stringAt(*object, "error");
    const std::size_t kind = wordAt(*object, "kind", kindNames);
    status.kind = kind == kindNames.size() ? ErrorKind::BadInput : static_cast<ErrorKind>(kind);
    status.began = stringAt(*object, "began");
    status.ended = stringAt(*object, "ended");
    status.host = stringAt(*object, "host");
    status.pid = object->value(QStringLiteral("pid")).toInt();
    status.attempts = object->value(QStringLiteral("attempts")).toInt();
    return status;
}

Result<void> SweepFolder::setStatus(int number, const SweepStatus& status) const {
    const auto state =
        status.state == SweepStatus::State::CutOff ? SweepStatus::State::Running : status.state;
    QJsonObject object{{QStringLiteral("state"), QLatin1String(stateName(state))},
                       {QStringLiteral("began"), text(status.began)},
                       {QStringLiteral("ended"), text(status.ended)},
                       {QStringLiteral("host"), text(status.host)},
                       {QStringLiteral("pid"), status.pid},
                       {QStringLiteral("attempts"), status.attempts},
                       {QStringLiteral("run"), text(status.run)}};
    if (!status.error.empty()) {
        object.insert(QStringLiteral("error"), text(status.error));
        object.insert(QStringLiteral("kind"),
                      QLatin1String(kindNames.at(static_cast<std::size_t>(status.kind))));
    }
    return writeFileAtomically(QFile::decodeName(file(number, ".json").c_str()),
                               QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString());
}

Result<std::optional<SweepLock>> SweepFolder::lock(int number) const {
    const std::string path = path_ + "/tasks.lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return fail(fmt::format("{} cannot be written: {}; a sweep is done where its folder can be written",
                                path, describeErrno(errno)));
    SweepLock held(descriptor);
    // Of this open file, not of the process: a second one in the same process is refused too.
    struct flock lock = lockOf(number);
    if (::fcntl(descriptor, F_OFD_SETLK, &lock) == 0)
        return std::optional<SweepLock>(std::move(held));
    if (errno == EAGAIN || errno == EACCES)
        return std::optional<SweepLock>();
    return fail(fmt::format("{} cannot be locked: {}; move the sweep to a file system that has locks", path,
                            describeErrno(errno)));
}

bool SweepFolder::isLocked(int number) const {
    const int descriptor = ::open((path_ + "/tasks.lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const SweepLock closes(descriptor);
    struct flock lock = lockOf(number);
    return ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

Result<void> SweepFolder::requestCancel(int number) const {
    return writeFileAtomically(QFile::decodeName(file(number, ".cancel").c_str()), "");
}

bool SweepFolder::cancelRequested(int number) const {
    std::error_code ignored;
    return fs::exists(file(number, ".cancel"), ignored);
}

Result<int> SweepFolder::reopen() const {
    int reopened = 0;
    for (const auto& task : tasks_) {
        auto held = lock(task.number);
        if (!held)
            return fail(std::move(held.error()));
        if (!*held)
            continue;
        auto status = this->status(task.number);
        if (!status)
            return fail(std::move(status.error()));
        const bool asked = cancelRequested(task.number);
        ::unlink(file(task.number, ".cancel").c_str());
        if (status->state != SweepStatus::State::Failed && status->state != SweepStatus::State::Cancelled) {
            reopened += asked ? 1 : 0;
            continue;
        }
        status->state = SweepStatus::State::Waiting;
        status->error.clear();
        status->ended.clear();
        status->run.clear(); // what failed is not taken up where it failed
        if (auto written = setStatus(task.number, *status); !written)
            return fail(std::move(written.error()));
        ++reopened;
    }
    return reopened;
}

std::string SweepFolder::runFolder(const SweepStatus& status) const {
    return status.run.empty() ? std::string() : path_ + "/" + status.run;
}

} // namespace stillroom
