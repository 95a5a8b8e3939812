// The settings of a teacher that is an LLM behind a server (teacher: {kind: llm}).
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom {

/// How an answer becomes a confidence.
enum class LlmAsk {
    LogProbabilities, ///< of one letter among lettered choices, renormalised over the classes
    Stated,           ///< the model says its confidence itself, in JSON
    Votes,            ///< shares of `samples` answers at `temperature`
};

struct LlmSettings {
    std::string baseUrl;                   ///< "http://127.0.0.1:8080/v1"
    std::string model;                     ///< as the server calls it (in YAML teacher.model)
    LlmAsk ask = LlmAsk::LogProbabilities; ///< how
    std::string prompt; ///< a template of resources/prompts by its name, or a file; empty: promptNameOf
    std::vector<std::pair<std::string, std::string>> descriptions; ///< class → what belongs to it
    std::vector<std::pair<std::string, std::string>> examples;     ///< text → class, shown before the text
    bool shuffleChoices = false; ///< another order of the choices in every row
    std::int64_t shuffleSeed =
        1;                    ///< another seed, other orders; an order depends on it and on the text alone
    std::int64_t samples = 5; ///< votes alone
    double temperature = 0.7; ///< votes alone; the other ways ask at 0
    std::int64_t concurrency = 8; ///< requests under way at once
    double timeout = 60;          ///< seconds until a whole answer is there
    std::int64_t retries = 5;     ///< of one row, after an answer that may be another next time
    std::int64_t maxTokens = 64;  ///< of an answer, where it is not one letter
    std::string keyVariable =
        "OPENAI_API_KEY";      ///< the environment variable with the key; else the keychain is asked
    bool insecureHttp = false; ///< a plain http address that is not this machine's is allowed
    double promptPrice = 0, answerPrice = 0; ///< of a million tokens, in the user's currency
    std::int64_t budgetTokens = 0;           ///< of one labelling; 0: none
    double budgetMoney = 0;                  ///< the same
    std::int64_t budgetCalls = 0;            ///< the same; every request counts, also one that is tried again
    std::string answers;                     ///< the store's file; empty: see answersPath

    friend bool operator==(const LlmSettings&, const LlmSettings&) = default;
};

/// `prompt`, or the template that belongs to `ask` where it is empty: "stated" for stated, else "classify".
[[nodiscard]] std::string promptNameOf(const LlmSettings& settings);

/// What can be known without a server and without data: the address (https, or http to this machine unless
/// `insecureHttp`; no user, password or query in it), the model, ranges, the name of the key's variable. One
/// sentence, which never shows what may be a key.
Result<void> checkLlm(const LlmSettings& settings);

/// Whether `key` (of YAML, "api_key" or the like) sounds as if a secret stood there: it is refused by name.
[[nodiscard]] bool isSecretName(std::string_view key);

} // namespace stillroom
