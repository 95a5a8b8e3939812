// Choosing a rule gives it what it needs to run, from whichever rule one comes, and takes away what would
// mean something else to it.
#include "widgets/rule_choice.h"

#include "core/selection/rule.h"
#include "widgets/text.h"

#include <QTest>

using namespace stillroom;

class RuleChoiceTest : public QObject {
    Q_OBJECT
  private:
    static QString nameOf(int rule) { return toQString(ruleName(static_cast<RuleKind>(rule))); }
    static void choose(ExperimentDocument& document, const QString& rule) {
        const auto done = document.setAll("rule", QList<SettingChange>{{"selection.rule", rule}} +
                                                      companionsOf(rule, document.experiment().selection));
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }

  private Q_SLOTS:
    void everyRuleCanRunAfterEveryOther() {
        for (int first = 0; first < RuleCount; ++first)
            for (int second = 0; second < RuleCount; ++second)
                for (int third = 0; third < RuleCount; ++third) {
                    ExperimentDocument document;
                    for (const int rule : {first, second, third}) {
                        choose(document, nameOf(rule));
                        const auto checked = checkSelection(document.experiment().selection);
                        QVERIFY2(checked,
                                 qPrintable(nameOf(first) + " " + nameOf(second) + " " + nameOf(third) +
                                            ": " + toQString(checked ? "" : checked.error().message)));
                    }
                }
    }

    void aCutIsNoOtherRulesCut() {
        ExperimentDocument document;
        choose(document, "teacher");
        QCOMPARE(document.value("selection.cut"), QStringLiteral("0.95"));
        QVERIFY(document.set("selection.cut", "0.9"));
        choose(document, "student"); // 0.9 of doubt would refuse all
        QVERIFY(!document.experiment().selection.cut.has_value());
        QVERIFY(document.experiment().selection.ratio.has_value());
        choose(document, "fixmatch");
        QVERIFY(!document.experiment().selection.cut.has_value()); // its own 0.95
        document.undoStack()->undo();
        document.undoStack()->undo();
        QCOMPARE(document.value("selection.rule"), QStringLiteral("teacher"));
        QCOMPARE(document.value("selection.cut"), QStringLiteral("0.9")); // one step back brings it back
    }

    void aCutThatWasSetBeforehandStays() {
        ExperimentDocument document;
        QVERIFY(document.set("selection.cut", "0.9"));
        choose(document, "all");
        choose(document, "teacher");
        QCOMPARE(document.value("selection.cut"), QStringLiteral("0.9"));
    }

    void everyRuleSaysWhatItIs() {
        QSet<QString> words;
        for (int rule = 0; rule < RuleCount; ++rule)
            words.insert(ruleWords(static_cast<RuleKind>(rule)));
        QCOMPARE(words.size(), qsizetype{RuleCount});
    }

    void aRuleShowsWhatItLooksAtAlone() {
        SelectionSettings s;
        s.rule = RuleKind::All;
        for (const char* name : {"decay", "cut", "ratio", "teacher_scale", "student_scale", "class_scaling",
                                 "soft_weights", "uncertainty", "clip", "fixed_ratio"})
            QVERIFY2(!ruleUses(s, name), name);
        QVERIFY(ruleUses(s, "weight"));
        s.weight = Weighting::Product;
        QVERIFY(ruleUses(s, "uncertainty")); // the weights look at it
        s = {};
        s.rule = RuleKind::Llkd;
        QVERIFY(ruleUses(s, "decay") && ruleUses(s, "class_scaling") && ruleUses(s, "teacher_scale"));
        s.fixedThresholds = FixedThresholds{0.9, 0.3};
        QVERIFY(!ruleUses(s, "decay") && !ruleUses(s, "class_scaling")); // nothing moves any more
        QVERIFY(ruleUses(s, "clip") && ruleUses(s, "fixed_thresholds"));
        s = {};
        s.rule = RuleKind::FreeMatch;
        QVERIFY(ruleUses(s, "student_scale") && !ruleUses(s, "teacher_scale") && ruleUses(s, "statistic"));
    }
};

QTEST_GUILESS_MAIN(RuleChoiceTest)
#include "rule_choice_test.moc"
