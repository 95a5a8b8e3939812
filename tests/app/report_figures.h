// A report read back: its numbers, exactly and as they are shown, and what a run folder says of them by other
// means.
#pragma once

#include "cli_process.h"

#include <QJsonArray>
#include <QMap>
#include <QSqlError>
#include <QVector>
#include <QXmlStreamReader>
#include <cmath>

namespace stillroom::test {

/// A number of the report: exactly, and as people read it.
struct Figure {
    double value = 0;
    QString shown;
};
using Figures = QMap<QString, Figure>;

/// Checks too that it is one well-formed document, and that a name never has two values.
inline Figures figuresOf(const QByteArray& html, QString& problem) {
    Figures figures;
    QXmlStreamReader reader(html);
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("data")) {
            const QString name = reader.attributes().value("data-figure").toString();
            const double value = reader.attributes().value("value").toDouble();
            const QString shown = reader.readElementText();
            if (figures.contains(name) && name != "edit.step" && figures[name].value != value)
                problem = name + " has two values";
            figures[name] = {value, shown};
        }
    if (reader.hasError())
        problem = QStringLiteral("line %1: %2").arg(reader.lineNumber()).arg(reader.errorString());
    return figures;
}

/// What is shown is the value, or its hundredfold, rounded to as many digits.
inline bool isRounded(const Figure& figure) {
    QString text = figure.shown;
    text.remove(',');
    if (text == "<0.001")
        return figure.value < 0.001;
    bool number = false;
    const double shown = text.toDouble(&number);
    const auto point = text.indexOf('.');
    const double half =
        0.5000001 * std::pow(10, point < 0 ? 0 : -static_cast<double>(text.size() - point - 1));
    return number &&
           (std::fabs(shown - figure.value) <= half || std::fabs(shown - 100 * figure.value) <= half);
}

struct Row {
    QVector<QVariant> values;
};

/// Opened by Qt, not by what wrote it.
class RunDatabase {
  public:
    explicit RunDatabase(const QString& run) : name_(run) {
        auto database = QSqlDatabase::addDatabase("QSQLITE", name_);
        database.setConnectOptions("QSQLITE_OPEN_READONLY");
        database.setDatabaseName(run + "/run.sqlite");
        if (!database.open())
            qFatal("%s", qPrintable(database.lastError().text()));
    }
    ~RunDatabase() { QSqlDatabase::removeDatabase(name_); }

    [[nodiscard]] QVector<Row> rows(const QString& sql) const {
        QVector<Row> all;
        QSqlQuery query(sql, QSqlDatabase::database(name_));
        while (query.next()) {
            Row row;
            for (int i = 0; query.value(i).isValid(); ++i)
                row.values << query.value(i);
            all << row;
        }
        return all;
    }
    [[nodiscard]] double number(const QString& sql) const {
        return rows(sql).value(0).values.value(0).toDouble();
    }
    [[nodiscard]] QVector<double> numbers(const QString& json) const {
        QVector<double> all;
        for (const auto& value : QJsonDocument::fromJson(json.toUtf8()).array())
            all << value.toDouble();
        return all;
    }

  private:
    QString name_;
};

/// A run's own figures, by the names that the report gives them.
inline void addRun(const RunDatabase& run, const QString& key, QMap<QString, double>& expected) {
    const auto put = [&](const QString& name, double value) { expected[key + name] = value; };
    const double total = run.number("SELECT total FROM result"),
                 gradient = run.number("SELECT gradient FROM result"),
                 distinct = run.number("SELECT distinct_samples FROM result"),
                 epochs = run.number("SELECT value FROM meta WHERE key = 'epochs'");
    put(".samples.total", total);
    put(".samples.seen", run.number("SELECT seen FROM result"));
    put(".samples.gradient", gradient);
    put(".samples.gradient_share", gradient / (total * epochs));
    put(".samples.distinct", distinct);
    put(".samples.distinct_share", distinct / total);
    put(".steps", run.number("SELECT step FROM result"));
    put(".epochs", epochs);
    put(".epochs_done", run.number("SELECT step FROM result") /
                            run.number("SELECT value FROM meta WHERE key = 'steps_per_epoch'"));
    put(".train_seconds", run.number("SELECT train_seconds FROM result"));
    put(".evaluate_seconds", run.number("SELECT evaluate_seconds FROM result"));
    put(".kept_precision", run.number("SELECT 1.0 * kept_right / kept_with_gold FROM result"));
    for (const QString split : {"validation", "test"})
        for (const QString what : {"rows", "accuracy", "macro_f1", "loss"})
            put("." + split + "." + what,
                run.number(QStringLiteral("SELECT %1_%2 FROM result").arg(split, what)));
}

inline QByteArray pdfText(const QString& path) {
    QProcess reader;
    reader.start("pdftotext", {"-layout", path, "-"});
    return reader.waitForFinished() && reader.exitCode() == 0 ? reader.readAllStandardOutput() : QByteArray();
}

} // namespace stillroom::test
