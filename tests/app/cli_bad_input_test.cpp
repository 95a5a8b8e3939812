// What the user got wrong: exit code 3, one sentence with file and advice, nothing on stdout, nothing left on
// the disk; and the same from `run` and `check`.
#include "cli_process.h"

#include <QMap>
#include <QTemporaryDir>
#include <QtTest>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

using Files = QMap<QString, QByteArray>;

/// 40 good rows of id,text,gold,label,confidence.
QByteArray goodRows() {
    QByteArray rows = "id,text,gold,label,confidence\n";
    for (int i = 0; i < 40; ++i)
        rows += QByteArray::number(i) + ",some words about " +
                (i % 2 == 0 ? "cats,cat,cat" : "dogs,dog,dog") + ",0.9\n";
    return rows;
}

QByteArray withRow(const QByteArray& row) {
    return goodRows() + row + '\n';
}

/// An experiment; `data` and `teacher` replace what stands there.
QByteArray yamlWith(const QByteArray& train = R"(files: data.csv, id: id, text: text, gold: gold)",
                    const QByteArray& teacher = "kind: columns, label: label, confidence: confidence",
                    const QByteArray& more = {}) {
    return "name: bad\ndata:\n  train: {" + train + "}\n" + more + "teacher: {" + teacher +
           "}\nstudent: {dimensions: 8, buckets: 1024}\ntraining: {epochs: 1}\n";
}

const QByteArray ByPrefix = "kind: columns, probabilities: p_";
const QByteArray ByFile = "kind: file, file: teacher.csv, id: id, label: label, confidence: confidence";

class Table {
  public:
    Table() {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<Files>("files");
        QTest::addColumn<QStringList>("says");
        QTest::addColumn<bool>("listsRows");
    }
    /// `says`: what the sentence has in it, the file's name among it.
    Table& wrong(const char* name, const QByteArray& yaml, const Files& files, const QStringList& says) {
        QTest::newRow(name) << yaml << files << says << false;
        return *this;
    }
    /// A sentence and the bad rows below it.
    Table& badRow(const char* name, const QByteArray& yaml, const Files& files, const QStringList& says) {
        QTest::newRow(name) << yaml << files << says << true;
        return *this;
    }
    /// The usual experiment over a data.csv of its own.
    Table& wrongData(const char* name, const QByteArray& content, const QStringList& says) {
        return wrong(name, yamlWith(), {{"data.csv", content}}, says + QStringList("data.csv"));
    }
    Table& badDataRow(const char* name, const QByteArray& row, const QStringList& says) {
        return badRow(name, yamlWith(), {{"data.csv", withRow(row)}},
                      says + QStringList{"data.csv", "line 42"});
    }
    Table& wrongYaml(const char* name, const QByteArray& yaml, const QStringList& says) {
        return wrong(name, yaml, {{"data.csv", goodRows()}}, says);
    }
};

bool asRoot() {
    return ::geteuid() == 0;
}

} // namespace

class CliBadInputTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void whatIsGoodWorks();
    void dataFiles_data();
    void dataFiles() { checkRow(); }
    void teachers_data();
    void teachers() { checkRow(); }
    void yamls_data();
    void yamls() { checkRow(); }
    void aFiftyMegabyteLine();
    void notAFile();
    void unreadableFile();
    void runsFolderIsAFile();
    void runsFolderIsNotWritable();
    void badRowsMaySkip();

  private:
    static void checkRow();
    /// Exit 3 with a sentence that has all of `says`, and `folder` as it was.
    static void checkRefused(const QString& folder, const QStringList& says, bool listsRows,
                             const QStringList& startedThrough = {}, const QStringList& more = {});
    /// What starts a program as somebody who may not do everything; empty: that cannot be done here.
    static QStringList asOrdinaryUser(const QString& folder);
};

void CliBadInputTest::checkRefused(const QString& folder, const QStringList& says, bool listsRows,
                                   const QStringList& startedThrough, const QStringList& more) {
    const auto before = test::everythingIn(folder);
    QByteArray sentence;
    for (const char* command : {"check", "run"}) {
        if (command == QByteArray("check") && !more.isEmpty())
            continue; // it makes no runs
        Cli cli(folder);
        cli.startThrough(startedThrough);
        const Said said = cli.run(QStringList{command, "e.yaml", "--json"} + more);
        QVERIFY2(said.exitCode == 3, said.all());
        QCOMPARE(said.out, QByteArray());
        QVERIFY2(said.err.startsWith("stillroom-cli: ") && said.err.endsWith('\n'), said.all());
        const auto lines = said.lines();
        QCOMPARE(lines.size() > 1, listsRows);
        for (const auto& line : lines.mid(1))
            QVERIFY2(line.startsWith("  "), said.all());
        for (const auto& words : says)
            QVERIFY2(lines.join(' ').contains(words), qPrintable("no '" + words + "' in: " + said.err));
        // Enough to say what and what to do, and no page.
        QVERIFY2(lines[0].size() > 50 && lines[0].size() < 700, said.all());
        QVERIFY2(sentence.isEmpty() || said.err == sentence, said.all());
        sentence = said.err;
        QCOMPARE(test::everythingIn(folder), before);
    }
}

void CliBadInputTest::checkRow() {
    QFETCH(QByteArray, yaml);
    QFETCH(Files, files);
    QFETCH(QStringList, says);
    QFETCH(bool, listsRows);
    const QTemporaryDir folder;
    for (auto file = files.begin(); file != files.end(); ++file)
        QVERIFY(test::writeFile(folder.filePath(file.key()), file.value()));
    QVERIFY(test::writeFile(folder.filePath("e.yaml"), yaml));
    checkRefused(folder.path(), says, listsRows);
}

/// The same table without a mistake: what is refused below is refused for its mistake alone.
void CliBadInputTest::whatIsGoodWorks() {
    QByteArray windows = goodRows();
    windows.replace("\n", "\r\n");
    QByteArray probabilities = "id,text,gold,p_cat,p_dog\n";
    for (int i = 0; i < 40; ++i)
        probabilities += QByteArray::number(i) + (i % 2 == 0 ? ",cats,cat,0.9,0.1\n" : ",dogs,dog,0.2,0.8\n");
    for (const auto& [yaml, content] : QList<std::pair<QByteArray, QByteArray>>{
             {yamlWith(), goodRows()},
             {yamlWith(), "\xEF\xBB\xBF" + windows},
             {yamlWith("files: data.csv, id: id, text: text, gold: gold", ByPrefix), probabilities},
             {yamlWith("files: data.csv, id: id, text: text, gold: gold", ByFile), goodRows()}}) {
        const QTemporaryDir folder;
        QVERIFY(test::writeFile(folder.filePath("data.csv"), content));
        QVERIFY(test::writeFile(folder.filePath("teacher.csv"), goodRows()));
        QVERIFY(test::writeFile(folder.filePath("e.yaml"), yaml));
        const Said said = Cli(folder.path()).run({"run", "e.yaml", "--json"});
        QVERIFY2(said.exitCode == 0, said.all());
        QCOMPARE(said.json().value("samples").toObject().value("total"), QJsonValue(40));
        QCOMPARE(test::runsIn(folder.filePath("runs")).size(), 1);
    }
}

void CliBadInputTest::dataFiles_data() {
    QByteArray semicolons = goodRows();
    semicolons.replace(',', ';');
    QByteArray oneClass = goodRows();
    oneClass.replace("dog,dog", "cat,cat");
    Table table;
    table.wrong("missing", yamlWith(), {}, {"data.csv", "no such file"})
        .wrongData("empty", "", {"empty"})
        .wrongData("a header alone", "id,text,gold,label,confidence\n", {"no good row"})
        .wrongData("binary", QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + QByteArray(5000, '\0'),
                   {"binary"})
        .wrong("a pattern without files", yamlWith("files: \"*.tsv\", text: text"),
               {{"data.csv", goodRows()}}, {"*.tsv", "matches"})
        .wrong("no such column", yamlWith("files: data.csv, text: txt"), {{"data.csv", goodRows()}},
               {"data.csv", "'txt'", "text", "gold"})
        .wrongData("wrong delimiter", semicolons, {"delimiter"})
        .wrongData("unclosed quote", withRow("41,\"never closed,cat,cat,0.9"), {"quote", "42"})
        .wrongData("one class", oneClass, {"classes"})
        .wrong("unknown ending", yamlWith("files: data.dat, text: text"), {{"data.dat", goodRows()}},
               {"data.dat", "format"})
        .badDataRow("ragged", "41,words,cat", {"3", "5"})
        .badDataRow("duplicate id", "7,words,cat,cat,0.9", {"7"})
        .badDataRow("confidence is no number", "41,words,cat,cat,high", {"high", "confidence"})
        .badDataRow("confidence is NaN", "41,words,cat,cat,NaN", {"NaN", "confidence"})
        .badDataRow("confidence below 0", "41,words,cat,cat,-0.1", {"-0.1", "confidence"})
        .badDataRow("confidence above 1", "41,words,cat,cat,1.7", {"1.7", "confidence"})
        .badRow("label not in the list",
                yamlWith("files: data.csv, id: id, text: text, gold: gold",
                         "kind: columns, label: label, confidence: confidence", "  classes: [cat, dog]\n"),
                {{"data.csv", withRow("41,words,cat,cow,0.9")}}, {"data.csv", "line 42", "cow", "cat"})
        .badRow("gold not in the list",
                yamlWith("files: data.csv, id: id, text: text, gold: gold",
                         "kind: columns, label: label, confidence: confidence", "  classes: [cat, dog]\n"),
                {{"data.csv", withRow("41,words,cow,cat,0.9")}}, {"data.csv", "line 42", "cow"});
}

void CliBadInputTest::teachers_data() {
    const QByteArray split = "files: data.csv, id: id, text: text, gold: gold";
    const Files data{{"data.csv", goodRows()}};
    const auto with = [&](const QByteArray& teacherRows) {
        Files files = data;
        files["teacher.csv"] = teacherRows;
        return files;
    };
    const QByteArray three = "id,text,gold,p_cat,p_dog\n1,cats,cat,0.9,0.1\n2,dogs,dog,0.2,0.8\n";
    Table table;
    table.wrong("no file", yamlWith(split, ByFile), data, {"teacher.csv", "no such file"})
        .wrong("no label column", yamlWith(split, "kind: columns, label: lable"), data,
               {"data.csv", "'lable'", "label"})
        .wrong("no probability columns", yamlWith(split, ByPrefix), data, {"data.csv", "p_"})
        .wrong("no kind of teacher", yamlWith(split, "kind: oracle"), data, {"e.yaml", "oracle", "columns"})
        .wrong("nothing that it says", yamlWith(split, "kind: columns"), data, {"teacher.label"})
        .badRow("a row without a text", yamlWith(split, ByFile), with(withRow("99,x,cat,cat,0.9")),
                {"teacher.csv", "line 42", "99"})
        .badRow("no text with a row", yamlWith(split, ByFile),
                with("id,label,confidence\na,cat,0.5\nb,dog,0.5\n"),
                {"40 training texts", "teacher.id", "teacher.csv"})
        .badRow("duplicate ids", yamlWith(split, ByFile), with(withRow("7,x,cat,cat,0.9")),
                {"teacher.csv", "line 42", "7"})
        .badRow("probabilities do not sum", yamlWith(split, ByPrefix),
                {{"data.csv", three + "3,cats,cat,0.9,0.3\n"}}, {"data.csv", "line 4", "1.2"})
        .badRow("a negative probability", yamlWith(split, ByPrefix),
                {{"data.csv", three + "3,cats,cat,1.1,-0.1\n"}}, {"data.csv", "line 4"})
        .wrong("gold that is not there", yamlWith("files: data.csv, text: text", "kind: gold"), data,
               {"data.train.gold"});
}

void CliBadInputTest::yamls_data() {
    QByteArray aliased = yamlWith();
    aliased.replace("epochs: 1", "epochs: &one 1, seed: *one");
    Table table;
    table.wrongYaml("empty", "", {"e.yaml", "empty"})
        .wrongYaml("no data", "name: nothing\n", {"data.train.files"})
        .wrongYaml("unknown key", yamlWith() + "selektion: {rule: all}\n",
                   {"e.yaml", "line 7", "'selection'"})
        .wrongYaml("unknown key below", yamlWith().replace("epochs", "epoks"),
                   {"e.yaml", "line 6", "column 12", "'epochs'"})
        .wrongYaml("wrong type", yamlWith().replace("epochs: 1", "epochs: many"),
                   {"e.yaml", "line 6", "many"})
        .wrongYaml("out of range", yamlWith().replace("epochs: 1", "epochs: 0"), {"training.epochs", "0"})
        .wrongYaml("alias", aliased, {"e.yaml", "line 6"})
        .wrongYaml("tab", yamlWith().replace("  train", "\ttrain"), {"e.yaml", "line 3", "tab"})
        .wrongYaml("a key twice", yamlWith() + "name: again\n", {"e.yaml", "line 7", "name"})
        .wrongYaml("no YAML", "name: [unclosed\n", {"e.yaml", "line"})
        .wrongYaml("two documents", yamlWith() + "---\n" + yamlWith(), {"e.yaml", "document"})
        .wrongYaml("binary",
                   QByteArray("\x7f"
                              "ELF\x02\x01\0\0\0\0",
                              10),
                   {"e.yaml"})
        .wrongYaml("100 MB", QByteArray(100'000'000, '#'), {"e.yaml", "100,000,000 bytes"});
}

void CliBadInputTest::aFiftyMegabyteLine() {
    const QTemporaryDir folder;
    QVERIFY(test::writeFile(folder.filePath("e.yaml"), yamlWith()));
    QVERIFY(test::writeFile(folder.filePath("data.csv"),
                            goodRows() + "41," + QByteArray(50'000'000, 'x') + ",cat,cat,0.9\n"));
    checkRefused(folder.path(), {"data.csv", "line 42", "quote"}, false);
}

/// A folder, and a pipe that nobody writes into.
void CliBadInputTest::notAFile() {
    const QTemporaryDir folder;
    QVERIFY(test::writeFile(folder.filePath("e.yaml"), yamlWith()));
    QVERIFY(QDir(folder.path()).mkdir("data.csv"));
    checkRefused(folder.path(), {"data.csv", "folder"}, false);
    QVERIFY(QDir(folder.path()).rmdir("data.csv"));
    QCOMPARE(::mkfifo(QFile::encodeName(folder.filePath("data.csv")).constData(), 0600), 0);
    checkRefused(folder.path(), {"data.csv", "ordinary file"}, false);
    QVERIFY(QFile::remove(folder.filePath("e.yaml")));
    QVERIFY(QDir(folder.path()).mkdir("e.yaml"));
    checkRefused(folder.path(), {"e.yaml", "folder"}, false);
}

QStringList CliBadInputTest::asOrdinaryUser(const QString& folder) {
    if (!asRoot())
        return {"env"};
    const QStringList nobody{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    ::chmod(QFile::encodeName(folder).constData(), 0755);
    Cli cli(folder);
    cli.startThrough(nobody);
    return cli.run({"--version"}).exitCode == 0 ? nobody : QStringList();
}

void CliBadInputTest::unreadableFile() {
    const QTemporaryDir folder;
    const auto user = asOrdinaryUser(folder.path());
    if (user.isEmpty())
        QSKIP("root may read everything, and setpriv cannot start the program as another user here");
    for (const QString name : {"data.csv", "e.yaml"}) {
        QVERIFY(test::writeFile(folder.filePath("data.csv"), goodRows()));
        QVERIFY(test::writeFile(folder.filePath("e.yaml"), yamlWith()));
        QCOMPARE(::chmod(QFile::encodeName(folder.filePath(name)).constData(), 0), 0);
        checkRefused(folder.path(), {name, "permission is denied"}, false, user);
        QVERIFY(QFile::remove(folder.filePath(name)));
    }
}

void CliBadInputTest::runsFolderIsAFile() {
    const QTemporaryDir folder;
    QVERIFY(test::writeFile(folder.filePath("data.csv"), goodRows()));
    QVERIFY(test::writeFile(folder.filePath("e.yaml"), yamlWith()));
    for (const QString runs : {"data.csv", "data.csv/below"})
        checkRefused(folder.path(), {runs, "--runs"}, false, {}, {"--quiet", "--runs", runs});
    QCOMPARE(test::readFile(folder.filePath("data.csv")), goodRows());
}

void CliBadInputTest::runsFolderIsNotWritable() {
    const QTemporaryDir folder;
    QVERIFY(test::writeFile(folder.filePath("data.csv"), goodRows()));
    QVERIFY(test::writeFile(folder.filePath("e.yaml"), yamlWith()));
    const auto user = asOrdinaryUser(folder.path());
    if (user.isEmpty())
        QSKIP("root may write everywhere, and setpriv cannot start the program as another user here");
    const QString runs = folder.filePath("runs");
    QVERIFY(QDir().mkdir(runs));
    for (const QString& where : {runs, runs + "/deeper"}) {
        QCOMPARE(::chmod(QFile::encodeName(runs).constData(), 0555), 0);
        checkRefused(folder.path(), {runs, "permission is denied", "--runs"}, false, user,
                     {"--quiet", "--runs", where});
        QVERIFY(test::everythingIn(runs).isEmpty());
    }
    QCOMPARE(::chmod(QFile::encodeName(runs).constData(), 0777), 0);
    Cli cli(folder.path());
    cli.startThrough(user);
    QCOMPARE(cli.run({"run", "e.yaml"}).exitCode, 0);
}

void CliBadInputTest::badRowsMaySkip() {
    const QTemporaryDir folder;
    QByteArray rows = goodRows();
    for (int i = 0; i < 70; ++i)
        rows += "x" + QByteArray::number(i) + ",words,cat,cat,7\n";
    QVERIFY(test::writeFile(folder.filePath("data.csv"), rows));
    QVERIFY(test::writeFile(folder.filePath("e.yaml"), yamlWith()));
    const Said stopped = Cli(folder.path()).run({"run", "e.yaml"});
    QCOMPARE(stopped.exitCode, 3);
    QCOMPARE(stopped.lines().filter("data.csv, line").size(), 50);
    QVERIFY2(stopped.lines()[0].contains("70 bad rows"), stopped.all());
    const Said skipped = Cli(folder.path()).run({"run", "e.yaml", "--json", "--bad-rows", "skip"});
    QVERIFY2(skipped.exitCode == 0, skipped.all());
    QCOMPARE(skipped.json().value("samples").toObject().value("total"), QJsonValue(40));
    QVERIFY2(skipped.err.contains("70 bad rows"), skipped.all());
}

QTEST_GUILESS_MAIN(CliBadInputTest)
#include "cli_bad_input_test.moc"
