// The nearest by cosine, worked by hand and against all pairs in double.
#include "core/lab/kept_neighbours.h"

#include "core/base/random.h"

#include <QtTest>
#include <cmath>
#include <string>

using namespace stillroom;

namespace {

/// A text "x y …" is a vector.
class Numbers : public OpenedStudent {
  public:
    explicit Numbers(std::int64_t width) : width_(width) {}
    [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
    [[nodiscard]] std::string describe() const override { return {}; }
    Result<void> predict(std::span<const std::string_view>, std::span<float>) const override { return {}; }
    [[nodiscard]] bool shared() const override { return false; }
    void useThreads(int /*threads*/) override {}
    [[nodiscard]] std::int64_t dimensions() const override { return width_; }
    Result<void> embed(std::span<const std::string_view> texts, std::span<float> out) const override {
        std::size_t at = 0;
        for (const auto text : texts) {
            const auto words = QString::fromStdString(std::string(text)).split(' ');
            for (std::int64_t d = 0; d < width_; ++d)
                out[at++] = words.value(static_cast<int>(d)).toFloat();
        }
        return {};
    }

  private:
    std::int64_t width_;
    std::vector<std::string> classes_{"a", "b"};
};

} // namespace

class KeptNeighboursTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand();
    void againstAllPairs();
    void noVector();
    void cancelled();
    void aStudentWithoutVectors();
};

void KeptNeighboursTest::byHand() {
    const std::vector<std::string> texts{"1 0", "0 5", "10 10", "-1 0", "0 0", "100 1"};
    const std::vector<std::uint32_t> kept{0, 1, 2, 3, 4, 5};
    std::mutex asking;
    Progress progress;
    const auto made = KeptNeighbours::make(
        Numbers(2), asking, kept, [&](std::uint32_t sample) { return std::string_view(texts[sample]); },
        progress);
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    QCOMPARE(made->size(), std::size_t{6});
    QCOMPARE(progress.done(), 6);
    const float vector[] = {2, 0};
    const auto near = made->nearest(vector, 4);
    QCOMPARE(near.size(), std::size_t{4});
    QCOMPARE(near[0].sample, 0U);
    QCOMPARE(near[0].cosine, 1.0F);
    QCOMPARE(near[1].sample, 5U); // its length does not count
    QCOMPARE(near[2].sample, 2U);
    QVERIFY(std::abs(near[2].cosine - static_cast<float>(std::sqrt(0.5))) < 1e-6F);
    QVERIFY(near[3].sample == 1U && near[3].cosine == 0.0F); // before the one without a vector
    QCOMPARE(made->nearest(vector, 100).back().sample, 3U);
}

void KeptNeighboursTest::againstAllPairs() {
    constexpr int Width = 37, Count = 700;
    Random random(1, "neighbours");
    std::vector<std::string> texts;
    for (int i = 0; i < Count; ++i) {
        std::string text;
        for (int d = 0; d < Width; ++d)
            text += std::to_string(random.uniform() - 0.5) + ' ';
        texts.push_back(text);
    }
    std::vector<std::uint32_t> kept;
    for (std::uint32_t i = 0; i < Count; i += 2)
        kept.push_back(i);
    std::mutex asking;
    Progress progress;
    const Numbers student(Width);
    const auto made = KeptNeighbours::make(
        student, asking, kept, [&](std::uint32_t sample) { return std::string_view(texts[sample]); },
        progress);
    QVERIFY(made);
    std::vector<float> vectors(Count * Width);
    std::vector<std::string_view> views(texts.begin(), texts.end());
    QVERIFY(student.embed(views, vectors));
    const auto cosine = [&](std::uint32_t a, std::uint32_t b) {
        double ab = 0, aa = 0, bb = 0;
        for (std::size_t d = 0; d < Width; ++d) {
            const double x = static_cast<double>(vectors[a * Width + d]);
            const double y = static_cast<double>(vectors[b * Width + d]);
            ab += x * y, aa += x * x, bb += y * y;
        }
        return ab / std::sqrt(aa * bb);
    };
    for (std::uint32_t asked = 1; asked < 20; asked += 2) {
        auto order = kept;
        std::sort(order.begin(), order.end(),
                  [&](auto a, auto b) { return cosine(asked, a) > cosine(asked, b); });
        const auto near = made->nearest(std::span(vectors).subspan(asked * Width, Width), 5);
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(near[i].sample, order[i]);
            QVERIFY(std::abs(static_cast<double>(near[i].cosine) - cosine(asked, order[i])) < 1e-5);
        }
    }
}

void KeptNeighboursTest::noVector() {
    std::mutex asking;
    Progress progress;
    const std::vector<std::uint32_t> kept{0};
    const auto made = KeptNeighbours::make(
        Numbers(2), asking, kept, [](std::uint32_t) { return std::string_view("1 1"); }, progress);
    QVERIFY(made);
    const float nothing[] = {0, 0}, shorter[] = {1};
    QVERIFY(made->nearest(nothing, 3).empty());
    QVERIFY(made->nearest(shorter, 3).empty());
    const auto empty = KeptNeighbours::make(
        Numbers(2), asking, {}, [](std::uint32_t) { return std::string_view(); }, progress);
    QVERIFY(empty && empty->size() == 0);
    const float some[] = {1, 1};
    QVERIFY(empty->nearest(some, 3).empty());
}

void KeptNeighboursTest::cancelled() {
    std::mutex asking;
    Progress progress;
    progress.cancel();
    const std::vector<std::uint32_t> kept{0};
    const auto made = KeptNeighbours::make(
        Numbers(2), asking, kept, [](std::uint32_t) { return std::string_view("1 1"); }, progress);
    QVERIFY(!made && made.error().kind == ErrorKind::Cancelled);
}

void KeptNeighboursTest::aStudentWithoutVectors() {
    std::mutex asking;
    Progress progress;
    const auto made = KeptNeighbours::make(
        Numbers(0), asking, {}, [](std::uint32_t) { return std::string_view(); }, progress);
    QVERIFY(!made && made.error().message.find("gives no vectors") != std::string::npos);
}

QTEST_GUILESS_MAIN(KeptNeighboursTest)
#include "kept_neighbours_test.moc"
