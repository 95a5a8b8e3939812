#include "core/teacher/compare_teachers.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

namespace {

bool near(double a, double b, double slack = 1e-12) {
    return std::abs(a - b) <= slack * std::max(1.0, std::abs(b));
}

struct Row {
    std::string text;
    int gold;
    int label; ///< −1: not asked
    float confidence = 0.8F;
};

Dataset datasetOf(const std::vector<Row>& rows, const std::vector<std::string>& classes) {
    DatasetBuilder builder;
    for (std::size_t i = 0; i < rows.size(); ++i)
        builder.add(std::to_string(i), rows[i].text, rows[i].gold, Split::Train);
    return builder.finish(classes);
}

TeacherOutputs outputsOf(const std::vector<Row>& rows, int classCount) {
    TeacherOutputs outputs(rows.size(), classCount);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].label >= 0)
            outputs.set(i, rows[i].label, rows[i].confidence, TeacherOrigin::Stated);
    return outputs;
}

/// Σ of binomial terms one by one in long double, without the shortcut of the code.
double slowSignTest(int a, int b) {
    const int n = a + b;
    long double sum = 0;
    for (int k = 0; k <= n; ++k) {
        if (std::min(k, n - k) > std::min(a, b))
            continue;
        long double term = 1;
        for (int i = 1; i <= k; ++i)
            term *= static_cast<long double>(n - k + i) / i;
        for (int i = 0; i < n; ++i)
            term /= 2;
        sum += term;
    }
    return static_cast<double>(sum);
}

} // namespace

class CompareTeachersTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void signTestByHand() {
        // 1 against 9: 2·(C(10,0) + C(10,1))/2^10 = 22/1024.
        QVERIFY(near(signTest(1, 9), 22.0 / 1024));
        QVERIFY(near(signTest(9, 1), 22.0 / 1024));
        // 0 against 5: 2/32. 0 against 1: 2/2.
        QVERIFY(near(signTest(0, 5), 2.0 / 32));
        QCOMPARE(signTest(0, 1), 1.0);
        QCOMPARE(signTest(0, 0), 1.0);
        QCOMPARE(signTest(7, 7), 1.0);
        // 2 against 3 takes in every split of five: no evidence at all.
        QCOMPARE(signTest(2, 3), 1.0);
    }

    void signTestAgainstASlowSum() {
        for (int a = 0; a <= 40; a += 3)
            for (int b = 0; b <= 60; b += 7)
                QVERIFY2(near(signTest(a, b), slowSignTest(a, b), 1e-11),
                         qPrintable(QStringLiteral("%1 %2").arg(a).arg(b)));
        // Large and uneven ones end, and are not negative.
        const double rare = signTest(4'000, 6'000);
        QVERIFY(rare > 0 && rare < 1e-80);
        // About 1.96 standard deviations: 1,000,000 tosses, 980 more on one side than half; 0.05 within 1e-3.
        QVERIFY(std::abs(signTest(499'020, 500'980) - 0.05) < 1e-3);
    }

    void byHand() {
        // gold, first, second; K = 3
        const std::vector<Row> first = {{"a", 0, 0}, {"b", 0, 0}, {"c", 1, 1},  {"d", 1, 0},
                                        {"e", 1, 2}, {"f", 2, 2}, {"g", -1, 1}, {"h", 2, -1}};
        std::vector<Row> second = first;
        const int labels[] = {0, 1, 0, 1, 0, 2, 1, 2};
        for (std::size_t i = 0; i < second.size(); ++i) {
            second[i].label = labels[i];
            second[i].confidence = 0.5F;
        }
        const Dataset data = datasetOf(first, {"x", "y", "z"});
        const auto compared =
            compareTeachers(data, outputsOf(first, 3), outputsOf(second, 3), data.rows(Split::Train));
        QCOMPARE(compared.rows, 7);   // h was not asked of the first
        QCOMPARE(compared.agreed, 3); // a, f, and g without gold
        QCOMPARE(compared.all, (TeacherComparison::Counts{2, 2, 1, 1}));
        QCOMPARE(compared.byClass[0], (TeacherComparison::Counts{1, 1, 0, 0}));
        QCOMPARE(compared.byClass[1], (TeacherComparison::Counts{0, 1, 1, 1}));
        QCOMPARE(compared.byClass[2], (TeacherComparison::Counts{1, 0, 0, 0}));
        QCOMPARE(compared.all.rows(), 6);
        QCOMPARE(compared.p, 1.0); // 2 against 1
        // Both over the same six rows.
        QCOMPARE(compared.first.rows, 6);
        QCOMPARE(compared.second.rows, 6);
        QVERIFY(near(compared.first.accuracy, 4.0 / 6));
        QVERIFY(near(compared.second.accuracy, 3.0 / 6));
        QVERIFY(near(compared.first.meanConfidence, 0.8, 1e-6));
        QVERIFY(near(compared.second.meanConfidence, 0.5, 1e-6));
    }

    void onlyTheRowsThatAreAskedFor() {
        const std::vector<Row> rows = {{"a", 0, 0}, {"b", 0, 1}, {"c", 1, 1}};
        const Dataset data = datasetOf(rows, {"x", "y"});
        const auto said = outputsOf(rows, 2);
        const std::vector<std::uint32_t> some = {1, 2};
        const auto compared = compareTeachers(data, said, said, some);
        QCOMPARE(compared.rows, 2);
        QCOMPARE(compared.all, (TeacherComparison::Counts{1, 0, 0, 1}));
    }

    void textsAreJoinedByWhatTheyAre() {
        // Other order, other class order, a text twice, a text that only one has.
        const Dataset data = datasetOf(
            {{"same", 0, 0}, {"b", 1, 0}, {"same", 0, 0}, {"alone", 1, 0}, {"same", 1, 0}}, {"x", "y"});
        const std::vector<Row> others = {
            {"b", 0, 0, 0.9F}, {"same", 1, 1, 0.6F}, {"elsewhere", 0, 0, 0.7F}, {"same", 1, 0, 0.7F}};
        const auto joined = joinTeacher(data, datasetOf(others, {"y", "x"}), outputsOf(others, 2));
        QVERIFY(joined);
        QCOMPARE(joined->size(), std::size_t{5});
        QCOMPARE(joined->label(1), 1); // y
        QCOMPARE(joined->confidence(1), 0.9F);
        QCOMPARE(joined->label(0), 0); // x: the first "same"
        QCOMPARE(joined->confidence(0), 0.6F);
        QCOMPARE(joined->label(2), 1); // the second
        QCOMPARE(joined->confidence(2), 0.7F);
        QVERIFY(!joined->has(3));
        QVERIFY(!joined->has(4)); // there is no third
    }

    void vectorsAreTranslated() {
        const Dataset data = datasetOf({{"a", 0, 0}}, {"x", "y", "z"});
        const Dataset others = datasetOf({{"a", 0, 0}}, {"z", "x"});
        TeacherOutputs said(1, 2);
        said.set(0, std::vector<float>{0.25F, 0.75F}, TeacherOrigin::Probabilities);
        const auto joined = joinTeacher(data, others, said);
        QVERIFY(joined);
        std::vector<float> q(3);
        joined->distribution(0, q);
        QCOMPARE(q, (std::vector<float>{0.75F, 0, 0.25F}));
        QCOMPARE(joined->label(0), 0);
    }

    void whatCannotBeJoinedIsSaid() {
        const Dataset data = datasetOf({{"a", 0, 0}}, {"x", "y"});
        const std::vector<Row> elsewhere = {{"b", 0, 0}};
        auto joined = joinTeacher(data, datasetOf(elsewhere, {"x", "y"}), outputsOf(elsewhere, 2));
        QVERIFY(!joined);
        QVERIFY(joined.error().message.find("none of these texts") != std::string::npos);
        const std::vector<Row> stranger = {{"a", 0, 1}};
        joined = joinTeacher(data, datasetOf(stranger, {"x", "w"}), outputsOf(stranger, 2));
        QVERIFY(!joined);
        QVERIFY(joined.error().message.find("'w'") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(CompareTeachersTest)
#include "compare_teachers_test.moc"
