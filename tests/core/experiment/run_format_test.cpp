// core/experiment/RUN_FORMAT.md says what run.sqlite holds: the same tables and columns, and queries that
// run.
#include "core/experiment/run_schema.h"
#include "run_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QtTest>

using namespace stillroom;

namespace {

QString document() {
    QFile file(QStringLiteral(STILLROOM_SOURCE_DIR "/core/experiment/RUN_FORMAT.md"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("RUN_FORMAT.md cannot be read");
    return QString::fromUtf8(file.readAll());
}

/// "### table" and the rows "| `column` | … |" below it.
QMap<QString, QStringList> tablesOfDocument() {
    QMap<QString, QStringList> tables;
    QString table;
    static const QRegularExpression heading(QStringLiteral("^### (\\w+)$"));
    static const QRegularExpression row(QStringLiteral("^\\| `(\\w+)` \\|.*\\|$"));
    for (const auto& line : document().split(QLatin1Char('\n'))) {
        if (const auto match = heading.match(line); match.hasMatch())
            table = match.captured(1);
        else if (const auto column = row.match(line); column.hasMatch())
            tables[table] << column.captured(1);
    }
    return tables;
}

QStringList column(QSqlDatabase& database, const QString& sql) {
    QStringList values;
    QSqlQuery query(database);
    if (!query.exec(sql))
        qFatal("%s", qPrintable(query.lastError().text()));
    while (query.next())
        values << query.value(0).toString();
    return values;
}

/// As a new run has them.
QMap<QString, QStringList> tablesOfSchema() {
    const QTemporaryDir folder;
    const auto run = makeRun(folder);
    QMap<QString, QStringList> tables;
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "schema");
        database.setConnectOptions("QSQLITE_OPEN_READONLY");
        database.setDatabaseName(QString::fromStdString(run->path() + "/run.sqlite"));
        if (!database.open())
            qFatal("%s", qPrintable(database.lastError().text()));
        for (const auto& name : column(database, "SELECT name FROM sqlite_master WHERE type = 'table'"))
            tables[name] =
                column(database, QStringLiteral("SELECT name FROM pragma_table_info('%1')").arg(name));
        database.close();
    }
    QSqlDatabase::removeDatabase("schema");
    return tables;
}

QStringList queriesOfDocument() {
    QStringList queries;
    static const QRegularExpression block(QStringLiteral("```python\n(.*?)```"),
                                          QRegularExpression::DotMatchesEverythingOption);
    auto matches = block.globalMatch(document());
    while (matches.hasNext())
        queries << matches.next().captured(1);
    return queries;
}

} // namespace

class RunFormatTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theDocumentNamesEveryTableAndColumn() {
        const auto said = tablesOfDocument();
        const auto real = tablesOfSchema();
        QVERIFY(real.size() >= 15);
        QCOMPARE(said.keys(), real.keys());
        for (const auto& table : real.keys())
            QVERIFY2(said[table] == real[table],
                     qPrintable(table + ": the document has " + said[table].join(' ') + ", the schema " +
                                real[table].join(' ')));
        QVERIFY(document().startsWith(QStringLiteral("# run.sqlite, format %1\n").arg(RunFormat)));
        QVERIFY(document().contains(QStringLiteral("is %1 (\"STRM\")").arg(RunApplicationId)));
    }

    void itsQueriesRun() {
        const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        if (python.isEmpty())
            QSKIP("there is no python3 to run the document's queries with");
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        FinishedEvent end = madeEnd();
        end.testRows = {1000, 1001, 1003};
        end.testGold = {0, 1, 2};
        end.testPredicted = {0, 2, 2};
        QVERIFY(run->record({StartedEvent{1000, 10, 16, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 40),
                             madeSteps(41, 99), madeEvaluation(99), end}));
        QVERIFY(run->close());
        const QStringList expected{
            QStringLiteral("after 99 steps and 300 samples learned from: 0.7778, macro-F1 0.7921\n"),
            QStringLiteral("a: 2 of 10 kept (confidence of at least 0.100)\n"
                           "b \"quoted\": 4 of 12 kept (confidence of at least 0.200)\n"
                           "ü: 6 of 139 kept (confidence of at least 0.333)\n"),
            QStringLiteral("row 1001: b \"quoted\", taken for ü\n")};
        const auto queries = queriesOfDocument();
        QCOMPARE(queries.size(), expected.size());
        for (qsizetype i = 0; i < queries.size(); ++i) {
            QProcess process;
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("PYTHONIOENCODING"), QStringLiteral("utf-8"));
            process.setProcessEnvironment(environment);
            process.start(python, {QStringLiteral("-c"), "import sys\nrun = sys.argv[1]\n" + queries[i],
                                   QString::fromStdString(run->path())});
            QVERIFY(process.waitForFinished(60000));
            const auto said = process.readAllStandardOutput();
            const auto complaint = process.readAllStandardError();
            QVERIFY2(process.exitCode() == 0, complaint.constData());
            QCOMPARE(QString::fromUtf8(said), expected[i]);
        }
    }
};

QTEST_GUILESS_MAIN(RunFormatTest)
#include "run_format_test.moc"
