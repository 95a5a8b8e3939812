#include "core/teacher/calibration.h"

#include "core/teacher/teacher_loader.h"

#include <QDir>
#include <QtTest>
#include <array>
#include <cmath>

using namespace stillroom;

namespace {

bool near(double a, double b, double slack = 1e-9) {
    return std::abs(a - b) <= slack;
}

/// Rows of (gold, label, confidence) in the training split, K classes.
struct Said {
    int gold, label;
    float confidence;
};

Dataset datasetOf(const std::vector<Said>& said, int classCount) {
    DatasetBuilder builder;
    for (std::size_t i = 0; i < said.size(); ++i)
        builder.add(std::to_string(i), "text", said[i].gold, Split::Train);
    std::vector<std::string> names;
    for (int k = 0; k < classCount; ++k)
        names.push_back(std::to_string(k));
    return builder.finish(names);
}

TeacherOutputs outputsOf(const std::vector<Said>& said, int classCount) {
    TeacherOutputs outputs(said.size(), classCount);
    for (std::size_t i = 0; i < said.size(); ++i)
        if (said[i].label >= 0)
            outputs.set(i, said[i].label, said[i].confidence, TeacherOrigin::Stated);
    return outputs;
}

TeacherQuality measured(const std::vector<Said>& said, int classCount) {
    return measureTeacher(datasetOf(said, classCount), outputsOf(said, classCount), Split::Train);
}

} // namespace

class CalibrationTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand() {
        // Three classes; the fifth row has no gold and the sixth no answer: neither counts.
        const auto quality = measured(
            {{0, 0, 0.75F}, {0, 1, 0.5F}, {1, 1, 1.0F}, {1, 1, 0.5F}, {-1, 0, 0.25F}, {2, -1, 0}}, 3);
        QCOMPARE(quality.rows, 4);
        QCOMPARE(quality.accuracy, 0.75);
        QCOMPARE(quality.meanConfidence, 0.6875);
        QCOMPARE(quality.goldCount, (std::vector<std::int64_t>{2, 2, 0}));
        QCOMPARE(quality.labelCount, (std::vector<std::int64_t>{1, 3, 0}));
        QVERIFY(near(quality.precision[0], 1) && near(quality.precision[1], 2.0 / 3) &&
                near(quality.precision[2], 0));
        QVERIFY(near(quality.recall[0], 0.5) && near(quality.recall[1], 1) && near(quality.recall[2], 0));
        // F1: 2·1/(1 + 2) = 2/3, 2·2/(3 + 2) = 4/5; class 2 occurs nowhere.
        QVERIFY(near(quality.macroF1, (2.0 / 3 + 0.8) / 2));
        // Equal width: 0.75 alone in (11/15, 12/15], right: |1 − 0.75|; 0.5 twice in (7/15, 8/15], one right:
        // |1 − 1| of a sum of 1; 1.0 alone in the last, right: 0. ECE = 0.25/4.
        QVERIFY(near(quality.eceEqualWidth, 0.0625));
        QCOMPARE(quality.bins.size(), std::size_t{15});
        QCOMPARE(quality.bins[7].rows, 2);
        QCOMPARE(quality.bins[11].rows, 1);
        QCOMPARE(quality.bins[14].rows, 1);
        QVERIFY(near(quality.bins[7].accuracy, 0.5) && near(quality.bins[7].confidence, 0.5));
        QVERIFY(near(quality.bins[11].low, 11.0 / 15) && near(quality.bins[11].high, 12.0 / 15));
        // Equal mass, four rows: each its own bin. 0.5 and 0.5 are a tie of accuracy ½: 0 each; 0.75: 0.25;
        // 1: 0.
        QVERIFY(near(quality.eceEqualMass, 0.0625));
        // Fifteen bins of four rows: the ranks ⌊4m/15⌋ pass 0, 1, 2 and 3 in the bins 4, 8, 12 and 15.
        QCOMPARE(quality.massBins.size(), std::size_t{15});
        for (const int bin : {3, 7, 11, 14})
            QCOMPARE(quality.massBins[static_cast<std::size_t>(bin)].rows, 1);
        QCOMPARE(quality.massBins[0].rows, 0);
        QVERIFY(near(quality.massBins[3].accuracy, 0.5) && near(quality.massBins[7].accuracy, 0.5));
        QVERIFY(near(quality.massBins[11].confidence, 0.75) && near(quality.massBins[11].accuracy, 1));
        QVERIFY(near(quality.massBins[14].low, 1) && near(quality.massBins[14].high, 1));
        QCOMPARE(quality.confusion, (std::vector<std::int64_t>{1, 1, 0, 0, 2, 0, 0, 0, 0}));
        // Brier of the filled-in vectors: (0.75, ⅛, ⅛) right: 1/16 + 2/64 = 0.09375; (¼, ½, ¼) wrong: 9/16 +
        // 1/4 + 1/16 = 0.875; (0, 1, 0) right: 0; (¼, ½, ¼) right: 1/4 + 2/16 = 0.375.
        QVERIFY(near(quality.brier, (0.09375 + 0.875 + 0 + 0.375) / 4));
        // NLL: −ln 0.75, −ln 0.25, 0, −ln 0.5.
        QVERIFY(near(quality.nll, (0.28768207245 + 1.38629436112 + 0 + 0.69314718056) / 4, 1e-10));
    }

    void vectorsAreUsedWhereThereAre() {
        const auto data = datasetOf({{1, 0, 0}}, 3);
        TeacherOutputs outputs(1, 3);
        const std::array<float, 3> q = {0.5F, 0.375F, 0.125F};
        outputs.set(0, q, TeacherOrigin::Probabilities);
        const auto quality = measureTeacher(data, outputs, Split::Train);
        // 0.25 + 0.625² + 0.015625.
        QVERIFY(near(quality.brier, 0.65625));
        QVERIFY(near(quality.nll, -std::log(0.375)));
        QCOMPARE(quality.accuracy, 0.0);
    }

    void certainAndWrongIsFloored() {
        const auto quality = measured({{0, 1, 1.0F}}, 2);
        QVERIFY(near(quality.nll, -std::log(1e-12)));
        QVERIFY(near(quality.brier, 2));
        QVERIFY(near(quality.eceEqualWidth, 1) && near(quality.eceEqualMass, 1));
    }

    void edgesBelongBelow() {
        // 0.8 = 12/15, which as a float is a little more, and 0 in the first bin.
        const auto quality = measured({{0, 0, 0.8F}, {0, 0, 0.6F}, {0, 0, 0.0F}, {0, 0, 0.81F}}, 2);
        QCOMPARE(quality.bins[11].rows, 1);
        QCOMPARE(quality.bins[8].rows, 1);
        QCOMPARE(quality.bins[0].rows, 1);
        QCOMPARE(quality.bins[12].rows, 1);
    }

    void equalMassDoesNotDependOnTheOrderWithinTies() {
        // 30 rows of 0.5, 15 right; two a bin. In this order the bins would be all right or all wrong: |½|
        // each. As ties they are ½ right: 0.
        std::vector<Said> said;
        for (int i = 0; i < 30; ++i)
            said.push_back({i < 15 ? 0 : 1, 0, 0.5F});
        QVERIFY(near(measured(said, 2).eceEqualMass, 0));
        // 20 rows of 0.25, none right, and 10 of 0.75, all right: each bin of two is one or the other.
        said.clear();
        for (int i = 0; i < 30; ++i)
            said.push_back(i % 3 == 0 ? Said{0, 0, 0.75F} : Said{1, 0, 0.25F});
        QVERIFY(near(measured(said, 2).eceEqualMass, 0.25));
        // 15 and 15: the eighth bin holds one of each, 7·2·0.25 + |−0.25 + 0.25| + 7·2·0.25 = 7.
        said.clear();
        for (int i = 0; i < 30; ++i)
            said.push_back(i % 2 == 0 ? Said{0, 0, 0.75F} : Said{1, 0, 0.25F});
        const auto quality = measured(said, 2);
        QVERIFY(near(quality.eceEqualMass, 7.0 / 30));
        QCOMPARE(quality.massBins[7].rows, 2);
        QVERIFY(near(quality.massBins[7].low, 0.25) && near(quality.massBins[7].high, 0.75));
        QVERIFY(near(quality.massBins[7].confidence, 0.5) && near(quality.massBins[7].accuracy, 0.5));
        for (const auto& bin : quality.massBins)
            QCOMPARE(bin.rows, 2);
    }

    void someOfTheRows() {
        const std::vector<Said> said = {{0, 0, 0.5F}, {1, 0, 0.75F}, {0, 0, 1.0F}};
        const auto data = datasetOf(said, 2);
        const auto outputs = outputsOf(said, 2);
        const std::array<std::uint32_t, 2> rows = {0, 1};
        const auto quality = measureTeacher(data, outputs, rows);
        QCOMPARE(quality.rows, 2);
        QCOMPARE(quality.accuracy, 0.5);
        QCOMPARE(quality.meanConfidence, 0.625);
        QCOMPARE(quality.confusion, (std::vector<std::int64_t>{1, 0, 1, 0}));
    }

    void aColumnOfIdsTakenForClasses() {
        const auto quality = measured({{0, 4000, 0.5F}, {4999, 4999, 0.5F}}, 5000);
        QVERIFY(quality.confusion.empty()); // 25 million cells, and more where there are more ids
        QCOMPARE(quality.accuracy, 0.5);
    }

    void nothingToMeasure() {
        const auto quality = measured({{-1, 0, 0.5F}}, 2);
        QCOMPARE(quality.rows, 0);
        QCOMPARE(quality.accuracy, 0.0);
        QCOMPARE(quality.eceEqualMass, 0.0);
        QCOMPARE(quality.bins.size(), std::size_t{15});
        QCOMPARE(quality.precision.size(), std::size_t{2});
        QCOMPARE(quality.massBins.size(), std::size_t{15});
        QCOMPARE(quality.confusion.size(), std::size_t{4});
    }

    void humaid() {
        const QString folder = QDir::cleanPath(QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data"));
        if (!QDir(folder + QStringLiteral("/humaid")).exists())
            QSKIP("the HumAID data are not beside the project (../shared/data/humaid)");
        DataSettings data;
        data.train.files = {"humaid/*_train_pred.csv"};
        data.train.id = "tweet_id";
        data.train.text = "tweet_text";
        data.train.gold = "class_label";
        TeacherSettings teacher;
        teacher.label = "predicted_label";
        teacher.confidence = "confidence";
        LoadContext context;
        context.root = folder.toStdString();
        const auto examples = loadExamples(data, teacher, context);
        QVERIFY2(examples, examples ? "" : examples.error().message.c_str());
        QCOMPARE(examples->dataset.size(), std::size_t{44373});
        QCOMPARE(examples->untaught, 0);
        const auto quality = measureTeacher(examples->dataset, examples->teacher, Split::Train);
        QCOMPARE(quality.rows, 44373);
        QVERIFY2(near(quality.accuracy, 0.682, 5e-4), std::to_string(quality.accuracy).c_str());

        // The table of shared/data/README.md.
        struct Row {
            float confidence;
            int rows;
            double accuracy;
        };
        for (const Row& row : {Row{0.70F, 402, 0.276}, Row{0.80F, 2148, 0.453}, Row{0.85F, 9193, 0.520},
                               Row{0.90F, 10518, 0.654}, Row{0.95F, 21771, 0.790}, Row{0.98F, 307, 0.912}}) {
            int rows = 0;
            int right = 0;
            for (std::size_t i = 0; i < examples->dataset.size(); ++i)
                if (examples->teacher.confidence(i) == row.confidence) {
                    ++rows;
                    right += examples->teacher.label(i) == examples->dataset.gold(i) ? 1 : 0;
                }
            QCOMPARE(rows, row.rows);
            QVERIFY2(near(static_cast<double>(right) / rows, row.accuracy, 5e-4),
                     std::to_string(right).c_str());
        }
        // By a program of its own (Python, float64) over the same files.
        QVERIFY2(near(quality.eceEqualWidth, 0.22623780226732038, 1e-6),
                 std::to_string(quality.eceEqualWidth).c_str());
        QVERIFY2(near(quality.eceEqualMass, 0.22623780226714554, 1e-6),
                 std::to_string(quality.eceEqualMass).c_str());
        QVERIFY2(near(quality.brier, 0.5694588025252095, 1e-6), std::to_string(quality.brier).c_str());
        QVERIFY2(near(quality.nll, 1.4975881005196958, 1e-6), std::to_string(quality.nll).c_str());
        QVERIFY2(near(quality.macroF1, 0.6625766425632331, 1e-6), std::to_string(quality.macroF1).c_str());
    }
};

QTEST_GUILESS_MAIN(CalibrationTest)
#include "calibration_test.moc"
