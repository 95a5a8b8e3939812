#include "core/teacher/answer_source.h"

#include <QtTest>
#include <array>

using namespace stillroom;

class AnswerSourceTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void recordedAnswersAreGivenOneByOne() {
        DatasetBuilder builder;
        builder.add("a", "a", 0, Split::Train);
        builder.add("b", "b", 0, Split::Validation);
        builder.add("c", "c", 0, Split::Train);
        builder.add("d", "d", 0, Split::Train);
        const auto data = std::make_shared<const Dataset>(builder.finish({"no", "yes"}));
        auto teacher = std::make_shared<TeacherOutputs>(data->size(), 2);
        teacher->set(0, 1, 0.75F, TeacherOrigin::Stated);
        teacher->set(1, 1, 0.75F, TeacherOrigin::Stated); // held out: it is never asked about
        teacher->set(3, 0, 0.5F, TeacherOrigin::Simulated);
        RecordedAnswers source(data, teacher);
        QCOMPARE(source.askable(), (std::vector<std::uint32_t>{0, 3}));

        TeacherOutputs answers(data->size(), 2);
        std::int64_t known = 0;
        const std::array<std::uint32_t, 1> rows{3};
        QVERIFY(source.ask(rows, answers, [&](const AnswerState& state) {
            known = state.known;
            return true;
        }));
        QCOMPARE(known, std::int64_t{1});
        QVERIFY(answers.has(3) && !answers.has(0) && !answers.has(1) && !answers.has(2));
        QCOMPARE(answers.label(3), 0);
        QCOMPARE(answers.confidence(3), 0.5F);
        QVERIFY(answers.origin(3) == TeacherOrigin::Simulated);

        const auto stopped = source.ask(rows, answers, [](const AnswerState&) { return false; });
        QVERIFY(!stopped && stopped.error().kind == ErrorKind::Cancelled);
    }

    void aRowIsCopiedAsItIs() {
        const auto vectorOf = [](const TeacherOutputs& outputs, std::uint32_t row) {
            std::vector<float> q(3);
            outputs.distribution(row, q);
            return q;
        };
        TeacherOutputs from(4, 3), to(4, 3);
        from.set(0, 2, 0.2F, TeacherOrigin::Stated); // below 1/3: the label is not the largest of its vector
        from.set(1, 1, 0.5F, TeacherOrigin::Stated);
        copyAnswer(from, 1, to);
        QVERIFY(!to.hasVectors() && !to.has(0));
        const std::array<float, 3> q = {0.5F, 0.25F, 0.25F};
        from.set(2, q, TeacherOrigin::Votes); // from here on both have vectors
        for (std::uint32_t row = 0; row < 4; ++row)
            copyAnswer(from, row, to);
        for (std::uint32_t row = 0; row < 3; ++row) {
            QCOMPARE(to.label(row), from.label(row));
            QCOMPARE(to.confidence(row), from.confidence(row));
            QVERIFY(to.origin(row) == from.origin(row));
            QCOMPARE(vectorOf(to, row), vectorOf(from, row));
        }
        QVERIFY(!to.has(3));
    }
};

QTEST_GUILESS_MAIN(AnswerSourceTest)
#include "answer_source_test.moc"
