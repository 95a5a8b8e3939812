#include "core/teacher/llm_request.h"

#include "core/base/number.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace stillroom {

namespace {

std::int64_t longestAnswer(const LlmSettings& settings) {
    return settings.ask == LlmAsk::LogProbabilities ? 1 : settings.maxTokens;
}

double temperatureOf(const LlmSettings& settings) {
    return settings.ask == LlmAsk::Votes ? settings.temperature : 0;
}

/// {"label": one of the choices', "confidence": a number}
QJsonObject answerShape(const LlmChoices& choices) {
    QJsonArray labels;
    for (const auto& label : choices.labels)
        labels.append(QString::fromStdString(label));
    const QJsonObject properties{
        {QStringLiteral("label"),
         QJsonObject{{QStringLiteral("type"), QStringLiteral("string")}, {QStringLiteral("enum"), labels}}},
        {QStringLiteral("confidence"), QJsonObject{{QStringLiteral("type"), QStringLiteral("number")}}}};
    const QJsonObject schema{
        {QStringLiteral("type"), QStringLiteral("object")},
        {QStringLiteral("properties"), properties},
        {QStringLiteral("required"), QJsonArray{QStringLiteral("label"), QStringLiteral("confidence")}},
        {QStringLiteral("additionalProperties"), false}};
    return {{QStringLiteral("type"), QStringLiteral("json_schema")},
            {QStringLiteral("json_schema"), QJsonObject{{QStringLiteral("name"), QStringLiteral("answer")},
                                                        {QStringLiteral("strict"), true},
                                                        {QStringLiteral("schema"), schema}}}};
}

} // namespace

QByteArray requestBody(const LlmSettings& settings, const LlmQuestion& question, std::int64_t samples,
                       const LlmDialect& dialect) {
    QJsonArray messages;
    for (const auto& message : question.messages)
        messages.append(QJsonObject{{QStringLiteral("role"), QString::fromStdString(message.role)},
                                    {QStringLiteral("content"), QString::fromStdString(message.content)}});
    QJsonObject body{{QStringLiteral("model"), QString::fromStdString(settings.model)},
                     {QStringLiteral("messages"), messages},
                     {QStringLiteral("temperature"), temperatureOf(settings)},
                     {dialect.limit == LlmLimitName::MaxTokens ? QStringLiteral("max_tokens")
                                                               : QStringLiteral("max_completion_tokens"),
                      static_cast<qint64>(longestAnswer(settings))}};
    if (settings.ask == LlmAsk::LogProbabilities) {
        body.insert(QStringLiteral("logprobs"), true);
        body.insert(QStringLiteral("top_logprobs"), LlmAlternatives);
    }
    if (settings.ask == LlmAsk::Stated && dialect.schema)
        body.insert(QStringLiteral("response_format"), answerShape(question.choices));
    if (samples > 1)
        body.insert(QStringLiteral("n"), static_cast<qint64>(samples));
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

std::string answerKey(const LlmSettings& settings, const LlmQuestion& question) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // Each with its length, so that no two lists of parts are the same bytes.
    const auto add = [&](std::string_view part) {
        const std::string length = std::to_string(part.size()) + ":";
        hash.addData(QByteArray::fromRawData(length.data(), static_cast<qsizetype>(length.size())));
        hash.addData(QByteArray::fromRawData(part.data(), static_cast<qsizetype>(part.size())));
    };
    add("stillroom answer 1");
    add(settings.model);
    add(std::to_string(static_cast<int>(settings.ask)));
    add(writeNumber(temperatureOf(settings)));
    add(std::to_string(longestAnswer(settings)));
    add(std::to_string(settings.ask == LlmAsk::Votes ? settings.samples : 1));
    for (const auto& message : question.messages) {
        add(message.role);
        add(message.content);
    }
    return hash.result().toHex().toStdString();
}

} // namespace stillroom
