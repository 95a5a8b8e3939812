#include "widgets/relative_paths.h"

#include <QTest>

using namespace stillroom;

class RelativePathsTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void pathsFollowTheFile() {
        Experiment experiment;
        experiment.data.train.files = {"sub/a*.csv", "/abs/b.csv", "../c.csv"};
        experiment.data.test.files = {"/abs/t.csv"};
        experiment.teacher.file = "sub/teacher.jsonl";
        ExperimentDocument document;
        document.adopt(experiment, "/home/x/old/e.yaml");
        const auto changes = movedPaths(experiment, "/home/x/old", "/home/x/old/sub");
        QCOMPARE(changes.size(), 2); // the test split is absolute already
        QVERIFY(document.setAll("moved", changes));
        const auto& now = document.experiment();
        QCOMPARE(now.data.train.files, (std::vector<std::string>{"a*.csv", "/abs/b.csv", "/home/x/c.csv"}));
        QCOMPARE(now.data.test.files, experiment.data.test.files);
        QCOMPARE(now.teacher.file, std::string("teacher.jsonl"));
    }

    void theSameFolderChangesNothing() {
        Experiment experiment;
        experiment.data.train.files = {"a.csv"};
        QVERIFY(movedPaths(experiment, "/home/x", "/home/x/").isEmpty());
    }
};

QTEST_GUILESS_MAIN(RelativePathsTest)
#include "relative_paths_test.moc"
