// What a labelling has spent, when its budget is spent, how long the rest will take: cases worked by hand.
#include "core/teacher/labelling_account.h"

#include <QTest>
#include <cmath>

using namespace stillroom;

namespace {

LlmReply replyOf(std::int64_t promptTokens, std::int64_t answerTokens, const std::string& content = "A") {
    LlmReply reply;
    reply.choices.push_back({content, false, {}});
    reply.promptTokens = promptTokens;
    reply.answerTokens = answerTokens;
    return reply;
}

} // namespace

class LabellingAccountTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void tokensAndMoney() {
        LlmSettings settings;
        settings.promptPrice = 2;
        settings.answerPrice = 10;
        LabellingAccount account(settings);
        LabellingState state;
        account.add(replyOf(100, 5), 1, state);
        QCOMPARE(state.promptTokens, std::int64_t(100));
        QCOMPARE(state.answerTokens, std::int64_t(5));
        QVERIFY(std::abs(state.money - (100 * 2 + 5 * 10) / 1e6) < 1e-15);
        // Not counted by the server: 400 bytes are 100 tokens, 8 bytes 2 and one that ends them.
        account.add(replyOf(0, 0, "12345678"), 400, state);
        QCOMPARE(state.promptTokens, std::int64_t(200));
        QCOMPARE(state.answerTokens, std::int64_t(8));
    }

    void aBudgetOfCalls() {
        LlmSettings settings;
        settings.budgetCalls = 10;
        const LabellingAccount account(settings);
        LabellingState state;
        state.asked = 6;
        QCOMPARE(account.spent(state, 3, 1), std::string());
        QCOMPARE(account.spent(state, 4, 1), std::string("the budget of 10 calls is spent"));
        QVERIFY(!account.spent(state, 0, 5).empty()); // of five votes one by one only four would be had
    }

    /// Those under way, and the next, are taken to cost what the others did.
    void budgetsOfTokensAndMoney() {
        LlmSettings settings;
        settings.budgetTokens = 400;
        settings.promptPrice = 10'000; // a hundredth a token
        LabellingAccount account(settings);
        LabellingState state;
        state.underWay = 1;
        account.add(replyOf(100, 0), 1, state);
        QCOMPARE(account.spent(state, 0, 1), std::string()); // 100 and twice as much again
        state.underWay = 3;
        QCOMPARE(account.spent(state, 0, 1), std::string("the budget of 400 tokens is spent"));
        settings.budgetTokens = 0;
        settings.budgetMoney = 4.5;
        LabellingAccount other(settings);
        LabellingState paid;
        other.add(replyOf(100, 0), 1, paid);
        other.add(replyOf(300, 0), 1, paid); // 4 in all, 2 of each
        QVERIFY(other.spent(paid, 0, 1).find("teacher.budget.money") != std::string::npos);
        settings.budgetMoney = 6.5;
        LabellingAccount richer(settings);
        LabellingState rich;
        richer.add(replyOf(100, 0), 1, rich);
        richer.add(replyOf(300, 0), 1, rich);
        QCOMPARE(richer.spent(rich, 0, 1), std::string());
    }

    void howLongItWillTake() {
        LabellingState state;
        state.rows = 100;
        state.known = 60; // forty of them from before
        state.failed = 10;
        QCOMPARE(secondsLeft(state, 5, 0), 0.0);
        QCOMPARE(secondsLeft(state, 5, 20), 7.5); // thirty are left, a quarter of a second each
        state.waiting = 30;
        QCOMPARE(secondsLeft(state, 5, 20), 30.0);
    }
};

QTEST_GUILESS_MAIN(LabellingAccountTest)
#include "labelling_account_test.moc"
