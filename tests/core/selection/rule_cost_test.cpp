// What a rule may cost: no allocation in a step, and microseconds. (tests/benchmarks/rule_cost measures it
// against a whole step of training.)
#include "tests/core/selection/given_batches.h"

#include <QtTest>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> allocations{0};
}

// Counted, so that the steady state can be shown to allocate nothing.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace stillroom;

class RuleCostTest : public QObject {
    Q_OBJECT

    static void addRules() {
        QTest::addColumn<int>("rule");
        QTest::addColumn<bool>("share");
        for (int i = 0; i < RuleCount; ++i) {
            const auto kind = static_cast<RuleKind>(i);
            const std::string name(ruleName(kind));
            QTest::newRow(name.c_str()) << i << false;
            if (kind == RuleKind::Student || kind == RuleKind::Teacher || kind == RuleKind::Llkd)
                QTest::newRow((name + " by share").c_str()) << i << true;
        }
    }

    static SelectionSettings settingsFor(int rule, bool share) {
        auto settings = workingSettings(static_cast<RuleKind>(rule));
        if (!share)
            return settings;
        if (settings.rule == RuleKind::Llkd) {
            settings.fixedRatio = 0.2;
            return settings;
        }
        settings.cut.reset();
        settings.ratio = 0.2;
        return settings;
    }

  private Q_SLOTS:
    void theSteadyStateAllocatesNothing_data() { addRules(); }
    void theSteadyStateAllocatesNothing() {
        QFETCH(int, rule);
        QFETCH(bool, share);
        auto settings = settingsFor(rule, share);
        settings.quantile = 0.8;
        settings.weight = Weighting::Product;
        Random random(3, "allocation test");
        People people = somePeople(random, 10, 64);
        for (int y = 0; y < 10; ++y)
            people.names.push_back("a class whose name is of some length " + std::to_string(y));
        settings.teacherClassScales = {{people.names[3], 0.9}};
        settings.studentClassScales = {{people.names[4], 0.9}};
        const auto subject = made(settings, people.population(10));
        const Given g = fullBatch(random, 10, 64, 64, 5);
        Decision decision;
        subject->observe(g.batch(), decision);
        const long before = allocations.load();
        for (int step = 0; step < 100; ++step)
            subject->observe(g.batch(), decision);
        QCOMPARE(allocations.load() - before, 0L);
    }

    void aStepCostsMicroseconds_data() { addRules(); }
    void aStepCostsMicroseconds() {
        // A training step takes about 100 µs; the rule may take 3 % of it. The fastest of many stretches, and
        // room for builds with sanitizers: this is here to catch another order of magnitude.
        QFETCH(int, rule);
        QFETCH(bool, share);
        Random random(3, "speed test");
        const People people = somePeople(random, 10, 6400);
        const auto subject = made(settingsFor(rule, share), people.population(10));
        std::vector<Given> batches;
        for (int i = 0; i < 20; ++i)
            batches.push_back(fullBatch(random, 10, 64, 6400, 5));
        Decision decision;
        double best = 1;
        for (int stretch = 0; stretch < 200; ++stretch) {
            const auto begin = std::chrono::steady_clock::now();
            for (const auto& g : batches)
                subject->observe(g.batch(), decision);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            best = std::min(best, took.count() / 20);
        }
        qInfo("observe, 64 samples, 10 classes: %.2f µs", best * 1e6);
        QVERIFY(best < 30e-6);
    }
};

QTEST_GUILESS_MAIN(RuleCostTest)
#include "rule_cost_test.moc"
