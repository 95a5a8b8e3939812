// Class names met while reading, numbered in the order in which they come, under the names that they are to
// have.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace stillroom {

/// Gold and teacher share one, so that a number means the same in both. One thread.
class Labels {
  public:
    /// From now on a label of the files (`first`) is the class `second`: DataSettings::rename. To be said
    /// before the first label is read; again with the same names changes nothing.
    void rename(const std::vector<std::pair<std::string, std::string>>& names);

    /// The number of a label as it stands in a file, new ones included.
    int number(std::string_view label);
    /// The same, or −1 for one whose class was not met yet.
    int find(std::string_view label);
    /// The number of a class by its own name, new ones included; `data.classes` are such.
    int classNumber(std::string_view name);
    /// The same, or −1.
    [[nodiscard]] int findClass(std::string_view name) const;
    /// By number: of classes, as renamed.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    /// An error for a label that was to be renamed and that nobody met, with the nearest one that was; none
    /// while nothing was met at all.
    [[nodiscard]] Result<void> allRenamed() const;

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Numbers = std::unordered_map<std::string, int, Hash, std::equal_to<>>;

    std::vector<std::string> names_;
    Numbers classes_; ///< by the class's name
    Numbers labels_;  ///< by what stands in the files; filled only where something is renamed
    std::vector<std::pair<std::string, std::string>> renamed_;
};

} // namespace stillroom
