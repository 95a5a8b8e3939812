#include "core/text/bert_words.h"

#include <algorithm>

namespace stillroom {

BertWords::BertWords(const BertCleaning& cleaning)
    : characters_(unicode::Characters::tables()), cleaning_(cleaning) {
    for (unsigned c = 0; c < 128; ++c) {
        const auto traits = characters_.traits(c);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            kinds_[c] = Space;
        else if ((traits & unicode::Punctuation) != 0)
            kinds_[c] = Symbol;
        char32_t out = c;
        if (cleaning.clean)
            out = (traits & unicode::Control) != 0 ? 0 : (traits & unicode::Space) != 0 ? U' ' : c;
        if (cleaning.lowerCase)
            out = characters_.lower(out);
        ascii_[c] = static_cast<char>(out);
    }
}

std::string_view BertWords::normalize(std::string_view text, Scratch& scratch) const {
    if (!cleaning_.any())
        return text;
    scratch.text.clear();
    for (const char byte : text) {
        if (static_cast<unsigned char>(byte) >= 0x80) {
            scratch.text.clear();
            normalizeWide(text, scratch);
            return scratch.text;
        }
        const char out = ascii_[static_cast<unsigned char>(byte)];
        if (out != 0 || !cleaning_.clean)
            scratch.text.push_back(out);
    }
    return scratch.text;
}

void BertWords::append(char32_t c, std::string& out) const {
    if (cleaning_.stripAccents && (characters_.traits(c) & unicode::Mark) != 0)
        return;
    if (!cleaning_.lowerCase) {
        unicode::append(out, c);
    } else if (c == 0x130) { // the one character whose lower case is two
        unicode::append(out, U'i');
        unicode::append(out, 0x307);
    } else {
        unicode::append(out, characters_.lower(c));
    }
}

/// In the order of the original: cleaned, ideographs apart, decomposed with marks in canonical order, marks
/// off, lower-cased.
void BertWords::normalizeWide(std::string_view text, Scratch& scratch) const {
    auto& points = scratch.points;
    points.clear();
    for (std::size_t at = 0; at < text.size();) {
        const auto next = unicode::decode(text, at);
        at += next.length;
        char32_t c = next.codePoint;
        const auto traits = characters_.traits(c);
        if (cleaning_.clean) {
            if ((traits & unicode::Control) != 0)
                continue;
            if ((traits & unicode::Space) != 0)
                c = U' ';
        }
        const bool apart = cleaning_.ideographs && (traits & unicode::Ideograph) != 0;
        if (apart)
            points.push_back(U' ');
        if (cleaning_.stripAccents)
            characters_.appendDecomposed(points, c);
        else
            points.push_back(c);
        if (apart)
            points.push_back(U' ');
    }
    if (cleaning_
            .stripAccents) { // canonical ordering (Unicode 15.0, D109): marks by class, equals as they came
        const auto isStarter = [&](char32_t c) { return characters_.combiningClass(c) == 0; };
        for (auto begin = points.begin(); begin != points.end();) {
            begin = std::find_if_not(begin, points.end(), isStarter);
            const auto end = std::find_if(begin, points.end(), isStarter);
            if (end - begin > 1)
                std::stable_sort(begin, end, [&](char32_t a, char32_t b) {
                    return characters_.combiningClass(a) < characters_.combiningClass(b);
                });
            begin = end;
        }
    }
    for (const char32_t c : points)
        append(c, scratch.text);
}

} // namespace stillroom
