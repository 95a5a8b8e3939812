// The reader of safetensors files and of their index. An input is a letter for the kind of files and then,
// with 0x1E between them (which JSON may not hold):
//   F a whole file · H a header and the data behind it, the length put in front of them here
//   I an index, then up to two shards, each a header and its data: a.safetensors, b.safetensors
// A sentence, or tensors that fit what their shapes say, fill the file and come back from our own writer.
// Read from a file and from bytes it says the same.
#include "core/student/safetensors.h"
#include "core/student/safetensors_folder.h"
#include "place.h"

#include <algorithm>
#include <cstring>
#include <set>

using namespace stillroom;
using namespace stillroom::fuzz;

namespace {

std::string fileOf(std::string_view header, std::string_view data) {
    const std::uint64_t length = header.size();
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    return bytes.append(header).append(data);
}

using Tensors = std::map<std::string, Safetensors::Tensor>;

/// Every tensor as large as it says, all of them as large as the file, no two over one another, every byte
/// ours.
void requireWhole(const Tensors& tensors, std::size_t bytes) {
    std::size_t sum = 0;
    std::set<const std::byte*> begins;
    unsigned all = 0;
    for (const auto& [name, tensor] : tensors) {
        std::size_t expected = bytesOf(tensor.type);
        for (const auto size : tensor.shape) {
            require(size >= 0, "no shape is negative");
            expected *= static_cast<std::size_t>(size);
        }
        require(tensor.data.size() == expected, "a tensor's bytes are what its shape says");
        require(expected == 0 || begins.insert(tensor.data.data()).second, "each has its own bytes");
        for (const std::byte byte : tensor.data)
            all += static_cast<unsigned>(byte);
        sum += expected;
    }
    require(sum == bytes, "together they are all the data");
    require(all < 256 * (bytes + 1), "every byte can be read");
}

bool isSame(const Tensors& a, const Tensors& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.type == y.second.type && x.second.shape == y.second.shape &&
               std::equal(x.second.data.begin(), x.second.data.end(), y.second.data.begin(),
                          y.second.data.end());
    });
}

void readFile(const Place& place, const std::string& bytes) {
    place.write("x", bytes);
    const std::string path = place.path("x");
    const auto parsed = Safetensors::parse(std::as_bytes(std::span(bytes)), path);
    const auto read = Safetensors::read(path);
    require(parsed.has_value() == read.has_value(), "a file is read as its bytes are");
    if (!parsed) {
        requireSentence(parsed.error());
        require(parsed.error().message == read.error().message, "and refused in the same words");
        return;
    }
    require(isSame(parsed->tensors(), read->tensors()) && parsed->metadata() == read->metadata(),
            "a file holds what its bytes do");
    requireWhole(read->tensors(), read->bytes());
    std::vector<TensorView> views;
    for (const auto& [name, tensor] : read->tensors())
        views.push_back({name, tensor.type, tensor.shape, tensor.data});
    require(writeSafetensors(place.path("y"), views, read->metadata()).has_value(),
            "what was read is written");
    const auto again = Safetensors::read(place.path("y"));
    require(again.has_value(), "what was written is read");
    require(isSame(again->tensors(), read->tensors()) && again->metadata() == read->metadata(),
            "and is the same");
}

void readFolder(const Place& place, std::string_view rest) {
    place.clear();
    place.write("model.safetensors.index.json", std::string(nextPart(rest)));
    for (const char* name : {"a.safetensors", "b.safetensors"}) {
        if (rest.empty())
            break;
        const auto header = nextPart(rest);
        place.write(name, fileOf(header, nextPart(rest)));
    }
    const auto files = SafetensorsFiles::find(place.path());
    const auto read = SafetensorsFolder::read(place.path());
    if (!files) {
        requireSentence(files.error());
        require(!read && read.error().message == files.error().message, "what is not found is not read");
        return;
    }
    for (const auto& name : files->names)
        require(name.find('/') == std::string::npos && name.find("..") == std::string::npos,
                "a shard lies in the folder");
    if (!read) {
        requireSentence(read.error());
        return;
    }
    requireWhole(read->tensors(), read->bytes());
    for (const auto& [tensor, name] : files->shardOf)
        require(read->tensors().count(tensor) == 1, "what the index promises is there");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Place place;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const char kind = takeKind(rest);
    if (kind == 'I') {
        readFolder(place, rest);
    } else if (kind == 'H') {
        const auto header = nextPart(rest);
        readFile(place, fileOf(header, rest));
    } else {
        readFile(place, std::string(rest));
    }
    return 0;
}
