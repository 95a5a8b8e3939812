#include "widgets/file_probe.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class FileProbeTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void columnsOfARealHeader() {
        const ColumnGuess guess = guessColumns(
            {"tweet_id", "tweet_text", "class_label", "predicted_label", "confidence", "entropy", "status"});
        QCOMPARE(guess.text, std::string("tweet_text"));
        QCOMPARE(guess.id, std::string("tweet_id"));
        QCOMPARE(guess.gold, std::string("class_label"));
        QCOMPARE(guess.label, std::string("predicted_label"));
        QCOMPARE(guess.confidence, std::string("confidence"));
        QVERIFY(guess.probabilities.empty());
    }

    void oneProbabilityPerClass() {
        const ColumnGuess guess = guessColumns({"Text", "label", "P_joy", "P_anger"});
        QCOMPARE(guess.text, std::string("Text"));
        QCOMPARE(guess.gold, std::string("label"));
        QCOMPARE(guess.probabilities, std::string("P_"));
        QVERIFY(guess.label.empty());
    }

    void nothingIsGuessedFromNothing() {
        const ColumnGuess guess = guessColumns({"x", "y"});
        QVERIFY(guess.text.empty() && guess.id.empty() && guess.gold.empty() && guess.label.empty());
    }

    void theFirstFileOfAPatternIsOpened() {
        QTemporaryDir folder;
        QFile file(folder.filePath("a.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("id,text\n1,hello\n");
        file.close();
        SplitSettings split;
        split.files = {"*.csv"};
        const auto columns = probeColumns(split, folder.path().toStdString(), "data.train");
        QVERIFY(columns);
        QCOMPARE(*columns, (std::vector<std::string>{"id", "text"}));
        split.files = {"missing.csv"};
        QVERIFY(!probeColumns(split, folder.path().toStdString(), "data.train"));
    }
};

QTEST_GUILESS_MAIN(FileProbeTest)
#include "file_probe_test.moc"
