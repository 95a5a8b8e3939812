// A folder with texts, and an experiment whose teacher is an LLM behind the test server.
#pragma once

#include "cli_process.h"
#include "tests/llm_server.h"

#include <QDirIterator>
#include <QSqlError>
#include <QTemporaryDir>
#include <algorithm>
#include <vector>

namespace stillroom::test {

/// In the order of the experiment; one with a comma and a quote in it, one in another script.
inline QStringList askedClasses() {
    return {QStringLiteral("cat"), QStringLiteral("dog"), QStringLiteral("hen, or \"cock\""),
            QStringLiteral("牛")};
}

/// What the test server says first of a row.
inline int saidOf(int row) {
    const auto q = LlmServer::distribution(row, static_cast<int>(askedClasses().size()));
    return static_cast<int>(std::max_element(q.begin(), q.end()) - q.begin());
}

class AskedFolder {
  public:
    /// Training texts carry row-0 to row-<rows − 1>. Those of validation and test begin at 1,000,000: whoever
    /// asks for one of them has asked too much.
    explicit AskedFolder(int rows) {
        good_ = writeTexts("train.csv", 0, rows) && writeTexts("dev.csv", 1'000'000, 40) &&
                writeTexts("test.csv", 2'000'000, 40);
    }

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] QString path() const { return folder_.path(); }
    [[nodiscard]] QString file(const QString& name) const { return folder_.filePath(name); }
    [[nodiscard]] QString store() const { return file("answers.sqlite"); }

    /// e.yaml; `teacher` are further lines of that section, each with two blanks before it.
    bool writeExperiment(const QString& baseUrl, const QByteArray& teacher = {}) const {
        QByteArray classes;
        for (const auto& name : askedClasses())
            classes += "    - '" + name.toUtf8() + "'\n";
        const QByteArray split = "{files: %1, id: id, text: text, gold: gold}\n";
        QByteArray train = split, dev = split, test = split;
        return writeFile(file("e.yaml"),
                         "name: asked\ndata:\n  train: " + train.replace("%1", "train.csv") +
                             "  validation: " + dev.replace("%1", "dev.csv") +
                             "  test: " + test.replace("%1", "test.csv") + "  classes:\n" + classes +
                             "teacher:\n  kind: llm\n  base_url: " + baseUrl.toUtf8() +
                             "\n  model: test\n  answers: " + store().toUtf8() + "\n" + teacher +
                             "student: {dimensions: 8, buckets: 4096}\nselection: {rule: all}\n"
                             "training: {epochs: 2, threads: 1}\n");
    }

    /// stillroom-cli without a key of the environment's, and without the user's own cache.
    [[nodiscard]] std::unique_ptr<Cli> cli() const {
        auto cli = std::make_unique<Cli>(path());
        cli->setVariable("OPENAI_API_KEY", {});
        cli->setVariable("XDG_CACHE_HOME", file("cache"));
        cli->setVariable("XDG_DATA_HOME", file("data"));
        return cli;
    }

  private:
    bool writeTexts(const QString& name, int first, int count) const {
        QByteArray text = "id,text,gold\n";
        for (int row = first; row < first + count; ++row) {
            QByteArray gold = askedClasses()[saidOf(row)].toUtf8();
            const QByteArray word = "word" + QByteArray::number(saidOf(row));
            text += QByteArray::number(row) + ",row-" + QByteArray::number(row) + " " + word + " and " +
                    word + ",\"" + gold.replace('"', "\"\"") + "\"\n";
        }
        return writeFile(file(name), text);
    }

    QTemporaryDir folder_;
    bool good_ = false;
};

/// Rows of the first query's first column, of a copy of a store: nothing of the original is touched, not even
/// by the recovery of what a killed process left.
inline QStringList rowsOfCopy(const QString& store, const QString& sql, QString* problem = nullptr) {
    const QTemporaryDir place;
    for (const char* ending : {"", "-wal", "-journal"})
        if (QFile::exists(store + ending))
            QFile::copy(store + ending, place.filePath("copy.sqlite") + ending);
    QStringList rows;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "copy");
        database.setDatabaseName(place.filePath("copy.sqlite"));
        database.open();
        QSqlQuery query(database);
        query.exec(sql);
        while (query.next())
            rows << query.value(0).toString();
        if (problem != nullptr)
            *problem = query.lastError().text().trimmed();
    }
    QSqlDatabase::removeDatabase("copy");
    return rows;
}

/// Of a CSV that label wrote: id → cells after it, by the names of the first line.
struct Answers {
    QStringList columns;
    QMap<int, QStringList> rows;
};

inline QStringList cellsOf(const QString& line) {
    QStringList cells{QString()};
    bool quoted = false;
    for (const QChar c : line) {
        if (c == u'"') {
            // A doubled quote ends and begins again: what stands between is the quote itself.
            if (!quoted && !cells.last().isEmpty() && cells.last().endsWith(QChar(1)))
                cells.last().replace(cells.last().size() - 1, 1, c);
            else if (quoted)
                cells.last() += QChar(1);
            quoted = !quoted;
        } else if (c == u',' && !quoted) {
            cells << QString();
        } else {
            cells.last() += c;
        }
    }
    for (auto& cell : cells)
        cell.remove(QChar(1));
    return cells;
}

inline Answers answersIn(const QString& csv) {
    Answers answers;
    for (const auto& line : QString::fromUtf8(readFile(csv)).split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList cells = cellsOf(line.trimmed());
        if (answers.columns.isEmpty())
            answers.columns = cells;
        else
            answers.rows.insert(cells.value(answers.columns.indexOf("id")).toInt(), cells);
    }
    return answers;
}

} // namespace stillroom::test
