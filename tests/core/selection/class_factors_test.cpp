// Thresholds of single classes, by name: selection.teacher_class_scales and student_class_scales.
#include "core/selection/class_factors.h"

#include "tests/core/selection/given_batches.h"

#include <QtTest>

using namespace stillroom;

class ClassFactorsTest : public QObject {
    Q_OBJECT

    const std::vector<std::string> names_ = {"fire", "flood", "storm"};

    static std::string sentence(const SelectionSettings& settings, const std::vector<std::string>& names) {
        const auto checked = checkClassNames(settings, names);
        return checked ? std::string() : checked.error().message;
    }

  private Q_SLOTS:
    void namesBecomeClasses() {
        const FactorsByClass factors({{"storm", 0.5}, {"fire", 2.0}, {"nothing of ours", 7.0}}, names_);
        std::vector<double> thresholds = {0.1, 0.2, 0.3};
        factors.apply(0, thresholds);
        QCOMPARE(thresholds, (std::vector<double>{0.2, 0.2, 0.15}));
        thresholds.clear();
        factors.apply(0, thresholds); // a threshold that is off stays off
        QVERIFY(thresholds.empty());
    }

    void factorsAreSchedules() {
        const FactorsByClass factors({{"flood", Schedule(1, 0, ScheduleShape::Linear)}}, names_);
        std::vector<double> thresholds = {0.5, 0.5, 0.5};
        factors.apply(0.5, thresholds);
        QCOMPARE(thresholds, (std::vector<double>{0.5, 0.25, 0.5}));
    }

    void aWrongNameHasItsSentence() {
        SelectionSettings settings;
        settings.teacherClassScales = {{"fire", 0.9}, {"flod", 1.1}};
        QCOMPARE(sentence(settings, names_),
                 std::string("selection.teacher_class_scales names 'flod', which is none of the classes; did "
                             "you mean 'flood'?"));
        QCOMPARE(sentence(settings, {}), std::string()); // no classes are known
        settings.teacherClassScales = {};
        settings.studentClassScales = {{"earthquake", 1.1}};
        QCOMPARE(
            sentence(settings, names_),
            std::string("selection.student_class_scales names 'earthquake', which is none of the classes; "
                        "they are fire, flood, storm"));
        const People people{{0, 1, 2}, {0.5F, 0.5F, 0.5F}, {}, names_};
        const auto rule = makeRule(settings, people.population(3));
        QVERIFY(!rule);
        QCOMPARE(rule.error().message, sentence(settings, names_));
    }

    void onlyRulesThatLookComplain() {
        SelectionSettings settings = settingsOf(RuleKind::Teacher);
        settings.teacherClassScales = settings.studentClassScales = {{"earthquake", 1.1}};
        settings.ratio = 0.5;
        QCOMPARE(sentence(settings, names_), std::string());
        settings.ratio.reset();
        settings.cut = 0.5;
        QVERIFY(sentence(settings, names_).starts_with("selection.teacher_class_scales"));
        settings.rule = RuleKind::Student;
        QVERIFY(sentence(settings, names_).starts_with("selection.student_class_scales"));
        settings.rule = RuleKind::FixMatch;
        QCOMPARE(sentence(settings, names_), std::string());
    }

    void theTeachersCutByClass() {
        const People people{{0, 1, 2}, {0.5F, 0.5F, 0.5F}, {}, names_};
        SelectionSettings settings = settingsOf(RuleKind::Teacher);
        settings.cut = 0.5;
        settings.teacherClassScales = {{"flood", 1.5}, {"storm", 4.0}};
        const auto rule = made(settings, people.population(3));
        Decision decision;
        // Bars 0.5, 0.75, and 2 cut to 1: what is certain can always be kept.
        rule->observe(
            given({0, 0, 1, 1, 2, 2}, {0.5F, 0.4F, 0.75F, 0.7F, 1.0F, 0.99F}, std::vector<float>(6)).batch(),
            decision);
        QCOMPARE(rule->thresholds().teacher, (std::vector<double>{0.5, 0.75, 1}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 0, 1, 0}));
        QCOMPARE(decision.verdicts[1], Verdict::TeacherUnsure);
        // Dragged in flight.
        settings.teacherClassScales = {{"fire", 0.5}};
        rule->adjust(settings);
        rule->observe(given({0, 1}, {0.25F, 0.25F}, std::vector<float>(2)).batch(), decision);
        QCOMPARE(rule->thresholds().teacher, (std::vector<double>{0.25, 0.5, 0.5}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0}));
    }

    void theStudentsCutByClass() {
        const People people{{0, 1, 2}, {0.5F, 0.5F, 0.5F}, {}, names_};
        SelectionSettings settings = settingsOf(RuleKind::Student);
        settings.cut = 0.5;
        settings.studentClassScales = {{"flood", 1.5}};
        settings.teacherClassScales = {{"flood", 0.0}}; // the other one's
        const auto rule = made(settings, people.population(3));
        Decision decision;
        rule->observe(given({0, 0, 1, 1}, {1, 1, 1, 1}, {0.5F, 0.4F, 0.75F, 0.7F}).batch(), decision);
        QCOMPARE(rule->thresholds().student, (std::vector<double>{0.5, 0.75, 0.5}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 0}));
        QCOMPARE(decision.verdicts[3], Verdict::StudentSure);
        settings.studentClassScales = {{"storm", 2.0}};
        rule->adjust(settings);
        rule->observe(given({2}, {1}, {1}).batch(), decision);
        QCOMPARE(rule->thresholds().student, (std::vector<double>{0.5, 0.5, 1}));
    }

    void llkdsThresholdsByClassBeforeClipping() {
        // g = 0.5 and every m alike: without factors every threshold is 0.5.
        const People people{{0, 1, 2}, {0.5F, 0.5F, 0.5F}, {}, names_};
        SelectionSettings settings;
        settings.teacherClassScales = {{"fire", 0.5}, {"flood", 1.8}};
        settings.studentClassScales = {{"storm", 0.0}};
        settings.clipLow = 0.1;
        settings.clipHigh = 0.8;
        const auto rule = made(settings, people.population(3));
        QCOMPARE(rule->thresholds().teacher, (std::vector<double>{0.25, 0.8, 0.5})); // from the start
        Decision decision;
        rule->observe(given({0, 1, 2}, {0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}).batch(), decision);
        QCOMPARE(rule->thresholds().teacher, (std::vector<double>{0.25, 0.8, 0.5}));
        QCOMPARE(rule->thresholds().student, (std::vector<double>{0.5, 0.5, 0.1}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1}));
        settings.teacherClassScales.clear();
        rule->adjust(settings);
        rule->observe(given({0, 1, 2}, {0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}).batch(), decision);
        QCOMPARE(rule->thresholds().teacher, (std::vector<double>{0.5, 0.5, 0.5}));
    }
};

QTEST_GUILESS_MAIN(ClassFactorsTest)
#include "class_factors_test.moc"
