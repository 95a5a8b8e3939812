#include "core/experiment/find_experiment.h"
#include "core/experiment/sweep.h"

#include "core/experiment/experiment.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

using namespace stillroom;

namespace {

void write(const QString& path, const char* text) {
    std::ofstream(path.toStdString()) << text;
}

} // namespace

/// Each test works in an empty folder.
class FindExperimentTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void cleanup();
    void asGiven();
    void bareNames();
    void thoseHereBeforeTheProgramsOwn();
    void aFolderOfThatName();
    void missing();
    void dataRoots();
    void everyExperimentOfOursIsFine_data();
    void everyExperimentOfOursIsFine();
    void theHumaidOnesDifferOnlyInWhatTheySay();

  private:
    std::unique_ptr<QTemporaryDir> folder_;
};

void FindExperimentTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    QDir::setCurrent(folder_->path());
}

void FindExperimentTest::cleanup() {
    QDir::setCurrent(QDir::rootPath());
    folder_.reset();
}

void FindExperimentTest::asGiven() {
    write("mine.yaml", "name: mine\n");
    QCOMPARE(findExperiment("mine.yaml").value(), std::string("mine.yaml"));
    write("demo", "name: mine\n"); // a file is what it is, whatever its name
    QCOMPARE(findExperiment("demo").value(), std::string("demo"));
    const std::string absolute = folder_->filePath("mine.yaml").toStdString();
    QCOMPARE(findExperiment(absolute).value(), absolute);
}

void FindExperimentTest::bareNames() {
    const auto found = findExperiment("humaid-llkd");
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    QVERIFY(std::filesystem::equivalent(*found, STILLROOM_SOURCE_DIR "/experiments/humaid-llkd.yaml"));
    QCOMPARE(findExperiment("humaid-llkd.yaml").value(), *found);
}

void FindExperimentTest::thoseHereBeforeTheProgramsOwn() {
    QDir().mkdir("experiments");
    write("experiments/demo.yaml", "name: demo\n");
    write("experiments/own.yaml", "name: own\n");
    QCOMPARE(findExperiment("demo").value(), std::string("experiments/demo.yaml"));
    QCOMPARE(findExperiment("own").value(), std::string("experiments/own.yaml"));
    const auto names = experimentNames();
    QCOMPARE(std::count(names.begin(), names.end(), "demo"), 1);
    QCOMPARE(std::count(names.begin(), names.end(), "own"), 1);
}

void FindExperimentTest::aFolderOfThatName() {
    QDir().mkdir("demo");
    QVERIFY(findExperiment("demo")); // the experiment, not the folder
    const auto found = findExperiment("./demo");
    QVERIFY(!found);
    QCOMPARE(found.error().message, std::string("./demo is a folder, not an experiment's file"));
}

void FindExperimentTest::missing() {
    const auto near = findExperiment("humaid-lkd");
    QVERIFY(!near);
    QVERIFY2(near.error().message.find(
                 "there is no file or experiment 'humaid-lkd'; did you mean 'humaid-llkd'?; by "
                 "name there are arxiv-10, biosbias, demo, emotion") == 0,
             near.error().message.c_str());
    const auto path = findExperiment("no/such.yaml");
    QVERIFY(!path);
    QCOMPARE(path.error().message, std::string("no/such.yaml: there is no such file"));
    QVERIFY(!findExperiment(""));
}

void FindExperimentTest::dataRoots() {
    qunsetenv("STILLROOM_DATA");
    QCOMPARE(dataRootFor("", "a/b/e.yaml"), std::string("a/b"));
    QCOMPARE(dataRootFor("", "e.yaml"), std::string("."));
    QCOMPARE(dataRootFor("", ""), std::string("."));
    qputenv("STILLROOM_DATA", "/data");
    QCOMPARE(dataRootFor("", "a/b/e.yaml"), std::string("/data"));
    QCOMPARE(dataRootFor("here", "a/b/e.yaml"), std::string("here"));
    qputenv("STILLROOM_DATA", "");
    QCOMPARE(dataRootFor("", "a/b/e.yaml"), std::string("a/b"));
}

void FindExperimentTest::everyExperimentOfOursIsFine_data() {
    QTest::addColumn<QString>("name");
    for (const auto& name : QDir(STILLROOM_SOURCE_DIR "/experiments").entryList({"*.yaml"}))
        QTest::newRow(qPrintable(name)) << name;
}

void FindExperimentTest::everyExperimentOfOursIsFine() {
    QFETCH(QString, name);
    const auto found = findExperiment(name.toStdString());
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    auto experiment = readExperiment(*found);
    if (const auto sweep = readSweep(*found))
        experiment = sweep->base;
    QVERIFY2(experiment, experiment ? "" : experiment.error().message.c_str());
    QCOMPARE(QString::fromStdString(experiment->name) + ".yaml", name);
    const auto checked = checkExperiment(*experiment);
    QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
}

/// A comparison of rules is one only when nothing else differs.
void FindExperimentTest::theHumaidOnesDifferOnlyInWhatTheySay() {
    const auto llkd = readExperiment(*findExperiment("humaid-llkd"));
    QVERIFY(llkd);
    for (const char* name : {"all", "teacher", "random", "random-fixed", "gold"}) {
        auto other = readExperiment(*findExperiment(std::string("humaid-") + name));
        QVERIFY(other);
        other->name = llkd->name;
        other->selection = llkd->selection;
        if (std::string_view(name) == "gold")
            other->teacher = llkd->teacher;
        QVERIFY2(*other == *llkd, name);
    }
}

QTEST_GUILESS_MAIN(FindExperimentTest)
#include "find_experiment_test.moc"
