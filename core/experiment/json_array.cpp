#include "core/experiment/json_array.h"

#include "core/base/number.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <cmath>
#include <limits>

namespace stillroom {

namespace {

QJsonArray parse(std::string_view json) {
    return QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).array();
}

template <class Number, class Write>
std::string join(std::span<const Number> numbers, Write write) {
    std::string out = "[";
    for (const Number number : numbers) {
        if (out.size() > 1)
            out += ',';
        out += write(number);
    }
    return out + "]";
}

} // namespace

std::string writeJson(std::span<const std::int32_t> numbers) {
    return join(numbers, [](std::int32_t number) { return std::to_string(number); });
}

std::string writeJson(std::span<const std::int64_t> numbers) {
    return join(numbers, [](std::int64_t number) { return std::to_string(number); });
}

std::string writeJson(std::span<const double> numbers) {
    return join(numbers, [](double number) { return std::isfinite(number) ? writeNumber(number) : "null"; });
}

std::string writeJson(std::span<const std::string> texts) {
    QJsonArray array;
    for (const auto& text : texts)
        array.append(QString::fromStdString(text));
    return QJsonDocument(array).toJson(QJsonDocument::Compact).toStdString();
}

std::vector<std::int64_t> readJsonIntegers(std::string_view json) {
    std::vector<std::int64_t> numbers;
    for (const auto value : parse(json))
        numbers.push_back(value.toInteger());
    return numbers;
}

std::vector<double> readJsonNumbers(std::string_view json) {
    std::vector<double> numbers;
    for (const auto value : parse(json))
        numbers.push_back(value.toDouble(std::numeric_limits<double>::quiet_NaN()));
    return numbers;
}

std::vector<std::string> readJsonTexts(std::string_view json) {
    std::vector<std::string> texts;
    for (const auto value : parse(json))
        texts.push_back(value.toString().toStdString());
    return texts;
}

} // namespace stillroom
