// The reader of bundles. An input is a .zip. A sentence, or files that all lie in the folder they were to be
// unpacked to, each of the size that the archive says.
#include "core/output/bundle_unpack.h"
#include "harness.h"
#include "place.h"

#include <filesystem>

using namespace stillroom;
using namespace stillroom::fuzz;

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t Enough = 1 << 20; // bytes that are unpacked here

void checkPlan(const ZipFile& zip, const BundlePlan& plan) {
    std::uint64_t bytes = 0;
    for (const auto& file : plan.files) {
        const fs::path path(file.path);
        require(!file.path.empty() && path.is_relative(), "a file lies below the folder");
        require(path.lexically_normal() == path, "its path says where it lies");
        for (const auto& part : path)
            require(part != "..", "and does not lead out");
        require(isRunFile(file.path), "it is one of a run's");
        bytes += zip.entries()[file.entry].size;
    }
    require(bytes == plan.bytes, "sizes are added up");
    require(bytes <= (std::uint64_t{64} << 20) || bytes / 100 <= zip.bytes(), "no bomb");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Place place;
    place.write("a.zip", {reinterpret_cast<const char*>(data), size});
    const auto zip = ZipFile::open(place.path("a.zip"));
    if (!zip) {
        requireSentence(zip.error());
        return 0;
    }
    const auto plan = planUnpacking(*zip);
    if (!plan) {
        requireSentence(plan.error());
        return 0;
    }
    checkPlan(*zip, *plan);
    if (plan->bytes > Enough)
        return 0;
    const std::string folder = place.path("run");
    fs::remove_all(folder);
    fs::create_directory(folder);
    Progress progress;
    const auto unpacked = unpackBundle(*zip, *plan, folder, progress);
    if (!unpacked)
        requireSentence(unpacked.error());
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        require(!entry.is_symlink(), "there is no link");
        files += entry.is_regular_file() ? 1 : 0;
    }
    if (unpacked) {
        require(files == plan->files.size(), "every file is there");
        for (const auto& file : plan->files)
            require(fs::file_size(folder + '/' + file.path) == zip->entries()[file.entry].size,
                    "and as large as it was to be");
    }
    for (const auto& entry : fs::directory_iterator(place.path()))
        require(entry.path().filename() == "a.zip" || entry.path().filename() == "run",
                "nothing lies outside");
    return 0;
}
