#include "core/experiment/prepare.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

using namespace stillroom;

namespace {

void write(const QTemporaryDir& folder, const char* name, const char* text) {
    std::ofstream(folder.filePath(name).toStdString()) << text;
}

LoadContext contextOf(const QTemporaryDir& folder) {
    LoadContext context;
    context.root = folder.path().toStdString();
    return context;
}

Experiment experimentOf(const char* yaml) {
    const auto parsed = parseExperiment(yaml, "test");
    if (!parsed)
        qFatal("%s", parsed.error().message.c_str());
    return *parsed;
}

constexpr const char* Columns = "data: {train: {files: a.csv, id: id, text: text, gold: gold}}\n"
                                "teacher: {label: said, confidence: sure}\n";

} // namespace

class PrepareTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void bringsTogetherWhatASessionNeeds();
    void errorsOfTheExperiment();
    void errorsOfTheFiles();
    void theSimulatedTeacher();
    void aCalibratedTeacher();
};

void PrepareTest::bringsTogetherWhatASessionNeeds() {
    const QTemporaryDir folder;
    write(folder, "a.csv",
          "id,text,gold,said,sure\n1,one,x,x,0.9\n2,two,y,x,0.6\n3,three,y,y,1\n4,four,x,x,0.5\n");
    const auto prepared = prepare(experimentOf(Columns), contextOf(folder));
    QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
    QCOMPARE(prepared->set.data->size(), std::size_t{4});
    QCOMPARE(prepared->set.trainingRows().size(), std::size_t{4});
    QCOMPARE(prepared->set.teacher->label(1), 0);
    QCOMPARE(prepared->untaught, std::int64_t{0});
    QCOMPARE(prepared->quality.rows, std::int64_t{4});
    QCOMPARE(prepared->quality.accuracy, 0.75);
    QCOMPARE(prepared->report.files.size(), std::size_t{1});
    QVERIFY(prepared->seconds > 0);
}

void PrepareTest::errorsOfTheExperiment() {
    const QTemporaryDir folder;
    const auto prepared = prepare(Experiment(), contextOf(folder));
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().message,
             std::string("data.train.files is missing: name the files to learn from"));
}

void PrepareTest::errorsOfTheFiles() {
    const QTemporaryDir folder;
    const auto prepared = prepare(experimentOf(Columns), contextOf(folder));
    QVERIFY(!prepared);
    QVERIFY2(prepared.error().message.find("a.csv") != std::string::npos, prepared.error().message.c_str());
}

void PrepareTest::theSimulatedTeacher() {
    const QTemporaryDir folder;
    std::ofstream file(folder.filePath("a.csv").toStdString());
    file << "id,text,gold\n";
    for (int i = 0; i < 4000; ++i)
        file << i << ",text " << i << "," << (i % 2 == 0 ? "x" : "y") << "\n";
    file.close();
    const auto prepared =
        prepare(experimentOf("data: {train: {files: a.csv, id: id, text: text, gold: gold}}\n"
                             "teacher: {kind: simulated, accuracy: 0.8}\n"),
                contextOf(folder));
    QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
    QVERIFY(std::abs(prepared->quality.accuracy - 0.8) < 0.03);
}

void PrepareTest::aCalibratedTeacher() {
    // Says 0.9 and is right on half, in training; the held-out rows are corrected too, and never fitted on.
    const QTemporaryDir folder;
    std::ofstream file(folder.filePath("a.csv").toStdString());
    file << "id,text,gold,said,sure\n";
    for (int i = 0; i < 1000; ++i)
        file << i << ",text " << i << "," << (i % 2 == 0 ? "x" : "y") << ",x,0.9\n";
    file.close();
    const std::string yaml = "data: {train: {files: a.csv, id: id, text: text, gold: gold}, holdout: {test: "
                             "0.2}}\nteacher: {label: said, confidence: sure";
    const auto plain = prepare(experimentOf((yaml + "}").c_str()), contextOf(folder));
    QVERIFY(plain && !plain->calibration);
    for (const char* kind : {"temperature", "histogram", "isotonic"}) {
        const auto experiment =
            experimentOf((yaml + ", calibration: " + kind + ", calibration_share: 0.5}").c_str());
        const auto prepared = prepare(experiment, contextOf(folder));
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        QVERIFY(prepared->calibration);
        const auto& calibration = *prepared->calibration;
        QCOMPARE(calibrationName(calibration.fit.kind), std::string_view(kind));
        const auto training = static_cast<std::int64_t>(prepared->set.trainingRows().size());
        QCOMPARE(training, static_cast<std::int64_t>(plain->set.trainingRows().size())); // all of them teach
        QCOMPARE(calibration.fittedOn + calibration.after.rows, training);
        QCOMPARE(prepared->quality.brier, calibration.after.brier);
        QVERIFY(calibration.before.eceEqualWidth > 0.3 && calibration.after.eceEqualWidth < 0.1);
        const TeacherOutputs& teacher = *prepared->set.teacher;
        for (std::size_t row = 0; row < prepared->set.data->size(); ++row) {
            QCOMPARE(teacher.label(row), plain->set.teacher->label(row));
            QVERIFY(std::abs(teacher.confidence(row) - 0.5F) < 0.1F);
        }
    }
    const auto refused =
        prepare(experimentOf((yaml + ", calibration: isotonic, calibration_share: 0.01}").c_str()),
                contextOf(folder));
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("it needs at least 20") != std::string::npos,
             refused.error().message.c_str());
}

QTEST_GUILESS_MAIN(PrepareTest)
#include "prepare_test.moc"
