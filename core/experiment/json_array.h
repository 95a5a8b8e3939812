// Short arrays in columns of run.sqlite. Private to core/experiment.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

template <std::integral Number>
std::string writeJson(std::span<const Number> numbers) {
    std::string out = "[";
    for (const Number number : numbers) {
        if (out.size() > 1)
            out += ',';
        out += std::to_string(number);
    }
    return out + "]";
}
std::string writeJson(std::span<const double> numbers); ///< what is not finite becomes null
std::string writeJson(std::span<const std::string> texts);

// What is no array of the kind is read as an empty one; null as NaN.
std::vector<std::int64_t> readJsonIntegers(std::string_view json);
std::vector<double> readJsonNumbers(std::string_view json);
std::vector<std::string> readJsonTexts(std::string_view json);

} // namespace stillroom
