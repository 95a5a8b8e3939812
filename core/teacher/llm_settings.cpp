#include "core/teacher/llm_settings.h"

#include "core/base/number.h"

#include <QHostAddress>
#include <QString>
#include <QUrl>
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <tuple>

namespace stillroom {

namespace {

Result<void> integerWithin(std::string_view key, std::int64_t value, std::int64_t least,
                           std::int64_t greatest) {
    if (value >= least && value <= greatest)
        return {};
    return fail(fmt::format("teacher.{} is {}; it must be from {} to {}", key, value, least,
                            groupThousands(greatest)));
}

Result<void> notNegative(std::string_view key, double value) {
    if (value >= 0 && std::isfinite(value))
        return {};
    return fail(fmt::format("teacher.{} is {}; it must be 0 (none) or more", key, writeNumber(value)));
}

bool isVariableName(const std::string& name) {
    const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    return !name.empty() && name.size() <= 64 && letter(name[0]) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<void> checkAddress(const LlmSettings& settings) {
    if (settings.baseUrl.empty())
        return fail("teacher.base_url is missing: name the server, such as http://127.0.0.1:8080/v1 or "
                    "https://api.openai.com/v1");
    const QUrl url(QString::fromStdString(settings.baseUrl), QUrl::StrictMode);
    // First, because what follows would repeat it.
    if (!url.userInfo().isEmpty() || settings.baseUrl.find('@') != std::string::npos)
        return fail(
            "teacher.base_url has a user or password in it; secrets never stand in an experiment: put "
            "the key into the environment variable that teacher.key_variable names");
    if (url.hasQuery() || url.hasFragment())
        return fail("teacher.base_url has a '?' or '#' in it; give the address up to and without "
                    "/chat/completions");
    const bool http = url.scheme() == QLatin1String("http");
    if (!url.isValid() || url.host().isEmpty() || (!http && url.scheme() != QLatin1String("https")))
        return fail(fmt::format("teacher.base_url is '{}'; it must be an address such as "
                                "http://127.0.0.1:8080/v1 or https://api.openai.com/v1",
                                settings.baseUrl));
    if (url.path().endsWith(QLatin1String("/chat/completions")))
        return fail(fmt::format("teacher.base_url is '{}'; leave /chat/completions out, it is added",
                                settings.baseUrl));
    if (http && !settings.insecureHttp && url.host() != QLatin1String("localhost") &&
        !QHostAddress(url.host()).isLoopback())
        return fail(fmt::format("teacher.base_url is '{}': over plain http texts and key can be read on the "
                                "way to another machine; use https, or set teacher.insecure_http: true for a "
                                "network you trust",
                                settings.baseUrl));
    return {};
}

} // namespace

std::string promptNameOf(const LlmSettings& settings) {
    if (!settings.prompt.empty())
        return settings.prompt;
    return settings.ask == LlmAsk::Stated ? "stated" : "classify";
}

Result<void> checkLlm(const LlmSettings& settings) {
    if (auto checked = checkAddress(settings); !checked)
        return checked;
    if (settings.model.empty())
        return fail("teacher.model is missing: name the model as the server calls it");
    for (const auto& [name, words] : settings.descriptions)
        if (words.empty())
            return fail(fmt::format("teacher.descriptions has no words for '{}'", name));
    for (const auto& [text, label] : settings.examples)
        if (text.empty() || label.empty())
            return fail("teacher.examples has one without text or label; write {text: …, label: …}");
    // A key that was put there by mistake is not shown.
    if (!isVariableName(settings.keyVariable))
        return fail("teacher.key_variable is no name of an environment variable; write the variable's name, "
                    "such as OPENAI_API_KEY, and never the key itself");
    const std::array<std::tuple<const char*, std::int64_t, std::int64_t, std::int64_t>, 7> numbers{
        {{"samples", settings.samples, 2, 1000},
         {"concurrency", settings.concurrency, 1, 256},
         {"retries", settings.retries, 0, 100},
         {"max_tokens", settings.maxTokens, 1, 100'000},
         {"budget.tokens", settings.budgetTokens, 0, INT64_MAX},
         {"budget.calls", settings.budgetCalls, 0, INT64_MAX},
         {"shuffle_seed", settings.shuffleSeed, 0, INT64_MAX}}};
    for (const auto& [key, value, least, greatest] : numbers)
        if (auto checked = integerWithin(key, value, least, greatest); !checked)
            return checked;
    if (!(settings.temperature > 0 && settings.temperature <= 2))
        return fail(
            fmt::format("teacher.temperature is {}; it must be more than 0 and at most 2, or all votes "
                        "would be the same",
                        writeNumber(settings.temperature)));
    if (!(settings.timeout >= 0.1 && settings.timeout <= 86'400))
        return fail(fmt::format("teacher.timeout is {}; it must be from 0.1 to 86400 seconds",
                                writeNumber(settings.timeout)));
    for (const auto& [key, value] :
         {std::pair("prompt_price", settings.promptPrice), std::pair("answer_price", settings.answerPrice),
          std::pair("budget.money", settings.budgetMoney)})
        if (auto checked = notNegative(key, value); !checked)
            return checked;
    if (settings.budgetMoney > 0 && settings.promptPrice == 0 && settings.answerPrice == 0)
        return fail("teacher.budget.money is set, but teacher.prompt_price and teacher.answer_price are not: "
                    "give the prices of a million tokens");
    return {};
}

bool isSecretName(std::string_view key) {
    std::string bare;
    for (const char c : key)
        if (c != '_' && c != '-' && c != ' ')
            bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    static constexpr std::array<std::string_view, 14> secrets{
        "key",      "apikey", "openaiapikey", "openaikey",   "secret",        "apisecret", "secretkey",
        "password", "token",  "apitoken",     "accesstoken", "authorization", "bearer",    "credentials"};
    return std::find(secrets.begin(), secrets.end(), bare) != secrets.end();
}

} // namespace stillroom
