#include "app/cli/asking.h"

#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/progress_line.h"
#include "core/base/number.h"
#include "core/experiment/asking.h"
#include "core/teacher/llm_answers.h"

#include <QJsonArray>
#include <QJsonObject>
#include <array>
#include <fmt/format.h>
#include <memory>

namespace stillroom::cli {

namespace {

std::string progressText(const AskingState& state) {
    static constexpr std::array<std::string_view, 3> doings{"asking", "training", "picking"};
    std::string text = fmt::format("round {} of {}, {} of {} calls, {}", state.round, state.rounds,
                                   groupThousands(state.spent), groupThousands(state.calls),
                                   doings.at(static_cast<std::size_t>(state.doing)));
    if (state.secondsLeft > 0)
        text += ", " + timeLeft(state.secondsLeft);
    if (!state.note.empty())
        text += ", " + state.note;
    return text;
}

std::string roundText(const AskingRound& round, std::int64_t spent, std::int64_t calls) {
    std::string text = fmt::format("round {}: {} of {} calls spent", round.round, groupThousands(spent),
                                   groupThousands(calls));
    if (round.answered < round.calls)
        text += fmt::format(", {} without an answer", groupThousands(round.calls - round.answered));
    if (round.withGold > 0)
        text += fmt::format(", {:.1f} % of its answers right",
                            100 * static_cast<double>(round.right) / static_cast<double>(round.withGold));
    if (round.validation.rows > 0)
        text += fmt::format(", validation accuracy {:.4f}, macro-F1 {:.4f} so far", round.validation.accuracy,
                            round.validation.macroF1);
    return text;
}

/// An LLM is asked; all others have said what they say already, and are heard row by row.
std::unique_ptr<AnswerSource> sourceOf(const Experiment& experiment, const Prepared& prepared,
                                       const std::string& dataRoot) {
    if (experiment.teacher.kind == TeacherKind::Llm)
        return std::make_unique<LlmAnswers>(experiment.teacher.llm, dataRoot, prepared.set.data);
    return std::make_unique<RecordedAnswers>(prepared.set.data, prepared.set.teacher);
}

} // namespace

Result<void> askFirst(const Experiment& experiment, Prepared& prepared, RunOptions& runOptions,
                      const Options& options) {
    if (!experiment.asking.on())
        return {};
    if (runOptions.asking.rows.empty()) {
        const auto engine = loadEngine();
        if (!engine)
            return fail(engine.error());
        ProgressLine line(options.quiet);
        const auto source = sourceOf(experiment, prepared, runOptions.dataRoot);
        line.begin(fmt::format("asking about {} of {} texts", groupThousands(experiment.asking.calls),
                               groupThousands(static_cast<std::int64_t>(source->askable().size()))));
        std::int64_t spent = 0;
        const AskingWatch watch = [&](const AskingState& state) {
            line.show(state.done, progressText(state));
            return !interrupted();
        };
        const AskingRoundOver roundOver = [&](const AskingRound& round) {
            spent += round.calls;
            line.say(roundText(round, spent, experiment.asking.calls));
        };
        auto asked = askInRounds(**engine, experiment, prepared.set.data, *source, runOptions.dataRoot, watch,
                                 roundOver);
        if (!asked)
            return fail(std::move(asked.error()));
        prepared.set.teacher = std::make_shared<const TeacherOutputs>(std::move(asked->answers));
        runOptions.asking = std::move(asked->record);
    } else {
        auto set = onlyAsked(prepared.set, runOptions.asking.rows);
        if (!set)
            return fail(std::move(set.error()));
        prepared.set = std::move(*set);
    }
    prepared.quality = measureTeacher(*prepared.set.data, *prepared.set.teacher, Split::Train);
    prepared.untaught = static_cast<std::int64_t>(prepared.set.data->rows(Split::Train).size() -
                                                  prepared.set.trainingRows().size());
    return {};
}

QJsonValue askingJson(const AskingRecord& record) {
    if (record.rows.empty())
        return QJsonValue::Null;
    QJsonArray rounds;
    std::int64_t answered = 0;
    for (const auto& round : record.rounds) {
        answered += round.answered;
        rounds.append(QJsonObject{
            {QStringLiteral("round"), static_cast<double>(round.round)},
            {QStringLiteral("calls"), static_cast<double>(round.calls)},
            {QStringLiteral("answered"), static_cast<double>(round.answered)},
            {QStringLiteral("right"), round.withGold > 0 ? QJsonValue(static_cast<double>(round.right) /
                                                                      static_cast<double>(round.withGold))
                                                         : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("validation"), metricsJson(round.validation)},
            {QStringLiteral("seconds"), round.seconds}});
    }
    return QJsonObject{{QStringLiteral("calls"), static_cast<double>(record.rows.size())},
                       {QStringLiteral("answered"), static_cast<double>(answered)},
                       {QStringLiteral("rounds"), rounds}};
}

} // namespace stillroom::cli
