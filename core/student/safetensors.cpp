#include "core/student/safetensors.h"

#include "core/files/atomic_file.h"
#include "core/student/safetensors_header.h"
#include "core/text/json_text.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

namespace stillroom {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr std::uint64_t LengthBytes = sizeof(std::uint64_t);
constexpr std::uint64_t LargestHeader = 100'000'000;

std::string jsonString(const std::string& text) {
    // QJsonDocument wraps only objects and arrays: the array's brackets are cut off.
    const QByteArray array =
        QJsonDocument(QJsonArray{QString::fromStdString(text)}).toJson(QJsonDocument::Compact);
    return array.mid(1, array.size() - 2).toStdString();
}

std::string header(const std::vector<TensorView>& tensors,
                   const std::map<std::string, std::string>& metadata) {
    std::string json = fmt::format("{{\"{}\":{{", SafetensorsHeader::MetadataKey);
    const char* comma = "";
    for (const auto& [key, value] : metadata) {
        json += fmt::format("{}{}:{}", comma, jsonString(key), jsonString(value));
        comma = ",";
    }
    json += "}";
    std::size_t offset = 0;
    for (const auto& tensor : tensors) {
        json += fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                            jsonString(tensor.name), nameOf(tensor.type), fmt::join(tensor.shape, ","),
                            offset, offset + tensor.data.size());
        offset += tensor.data.size();
    }
    json += "}";
    while (json.size() % 8 != 0) // the data begins aligned
        json += ' ';
    return json;
}

tl::unexpected<Error> damaged(const std::string& shown, const std::string& what) {
    return fail(fmt::format("{} is not a usable safetensors file: {}; take another copy", shown, what));
}

tl::unexpected<Error> outOfMemory(const std::string& shown) {
    return fail(fmt::format("{} does not fit into this machine's memory; close other programs, or take a "
                            "smaller model",
                            shown));
}

/// The length of the header, after the first check of all.
Result<std::uint64_t> headerLength(std::uint64_t length, std::uint64_t size) {
    if (length > size - LengthBytes)
        return fail(fmt::format("it claims a header of {} bytes in a file of {}", length, size));
    if (length > LargestHeader)
        return fail(fmt::format("it claims a header of {} bytes, more than any model needs", length));
    return length;
}
constexpr auto TooShort = "it is shorter than a header's length";

bool readAll(QFile& file, char* to, std::uint64_t bytes) {
    while (bytes > 0) {
        const qint64 got = file.read(to, static_cast<qint64>(bytes));
        if (got <= 0)
            return false;
        to += got;
        bytes -= static_cast<std::uint64_t>(got);
    }
    return true;
}

} // namespace

void sortForAlignment(std::vector<TensorView>& tensors) {
    std::stable_sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
        return bytesOf(a.type) > bytesOf(b.type);
    });
}

Result<void> writeSafetensors(const std::string& path, const std::vector<TensorView>& tensors,
                              const std::map<std::string, std::string>& metadata) {
    const std::string json = header(tensors, metadata);
    const std::uint64_t length = json.size();
    // What our own reader would refuse is found before it replaces anything.
    std::uint64_t dataBytes = 0;
    for (const auto& tensor : tensors)
        dataBytes += tensor.data.size();
    SafetensorsHeaderText text(json.size());
    std::copy(json.begin(), json.end(), text.data());
    const auto checked = SafetensorsHeader::read(std::move(text), dataBytes);
    if (!checked)
        return fail(
            fmt::format("{} is not written, for it could not be read: {}", path, checked.error().message));
    for (const auto& tensor : tensors) // a name that is no UTF-8 would come back as another
        if (checked->tensors.count(tensor.name) == 0)
            return fail(
                fmt::format("{} is not written: '{}' can be no tensor's name", path, excerpt(tensor.name)));
    AtomicFile file(QString::fromStdString(path));
    if (auto opened = file.open(); !opened)
        return opened;
    if (auto written = file.write(std::as_bytes(std::span(&length, 1))); !written)
        return written;
    if (auto written = file.write(json); !written)
        return written;
    for (const auto& tensor : tensors)
        if (auto written = file.write(tensor.data); !written)
            return written;
    return file.commit();
}

Safetensors Safetensors::prepare(SafetensorsHeader&& header) {
    Safetensors result;
    result.size_ = static_cast<std::size_t>(header.dataBytes);
    // At least a byte, so that no tensor's data is a null pointer.
    result.bytes_.reset(static_cast<std::byte*>(
        ::operator new[](std::max<std::size_t>(result.size_, 1), std::align_val_t{Alignment})));
    for (const auto& extent : header.extents)
        extent.tensor->data = {result.bytes_.get() + extent.begin, result.bytes_.get() + extent.end};
    result.tensors_ = std::move(header.tensors); // the tensors stay where they are
    result.metadata_ = std::move(header.metadata);
    return result;
}

Safetensors Safetensors::of(const std::vector<TensorView>& tensors,
                            const std::map<std::string, std::string>& metadata) {
    SafetensorsHeader header;
    header.metadata = metadata;
    for (const auto& tensor : tensors) {
        const auto begin = header.dataBytes;
        header.dataBytes += tensor.data.size();
        const auto placed =
            header.tensors.try_emplace(tensor.name, Tensor{tensor.type, tensor.shape, {}}).first;
        header.extents.push_back({begin, header.dataBytes, &placed->second, &placed->first});
    }
    auto result = prepare(std::move(header));
    auto* to = result.bytes_.get();
    for (const auto& tensor : tensors)
        to = std::copy(tensor.data.begin(), tensor.data.end(), to);
    return result;
}

Result<void> Safetensors::checkBooleans() const {
    for (const auto& [name, tensor] : tensors_)
        if (tensor.type == TensorType::BOOL &&
            std::any_of(tensor.data.begin(), tensor.data.end(), [](std::byte b) { return b > std::byte{1}; }))
            return fail(fmt::format("tensor '{}' holds booleans that are neither 0 nor 1", excerpt(name)));
    return {};
}

Result<Safetensors> Safetensors::parse(std::span<const std::byte> bytes, const std::string& shown) {
    std::uint64_t claimed = 0;
    if (bytes.size() < LengthBytes)
        return damaged(shown, TooShort);
    std::memcpy(&claimed, bytes.data(), LengthBytes);
    const auto length = headerLength(claimed, bytes.size());
    if (!length)
        return damaged(shown, length.error().message);
    try {
        const auto json = bytes.subspan(LengthBytes, *length);
        const auto data = bytes.subspan(LengthBytes + *length);
        SafetensorsHeaderText text(json.size());
        std::memcpy(text.data(), json.data(), json.size());
        auto header = SafetensorsHeader::read(std::move(text), data.size());
        if (!header)
            return damaged(shown, header.error().message);
        auto result = prepare(std::move(*header));
        std::copy(data.begin(), data.end(), result.bytes_.get());
        if (auto right = result.checkBooleans(); !right)
            return damaged(shown, right.error().message);
        return result;
    } catch (const std::bad_alloc&) {
        return outOfMemory(shown);
    }
}

Result<Safetensors> Safetensors::read(const std::string& path) {
    const QString name = QString::fromStdString(path);
    const QFileInfo info(name);
    if (info.isDir())
        return fail(fmt::format("{} is a folder; name the .safetensors file in it", path));
    if (info.exists() && !info.isFile())
        return fail(fmt::format("{} is no ordinary file; name a .safetensors file", path));
    QFile file(name);
    errno = 0;
    // Unbuffered: it goes to its place in one copy.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(fmt::format("cannot open {}: {}; check the path and who may read it", path,
                                describeErrno(errno != 0 ? errno : ENOENT)));
    struct stat before {};
    struct stat after {};
    if (::fstat(file.handle(), &before) != 0)
        return fail(fmt::format("cannot read {}: {}; check the disk", path, describeErrno(errno)));
    const auto size = static_cast<std::uint64_t>(before.st_size);
    std::uint64_t claimed = 0;
    if (size < LengthBytes || !readAll(file, reinterpret_cast<char*>(&claimed), LengthBytes))
        return damaged(path, TooShort);
    const auto length = headerLength(claimed, size);
    if (!length)
        return damaged(path, length.error().message);
    try {
        SafetensorsHeaderText text(*length);
        if (!readAll(file, text.data(), *length))
            return damaged(path, "it ends within its header");
        auto header = SafetensorsHeader::read(std::move(text), size - LengthBytes - *length);
        if (!header)
            return damaged(path, header.error().message);
        auto result = prepare(std::move(*header));
        if (!readAll(file, reinterpret_cast<char*>(result.bytes_.get()), result.size_))
            return damaged(path, "it ends before its data does");
        if (::fstat(file.handle(), &after) != 0 || after.st_size != before.st_size ||
            after.st_mtim.tv_sec != before.st_mtim.tv_sec || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
            return fail(
                fmt::format("{} was written to while it was read; try again when it is complete", path));
        if (auto right = result.checkBooleans(); !right)
            return damaged(path, right.error().message);
        return result;
    } catch (const std::bad_alloc&) {
        return outOfMemory(path);
    }
}

} // namespace stillroom
