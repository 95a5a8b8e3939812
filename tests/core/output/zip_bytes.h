// ZIP archives written by hand, byte by byte, so that every number in them can be a lie.
#pragma once

#include <QByteArray>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom::test {

/// CRC-32 of ISO 3309, bit by bit.
inline std::uint32_t crcOf(std::string_view bytes) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

/// A raw deflate stream.
inline std::string deflated(std::string_view bytes) {
    if (bytes.empty())
        return std::string("\x03\0", 2); // which qCompress does not give
    const QByteArray zlib =
        qCompress(reinterpret_cast<const uchar*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    return zlib.mid(6).chopped(4).toStdString(); // Qt's length, zlib's head and checksum
}

struct MadeEntry {
    std::string name;
    std::string data;
    bool pack = true;
    // What it says of itself, where that is not the truth.
    std::optional<std::string> localName = {};
    std::optional<std::uint16_t> method = {};
    std::optional<std::uint32_t> crc = {}, size = {}, packedSize = {}, localCrc = {}, offset = {};
    std::uint16_t flags = 0, disk = 0;
    std::uint32_t mode = 0100644; ///< as Unix says it
    bool descriptor = false;      ///< sizes behind the data, as of an archive that was streamed
};

class MadeZip {
  public:
    MadeZip& add(MadeEntry entry) {
        entries_.push_back(std::move(entry));
        return *this;
    }
    std::uint16_t entriesSaid = 0; ///< more than there are
    std::string comment;

    [[nodiscard]] std::string bytes() const {
        std::string zip, directory;
        for (const MadeEntry& entry : entries_) {
            const std::string packed = entry.pack ? deflated(entry.data) : entry.data;
            const std::uint16_t method = entry.method.value_or(entry.pack ? 8 : 0);
            const auto flags = static_cast<std::uint16_t>(entry.flags | (entry.descriptor ? 8 : 0));
            const std::uint32_t crc = entry.crc.value_or(crcOf(entry.data));
            const auto size = entry.size.value_or(static_cast<std::uint32_t>(entry.data.size()));
            const auto packedSize = entry.packedSize.value_or(static_cast<std::uint32_t>(packed.size()));
            const std::string& local = entry.localName ? *entry.localName : entry.name;
            const auto at = static_cast<std::uint32_t>(zip.size());
            put(zip, 0x04034b50U, std::uint16_t{20}, flags, method, std::uint32_t{0x21'0000});
            if (entry.descriptor)
                put(zip, 0U, 0U, 0U);
            else
                put(zip, entry.localCrc.value_or(crc), packedSize, size);
            put(zip, static_cast<std::uint16_t>(local.size()), std::uint16_t{0});
            zip += local + packed;
            if (entry.descriptor)
                put(zip, 0x08074b50U, crc, packedSize, size);
            put(directory, 0x02014b50U, std::uint16_t{0x0314}, std::uint16_t{20}, flags, method,
                std::uint32_t{0x21'0000}, crc, packedSize, size,
                static_cast<std::uint16_t>(entry.name.size()), std::uint16_t{0}, std::uint16_t{0}, entry.disk,
                std::uint16_t{0}, entry.mode << 16U, entry.offset.value_or(at));
            directory += entry.name;
        }
        const auto begin = static_cast<std::uint32_t>(zip.size());
        const auto count = static_cast<std::uint16_t>(entries_.size() + entriesSaid);
        zip += directory;
        put(zip, 0x06054b50U, 0U, count, count, static_cast<std::uint32_t>(directory.size()), begin,
            static_cast<std::uint16_t>(comment.size()));
        return zip + comment;
    }

  private:
    template <class... Numbers>
    static void put(std::string& out, Numbers... numbers) {
        (putOne(out, numbers), ...);
    }
    template <class Number>
    static void putOne(std::string& out, Number number) {
        for (std::size_t i = 0; i < sizeof number; ++i)
            out +=
                static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (8 * i)));
    }
    std::vector<MadeEntry> entries_;
};

} // namespace stillroom::test
