// Encoders that a test writes for itself: the outside of a large one, and a small one that can read the texts
// of made_up_data.h.
#pragma once

#include "core/base/random.h"
#include "tests/app/made_up_data.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QString>
#include <QStringList>
#include <vector>

namespace stillroom::test {

inline bool writeBytes(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

/// MiniLM as it looks from outside: its sizes, a tokenizer's name, weights that are all zeros and no
/// safetensors. Enough for everything that does not read them.
inline bool writeOutsideOfMiniLm(const QString& folder) {
    if (!QDir().mkpath(folder) ||
        !writeBytes(folder + "/config.json",
                    R"({"architectures": ["BertModel"], "hidden_size": 384, "intermediate_size": 1536,
"max_position_embeddings": 512, "model_type": "bert", "num_attention_heads": 12, "num_hidden_layers": 6,
"hidden_dropout_prob": 0.1, "type_vocab_size": 2, "vocab_size": 30522})") ||
        !writeBytes(folder + "/tokenizer.json", "{}"))
        return false;
    QFile weights(folder + "/model.safetensors");
    return weights.open(QIODevice::WriteOnly) &&
           weights.resize(90'868'376); // takes no room: nothing is in it
}

/// A real BERT of two layers that do nothing: a text's vector is the mean of its words' vectors. Words that
/// made_up_data.h gives a class, and those of the class's name, point the same way, so that it can tell
/// classes apart without having learned.
class SmallEncoder {
  public:
    static bool write(const QString& folder) {
        SmallEncoder encoder;
        return QDir().mkpath(folder) && encoder.writeFiles(folder);
    }

  private:
    static constexpr int Width = 32, Layers = 2, Positions = 64;

    SmallEncoder() {
        for (const char* word : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"})
            add(word, -1);
        for (std::size_t k = 0; k < ClassNames.size(); ++k) {
            const int direction = static_cast<int>(k);
            for (int word = 0; word < 40; ++word)
                add(QStringLiteral("c%1w%2").arg(direction).arg(word), direction);
            for (const auto& word : QString::fromStdString(ClassNames[k]).split(u'_'))
                if (word != QLatin1String("or") && word != QLatin1String("and") &&
                    !vocabulary_.contains(word))
                    add(word, direction);
        }
        for (int word = 0; word < 3000; ++word)
            add(QStringLiteral("w%1").arg(word), -1);
        tensor("embeddings.word_embeddings.weight", {vocabulary_.size(), Width}, words_);
        zeros("embeddings.position_embeddings.weight", {Positions, Width});
        zeros("embeddings.token_type_embeddings.weight", {2, Width});
        norm("embeddings.LayerNorm");
        for (int i = 0; i < Layers; ++i) {
            const QString layer = QStringLiteral("encoder.layer.%1.").arg(i);
            for (const char* part : {"query", "key", "value"})
                linear(layer + "attention.self." + part, Width, Width);
            linear(layer + "attention.output.dense", Width, Width);
            norm(layer + "attention.output.LayerNorm");
            linear(layer + "intermediate.dense", 2 * Width, Width);
            linear(layer + "output.dense", Width, 2 * Width);
            norm(layer + "output.LayerNorm");
        }
    }

    void add(const QString& word, int direction) {
        vocabulary_ << word;
        for (int i = 0; i < Width; ++i)
            words_.push_back(static_cast<float>(random_.uniform() - 0.5) + (i == direction ? 4.0F : 0.0F));
    }
    void tensor(const QString& name, std::initializer_list<qsizetype> shape,
                const std::vector<float>& values) {
        QStringList sizes;
        for (const auto size : shape)
            sizes << QString::number(size);
        const auto bytes = static_cast<qsizetype>(values.size() * sizeof(float));
        header_ << QStringLiteral(R"("%1": {"dtype": "F32", "shape": [%2], "data_offsets": [%3, %4]})")
                       .arg(name, sizes.join(u','))
                       .arg(data_.size())
                       .arg(data_.size() + bytes);
        data_.append(reinterpret_cast<const char*>(values.data()), bytes);
    }
    void zeros(const QString& name, std::initializer_list<qsizetype> shape) {
        qsizetype count = 1;
        for (const auto size : shape)
            count *= size;
        tensor(name, shape, std::vector<float>(static_cast<std::size_t>(count), 0));
    }
    void linear(const QString& name, int out, int in) {
        zeros(name + ".weight", {out, in});
        zeros(name + ".bias", {out});
    }
    void norm(const QString& name) {
        tensor(name + ".weight", {Width}, std::vector<float>(Width, 1));
        zeros(name + ".bias", {Width});
    }
    [[nodiscard]] bool writeFiles(const QString& folder) const {
        const QByteArray header = ("{" + header_.join(u',') + "}").toUtf8();
        const auto length = static_cast<quint64>(header.size());
        const QByteArray config = QStringLiteral(R"({"model_type": "bert", "hidden_size": %1,
"intermediate_size": %2, "max_position_embeddings": %3, "num_attention_heads": 4, "num_hidden_layers": %4,
"type_vocab_size": 2, "vocab_size": %5})")
                                      .arg(Width)
                                      .arg(2 * Width)
                                      .arg(Positions)
                                      .arg(Layers)
                                      .arg(vocabulary_.size())
                                      .toUtf8();
        return writeBytes(folder + "/config.json", config) &&
               writeBytes(folder + "/vocab.txt", vocabulary_.join(u'\n').toUtf8() + '\n') &&
               writeBytes(folder + "/model.safetensors",
                          QByteArray(reinterpret_cast<const char*>(&length), sizeof length) + header + data_);
    }

    Random random_{5, "a small encoder"};
    QStringList vocabulary_, header_;
    std::vector<float> words_;
    QByteArray data_;
};

} // namespace stillroom::test
