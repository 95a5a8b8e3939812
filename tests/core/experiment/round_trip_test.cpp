// A property: whatever an experiment holds, written and read it is the same again, as a whole and setting by
// setting.
#include "core/base/random.h"
#include "core/experiment/experiment.h"
#include "core/experiment/yaml_text.h"
#include "core/experiment/yaml_tree.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

namespace {

class Maker {
  public:
    explicit Maker(std::uint64_t seed) : random_(seed, "experiments") {}

    Experiment experiment() {
        Experiment e;
        e.name = text();
        for (SplitSettings* split : {&e.data.train, &e.data.validation, &e.data.test}) {
            split->files = texts();
            for (std::string* field :
                 {&split->format, &split->id, &split->text, &split->gold, &split->delimiter, &split->quoting})
                *field = text();
            split->moreText = texts();
            split->encoding = text();
            split->header = coin();
        }
        e.data.holdout = {number(), number(), integer()};
        e.data.unescapeHtml = coin();
        e.data.classes = texts();
        for (std::uint32_t i = random_.below(4); i > 0; --i)
            e.data.rename.emplace_back(std::to_string(i) + text(), text());
        e.teacher.kind = static_cast<TeacherKind>(random_.below(6));
        if (e.teacher.kind == TeacherKind::ZeroShot)
            zeroShot(e.teacher);
        if (e.teacher.kind == TeacherKind::Llm)
            llm(e.teacher);
        for (std::string* field : {&e.teacher.label, &e.teacher.confidence, &e.teacher.probabilities,
                                   &e.teacher.file, &e.teacher.format, &e.teacher.delimiter,
                                   &e.teacher.quoting, &e.teacher.encoding, &e.teacher.id})
            *field = text();
        e.teacher.header = coin();
        e.teacher.accuracy = number();
        e.teacher.overconfidence = number();
        e.teacher.confusion = number();
        e.teacher.seed = integer();
        if (coin())
            asking(e.asking);
        student(e.student);
        selection(e.selection);
        e.loss = {static_cast<LossTarget>(random_.below(3)), number(), number()};
        training(e.training);
        if (e.student.kind != StudentKind::Ngram)
            network(e.student, e.training);
        return e;
    }

    std::string text() {
        static const std::vector<std::string> pieces{
            "a",      "Z",      "7",      " ",          ":",   "#",    "'",        "\"",   "\\",
            "\n",     "\t",     "-",      "*",          "&",   "!",    "{",        "}",    "[",
            "]",      ",",      "?",      "|",          ">",   "%",    "@",        "`",    "=",
            "~",      "ä",      "漢",     "🜀",          "\r",  "null", "no",       "true", "1e5",
            ".inf",   "0x1F",   "<<",     ": ",         " #",  "- ",   "\1",       "\x7F", "\u0085",
            "\u2028", "\uFEFF", "\u00A0", "2019-01-01", "---", "...",  "file*.csv"};
        std::string made;
        for (std::uint32_t i = random_.below(6); i > 0; --i)
            made += pieces[random_.below(static_cast<std::uint32_t>(pieces.size()))];
        if (random_.below(20) == 0)
            made.push_back('\0');
        return made;
    }

  private:
    bool coin() { return random_.below(2) == 1; }
    std::int64_t integer() { return static_cast<std::int64_t>(random_.next()); }
    double number() {
        switch (random_.below(4)) {
        case 0:
            return std::round(random_.uniform() * 100) / 100;
        case 1:
            return -random_.uniform();
        case 2:
            return std::ldexp(random_.uniform(), static_cast<int>(random_.below(2000)) - 1000);
        default:
            return static_cast<double>(random_.below(10));
        }
    }
    Schedule schedule() {
        if (coin())
            return {number()};
        Schedule made(number(), number(), static_cast<ScheduleShape>(random_.below(5)));
        if (made.shape == ScheduleShape::Step)
            made.stairs = static_cast<int>(2 + random_.below(100));
        for (ScheduleSpan* span : {&made.over, &made.warmup})
            if (coin())
                *span = {1e-3 + std::abs(number()), static_cast<ScheduleUnit>(random_.below(2))};
        if (coin())
            made.over.length = std::min(1.0, made.over.length); // in the singular
        return made;
    }
    ClassFactors factors() {
        ClassFactors made;
        for (std::uint32_t i = random_.below(4); i > 0; --i)
            made["k" + text()] = schedule();
        return made;
    }
    // What does nothing in an experiment is not written: it stays at its default here.
    void zeroShot(TeacherSettings& t) {
        t.model = t.llm.model = text(); // one key for both
        t.sentence = text();
        for (std::uint32_t i = random_.below(4); i > 0; --i)
            t.sentences.emplace_back("k" + std::to_string(i) + text(), text());
        t.scale = number();
        t.length = integer();
        t.pooling = static_cast<Pooling>(random_.below(2));
    }
    void llm(TeacherSettings& t) {
        LlmSettings& l = t.llm;
        t.model = l.model = text();
        for (std::string* field : {&l.baseUrl, &l.prompt, &l.keyVariable, &l.answers})
            *field = text();
        l.ask = static_cast<LlmAsk>(random_.below(3));
        for (std::uint32_t i = random_.below(4); i > 0; --i) {
            l.descriptions.emplace_back("k" + std::to_string(i) + text(), text());
            l.examples.emplace_back(text(), text());
        }
        l.shuffleChoices = coin();
        if (l.shuffleChoices)
            l.shuffleSeed = integer();
        if (l.ask == LlmAsk::Votes) {
            l.samples = integer();
            l.temperature = number();
        }
        if (l.ask != LlmAsk::LogProbabilities)
            l.maxTokens = integer();
        for (std::int64_t* field : {&l.concurrency, &l.retries, &l.budgetTokens, &l.budgetCalls})
            *field = integer();
        for (double* field : {&l.timeout, &l.promptPrice, &l.answerPrice, &l.budgetMoney})
            *field = number();
        l.insecureHttp = coin();
    }
    void asking(AskingSettings& a) {
        a.calls = 1 + random_.below(1'000'000'000);
        if (coin())
            a.seed = integer();
        a.pick = static_cast<AskingPick>(random_.below(2));
        if (a.pick == AskingPick::Random)
            return;
        a.rounds = integer();
        a.first = number();
        a.uncertainty = static_cast<Uncertainty>(random_.below(4));
        a.diversity = static_cast<AskingDiversity>(random_.below(3));
        if (a.diversity == AskingDiversity::Chance)
            a.power = number();
    }
    void student(StudentSettings& s) {
        s.kind = static_cast<StudentKind>(random_.below(3));
        if (s.kind != StudentKind::Ngram)
            return;
        s.dimensions = static_cast<int>(random_.next());
        s.buckets = integer();
        s.wordNgrams = static_cast<int>(random_.next());
        s.charNgramsMin = static_cast<int>(random_.below(3));
        s.charNgramsMax = static_cast<int>(random_.below(3));
    }
    void network(StudentSettings& s, TrainingSettings& t) {
        s.model = text();
        s.length = integer();
        s.pooling = static_cast<Pooling>(random_.below(2));
        s.headDropout = number();
        t.optimizer.weightDecay = number();
        t.optimizer.clipNorm = number();
        t.optimizer.accumulate = integer();
        if (s.kind == StudentKind::Probe) {
            s.hidden = integer();
            return;
        }
        if (coin())
            s.dropout = number();
        s.start = static_cast<EncoderStart>(random_.below(2));
        if (s.start == EncoderStart::Scratch)
            for (auto* size : {&s.layers, &s.width, &s.heads, &s.feedForward})
                if (coin())
                    *size = integer();
        t.optimizer.layerDecay = number();
        t.precision = static_cast<Precision>(random_.below(2));
        t.scoring = static_cast<Precision>(random_.below(2));
        t.microBatch = integer();
    }
    void training(TrainingSettings& t) {
        t.epochs = integer();
        if (coin())
            t.stop.gradientSamples = integer();
        if (coin())
            t.stop.distinctSamples = integer();
        if (coin())
            t.stop.minutes = number();
        t.batch = integer();
        if (coin())
            t.learningRate = schedule();
        t.scoreEvery = integer();
        t.seed = integer();
        t.device = text();
        t.threads = integer();
        t.packing = coin();
    }
    std::vector<std::string> texts() {
        std::vector<std::string> made;
        for (std::uint32_t i = random_.below(4); i > 0; --i)
            made.push_back(text());
        return made;
    }
    void selection(SelectionSettings& s) {
        s.rule = static_cast<RuleKind>(random_.below(RuleCount));
        if (coin())
            s.decay = schedule();
        s.warmStart = coin();
        if (coin())
            s.quantile = schedule();
        s.clipLow = schedule();
        s.clipHigh = schedule();
        s.uncertainty = static_cast<Uncertainty>(random_.below(4));
        s.classScaling = coin();
        s.teacherScale = schedule();
        s.studentScale = schedule();
        s.teacherClassScales = factors();
        s.studentClassScales = factors();
        if (coin())
            s.fixedThresholds = {schedule(), schedule()};
        if (coin())
            s.fixedRatio = schedule();
        if (coin())
            s.cut = schedule();
        if (coin())
            s.ratio = schedule();
        s.resample = coin();
        s.weight = static_cast<Weighting>(random_.below(3));
        s.alpha = schedule();
        s.beta = schedule();
        s.softWeights = coin();
    }

    Random random_;
};

/// What a run records says what the rule takes of itself.
Experiment withTheRulesOwn(Experiment experiment) {
    experiment.selection = resolved(experiment.selection);
    experiment.training.learningRate = learningRateOf(experiment.training, experiment.student.kind);
    if (experiment.teacher.kind == TeacherKind::Llm)
        experiment.teacher.llm.prompt = promptNameOf(experiment.teacher.llm);
    return experiment;
}

} // namespace

class RoundTripTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void wholeExperiments();
    void settingBySetting();
    void texts();
    void damagedTexts();
};

void RoundTripTest::wholeExperiments() {
    Maker maker(1);
    for (int i = 0; i < 2000; ++i) {
        const Experiment made = maker.experiment();
        for (const auto detail : {YamlDetail::Changed, YamlDetail::Everything}) {
            const std::string yaml = writeExperiment(made, detail);
            const auto read = parseExperiment(yaml, "made");
            QVERIFY2(read, read ? "" : (read.error().message + "\n" + yaml).c_str());
            QVERIFY2(*read == (detail == YamlDetail::Everything ? withTheRulesOwn(made) : made),
                     yaml.c_str());
            QCOMPARE(writeExperiment(*read, detail), yaml);
        }
    }
}

void RoundTripTest::settingBySetting() {
    Maker maker(2);
    for (int i = 0; i < 300; ++i) {
        const Experiment made = maker.experiment();
        Experiment copied = maker.experiment(); // whatever it was before
        for (const auto& key : settingKeys()) {
            const auto value = settingValue(made, key);
            const auto done = setSetting(copied, key, value);
            QVERIFY2(done, (key + " = " + value + ": " + (done ? "" : done.error().message)).c_str());
        }
        QVERIFY2(copied == made, writeExperiment(made, YamlDetail::Everything).c_str());
    }
}

void RoundTripTest::texts() {
    Maker maker(3);
    for (int i = 0; i < 20000; ++i) {
        const std::string made = maker.text();
        for (const auto& yaml :
             {yamlText(made), "[" + yamlText(made) + ", x]", "{" + yamlText("k" + made) + ": x}"}) {
            const auto read = parseYaml(yaml);
            QVERIFY2(read, (yaml + ": " + (read ? "" : read.error().message)).c_str());
            const std::string text = read->kind == YamlNode::Kind::List  ? read->items[0].text
                                     : read->kind == YamlNode::Kind::Map ? read->entries[0].key.substr(1)
                                                                         : read->text;
            QCOMPARE(text, made);
        }
    }
}

/// Whatever is done to a text, it is refused with one line or it means something that can be written again.
void RoundTripTest::damagedTexts() {
    Maker maker(4);
    Random random(4, "damage");
    const auto number = [&](std::size_t bound) { return random.below(static_cast<std::uint32_t>(bound)); };
    static constexpr std::string_view marks = "\"'[]{}:,#&*!|>-?%@`\n\t \\~\0x1";
    int accepted = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string yaml = writeExperiment(maker.experiment(), YamlDetail::Everything);
        for (std::uint32_t times = number(4); times < 4; ++times) {
            const std::size_t at = number(yaml.size());
            if (number(3) == 0)
                yaml.erase(at, 1 + number(20));
            else if (number(2) == 0)
                yaml.insert(at, 1, marks[number(marks.size())]);
            else
                yaml[at] = marks[number(marks.size())];
        }
        const auto read = parseExperiment(yaml, "damaged");
        if (!read) {
            QVERIFY2(read.error().message.find_first_of("\n\t") == std::string::npos,
                     read.error().message.c_str());
            continue;
        }
        ++accepted;
        const auto again = parseExperiment(writeExperiment(*read, YamlDetail::Everything), "again");
        QVERIFY2(again && *again == withTheRulesOwn(*read), yaml.c_str());
    }
    QVERIFY(accepted > 50);
}

QTEST_GUILESS_MAIN(RoundTripTest)
#include "round_trip_test.moc"
