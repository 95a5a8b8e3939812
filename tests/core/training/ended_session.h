// A session that was let run to its end, and what is left of it.
#pragma once

#include "session_fixture.h"

#include <QFile>
#include <QTemporaryDir>

namespace stillroom {

inline QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Ended {
    std::unique_ptr<EventLog> log = std::make_unique<EventLog>();
    FinishedEvent end;  ///< with whatever outcome
    QByteArray student; ///< the best one's file
};

inline Ended runToEnd(SessionSpec spec, const QString& folder) {
    Ended ended;
    spec.checkpointFolder = folder.toStdString();
    auto session = startTrainingSession(std::move(spec), ended.log->sink());
    if (!session)
        qFatal("%s", session.error().message.c_str());
    if (!ended.log->waitForEnd())
        qFatal("the session did not end");
    ended.end = ended.log->end();
    ended.student = bytesOf(folder + "/best/student.safetensors");
    return ended;
}

inline Ended runToEnd(SessionSpec spec) {
    const QTemporaryDir folder;
    return runToEnd(std::move(spec), folder.path());
}

} // namespace stillroom
