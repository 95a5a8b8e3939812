// What every fallible function returns: a value, or one sentence for the user.
// tl::expected is std::expected until the compilers of Debian 12 have it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace stillroom {

/// Decides the exit code of the command line and the icon in the window; the sentence says the rest.
enum class ErrorKind {
    BadInput,  ///< a file, setting or folder of the user's is wrong (exit 3)
    Usage,     ///< the command itself is wrong (exit 2)
    Training,  ///< training failed: out of memory, an exception of LibTorch, the disk (exit 4)
    Cancelled, ///< the user asked for it (exit 130)
};

/// `message` says what is wrong, where (file, row, column) and what to do, without a trailing newline.
/// `details` are further lines, for example the first fifty bad rows.
struct Error {
    std::string message;
    ErrorKind kind = ErrorKind::BadInput;
    std::vector<std::string> details = {};
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail("…");` in any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string message, ErrorKind kind = ErrorKind::BadInput) {
    return tl::unexpected<Error>(Error{std::move(message), kind, {}});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

} // namespace stillroom
