// Damaged tokenizer files and cache files: a sentence or a tokenizer that works, never a crash, and ids that
// are in range. tests/fuzz has the same under libFuzzer.
#include "core/base/random.h"

#include "tokenizer_folder.h"

#include <QTest>

using namespace stillroom;
using namespace stillroom::test;

namespace {

std::string someText(Random& random) {
    static const std::vector<std::string> Likely{"fire", " ", "the", "[SEP]", "é",    "\u0301",
                                                 "火",   "🔥", "'s",  "\n",    "\xFF", "a"};
    std::string text;
    for (std::uint32_t i = random.below(20); i > 0; --i)
        text += Likely[random.below(static_cast<std::uint32_t>(Likely.size()))];
    return text;
}

void damage(std::string& text, Random& random) {
    static const std::vector<std::string> Likely{"\"",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 "null",
                                                 "true",
                                                 "-1",
                                                 "1e9",
                                                 "16777215",
                                                 "99999999999999999999",
                                                 "\\u0000",
                                                 "\\ud800",
                                                 "\xFF",
                                                 "\"a\"",
                                                 "\"id\"",
                                                 "\"A\"",
                                                 "##",
                                                 "Ġ",
                                                 " ",
                                                 "{}",
                                                 "[]",
                                                 "0",
                                                 "\n",
                                                 "\\"};
    for (std::uint32_t change = 1 + random.below(3); change > 0 && !text.empty(); --change) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
        const std::string& piece = Likely[random.below(static_cast<std::uint32_t>(Likely.size()))];
        switch (random.below(6)) {
        case 0:
            text[at] = static_cast<char>(random.below(256));
            break;
        case 1:
            text.insert(at, piece);
            break;
        case 2:
            text.erase(at, 1 + random.below(20));
            break;
        case 3:
            text.replace(at, std::min<std::size_t>(piece.size(), text.size() - at), piece);
            break;
        case 4: { // a stretch again somewhere else
            const std::string stretch = text.substr(at, 1 + random.below(60));
            text.insert(random.below(static_cast<std::uint32_t>(text.size())), stretch);
            break;
        }
        default:
            if (random.below(10) == 0)
                text.resize(at);
        }
    }
}

/// True when it opened.
bool opensOrSays(const Folder& folder, Random& random) {
    const auto tokenizer = folder.open();
    if (!tokenizer) {
        const auto& sentence = tokenizer.error().message;
        if (sentence.find(folder.path()) == std::string::npos || sentence.find('\n') != std::string::npos)
            qFatal("no sentence: %s", sentence.c_str());
        return false;
    }
    for (int i = 0; i < 5; ++i)
        for (const auto id : tokenizer->encode(someText(random), i == 0 ? 4 : 0))
            if (id < 0 || id >= tokenizer->vocabularySize())
                qFatal("id %d of %d", id, tokenizer->vocabularySize());
    return true;
}

} // namespace

class TokenizerFuzzTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void damagedTokenizerJson();
    void damagedOlderFiles();
    void noise();
};

void TokenizerFuzzTest::damagedTokenizerJson() {
    Random random(20261124, "tokenizer fuzz");
    int opened = 0, refused = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string json = round % 2 == 0 ? smallWordPiece() : smallBpe();
        damage(json, random);
        const Folder folder;
        (opensOrSays(folder.write("tokenizer.json", json), random) ? opened : refused) += 1;
    }
    QVERIFY(opened > 100 && refused > 1000); // the damage must reach both
}

void TokenizerFuzzTest::damagedOlderFiles() {
    Random random(4, "older files fuzz");
    int opened = 0, refused = 0;
    for (int round = 0; round < 2000; ++round) {
        const Folder folder;
        std::string config =
            "{\"do_lower_case\": true, \"tokenizer_class\": null, \"added_tokens_decoder\": {\"9\": "
            "{\"content\": \"<x>\", \"special\": true}}, \"pad_token\": {\"content\": \"a\"}}";
        if (random.below(3) == 0)
            damage(config, random);
        folder.write("tokenizer_config.json", config);
        if (round % 2 == 0) {
            std::string lines = "[CLS]\n[SEP]\n[UNK]\nthe\nfire\n##s\na\n\né\n";
            damage(lines, random);
            folder.write("vocab.txt", lines);
        } else {
            std::string vocabulary =
                "{\"<s>\": 0, \"</s>\": 1, \"a\": 2, \"f\": 3, \"i\": 4, \"fi\": 5, \"Ġ\": 6, \"Ġfi\": 7}";
            std::string merges = "#version: 0.2\nf i\nĠ fi\n";
            if (random.below(2) == 0)
                damage(vocabulary, random);
            else
                damage(merges, random);
            folder.write("vocab.json", vocabulary).write("merges.txt", merges);
        }
        (opensOrSays(folder, random) ? opened : refused) += 1;
    }
    QVERIFY(opened > 100 && refused > 200);
}

void TokenizerFuzzTest::noise() {
    Random random(7, "noise");
    for (int round = 0; round < 500; ++round) {
        std::string bytes(1 + random.below(500), '\0');
        for (char& c : bytes)
            c = static_cast<char>(random.below(random.below(2) == 0 ? 256 : 128));
        const Folder folder;
        opensOrSays(folder.write(round % 2 == 0 ? "tokenizer.json" : "vocab.txt", bytes), random);
    }
}

QTEST_GUILESS_MAIN(TokenizerFuzzTest)
#include "tokenizer_fuzz_test.moc"
