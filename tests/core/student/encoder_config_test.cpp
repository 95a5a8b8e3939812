// config.json of the three families; what is refused, and in which words.
#include "core/student/encoder_config.h"

#include <QTest>
#include <algorithm>
#include <string>

using namespace stillroom;

namespace {

/// Single quotes stand for JSON's double ones.
std::string quoted(std::string json) {
    std::replace(json.begin(), json.end(), '\'', '"');
    return json;
}

EncoderConfig read(const std::string& json) {
    const auto config = readEncoderConfig(quoted(json), "config.json");
    if (!config)
        qWarning("%s", config.error().message.c_str());
    return config.value_or(EncoderConfig{.width = -1});
}

/// MiniLM's, but for one entry.
std::string with(const std::string& entry) {
    return "{'model_type': 'bert', 'hidden_size': 384, 'num_hidden_layers': 6, 'num_attention_heads': 12, "
           "'intermediate_size': 1536, 'vocab_size': 30522, 'max_position_embeddings': 512" +
           std::string(entry.empty() ? "" : ", ") + entry + "}";
}

} // namespace

class EncoderConfigTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void bert() {
        // all-MiniLM-L6-v2's, shortened
        const auto config = read(
            "{'architectures': ['BertModel'], 'attention_probs_dropout_prob': 0.2, "
            "'gradient_checkpointing': false, 'hidden_act': 'gelu', 'hidden_dropout_prob': 0.15, "
            "'hidden_size': 384, "
            "'intermediate_size': 1536, 'layer_norm_eps': 1e-12, 'max_position_embeddings': 500, "
            "'model_type': 'bert', "
            "'num_attention_heads': 12, 'num_hidden_layers': 6, 'pad_token_id': 3, 'type_vocab_size': 4, "
            "'position_embedding_type': 'absolute', 'is_decoder': false, 'use_cache': true, 'vocab_size': "
            "30000}");
        QCOMPARE(config.family, EncoderFamily::Bert);
        QCOMPARE(config.vocabulary, 30000);
        QCOMPARE(config.positions, 500);
        QCOMPARE(config.tokenTypes, 4);
        QCOMPARE(config.width, 384);
        QCOMPARE(config.layers, 6);
        QCOMPARE(config.heads, 12);
        QCOMPARE(config.intermediate, 1536);
        QCOMPARE(config.epsilon, 1e-12);
        QCOMPARE(config.dropout, 0.15);
        QCOMPARE(config.attentionDropout, 0.2);
        QCOMPARE(config.activation, Activation::Gelu);
        QCOMPARE(config.padId, 3);
        QCOMPARE(config.firstPosition, 0);
        QCOMPARE(config.maxTokens(), 500);
    }

    void roberta() {
        // roberta-base's: positions start behind the padding id, so of 514 two are never used.
        const auto config =
            read("{'model_type': 'roberta', 'max_position_embeddings': 514, 'pad_token_id': 1, "
                 "'layer_norm_eps': 1e-05, 'type_vocab_size': 1, 'hidden_act': 'gelu_new'}");
        QCOMPARE(config.family, EncoderFamily::Roberta);
        QCOMPARE(config.vocabulary, 50265);
        QCOMPARE(config.width, 768);
        QCOMPARE(config.layers, 12);
        QCOMPARE(config.epsilon, 1e-5);
        QCOMPARE(config.activation, Activation::GeluTanh);
        QCOMPARE(config.firstPosition, 2);
        QCOMPARE(config.maxTokens(), 512);
    }

    void distilbert() {
        const auto config = read("{'model_type': 'distilbert', 'dim': 96, 'n_layers': 2, 'n_heads': 3, "
                                 "'hidden_dim': 200, 'dropout': 0.3, 'attention_dropout': 0.4, 'activation': "
                                 "'relu', 'vocab_size': 999, "
                                 "'qa_dropout': 0.1, 'sinusoidal_pos_embds': false, 'tie_weights_': true}");
        QCOMPARE(config.family, EncoderFamily::DistilBert);
        QCOMPARE(config.tokenTypes, 0);
        QCOMPARE(config.width, 96);
        QCOMPARE(config.layers, 2);
        QCOMPARE(config.heads, 3);
        QCOMPARE(config.intermediate, 200);
        QCOMPARE(config.dropout, 0.3);
        QCOMPARE(config.attentionDropout, 0.4);
        QCOMPARE(config.activation, Activation::Relu);
        QCOMPARE(config.positions, 512);
        QCOMPARE(config.epsilon, 1e-12);
    }

    void familyByArchitecture() {
        // Before 2020 there was no model_type.
        QCOMPARE(read("{'architectures': ['RobertaForMaskedLM']}").family, EncoderFamily::Roberta);
        QCOMPARE(read("{'architectures': ['BertForMaskedLM']}").family, EncoderFamily::Bert);
        QCOMPARE(read("{'architectures': ['DistilBertModel']}").family, EncoderFamily::DistilBert);
    }

    void parameterCount() {
        // Counted by hand: tables (10 + 8 + 2)·4, their norm 8; a layer 4·(16 + 4), 4·6 + 6, 6·4 + 4,
        // norms 16.
        EncoderConfig config;
        config.vocabulary = 10;
        config.positions = 8;
        config.width = 4;
        config.heads = 2;
        config.intermediate = 6;
        config.layers = 3;
        QCOMPARE(config.parameterCount(), 80 + 8 + 3 * (80 + 30 + 28 + 16));
    }

    void writtenReadsBack() {
        for (const auto family : {EncoderFamily::Bert, EncoderFamily::Roberta, EncoderFamily::DistilBert})
            for (const auto activation : {Activation::Gelu, Activation::GeluTanh, Activation::Relu}) {
                EncoderConfig config{family, 1000, 66, 1, 24, 3, 4, 50, 3e-7, 0.25, 0, activation, 5, 0};
                if (family == EncoderFamily::Roberta)
                    config.firstPosition = 6;
                if (family == EncoderFamily::DistilBert) {
                    config.tokenTypes = 0;
                    config.epsilon = 1e-12; // fixed there
                }
                const auto back = readEncoderConfig(toJson(config), "written");
                QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
                QVERIFY(*back == config);
            }
    }

    void refused_data() {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char* name, std::string json, std::string says) {
            QTest::newRow(name) << std::move(json) << std::move(says);
        };
        row("no JSON", "{", "not valid JSON");
        row("a list", "[]", "one object");
        row("another model", "{'model_type': 't5'}", "model_type 't5'; take an encoder of type bert");
        row("a long name", "{'model_type': '" + std::string(5000, 'x') + "'}", "xxx...");
        row("no model", "{}", "no model_type");
        row("another architecture", "{'architectures': ['GPT2Model', 3]}", "no model_type");
        row("model is a number", "{'model_type': 3}", "'model_type' must be a text");
        row("relative positions", with("'position_embedding_type': 'relative_key'"), "'relative_key'");
        row("a decoder", with("'is_decoder': true"), "'is_decoder' is on");
        row("cross attention", with("'add_cross_attention': true"), "another model");
        row("quantised", with("'quantization_config': {'bits': 4}"), "quantised");
        row("pruned", with("'pruned_heads': {'1': [0]}"), "'pruned_heads' is set");
        row("activation", with("'hidden_act': 'silu'"), "'hidden_act' is 'silu'");
        row("activation is a list", with("'hidden_act': ['gelu']"), "must be a text");
        row("size is a text", with("'type_vocab_size': '2'"), "'type_vocab_size' must be a whole number");
        row("size is a fraction", with("'type_vocab_size': 2.5"), "must be a whole number");
        row("size beyond 64 bits", with("'pad_token_id': 18446744073709551616"), "");
        row("dropout is a text", with("'hidden_dropout_prob': '0.1'"), "must be a number");
        row("dropout of all", with("'hidden_dropout_prob': 1"), "dropout is 1");
        row("negative dropout", with("'attention_probs_dropout_prob': -0.1"), "dropout is -0.1");
        row("epsilon 0", with("'layer_norm_eps': 0"), "epsilon");
        row("padding outside", with("'pad_token_id': 30522"), "its padding id is 30522");
        row("padding negative", with("'pad_token_id': -1"), "its padding id is -1");
        row("no types", with("'type_vocab_size': 0"), "token types is 0");
        const auto sizes = [](const char* vocabulary, const char* width, const char* heads,
                              const char* layers) {
            return std::string("{'model_type': 'bert', 'vocab_size':") + vocabulary +
                   ", 'hidden_size':" + width + ", 'num_attention_heads':" + heads +
                   ", 'num_hidden_layers':" + layers + "}";
        };
        row("no width", sizes("100", "0", "1", "1"), "its width is 0");
        row("negative width", sizes("100", "-64", "1", "1"), "its width is -64");
        row("more heads than width", sizes("100", "4", "8", "1"), "heads is 8, it can be 1 to 4");
        row("heads do not divide", sizes("100", "384", "7", "1"), "384 is not a multiple of its 7 heads");
        row("no heads", sizes("100", "384", "0", "1"), "heads is 0");
        row("layers", sizes("100", "384", "12", "1000000000"), "layers is 1000000000");
        row("vocabulary", sizes("9223372036854775807", "384", "12", "6"),
            "vocabulary is 9223372036854775807");
        row("all of it too large", sizes("16000000", "65536", "16", "512"), "numbers");
        row("no room for positions",
            "{'model_type': 'roberta', 'max_position_embeddings': 2, 'pad_token_id': 1}",
            "first position is 2");
    }
    void refused() {
        QFETCH(std::string, json);
        QFETCH(std::string, says);
        const auto config = readEncoderConfig(quoted(json), "some/config.json");
        QVERIFY(!config.has_value());
        const std::string& message = config.error().message;
        QVERIFY2(message.starts_with("some/config.json"), message.c_str());
        QVERIFY2(message.find(says) != std::string::npos, message.c_str());
        QVERIFY2(message.size() < 400, message.c_str());
    }

    void checkedWithoutAFile() {
        EncoderConfig config;
        QVERIFY(checkEncoderConfig(config, "student").has_value());
        config.firstPosition = 1; // only RoBERTa counts from elsewhere
        const auto checked = checkEncoderConfig(config, "student");
        QVERIFY(!checked && checked.error().message.starts_with("student: its first position"));
        config.family = EncoderFamily::Roberta;
        QVERIFY(checkEncoderConfig(config, "student").has_value());
    }
};

QTEST_GUILESS_MAIN(EncoderConfigTest)
#include "encoder_config_test.moc"
