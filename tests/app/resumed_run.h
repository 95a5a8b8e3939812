// What a run that was interrupted and gone on with must share with one that never was: every row of its
// database that says nothing of time, every snapshot, the student.
#pragma once

#include "cli_process.h"

#include <QSqlError>
#include <QSqlRecord>

namespace stillroom::test {

/// A text of many lines, to be compared.
inline QByteArray contentOf(const QString& run) {
    static const char* const queries[] = {
        "SELECT * FROM steps ORDER BY step",
        "SELECT * FROM windows ORDER BY last_step",
        "SELECT * FROM thresholds ORDER BY step",
        "SELECT * FROM snapshots ORDER BY epoch",
        "SELECT evaluation, split, step, epoch, rows, accuracy, macro_f1, loss, best, mean_uncertainty, "
        "total, "
        "seen, gradient, distinct_samples, scoring_flops, training_flops, confusion FROM evaluations "
        "ORDER BY evaluation",
        "SELECT * FROM evaluation_classes ORDER BY evaluation, class",
        "SELECT edit, step, key, old, new FROM edits ORDER BY number",
        "SELECT outcome, error, step, validation_accuracy, validation_macro_f1, validation_loss, "
        "validation_confusion, test_accuracy, test_macro_f1, test_loss, test_confusion, hex(test_predicted), "
        "total, "
        "seen, gradient, distinct_samples, scoring_flops, training_flops, kept_with_gold, kept_right FROM "
        "result",
    };
    QByteArray content;
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("content"));
        database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY"));
        database.setDatabaseName(run + QStringLiteral("/run.sqlite"));
        if (!database.open())
            content += "cannot be opened";
        for (const char* query : queries) {
            QSqlQuery rows(database);
            content += QByteArray(query) + '\n';
            if (!rows.exec(QString::fromLatin1(query)))
                content += rows.lastError().text().toUtf8();
            while (rows.next()) {
                for (int column = 0; column < rows.record().count(); ++column) {
                    const QVariant value = rows.value(column);
                    content += value.typeId() == QMetaType::Double
                                   ? QByteArray::number(value.toDouble(), 'g', 17)
                                   : value.toString().toUtf8();
                    content += ' ';
                }
                content += '\n';
            }
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("content"));
    for (const auto& name : everythingIn(run + QStringLiteral("/snapshots")))
        content += name.toUtf8() + ' ' + readFile(run + QStringLiteral("/snapshots/") + name).toHex() + '\n';
    return content;
}

inline QByteArray studentOf(const QString& run) {
    return readFile(run + QStringLiteral("/checkpoints/best/student.safetensors"));
}

/// The first line that differs, for a failed check; empty: none does.
inline QByteArray firstDifference(const QByteArray& a, const QByteArray& b) {
    const auto left = a.split('\n'), right = b.split('\n');
    for (qsizetype i = 0; i < std::max(left.size(), right.size()); ++i)
        if (left.value(i) != right.value(i))
            return "line " + QByteArray::number(i) + "\n  " + left.value(i).left(400) + "\n  " +
                   right.value(i).left(400);
    return {};
}

} // namespace stillroom::test
