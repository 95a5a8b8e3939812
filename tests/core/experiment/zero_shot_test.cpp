// The zero-shot teacher: its sentences, and what it makes of cosines.
#include "core/experiment/zero_shot.h"

#include "fake_engine.h"

#include <QTest>
#include <cmath>

using namespace stillroom;

namespace {

Dataset threeTexts() {
    DatasetBuilder builder;
    builder.add("a", "smoke", 0, Split::Train);
    builder.add("b", "water", 1, Split::Train);
    builder.add("c", "smoke", 0, Split::Test);
    return builder.finish({"wild_fire", "flood"});
}

/// Two dimensions: a sentence with fire or smoke in it points east, another north; "water" 60° off east.
Result<TextVectors> compass(std::span<const std::string_view> texts) {
    TextVectors vectors;
    vectors.rows = static_cast<std::int64_t>(texts.size());
    vectors.dimensions = 2;
    for (const auto text : texts) {
        const bool east = text.find("fire") != std::string_view::npos || text == "smoke";
        const double angle = east ? 0 : text == "water" ? 60 : 90;
        vectors.values.push_back(static_cast<float>(std::cos(angle * std::acos(-1.0) / 180)));
        vectors.values.push_back(static_cast<float>(std::sin(angle * std::acos(-1.0) / 180)));
    }
    return vectors;
}

} // namespace

class ZeroShotTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void sentences() {
        TeacherSettings teacher;
        const auto plain = zeroShotSentences(teacher, {"wild_fire", "flood"});
        QVERIFY(plain.has_value());
        QCOMPARE((*plain)[0], std::string("This text is about wild fire."));
        teacher.sentences = {{"flood", "Water where none should be."}};
        QCOMPARE(zeroShotSentences(teacher, {"wild_fire", "flood"})->at(1),
                 std::string("Water where none should be."));
        teacher.sentences = {{"floods", "x"}};
        const auto wrong = zeroShotSentences(teacher, {"wild_fire", "flood"});
        QVERIFY(!wrong && wrong.error().message.find("did you mean 'flood'?") != std::string::npos);
    }

    void aSoftmaxOfScaledCosines() {
        FakeEngine engine({});
        engine.vectors = compass;
        const Dataset data = threeTexts();
        TeacherSettings teacher;
        teacher.scale = 4;
        EmbedRequest how;
        how.folder = "somewhere";
        const auto outputs = zeroShotTeacher(engine, data, teacher, how, nullptr);
        QVERIFY(outputs.has_value());
        QVERIFY(engine.lastEmbed.unitLength);
        QCOMPARE(engine.lastEmbed.folder, std::string("somewhere"));
        std::vector<float> q(2);
        // smoke: cosines 1 and 0, so e⁴ : 1 (by hand: 54.598 : 1)
        outputs->distribution(0, q);
        QVERIFY(std::abs(q[0] - 0.982014F) < 1e-5F && std::abs(q[1] - 0.017986F) < 1e-5F);
        QCOMPARE(outputs->label(0), 0);
        // water: cosines 1/2 and √3/2, so e² : e^3.4641 (7.389 : 31.948)
        outputs->distribution(1, q);
        QVERIFY2(std::abs(q[1] - 0.812158F) < 1e-5F, qPrintable(QString::number(q[1], 'g', 8)));
        QCOMPARE(outputs->label(1), 1);
        QCOMPARE(outputs->origin(1), TeacherOrigin::ZeroShot);
        QVERIFY(!outputs->has(2)); // only training texts are taught
    }

    void whatTheEngineSays() {
        FakeEngine engine({});
        const auto outputs = zeroShotTeacher(engine, threeTexts(), {}, {}, nullptr);
        QVERIFY(!outputs && outputs.error().message == "no encoder here");
    }
};

QTEST_GUILESS_MAIN(ZeroShotTest)
#include "zero_shot_test.moc"
