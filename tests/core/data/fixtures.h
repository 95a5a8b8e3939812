// What the tests of core/data share: files made for a test, readers emptied into tables, sentences looked at.
#pragma once

#include "core/data/csv_reader.h"
#include "core/data/loader.h"
#include "core/data/record.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom::test {

/// A folder that ends with the test.
class Folder {
  public:
    [[nodiscard]] std::string root() const { return folder_.path().toStdString(); }
    [[nodiscard]] std::string path(const std::string& name) const { return root() + '/' + name; }

    std::string write(const std::string& name, std::string_view bytes) const {
        const QString file = QString::fromStdString(path(name));
        QDir().mkpath(QFileInfo(file).path());
        QFile::remove(
            file); // ext4 flushes a file that is emptied and written again, which takes a millisecond
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly) ||
            out.write(bytes.data(), static_cast<qint64>(bytes.size())) != static_cast<qint64>(bytes.size()))
            qFatal("cannot write %s", qPrintable(file));
        return path(name);
    }

  private:
    QTemporaryDir folder_;
};

/// Empty when every piece is in the sentence, else the first that is not and the sentence.
inline QByteArray missing(std::string_view sentence, std::initializer_list<std::string_view> pieces) {
    for (const auto piece : pieces)
        if (sentence.find(piece) == std::string_view::npos)
            return QByteArray("no '") + QByteArray(piece.data(), static_cast<int>(piece.size())) +
                   "' in: " + QByteArray(sentence.data(), static_cast<int>(sentence.size()));
    return {};
}

/// Everything a reader gives.
struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::int64_t> lines; ///< of the rows
    std::vector<std::pair<std::int64_t, std::string>> bad;
    std::int64_t invalidUtf8 = 0;
    std::optional<std::string> error;

    friend bool operator==(const Table&, const Table&) = default;
};

inline Table tableOf(Result<std::unique_ptr<RecordReader>> opened) {
    Table table;
    if (!opened) {
        table.error = opened.error().message;
        return table;
    }
    RecordReader& reader = **opened;
    table.columns = reader.columns();
    Record record;
    std::string reason;
    for (;;) {
        const auto next = reader.next(record, reason);
        table.invalidUtf8 = reader.invalidUtf8();
        if (!next) {
            table.error = next.error().message;
            return table;
        }
        if (*next == RecordReader::Next::End)
            return table;
        if (*next == RecordReader::Next::Bad) {
            table.bad.emplace_back(record.line, reason);
        } else {
            table.rows.emplace_back(record.fields.begin(), record.fields.end());
            table.lines.push_back(record.line);
        }
    }
}

inline Table readCsv(const Folder& folder, std::string_view bytes, CsvDialect dialect = {},
                     SourceOptions options = {}) {
    auto source = SourceFile::open(folder.write("a.csv", bytes), "a.csv", "data.train.files", options);
    if (!source) {
        Table table;
        table.error = source.error().message;
        return table;
    }
    return tableOf(CsvReader::open(std::move(*source), dialect));
}

using Rows = std::vector<std::vector<std::string>>;
using Names = std::vector<std::string>;

#define VERIFY_SAYS(sentence, ...)                                                                           \
    do {                                                                                                     \
        const QByteArray unsaid = stillroom::test::missing((sentence), {__VA_ARGS__});                       \
        QVERIFY2(unsaid.isEmpty(), unsaid.constData());                                                      \
    } while (false)

} // namespace stillroom::test
