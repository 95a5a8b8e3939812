// The real stillroom-cli, started from outside.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QStringList>
#include <csignal>

namespace stillroom::test {

/// How much longer everything may take, and how much less there is to do.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int Slowness = 10;
#else
inline constexpr int Slowness = 1;
#endif

struct Said {
    int exitCode = -1;
    int signal = 0; ///< that ended it; 0: it left by itself
    QByteArray out, err;
    qint64 milliseconds = 0;

    [[nodiscard]] QStringList lines() const {
        return QString::fromUtf8(err).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    /// stdout when it is one JSON object on one line and nothing else; else empty.
    [[nodiscard]] QJsonObject json() const {
        if (!out.endsWith('\n') || out.count('\n') != 1)
            return {};
        return QJsonDocument::fromJson(out).object();
    }
    /// For a failed check; valid until the next call.
    [[nodiscard]] const char* all() const {
        static QByteArray text;
        text = "exit code " + QByteArray::number(exitCode) + ", signal " + QByteArray::number(signal) + "\n" +
               out + "\n" + err;
        return text.constData();
    }
};

/// One process at a time, in a folder of its own choice.
class Cli {
  public:
    explicit Cli(const QString& workingFolder) : environment_(QProcessEnvironment::systemEnvironment()) {
        environment_.remove(QStringLiteral("STILLROOM_DATA"));
        process_.setWorkingDirectory(workingFolder);
    }
    ~Cli() {
        process_.kill();
        process_.waitForFinished();
    }

    static QString program() { return QStringLiteral(STILLROOM_BINARY_DIR "/bin/stillroom-cli"); }

    void setVariable(const QString& name, const QString& value) { environment_.insert(name, value); }
    /// What starts it, "setpriv --reuid=65534", say.
    void startThrough(const QStringList& command) { through_ = command; }
    void sendOutputTo(const QString& file) { process_.setStandardOutputFile(file); }

    void start(const QStringList& arguments) {
        err_.clear();
        process_.setProcessEnvironment(environment_);
        QStringList words = through_ + QStringList(program()) + arguments;
        const QString first = words.takeFirst();
        timer_.start();
        process_.start(first, words);
        process_.waitForStarted();
    }

    [[nodiscard]] qint64 milliseconds() const { return timer_.elapsed(); } ///< since the start
    [[nodiscard]] pid_t pid() const { return static_cast<pid_t>(process_.processId()); }
    void send(int signal) const {
        if (pid() > 0)
            ::kill(pid(), signal);
    }

    /// False: it ended without having said so.
    bool waitForWord(const QByteArray& word) {
        process_.setReadChannel(QProcess::StandardError);
        while (!err_.contains(word)) {
            if (process_.state() == QProcess::NotRunning && process_.bytesAvailable() == 0)
                return false;
            process_.waitForReadyRead(100);
            err_ += process_.readAllStandardError();
        }
        return true;
    }

    /// Waits at most `milliseconds` for the end.
    bool waitForEnd(int milliseconds) {
        return process_.state() == QProcess::NotRunning || process_.waitForFinished(milliseconds);
    }

    Said finish() {
        waitForEnd(120'000 * Slowness);
        Said said;
        said.milliseconds = timer_.elapsed();
        if (process_.state() != QProcess::NotRunning) { // it hangs
            process_.kill();
            process_.waitForFinished();
        }
        said.out = process_.readAllStandardOutput();
        said.err = err_ + process_.readAllStandardError();
        if (process_.exitStatus() == QProcess::CrashExit)
            said.signal = process_.exitCode(); // Qt puts the signal's number there
        else
            said.exitCode = process_.exitCode();
        return said;
    }

    Said run(const QStringList& arguments) {
        start(arguments);
        return finish();
    }

  private:
    QProcess process_;
    QProcessEnvironment environment_;
    QStringList through_;
    QByteArray err_;
    QElapsedTimer timer_;
};

inline bool writeFile(const QString& path, const QByteArray& content) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

inline QByteArray readFile(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QStringList everythingIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

/// Absolute paths of the runs in a runs folder, hidden names left out.
inline QStringList runsIn(const QString& folder) {
    QStringList runs;
    for (const auto& name : everythingIn(folder))
        if (!name.startsWith(QLatin1Char('.')))
            runs << folder + QLatin1Char('/') + name;
    return runs;
}

/// SQLite's own word on a run's database: "ok". Through Qt Sql, a client other than the program's.
inline QString integrityOf(const QString& run) {
    QString answer;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "checker");
        database.setDatabaseName(run + "/run.sqlite");
        database.open();
        QSqlQuery query(database);
        if (query.exec("PRAGMA integrity_check") && query.next())
            answer = query.value(0).toString();
    }
    QSqlDatabase::removeDatabase("checker");
    return answer;
}

} // namespace stillroom::test
