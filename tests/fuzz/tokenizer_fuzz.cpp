// The tokenizer's files and the cache of its ids. An input is a letter for the kind of files and then those
// files, with 0x1E between them (which JSON may not hold), and a text to tokenize:
//   J tokenizer.json · V vocab.txt, tokenizer_config.json · M vocab.json, merges.txt, tokenizer_config.json
//   C a cache file behind its key, with the right checksum put at its end
// A sentence or a tokenizer that works; ids in range; a cache's file read as what was written or made anew.
#include "core/text/token_cache.h"
#include "place.h"

#include <QCryptographicHash>
#include <optional>

using namespace stillroom;
using namespace stillroom::fuzz;

namespace {

void openAndUse(const Place& place, std::string_view text) {
    const auto tokenizer = Tokenizer::open(place.path());
    if (!tokenizer) {
        requireSentence(tokenizer.error());
        return;
    }
    const auto whole = tokenizer->encode(text);
    for (const auto id : whole)
        require(id >= 0 && id < tokenizer->vocabularySize(), "ids are in range");
    const std::vector<std::string_view> texts{text, "the fire", text};
    const auto all = tokenizer->encodeAll(texts, {});
    require(all.has_value(), "it tokenizes");
    for (const std::size_t i : {std::size_t{0}, std::size_t{2}})
        require(std::equal(whole.begin(), whole.end(), (*all)[i].begin(), (*all)[i].end()),
                "one by one as all");
    const int most = tokenizer->specialTokens() + 2;
    const auto cut = tokenizer->encode(text, most);
    require(cut.size() == std::min(whole.size(), static_cast<std::size_t>(most)), "as long as was asked for");
}

/// A cache with the ids of three texts, and what its file begins with.
struct Cache {
    Place model, folder;
    std::optional<Tokenizer> tokenizer;
    std::vector<std::string_view> texts{"a b", "", "b"};
    TokenizedTexts expected;
    QString path;
    QByteArray key;

    Cache() {
        model.write("vocab.txt", "[CLS]\n[SEP]\n[UNK]\na\nb\n");
        tokenizer.emplace(*Tokenizer::open(model.path()));
        expected = tokenizeCached(*tokenizer, texts, {}, folder.path())->texts;
        QDir tokens(QString::fromStdString(folder.path()) + QStringLiteral("/tokens"));
        path = tokens.filePath(tokens.entryList(QDir::Files).value(0));
        QFile file(path);
        require(file.open(QIODevice::ReadOnly), "the cache was written");
        key = file.read(48); // magic, key, number of texts
    }
};

void readCache(std::string_view bytes) {
    static const Cache cache;
    QByteArray content = cache.key + QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    content += QCryptographicHash::hash(content, QCryptographicHash::Blake2b_256);
    QFile file(cache.path);
    require(file.open(QIODevice::WriteOnly), "the cache can be written");
    file.write(content);
    file.close();
    const auto read = tokenizeCached(*cache.tokenizer, cache.texts, {}, cache.folder.path());
    require(read.has_value(), "a cache is no error");
    require(read->fromCache || read->texts == cache.expected, "made anew is right");
    require(read->texts.size() == cache.texts.size(), "as many texts");
    for (const auto id : read->texts.ids)
        require(id >= 0 && id < cache.tokenizer->vocabularySize(), "ids are in range");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Place place;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const char kind = takeKind(rest);
    if (kind == 'C') {
        readCache(rest);
        return 0;
    }
    place.clear();
    if (kind == 'J') {
        place.write("tokenizer.json", nextPart(rest));
    } else {
        if (kind == 'V') {
            place.write("vocab.txt", nextPart(rest));
        } else {
            place.write("vocab.json", nextPart(rest));
            place.write("merges.txt", nextPart(rest));
        }
        if (const auto config = nextPart(rest); !config.empty())
            place.write("tokenizer_config.json", config);
    }
    openAndUse(place, rest);
    return 0;
}
