#include "core/student/safetensors_folder.h"

#include "core/files/atomic_file.h"
#include "core/text/json_text.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <set>
#include <simdjson.h>
#include <string_view>
#include <utility>

namespace stillroom {

namespace {

constexpr auto SingleName = "model.safetensors";
constexpr auto IndexName = "model.safetensors.index.json";
constexpr auto PickleName = "pytorch_model.bin";
constexpr std::string_view Ending = ".safetensors";
constexpr qint64 LargestIndex = 100'000'000;
constexpr std::size_t MostTensors = 1'000'000;
constexpr std::size_t MostShards = 10'000;
constexpr std::size_t LongestName = 255; // of a file
constexpr std::size_t DeepestNesting = 16;

std::string within(const std::string& folder, std::string_view name) {
    return fmt::format("{}/{}", folder, name);
}

bool isFile(const std::string& path) {
    return QFileInfo(QString::fromStdString(path)).isFile();
}

/// Whether it can only be a file in the folder.
bool isShardName(std::string_view name) {
    return name.size() > Ending.size() && name.size() <= LongestName && name.front() != '.' &&
           name.substr(name.size() - Ending.size()) == Ending && name.find("..") == name.npos &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '/' && c != '\\' && c != ':';
           });
}

Result<QByteArray> readIndexFile(const std::string& path) {
    QFile file(QString::fromStdString(path));
    errno = 0;
    if (!file.open(QIODevice::ReadOnly))
        return fail(fmt::format("cannot open {}: {}; check who may read it", path,
                                describeErrno(errno != 0 ? errno : ENOENT)));
    if (file.size() > LargestIndex)
        return fail(fmt::format("{} is larger than {} bytes; no model's index is", path, LargestIndex));
    QByteArray bytes = file.read(file.size());
    if (bytes.isEmpty())
        return fail(fmt::format("{} is empty or cannot be read; fetch it again", path));
    return bytes;
}

/// Errors: what is wrong, as a part of a sentence.
Result<std::map<std::string, std::string>> readWeightMap(const QByteArray& bytes) {
    simdjson::dom::parser parser;
    const auto size = static_cast<std::size_t>(bytes.size());
    if (parser.allocate(std::max<std::size_t>(size, 64), DeepestNesting) != simdjson::SUCCESS)
        return fail("there is not enough memory to read it");
    simdjson::dom::object root;
    if (const auto error = parser.parse(bytes.constData(), size, true).get(root))
        return fail(fmt::format("it is no valid JSON of an index ({})", simdjson::error_message(error)));
    simdjson::dom::object map;
    bool isThere = false;
    for (const auto field : root) {
        if (field.key != "weight_map")
            continue;
        if (std::exchange(isThere, true))
            return fail("its weight_map is there twice");
        if (field.value.get(map) != simdjson::SUCCESS)
            return fail("its weight_map is no object");
    }
    if (!isThere)
        return fail("it has no weight_map");
    std::map<std::string, std::string> shardOf;
    for (const auto field : map) {
        std::string_view shard;
        if (field.value.get(shard) != simdjson::SUCCESS)
            return fail(fmt::format("the file of tensor '{}' is no text", excerpt(field.key)));
        if (!isShardName(shard))
            return fail(fmt::format("the file of tensor '{}' is '{}', no .safetensors file of this folder",
                                    excerpt(field.key), excerpt(shard)));
        if (!shardOf.emplace(field.key, shard).second)
            return fail(fmt::format("tensor '{}' is there twice", excerpt(field.key)));
        if (shardOf.size() > MostTensors)
            return fail(fmt::format("it names more than {} tensors", MostTensors));
    }
    if (shardOf.empty())
        return fail("it names no tensor");
    return shardOf;
}

} // namespace

Result<SafetensorsFiles> SafetensorsFiles::find(const std::string& folder) {
    SafetensorsFiles result;
    if (!QFileInfo(QString::fromStdString(folder)).isDir())
        return fail(
            fmt::format("there is no folder {}; name the folder that holds a model's config.json and {}",
                        folder, SingleName));
    if (isFile(within(folder, SingleName))) {
        result.names = {SingleName};
        return result;
    }
    const std::string path = within(folder, IndexName);
    if (!isFile(path)) {
        if (isFile(within(folder, PickleName)))
            return fail(fmt::format("{} holds its weights as {}, a format that can run code and is not read; "
                                    "save the model as safetensors",
                                    folder, PickleName));
        return fail(fmt::format("{} holds neither {} nor {}; name the folder of a model that was saved as "
                                "safetensors",
                                folder, SingleName, IndexName));
    }
    const auto bytes = readIndexFile(path);
    if (!bytes)
        return fail(bytes.error());
    auto shardOf = readWeightMap(*bytes);
    if (!shardOf)
        return fail(fmt::format("{} is not usable: {}; fetch it again", path, shardOf.error().message));
    std::set<std::string> shards;
    for (const auto& [tensor, shard] : *shardOf) {
        shards.insert(shard);
        if (shards.size() > MostShards)
            return fail(fmt::format("{} is not usable: it names more than {} files; fetch it again", path,
                                    MostShards));
    }
    result.names.assign(shards.begin(), shards.end());
    result.shardOf = std::move(*shardOf);
    result.index = IndexName;
    return result;
}

Result<SafetensorsFolder> SafetensorsFolder::read(const std::string& folder) {
    const auto files = SafetensorsFiles::find(folder);
    if (!files)
        return fail(files.error());
    // What is not there is said before gigabytes of the others are read.
    for (const auto& name : files->names)
        if (!isFile(within(folder, name)))
            return fail(fmt::format("{} is missing, which {} names; fetch the model's other files too",
                                    within(folder, name), files->index));
    std::map<std::string_view, std::vector<std::string_view>> promised;
    for (const auto& [tensor, shard] : files->shardOf)
        promised[shard].push_back(tensor);
    SafetensorsFolder result;
    for (const auto& name : files->names) {
        auto file = Safetensors::read(within(folder, name));
        if (!file)
            return fail(std::move(file.error()));
        for (const auto tensor : promised[name])
            if (file->tensors_.count(std::string(tensor)) == 0)
                return fail(
                    fmt::format("{} does not hold tensor '{}', which {} says it does; fetch both again",
                                within(folder, name), excerpt(tensor), files->index));
        result.tensors_.merge(file->tensors_); // moves what is new and leaves what is there already
        if (!file->tensors_.empty())
            return fail(fmt::format("{} holds tensor '{}', and so does another file of the model; fetch the "
                                    "model again",
                                    within(folder, name), excerpt(file->tensors_.begin()->first)));
        result.files_.push_back(std::move(*file));
    }
    return result;
}

std::size_t SafetensorsFolder::bytes() const {
    std::size_t sum = 0;
    for (const auto& file : files_)
        sum += file.bytes();
    return sum;
}

} // namespace stillroom
