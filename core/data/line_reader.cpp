#include "core/data/line_reader.h"

#include <cstring>

namespace stillroom {

Result<bool> LineReader::next(std::string_view& line) {
    std::size_t searched = 0;
    for (;;) {
        char* const begin = source_.begin();
        const void* const found =
            searched == source_.available()
                ? nullptr
                : std::memchr(begin + searched, source_.newline(), source_.available() - searched);
        if (found == nullptr && !source_.complete()) {
            searched = source_.available();
            if (auto read = source_.more(number_ + 1); !read)
                return fail(std::move(read.error()));
            continue;
        }
        if (found == nullptr && source_.available() == 0)
            return false;
        const char* const end = found != nullptr ? static_cast<const char*>(found) : source_.end();
        line = {begin, static_cast<std::size_t>(end - begin)};
        ++number_;
        if (source_.overLimit(line.size()))
            return fail(source_.tooLong(number_));
        source_.consume(line.size() + (found != nullptr ? 1 : 0));
        if (source_.newline() == '\n' && line.ends_with('\r'))
            line.remove_suffix(1);
        return true;
    }
}

} // namespace stillroom
