// Numbers in a report: as people read them, and, in the same place, exactly, so that whoever doubts one can
// read it back and hold it against the run: <data value="0.67332" data-figure="test.accuracy">67.33</data>.
// Private to core/output.
#pragma once

#include "core/output/text_template.h"

#include <cstdint>
#include <string>

namespace stillroom {

/// `figure`: what the number is called throughout the report. Not finite: a dash, with no value.
[[nodiscard]] std::string figureMarkup(const std::string& figure, double value, const std::string& shown);

// Puts a number where a template can name it.
/// A share as percent, without the sign: "67.33".
void putShare(TemplateData& data, const std::string& name, const std::string& figure, double share,
              int digits = 2);
/// "44,373"
void putCount(TemplateData& data, const std::string& name, const std::string& figure, std::int64_t count);
void putReal(TemplateData& data, const std::string& name, const std::string& figure, double value,
             int digits);

} // namespace stillroom
