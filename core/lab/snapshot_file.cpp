#include "core/lab/snapshot_file.h"

#include "core/base/random.h"
#include "core/files/atomic_file.h"
#include "core/lab/half_bounds.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace stillroom {

namespace {

static_assert(std::endian::native == std::endian::little, "snapshots are mapped as they are");

constexpr std::array<char, 8> Magic = {'S', 'T', 'I', 'L', 'L', 'T', 'R', 'C'};
constexpr std::uint32_t Format = 1;
constexpr std::uint16_t OneAsHalf = 0x3C00;

struct Header {
    std::array<char, 8> magic = Magic;
    std::uint32_t format = Format;
    std::uint32_t classes = 0;
    std::uint64_t samples = 0;
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    std::uint32_t complete = 0;
    std::array<std::uint32_t, 3> zeros{};
    std::uint64_t checksum = 0;
};
static_assert(sizeof(Header) == 64 && offsetof(Header, checksum) == 56);

std::uint64_t checksumOf(const Header& header, std::span<const std::uint32_t> words) {
    std::array<std::uint32_t, offsetof(Header, checksum) / 4> start{};
    std::memcpy(start.data(), &header, sizeof(start));
    return traceChecksum(words, traceChecksum(start));
}

std::span<const std::uint32_t> wordsOf(std::span<const SampleTrace> traces) {
    return {reinterpret_cast<const std::uint32_t*>(traces.data()), traces.size()};
}

tl::unexpected<Error> damaged(const std::string& path, std::string_view what) {
    return fail(fmt::format("{} is damaged: {}; copy the run folder again, or train again", path, what));
}

Result<void> checkHeader(const std::string& path, const Header& header, std::uint64_t fileSize,
                         std::size_t expectedSamples) {
    if (header.magic != Magic)
        return fail(fmt::format("{} is not a snapshot of an epoch: it was not written by Stillroom", path));
    if (header.format > Format)
        return fail(fmt::format("{} was written by a newer Stillroom (format {}, this one reads up to {}); "
                                "update Stillroom to open it",
                                path, header.format, Format));
    // Compared without a multiplication that could overflow.
    const std::uint64_t bytes = fileSize - sizeof(Header);
    const bool whole = header.samples == bytes / sizeof(SampleTrace) && bytes % sizeof(SampleTrace) == 0;
    if (!whole && bytes / sizeof(SampleTrace) < header.samples)
        return damaged(path,
                       fmt::format("it is cut off ({} bytes for {} samples)", fileSize, header.samples));
    if (!whole)
        return damaged(path,
                       fmt::format("it is too long ({} bytes for {} samples)", fileSize, header.samples));
    const bool good = header.format == Format && header.classes >= 1 &&
                      header.classes <= static_cast<std::uint32_t>(std::numeric_limits<int>::max()) &&
                      header.samples <= std::numeric_limits<std::uint32_t>::max() && header.epoch >= 1 &&
                      header.step >= 0 && header.complete <= 1;
    if (!good)
        return damaged(path, "its header says what cannot be");
    if (expectedSamples != 0 && header.samples != expectedSamples)
        return fail(fmt::format("{} is about {} samples, but the data has {}; open it with the data that the "
                                "run was trained on",
                                path, header.samples, expectedSamples));
    return {};
}

/// Empty: all of them can be. What is wrong is looked for only when something is.
std::string_view wrongAmong(std::span<const SampleTrace> traces, std::uint32_t classes) {
    std::uint32_t verdicts = 0;
    std::uint32_t labels = 0;
    std::uint32_t uncertainties = 0;
    for (const SampleTrace trace : traces) {
        const std::uint32_t label = trace.bits >> 4U & 0xFFFU;
        const std::uint32_t half = trace.bits >> 16U;
        verdicts |= static_cast<std::uint32_t>((trace.bits & 0xFU) >= VerdictCount);
        labels |= static_cast<std::uint32_t>(label >= classes) &
                  static_cast<std::uint32_t>(label != SampleTrace::NoStudentLabel);
        uncertainties |= static_cast<std::uint32_t>(half > OneAsHalf) &
                         (static_cast<std::uint32_t>(half <= HalfInfinity) | half >> 15U);
    }
    return verdicts != 0        ? "it holds a verdict that there is not"
           : labels != 0        ? "it holds a student's label beyond the number of classes"
           : uncertainties != 0 ? "it holds an uncertainty that is not between 0 and 1"
                                : "";
}

class MappedSnapshot final : public Snapshot {
  public:
    explicit MappedSnapshot(const QString& path) : file_(path) {}
    Result<void> open(const std::string& path, std::size_t expectedSamples);
    [[nodiscard]] const SnapshotInfo& info() const override { return info_; }
    [[nodiscard]] std::span<const SampleTrace> traces() const override { return traces_; }

  private:
    QFile file_;
    SnapshotInfo info_;
    std::span<const SampleTrace> traces_;
};

Result<void> MappedSnapshot::open(const std::string& path, std::size_t expectedSamples) {
    const QFileInfo there(file_.fileName());
    if (!there.exists())
        return fail(fmt::format("{}: there is no such snapshot", path));
    if (!there.isFile()) // opening a pipe would wait for its other end
        return fail(fmt::format("{} is not a snapshot: it is no file", path));
    if (!file_.open(QIODevice::ReadOnly))
        return fail(fmt::format("cannot read {}: {}", path, file_.errorString().toStdString()));
    const auto size = static_cast<std::uint64_t>(file_.size());
    Header header;
    if (size < sizeof(header))
        return damaged(path, fmt::format("it is cut off ({} bytes)", size));
    const uchar* bytes = file_.map(0, static_cast<qint64>(size));
    if (bytes == nullptr)
        return fail(fmt::format("cannot read {}: {}", path, file_.errorString().toStdString()));
    std::memcpy(&header, bytes, sizeof(header));
    if (auto good = checkHeader(path, header, size, expectedSamples); !good)
        return good;
    traces_ = {reinterpret_cast<const SampleTrace*>(bytes + sizeof(header)),
               static_cast<std::size_t>(header.samples)};
    if (checksumOf(header, wordsOf(traces_)) != header.checksum)
        return damaged(path, "its checksum is wrong");
    if (const auto wrong = wrongAmong(traces_, header.classes); !wrong.empty())
        return damaged(path, wrong);
    info_ = {header.epoch, header.step, header.complete == 1, static_cast<int>(header.classes)};
    file_.close(); // the mapping stays: many epochs, and no descriptor for each
    return {};
}

class HeldSnapshot final : public Snapshot {
  public:
    HeldSnapshot(const SnapshotInfo& info, std::shared_ptr<const std::vector<SampleTrace>> traces)
        : info_(info), traces_(std::move(traces)) {}
    [[nodiscard]] const SnapshotInfo& info() const override { return info_; }
    [[nodiscard]] std::span<const SampleTrace> traces() const override { return *traces_; }

  private:
    SnapshotInfo info_;
    std::shared_ptr<const std::vector<SampleTrace>> traces_;
};

} // namespace

std::uint64_t traceChecksum(std::span<const std::uint32_t> words, std::uint64_t start) {
    constexpr std::uint64_t Odd = 0x9e3779b97f4a7c15ULL;
    std::array<std::uint64_t, 4> lanes = {mix64(start), mix64(start + 1), mix64(start + 2), mix64(start + 3)};
    const auto take = [&lanes](const std::uint32_t* eight) {
        std::array<std::uint64_t, 4> read; // NOLINT: filled in the next line
        std::memcpy(read.data(), eight, sizeof(read));
        for (std::size_t lane = 0; lane < 4; ++lane)
            lanes[lane] = std::rotl((lanes[lane] ^ read[lane]) * Odd, 29);
    };
    std::size_t at = 0;
    for (; at + 8 <= words.size(); at += 8)
        take(words.data() + at);
    if (at < words.size()) {
        std::array<std::uint32_t, 8> last{};
        std::copy(words.begin() + static_cast<std::ptrdiff_t>(at), words.end(), last.begin());
        take(last.data());
    }
    std::uint64_t sum = mix64(words.size());
    for (const std::uint64_t lane : lanes)
        sum = mix64(sum ^ lane);
    return sum;
}

Result<void> writeSnapshot(const std::string& path, const SnapshotInfo& info,
                           std::span<const SampleTrace> traces) {
    Header header;
    header.classes = static_cast<std::uint32_t>(info.classCount);
    header.samples = traces.size();
    header.epoch = info.epoch;
    header.step = info.step;
    header.complete = info.complete ? 1 : 0;
    header.checksum = checksumOf(header, wordsOf(traces));

    const QString target = QString::fromStdString(path);
    const QString folder = QFileInfo(target).absolutePath();
    if (!QFileInfo::exists(folder) && QDir().mkpath(folder))
        if (auto synced = syncFolder(QFileInfo(folder).absolutePath()); !synced)
            return synced;
    AtomicFile file(target); // says what is wrong when the folder could not be made
    if (auto opened = file.open(); !opened)
        return opened;
    if (auto written = file.write(std::as_bytes(std::span(&header, 1))); !written)
        return written;
    if (auto written = file.write(std::as_bytes(traces)); !written)
        return written;
    return file.commit();
}

Result<std::shared_ptr<const Snapshot>> Snapshot::open(const std::string& path, std::size_t expectedSamples) {
    auto snapshot = std::make_shared<MappedSnapshot>(QString::fromStdString(path));
    if (auto opened = snapshot->open(path, expectedSamples); !opened)
        return fail(std::move(opened.error()));
    return snapshot;
}

std::shared_ptr<const Snapshot> Snapshot::of(const SnapshotInfo& info,
                                             std::shared_ptr<const std::vector<SampleTrace>> traces) {
    return std::make_shared<HeldSnapshot>(info, std::move(traces));
}

std::string snapshotPath(const std::string& runFolder, std::int64_t epoch) {
    return fmt::format("{}/snapshots/epoch-{:04}.traces", runFolder, epoch);
}

std::vector<std::int64_t> snapshotEpochs(const std::string& runFolder) {
    const QDir folder(QString::fromStdString(runFolder) + QStringLiteral("/snapshots"));
    std::vector<std::int64_t> epochs;
    for (const QString& name : folder.entryList({QStringLiteral("epoch-*.traces")}, QDir::Files)) {
        bool isNumber = false;
        const qlonglong epoch = name.mid(6, name.size() - 13).toLongLong(&isNumber);
        // Only as snapshotPath writes them: "epoch-1.traces" would not be found again.
        if (isNumber && epoch >= 1 && snapshotPath({}, epoch) == "/snapshots/" + name.toStdString())
            epochs.push_back(epoch);
    }
    std::sort(epochs.begin(), epochs.end());
    return epochs;
}

} // namespace stillroom
