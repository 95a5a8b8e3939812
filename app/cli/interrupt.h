// Ctrl-C and SIGTERM as a question that a loop can ask.
#pragma once

namespace stillroom::cli {

/// From here on the first SIGINT or SIGTERM only sets a flag; a second one ends the process as usual.
void catchInterrupts();
[[nodiscard]] bool interrupted();

} // namespace stillroom::cli
