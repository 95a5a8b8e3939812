// Where things stand in a ZIP file (APPNOTE.TXT 6.3.10). Private to core/output. Everything is little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stillroom::zip {

inline constexpr std::uint32_t LocalSignature = 0x04034b50, CentralSignature = 0x02014b50,
                               EndSignature = 0x06054b50, LocatorSignature = 0x07064b50,
                               LargeEndSignature = 0x06064b50, DescriptorSignature = 0x08074b50;
inline constexpr std::size_t LocalBytes = 30, CentralBytes = 46, EndBytes = 22, LocatorBytes = 20,
                             LargeEndBytes = 56;
inline constexpr std::uint16_t Stored = 0, Deflated = 8;
inline constexpr std::uint16_t SizesBehind = 1U << 3U, Utf8Names = 1U << 11U; ///< flags
/// In place of a number that does not fit; the number is then in an extra field (ZIP64).
inline constexpr std::uint32_t Large32 = 0xFFFFFFFF;
inline constexpr std::uint16_t Large16 = 0xFFFF;
inline constexpr std::uint16_t LargeExtra = 0x0001;

/// `bytes` reaches that far.
template <class Number>
[[nodiscard]] Number numberAt(std::string_view bytes, std::size_t at) {
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        number = static_cast<Number>(number | static_cast<Number>(static_cast<unsigned char>(bytes[at + i]))
                                                  << (8 * i));
    return number;
}
[[nodiscard]] inline std::uint16_t u16(std::string_view bytes, std::size_t at) {
    return numberAt<std::uint16_t>(bytes, at);
}
[[nodiscard]] inline std::uint32_t u32(std::string_view bytes, std::size_t at) {
    return numberAt<std::uint32_t>(bytes, at);
}
[[nodiscard]] inline std::uint64_t u64(std::string_view bytes, std::size_t at) {
    return numberAt<std::uint64_t>(bytes, at);
}

template <class Number>
void put(std::string& out, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        out += static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (8 * i)));
}

/// Gives those of `numbers` that are Large32 what an entry's extra fields say of them, in their order. False:
/// the fields are damaged, or one is missing.
[[nodiscard]] inline bool takeLarge(std::string_view extra, std::initializer_list<std::uint64_t*> numbers) {
    bool wanted = false;
    for (const auto* number : numbers)
        wanted = wanted || *number == Large32;
    bool found = false;
    while (extra.size() >= 4) {
        const std::uint16_t id = u16(extra, 0);
        const std::size_t length = u16(extra, 2);
        if (length > extra.size() - 4)
            return false;
        std::string_view field = extra.substr(4, length);
        extra.remove_prefix(4 + length);
        if (id != LargeExtra)
            continue;
        if (found)
            return false; // twice
        found = true;
        for (auto* number : numbers)
            if (*number == Large32) {
                if (field.size() < 8)
                    return false;
                *number = u64(field, 0);
                field.remove_prefix(8);
            }
    }
    return found || !wanted;
}

} // namespace stillroom::zip
