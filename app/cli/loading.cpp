#include "app/cli/loading.h"

#include "app/cli/interrupt.h"
#include "app/cli/progress_line.h"
#include "core/base/number.h"

#include <fmt/format.h>
#include <future>

namespace stillroom::cli {

Result<Prepared> loadWithProgress(const Experiment& experiment, const std::string& dataRoot,
                                  const Options& options) {
    Progress progress;
    ProgressLine line(options.quiet);
    const LoadContext context{dataRoot, options.badRows, &progress};
    auto loading = std::async(std::launch::async, [&] { return prepare(experiment, context); });
    while (loading.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (interrupted())
            progress.cancel();
        const double share = progress.total() > 0 ? static_cast<double>(progress.done()) /
                                                        static_cast<double>(progress.total())
                                                  : 0;
        line.show(share, "reading");
    }
    return loading.get();
}

void reportRepairs(const Prepared& prepared, const Options& options) {
    if (options.quiet)
        return;
    const auto say = [](std::int64_t count, const char* what) {
        if (count > 0)
            fmt::print(stderr, "{} {}\n", groupThousands(count), what);
    };
    say(prepared.report.badRows.count, "bad rows left out, the first of them:");
    for (std::size_t i = 0; i < std::min<std::size_t>(5, prepared.report.badRows.first.size()); ++i)
        fmt::print(stderr, "  {}\n", prepared.report.badRows.first[i].sentence());
    say(prepared.report.invalidUtf8, "ill-formed UTF-8 sequences replaced by U+FFFD");
    say(prepared.report.emptyTexts, "texts are empty");
    say(prepared.untaught, "training texts have no teacher row and are left out of training");
}

} // namespace stillroom::cli
