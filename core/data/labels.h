// Class names met while reading, numbered in the order in which they come.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stillroom {

/// Gold and teacher share one, so that a number means the same in both. One thread.
class Labels {
  public:
    /// The number of `name`, new ones included.
    int number(std::string_view name);
    /// The number of `name`, or −1 when it was not met yet.
    [[nodiscard]] int find(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::vector<std::string> names_;
    std::unordered_map<std::string, int, Hash, std::equal_to<>> numbers_;
};

} // namespace stillroom
