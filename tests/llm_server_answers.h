// What the test server says to a question: which row it is about, and a good answer in whatever of the three
// ways was asked. Private to llm_server.cpp.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace stillroom::test {

/// The number of the last "row-<number>" in a prompt; −1: there is none.
int rowOf(const QString& prompt);

/// The body of a completion. `time`: how often the row was asked before, which only votes differ by.
QByteArray goodAnswer(const QJsonObject& request, int row, int time, const QStringList& classes,
                      const QString& prompt);

/// The body of one that says just this.
QByteArray completionOf(const QString& content);

} // namespace stillroom::test
