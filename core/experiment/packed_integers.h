// Many small integers in a BLOB of run.sqlite: little-endian, one after the other; in Python
// numpy.frombuffer(blob, "<i4"). Private to core/experiment.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

static_assert(std::endian::native == std::endian::little,
              "run.sqlite's numbers are stored as they are in memory");

/// `Stored` is what stands in the BLOB; values must fit.
template <class Stored, class Value>
std::string packIntegers(const std::vector<Value>& values) {
    std::string bytes(values.size() * sizeof(Stored), '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto stored = static_cast<Stored>(values[i]);
        std::memcpy(bytes.data() + i * sizeof(Stored), &stored, sizeof(Stored));
    }
    return bytes;
}

template <class Stored, class Value>
void unpackIntegers(std::string_view bytes, std::vector<Value>& values) {
    values.resize(bytes.size() / sizeof(Stored));
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored{};
        std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
        values[i] = static_cast<Value>(stored);
    }
}

} // namespace stillroom
