// What the files of all students have in common: safetensors whose metadata says whose they are, which kind,
// and the names of the classes.
#pragma once

#include "core/student/safetensors.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stillroom {

/// Format, version, kind and classes.
[[nodiscard]] std::map<std::string, std::string> studentMetadata(const std::string& kind,
                                                                 const std::vector<std::string>& classes);

/// A file that is a student's of any kind; matrices that are stored small (small_weights.h) in float32.
/// Errors: those of Safetensors::read; no student of ours; written by a newer version.
Result<Safetensors> readStudentFile(const std::string& path);

/// Reads the parts of a student's file, remembering the first thing that does not fit.
class StudentFileParts {
  public:
    explicit StudentFileParts(const Safetensors& file) : file_(file) {}

    std::string text(const std::string& key);
    long long number(const std::string& key, long long low, long long high);
    std::vector<std::string> classes(); ///< at least two
    /// Null when it is not there or of another type or shape; entries of −1 are free.
    const Safetensors::Tensor* tensor(const std::string& name, TensorType type,
                                      const std::vector<std::int64_t>& shape);

    void complain(std::string what) {
        if (wrong_.empty())
            wrong_ = std::move(what);
    }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }
    /// What is wrong, as an error of this file.
    [[nodiscard]] tl::unexpected<Error> error(const std::string& path) const;

  private:
    const Safetensors& file_;
    std::string wrong_;
};

} // namespace stillroom
