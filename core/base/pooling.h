// How an encoder's states become one vector.
#pragma once

namespace stillroom {

/// That of the first token, or the mean over all tokens of a text.
enum class Pooling { Cls, Mean };

} // namespace stillroom
