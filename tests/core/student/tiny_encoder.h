// A Hugging Face folder small enough to be trained in a test, whose words are those of makeTask
// (tests/core/training/session_fixture.h).
#pragma once

#include "core/student/encoder.h"

#include <QFile>
#include <QString>
#include <string>

namespace stillroom {

inline EncoderConfig tinyConfig() {
    EncoderConfig config;
    config.vocabulary = 325;
    config.positions = 32;
    config.width = 32;
    config.layers = 2;
    config.heads = 4;
    config.intermediate = 64;
    return config;
}

inline std::string tinyVocabulary() {
    std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    for (int c = 0; c < 3; ++c)
        for (int w = 0; w < 40; ++w)
            words += "class" + std::to_string(c) + "word" + std::to_string(w) + "\n";
    for (int w = 0; w < 200; ++w)
        words += "common" + std::to_string(w) + "\n";
    return words;
}

/// config.json, model.safetensors with weights drawn from `seed`, vocab.txt.
inline void writeTinyEncoder(const QString& folder, std::uint64_t seed = 7) {
    if (auto saved = Encoder::initial(tinyConfig(), seed).save(folder.toStdString()); !saved)
        qFatal("%s", saved.error().message.c_str());
    QFile file(folder + "/vocab.txt");
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(tinyVocabulary())) <= 0)
        qFatal("cannot write vocab.txt");
}

} // namespace stillroom
