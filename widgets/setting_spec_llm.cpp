// teacher.*, of a teacher that is an LLM
#include "widgets/setting_catalogue.h"

namespace stillroom::catalogue {

void addLlm(Catalogue& all) {
    add(all, text(QStringLiteral("teacher.base_url"), tr("Server"),
                  tr("The address of an OpenAI-compatible server, up to /v1: llama.cpp, vLLM, Ollama, a "
                     "provider's."),
                  QStringLiteral("http://127.0.0.1:8080/v1")));
    add(all, choice("teacher.ask", tr("Way of asking"),
                    tr("How an answer becomes a confidence: the log-probabilities of a letter among lettered "
                       "choices; a confidence that the model states; or the shares of several answers."),
                    {"logprobs", "stated", "votes"},
                    {tr("log-probabilities"), tr("stated confidence"), tr("votes of several answers")}));
    add(all, text(QStringLiteral("teacher.prompt"), tr("Prompt"),
                  tr("A template by its name, or a file of your own with {choices}, {examples} and {text} in "
                     "it."),
                  QStringLiteral("classify")));
    add(all, structure("teacher.descriptions", tr("Descriptions"),
                       tr("What belongs to single classes: {fire: Something burns., flood: Streets are under "
                          "water.}"),
                       tr("none")));
    add(all, structure("teacher.examples", tr("Examples"),
                       tr("Answered texts that are shown before the one that is asked for: [{text: …, label: "
                          "…}]"),
                       tr("none")));
    add(all, onOff("teacher.shuffle_choices", tr("Shuffle choices"),
                   tr("Another order of the choices in every text, so that a liking for the first one evens "
                      "out.")));
    add(all,
        number("teacher.shuffle_seed", tr("Shuffle seed"), tr("Another seed makes other orders."), 0, 9e15));
    add(all, number("teacher.samples", tr("Answers a text"), tr("Of which the shares are counted."), 2, 100));
    add(all, slider("teacher.temperature", tr("Temperature"),
                    tr("How much the answers to one text differ. The other ways of asking take 0."), 0, 2,
                    0.05, 2));
    add(all, number("teacher.max_tokens", tr("Tokens an answer"), tr("At most."), 1, 100'000));
    add(all, number("teacher.prompt_price", tr("Price, prompts"),
                    tr("Of a million tokens, in your currency; 0: free or not known."), 0, 1e6, 0.1, 4));
    add(all, number("teacher.answer_price", tr("Price, answers"),
                    tr("Of a million tokens, in your currency; 0: free or not known."), 0, 1e6, 0.1, 4));
    add(all,
        number("teacher.budget.calls", tr("Budget, calls"), tr("Asking ends there; 0: no bound."), 0, 1e12));
    add(all, number("teacher.budget.tokens", tr("Budget, tokens"), tr("Asking ends there; 0: no bound."), 0,
                    1e15));
    add(all, number("teacher.budget.money", tr("Budget, money"),
                    tr("Asking ends there, by the prices above; 0: no bound."), 0, 1e9, 1, 2));
    add(all, number("teacher.concurrency", tr("At once"), tr("Requests under way."), 1, 1'000));
    add(all,
        number("teacher.timeout", tr("Time-out (s)"), tr("Seconds that an answer may take."), 1, 86'400));
    add(all, number("teacher.retries", tr("Retries"),
                    tr("Of one text, after an answer that may be another next time: too busy, broken off."),
                    0, 100));
    auto variable =
        text(QStringLiteral("teacher.key_variable"), tr("Key's variable"),
             tr("The environment variable that holds the server's key; where it is not set the system's "
                "keychain is asked. The key itself is no setting and is never written down."),
             QStringLiteral("OPENAI_API_KEY"));
    variable.optional = false;
    add(all, variable);
    add(all, onOff("teacher.insecure_http", tr("Plain http"),
                   tr("Allows an address without encryption that is not this machine's: whoever is in "
                      "between can read the texts, and the key.")));
    add(all, text(QStringLiteral("teacher.answers"), tr("Answers in"),
                  tr("The file that keeps the answers; empty: one for each model, in your cache."),
                  tr("in your cache")));
}

} // namespace stillroom::catalogue
