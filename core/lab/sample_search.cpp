// The free-text half of sample_filter.h.
#include "core/lab/sample_filter.h"
#include "core/lab/text_case.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace stillroom {

namespace {

constexpr std::size_t Glances = 1024;              ///< texts that are looked at to learn which bytes are rare
constexpr std::size_t LongestGlance = 1024;        ///< bytes of each
constexpr std::size_t BytesBetweenLooks = 1 << 17; ///< before a cancel is looked for: some 0.1 ms
constexpr std::size_t CandidatesOfPiece = 1 << 14;

/// Finds one text within others. The bytes of the needle's rarest place, in both cases, are looked for with
/// memchr, which is as fast as memory; only around a hit is anything compared.
class Needle {
  public:
    Needle(const SampleTable& table, std::span<const std::uint32_t> candidates, std::string_view text)
        : forms_(text) {
        if (!text.empty())
            chooseAnchor(table, candidates);
    }

    [[nodiscard]] bool in(std::string_view text) const {
        const std::size_t size = forms_.lower.size();
        if (size == 0)
            return true;
        if (text.size() < size)
            return false;
        const char lower = forms_.lower[anchor_];
        const char upper = forms_.upper[anchor_];
        return foundBy(lower, text) || (upper != lower && foundBy(upper, text));
    }

  private:
    void chooseAnchor(const SampleTable& table, std::span<const std::uint32_t> candidates) {
        std::array<std::size_t, 256> counts{};
        const std::size_t stride = std::max<std::size_t>(1, candidates.size() / Glances);
        for (std::size_t i = 0; i < candidates.size(); i += stride)
            for (const char c : table.set.data->text(table.rows[candidates[i]]).substr(0, LongestGlance))
                ++counts[static_cast<unsigned char>(c)];
        const auto often = [&](std::size_t place) {
            const auto lower = static_cast<unsigned char>(forms_.lower[place]);
            const auto upper = static_cast<unsigned char>(forms_.upper[place]);
            return counts[lower] + (upper != lower ? counts[upper] : 0);
        };
        for (std::size_t place = 1; place < forms_.lower.size(); ++place)
            if (often(place) < often(anchor_))
                anchor_ = place;
    }

    [[nodiscard]] bool foundBy(char byte, std::string_view text) const {
        const char* at = text.data() + anchor_;
        const char* const end = text.data() + text.size() - (forms_.lower.size() - 1 - anchor_);
        while (at < end) {
            at = static_cast<const char*>(std::memchr(at, byte, static_cast<std::size_t>(end - at)));
            if (at == nullptr)
                return false;
            if (matches(at - anchor_))
                return true;
            ++at;
        }
        return false;
    }

    [[nodiscard]] bool matches(const char* text) const {
        for (const auto& character : forms_.characters) {
            const auto is = [&](const std::string& form) {
                return std::memcmp(text + character.begin, form.data() + character.begin, character.size) ==
                       0;
            };
            if (!is(forms_.lower) && !is(forms_.upper))
                return false;
        }
        return true;
    }

    CaseForms forms_;
    std::size_t anchor_ = 0; ///< the place that is looked for
};

} // namespace

void searchTexts(const SampleTable& table, std::span<const std::uint32_t> candidates, const std::string& text,
                 Progress& progress, const std::function<bool(std::span<const std::uint32_t>)>& found) {
    progress.expect(static_cast<std::int64_t>(candidates.size()));
    const Needle needle(table, candidates, text);
    std::vector<std::uint32_t> piece;
    std::size_t bytes = 0;
    std::size_t reported = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::string_view where = table.set.data->text(table.rows[candidates[i]]);
        if (needle.in(where))
            piece.push_back(candidates[i]);
        bytes += where.size() + 16; // empty texts take their time too
        const bool pieceEnds = (i + 1) % CandidatesOfPiece == 0 || i + 1 == candidates.size();
        if (bytes < BytesBetweenLooks && !pieceEnds)
            continue;
        bytes = 0;
        if (progress.cancelled())
            return;
        progress.advance(static_cast<std::int64_t>(i + 1 - reported));
        reported = i + 1;
        if (pieceEnds && !piece.empty()) {
            if (!found(piece))
                return;
            piece.clear();
        }
    }
}

} // namespace stillroom
