// The weights of a Hugging Face folder: one safetensors file, or several ("shards") under an index.
#pragma once

#include "core/base/result.h"
#include "core/student/safetensors.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace stillroom {

/// What holds the weights of a folder, as its file names say before any of them is opened.
struct SafetensorsFiles {
    std::vector<std::string> names;             ///< in the folder, sorted; none twice
    std::map<std::string, std::string> shardOf; ///< tensor → name; empty without an index
    std::string index;                          ///< the index's name; empty without one

    /// `model.safetensors`, else what `model.safetensors.index.json` names. Of an index every name is
    /// somebody else's: it ends in .safetensors and leads nowhere but into this folder. A link is followed,
    /// as caches of models are full of them. Errors: no such folder, neither file there (only pickled
    /// weights), an index that is damaged, names a tensor twice or a file elsewhere.
    static Result<SafetensorsFiles> find(const std::string& folder);
};

/// All tensors of a folder in memory. Files are read one after the other, each once and checked as
/// `Safetensors` says.
class SafetensorsFolder {
  public:
    /// Errors: those of `find` and of `Safetensors::read`; a shard that is missing; a tensor that its shard
    /// does not hold; a tensor in two shards. What a shard holds beyond the index is taken along.
    static Result<SafetensorsFolder> read(const std::string& folder);

    [[nodiscard]] const std::map<std::string, Safetensors::Tensor>& tensors() const { return tensors_; }
    /// Of all tensors, in memory.
    [[nodiscard]] std::size_t bytes() const;

  private:
    std::vector<Safetensors> files_; // own the bytes; their maps are empty
    std::map<std::string, Safetensors::Tensor> tensors_;
};

} // namespace stillroom
