#include "core/student/student_file.h"

#include "core/base/number.h"
#include "core/student/small_weights.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr const char* FormatName = "stillroom-student";
constexpr long long FormatVersion = 1;

} // namespace

std::map<std::string, std::string> studentMetadata(const std::string& kind,
                                                   const std::vector<std::string>& classes) {
    QJsonArray names;
    for (const auto& name : classes)
        names.append(QString::fromStdString(name));
    return {{"format", FormatName},
            {"version", std::to_string(FormatVersion)},
            {"kind", kind},
            {"classes", QJsonDocument(names).toJson(QJsonDocument::Compact).toStdString()}};
}

Result<Safetensors> readStudentFile(const std::string& path) {
    auto stored = Safetensors::read(path);
    if (!stored)
        return stored;
    const auto& metadata = stored->metadata();
    const auto format = metadata.find("format");
    if (format == metadata.end() || format->second != FormatName)
        return fail(fmt::format("{} is no student of Stillroom; give the student.safetensors of a run's "
                                "checkpoints/best",
                                path));
    StudentFileParts parts(*stored);
    const long long version = parts.number("version", 1, 1'000'000);
    if (!parts.wrong().empty())
        return parts.error(path);
    if (version > SmallVersion)
        return fail(fmt::format(
            "{} was written by a newer Stillroom (format {}, this one reads {}); update this program", path,
            version, SmallVersion));
    return widened(std::move(*stored), path);
}

std::string StudentFileParts::text(const std::string& key) {
    const auto found = file_.metadata().find(key);
    if (found != file_.metadata().end())
        return found->second;
    complain(fmt::format("its metadata lacks '{}'", key));
    return {};
}

long long StudentFileParts::number(const std::string& key, long long low, long long high) {
    const auto value = readInteger(text(key));
    if (value && *value >= low && *value <= high)
        return *value;
    complain(fmt::format("its metadata '{}' is no number from {} to {}", key, low, high));
    return low;
}

std::vector<std::string> StudentFileParts::classes() {
    std::vector<std::string> names;
    for (const auto& name : QJsonDocument::fromJson(QByteArray::fromStdString(text("classes"))).array())
        names.push_back(name.toString().toStdString());
    if (names.size() < 2)
        complain("it names fewer than two classes");
    return names;
}

const Safetensors::Tensor* StudentFileParts::tensor(const std::string& name, TensorType type,
                                                    const std::vector<std::int64_t>& shape) {
    const auto found = file_.tensors().find(name);
    if (found == file_.tensors().end()) {
        complain(fmt::format("tensor '{}' is missing", name));
        return nullptr;
    }
    const auto& tensor = found->second;
    bool fits = tensor.type == type && tensor.shape.size() == shape.size();
    for (std::size_t i = 0; fits && i < shape.size(); ++i)
        fits = shape[i] < 0 || tensor.shape[i] == shape[i];
    if (!fits) {
        complain(fmt::format("tensor '{}' has the wrong type or shape", name));
        return nullptr;
    }
    return &tensor;
}

tl::unexpected<Error> StudentFileParts::error(const std::string& path) const {
    return fail(fmt::format("{} is not a usable student: {}; take another copy", path, wrong_));
}

} // namespace stillroom
