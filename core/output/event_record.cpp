#include "core/output/event_record.h"

#include <array>
#include <bit>

namespace stillroom {

namespace {

constexpr std::string_view FileVersion = "brain.Event:2";

std::array<std::uint32_t, 256> makeCrcTable() {
    constexpr std::uint32_t polynomial = 0x82F63B78; // 0x1EDC6F41, its bits reversed
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
        table[byte] = crc;
    }
    return table;
}

/// A CRC of data that hold CRCs has its weaknesses: TFRecord turns and shifts it.
std::uint32_t masked(std::uint32_t crc) {
    return std::rotr(crc, 15) + 0xA282EAD8U;
}

template <class Number>
void addLittleEndian(std::string& out, Number value) {
    for (std::size_t byte = 0; byte < sizeof value; ++byte)
        out += static_cast<char>(value >> (8 * byte) & 0xFF);
}

std::string framed(std::string_view data) {
    std::string out;
    out.reserve(data.size() + 16);
    addLittleEndian(out, static_cast<std::uint64_t>(data.size()));
    addLittleEndian(out, masked(crc32c(out)));
    out += data;
    addLittleEndian(out, masked(crc32c(data)));
    return out;
}

// ── protobuf's wire format (protobuf.dev/programming-guides/encoding) ─────────────────────────────────────

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

void addVarint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

void addKey(std::string& out, std::uint32_t field, WireType type) {
    addVarint(out, field << 3 | static_cast<std::uint32_t>(type));
}

void addDouble(std::string& out, std::uint32_t field, double value) {
    addKey(out, field, WireType::Fixed64);
    addLittleEndian(out, std::bit_cast<std::uint64_t>(value));
}

void addFloat(std::string& out, std::uint32_t field, float value) {
    addKey(out, field, WireType::Fixed32);
    addLittleEndian(out, std::bit_cast<std::uint32_t>(value));
}

void addInteger(std::string& out, std::uint32_t field, std::int64_t value) {
    addKey(out, field, WireType::Varint);
    addVarint(out, static_cast<std::uint64_t>(value));
}

void addBytes(std::string& out, std::uint32_t field, std::string_view bytes) {
    addKey(out, field, WireType::Bytes);
    addVarint(out, bytes.size());
    out += bytes;
}

} // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static const auto table = makeCrcTable();
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char byte : bytes)
        crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ crc >> 8;
    return ~crc;
}

std::string firstEventRecord(double wallTime) {
    std::string event;
    addDouble(event, 1, wallTime);
    addBytes(event, 3, FileVersion);
    return framed(event);
}

std::string eventRecord(double wallTime, std::int64_t step, std::span<const TaggedScalar> scalars) {
    std::string summary;
    for (const auto& scalar : scalars) {
        std::string value;
        addBytes(value, 1, scalar.tag);
        addFloat(value, 2, scalar.value);
        addBytes(summary, 1, value);
    }
    std::string event;
    addDouble(event, 1, wallTime);
    addInteger(event, 2, step);
    addBytes(event, 5, summary);
    return framed(event);
}

} // namespace stillroom
