// core/student/small_weights.h: hand-worked numbers, the file and back, and files that do not fit.
#include "core/student/open_student.h"
#include "core/student/small_weights.h"
#include "core/student/student_file.h"
#include "tests/core/student/export_students.h"

#include <ATen/ops/tensor.h>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class SmallWeightsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void int8ByHand();
    void halfByHand();
    void noRows();
    void filesAndBack_data();
    void filesAndBack();
    void scalesThatDoNotFit();

  private:
    QTemporaryDir folder_;
};

void SmallWeightsTest::int8ByHand() {
    const at::Tensor matrix =
        at::tensor({1.27F, -0.634F, 0.0F, 0.0F, 0.0F, 0.0F, -25.4F, 0.1F, 25.4F}).reshape({3, 3});
    const auto [values, scales] = shrink(matrix, ExportWeights::Int8);
    QCOMPARE(values.scalar_type(), at::kChar);
    const std::vector<int> expected{127, -63, 0, 0, 0, 0, -127, 1, 127}; // 0.1 / 0.2 = 0.5 … see below
    const at::Tensor wide = values.to(at::kInt).contiguous();
    for (int i = 0; i < 9; ++i)
        if (i != 7) // 0.5 within rounding of a float
            QCOMPARE(wide.data_ptr<int>()[i], expected[static_cast<std::size_t>(i)]);
    QVERIFY(std::abs(scales.data_ptr<float>()[0] - 0.01F) < 1e-8F);
    QCOMPARE(scales.data_ptr<float>()[1], 1.0F); // nothing to be scaled
    QVERIFY(std::abs(scales.data_ptr<float>()[2] - 0.2F) < 1e-7F);
    // No number is further off than half a step of its row.
    const at::Tensor off = (widen({values, scales}) - matrix).abs();
    for (int row = 0; row < 3; ++row)
        QVERIFY(off[row].max().item<float>() <= 0.5001F * scales[row].item<float>());
}

void SmallWeightsTest::halfByHand() {
    const auto small = shrink(at::tensor({1.0F, 1e6F, -1e6F, 0.1F}).reshape({2, 2}), ExportWeights::Half);
    QVERIFY(!small.scales.defined());
    const at::Tensor wide = widen(small);
    QCOMPARE(wide[0][0].item<float>(), 1.0F);
    QCOMPARE(wide[0][1].item<float>(), 65504.0F); // not infinity
    QCOMPARE(wide[1][0].item<float>(), -65504.0F);
    QCOMPARE(wide[1][1].item<float>(), 0.0999755859375F); // the float16 next to 0.1
}

void SmallWeightsTest::noRows() {
    for (const auto weights : {ExportWeights::Half, ExportWeights::Int8}) {
        const auto small = shrink(at::empty({0, 4}, at::kFloat), weights);
        QCOMPARE(widen(small).sizes().vec(), (std::vector<std::int64_t>{0, 4}));
    }
}

void SmallWeightsTest::filesAndBack_data() {
    QTest::addColumn<bool>("ngram");
    QTest::addColumn<int>("weights");
    QTest::addColumn<double>("share"); // of the file's bytes, at most
    QTest::newRow("ngram half") << true << 1 << 0.56;
    QTest::newRow("ngram int8") << true << 2 << 0.40;
    QTest::newRow("encoder half") << false << 1 << 0.62;
    QTest::newRow("encoder int8") << false << 2 << 0.50;
}

void SmallWeightsTest::filesAndBack() {
    QFETCH(bool, ngram);
    QFETCH(int, weights);
    QFETCH(double, share);
    const std::string full = folder_.filePath("full.safetensors").toStdString();
    const std::string small = folder_.filePath("small.safetensors").toStdString();
    if (ngram)
        writeNgramStudent(full);
    else
        writeEncoderStudent(full, {});
    const auto stored = readStudentFile(full);
    QVERIFY(stored);
    QVERIFY(writeSmallStudent(small, *stored, static_cast<ExportWeights>(weights)));
    const auto bytes = [](const std::string& path) {
        return static_cast<double>(QFileInfo(QString::fromStdString(path)).size());
    };
    QVERIFY2(bytes(small) <= share * bytes(full), qPrintable(QString::number(bytes(small) / bytes(full))));
    const auto back = readStudentFile(small);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QCOMPARE(back->tensors().size(), stored->tensors().size());
    for (const auto& [name, tensor] : stored->tensors()) {
        const auto found = back->tensors().find(name);
        QVERIFY2(found != back->tensors().end(), name.c_str());
        QCOMPARE(found->second.type, tensor.type);
        QCOMPARE(found->second.shape, tensor.shape);
        if (tensor.shape.size() == 1) // biases, norms, buckets: bit by bit
            QVERIFY2(std::ranges::equal(found->second.data, tensor.data), name.c_str());
    }
    QVERIFY(openStudentFile(small));
}

void SmallWeightsTest::scalesThatDoNotFit() {
    const std::string path = folder_.filePath("wrong.safetensors").toStdString();
    auto metadata = studentMetadata("ngram", {"a", "b"});
    const std::vector<std::int8_t> q(4, 1);
    const std::vector<float> scales{1, 1, 1}, endless{1, std::numeric_limits<float>::infinity()};
    const TensorView matrix{"head.weight", TensorType::I8, {2, 2}, std::as_bytes(std::span(q))};
    QVERIFY(writeSafetensors(path, {matrix}, metadata));
    const auto without = readStudentFile(path);
    QVERIFY(!without && without.error().message.find("no scale") != std::string::npos);
    QVERIFY(writeSafetensors(
        path, {matrix, {"head.weight.scale", TensorType::F32, {3}, std::as_bytes(std::span(scales))}},
        metadata));
    QVERIFY(!readStudentFile(path));
    QVERIFY(writeSafetensors(
        path, {matrix, {"head.weight.scale", TensorType::F32, {2}, std::as_bytes(std::span(endless))}},
        metadata));
    const auto infinite = readStudentFile(path);
    QVERIFY(!infinite && infinite.error().message.find("not finite") != std::string::npos);
}

QTEST_GUILESS_MAIN(SmallWeightsTest)
#include "small_weights_test.moc"
