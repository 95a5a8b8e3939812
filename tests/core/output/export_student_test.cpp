// core/output/export_student.h with the real engine: what lies there afterwards, and that it is what was
// there before whenever something goes wrong.
#include "core/output/export_resources.h"
#include "core/output/export_student.h"
#include "core/output/export_texts.h"
#include "tests/made_run.h"
#include "tests/made_student.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;

namespace {

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QMap<QString, QByteArray> everythingIn(const QString& folder) {
    QMap<QString, QByteArray> all;
    for (const auto& name : QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
        all[name] = contents(folder + '/' + name);
    return all;
}

} // namespace

class ExportStudentTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void everyFormat_data();
    void everyFormat();
    void damageLeavesWhatWasThere_data();
    void damageLeavesWhatWasThere();
    void anEarlierExportIsReplaced();
    void anEmptyFolderIsTaken();
    void nothingElseIs();
    void cancelled();
    void whatIsWrong();
    void aRunsCard();
    void filledIn();
    void texts();

  private:
    [[nodiscard]] StudentExportOrder order(const char* format, const QString& to) const {
        StudentExportOrder one;
        one.from = folder_.filePath("student.safetensors").toStdString();
        one.format = formatNamed(format).value();
        one.to = folder_.filePath(to).toStdString();
        return one;
    }
    static Result<StudentExportReport> run(const StudentExportOrder& order) {
        Progress progress;
        return exportStudent(order, progress);
    }
    QTemporaryDir folder_;
};

void ExportStudentTest::initTestCase() {
    QVERIFY(test::writeMadeStudent(folder_.filePath("student.safetensors")));
}

void ExportStudentTest::everyFormat_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QStringList>("files");
    const QStringList beside{"README.md", "stillroom.json"};
    QTest::newRow("torchscript") << "torchscript" << QStringList{"README.md", "model.pt", "stillroom.json"};
    QTest::newRow("onnx") << "onnx" << QStringList{"README.md", "model.onnx", "stillroom.json"};
    QTest::newRow("huggingface") << "huggingface"
                                 << QStringList{"README.md",           "config.json",
                                                "model.safetensors",   "stillroom.json",
                                                "stillroom_ngrams.py", "tokenizer_config.json"};
    QTest::newRow("safetensors") << "safetensors"
                                 << QStringList{"README.md", "stillroom.json", "student.safetensors"};
}

void ExportStudentTest::everyFormat() {
    QFETCH(QString, format);
    QFETCH(QStringList, files);
    auto one = order(qPrintable(format), "new/folder/" + format);
    one.licence = "cc-by-4.0";
    Progress progress;
    const auto done = exportStudent(one, progress);
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(progress.done(), progress.total());
    QCOMPARE(done->textsFrom, std::string("built-in texts"));
    QCOMPARE(done->exported.compared, 108);
    QCOMPARE(done->exported.sameLabels, 108);
    QCOMPARE(done->exported.unprunedBytes, 64 * 4 * 4);
    QVERIFY(!done->before && !done->after);
    QCOMPARE(everythingIn(QString::fromStdString(one.to)).keys(), files);
    const QByteArray card = contents(QString::fromStdString(one.to) + "/README.md");
    QVERIFY(card.startsWith("---\npipeline_tag: text-classification\n") &&
            card.contains("\nlicense: cc-by-4.0\n"));
    QVERIFY(card.contains("`" + format.toUtf8() + "` with full weights"));
    QVERIFY(!card.contains("{{"));
    QVERIFY(format == "safetensors" || card.contains("```python"));
}

void ExportStudentTest::damageLeavesWhatWasThere_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("model");
    QTest::newRow("torchscript") << "torchscript"
                                 << "model.pt";
    QTest::newRow("onnx") << "onnx"
                          << "model.onnx";
    QTest::newRow("huggingface") << "huggingface"
                                 << "model.safetensors";
    QTest::newRow("safetensors") << "safetensors"
                                 << "student.safetensors";
}

void ExportStudentTest::damageLeavesWhatWasThere() {
    QFETCH(QString, format);
    QFETCH(QString, model);
    auto one = order(qPrintable(format), "damaged-" + format);
    QVERIFY(run(one));
    const auto before = everythingIn(QString::fromStdString(one.to));
    QVERIFY(before.size() >= 3);
    std::string damagedAt;
    one.written = [&](const std::string& folder) {
        damagedAt = folder;
        QFile file(QString::fromStdString(folder) + '/' + model);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const qint64 size = file.size();
        QVERIFY(file.seek(size / 3));
        file.write(QByteArray(size / 3, '\x41'));
    };
    const auto done = run(one);
    QVERIFY(!done);
    QVERIFY2(done.error().message.find(damagedAt) == std::string::npos, done.error().message.c_str());
    QVERIFY2(done.error().message.find("nothing was written") != std::string::npos ||
                 done.error().message.find("is not a usable") != std::string::npos ||
                 done.error().message.find("cannot be run") != std::string::npos,
             done.error().message.c_str());
    QVERIFY(everythingIn(QString::fromStdString(one.to)) == before);
    QVERIFY(!QDir(QString::fromStdString(damagedAt)).exists());
    for (const auto& name : everythingIn(folder_.path()).keys())
        QVERIFY2(!name.startsWith('.'), qPrintable(name));
}

void ExportStudentTest::anEarlierExportIsReplaced() {
    QVERIFY(run(order("torchscript", "again")));
    const auto done = run(order("onnx", "again/"));
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(everythingIn(folder_.filePath("again")).keys(),
             (QStringList{"README.md", "model.onnx", "stillroom.json"}));
}

void ExportStudentTest::anEmptyFolderIsTaken() {
    QVERIFY(QDir(folder_.path()).mkpath("just-made")); // as a file dialog makes one
    auto one = order("onnx", "just-made");
    one.weights = ExportWeights::Int8;
    const auto done = run(one);
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(everythingIn(folder_.filePath("just-made")).keys(),
             (QStringList{"README.md", "model.onnx", "stillroom.json"}));
    // Smaller weights are to be measured, and a student's file has nothing to measure them on.
    QVERIFY2(done->note.starts_with("nothing was measured"), done->note.c_str());
}

void ExportStudentTest::nothingElseIs() {
    // A model of somebody's that looks just like one, a file, and an export that somebody put something into.
    QVERIFY(QDir(folder_.path()).mkpath("model"));
    for (const char* name : {"model/config.json", "model/model.safetensors", "model/README.md", "file"}) {
        QFile file(folder_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
    }
    QVERIFY(run(order("onnx", "with-notes")));
    QFile notes(folder_.filePath("with-notes/notes.txt"));
    QVERIFY(notes.open(QIODevice::WriteOnly));
    for (const char* taken : {"model", "file", "with-notes"}) {
        const auto before = everythingIn(folder_.filePath(taken));
        const auto done = run(order("onnx", taken));
        QVERIFY(!done && done.error().message.find("is there already") != std::string::npos);
        QVERIFY(everythingIn(folder_.filePath(taken)) == before);
    }
}

void ExportStudentTest::cancelled() {
    Progress progress;
    progress.cancel();
    const auto done = exportStudent(order("onnx", "cancelled"), progress);
    QVERIFY(!done && done.error().kind == ErrorKind::Cancelled);
    QVERIFY(!QDir(folder_.filePath("cancelled")).exists());
}

void ExportStudentTest::whatIsWrong() {
    auto none = order("onnx", "none");
    none.from = folder_.filePath("no.safetensors").toStdString();
    const auto missing = run(none);
    QVERIFY(!missing && missing.error().message.find("is not there") != std::string::npos);
    none.from = folder_.path().toStdString();
    QVERIFY(!run(none)); // a folder, and no run
    auto int8 = order("huggingface", "int8");
    int8.weights = ExportWeights::Int8;
    const auto refused = run(int8);
    QVERIFY(!refused && refused.error().kind == ErrorKind::Usage);
    for (const char* name : {"none", "int8"})
        QVERIFY(!QDir(folder_.filePath(name)).exists());
}

void ExportStudentTest::aRunsCard() {
    const std::string runFolder =
        test::writeMadeRun(folder_.path().toStdString(), {.settings = {{"selection.decay", "0.98"}}});
    QVERIFY(test::giveStudent(runFolder));
    auto one = order("onnx", "of-a-run");
    one.from = runFolder;
    one.licence = "Texts: | mine\nand <others>";
    const auto done = run(one);
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QVERIFY2(done->note.find("could not be read") != std::string::npos,
             done->note.c_str()); // of data that never were
    const QByteArray card = contents(folder_.filePath("of-a-run/README.md"));
    QVERIFY(card.contains("| selection.decay | 0.98 |") || card.contains("| selection.decay |"));
    QVERIFY(card.contains("On the 1,000 test texts, with 95 % intervals"));
    QVERIFY(card.contains("| a | 500 | "));
    QVERIFY(card.contains("against gold its accuracy there is 68.00 %"));
    QVERIFY(card.contains("license: other"));
    QVERIFY(card.contains("Texts: \\| mine and \\<others\\>"));
    QVERIFY(card.contains("```yaml\nname: humaid"));
    one.licence = "null"; // which YAML takes for nothing
    QVERIFY(run(one));
    QVERIFY(contents(folder_.filePath("of-a-run/README.md")).contains("license: other"));
}

void ExportStudentTest::filledIn() {
    QCOMPARE(fillIn("a {{b}} c {{d}}{{b}}", {{"b", "{{d}}"}, {"d", "4"}}, "t").value(),
             std::string("a {{d}} c 4{{d}}"));
    const auto unknown = fillIn("{{x}}", {{"b", ""}}, "t.md");
    QVERIFY(!unknown && unknown.error().message == "t.md: there is no {{x}} to be filled in");
    QVERIFY(!fillIn("{{x", {}, "t.md"));
}

void ExportStudentTest::texts() {
    DatasetBuilder builder;
    for (int i = 0; i < 1000; ++i)
        builder.add(std::to_string(i), "text " + std::to_string(i), i % 2,
                    i < 500 ? Split::Train : Split::Test);
    const Dataset data = builder.finish({"a", "b"});
    std::string from;
    const auto some = exportTexts(&data, 100, from);
    QCOMPARE(from, std::string("the test split"));
    QCOMPARE(some.size(), std::size_t{108});
    QCOMPARE(some[0], std::string("text 500"));
    QCOMPARE(some[99], std::string("text 995"));
    QCOMPARE(exportTexts(nullptr, 100, from).size(), std::size_t{108});
}

QTEST_GUILESS_MAIN(ExportStudentTest)
#include "export_student_test.moc"
