// A small text that says more of what stands above it, and may be copied.
#pragma once

class QLabel;

namespace stillroom {

/// GUI thread; the caller's. `tone`: "muted" or "warning" (style_sheet.h).
[[nodiscard]] QLabel* makeNoteLabel(const char* tone = "muted");

} // namespace stillroom
