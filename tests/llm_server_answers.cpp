#include "llm_server_answers.h"

#include "core/base/random.h"
#include "llm_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <vector>

namespace stillroom::test {

namespace {

/// One choice of a prompt.
struct Choice {
    QString label;
    int kind; ///< which class
};

/// The choices as the prompt lists them: lines of a letter or a number, a mark, and a class's name. Where it
/// lists none or others: the classes in their order, lettered.
std::vector<Choice> choicesIn(const QString& prompt, const QStringList& classes) {
    static const QRegularExpression line(QStringLiteral("^\\W*([A-Za-z]|\\d+)[.):\\]]\\s*(.+)$"),
                                         QRegularExpression::MultilineOption);
    std::vector<Choice> choices;
    for (auto lines = line.globalMatch(prompt); lines.hasNext();) {
        const auto found = lines.next();
        int best = -1;
        for (int k = 0; k < classes.size(); ++k)
            if (found.captured(2).startsWith(classes[k]) &&
                (best < 0 || classes[k].size() > classes[best].size()))
                best = k;
        if (best >= 0)
            choices.push_back({found.captured(1), best});
    }
    if (choices.size() == static_cast<std::size_t>(classes.size()))
        return choices;
    choices.clear();
    for (int k = 0; k < classes.size(); ++k)
        choices.push_back({QString(QChar(u'A' + k)), k});
    return choices;
}

/// One class, drawn from q.
int drawn(const std::vector<double>& q, Random& random) {
    double left = random.uniform();
    for (std::size_t k = 0; k + 1 < q.size(); ++k)
        if ((left -= q[k]) < 0)
            return static_cast<int>(k);
    return static_cast<int>(q.size()) - 1;
}

QJsonObject token(const QString& text, double probability) {
    return {{"token", text}, {"logprob", std::log(probability)}, {"bytes", QJsonValue::Null}};
}

QJsonObject choice(int index, const QString& content) {
    return {{"index", index},
            {"finish_reason", "stop"},
            {"message", QJsonObject{{"role", "assistant"}, {"content", content}}}};
}

QByteArray completion(const QJsonArray& choices, int answerTokens) {
    return QJsonDocument(QJsonObject{{"id", "chatcmpl-test"},
                                     {"object", "chat.completion"},
                                     {"model", "test"},
                                     {"choices", choices},
                                     {"usage", QJsonObject{{"prompt_tokens", 100},
                                                           {"completion_tokens", answerTokens},
                                                           {"total_tokens", 100 + answerTokens}}}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

int rowOf(const QString& prompt) {
    const auto at = prompt.lastIndexOf(QLatin1String("row-"));
    if (at < 0)
        return -1;
    qsizetype end = at + 4;
    while (end < prompt.size() && prompt[end].isDigit())
        ++end;
    return prompt.mid(at + 4, end - at - 4).toInt();
}

QByteArray goodAnswer(const QJsonObject& request, int row, int time, const QStringList& classes,
                      const QString& prompt) {
    const auto q = LlmServer::distribution(row, static_cast<int>(classes.size()));
    auto choices = choicesIn(prompt, classes);
    const auto probability = [&](const Choice& one) { return q[static_cast<std::size_t>(one.kind)]; };
    std::sort(choices.begin(), choices.end(),
              [&](const Choice& a, const Choice& b) { return probability(a) > probability(b); });
    if (request.value("logprobs").toBool()) {
        QJsonArray tops;
        const int most = request.value("top_logprobs").toInt();
        for (const auto& one : choices)
            if (tops.size() < most)
                tops.append(token(one.label, (1 - LlmServer::Outside) * probability(one)));
        if (tops.size() < most)
            tops.append(token("The", LlmServer::Outside));
        QJsonObject first = tops[0].toObject();
        first.insert("top_logprobs", tops);
        QJsonObject answer = choice(0, choices[0].label);
        answer.insert("logprobs", QJsonObject{{"content", QJsonArray{first}}});
        return completion({answer}, 1);
    }
    if (request.value("temperature").toDouble() > 0) {
        const int n = std::max(1, request.value("n").toInt());
        Random random(static_cast<std::uint64_t>(row), "votes", static_cast<std::uint64_t>(time));
        QJsonArray votes;
        for (int i = 0; i < n; ++i) {
            const int vote = drawn(q, random);
            votes.append(choice(i, std::find_if(choices.begin(), choices.end(), [&](const Choice& one) {
                                       return one.kind == vote;
                                   })->label));
        }
        return completion(votes, n);
    }
    const QString stated = QStringLiteral("{\"label\": \"%1\", \"confidence\": %2}")
                               .arg(choices[0].label)
                               .arg(probability(choices[0]), 0, 'f', 6);
    return completion({choice(0, stated)}, 20);
}

QByteArray completionOf(const QString& content) {
    return completion({choice(0, content)}, 5);
}

std::vector<double> LlmServer::distribution(int row, int classes) {
    Random random(static_cast<std::uint64_t>(row), "what the test server says");
    std::vector<double> q(static_cast<std::size_t>(classes));
    double sum = 0;
    for (auto& p : q)
        sum += p = 0.001 + std::pow(random.uniform(), 6);
    for (auto& p : q)
        p /= sum;
    return q;
}

} // namespace stillroom::test
