// That the sentences say what happened, and that no number in them says otherwise.
#include "core/lab/biography_words.h"

#include "core/base/random.h"

#include <QRegularExpression>
#include <QtTest>
#include <set>

using namespace stillroom;
using Bar = BiographyEntry::Bar;

namespace {

QString words(const char* name, double value, Bar bar, bool passes, int digits = 3, bool ofClass = true) {
    return QString::fromStdString(barWords(name, value, bar, passes, digits, ofClass));
}

struct Case {
    Verdict verdict = Verdict::Kept;
    double confidence = 0.92;
    float uncertainty = 0.64F;
    std::optional<Bar> teacher = {}, student = {}, studentConfidence = {};
    const SelectionSettings* selection = nullptr;
    bool classBars = true;
};

QString sentence(const Case& of) {
    BiographyEntry entry;
    entry.trace = SampleTrace(of.verdict, of.uncertainty, of.uncertainty >= 0 ? 1 : -1);
    entry.teacherBar = of.teacher;
    entry.studentBar = of.student;
    entry.studentConfidenceBar = of.studentConfidence;
    SentenceInput input;
    input.entry = &entry;
    input.confidence = of.confidence;
    input.label = "flood";
    input.gold = "storm";
    input.studentLabel = "fire";
    input.classBars = of.classBars;
    input.selection = of.selection;
    return QString::fromStdString(sentenceOf(input));
}

const Bar Teacher = {0.81, 0.81};
const Bar Student = {0.43, 0.43};

} // namespace

class BiographyWordsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void numbersThatShowIt();
    void numbersThatAreClose();
    void barsThatMoved();
    void numbersNeverContradict();
    void verdictsWithBars();
    void rulesWithoutBars();
    void shares();
    void fewWords();
};

void BiographyWordsTest::numbersThatShowIt() {
    QCOMPARE(words("confidence", 0.924, {0.81, 0.81}, true), QString("confidence 0.92, bar 0.81"));
    QCOMPARE(words("confidence", 0.924, {0.79, 0.83}, true),
             QString("confidence 0.92, bar between 0.79 and 0.83"));
    QCOMPARE(words("uncertainty", 0.21, {0.43, 0.43}, false),
             QString("uncertainty 0.21, below the bar of 0.43 for its class"));
    QCOMPARE(words("uncertainty", 0.21, {0.43, 0.43}, false, 3, false),
             QString("uncertainty 0.21, below the bar of 0.43"));
    QCOMPARE(words("uncertainty", 0.21, {0.41, 0.43}, false),
             QString("uncertainty 0.21, below the bar, between 0.41 and 0.43 for its class"));
    QCOMPARE(words("uncertainty", 0.42, {0.43, 0.43}, false),
             QString("uncertainty 0.42, just below the bar of 0.43 for its class"));
}

void BiographyWordsTest::numbersThatAreClose() {
    // 0.43 against 0.43: a third digit shows it, or nothing does.
    QCOMPARE(words("uncertainty", 0.428, {0.431, 0.431}, false),
             QString("uncertainty 0.428, just below the bar of 0.431 for its class"));
    QCOMPARE(words("uncertainty", 0.432, {0.4304, 0.4304}, true),
             QString("uncertainty 0.432, just above the bar of 0.430 for its class"));
    QCOMPARE(words("uncertainty", 0.4301, {0.4302, 0.4302}, false),
             QString("uncertainty 0.43, just below where the bar for its class was at that step"));
    QCOMPARE(words("confidence", 0.9498, {0.95, 0.95}, false, 4, false),
             QString("confidence 0.9498, just below the bar of 0.9500"));
    // Late in training all uncertainties are small: digits that count, and nothing is "just" below by itself.
    QCOMPARE(
        sentence({.verdict = Verdict::StudentSure, .uncertainty = 0.0065F, .student = Bar{0.009, 0.009}}),
        QString("Refused: the student is sure already (uncertainty 0.007, below the bar of 0.009 for its "
                "class)."));
    QCOMPARE(
        sentence({.verdict = Verdict::StudentSure, .uncertainty = 0.00881F, .student = Bar{0.009, 0.009}}),
        QString(
            "Refused: the student is sure already (uncertainty 0.0088, just below the bar of 0.0090 for its "
            "class)."));
    QCOMPARE(
        sentence({.verdict = Verdict::StudentSure, .uncertainty = 0.0001F, .student = Bar{0.009, 0.009}}),
        QString(
            "Refused: the student is sure already (uncertainty 0.00, below the bar of 0.01 for its class)."));
    // A teacher that says 0.95, and a cut at 0.95.
    QCOMPARE(words("confidence", static_cast<double>(0.95F), {0.95, 0.95}, true, 4, false),
             QString("confidence 0.95, at the bar"));
}

void BiographyWordsTest::barsThatMoved() {
    // Within the window it went past the value.
    QCOMPARE(words("uncertainty", 0.43, {0.42, 0.44}, false),
             QString("uncertainty 0.43, just below where the bar for its class was at that step"));
    QCOMPARE(words("uncertainty", 0.43, {0.42, 0.44}, true),
             QString("uncertainty 0.43, just above where the bar for its class was at that step"));
    QCOMPARE(words("uncertainty", 0.40, {0.30, 0.50}, false),
             QString("uncertainty 0.40, below where the bar for its class was at that step"));
    // Both of the window's ends are on the other side.
    QCOMPARE(words("uncertainty", 0.45, {0.44, 0.44}, false),
             QString("uncertainty 0.45, just below where the bar for its class was at that step"));
    QCOMPARE(words("confidence", 0.80, {0.81, 0.82}, true, 4),
             QString("confidence 0.80, just above where the bar for its class was at that step"));
    QCOMPARE(words("confidence", 0.60, {0.81, 0.82}, true, 4),
             QString("confidence 0.60, above where the bar for its class was at that step"));
}

/// Whatever the numbers: those that are printed show what the words say.
void BiographyWordsTest::numbersNeverContradict() {
    Random random(11, "words");
    static const QRegularExpression number("[0-9]\\.[0-9]+");
    int withBar = 0;
    for (int round = 0; round < 20'000; ++round) {
        const double value = random.uniform();
        const double width = random.uniform() < 0.5 ? 0 : std::pow(10, -4 * random.uniform());
        const double middle =
            random.uniform() < 0.5 ? random.uniform() : value + (random.uniform() - 0.5) * 0.02;
        const Bar bar = {std::max(0.0, middle - width / 2), middle + width / 2};
        const bool passes = random.uniform() < 0.5;
        const QString said = words("confidence", value, bar, passes, 4);
        QVERIFY(said.contains("above") || said.contains("below") || said.contains(", bar ") ||
                said.contains("at the bar"));
        QVERIFY(!said.contains(passes ? "below" : "above"));
        std::vector<double> numbers;
        for (auto found = number.globalMatch(said); found.hasNext();)
            numbers.push_back(found.next().captured().toDouble());
        QVERIFY(!numbers.empty());
        QVERIFY(std::abs(numbers[0] - value) <= 0.0050001);
        for (std::size_t i = 1; i < numbers.size(); ++i) {
            QVERIFY2(passes ? numbers[0] > numbers[i] : numbers[0] < numbers[i], qPrintable(said));
            ++withBar;
        }
    }
    QVERIFY(withBar > 5000);
}

void BiographyWordsTest::verdictsWithBars() {
    QCOMPARE(
        sentence({.teacher = Teacher, .student = Student}),
        QString(
            "Kept: the teacher is sure (confidence 0.92, bar 0.81) and the student is not yet (uncertainty "
            "0.64, bar 0.43)."));
    QCOMPARE(sentence({.teacher = Teacher}),
             QString("Kept: the teacher is sure (confidence 0.92, bar 0.81)."));
    QCOMPARE(sentence({.student = Student}),
             QString("Kept: the student is not sure yet (uncertainty 0.64, bar 0.43)."));
    QCOMPARE(
        sentence(
            {.verdict = Verdict::StudentSure, .uncertainty = 0.21F, .teacher = Teacher, .student = Student}),
        QString(
            "Refused: the student is sure already (uncertainty 0.21, below the bar of 0.43 for its class)."));
    QCOMPARE(
        sentence(
            {.verdict = Verdict::TeacherUnsure, .confidence = 0.62, .teacher = Teacher, .classBars = false}),
        QString("Refused: the teacher is not sure enough (confidence 0.62, below the bar of 0.81)."));
    QCOMPARE(
        sentence({.verdict = Verdict::BothRefuse,
                  .confidence = 0.62,
                  .uncertainty = 0.21F,
                  .teacher = Teacher,
                  .student = Student}),
        QString(
            "Refused: the teacher is not sure enough (confidence 0.62, below the bar of 0.81 for its class), "
            "and the student is sure already (uncertainty 0.21, below the bar of 0.43 for its class)."));
    QCOMPARE(
        sentence({.verdict = Verdict::StudentUnsure, .studentConfidence = Bar{0.95, 0.95}}),
        QString(
            "Refused: the student is not sure enough of its own answer, 'fire': its probability is below the "
            "bar of 0.95."));
    QCOMPARE(sentence({.studentConfidence = Bar{0.5, 0.6}}),
             QString("Kept: the student is sure enough of its own answer, 'fire': its probability is not "
                     "below the bar "
                     "between 0.50 and 0.60."));
    // Without bars (an older run, a window that is missing) the verdict is still told.
    QCOMPARE(sentence({.verdict = Verdict::StudentSure}), QString("Refused: the student is sure already."));
    QCOMPARE(sentence({.verdict = Verdict::Unseen}),
             QString("Not seen in this epoch: its turn had not come."));
    QCOMPARE(sentence({}), QString("Kept."));
}

void BiographyWordsTest::rulesWithoutBars() {
    const auto kept = [](RuleKind rule) {
        SelectionSettings selection;
        selection.rule = rule;
        return sentence({.selection = &selection});
    };
    QCOMPARE(kept(RuleKind::All), QString("Kept: the rule keeps every sample."));
    QCOMPARE(kept(RuleKind::Random), QString("Kept: chance drew it."));
    QCOMPARE(kept(RuleKind::Oracle), QString("Kept: the pseudo-label, 'flood', is gold's."));
    QCOMPARE(kept(RuleKind::SmallLoss), QString("Kept: its loss is among the smallest of its batch."));
    QCOMPARE(kept(RuleKind::SoftMatch),
             QString("Kept: the rule keeps every sample and weighs it by how sure the student is."));
    QCOMPARE(kept(RuleKind::Llkd), QString("Kept: no threshold was on."));
    std::set<QString> all;
    for (int rule = 0; rule < RuleCount; ++rule) {
        all.insert(kept(static_cast<RuleKind>(rule)));
        QVERIFY(kept(static_cast<RuleKind>(rule)).startsWith("Kept: "));
    }
    QVERIFY(all.size() >= RuleCount - 2); // FixMatch's kin say the same

    QCOMPARE(sentence({.verdict = Verdict::LabelWrong}),
             QString("Refused: the pseudo-label, 'flood', is not gold's, 'storm'."));
    QVERIFY(sentence({.verdict = Verdict::NoGold}).contains("no gold label"));
    QVERIFY(sentence({.verdict = Verdict::LossHigh}).contains("loss is too large"));
    QCOMPARE(sentence({.verdict = Verdict::NotDrawn}),
             QString("Refused: chance did not draw it in this epoch."));
    SelectionSettings fixed;
    fixed.resample = false;
    QCOMPARE(sentence({.verdict = Verdict::NotDrawn, .selection = &fixed}),
             QString("Refused: chance left it out of the fixed subset."));
}

void BiographyWordsTest::shares() {
    QCOMPARE(
        sentence({.verdict = Verdict::NotInShare, .confidence = 0.62, .teacher = Teacher}),
        QString(
            "Refused: not in the share of which the teacher is surest (confidence 0.62, the share ends at "
            "0.81)."));
    QCOMPARE(sentence({.verdict = Verdict::NotInShare, .confidence = 0.81, .teacher = Teacher}),
             QString("Refused: not in the share of which the teacher is surest (confidence 0.81, where the "
                     "share ends; "
                     "of equals chance decides)."));
    QCOMPARE(sentence({.verdict = Verdict::NotInShare, .confidence = 0.83, .teacher = Teacher}), // it moved
             QString("Refused: not in the share of which the teacher is surest."));
    QCOMPARE(
        sentence({.verdict = Verdict::NotInShare, .uncertainty = 0.25F, .student = Bar{0.4, 0.5}}),
        QString(
            "Refused: not in the share of which the student is least sure (uncertainty 0.25, the share ends "
            "somewhere between 0.40 and 0.50)."));
    QCOMPARE(sentence({.verdict = Verdict::NotInShare}),
             QString("Refused: not in the share that the rule keeps."));
}

void BiographyWordsTest::fewWords() {
    std::set<std::string_view> all;
    for (int verdict = 0; verdict < VerdictCount; ++verdict) {
        const auto few = verdictWords(static_cast<Verdict>(verdict));
        QVERIFY(!few.empty() && few.size() <= 24);
        all.insert(few);
    }
    QCOMPARE(all.size(), static_cast<std::size_t>(VerdictCount));
    QCOMPARE(verdictWords(static_cast<Verdict>(15)), std::string_view());
}

QTEST_GUILESS_MAIN(BiographyWordsTest)
#include "biography_words_test.moc"
