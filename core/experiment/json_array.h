// Short arrays in columns of run.sqlite. Private to core/experiment.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

std::string writeJson(std::span<const std::int32_t> numbers);
std::string writeJson(std::span<const std::int64_t> numbers);
std::string writeJson(std::span<const double> numbers); ///< what is not finite becomes null
std::string writeJson(std::span<const std::string> texts);

// What is no array of the kind is read as an empty one; null as NaN.
std::vector<std::int64_t> readJsonIntegers(std::string_view json);
std::vector<double> readJsonNumbers(std::string_view json);
std::vector<std::string> readJsonTexts(std::string_view json);

} // namespace stillroom
