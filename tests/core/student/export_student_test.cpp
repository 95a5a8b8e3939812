// core/student/export_student.h: every kind of student in every format, read back by that format's own means;
// and what is damaged between writing and reading back is not believed.
#include "core/student/export_student.h"
#include "core/student/exported_student.h"
#include "tests/core/student/export_students.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

void writeStudent(const std::string& path, const QString& kind) {
    const auto is = [&](const char* part) { return kind.contains(QLatin1String(part)); };
    if (is("ngram"))
        return writeNgramStudent(path, is("empty") ? 0 : 2048);
    EncoderKind encoder;
    encoder.family = is("roberta")      ? EncoderFamily::Roberta
                     : is("distilbert") ? EncoderFamily::DistilBert
                                        : EncoderFamily::Bert;
    encoder.pooling = is("cls") ? Pooling::Cls : Pooling::Mean;
    encoder.hidden = is("hidden") ? 12 : 0;
    encoder.activation = is("relu") ? Activation::Relu : is("tanh") ? Activation::GeluTanh : Activation::Gelu;
    writeEncoderStudent(path, encoder);
}

void overwrite(const QString& path, qint64 at, qint64 bytes) {
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(at) || file.write(QByteArray(bytes, '\x41')) != bytes)
        qFatal("cannot damage %s", qPrintable(path));
}

} // namespace

class ExportStudentTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void whatIsReadBackSaysTheSame_data();
    void whatIsReadBackSaysTheSame();
    void nativeArchitectures_data();
    void nativeArchitectures();
    void int8IsNoHuggingFaceFolder();
    void damageIsFound_data();
    void damageIsFound();
    void canBeCancelled();
    void whatIsNoExport();

  private:
    Result<StudentExported> exportOne(const QString& kind, ExportFormat format, ExportWeights weights,
                                      const QString& folder,
                                      const std::function<void(const std::string&)>& written = {}) {
        const std::string student = folder_.filePath(kind + ".safetensors").toStdString();
        if (!QFile::exists(QString::fromStdString(student)))
            writeStudent(student, kind);
        if (!QDir().mkpath(folder))
            qFatal("cannot make a folder");
        return exportStudentFile({student, format, weights, folder.toStdString(), studentTexts(), written},
                                 nullptr);
    }
    QTemporaryDir folder_;
};

void ExportStudentTest::whatIsReadBackSaysTheSame_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("format");
    QTest::addColumn<int>("weights");
    for (const char* kind :
         {"ngram", "ngram empty", "bert mean", "bert cls", "bert cls hidden", "bert mean hidden tanh",
          "roberta cls", "roberta mean relu", "distilbert cls", "distilbert cls hidden", "distilbert mean"})
        for (int format = 0; format < 4; ++format)
            for (int weights = 0; weights < 3; ++weights)
                if (static_cast<ExportFormat>(format) != ExportFormat::HuggingFace || weights < 2)
                    QTest::addRow("%s %s %s", kind, formatName(static_cast<ExportFormat>(format)).data(),
                                  weightsName(static_cast<ExportWeights>(weights)).data())
                        << kind << format << weights;
}

void ExportStudentTest::whatIsReadBackSaysTheSame() {
    QFETCH(QString, kind);
    QFETCH(int, format);
    QFETCH(int, weights);
    const QTemporaryDir to;
    const auto done =
        exportOne(kind, static_cast<ExportFormat>(format), static_cast<ExportWeights>(weights), to.path());
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(done->compared, static_cast<std::int64_t>(studentTexts().size()));
    if (weights == 0) {
        QCOMPARE(done->sameLabels, done->compared);
        QVERIFY2(done->largestDifference <= 1e-5, qPrintable(QString::number(done->largestDifference)));
    } else if (!kind.contains("empty")) { // the weights really are smaller ones
        QVERIFY(done->largestDifference > 1e-6);
    }
    QCOMPARE(done->files.front().name, std::string(modelFile(static_cast<ExportFormat>(format))));
    std::int64_t listed = 0;
    for (const auto& file : done->files) {
        QVERIFY(file.bytes > 0);
        listed += file.bytes;
    }
    std::int64_t there = 0;
    for (const auto& file :
         QDir(to.path()).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
        there += file.size();
    QCOMPARE(listed, there);
    // The same once more, by the door that measures.
    const auto opened = openExportedStudent(to.path().toStdString());
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE((*opened)->classes(), done->classes);
}

void ExportStudentTest::nativeArchitectures_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("architecture");
    QTest::newRow("bert cls") << "bert cls"
                              << "BertForSequenceClassification";
    QTest::newRow("roberta cls") << "roberta cls"
                                 << "RobertaForSequenceClassification";
    QTest::newRow("distilbert cls") << "distilbert cls"
                                    << "DistilBertForSequenceClassification";
    QTest::newRow("distilbert cls hidden") << "distilbert cls hidden"
                                           << "DistilBertForSequenceClassification";
    QTest::newRow("bert mean") << "bert mean"
                               << "StillroomEncoderForSequenceClassification";
    QTest::newRow("ngram") << "ngram"
                           << "StillroomNgramsForSequenceClassification";
}

void ExportStudentTest::nativeArchitectures() {
    QFETCH(QString, kind);
    QFETCH(QString, architecture);
    const QTemporaryDir to;
    const auto done = exportOne(kind, ExportFormat::HuggingFace, ExportWeights::Full, to.path());
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QFile file(to.filePath("config.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto config = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(config["architectures"].toArray().at(0).toString(), architecture);
    QCOMPARE(config["id2label"].toObject().size(), static_cast<qsizetype>(done->classes.size()));
    QCOMPARE(config.contains("auto_map"), architecture.startsWith("Stillroom"));
    QCOMPARE(done->code.empty(), !architecture.startsWith("Stillroom"));
}

void ExportStudentTest::int8IsNoHuggingFaceFolder() {
    const QTemporaryDir to;
    const auto done = exportOne("bert cls", ExportFormat::HuggingFace, ExportWeights::Int8, to.path());
    QVERIFY(!done && done.error().kind == ErrorKind::Usage);
    QVERIFY(done.error().message.find("take half") != std::string::npos);
}

void ExportStudentTest::damageIsFound_data() {
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("how");
    for (int format = 0; format < 4; ++format)
        for (const char* how : {"other numbers", "cut off", "gone", "another's"})
            QTest::addRow("%s %s", formatName(static_cast<ExportFormat>(format)).data(), how)
                << format << how;
}

void ExportStudentTest::damageIsFound() {
    QFETCH(int, format);
    QFETCH(QString, how);
    const QTemporaryDir to;
    const auto kind = static_cast<ExportFormat>(format);
    const auto damage = [&](const std::string& folder) {
        const QString model = QString::fromStdString(folder + '/' + modelFile(kind));
        const qint64 size = QFile(model).size();
        if (how == "other numbers") { // 12.078…, where weights are below 0.5
            overwrite(model, size / 3, size / 3);
        } else if (how == "cut off") {
            QVERIFY(QFile::resize(model, size / 2));
        } else if (how == "gone") {
            QVERIFY(QFile::remove(model));
        } else { // of a student with other weights, whole and sound
            const QTemporaryDir other;
            QVERIFY(exportOne("bert cls", kind, ExportWeights::Full, other.path()));
            QVERIFY(QFile::remove(model));
            QVERIFY(QFile::copy(other.filePath(modelFile(kind)), model));
        }
    };
    const auto done = exportOne("ngram", kind, ExportWeights::Full, to.path(), damage);
    QVERIFY(!done);
    const std::string& message = done.error().message;
    QVERIFY2(message.find('\n') == std::string::npos && message.size() > 40, message.c_str());
}

void ExportStudentTest::canBeCancelled() {
    const QTemporaryDir to;
    const std::string student = folder_.filePath("ngram.safetensors").toStdString();
    writeStudent(student, "ngram");
    Progress progress;
    progress.cancel();
    const auto done = exportStudentFile(
        {student, ExportFormat::Onnx, ExportWeights::Full, to.path().toStdString(), {}}, &progress);
    QVERIFY(!done && done.error().kind == ErrorKind::Cancelled);
}

void ExportStudentTest::whatIsNoExport() {
    const QTemporaryDir empty;
    QVERIFY(!openExportedStudent(empty.path().toStdString()));
    QFile facts(empty.filePath("stillroom.json"));
    QVERIFY(facts.open(QIODevice::WriteOnly));
    facts.write(R"({"format": "stillroom-export", "version": 1, "export": "onnx", "weights": "full",
"classes": ["a", "b"], "kind": "encoder", "tokens": {"files": ["../../etc/passwd"], "length": 8, "pad_id": 0}})");
    facts.close();
    const auto opened = openExportedStudent(empty.path().toStdString());
    QVERIFY(!opened && opened.error().message.find("how texts become tokens") != std::string::npos);
}

QTEST_GUILESS_MAIN(ExportStudentTest)
#include "export_student_test.moc"
