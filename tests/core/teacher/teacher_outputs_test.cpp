#include "core/teacher/teacher_outputs.h"

#include <QtTest>
#include <array>
#include <vector>

using namespace stillroom;

class TeacherOutputsTest : public QObject {
    Q_OBJECT

    static std::vector<float> vectorOf(const TeacherOutputs& outputs, std::size_t row) {
        std::vector<float> q(static_cast<std::size_t>(outputs.classCount()));
        outputs.distribution(row, q);
        return q;
    }

  private Q_SLOTS:
    void nothingIsSaidAtFirst() {
        const TeacherOutputs outputs(3, 4);
        QCOMPARE(outputs.size(), std::size_t{3});
        QCOMPARE(outputs.classCount(), 4);
        for (std::size_t row = 0; row < 3; ++row) {
            QVERIFY(!outputs.has(row));
            QCOMPARE(outputs.label(row), TeacherOutputs::NoLabel);
            QVERIFY(outputs.origin(row) == TeacherOrigin::None);
        }
    }

    void aStatedLabelIsFilledIn() {
        TeacherOutputs outputs(2, 4);
        outputs.set(1, 2, 0.7F, TeacherOrigin::Stated);
        QVERIFY(!outputs.has(0) && outputs.has(1));
        QVERIFY(!outputs.hasVectors());
        QCOMPARE(outputs.label(1), 2);
        QCOMPARE(outputs.confidence(1), 0.7F);
        QVERIFY(outputs.origin(1) == TeacherOrigin::Stated);
        QCOMPARE(vectorOf(outputs, 1), (std::vector<float>{0.1F, 0.1F, 0.7F, 0.1F}));
    }

    void aVectorGivesLabelAndConfidence() {
        TeacherOutputs outputs(2, 3);
        const std::array<float, 3> q = {0.25F, 0.5F, 0.25F};
        outputs.set(0, q, TeacherOrigin::Probabilities);
        QVERIFY(outputs.hasVectors());
        QCOMPARE(outputs.label(0), 1);
        QCOMPARE(outputs.confidence(0), 0.5F);
        QCOMPARE(vectorOf(outputs, 0), (std::vector<float>{0.25F, 0.5F, 0.25F}));
        QVERIFY(!outputs.has(1));
    }

    void ofEqualsTheFirst() {
        TeacherOutputs outputs(1, 3);
        const std::array<float, 3> q = {0.2F, 0.4F, 0.4F};
        outputs.set(0, q, TeacherOrigin::Probabilities);
        QCOMPARE(outputs.label(0), 1);
    }

    void bothMayBeMixed() {
        TeacherOutputs outputs(3, 3);
        outputs.set(0, 0, 0.5F, TeacherOrigin::Stated);
        const std::array<float, 3> q = {0.125F, 0.125F, 0.75F};
        outputs.set(1, q, TeacherOrigin::Probabilities);
        outputs.set(2, 1, 1.0F, TeacherOrigin::Stated);
        QCOMPARE(vectorOf(outputs, 0), (std::vector<float>{0.5F, 0.25F, 0.25F}));
        QCOMPARE(vectorOf(outputs, 1), (std::vector<float>{0.125F, 0.125F, 0.75F}));
        QCOMPARE(vectorOf(outputs, 2), (std::vector<float>{0, 1, 0}));
    }
};

QTEST_GUILESS_MAIN(TeacherOutputsTest)
#include "teacher_outputs_test.moc"
