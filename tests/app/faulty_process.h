// A program whose n-th call that writes below a folder fails (tests/failing_calls.cpp), and what was called.
#pragma once

#include "cli_process.h"

#include <QProcess>
#include <QTemporaryDir>

namespace stillroom::test {

enum class Fault { Eio, Full, Kill };

inline const char* faultName(Fault fault) {
    return fault == Fault::Eio ? "eio" : fault == Fault::Full ? "full" : "kill";
}

struct FaultyEnd {
    Said said;
    QStringList calls; ///< "number name path", up to its end
    QString failed;    ///< of them the one that failed; empty: it was not reached

    /// For a failed check; valid until the next call.
    [[nodiscard]] const char* all() const {
        static QByteArray text;
        text = failed.toUtf8() + "\n" + said.all();
        return text.constData();
    }
};

class FaultyProcess {
  public:
    static QString library() { return QStringLiteral(STILLROOM_BINARY_DIR "/tests/failing_calls.so"); }

    /// `below`: the folder whose calls are counted; `log` lies elsewhere.
    FaultyProcess(QString workingFolder, const QString& below)
        : workingFolder_(std::move(workingFolder)), below_(QFileInfo(below).absoluteFilePath()) {}

    /// `at` from 1; 0: none fails.
    FaultyEnd run(const QString& program, const QStringList& arguments, Fault fault = Fault::Eio,
                  qint64 at = 0) {
        const QTemporaryDir scratch;
        const QString log = scratch.filePath("log");
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.remove("STILLROOM_DATA");
        environment.insert("LD_PRELOAD", library());
        environment.insert("STILLROOM_FAIL_BELOW", below_);
        environment.insert("STILLROOM_FAIL_AT", QString::number(at));
        environment.insert("STILLROOM_FAIL_HOW", faultName(fault));
        environment.insert("STILLROOM_FAIL_LOG", log);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(workingFolder_);
        process.start(program, arguments);
        FaultyEnd end;
        if (!process.waitForFinished(120'000))
            process.kill();
        process.waitForFinished();
        end.said.out = process.readAllStandardOutput();
        end.said.err = process.readAllStandardError();
        if (process.exitStatus() == QProcess::CrashExit)
            end.said.signal = process.exitCode();
        else
            end.said.exitCode = process.exitCode();
        end.calls = QString::fromUtf8(readFile(log)).split('\n', Qt::SkipEmptyParts);
        for (auto& call : end.calls)
            if (call.startsWith('!'))
                end.failed = call = call.mid(1);
        return end;
    }

  private:
    QString workingFolder_, below_;
};

} // namespace stillroom::test
