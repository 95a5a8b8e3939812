#include "core/text/ngrams.h"

#include "core/base/random.h"

#include <QChar>
#include <array>

namespace stillroom {

namespace {

enum Class : unsigned char { Separator, Letter, Upper, Mark, Wide };

constexpr std::array<Class, 256> makeClasses() {
    std::array<Class, 256> classes{};
    for (int c = 0; c < 256; ++c) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '\'')
            classes[static_cast<std::size_t>(c)] = Letter;
        else if (c >= 'A' && c <= 'Z')
            classes[static_cast<std::size_t>(c)] = Upper;
        else if (c == '@')
            classes[static_cast<std::size_t>(c)] = Mark;
        else if (c >= 0x80)
            classes[static_cast<std::size_t>(c)] = Wide;
    }
    return classes;
}

constexpr std::array<Class, 256> Classes = makeClasses();
// fastText's multiplier for word n-grams (Joulin et al., arXiv 1607.01759).
constexpr std::uint64_t NextWord = 116049371;

/// Length of the sequence that begins at `text[at]`, which Dataset guarantees to be well-formed UTF-8;
/// clamped, so that a caller's cut text cannot make it read past the end.
std::size_t decode(std::string_view text, std::size_t at, char32_t& point) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    length = std::min(length, text.size() - at);
    point = length == 4 ? lead & 0x07 : length == 3 ? lead & 0x0F : length == 2 ? lead & 0x1F : lead;
    for (std::size_t i = 1; i < length; ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    return length;
}

/// Appends to `out`, at most four bytes.
char* encode(char32_t point, char* out) {
    const auto put = [&](char32_t byte) { *out++ = static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
    return out;
}

} // namespace

std::uint32_t NgramReader::bucketOf(std::uint64_t hash) const {
    // The same number, without a division where it can be.
    return static_cast<std::uint32_t>(mask_ != 0 ? mix64(hash) & mask_ : mix64(hash) % buckets_);
}

void NgramReader::read(std::string_view text, std::vector<std::uint32_t>& buckets) {
    wordEnds_.clear();
    hashes_.clear();
    // Lower case may be longer (U+023A has two bytes, its U+2C65 three), and what is cut off a character too.
    if (lowered_.size() < 2 * text.size() + 4)
        lowered_.resize(2 * text.size() + 4);
    char* const all = lowered_.data();
    char* out = all;
    char* wordBegin = all;
    std::uint64_t wordHash = fnv1a({}); // of the word so far: fnv1a, byte by byte as they come
    const auto put = [&](char c) {
        *out++ = c;
        wordHash = fnv1a({&c, 1}, wordHash);
    };
    const auto endWord = [&] {
        if (out == wordBegin)
            return;
        if (out == wordBegin + 1 && *wordBegin == '@') {
            out = wordBegin; // a mark in front of nothing
        } else {
            hashes_.push_back(wordHash);
            wordEnds_.push_back(static_cast<std::size_t>(out - all));
            wordBegin = out;
        }
        wordHash = fnv1a({});
    };

    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        switch (Classes[static_cast<unsigned char>(c)]) {
        case Separator:
            endWord();
            ++i;
            break;
        case Letter:
            put(c);
            ++i;
            break;
        case Upper:
            put(static_cast<char>(c | 0x20));
            ++i;
            break;
        case Mark:
            endWord();
            put(c);
            ++i;
            break;
        case Wide: {
            char32_t point = 0;
            i += decode(text, i, point);
            char* const begin = out;
            out = encode(QChar::toLower(point), out);
            wordHash = fnv1a({begin, static_cast<std::size_t>(out - begin)}, wordHash);
            break;
        }
        }
    }
    endWord();

    for (const auto hash : hashes_)
        buckets.push_back(bucketOf(hash));
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
        std::uint64_t hash = hashes_[i];
        const std::size_t end = std::min(hashes_.size(), i + static_cast<std::size_t>(recipe_.wordNgrams));
        for (std::size_t j = i + 1; j < end; ++j) {
            hash = hash * NextWord + hashes_[j];
            buckets.push_back(bucketOf(hash));
        }
    }
    if (recipe_.charNgramsMin > 0)
        addCharNgrams(buckets);
}

void NgramReader::addCharNgrams(std::vector<std::uint32_t>& buckets) const {
    std::vector<std::size_t> starts; // of each code point of "<word>"
    std::vector<char> word;
    std::size_t begin = 0;
    for (const auto end : wordEnds_) {
        word.assign(1, '<');
        word.insert(word.end(), lowered_.begin() + static_cast<std::ptrdiff_t>(begin),
                    lowered_.begin() + static_cast<std::ptrdiff_t>(end));
        word.push_back('>');
        begin = end;
        starts.clear();
        for (std::size_t i = 0; i < word.size(); ++i)
            if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80)
                starts.push_back(i);
        const std::size_t points = starts.size();
        starts.push_back(word.size());
        for (std::size_t i = 0; i < points; ++i)
            for (int n = recipe_.charNgramsMin; n <= recipe_.charNgramsMax; ++n) {
                const std::size_t last = i + static_cast<std::size_t>(n);
                if (last > points)
                    break;
                const std::string_view gram(word.data() + starts[i], starts[last] - starts[i]);
                buckets.push_back(bucketOf(fnv1a(gram, fnv1a("\x01"))));
            }
    }
}

} // namespace stillroom
