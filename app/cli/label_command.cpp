// Asks an LLM about the training texts. What was answered before is not asked again; Ctrl-C loses nothing.
#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/progress_line.h"
#include "core/base/number.h"
#include "core/experiment/answers_csv.h"
#include "core/teacher/answer_store.h"
#include "core/teacher/labelling.h"

#include <QJsonArray>
#include <cmath>
#include <fmt/format.h>
#include <future>

namespace stillroom::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto LineEvery = std::chrono::seconds(10); // where there is no terminal
constexpr std::size_t ReplyShown = 200;              // bytes, on the terminal

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

Result<std::shared_ptr<const Dataset>> readTexts(const ChosenExperiment& chosen, const Options& options) {
    Progress progress;
    ProgressLine line(options.quiet);
    const LoadContext context{chosen.dataRoot, options.badRows, &progress};
    Labels labels;
    auto loading =
        std::async(std::launch::async, [&] { return loadData(chosen.experiment.data, context, labels); });
    while (loading.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (interrupted())
            progress.cancel();
        line.show(progress.total() > 0
                      ? static_cast<double>(progress.done()) / static_cast<double>(progress.total())
                      : 0,
                  "reading");
    }
    auto loaded = loading.get();
    if (!loaded)
        return fail(std::move(loaded.error()));
    return std::make_shared<const Dataset>(std::move(loaded->dataset));
}

std::string cost(const LabellingState& state) {
    const std::string tokens = groupThousands(state.promptTokens + state.answerTokens) + " tokens";
    return state.money > 0 ? fmt::format("{}, cost {:.4g}", tokens, state.money) : tokens;
}

std::string lineOf(const LabellingState& state) {
    std::string line =
        fmt::format("{} of {} answered", groupThousands(state.known), groupThousands(state.rows));
    if (state.waiting > 0)
        line += fmt::format(", the server asks to wait {:.0f} s", std::ceil(state.waiting));
    else if (state.secondsLeft > 0)
        line += ", " + timeLeft(state.secondsLeft);
    line += ", " + cost(state);
    if (state.refused > 0)
        line += fmt::format(", {} refused", groupThousands(state.refused));
    if (state.failed > 0)
        line += fmt::format(", {} failed", groupThousands(state.failed));
    return line;
}

Result<LabellingResult> follow(Labelling& labelling, const Options& options) {
    ProgressLine line(options.quiet);
    bool cancelled = false;
    auto last = Clock::now();
    line.begin("asking the LLM");
    while (true) {
        const LabellingState state = labelling.state();
        if (state.finished)
            break;
        if (interrupted() && !cancelled) {
            labelling.cancel();
            cancelled = true;
        }
        const double share =
            state.rows > 0 ? static_cast<double>(state.known) / static_cast<double>(state.rows) : 0;
        line.show(share, lineOf(state));
        if (Clock::now() - last >= LineEvery) {
            last = Clock::now();
            line.begin(lineOf(state));
        }
        if (labelling.wait(50)) // ends between two looks
            break;
    }
    line.clear();
    return labelling.wait();
}

QJsonObject resultJson(const ChosenExperiment& chosen, const LabellingResult& result, const Dataset& data,
                       double seconds) {
    const LabellingState& state = result.state;
    const LlmSettings& llm = chosen.experiment.teacher.llm;
    QJsonArray problems;
    for (const auto& problem : result.problems)
        problems.append(QJsonObject{{QStringLiteral("row"), static_cast<double>(problem.row)},
                                    {QStringLiteral("id"), text(std::string(data.id(problem.row)))},
                                    {QStringLiteral("reason"), text(problem.reason)},
                                    {QStringLiteral("reply"), text(problem.reply)}});
    return {{QStringLiteral("name"), text(chosen.experiment.name)},
            {QStringLiteral("model"), text(llm.model)},
            {QStringLiteral("store"), text(answersPath(llm, chosen.dataRoot))},
            {QStringLiteral("rows"), static_cast<double>(state.rows)},
            {QStringLiteral("known"), static_cast<double>(state.known)},
            {QStringLiteral("asked"), static_cast<double>(state.asked)},
            {QStringLiteral("retried"), static_cast<double>(state.retried)},
            {QStringLiteral("refused"), static_cast<double>(state.refused)},
            {QStringLiteral("failed"), static_cast<double>(state.failed)},
            {QStringLiteral("prompt_tokens"), static_cast<double>(state.promptTokens)},
            {QStringLiteral("answer_tokens"), static_cast<double>(state.answerTokens)},
            {QStringLiteral("money"), state.money},
            {QStringLiteral("outside"), state.outside},
            {QStringLiteral("ended"), result.ended.empty() ? QJsonValue() : QJsonValue(text(result.ended))},
            {QStringLiteral("problems"), problems},
            {QStringLiteral("seconds"), seconds}};
}

/// A reply on one line, cut.
std::string shown(std::string reply) {
    if (reply.size() > ReplyShown) {
        reply.resize(ReplyShown);
        while (!reply.empty() && (static_cast<unsigned char>(reply.back()) & 0x80) != 0)
            reply.pop_back();
        reply += "...";
    }
    for (char& c : reply)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    return reply;
}

void printProblems(const LabellingResult& result, const Dataset& data) {
    const auto all = result.state.refused + result.state.failed;
    if (result.problems.empty())
        return;
    fmt::print(stderr, "{} texts were refused (their answer names no class) and {} failed:\n",
               groupThousands(result.state.refused), groupThousands(result.state.failed));
    for (const auto& problem : result.problems)
        fmt::print(stderr, "  {}: {}{}\n", data.id(problem.row), problem.reason,
                   problem.reply.empty() ? "" : fmt::format("; the reply: {}", shown(problem.reply)));
    if (all > static_cast<std::int64_t>(result.problems.size()))
        fmt::print(stderr, "  ... and {} more\n",
                   groupThousands(all - static_cast<std::int64_t>(result.problems.size())));
    if (result.state.refused > 0)
        fmt::print(stderr, "those that were refused are asked again with --again\n");
}

int dryRun(const ChosenExperiment& chosen, const LabellingRequest& request, const Dataset& data,
           const Options& options) {
    const auto estimate = estimateLabelling(request, data);
    if (!estimate)
        return report(estimate.error());
    if (options.json) {
        printJson({{QStringLiteral("name"), text(chosen.experiment.name)},
                   {QStringLiteral("dry_run"), true},
                   {QStringLiteral("rows"), static_cast<double>(estimate->rows)},
                   {QStringLiteral("known"), static_cast<double>(estimate->known)},
                   {QStringLiteral("prompt_tokens"), std::round(estimate->promptTokens)},
                   {QStringLiteral("answer_tokens"), std::round(estimate->answerTokens)},
                   {QStringLiteral("money"), estimate->money},
                   {QStringLiteral("first_prompt"), text(estimate->firstPrompt)}});
        return Done;
    }
    fmt::print("texts        {}, of which {} are answered already\n", groupThousands(estimate->rows),
               groupThousands(estimate->known));
    fmt::print("the others   about {} tokens of prompts and {} of answers{}\n",
               groupThousands(std::llround(estimate->promptTokens)),
               groupThousands(std::llround(estimate->answerTokens)),
               estimate->money > 0 ? fmt::format(", cost about {:.4g}", estimate->money) : "");
    fmt::print("\nThe first prompt:\n\n{}\nNobody was asked.\n", estimate->firstPrompt);
    return Done;
}

int finish(const ChosenExperiment& chosen, const LabellingResult& result, const Dataset& data,
           const Options& options, double seconds) {
    const LabellingState& state = result.state;
    if (options.out) {
        const auto rows = writeAnswersCsv(chosen.experiment.teacher.llm, chosen.dataRoot, data, *options.out);
        if (!rows)
            return report(rows.error());
        if (!options.quiet)
            fmt::print(stderr, "{} answers written to {}\n", groupThousands(*rows), *options.out);
    }
    if (!options.quiet)
        printProblems(result, data);
    if (options.json)
        printJson(resultJson(chosen, result, data, seconds));
    else
        fmt::print("answered     {} of {} texts ({} requests, {} of them again; {})\n"
                   "store        {}\n",
                   groupThousands(state.known), groupThousands(state.rows), groupThousands(state.asked),
                   groupThousands(state.retried), cost(state),
                   answersPath(chosen.experiment.teacher.llm, chosen.dataRoot));
    if (!options.json && state.outside >= 0.0005)
        fmt::print("outside      {:.1f} % of what the answers weigh was for no class\n", 100 * state.outside);
    if (!result.ended.empty() && !options.quiet)
        fmt::print(stderr, "{}; what is answered is stored, and the same command goes on\n", result.ended);
    if (interrupted())
        return Interrupted;
    // Nothing at all came of it: whoever waits for the exit code has to know.
    return state.known == 0 && state.failed > 0 ? BadInput : Done;
}

} // namespace

int labelCommand(const Options& given) {
    const auto begin = Clock::now();
    Options options = given;
    for (const auto& [key, value] :
         {std::pair("teacher.base_url", given.baseUrl), std::pair("teacher.model", given.model)})
        if (value)
            options.settings.push_back(fmt::format("{}={}", key, textAsYaml(*value)));
    auto chosen = chooseExperiment(options);
    if (!chosen)
        return report(chosen.error());
    if (chosen->experiment.teacher.kind != TeacherKind::Llm)
        return report(
            {"teacher.kind is not llm: only an LLM can be asked; write teacher: {kind: llm, base_url: "
             "http://127.0.0.1:8080/v1, model: NAME}"});
    if (options.limit && *options.limit < 1)
        return report({"--limit must be 1 or more", ErrorKind::Usage, {}});
    catchInterrupts();
    auto data = readTexts(*chosen, options);
    if (!data)
        return report(data.error());
    LabellingRequest request;
    request.settings = chosen->experiment.teacher.llm;
    const auto rows = (*data)->rows(Split::Train);
    request.rows.assign(rows.begin(), rows.end());
    if (options.limit && static_cast<std::size_t>(*options.limit) < request.rows.size())
        request.rows.resize(static_cast<std::size_t>(*options.limit));
    request.folder = chosen->dataRoot;
    request.askAgain = options.again;
    if (options.dryRun)
        return dryRun(*chosen, request, **data, options);
    auto labelling = Labelling::start(std::move(request), *data);
    if (!labelling)
        return report(labelling.error());
    auto result = follow(**labelling, options);
    if (!result)
        return report(result.error());
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return finish(*chosen, *result, **data, options, seconds);
}

} // namespace stillroom::cli
