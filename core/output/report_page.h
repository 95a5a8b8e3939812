// A page that the templates filled, finished: figures and tables numbered in the order in which they stand,
// references to them, drawings in their places. Private to core/output. Pure.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <string>

namespace stillroom {

struct FinishedPage {
    std::string html;
    std::int64_t figures = 0, tables = 0;
};

/// Each `<figure id="x">` and `<table id="x">` gets a number. `<number of="x"></number>` becomes "Figure 3",
/// `<ref to="x"></ref>` a link with that text, `<drawing of="x"></drawing>` the drawing of that id. Errors:
/// an id that is on no figure or table, a drawing that there is none of, an id twice.
Result<FinishedPage> finishPage(const std::string& html, const std::map<std::string, std::string>& drawings);

} // namespace stillroom
