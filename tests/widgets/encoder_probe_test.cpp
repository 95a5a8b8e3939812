// What a worker tells of an encoder from its folder alone.
#include "widgets/encoder_probe.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

// The config.json of models that everybody has, cut down to what is read.
constexpr const char* BertBase =
    R"({"model_type": "bert", "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
"intermediate_size": 3072, "vocab_size": 30522, "max_position_embeddings": 512, "type_vocab_size": 2})";
constexpr const char* RobertaBase =
    R"({"model_type": "roberta", "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
"intermediate_size": 3072, "vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1,
"pad_token_id": 1, "hidden_dropout_prob": 0.2})";
constexpr const char* DistilBertBase =
    R"({"model_type": "distilbert", "dim": 768, "n_layers": 6, "n_heads": 12, "hidden_dim": 3072,
"vocab_size": 30522, "max_position_embeddings": 512, "dropout": 0.3})";

} // namespace

class EncoderProbeTest : public QObject {
    Q_OBJECT
    QTemporaryDir scratch_;

    static void write(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    /// A folder of this name with this config.json.
    std::string folder(const QString& name, const QByteArray& config) {
        const QString path = scratch_.filePath(name);
        QDir().mkpath(path);
        write(path + "/config.json", config);
        return path.toStdString();
    }

  private Q_SLOTS:
    void sizesOfTheThreeFamilies() {
        const auto bert = probeEncoder(folder("bert", BertBase), {});
        QVERIFY(bert);
        QCOMPARE(bert->family, std::string("BERT"));
        QCOMPARE(bert->layers, 12);
        QCOMPARE(bert->maxTokens, 512);
        const auto roberta = probeEncoder(folder("roberta", RobertaBase), {});
        QVERIFY(roberta);
        QCOMPARE(roberta->maxTokens, 512); // 514 positions, of which the padding's two are never used
        QCOMPARE(roberta->dropout, 0.2);
        const auto distil = probeEncoder(folder("distil", DistilBertBase), {});
        QVERIFY(distil);
        QCOMPARE(distil->family, std::string("DistilBERT"));
        QCOMPARE(distil->width, 768);
        QCOMPARE(distil->dropout, 0.3);
        // As the models' own pages count them, less the pooler (768² + 768) that nothing here uses.
        QCOMPARE(bert->parameters(), 109'482'240.0 - 590'592);
        QCOMPARE(roberta->parameters(), 124'645'632.0 - 590'592);
        QCOMPARE(distil->parameters(), 66'362'880.0);
    }

    void whatIsThereIsSaid() {
        const std::string path = folder("whole", BertBase);
        auto facts = probeEncoder(path, {});
        QVERIFY(facts);
        QCOMPARE(facts->weightBytes, 0);
        QVERIFY(!facts->tokenizer);
        write(scratch_.filePath("whole/model-00001-of-00002.safetensors"), "12345");
        write(scratch_.filePath("whole/model-00002-of-00002.safetensors"), "678");
        write(scratch_.filePath("whole/vocab.txt"), "[PAD]\n");
        facts = probeEncoder(path, {});
        QVERIFY(facts);
        QCOMPARE(facts->weightBytes, 8);
        QVERIFY(facts->tokenizer);
        QVERIFY(facts->configured);
    }

    void aTokenizerAloneIsEnoughForScratch() {
        const QString path = scratch_.filePath("tokens");
        QVERIFY(QDir().mkpath(path));
        write(path + "/tokenizer.json", "{}");
        const auto facts = probeEncoder(path.toStdString(), {});
        QVERIFY(facts);
        QVERIFY(!facts->configured);
        QVERIFY(facts->tokenizer);
    }

    void whatIsNoEncoderIsRefused() {
        const auto says = [this](const QString& name, const QByteArray& config, const char* words) {
            const auto facts = probeEncoder(folder(name, config), {});
            return !facts && QString::fromStdString(facts.error().message).contains(words) &&
                   QString::fromStdString(facts.error().message).contains("config.json");
        };
        QVERIFY(says("gpt", R"({"model_type": "gpt2"})", "gpt2"));
        QVERIFY(says("list", "[1, 2]", "no JSON object"));
        QVERIFY(says("broken", R"({"model_type": )", "no JSON object"));
        QVERIFY(says("large", QByteArray((1 << 20) + 1, ' '), "1 MiB"));
        QVERIFY(!probeEncoder(scratch_.filePath("nowhere").toStdString(), {}));
    }

    void sizesThatCannotBeAreNoOverflow() {
        const auto facts =
            probeEncoder(folder("huge", R"({"model_type": "bert", "hidden_size": 9000000000000000000,
"num_hidden_layers": 9000000000000000000, "vocab_size": -5})"),
                         {});
        QVERIFY(facts);
        QVERIFY(std::isfinite(facts->parameters()));
        QCOMPARE(facts->vocabulary, 0);
    }

    void fromScratchTakesWhatIsSet() {
        const auto facts = probeEncoder(folder("base", BertBase), {});
        QVERIFY(facts);
        StudentSettings student;
        QCOMPARE(fromScratch(*facts, student).parameters(), facts->parameters());
        student.width = 128;
        student.layers = 2;
        student.length = 1000;
        const EncoderFacts made = fromScratch(*facts, student);
        QCOMPARE(made.feedForward, 512); // four times the width, where only that is set
        QCOMPARE(made.heads, 12);
        QCOMPARE(made.maxTokens, 1000);
        QCOMPARE(made.positions, 1000);
        student.feedForward = 300;
        QCOMPARE(fromScratch(*facts, student).feedForward, 300);
    }

    void namesInTheCache() {
        QVERIFY(cachedEncoders(scratch_.filePath("no-cache").toStdString()).empty());
        for (const char* name : {"minilm", "a-model", ".minilm.halfway"})
            QVERIFY(QDir().mkpath(scratch_.filePath(QStringLiteral("cache/encoders/") + name)));
        write(scratch_.filePath("cache/encoders/note.txt"), "no folder");
        QCOMPARE(cachedEncoders(scratch_.filePath("cache").toStdString()),
                 (std::vector<std::string>{"a-model", "minilm"}));
        qputenv("STILLROOM_CACHE", scratch_.filePath("cache").toUtf8());
        write(scratch_.filePath("cache/encoders/minilm/config.json"), BertBase);
        const auto facts = probeEncoder("minilm", {});
        QVERIFY(facts);
        QCOMPARE(facts->folder, scratch_.filePath("cache/encoders/minilm").toStdString());
    }
};

QTEST_GUILESS_MAIN(EncoderProbeTest)
#include "encoder_probe_test.moc"
