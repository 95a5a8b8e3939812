// What the tests of run folders share.
#pragma once

#include "core/experiment/run_folder.h"
#include "made_events.h"

#include <QDir>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QVariant>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace stillroom {

/// What another program reads from run.sqlite: the first column of the first row.
inline QVariant ask(const std::string& run, const QString& sql) {
    QVariant answer;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "other");
        database.setConnectOptions("QSQLITE_OPEN_READONLY");
        database.setDatabaseName(QString::fromStdString(run + "/run.sqlite"));
        if (!database.open())
            qWarning("%s", qPrintable(database.lastError().text()));
        QSqlQuery query(database);
        if (query.exec(sql) && query.next())
            answer = query.value(0);
        else
            qWarning("%s", qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase("other");
    return answer;
}

/// A new run in `folder`/runs.
inline std::unique_ptr<RunFolder> makeRun(const QTemporaryDir& folder) {
    auto made = RunFolder::create(folder.filePath("runs").toStdString(), madeExperiment(), madeOrigin());
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return *std::move(made);
}

inline QStringList everythingIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
}

/// Runs `test` in a child, which says nothing or what was wrong; as an ordinary user when this is root.
inline QByteArray asOrdinaryUser(const std::function<std::string()>& test) {
    int ends[2];
    if (pipe(ends) != 0)
        return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
        std::string said = geteuid() == 0 && setuid(65534) != 0 ? "still root" : test();
        const ssize_t written = ::write(ends[1], said.data(), said.size());
        _exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    close(ends[1]);
    QByteArray said;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
        said.append(buffer, static_cast<qsizetype>(got));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return status == 0 ? said : said + QByteArray(" (child failed)");
}

} // namespace stillroom
