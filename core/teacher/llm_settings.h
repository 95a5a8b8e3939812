// The settings of a teacher that is an LLM behind a server (teacher: {kind: llm}).
#pragma once

#include <cstdint>
#include <string>
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
    std::string model;                     ///< as the server calls it
    LlmAsk ask = LlmAsk::LogProbabilities; ///< how
    std::string prompt = "classify";       ///< a template of resources/prompts by its name, or a file
    std::vector<std::pair<std::string, std::string>> descriptions; ///< class → what belongs to it
    std::vector<std::pair<std::string, std::string>> examples;     ///< text → class, shown before the text
    bool shuffleChoices = false;  ///< another order of the choices in every row
    std::int64_t samples = 5;     ///< votes alone
    double temperature = 0.7;     ///< votes alone; the other ways ask at 0
    std::int64_t concurrency = 8; ///< requests under way at once
    double timeout = 60;          ///< seconds without an end to an answer
    std::int64_t retries = 5;     ///< of one row, after an answer that may be another next time
    std::int64_t maxTokens = 64;  ///< of an answer, where it is not one letter
    std::string keyVariable =
        "OPENAI_API_KEY";      ///< the environment variable with the key; else the keychain is asked
    bool insecureHttp = false; ///< a plain http address that is not this machine's is allowed
    double promptPrice = 0, answerPrice = 0; ///< of a million tokens, in the user's currency
    std::int64_t budgetTokens = 0;           ///< 0: none
    double budgetMoney = 0;                  ///< 0: none
    std::int64_t budgetCalls = 0;            ///< 0: none
    std::string answers;                     ///< the store; empty: answers/<model>.sqlite in the user's cache

    friend bool operator==(const LlmSettings&, const LlmSettings&) = default;
};

} // namespace stillroom
