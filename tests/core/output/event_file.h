// An event file read back, by what its formats' definitions say: for tests of what writes one.
#pragma once

#include "core/output/event_record.h"

#include <QByteArray>
#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stillroom::test {

struct ReadScalar {
    double wallTime = 0;
    std::int64_t step = 0;
    float value = 0;
    bool operator==(const ReadScalar&) const = default;
};

struct ReadEvents {
    std::vector<std::string> versions;                      ///< of the events that say one
    std::map<std::string, std::vector<ReadScalar>> scalars; ///< by tag, in the file's order
    std::vector<std::int64_t> steps;                        ///< of the events with scalars
};

/// A message of protobuf's: fields with their numbers.
class Message {
  public:
    explicit Message(std::string_view whole) : rest_(whole) {}
    /// False: at the end, or `broken`.
    bool next() {
        if (rest_.empty() || broken)
            return false;
        const std::uint64_t key = varint();
        field = static_cast<int>(key >> 3);
        switch (key & 7) {
        case 0:
            number = varint();
            return !broken;
        case 1:
            number = fixed(8);
            return !broken;
        case 2:
            bytes = take(varint());
            return !broken;
        case 5:
            number = fixed(4);
            return !broken;
        default:
            broken = true;
            return false;
        }
    }
    int field = 0;
    std::uint64_t number = 0;
    std::string_view bytes;
    bool broken = false;

  private:
    std::string_view take(std::uint64_t count) {
        if (count > rest_.size()) {
            broken = true;
            return {};
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    std::uint64_t fixed(std::size_t count) {
        std::uint64_t value = 0;
        const auto taken = take(count);
        for (std::size_t i = 0; i < taken.size(); ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(taken[i])) << (8 * i);
        return value;
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto taken = take(1);
            if (broken)
                return 0;
            const auto byte = static_cast<unsigned char>(taken[0]);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        broken = true;
        return 0;
    }
    std::string_view rest_;
};

/// Nothing: a record is cut off, a checksum is wrong, or a message cannot be read.
inline std::optional<ReadEvents> readEvents(const QByteArray& file) {
    ReadEvents read;
    const auto masked = [](std::string_view data) {
        const std::uint32_t crc = crc32c(data);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
    };
    std::string_view rest(file.constData(), static_cast<std::size_t>(file.size()));
    while (!rest.empty()) {
        std::uint64_t length = 0;
        std::uint32_t check = 0;
        if (rest.size() < 16)
            return std::nullopt;
        std::memcpy(&length, rest.data(), 8);
        std::memcpy(&check, rest.data() + 8, 4);
        if (check != masked(rest.substr(0, 8)) || rest.size() - 16 < length)
            return std::nullopt;
        const auto data = rest.substr(12, length);
        std::memcpy(&check, rest.data() + 12 + length, 4);
        if (check != masked(data))
            return std::nullopt;
        rest.remove_prefix(16 + length);

        ReadScalar scalar;
        std::string_view summary;
        Message event(data);
        while (event.next())
            if (event.field == 1)
                scalar.wallTime = std::bit_cast<double>(event.number);
            else if (event.field == 2)
                scalar.step = static_cast<std::int64_t>(event.number);
            else if (event.field == 3)
                read.versions.emplace_back(event.bytes);
            else if (event.field == 5)
                summary = event.bytes;
        if (!summary.empty())
            read.steps.push_back(scalar.step);
        Message values(summary);
        while (values.next()) {
            std::string tag;
            Message value(values.bytes);
            while (value.next())
                if (value.field == 1)
                    tag = value.bytes;
                else if (value.field == 2)
                    scalar.value = std::bit_cast<float>(static_cast<std::uint32_t>(value.number));
            if (value.broken)
                return std::nullopt;
            read.scalars[tag].push_back(scalar);
        }
        if (event.broken || values.broken)
            return std::nullopt;
    }
    return read;
}

} // namespace stillroom::test
