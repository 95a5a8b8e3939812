// core/student/onnx_file.h and onnx_evaluator.h: what the file says after a way through protobuf and onnx's
// checker, operators by hand-worked cases of onnx's docs/Operators.md, and models that are refused.
#include "core/student/onnx_evaluator.h"
#include "core/student/onnx_graph.h"

#include <ATen/ops/tensor.h>
#include <QTest>
#include <torch/types.h>

using namespace stillroom;

namespace {

at::Tensor ints(std::vector<std::int64_t> values, std::vector<std::int64_t> shape) {
    return at::tensor(values, at::kLong).reshape(shape);
}

/// The model with `value` as its output, through its file.
Result<at::Tensor> resultOf(OnnxGraph& graph, const std::string& value,
                            const std::vector<at::Tensor>& inputs) {
    graph.output(graph.toFloat(value), "out", 1);
    const auto bytes = onnxBytes(graph.take(), "made.onnx");
    if (!bytes)
        return fail(bytes.error());
    const auto model = parseOnnx(*bytes, "made.onnx");
    if (!model)
        return fail(model.error());
    const auto evaluator = OnnxEvaluator::of(*model, "made.onnx");
    if (!evaluator)
        return fail(evaluator.error());
    return evaluator->run(inputs);
}

std::vector<float> floatsOf(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.contiguous();
    return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

} // namespace

class OnnxEvaluatorTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void operators_data();
    void operators();
    void linearInEveryWeight();
    void damagedFiles();
    void whatIsRefused();
};

void OnnxEvaluatorTest::operators_data() {
    using Build = std::function<std::string(OnnxGraph&, const std::string&)>;
    QTest::addColumn<Build>("build");
    QTest::addColumn<std::vector<float>>("expected");
    QTest::addColumn<std::vector<std::int64_t>>("shape");
    // The input is [[3, 1, 2], [0, 5, 4]].
    const auto row = [](const char* name, std::vector<std::int64_t> shape, std::vector<float> expected,
                        Build build) {
        QTest::newRow(name) << std::move(build) << std::move(expected) << std::move(shape);
    };
    row("Gather", {2, 3}, {40, 20, 30, 10, 60, 50}, [](OnnxGraph& g, const std::string& in) {
        const auto table = g.constant("table", at::tensor(std::vector<float>{10, 20, 30, 40, 50, 60}));
        return g.node("Gather", {table, in}, {{"axis", std::int64_t{0}}});
    });
    row("Gather of a column", {2}, {1, 5}, [](OnnxGraph& g, const std::string& in) {
        return g.node("Gather", {in, g.constant("one", at::tensor(std::int64_t{1}).squeeze())},
                      {{"axis", std::int64_t{1}}});
    });
    row("ReduceSum", {2}, {6, 9}, [](OnnxGraph& g, const std::string& in) {
        return g.node("ReduceSum", {in, g.integers({1})}, {{"keepdims", std::int64_t{0}}});
    });
    row("ReduceMean", {2, 1}, {2, 3}, [](OnnxGraph& g, const std::string& in) {
        return g.node("ReduceMean", {g.toFloat(in)},
                      {{"axes", std::vector<std::int64_t>{-1}}, {"keepdims", std::int64_t{1}}});
    });
    row("Where", {2, 3}, {3, -1, 2, -1, 5, 4}, [](OnnxGraph& g, const std::string& in) {
        const auto minus = g.node("Sub", {g.node("Sub", {in, in}), g.integers({1})});
        return g.node("Where", {g.node("LessOrEqual", {g.integers({2}), in}), in, minus});
    });
    row("Equal, Not, GreaterOrEqual", {2, 3}, {1, 1, 0, 1, 2, 2}, [](OnnxGraph& g, const std::string& in) {
        const auto other = g.toFloat(g.node("Not", {g.node("Equal", {in, g.integers({2})})}));
        const auto large = g.toFloat(g.node("GreaterOrEqual", {in, g.integers({4})}));
        return g.node("Add", {other, large});
    });
    row("CumSum", {2, 3}, {3, 4, 6, 0, 5, 9}, [](OnnxGraph& g, const std::string& in) {
        return g.node("CumSum", {in, g.constant("axis", at::tensor(std::int64_t{1}).squeeze())});
    });
    row("Shape", {2}, {2, 3}, [](OnnxGraph& g, const std::string& in) { return g.node("Shape", {in}); });
    row("Slice", {2, 2}, {1, 2, 5, 4}, [](OnnxGraph& g, const std::string& in) {
        return g.node("Slice", {in, g.integers({1}), g.integers({9}), g.integers({1})});
    });
    row("Reshape and Transpose", {3, 1, 2}, {3, 0, 1, 5, 2, 4}, [](OnnxGraph& g, const std::string& in) {
        const auto tall = g.node("Reshape", {in, g.integers({0, 3, 1})});
        return g.node("Transpose", {tall}, {{"perm", std::vector<std::int64_t>{1, 2, 0}}});
    });
    row("Unsqueeze", {2, 1, 3, 1}, {3, 1, 2, 0, 5, 4}, [](OnnxGraph& g, const std::string& in) {
        return g.node("Unsqueeze", {in, g.integers({-1, 1})});
    });
    row("MatMul, Div, Sqrt, Max", {2, 1}, {4, 3}, [](OnnxGraph& g, const std::string& in) {
        const auto by = g.constant("by", at::tensor(std::vector<float>{4, 2, 1}).reshape({3, 1}));
        const auto product = g.node("MatMul", {g.toFloat(in), by}); // 16, 14
        const auto root = g.node("Sqrt", {g.node("Max", {product, g.number(16)})});
        return g.node("Sub", {root, g.node("Div", {g.node("Sub", {g.number(16), product}), g.number(2)})});
    });
    row("Softmax", {2, 3}, {0.665241F, 0.0900306F, 0.244728F, 0.00490169F, 0.727475F, 0.267623F},
        [](OnnxGraph& g, const std::string& in) {
            return g.node("Softmax", {g.toFloat(in)}, {{"axis", std::int64_t{1}}});
        });
    row("Erf, Tanh, Relu, Pow, Mul", {2, 3}, {10.99999F, 1.604295F, 5.959350F, 0, 27, 17.999329F},
        [](OnnxGraph& g, const std::string& in) { // erf(x) + tanh(x) + relu(x)² …
            const auto x = g.toFloat(in);
            const auto square = g.node("Pow", {g.node("Relu", {x}), g.number(2)});
            const auto sum = g.node("Add", {g.node("Erf", {x}), g.node("Tanh", {x})});
            return g.node("Add", {g.node("Mul", {sum, g.number(1)}), square});
        });
}

void OnnxEvaluatorTest::operators() {
    using Build = std::function<std::string(OnnxGraph&, const std::string&)>;
    QFETCH(Build, build);
    QFETCH(std::vector<float>, expected);
    QFETCH(std::vector<std::int64_t>, shape);
    OnnxGraph graph(ExportWeights::Full);
    const std::string in = graph.input("in");
    const auto result = resultOf(graph, build(graph, in), {ints({3, 1, 2, 0, 5, 4}, {2, 3})});
    QVERIFY2(result, result ? "" : result.error().message.c_str());
    QCOMPARE(result->sizes().vec(), shape);
    const auto got = floatsOf(*result);
    QCOMPARE(got.size(), expected.size());
    if (QByteArray(QTest::currentDataTag()).startsWith("Erf")) { // by std's functions, in double
        for (std::size_t i = 0; i < 6; ++i) {
            const double x = std::vector<double>{3, 1, 2, 0, 5, 4}[i];
            expected[i] = static_cast<float>(std::erf(x) + std::tanh(x) + x * x);
        }
    }
    for (std::size_t i = 0; i < got.size(); ++i)
        QVERIFY2(std::abs(got[i] - expected[i]) < 1e-5F, qPrintable(QString("%1: %2").arg(i).arg(got[i])));
}

void OnnxEvaluatorTest::linearInEveryWeight() {
    const at::Tensor weight = at::tensor(std::vector<float>{1, 2, 3, -1, 0.5F, 0}).reshape({2, 3});
    for (const auto weights : {ExportWeights::Full, ExportWeights::Half, ExportWeights::Int8}) {
        OnnxGraph graph(weights);
        const auto x = graph.toFloat(graph.input("in"));
        const auto y = graph.linear(x, "l", weight, at::tensor(std::vector<float>{10, 20}));
        const auto result = resultOf(graph, y, {ints({3, 1, 2, 0, 5, 4}, {2, 3})});
        QVERIFY2(result, result ? "" : result.error().message.c_str());
        const auto got = floatsOf(*result);
        const std::vector<float> expected{21, 17.5F, 32, 22.5F};
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(std::abs(got[i] - expected[i]) < (weights == ExportWeights::Int8 ? 0.1F : 1e-5F));
    }
}

void OnnxEvaluatorTest::damagedFiles() {
    OnnxGraph graph(ExportWeights::Full);
    graph.output(graph.toFloat(graph.input("in")), "out", 3);
    const auto bytes = onnxBytes(graph.take(), "made.onnx");
    QVERIFY(bytes);
    QVERIFY(parseOnnx(*bytes, "made.onnx"));
    for (std::size_t length = 0; length < bytes->size();
         ++length) // cut off anywhere: refused, or another model
        (void)parseOnnx(bytes->substr(0, length), "made.onnx");
    for (std::size_t at = 0; at < bytes->size(); ++at) { // any byte another
        std::string other = *bytes;
        other[at] = static_cast<char>(~other[at]);
        (void)parseOnnx(other, "made.onnx");
    }
    QVERIFY(!parseOnnx("", "made.onnx"));
    const auto garbage = parseOnnx(std::string(100, '\xff'), "made.onnx");
    QVERIFY(!garbage && garbage.error().message.find("made.onnx is not a usable export") == 0);
}

void OnnxEvaluatorTest::whatIsRefused() {
    OnnxModel model;
    model.inputs = {"in"};
    model.output = "out";
    model.columns = 1;
    model.nodes = {{"Cast", {"nothing"}, "out", {{"to", std::int64_t{1}}}}};
    const auto bytes = onnxBytes(model, "m.onnx");
    QVERIFY(bytes);
    const auto unknown = parseOnnx(*bytes, "m.onnx"); // the checker's word
    QVERIFY2(!unknown && unknown.error().message.find("onnx's checker says") != std::string::npos,
             unknown ? "" : unknown.error().message.c_str());
    model.nodes = {{"Sin", {"in"}, "out"}};
    const auto sine = OnnxEvaluator::of(model, "m.onnx");
    QVERIFY(!sine && sine.error().message.find("'Sin'") != std::string::npos);
    model.nodes = {{"Identity", {"in"}, "out"}};
    model.tensors = {{"t", OnnxType::Float, {2, 2}, std::string(15, '\0')}};
    const auto bytesMissing = OnnxEvaluator::of(model, "m.onnx");
    QVERIFY(!bytesMissing &&
            bytesMissing.error().message.find("not the bytes of its shape") != std::string::npos);
}

QTEST_GUILESS_MAIN(OnnxEvaluatorTest)
#include "onnx_evaluator_test.moc"
