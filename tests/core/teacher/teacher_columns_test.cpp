#include "core/teacher/teacher_columns.h"

#include <QtTest>

using namespace stillroom;

namespace {

/// A data set of `rows` rows with the classes a, b, c; label numbers are class numbers when `labels` starts
/// so.
Dataset dataset(std::size_t rows) {
    DatasetBuilder builder;
    for (std::size_t row = 0; row < rows; ++row)
        builder.add(std::to_string(row), "text", Dataset::NoLabel, Split::Train);
    return builder.finish({"a", "b", "c"});
}

Labels threeLabels() {
    Labels labels;
    for (const char* name : {"a", "b", "c"})
        labels.number(name);
    return labels;
}

TeacherSettings named(const char* label, const char* confidence) {
    TeacherSettings settings;
    settings.label = label;
    settings.confidence = confidence;
    return settings;
}

TeacherSettings withProbabilities(const char* probabilities) {
    TeacherSettings settings;
    settings.probabilities = probabilities;
    return settings;
}

RecordObserver::Refusal look(TeacherColumns& columns, std::int64_t line,
                             std::vector<std::string_view> fields) {
    return columns.look(Record{line, fields});
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

std::vector<float> vectorOf(const TeacherOutputs& outputs, std::size_t row) {
    std::vector<float> q(static_cast<std::size_t>(outputs.classCount()));
    outputs.distribution(row, q);
    return q;
}

} // namespace

class TeacherColumnsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void labelsAndConfidences() {
        Labels labels = threeLabels();
        TeacherColumns columns(named("said", "sure"), {}, "data.train", labels);
        QVERIFY(columns.begin("x.csv", {"sure", "text", "said"}));
        QVERIFY(look(columns, 2, {"0.75", "…", "b"}).empty());
        columns.accepted(0);
        QVERIFY(look(columns, 3, {"0.5", "…", ""}).empty()); // no answer: not a bad row
        QVERIFY(!columns.answered());
        columns.accepted(1);
        const auto refusal = look(columns, 4, {"1.5", "…", "a"});
        QCOMPARE(refusal.column, std::string("sure"));
        QVERIFY(contains(refusal.reason, "1.5"));
        // Another file, other places.
        QVERIFY(columns.begin("y.csv", {"said", "sure"}));
        QVERIFY(look(columns, 2, {"d", "1"}).empty());
        columns.accepted(2);
        QVERIFY(look(columns, 7, {"c", "1"}).empty());
        columns.accepted(3);

        const std::vector<std::int32_t> classOfLabel = {0, 1, 2, -1};
        BadRows bad;
        const auto outputs = columns.outputs(dataset(4), classOfLabel, bad);
        QVERIFY(outputs);
        QCOMPARE(outputs->label(0), 1);
        QCOMPARE(outputs->confidence(0), 0.75F);
        QVERIFY(outputs->origin(0) == TeacherOrigin::Stated);
        QVERIFY(!outputs->has(1) && !outputs->has(2));
        QCOMPARE(outputs->label(3), 2);
        QCOMPARE(bad.count, 1);
        QCOMPARE(bad.first[0].file, std::string("y.csv"));
        QCOMPARE(bad.first[0].row, 2);
        QCOMPARE(bad.first[0].column, std::string("said"));
        QVERIFY2(contains(bad.first[0].reason,
                          "label 'd' is none of the 3 classes; correct it or list it in data.classes"),
                 bad.first[0].reason.c_str());
    }

    void withoutConfidenceItIsOne() {
        Labels labels = threeLabels();
        TeacherColumns columns(named("said", ""), {}, "data.train", labels);
        QVERIFY(columns.begin("x.csv", {"said"}));
        QVERIFY(look(columns, 2, {"b"}).empty());
        columns.accepted(0);
        BadRows bad;
        const std::vector<std::int32_t> classOfLabel = {0, 1, 2};
        QCOMPARE(columns.outputs(dataset(1), classOfLabel, bad)->confidence(0), 1.0F);
    }

    void aColumnForEachClass() {
        Labels labels = threeLabels();
        TeacherColumns columns(withProbabilities("p_"), {}, "data.train", labels);
        QVERIFY(columns.begin("x.csv", {"p_c", "text", "p_a", "p_b"}));
        QVERIFY(look(columns, 2, {"0.125", "…", "0.25", "0.625"}).empty());
        columns.accepted(1);
        QVERIFY(look(columns, 3, {"", "…", "", ""}).empty()); // no answer
        QVERIFY(!columns.answered());
        auto refusal = look(columns, 4, {"0.125", "…", "", "0.625"});
        QCOMPARE(refusal.column, std::string("p_a"));
        QVERIFY(contains(refusal.reason, "empty"));
        refusal = look(columns, 5, {"-0.25", "…", "0.25", "1"});
        QCOMPARE(refusal.column, std::string("p_c"));
        QVERIFY(contains(refusal.reason, "-0.25"));
        refusal = look(columns, 6, {"0.2", "…", "0.2", "0.2"});
        QVERIFY(contains(refusal.reason, "sum to 0.6"));
        // A file with the columns in another order.
        QVERIFY(columns.begin("y.csv", {"p_a", "p_b", "p_c"}));
        QVERIFY(look(columns, 2, {"0.125", "0.25", "0.625"}).empty());
        columns.accepted(0);
        BadRows bad;
        const std::vector<std::int32_t> classOfLabel = {0, 1, 2};
        const auto outputs = columns.outputs(dataset(2), classOfLabel, bad);
        QVERIFY(outputs);
        QCOMPARE(vectorOf(*outputs, 0), (std::vector<float>{0.125F, 0.25F, 0.625F}));
        QCOMPARE(vectorOf(*outputs, 1), (std::vector<float>{0.25F, 0.625F, 0.125F}));
        QCOMPARE(outputs->label(1), 1);
        QCOMPARE(bad.count, 0);
    }

    void everyClassNeedsAColumn() {
        Labels labels = threeLabels();
        TeacherColumns columns(withProbabilities("p_"), {}, "data.train", labels);
        QVERIFY(columns.begin("x.csv", {"p_a", "p_b"}));
        BadRows bad;
        const std::vector<std::int32_t> classOfLabel = {0, 1, 2};
        const auto outputs = columns.outputs(dataset(1), classOfLabel, bad);
        QVERIFY(!outputs);
        QVERIFY2(contains(outputs.error().message, "no column 'p_c' for the class 'c'"),
                 outputs.error().message.c_str());
    }

    void everyColumnNeedsAClass() {
        Labels labels = threeLabels();
        TeacherColumns columns(withProbabilities("p_"), {}, "data.train", labels);
        QVERIFY(columns.begin("x.csv", {"p_a", "p_b", "p_c", "p_value"}));
        BadRows bad;
        const std::vector<std::int32_t> classOfLabel = {0, 1, 2, -1};
        const auto outputs = columns.outputs(dataset(1), classOfLabel, bad);
        QVERIFY(!outputs);
        QVERIFY2(contains(outputs.error().message, "'p_value'"), outputs.error().message.c_str());
    }

    void jsonObjects() {
        Labels labels = threeLabels();
        TeacherColumns columns(withProbabilities("scores"), {}, "data.train", labels);
        QVERIFY(columns.begin("x.jsonl", {"text", "scores"}));
        QVERIFY(look(columns, 1, {"…", R"({"b":0.75,"a":0.25})"}).empty()); // c left out: 0
        columns.accepted(0);
        QVERIFY(look(columns, 2, {"…", ""}).empty());
        QVERIFY(!columns.answered());
        QVERIFY(look(columns, 3, {"…", R"({"b":0.5,"x":0.5})"}).empty());
        columns.accepted(1);
        QVERIFY(look(columns, 4, {"…", R"({"b":1,"y":0})"})
                    .empty()); // nothing on a class that is none: nothing lost
        columns.accepted(2);
        QCOMPARE(look(columns, 5, {"…", R"({"b":1.5})"}).column, std::string("scores"));
        BadRows bad;
        const std::vector<std::int32_t> classOfLabel = {0, 1, 2, -1, -1};
        const auto outputs = columns.outputs(dataset(3), classOfLabel, bad);
        QVERIFY(outputs);
        QCOMPARE(vectorOf(*outputs, 0), (std::vector<float>{0.25F, 0.75F, 0}));
        QVERIFY(outputs->origin(0) == TeacherOrigin::Probabilities);
        QVERIFY(!outputs->has(1));
        QCOMPARE(outputs->label(2), 1);
        QCOMPARE(bad.count, 1);
        QCOMPARE(bad.first[0].row, 3);
        QVERIFY(contains(bad.first[0].reason, "'x'"));
    }

    void wrongColumnsSayWhichThereAre() {
        Labels labels = threeLabels();
        const auto message = [&](const TeacherSettings& settings, std::vector<std::string> names) {
            TeacherColumns columns(settings, {}, "data.train", labels);
            const auto begun = columns.begin("x.csv", names);
            return begun ? std::string("no error") : begun.error().message;
        };
        QVERIFY(contains(message(named("label", ""), {"text", "labels"}), "did you mean 'labels'"));
        QVERIFY(contains(message(named("said", "sure"), {"text", "said"}), "teacher.confidence"));
        QVERIFY(contains(message(withProbabilities("p_"), {"text", "said"}), "'text', 'said'"));
        QVERIFY(contains(message(withProbabilities("p_"), {"p_a", "p_b", "p_a"}),
                         "two columns are called 'p_a'"));
        QVERIFY(contains(message(TeacherSettings{}, {"text"}), "both missing"));
        auto both = named("said", "");
        both.probabilities = "p_";
        QVERIFY(contains(message(both, {"said", "p_a"}), "both set"));
    }

    void filesAreWrittenAlike() {
        Labels labels = threeLabels();
        TeacherColumns columns(withProbabilities("p_"), {}, "data.train", labels);
        QVERIFY(columns.begin("x.csv", {"p_a", "p_b", "p_c"}));
        const auto begun = columns.begin("y.csv", {"p_a", "p_b"});
        QVERIFY(!begun);
        QVERIFY(contains(begun.error().message, "x.csv") && contains(begun.error().message, "y.csv"));
    }
};

QTEST_GUILESS_MAIN(TeacherColumnsTest)
#include "teacher_columns_test.moc"
