#include "core/student/safetensors_header.h"

#include "core/text/json_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <new>
#include <optional>
#include <simdjson.h>
#include <utility>

namespace stillroom {

namespace {

struct TypeName {
    TensorType type;
    const char* name;
    std::size_t bytes;
};
constexpr std::array<TypeName, 13> Types = {{{TensorType::F64, "F64", 8},
                                             {TensorType::F32, "F32", 4},
                                             {TensorType::F16, "F16", 2},
                                             {TensorType::BF16, "BF16", 2},
                                             {TensorType::I64, "I64", 8},
                                             {TensorType::I32, "I32", 4},
                                             {TensorType::I16, "I16", 2},
                                             {TensorType::I8, "I8", 1},
                                             {TensorType::U64, "U64", 8},
                                             {TensorType::U32, "U32", 4},
                                             {TensorType::U16, "U16", 2},
                                             {TensorType::U8, "U8", 1},
                                             {TensorType::BOOL, "BOOL", 1}}};

constexpr std::size_t MostTensors = 100'000;
constexpr std::size_t LongestName = 1024;
constexpr std::size_t MostDimensions = 64; // PyTorch's own bound
constexpr std::size_t DeepestNesting = 16; // the format's own is three

const TypeName& entry(TensorType type) {
    return *std::find_if(Types.begin(), Types.end(), [&](const TypeName& t) { return t.type == type; });
}

using Json = simdjson::dom::element;

Result<void> readShape(Json json, std::uint64_t elementBytes, Safetensors::Tensor& tensor,
                       std::uint64_t& bytes) {
    simdjson::dom::array sizes;
    if (json.get(sizes) != simdjson::SUCCESS)
        return fail("its shape is no list");
    constexpr auto Largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t product = elementBytes; // of the sizes but zeros, which must not hide an overflow
    bool isEmpty = false;
    for (const Json item : sizes) {
        std::int64_t size = 0;
        if (item.is_uint64() && !item.is_int64())
            return fail("its shape is larger than any file");
        if (item.get(size) != simdjson::SUCCESS)
            return fail("its shape holds something else than whole numbers");
        if (size < 0)
            return fail("its shape is negative");
        if (tensor.shape.size() == MostDimensions)
            return fail(fmt::format("its shape has more than {} dimensions", MostDimensions));
        tensor.shape.push_back(size);
        isEmpty = isEmpty || size == 0;
        if (size == 0)
            continue;
        if (product > Largest / static_cast<std::uint64_t>(size))
            return fail("its shape is larger than any file");
        product *= static_cast<std::uint64_t>(size);
    }
    bytes = isEmpty ? 0 : product;
    return {};
}

Result<void> readOffsets(Json json, std::uint64_t dataBytes, SafetensorsHeader::Extent& extent) {
    simdjson::dom::array offsets;
    if (json.get(offsets) != simdjson::SUCCESS || offsets.size() != 2)
        return fail("its data_offsets are not two numbers");
    if (offsets.at(0).get(extent.begin) != simdjson::SUCCESS ||
        offsets.at(1).get(extent.end) != simdjson::SUCCESS)
        return fail("its data_offsets are not two whole numbers from 0 on");
    if (extent.begin > extent.end || extent.end > dataBytes)
        return fail(fmt::format("its bytes {} to {} lie outside the file", extent.begin, extent.end));
    return {};
}

/// What one tensor's entry claims, checked for itself.
Result<SafetensorsHeader::Extent> readEntry(Json json, std::uint64_t dataBytes, Safetensors::Tensor& tensor) {
    simdjson::dom::object object;
    if (json.get(object) != simdjson::SUCCESS)
        return fail("it is described by something else than an object");
    struct Part {
        const char* name;
        std::optional<Json> value;
    };
    std::array<Part, 3> parts = {{{"dtype", {}}, {"shape", {}}, {"data_offsets", {}}}};
    for (const auto field : object)
        for (auto& part : parts) {
            if (field.key != part.name)
                continue;
            if (part.value)
                return fail(fmt::format("its {} is there twice", part.name));
            part.value = field.value;
        }
    for (const auto& part : parts)
        if (!part.value)
            return fail(fmt::format("its {} is missing", part.name));
    std::string_view type;
    if (parts[0].value->get(type) != simdjson::SUCCESS)
        return fail("its dtype is no text");
    const auto known =
        std::find_if(Types.begin(), Types.end(), [&](const TypeName& t) { return t.name == type; });
    if (known == Types.end())
        return fail(fmt::format("its type {} is not known here", excerpt(type)));
    tensor.type = known->type;
    std::uint64_t expected = 0;
    if (auto shape = readShape(*parts[1].value, known->bytes, tensor, expected); !shape)
        return fail(std::move(shape.error()));
    SafetensorsHeader::Extent extent;
    if (auto offsets = readOffsets(*parts[2].value, dataBytes, extent); !offsets)
        return fail(std::move(offsets.error()));
    if (extent.end - extent.begin != expected)
        return fail(fmt::format("its shape needs {} bytes, it has {}", expected, extent.end - extent.begin));
    return extent;
}

Result<void> readMetadata(Json json, std::map<std::string, std::string>& metadata) {
    simdjson::dom::object object;
    if (json.is_null())
        return {};
    if (json.get(object) != simdjson::SUCCESS)
        return fail("its metadata is no object");
    for (const auto field : object) {
        std::string_view value;
        if (field.value.get(value) != simdjson::SUCCESS)
            return fail(fmt::format("its metadata '{}' is no text", excerpt(field.key)));
        if (!metadata.emplace(field.key, value).second)
            return fail(fmt::format("its metadata '{}' is there twice", excerpt(field.key)));
        if (metadata.size() > MostTensors)
            return fail(fmt::format("it has more than {} entries of metadata", MostTensors));
    }
    return {};
}

Result<void> checkExtents(SafetensorsHeader& header) {
    std::sort(header.extents.begin(), header.extents.end(), [](const auto& a, const auto& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::uint64_t at = 0;
    for (const auto& extent : header.extents) {
        if (extent.begin != at)
            return fail(fmt::format("tensor '{}' {}", excerpt(*extent.name),
                                    extent.begin < at ? "overlaps another" : "leaves a gap before it"));
        at = extent.end;
    }
    if (at != header.dataBytes)
        return fail(fmt::format("{} bytes at its end belong to no tensor", header.dataBytes - at));
    return {};
}

} // namespace

Result<SafetensorsHeader> SafetensorsHeader::read(SafetensorsHeaderText json, std::uint64_t dataBytes) {
    if (json.size() == 0 || *json.data() != '{')
        return fail("its header does not begin with '{'");
    simdjson::dom::parser parser;
    if (parser.allocate(std::max<std::size_t>(json.size(), 64), DeepestNesting) != simdjson::SUCCESS)
        throw std::bad_alloc();
    Json root;
    simdjson::dom::object object;
    if (const auto error = parser.parse(json.data(), json.size(), false).get(root))
        return fail(
            fmt::format("its header is no valid JSON of the format ({})", simdjson::error_message(error)));
    if (root.get(object) != simdjson::SUCCESS)
        return fail("its header is no valid JSON of the format (not an object)");
    SafetensorsHeader header;
    header.dataBytes = dataBytes;
    bool hasMetadata = false;
    for (const auto field : object) {
        if (field.key == SafetensorsHeader::MetadataKey) {
            if (std::exchange(hasMetadata, true))
                return fail("its metadata is there twice");
            if (auto read = readMetadata(field.value, header.metadata); !read)
                return fail(std::move(read.error()));
            continue;
        }
        if (header.tensors.size() == MostTensors)
            return fail(fmt::format("it has more than {} tensors", MostTensors));
        if (field.key.size() > LongestName)
            return fail(fmt::format("tensor '{}' has a name of {} bytes, more than {}", excerpt(field.key),
                                    field.key.size(), LongestName));
        Safetensors::Tensor tensor;
        auto extent = readEntry(field.value, dataBytes, tensor);
        if (!extent)
            return fail(fmt::format("tensor '{}': {}", excerpt(field.key), extent.error().message));
        const auto [place, isNew] = header.tensors.emplace(field.key, std::move(tensor));
        if (!isNew)
            return fail(fmt::format("tensor '{}' is there twice", excerpt(field.key)));
        extent->tensor = &place->second;
        extent->name = &place->first;
        header.extents.push_back(*extent);
    }
    if (auto fits = checkExtents(header); !fits)
        return fail(std::move(fits.error()));
    return header;
}

std::size_t bytesOf(TensorType type) {
    return entry(type).bytes;
}

std::string_view nameOf(TensorType type) {
    return entry(type).name;
}

SafetensorsHeaderText::SafetensorsHeaderText(std::size_t size)
    : size_(size), text_(std::make_unique_for_overwrite<char[]>(size + simdjson::SIMDJSON_PADDING)) {
    std::memset(text_.get() + size, 0, simdjson::SIMDJSON_PADDING);
}

} // namespace stillroom
