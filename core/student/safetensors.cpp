#include "core/student/safetensors.h"

#include "core/files/atomic_file.h"

#include <QByteArray>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <simdjson.h>

namespace stillroom {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

struct TypeName {
    TensorType type;
    const char* name;
    std::size_t bytes;
};
constexpr std::array<TypeName, 6> Types = {{{TensorType::F32, "F32", 4},
                                            {TensorType::F16, "F16", 2},
                                            {TensorType::BF16, "BF16", 2},
                                            {TensorType::I64, "I64", 8},
                                            {TensorType::I32, "I32", 4},
                                            {TensorType::U8, "U8", 1}}};
// As the reference implementation: a header larger than this is an attack or a mistake.
constexpr std::uint64_t LargestHeader = 100'000'000;

const TypeName& entry(TensorType type) {
    return *std::find_if(Types.begin(), Types.end(), [&](const TypeName& t) { return t.type == type; });
}

std::string jsonString(const std::string& text) {
    // QJsonDocument wraps only objects and arrays: the array's brackets are cut off.
    const QByteArray array =
        QJsonDocument(QJsonArray{QString::fromStdString(text)}).toJson(QJsonDocument::Compact);
    return array.mid(1, array.size() - 2).toStdString();
}

std::string header(const std::vector<TensorView>& tensors,
                   const std::map<std::string, std::string>& metadata) {
    std::string json = "{\"__metadata__\":{";
    const char* comma = "";
    for (const auto& [key, value] : metadata) {
        json += fmt::format("{}{}:{}", comma, jsonString(key), jsonString(value));
        comma = ",";
    }
    json += "}";
    std::size_t offset = 0;
    for (const auto& tensor : tensors) {
        json += fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                            jsonString(tensor.name), entry(tensor.type).name, fmt::join(tensor.shape, ","),
                            offset, offset + tensor.data.size());
        offset += tensor.data.size();
    }
    json += "}";
    while (json.size() % 8 != 0) // the data begins aligned
        json += ' ';
    return json;
}

} // namespace

std::size_t bytesOf(TensorType type) {
    return entry(type).bytes;
}

Result<void> writeSafetensors(const std::string& path, const std::vector<TensorView>& tensors,
                              const std::map<std::string, std::string>& metadata) {
    const std::string json = header(tensors, metadata);
    const std::uint64_t length = json.size();
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

namespace {

/// Where a tensor's bytes lie, as its header claims.
struct Extent {
    std::uint64_t begin, end;
};

/// The claims of one tensor's entry, checked for themselves. Throws simdjson_error on a wrong type.
Result<Extent> readEntry(simdjson::dom::object object, std::uint64_t dataBytes, Safetensors::Tensor& tensor) {
    const std::string_view type = object["dtype"];
    const auto known =
        std::find_if(Types.begin(), Types.end(), [&](const TypeName& t) { return t.name == type; });
    if (known == Types.end())
        return fail(fmt::format("its type {} is not known", type));
    tensor.type = known->type;
    std::uint64_t expected = known->bytes;
    for (const std::int64_t size : simdjson::dom::array(object["shape"])) {
        if (size < 0)
            return fail("its shape is negative");
        if (size > 0 &&
            expected > std::numeric_limits<std::uint64_t>::max() / static_cast<std::uint64_t>(size))
            return fail("its shape is larger than any file");
        expected *= static_cast<std::uint64_t>(size);
        tensor.shape.push_back(size);
    }
    const simdjson::dom::array offsets = object["data_offsets"];
    if (offsets.size() != 2)
        return fail("its data_offsets are not two numbers");
    const std::uint64_t begin = offsets.at(0);
    const std::uint64_t end = offsets.at(1);
    if (begin > end || end > dataBytes)
        return fail(fmt::format("its bytes {} to {} lie outside the file", begin, end));
    if (end - begin != expected)
        return fail(fmt::format("its shape needs {} bytes, it has {}", expected, end - begin));
    return Extent{begin, end};
}

} // namespace

Result<Safetensors> Safetensors::read(const std::string& path) {
    const QString name = QString::fromStdString(path);
    const auto damaged = [&](const std::string& what) {
        return fail(fmt::format("{} is not a usable safetensors file: {}; take another copy", path, what));
    };
    QFile file(name);
    if (!QFileInfo(name).isFile() || !file.open(QIODevice::ReadOnly))
        return fail(fmt::format("cannot open {}: {}", path, file.errorString().toStdString()));
    const auto size = static_cast<std::uint64_t>(file.size());
    std::uint64_t length = 0;
    if (size < sizeof length || file.read(reinterpret_cast<char*>(&length), sizeof length) != sizeof length)
        return damaged("it is shorter than a header's length");
    if (length > LargestHeader || length > size - sizeof length)
        return damaged(fmt::format("it claims a header of {} bytes in a file of {}", length, size));
    const QByteArray json = file.read(static_cast<qint64>(length));
    if (static_cast<std::uint64_t>(json.size()) != length)
        return damaged("its header cannot be read");

    Safetensors result;
    const std::uint64_t dataBytes = size - sizeof length - length;
    std::vector<std::pair<Extent, std::string>> extents;
    try {
        simdjson::dom::parser parser;
        const simdjson::dom::object root =
            parser.parse(simdjson::padded_string(json.constData(), static_cast<std::size_t>(json.size())));
        for (const auto [key, value] : root) {
            const std::string tensorName(key);
            if (key == "__metadata__") {
                for (const auto [k, v] : simdjson::dom::object(value))
                    result.metadata_[std::string(k)] = std::string(std::string_view(v));
                continue;
            }
            Tensor tensor;
            const auto extent = readEntry(value, dataBytes, tensor);
            if (!extent)
                return damaged(fmt::format("tensor '{}': {}", tensorName, extent.error().message));
            if (!result.tensors_.emplace(tensorName, std::move(tensor)).second)
                return damaged(fmt::format("tensor '{}' is there twice", tensorName));
            extents.emplace_back(*extent, tensorName);
        }
    } catch (const simdjson::simdjson_error& error) {
        return damaged(fmt::format("its header is no valid JSON of the format ({})", error.what()));
    }

    std::sort(extents.begin(), extents.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first.begin, a.first.end) < std::pair(b.first.begin, b.first.end);
    });
    std::uint64_t at = 0;
    for (const auto& [extent, tensorName] : extents) {
        if (extent.begin != at)
            return damaged(fmt::format("tensor '{}' {}", tensorName,
                                       extent.begin < at ? "overlaps another" : "leaves a gap before it"));
        at = extent.end;
    }
    if (at != dataBytes)
        return damaged(fmt::format("{} bytes at its end belong to no tensor", dataBytes - at));

    result.bytes_.resize(dataBytes);
    std::uint64_t got = 0;
    while (got < dataBytes) {
        const qint64 n = file.read(reinterpret_cast<char*>(result.bytes_.data()) + got,
                                   static_cast<qint64>(dataBytes - got));
        if (n <= 0)
            return damaged("it ends before its data does");
        got += static_cast<std::uint64_t>(n);
    }
    for (const auto& [extent, tensorName] : extents)
        result.tensors_[tensorName].data =
            std::span<const std::byte>(result.bytes_).subspan(extent.begin, extent.end - extent.begin);
    return result;
}

} // namespace stillroom
