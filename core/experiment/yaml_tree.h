// YAML as a tree that knows where everything stands, and only the YAML that an experiment needs: maps, lists
// and scalars. Everything that surprises is refused: aliases, anchors, tags, tabs, a second document.
// Private to core/experiment. Pure; any thread.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom {

/// Line and column from 1, columns in characters; line 0: nowhere in particular.
struct YamlPlace {
    int line = 0;
    int column = 0;
};

struct YamlNode {
    enum class Kind { Null, Scalar, List, Map };
    struct Entry;

    Kind kind = Kind::Null;
    YamlPlace place;
    std::string text;            ///< of a scalar
    bool quoted = false;         ///< a scalar in quotes (or a block scalar): never a number
    std::vector<YamlNode> items; ///< of a list
    std::vector<Entry> entries;  ///< of a map, in the order of the file; keys are distinct
};

struct YamlNode::Entry {
    std::string key;
    YamlPlace place;
    YamlNode value;
};

/// What is wrong, and where in the text.
struct YamlProblem {
    YamlPlace place;
    std::string message;
};

template <class T>
using YamlResult = tl::expected<T, YamlProblem>;

inline tl::unexpected<YamlProblem> yamlProblem(YamlPlace place, std::string message) {
    return tl::unexpected<YamlProblem>(YamlProblem{place, std::move(message)});
}

inline constexpr std::size_t YamlSizeLimit = std::size_t{1} << 20;
inline constexpr std::size_t YamlDepthLimit = 16;
inline constexpr std::size_t YamlKeyLimit = 1000; ///< of one map
inline constexpr std::size_t YamlKeyLength = 200;

/// The whole of `text` as one document. An empty one is a Null node.
YamlResult<YamlNode> parseYaml(std::string_view text);

/// "experiment.yaml, line 12, column 3: …"; without a place "experiment.yaml: …".
[[nodiscard]] std::string yamlSentence(const std::string& where, const YamlProblem& problem);

/// For people: 'ten', "a list", "nothing". Long texts are cut.
[[nodiscard]] std::string describeNode(const YamlNode& node);

} // namespace stillroom
