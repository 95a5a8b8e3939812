// The part of SQLite's C interface that run folders and stores of answers need, with Results. One thread at a
// time.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace stillroom {

class Database;

/// A prepared statement, used again and again. `bind` counts from 1 and goes on by itself.
class Statement {
  public:
    Statement() = default;
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    Statement& bind(std::int64_t value);
    Statement& bind(double value); ///< NaN becomes NULL, as SQLite does
    Statement& bind(std::string_view text);
    Statement& bindBlob(std::string_view bytes); ///< NULL for none
    Statement& bindNull();

    /// Runs a statement that gives no rows, and resets it.
    Result<void> run();
    /// True: there is a row. After false or an error the statement is reset.
    Result<bool> next();

    // Columns of the row, from 0.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const; ///< NaN for NULL
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string blob(int column) const; ///< empty for NULL

  private:
    friend class Database;
    void reset();
    const Database* database_ = nullptr;
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
};

class Database {
  public:
    enum class Mode { Create, Write, Read, ReadImmutable };
    Database() = default;
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<void> open(const std::string& path, Mode mode);
    /// Statements must be gone.
    Result<void> close();
    [[nodiscard]] bool isOpen() const { return database_ != nullptr; }

    /// One or more statements whose rows are not looked at.
    Result<void> execute(const char* sql);
    Result<Statement> prepare(std::string_view sql);
    /// The first column of the first row as a text.
    Result<std::string> value(std::string_view sql);

    /// "runs/x/run.sqlite cannot be written: the disk is full", after a call that failed.
    [[nodiscard]] Error error() const;

  private:
    sqlite3* database_ = nullptr;
    std::string path_;
    bool writes_ = false;
};

} // namespace stillroom
