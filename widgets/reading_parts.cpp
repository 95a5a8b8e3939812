#include "widgets/reading_parts.h"

#include <algorithm>

namespace stillroom {

void ReadingParts::see(std::int64_t done, std::int64_t total, double seconds) {
    if (total != total_ && total_ > 0) {
        vectors_ = true;
        // The files were read to their end, even if nobody looked just then.
        before_ = std::min(done, before_ + total_);
        began_ = seconds;
    }
    total_ = total;
    spent_ = seconds - began_;
    share_ = total > 0
                 ? std::clamp(static_cast<double>(done - before_) / static_cast<double>(total), 0.0, 1.0)
                 : 0;
}

double ReadingParts::secondsLeft() const {
    // From less than that nothing can be said.
    return share_ > 0.02 && spent_ > 0.5 ? spent_ * (1 - share_) / share_ : 0;
}

} // namespace stillroom
