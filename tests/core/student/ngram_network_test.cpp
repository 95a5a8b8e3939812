// Our kernels against LibTorch's operators, step by step; autograd as a third opinion; threads; the file.
#include "core/base/random.h"
#include "core/student/ngram_network.h"
#include "core/student/open_student.h"
#include "core/student/safetensors.h"

#include <ATen/Parallel.h>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <torch/nn/functional/loss.h>
#include <torch/types.h>

using namespace stillroom;

namespace {

constexpr int Classes = 4;

/// 200 texts of words drawn from 60, the last 50 of them for validation and with words never seen in
/// training.
Dataset makeData() {
    DatasetBuilder builder;
    Random random(5, "texts");
    for (int i = 0; i < 200; ++i) {
        std::string text;
        const int words = static_cast<int>(random.below(15));
        for (int w = 0; w < words; ++w)
            text += "w" + std::to_string(random.below(i < 150 ? 60 : 90)) + " ";
        builder.add(std::to_string(i), text, static_cast<int>(random.below(Classes)),
                    i < 150 ? Split::Train : Split::Validation);
    }
    return builder.finish({"a", "b", "c", "d"});
}

NgramSetup setupFor(const Dataset& data, int dimensions, LossSettings loss = {}) {
    NgramSetup setup;
    setup.recipe.buckets = 1 << 12;
    setup.texts =
        std::make_shared<const NgramTexts>(readNgrams(data, data.rows(Split::Train), setup.recipe, 2));
    setup.classes = data.classes();
    setup.dimensions = dimensions;
    setup.loss = loss;
    return setup;
}

struct UpdateBatch {
    std::vector<std::uint32_t> rows, scored, kept;
    std::vector<std::int32_t> labels;
    std::vector<float> weights, teacher;
};

UpdateBatch randomBatch(Random& random) {
    UpdateBatch batch;
    for (std::uint32_t i = 0; i < 32; ++i) {
        batch.rows.push_back(random.below(150));
        if (i == 0 || random.uniform() < 0.5) {
            batch.scored.push_back(i);
            batch.kept.push_back(batch.rows.back());
            batch.labels.push_back(static_cast<int>(random.below(Classes)));
            batch.weights.push_back(static_cast<float>(0.5 + random.uniform()));
            float q[Classes];
            float sum = 0;
            for (float& x : q)
                sum += x = static_cast<float>(random.uniform() + 0.01);
            for (const float x : q)
                batch.teacher.push_back(x / sum);
        }
    }
    return batch;
}

float largestDifference(std::span<const float> a, std::span<const float> b) {
    float largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

} // namespace

class NgramNetworkTest : public QObject {
    Q_OBJECT
    const Dataset data_ = makeData();

    std::vector<float> scoreAll(Network& network) const {
        std::vector<std::uint32_t> rows;
        for (std::uint32_t row = 0; row < data_.size(); ++row)
            rows.push_back(row);
        std::vector<float> p(rows.size() * Classes);
        network.score(rows, p);
        return p;
    }

  private Q_SLOTS:
    void textsKeepOnlyWhatTrainingHas() {
        const auto texts = setupFor(data_, 8).texts;
        for (const auto row : data_.rows(Split::Train))
            QCOMPARE(texts->tokensOf(row).size(), std::size_t(texts->lengths[row]));
        std::size_t unknown = 0;
        for (const auto row : data_.rows(Split::Validation))
            unknown += texts->lengths[row] - texts->tokensOf(row).size();
        QVERIFY(unknown > 0);
        // Most frequent first.
        std::vector<int> counts(texts->buckets.size());
        for (const auto row : data_.rows(Split::Train))
            for (const auto token : texts->tokensOf(row))
                ++counts[token];
        QVERIFY(std::is_sorted(counts.rbegin(), counts.rend()));
        const auto again = readNgrams(data_, data_.rows(Split::Train), setupFor(data_, 8).recipe, 5);
        QCOMPARE(again.tokens, texts->tokens);
        QCOMPARE(again.buckets, texts->buckets);
    }

    void kernelsAgreeWithTorch_data() {
        QTest::addColumn<int>("dimensions");
        QTest::addColumn<int>("target");
        QTest::newRow("hard") << 64 << 0;
        QTest::newRow("odd size") << 37 << 0;
        QTest::newRow("soft") << 16 << 1;
        QTest::newRow("mix") << 128 << 2;
    }
    void kernelsAgreeWithTorch() {
        QFETCH(int, dimensions);
        QFETCH(int, target);
        const LossSettings loss{static_cast<LossTarget>(target), 2.0, 0.4};
        auto ours = makeNgramNetwork(setupFor(data_, dimensions, loss));
        auto torchs = makeNgramTorchNetwork(setupFor(data_, dimensions, loss), "cpu");
        Random random(11, "batches");
        for (int step = 0; step < 60; ++step) {
            const auto batch = randomBatch(random);
            std::vector<float> p(batch.rows.size() * Classes);
            std::vector<float> q(p.size());
            double a = 0;
            double b = 0;
            const Targets targets{batch.labels, batch.teacher, batch.weights};
            if (step % 2 == 0) { // scored first, then what was kept of it
                ours->score(batch.rows, p);
                torchs->score(batch.rows, q);
                QVERIFY(largestDifference(p, q) < 2e-5F);
                a = ours->update(batch.kept, batch.scored, targets, 0.5);
                b = torchs->update(batch.kept, batch.scored, targets, 0.5);
            } else {
                a = ours->update(batch.kept, {}, targets, 0.5);
                b = torchs->update(batch.kept, {}, targets, 0.5);
            }
            QVERIFY2(std::abs(a - b) < 1e-4,
                     qPrintable(QString("step %1: %2 and %3").arg(step).arg(a).arg(b)));
        }
        QVERIFY(largestDifference(scoreAll(*ours), scoreAll(*torchs)) < 1e-4F);
    }

    void gradientAgreesWithAutograd() {
        // One update against torch's own derivative of the weighted mean cross-entropy.
        auto setup = setupFor(data_, 16);
        auto network = makeNgramNetwork(setup);
        Random random(2, "autograd");
        for (int warm = 0; warm < 5; ++warm) { // away from the all-zero embedding
            const auto batch = randomBatch(random);
            network->update(batch.kept, {}, {batch.labels, {}, batch.weights}, 0.5);
        }
        QTemporaryDir folder;
        const std::string file = folder.filePath("student.safetensors").toStdString();
        QVERIFY(network->save(file, Network::Which::Now).has_value());
        const auto before = readNgramFile(file);
        QVERIFY(before.has_value());

        const auto batch = randomBatch(random);
        auto embedding = before->parameters.embedding.clone().requires_grad_(true);
        auto head = before->parameters.head.clone().requires_grad_(true);
        auto bias = before->parameters.bias.clone().requires_grad_(true);
        const BucketMap rowOf(before->buckets);
        std::vector<at::Tensor> hidden;
        for (const auto row : batch.kept) {
            std::vector<std::int64_t> rows;
            for (const auto token : setup.texts->tokensOf(row))
                if (const auto known = rowOf.row(setup.texts->buckets[token]); known != BucketMap::None)
                    rows.push_back(known);
            const double length = std::sqrt(std::max<std::uint32_t>(1, setup.texts->lengths[row]));
            hidden.push_back(rows.empty() ? torch::zeros({16})
                                          : embedding.index_select(0, torch::tensor(rows)).sum(0) / length);
        }
        const auto logits = torch::stack(hidden).matmul(head.t()) + bias;
        const std::vector<std::int64_t> labels(batch.labels.begin(), batch.labels.end());
        const auto losses = torch::nn::functional::cross_entropy(
            logits, torch::tensor(labels),
            torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone));
        const auto loss = (losses * torch::tensor(batch.weights)).mean();
        loss.backward();

        const double said = network->update(batch.kept, {}, {batch.labels, {}, batch.weights}, 0.1);
        QVERIFY(std::abs(said - loss.item<double>()) < 1e-5);
        QVERIFY(network->save(file, Network::Which::Now).has_value());
        const auto after = readNgramFile(file);
        QVERIFY(after.has_value());
        QVERIFY(torch::allclose(after->parameters.head, head.detach() - 0.1 * head.grad(), 1e-4, 1e-6));
        QVERIFY(torch::allclose(after->parameters.bias, bias.detach() - 0.1 * bias.grad(), 1e-4, 1e-6));
        const BucketMap afterRow(after->buckets);
        for (std::size_t i = 0; i < before->buckets.size(); ++i) {
            const auto expected = embedding.detach()[static_cast<std::int64_t>(i)] -
                                  0.1 * embedding.grad()[static_cast<std::int64_t>(i)];
            const auto row = afterRow.row(before->buckets[i]);
            QVERIFY(row != BucketMap::None);
            QVERIFY(torch::allclose(after->parameters.embedding[row], expected, 1e-4, 1e-6));
        }
    }

    void threadsDoNotChangeABit() {
        // Batches so large that a step is shared out at all (NgramNetwork::worthSharing).
        const int before = at::get_num_threads();
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 4}) {
            at::set_num_threads(threads);
            auto network = makeNgramNetwork(setupFor(data_, 512));
            Random random(11, "batches");
            for (int step = 0; step < 20; ++step) {
                std::vector<std::uint32_t> rows;
                std::vector<std::int32_t> labels;
                for (int i = 0; i < 600; ++i) {
                    rows.push_back(random.below(150));
                    labels.push_back(static_cast<int>(random.below(Classes)));
                }
                const std::vector<float> weights(rows.size(), 1.0F);
                network->update(rows, {}, {labels, {}, weights}, 0.5);
            }
            results.push_back(scoreAll(*network));
        }
        at::set_num_threads(before);
        QCOMPARE(results[1], results[0]);
        QCOMPARE(results[2], results[0]);
    }

    void bestIsKeptAndComesBack() {
        auto network = makeNgramNetwork(setupFor(data_, 16));
        Random random(1, "best");
        const auto update = [&] {
            const auto batch = randomBatch(random);
            network->update(batch.kept, {}, {batch.labels, {}, batch.weights}, 1.0);
        };
        update();
        network->keepAsBest();
        const auto best = scoreAll(*network);
        update();
        QVERIFY(scoreAll(*network) != best);
        network->useBest();
        QCOMPARE(scoreAll(*network), best);
        update();
        network->keepAsBest();
        update();
        network->useBest();
        QVERIFY(scoreAll(*network) != best);
    }

    void fileGivesTheSameStudent() {
        auto network = makeNgramNetwork(setupFor(data_, 32));
        Random random(4, "file");
        for (int step = 0; step < 20; ++step) {
            const auto batch = randomBatch(random);
            network->update(batch.kept, {}, {batch.labels, {}, batch.weights}, 1.0);
        }
        QTemporaryDir folder;
        const std::string file = folder.filePath("student.safetensors").toStdString();
        QVERIFY(network->save(file, Network::Which::Now).has_value());
        const auto student = openStudentFile(file);
        QVERIFY2(student.has_value(), student ? "" : student.error().message.c_str());
        QCOMPARE((*student)->classes(), data_.classes());
        std::vector<std::string_view> texts;
        for (std::uint32_t row = 0; row < data_.size(); ++row)
            texts.push_back(data_.text(row));
        std::vector<float> p(texts.size() * Classes);
        QVERIFY((*student)->predict(texts, p).has_value());
        QVERIFY(largestDifference(p, scoreAll(*network)) < 1e-6F);
    }

    void notAStudent() {
        QTemporaryDir folder;
        const std::string file = folder.filePath("other.safetensors").toStdString();
        const std::vector<float> one = {1};
        QVERIFY(writeSafetensors(file, {{"a", TensorType::F32, {1}, std::as_bytes(std::span(one))}}, {})
                    .has_value());
        const auto foreign = openStudentFile(file);
        QVERIFY(!foreign && foreign.error().message.find("no student of Stillroom") != std::string::npos);
        QVERIFY(writeSafetensors(file, {}, {{"format", "stillroom-student"}, {"version", "9"}}).has_value());
        const auto newer = openStudentFile(file);
        QVERIFY(!newer && newer.error().message.find("newer") != std::string::npos);
        QVERIFY(writeSafetensors(file, {}, {{"format", "stillroom-student"}, {"version", "1"}}).has_value());
        const auto hollow = openStudentFile(file);
        QVERIFY(!hollow && hollow.error().message.find("lacks") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(NgramNetworkTest)
#include "ngram_network_test.moc"
