#include "core/experiment/run_filter.h"

#include <QtTest>

using namespace stillroom;

class RunFilterTest : public QObject {
    Q_OBJECT

    static IndexedRun run() {
        IndexedRun made;
        made.summary.folder = "/runs/2026-11-24T031500.123-4821-humaid-llkd";
        made.summary.name = "HumAID llkd";
        made.summary.rule = "llkd";
        made.summary.state = RunSummary::State::CutOff;
        made.summary.settings = {{"selection.rule", "llkd"},
                                 {"selection.decay", "0.99"},
                                 {"training.seed", "13"},
                                 {"loss.temperature", "2"}};
        made.about = {{"Paper", "weak teacher"}, "Überraschend gut", false};
        return made;
    }

  private Q_SLOTS:
    void words_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("met");
        const auto row = [](const char* text, bool met) {
            QTest::newRow(text) << QString::fromUtf8(text) << met;
        };
        row("", true);
        row("   ", true);
        row("humaid", true);
        row("4821", true);
        row("cut", true);
        row("paper", true);
        row("überraschend", true);
        row("ÜBERRASCHEND", true);
        row("humaid paper", true);
        row("humaid nothing", false);
        row("\"weak teacher\"", true);
        row("\"teacher weak\"", false);
        row("tag=paper", true);
        row("tag=llkd", false);
        row("tag=\"weak teacher\"", true);
        row("state=cut", true);
        row("state=completed", false);
        row("name=humaid", true);
        row("rule=llkd", true);
        row("rule=llk", false);
        row("selection.rule=LLKD", true);
        row("decay=0.99", true);
        row("decay=0.990", true);
        row("decay=0.9", false);
        row("seed=13", true);
        row("seed=1", false);
        row("ed=13", false);
        row("training.seed=13 rule=llkd tag=pap", true);
        row("temperature=2.0", true);
        row("seed=", true); // still being typed
        row("nothing=1", false);
        row("\"seed=13\"", false); // words, and these stand nowhere
    }
    void words() {
        QFETCH(QString, text);
        QFETCH(bool, met);
        QCOMPARE(RunFilter(text.toStdString()).matches(run()), met);
    }
    void emptiness() {
        QVERIFY(RunFilter(" ").empty());
        QVERIFY(!RunFilter("x").empty());
    }
};

QTEST_GUILESS_MAIN(RunFilterTest)
#include "run_filter_test.moc"
