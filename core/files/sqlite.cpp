#include "core/files/sqlite.h"

#include "core/files/atomic_file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace {

/// How long to wait for another process that reads or copies the run.
constexpr int patienceMilliseconds = 20'000;

/// A path as SQLite's file: address, so that its parameters can be given.
std::string addressOf(const std::string& path, std::string_view parameters) {
    std::string address = "file:";
    for (const char c : path)
        if (c == '%' || c == '?' || c == '#')
            address += fmt::format("%{:02x}", static_cast<unsigned char>(c));
        else
            address += c;
    return address.append(parameters);
}

/// 0 or errno. SQLite itself, where it may not write or make a file, tries to read it, and only the second
/// try is reported.
int tryToWrite(const std::string& path, int flags) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, 0644); // as SQLite does
    if (descriptor < 0)
        return errno;
    ::close(descriptor);
    return 0;
}

} // namespace

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)), bound_(other.bound_) {
}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(statement_, other.statement_);
    std::swap(bound_, other.bound_);
    return *this;
}

Statement& Statement::bind(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
}

Statement& Statement::bind(double value) {
    sqlite3_bind_double(statement_, ++bound_, value);
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    sqlite3_bind_text64(statement_, ++bound_, text.data() == nullptr ? "" : text.data(), text.size(),
                        SQLITE_TRANSIENT, SQLITE_UTF8); // NOLINT
    return *this;
}

Statement& Statement::bindBlob(std::string_view bytes) {
    if (bytes.empty())
        return bindNull();
    sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT); // NOLINT
    return *this;
}

Statement& Statement::bindNull() {
    sqlite3_bind_null(statement_, ++bound_);
    return *this;
}

void Statement::reset() {
    sqlite3_reset(statement_);
    bound_ = 0;
}

Result<void> Statement::run() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        Error error = database_->error();
        reset();
        return fail(std::move(error));
    }
    reset();
    return {};
}

Result<bool> Statement::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        reset();
        return false;
    }
    Error error = database_->error();
    reset();
    return fail(std::move(error));
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL ? std::numeric_limits<double>::quiet_NaN()
                                                                  : sqlite3_column_double(statement_, column);
}

std::string Statement::text(int column) const {
    const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column)); // NOLINT
    if (begin == nullptr)
        return {};
    return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string Statement::blob(int column) const {
    const auto* begin = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (begin == nullptr)
        return {};
    return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Database::~Database() {
    sqlite3_close_v2(database_);
}

Result<void> Database::open(const std::string& path, Mode mode) {
    path_ = path;
    writes_ = mode == Mode::Create || mode == Mode::Write;
    if (mode == Mode::Create)
        if (const int refused = tryToWrite(path, O_CREAT); refused != 0)
            return fail(fmt::format("{} cannot be written: {}", path, describeErrno(refused)));
    const int access = mode == Mode::Create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                       : mode == Mode::Write ? SQLITE_OPEN_READWRITE
                                             : SQLITE_OPEN_READONLY;
    // One thread at a time uses a connection, so SQLite's own mutexes only cost.
    const int code =
        sqlite3_open_v2(addressOf(path, mode == Mode::ReadImmutable ? "?immutable=1" : "").c_str(),
                        &database_, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
    if (code != SQLITE_OK) {
        Error failed = error();
        sqlite3_close_v2(std::exchange(database_, nullptr));
        return fail(std::move(failed));
    }
    if (writes_ && sqlite3_db_readonly(database_, "main") == 1) {
        sqlite3_close_v2(std::exchange(database_, nullptr));
        const int refused = tryToWrite(path, 0);
        return fail(fmt::format("{} cannot be written: {}; check the disk and try again", path,
                                describeErrno(refused != 0 ? refused : EIO)));
    }
    sqlite3_extended_result_codes(database_, 1);
    sqlite3_busy_timeout(database_, patienceMilliseconds);
    return {};
}

Result<void> Database::close() {
    if (database_ != nullptr && sqlite3_close(database_) != SQLITE_OK)
        return fail(error());
    database_ = nullptr;
    return {};
}

Result<void> Database::execute(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(error());
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    Statement statement;
    statement.database_ = this;
    if (sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement.statement_, nullptr) != SQLITE_OK)
        return fail(error());
    return statement;
}

Result<std::string> Database::value(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement)
        return fail(std::move(statement.error()));
    const auto row = statement->next();
    if (!row)
        return fail(row.error());
    return *row ? statement->text(0) : std::string();
}

Error Database::error() const {
    const int code = database_ == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(database_);
    const int system = database_ == nullptr ? ENOMEM : sqlite3_system_errno(database_);
    const char* verb = writes_ ? "written" : "read";
    switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {fmt::format("{} is damaged ({})", path_, sqlite3_errmsg(database_))};
    case SQLITE_FULL:
        return {fmt::format("{} cannot be {}: {}; free some space and start the run again", path_, verb,
                            describeErrno(ENOSPC))};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {fmt::format("{} cannot be {}: another program holds it locked", path_, verb)};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        // Its log or its index beside it: again only the second try, to read it, is reported.
        if (system == ENOENT && writes_)
            return {
                fmt::format("{} cannot be written: the disk takes no file beside it; make room, or check the "
                            "disk, and try again",
                            path_)};
        if (system != 0)
            return {fmt::format("{} cannot be {}: {}", path_, verb, describeErrno(system))};
        if ((code & 0xFF) == SQLITE_IOERR) // of a commit it does not keep the number
            return {fmt::format("{} cannot be {}: {}", path_, verb, describeErrno(EIO))};
        break;
    default:
        break;
    }
    return {fmt::format("{} cannot be {}: {}", path_, verb,
                        database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_))};
}

} // namespace stillroom
