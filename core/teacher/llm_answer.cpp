#include "core/teacher/llm_answer.h"

#include "core/base/number.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <optional>

namespace stillroom {

namespace {

LlmAnswer refusal(std::string why) {
    LlmAnswer answer;
    answer.refused = std::move(why);
    return answer;
}

/// Divided by their sum, by class number.
std::vector<float> distributionOf(const std::vector<double>& byPlace, const LlmChoices& choices) {
    const double sum = std::accumulate(byPlace.begin(), byPlace.end(), 0.0);
    std::vector<float> q(byPlace.size());
    for (std::size_t i = 0; i < byPlace.size(); ++i)
        q[static_cast<std::size_t>(choices.classes[i])] = static_cast<float>(byPlace[i] / sum);
    return q;
}

/// Where the object ends that begins at `begin`; npos: nowhere.
std::size_t endOfObject(std::string_view text, std::size_t begin) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == '{')
            ++depth;
        else if (!quoted && text[i] == '}' && --depth == 0)
            return i + 1;
    }
    return std::string_view::npos;
}

/// The value of one of the keys, of which case does not matter.
QJsonValue valueOf(const QJsonObject& object, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        for (auto entry = object.begin(); entry != object.end(); ++entry)
            if (entry.key().compare(QLatin1String(key), Qt::CaseInsensitive) == 0)
                return entry.value();
    return {};
}

std::optional<double> confidenceOf(const QJsonValue& value) {
    std::optional<double> number;
    if (value.isDouble())
        number = value.toDouble();
    bool percent = false;
    if (value.isString()) {
        std::string text = value.toString().trimmed().toStdString();
        percent = text.ends_with('%');
        if (percent)
            text.pop_back();
        number = readNumber(text);
    }
    if (!number || !std::isfinite(*number))
        return {};
    const double share = percent || *number > 1 ? *number / 100 : *number;
    return share >= 0 && share <= 1 ? std::optional(share) : std::nullopt;
}

} // namespace

void LlmAnswer::putInto(TeacherOutputs& outputs, std::size_t row) const {
    if (!refused.empty())
        return;
    if (q.empty())
        outputs.set(row, label, confidence, origin);
    else
        outputs.set(row, q, origin);
}

LlmAnswer fromLogProbabilities(const LlmReply::Alternatives& alternatives, const LlmChoices& choices) {
    const std::size_t count = choices.labels.size();
    std::vector<double> mass(count, 0.0);
    std::vector<bool> met(count, false);
    double all = 0;
    for (const auto& [token, logarithm] : alternatives) {
        const double probability = std::isnan(logarithm) ? 0 : std::exp(std::min(0.0, logarithm));
        all += probability;
        const int place = choiceOfToken(choices, token);
        if (place < 0)
            continue;
        mass[static_cast<std::size_t>(place)] += probability;
        met[static_cast<std::size_t>(place)] = true;
    }
    const double named = std::accumulate(mass.begin(), mass.end(), 0.0);
    if (!(named > 0))
        return refusal("none of the likely first tokens is one of the choices' letters");
    LlmAnswer answer;
    const auto missing = static_cast<std::size_t>(std::count(met.begin(), met.end(), false));
    const double unseen = std::max(0.0, 1 - all);
    for (std::size_t i = 0; i < count; ++i)
        if (!met[i])
            mass[i] = unseen / static_cast<double>(missing);
    const double whole = std::max(1.0, all);
    answer.outside = std::clamp(1 - (named + (missing > 0 ? unseen : 0)) / whole, 0.0, 1.0);
    answer.q = distributionOf(mass, choices);
    answer.origin = missing > 0 ? TeacherOrigin::PartialLogProbabilities : TeacherOrigin::LogProbabilities;
    return answer;
}

LlmAnswer fromStated(const std::string& text, const LlmChoices& choices) {
    std::size_t from = text.rfind("</think>");
    from = from == std::string::npos ? 0 : from;
    std::string problem = "the reply holds no JSON object with a label";
    for (std::size_t begin = text.find('{', from); begin != std::string::npos;
         begin = text.find('{', begin + 1)) {
        const std::size_t end = endOfObject(text, begin);
        if (end == std::string::npos)
            break;
        const auto object =
            QJsonDocument::fromJson(QByteArray(text.data() + begin, static_cast<qsizetype>(end - begin)))
                .object();
        const QJsonValue label = valueOf(object, {"label", "class", "answer", "category"});
        if (label.isNull())
            continue;
        const std::string said =
            label.isDouble() ? writeNumber(label.toDouble()) : label.toString().toStdString();
        const int place = choiceOfText(choices, said);
        const auto confidence = confidenceOf(valueOf(object, {"confidence", "probability"}));
        if (place < 0) {
            problem = "the label in the reply's JSON is none of the classes";
        } else if (!confidence) {
            problem = "the confidence in the reply's JSON is no number from 0 to 1 (or 100 %)";
        } else {
            LlmAnswer answer;
            answer.label = choices.classes[static_cast<std::size_t>(place)];
            answer.confidence = static_cast<float>(*confidence);
            answer.origin = TeacherOrigin::Stated;
            return answer;
        }
    }
    return refusal(std::move(problem));
}

LlmAnswer fromVotes(std::span<const std::string> texts, const LlmChoices& choices) {
    std::vector<double> votes(choices.labels.size(), 0.0);
    double valid = 0;
    for (const auto& text : texts)
        if (const int place = choiceOfText(choices, text); place >= 0) {
            votes[static_cast<std::size_t>(place)] += 1;
            ++valid;
        }
    if (valid == 0)
        return refusal(texts.size() == 1 ? "the reply names no class"
                                         : fmt::format("none of {} replies names a class", texts.size()));
    LlmAnswer answer;
    answer.q = distributionOf(votes, choices);
    answer.outside = 1 - valid / static_cast<double>(texts.size());
    answer.origin = TeacherOrigin::Votes;
    return answer;
}

LlmAnswer readAnswer(const LlmSettings& settings, std::span<const LlmReply> replies,
                     const LlmChoices& choices) {
    std::vector<const LlmReply::Choice*> said;
    for (const auto& reply : replies)
        for (const auto& choice : reply.choices)
            said.push_back(&choice);
    if (said.empty())
        return refusal("the reply is empty");
    switch (settings.ask) {
    case LlmAsk::LogProbabilities:
        if (said.front()->first.empty())
            return refusal(
                "the server sent no log-probabilities with its reply; set teacher.ask to stated or "
                "votes");
        return fromLogProbabilities(said.front()->first, choices);
    case LlmAsk::Stated: {
        LlmAnswer answer = fromStated(said.front()->content, choices);
        if (!answer.refused.empty() && said.front()->cut)
            answer.refused += "; it was cut after teacher.max_tokens tokens";
        return answer;
    }
    case LlmAsk::Votes:
        break;
    }
    std::vector<std::string> texts;
    for (const auto* choice : said)
        if (static_cast<std::int64_t>(texts.size()) < settings.samples)
            texts.push_back(choice->content);
    return fromVotes(texts, choices);
}

} // namespace stillroom
