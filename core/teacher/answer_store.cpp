#include "core/teacher/answer_store.h"

#include "core/files/network_disk.h"

#include <QStandardPaths>
#include <QString>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <thread>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr int ApplicationId = 0x5352414E; // "SRAN"
constexpr int Format = 1;

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS answers (
    key           TEXT PRIMARY KEY, -- SHA-256 of model, way of asking, parameters and the prompt as it was sent
    model         TEXT NOT NULL,    -- as the server calls it
    at            TEXT NOT NULL,    -- when the answer was stored, UTC
    refused       TEXT NOT NULL,    -- why it names no class; empty: it does
    prompt_tokens INTEGER NOT NULL, -- as the server counted them; 0: it did not
    answer_tokens INTEGER NOT NULL,
    replies       TEXT NOT NULL     -- a JSON list of the server's replies, each as it came
);
CREATE TABLE IF NOT EXISTS earlier ( -- refused answers that were asked for again, as above
    key TEXT NOT NULL, model TEXT NOT NULL, at TEXT NOT NULL, refused TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, answer_tokens INTEGER NOT NULL, replies TEXT NOT NULL
);
)";

/// Came later, and older programs do well without it.
constexpr const char* schemaOfVotes = R"(
CREATE TABLE IF NOT EXISTS begun ( -- votes of answers that have not all of them yet
    key   TEXT NOT NULL, -- as that of the answer to be
    reply TEXT NOT NULL  -- one of the server's replies, as it came
);
CREATE INDEX IF NOT EXISTS begun_key ON begun (key);
)";

/// A model's name as a file's: "meta-llama/Llama-3" → "meta-llama_Llama-3".
std::string asFileName(std::string name) {
    for (char& c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '.'))
            c = '_';
    if (name.starts_with('.'))
        name[0] = '_';
    return name.substr(0, 100);
}

std::string now() {
    const std::time_t seconds = std::time(nullptr);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

} // namespace

std::string answersPath(const LlmSettings& settings, const std::string& folder) {
    if (!settings.answers.empty())
        return (fs::path(folder) / settings.answers).lexically_normal().string();
    QString home = qEnvironmentVariable("STILLROOM_ANSWERS");
    if (home.isEmpty())
        home = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
               QStringLiteral("/stillroom/answers");
    return home.toStdString() + "/" + asFileName(settings.model) + ".sqlite";
}

Result<void> AnswerStore::open(const std::string& path, Mode mode) {
    std::error_code problem;
    if (mode == Mode::Write) {
        const fs::path folder = fs::path(path).parent_path();
        if (!folder.empty())
            fs::create_directories(folder, problem);
        if (problem)
            return fail(fmt::format("the folder {} for the LLM's answers cannot be made: {}", folder.string(),
                                    problem.message()));
        if (auto opened = database_.open(path, Database::Mode::Create); !opened)
            return opened;
        if (auto created = create(path); !created)
            return created;
        return prepare(mode);
    }
    const auto there = openIfThere(path);
    if (!there)
        return fail(there.error());
    if (!*there)
        return fail(fmt::format("{}: there is no such store of answers", path));
    return {};
}

Result<bool> AnswerStore::openIfThere(const std::string& path) {
    std::error_code problem;
    if (!fs::exists(path, problem))
        return false;
    if (auto opened = database_.open(path, Database::Mode::Read); !opened)
        return fail(std::move(opened.error()));
    // On a read-only disk SQLite cannot make its shared memory, and without a log need not.
    if (!database_.value("PRAGMA user_version") && !fs::exists(path + "-wal", problem)) {
        if (auto closed = database_.close(); !closed)
            return fail(std::move(closed.error()));
        if (auto opened = database_.open(path, Database::Mode::ReadImmutable); !opened)
            return fail(std::move(opened.error()));
    }
    if (const auto empty = isEmpty(); empty && *empty) // an error is said with more words by what follows
        return false;
    if (auto checked = checkFormat(path); !checked)
        return fail(std::move(checked.error()));
    if (auto prepared = prepare(Mode::Read); !prepared)
        return fail(std::move(prepared.error()));
    return true;
}

Result<bool> AnswerStore::isEmpty() {
    for (const char* sql :
         {"PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_master"}) {
        const auto number = database_.value(sql);
        if (!number)
            return fail(number.error());
        if (*number != "0")
            return false;
    }
    return true;
}

Result<void> AnswerStore::create(const std::string& path) {
    const std::string folder = fs::path(path).parent_path().string();
    const char* journal = isOnNetworkDisk(folder.empty() ? "." : folder) ? "PRAGMA journal_mode = DELETE"
                                                                         : "PRAGMA journal_mode = WAL";
    const auto empty = isEmpty();
    if (!empty || !*empty)
        if (auto checked = checkFormat(path); !checked)
            return checked;
    // Another process that makes the same store holds it for a moment, for which SQLite itself does not wait.
    auto set = database_.value(journal);
    for (int tries = 0; !set && tries < 100; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        set = database_.value(journal);
    }
    if (!set)
        return fail(std::move(set.error()));
    // FULL: what was paid for survives a power cut too.
    if (auto full = database_.execute("PRAGMA synchronous = FULL"); !full)
        return full;
    if (empty && !*empty)
        return database_.execute(schemaOfVotes);
    // Two processes may come here at once: the second finds it done.
    const std::string all =
        fmt::format("BEGIN IMMEDIATE; {} {} PRAGMA application_id = {}; PRAGMA user_version = {}; "
                    "COMMIT",
                    schema, schemaOfVotes, ApplicationId, Format);
    return database_.execute(all.c_str());
}

Result<void> AnswerStore::checkFormat(const std::string& path) {
    const auto id = database_.value("PRAGMA application_id");
    const auto version = database_.value("PRAGMA user_version");
    for (const auto* read : {&id, &version})
        if (!*read)
            return fail(Error{fmt::format("{}; it is kept as it is: move it away, or name another store in "
                                          "teacher.answers",
                                          read->error().message)});
    if (*id != std::to_string(ApplicationId))
        return fail(
            fmt::format("{} is no store of an LLM's answers; name another file in teacher.answers", path));
    if (*version != std::to_string(Format))
        return fail(fmt::format("{} was written by a newer Stillroom (its format is {}, this one knows {}); "
                                "update, or name another store in teacher.answers",
                                path, *version, Format));
    return {};
}

Result<void> AnswerStore::prepare(Mode mode) {
    const auto set = [&](Statement& statement, std::string_view sql) -> Result<void> {
        auto prepared = database_.prepare(sql);
        if (!prepared)
            return fail(std::move(prepared.error()));
        statement = std::move(*prepared);
        return {};
    };
    if (auto done = set(find_, "SELECT model, refused, prompt_tokens, answer_tokens, replies FROM answers "
                               "WHERE key = ?");
        !done)
        return done;
    if (auto done = set(look_, "SELECT refused <> '' FROM answers WHERE key = ?"); !done)
        return done;
    if (mode == Mode::Read)
        return {};
    if (auto done = set(begun_, "SELECT reply FROM begun WHERE key = ? ORDER BY rowid"); !done)
        return done;
    if (auto done = set(vote_, "INSERT INTO begun VALUES (?, ?)"); !done)
        return done;
    if (auto done = set(forget_, "DELETE FROM begun WHERE key = ?"); !done)
        return done;
    if (auto done = set(move_, "INSERT INTO earlier SELECT * FROM answers WHERE key = ? AND refused <> ''");
        !done)
        return done;
    if (auto done = set(remove_, "DELETE FROM answers WHERE key = ? AND refused <> ''"); !done)
        return done;
    return set(insert_, "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)");
}

Result<std::optional<StoredAnswer>> AnswerStore::find(const std::string& key) {
    const auto row = find_.bind(key).next();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::nullopt;
    StoredAnswer answer;
    answer.key = key;
    answer.model = find_.text(0);
    answer.refused = find_.text(1);
    answer.promptTokens = find_.integer(2);
    answer.answerTokens = find_.integer(3);
    answer.replies = find_.text(4);
    if (auto end = find_.next(); !end) // resets it
        return fail(end.error());
    return answer;
}

Result<AnswerStore::Known> AnswerStore::look(const std::string& key) {
    const auto row = look_.bind(key).next();
    if (!row)
        return fail(row.error());
    if (!*row)
        return Known{};
    const Known known{true, look_.integer(0) != 0};
    if (auto end = look_.next(); !end)
        return fail(end.error());
    return known;
}

Result<std::vector<std::string>> AnswerStore::begun(const std::string& key) {
    std::vector<std::string> replies;
    begun_.bind(key);
    for (;;) {
        const auto row = begun_.next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return replies;
        replies.push_back(begun_.text(0));
    }
}

Result<void> AnswerStore::putOne(const StoredAnswer& answer) {
    for (Statement* statement : {&move_, &remove_, &forget_})
        if (auto done = statement->bind(answer.key).run(); !done)
            return done;
    return insert_.bind(answer.key)
        .bind(answer.model)
        .bind(now())
        .bind(answer.refused)
        .bind(answer.promptTokens)
        .bind(answer.answerTokens)
        .bind(answer.replies)
        .run();
}

Result<void> AnswerStore::put(std::span<const StoredAnswer> answers, std::span<const StoredVotes> votes) {
    if (auto begun = database_.execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    Result<void> done;
    for (auto some = votes.begin(); done && some != votes.end(); ++some)
        done = vote_.bind(some->key).bind(some->reply).run();
    for (auto answer = answers.begin(); done && answer != answers.end(); ++answer)
        done = putOne(*answer);
    if (done)
        done = database_.execute("COMMIT");
    if (!done)
        static_cast<void>(database_.execute("ROLLBACK")); // what went wrong is said already
    return done;
}

} // namespace stillroom
