#include "core/experiment/experiment.h"

#include "core/experiment/settings.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace stillroom;

namespace {

/// The sentence for `yaml`, or what is wrong with there being none.
std::string sentenceOf(const std::string& yaml) {
    const auto parsed = parseExperiment(yaml, "e.yaml");
    return parsed ? "accepted" : parsed.error().message;
}

// No raw string: moc reads none of this file behind one.
// clang-format off
constexpr const char* Humaid =
    "name: humaid-llkd\n"
    "data:\n"
    "  train:      {files: \"humaid/*_train_pred.csv\", id: tweet_id, text: tweet_text, gold: class_label}\n"
    "  validation: {files: \"humaid/*_dev.tsv\",  id: tweet_id, text: tweet_text, gold: class_label, quoting: none}\n"
    "  test:       {files: [\"humaid/*_test.tsv\", more.tsv],  id: tweet_id, text: tweet_text, gold: class_label}\n"
    "  unescape_html: yes\n"
    "  classes: [b, a]\n"
    "teacher:                       # what the teacher said of the training texts\n"
    "  kind: columns\n"
    "  label: predicted_label\n"
    "  confidence: confidence\n"
    "  calibration: none\n"
    "student: {kind: ngram, dimensions: 32, buckets: 1000, word_ngrams: 3, char_ngrams: [3, 5]}\n"
    "selection:\n"
    "  rule: llkd\n"
    "  decay: {from: 0.9, to: 0.999, shape: cosine}\n"
    "  warm_start: false\n"
    "  statistic: {quantile: 0.8}\n"
    "  clip: [0.1, 0.9]\n"
    "  uncertainty: margin\n"
    "  class_scaling: off\n"
    "  teacher_scale: 0.5\n"
    "  student_scale: {from: 1, to: 0}\n"
    "  weight: product\n"
    "  alpha: 2\n"
    "  beta: .5\n"
    "loss: {target: mix, temperature: 2, mix: 0.25}\n"
    "training:\n"
    "  epochs: 3\n"
    "  batch: 16\n"
    "  learning_rate: {from: 1.0, to: 0.1, shape: exponential}\n"
    "  seed: 7\n"
    "  device: cuda:1\n"
    "  threads: 2\n"
    "  packing: on\n";
// clang-format on

} // namespace

class ExperimentTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsEverySetting();
    void defaultsAreTheStructs();
    void badInput_data();
    void badInput();
    void everySettingRefusesAWrongType();
    void writesWhatItReads();
    void changedWritesOnlyWhatDiffers();
    void settingsOneByOne();
    void aSettingIsTakenAway();
    void aSectionAsASetting();
    void badSettings();
    void aBadSettingChangesNothing();
    void typedTextsBecomeYaml();
    void knowsItsDefaults();
};

void ExperimentTest::readsEverySetting() {
    const auto parsed = parseExperiment(Humaid, "humaid.yaml");
    QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
    const Experiment& e = *parsed;
    QCOMPARE(e.name, std::string("humaid-llkd"));
    QCOMPARE(e.data.train.files, std::vector<std::string>{"humaid/*_train_pred.csv"});
    QCOMPARE(e.data.train.id, std::string("tweet_id"));
    QCOMPARE(e.data.train.text, std::string("tweet_text"));
    QCOMPARE(e.data.train.gold, std::string("class_label"));
    QCOMPARE(e.data.validation.quoting, std::string("none"));
    QCOMPARE(e.data.test.files, (std::vector<std::string>{"humaid/*_test.tsv", "more.tsv"}));
    QVERIFY(e.data.unescapeHtml);
    QCOMPARE(e.data.classes, (std::vector<std::string>{"b", "a"}));
    QCOMPARE(e.teacher.kind, TeacherKind::Columns);
    QCOMPARE(e.teacher.label, std::string("predicted_label"));
    QCOMPARE(e.student.dimensions, 32);
    QCOMPARE(e.student.buckets, std::int64_t{1000});
    QCOMPARE(e.student.charNgramsMin, 3);
    QCOMPARE(e.student.charNgramsMax, 5);
    QVERIFY(e.selection.decay == Schedule(0.9, 0.999, ScheduleShape::Cosine));
    QVERIFY(!e.selection.warmStart);
    QVERIFY(e.selection.quantile == Schedule(0.8));
    QVERIFY(e.selection.clipLow == Schedule(0.1));
    QVERIFY(e.selection.clipHigh == Schedule(0.9));
    QCOMPARE(e.selection.uncertainty, Uncertainty::Margin);
    QVERIFY(!e.selection.classScaling);
    QVERIFY(e.selection.teacherScale == Schedule(0.5));
    QVERIFY(e.selection.studentScale ==
            Schedule(1, 0, ScheduleShape::Linear)); // the shape when none is given
    QCOMPARE(e.selection.weight, Weighting::Product);
    QVERIFY(e.selection.beta == Schedule(0.5));
    QCOMPARE(e.loss.target, LossTarget::Mix);
    QCOMPARE(e.training.device, std::string("cuda:1"));
    QVERIFY(e.training.learningRate == Schedule(1, 0.1, ScheduleShape::Exponential));
    QVERIFY(e.training.packing);
}

void ExperimentTest::defaultsAreTheStructs() {
    const auto parsed = parseExperiment("selection:\n  # rule: llkd\n", "e.yaml");
    QVERIFY(parsed);
    QVERIFY(*parsed == Experiment());
}

void ExperimentTest::badInput_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("sentence"); // its beginning
    const auto row = [](const char* name, const char* yaml, const char* sentence) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(sentence);
    };
    row("unknown key", "name: a\nselction: {rule: llkd}\n",
        "e.yaml, line 2, column 1: unknown key 'selction'; did you mean 'selection'?");
    row("unknown key in a section", "selection:\n  rule: llkd\n  decey: 0.9\n",
        "e.yaml, line 3, column 3: unknown key 'decey'; did you mean 'decay'?");
    row("unknown key in braces", "data:\n  train: {files: a.csv, txet: t}\n",
        "e.yaml, line 2, column 25: unknown key 'txet'; did you mean 'text'?");
    row("columns are characters", "data:\n  train: {files: äöü.csv, txet: t}\n",
        "e.yaml, line 2, column 27: unknown key 'txet'; did you mean 'text'?");
    row("after a byte order mark", "\xEF\xBB\xBFnmae: a\n",
        "e.yaml, line 1, column 1: unknown key 'nmae'; did you mean 'name'?");
    row("windows line ends", "name: a\r\nselction:\r\n  rule: llkd\r\n",
        "e.yaml, line 2, column 1: unknown key");
    row("key of another section", "epochs: 3\n",
        "e.yaml, line 1, column 1: unknown key 'epochs'; did you mean 'training.epochs'?");
    row("unlike any", "selection: {zzzzzzzz: 1}\n",
        "e.yaml, line 1, column 13: unknown key 'zzzzzzzz'; below 'selection' known are rule, decay");
    row("a dotted key", "selection.rule: llkd\n",
        "e.yaml, line 1, column 1: unknown key 'selection.rule'; in a file 'rule' stands below 'selection'");
    row("word for a whole number", "training:\n  epochs: ten\n",
        "e.yaml, line 2, column 11: training.epochs: expected a whole number, found 'ten'");
    row("fraction for a whole number", "training: {epochs: 10.5}",
        "e.yaml, line 1, column 20: training.epochs: expected a whole number, found '10.5'");
    row("exponent for a whole number", "training: {epochs: 1e3}",
        "e.yaml, line 1, column 20: training.epochs: expec");
    row("quoted whole number", "training: {epochs: '10'}",
        "e.yaml, line 1, column 20: training.epochs: expected a whole number, found the quoted text '10'");
    row("too large for 64 bits", "training: {seed: 9223372036854775808}",
        "e.yaml, line 1, column 18: training.seed: expected a whole number, found");
    row("too large for 32 bits", "student: {dimensions: 3000000000}",
        "e.yaml, line 1, column 23: student.dimensions: expected a whole number from");
    row("word for a number", "loss: {temperature: warm}",
        "e.yaml, line 1, column 21: loss.temperature: expected a number, found 'warm'");
    row("comma in a number", "loss:\n  temperature: 1,5",
        "e.yaml, line 2, column 16: loss.temperature: expected a number, found '1,5'");
    row("not a number", "loss: {temperature: nan}",
        "e.yaml, line 1, column 21: loss.temperature: expected a number");
    row("infinite", "loss: {temperature: .inf}",
        "e.yaml, line 1, column 21: loss.temperature: expected a number");
    row("word for a boolean", "data: {unescape_html: maybe}",
        "e.yaml, line 1, column 23: data.unescape_html: expected true or false, found 'maybe'");
    row("no such rule", "selection: {rule: lkd}",
        "e.yaml, line 1, column 19: selection.rule: expected one of all, random, teacher, student, fixmatch, "
        "flexmatch, freematch, softmatch, small_loss, oracle, llkd, found 'lkd'; did you mean 'llkd'?");
    row("no such calibration", "teacher: {calibration: temprature}",
        "e.yaml, line 1, column 24: teacher.calibration: expected one of none, temperature, histogram, "
        "isotonic, found 'temprature'; did you mean 'temperature'?");
    row("a calibration's setting", "teacher: {calibration_share: 0.2}",
        "e.yaml, line 1, column 11: teacher.calibration_share does nothing without teacher.calibration: "
        "temperature, histogram or isotonic; leave it out");
    row("another calibration's setting", "teacher: {calibration: isotonic, calibration_bins: 5}",
        "e.yaml, line 1, column 34: teacher.calibration_bins does nothing without teacher.calibration: "
        "histogram; leave it out");
    row("list for a text", "name: [a, b]", "e.yaml, line 1, column 7: name: expected a text, found a list");
    row("map for a text", "name: {a: b}", "e.yaml, line 1, column 7: name: expected a text, found a map");
    row("nothing for a text", "name:", "e.yaml, line 1, column 1: name: expected a text, found nothing");
    row("map in a list", "data: {train: {files: [a, {b: c}]}}",
        "e.yaml, line 1, column 27: data.train.files: expected a text, found a map");
    row("text for a section", "selection: llkd",
        "e.yaml, line 1, column 12: selection: expected a map (rule, decay");
    row("list for a section", "training:\n- epochs: 3\n",
        "e.yaml, line 2, column 1: training: expected a map (epochs, stop, batch");
    row("not a map", "just a sentence", "e.yaml, line 1, column 1: an experiment is a map of settings");
    row("a list", "- a\n- b\n", "e.yaml, line 1, column 1: an experiment is a map of settings");
    row("an encoder's setting", "student:\n  model: minilm\n",
        "e.yaml, line 2, column 3: student.model does nothing without student.kind: encoder or probe; leave "
        "it "
        "out");
    row("a size without scratch", "student: {kind: encoder, model: minilm, layers: 4}",
        "e.yaml, line 1, column 41: student.layers does nothing without student.kind: encoder and "
        "student.start: scratch; leave it out");
    row("an n-gram's setting", "student: {kind: probe, model: minilm}\ntraining: {layer_decay: 0.9}",
        "e.yaml, line 2, column 12: training.layer_decay does nothing without student.kind: encoder; leave "
        "it out");
    row("schedule without from", "training: {learning_rate: {to: 0}}",
        "e.yaml, line 1, column 27: training.learning_rate: a schedule needs 'from'");
    row("schedule without to", "training: {learning_rate: {from: 0}}",
        "e.yaml, line 1, column 27: training.learning_rate: a schedule needs 'to'");
    row("schedule's unknown key", "training: {learning_rate: {from: 1, to: 0, wormup: 3 epochs}}",
        "e.yaml, line 1, column 44: training.learning_rate: unknown key 'wormup'; did you mean 'warmup'?");
    row("schedule's shape", "training: {learning_rate: {from: 1, to: 0, shape: liner}}",
        "e.yaml, line 1, column 51: training.learning_rate: expected one of constant, linear, cosine, "
        "exponential, step, found 'liner'; did you mean 'linear'?");
    row("clip of three", "selection: {clip: [0, 1, 2]}",
        "e.yaml, line 1, column 19: selection.clip: expected two numbers such as [0, 1], found a list of 3");
    row("statistic", "selection: {statistic: median}",
        "e.yaml, line 1, column 24: selection.statistic: expected mean or {quantile: 0.8}, found 'median'");
    row("char n-grams", "student: {char_ngrams: 3}",
        "e.yaml, line 1, column 24: student.char_ngrams: expected");
    row("empty", "", "e.yaml: the experiment is empty");
    row("blank", "\n  \n", "e.yaml: the experiment is empty");
    row("comment only", "# nothing here\n", "e.yaml: the experiment is empty");
}

void ExperimentTest::badInput() {
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, sentence);
    QElapsedTimer timer;
    timer.start();
    const std::string found = sentenceOf(yaml.toStdString());
    QVERIFY2(QByteArray::fromStdString(found).startsWith(sentence), found.c_str());
    QVERIFY2(found.find('\n') == std::string::npos, found.c_str());
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed())));
}

void ExperimentTest::everySettingRefusesAWrongType() {
    for (const auto& key : settingKeys()) {
        Experiment experiment;
        const auto map = setSetting(experiment, key, "{no_such_thing: [1]}");
        QVERIFY2(!map, key.c_str());
        QVERIFY2(map.error().message.compare(0, key.size() + 2, key + ": ") == 0,
                 map.error().message.c_str());
        const auto list = setSetting(experiment, key, "[[1]]");
        QVERIFY2(!list, key.c_str());
        QVERIFY2(experiment == Experiment(), key.c_str());
    }
}

void ExperimentTest::writesWhatItReads() {
    const auto parsed = parseExperiment(Humaid, "humaid.yaml");
    QVERIFY(parsed);
    for (const auto detail : {YamlDetail::Changed, YamlDetail::Everything}) {
        const auto again = parseExperiment(writeExperiment(*parsed, detail), "again");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(*again == *parsed);
    }
    // Nothing left to defaults: every setting that has a value stands in it.
    const std::string everything = writeExperiment(Experiment(), YamlDetail::Everything);
    for (const auto& setting : allSettings())
        if (!setting.write(Experiment()).empty() && settingApplies(Experiment(), setting.key)) {
            const auto leaf = setting.key.substr(setting.key.rfind('.') + 1) + ": ";
            QVERIFY2(everything.find(leaf) != std::string::npos, setting.key.c_str());
        }
}

void ExperimentTest::changedWritesOnlyWhatDiffers() {
    Experiment experiment;
    experiment.name = "on"; // a boolean to other readers
    experiment.data.train.files = {"a b.csv"};
    experiment.training.epochs = 3;
    experiment.training.packing = true;
    QCOMPARE(writeExperiment(experiment, YamlDetail::Changed), std::string("name: \"on\"\n"
                                                                           "data:\n"
                                                                           "  train:\n"
                                                                           "    files: a b.csv\n"
                                                                           "training:\n"
                                                                           "  epochs: 3\n"
                                                                           "  packing: on\n"));
    QCOMPARE(writeExperiment(Experiment(), YamlDetail::Changed), std::string("name: untitled\n"));
}

void ExperimentTest::settingsOneByOne() {
    Experiment experiment;
    const auto set = [&](const char* key, const char* value) {
        const auto done = setSetting(experiment, key, value);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    };
    set("selection.cut", "0.95");
    set("training.learning_rate", "{from: 0.5, to: 0}");
    set("data.train.files", "[a.csv, 'b c.csv']");
    set("training.device", "cpu");
    set("training.packing", "on");
    QCOMPARE(settingValue(experiment, "selection.cut"), std::string("0.95"));
    QCOMPARE(settingValue(experiment, "selection.ratio"), std::string());
    QCOMPARE(settingValue(experiment, "training.learning_rate"),
             std::string("{from: 0.5, to: 0, shape: linear}"));
    QCOMPARE(settingValue(experiment, "data.train.files"), std::string("[a.csv, b c.csv]"));
    QCOMPARE(settingValue(experiment, "training.packing"), std::string("on"));
    QCOMPARE(settingValue(experiment, "no.such.key"), std::string());
    QCOMPARE(settingKeys().front(), std::string("name"));
}

void ExperimentTest::aSettingIsTakenAway() {
    // Undo sets what settingValue gave before, for every key.
    auto changed = parseExperiment(Humaid, "humaid.yaml");
    QVERIFY(changed);
    changed->selection.cut = 0.5;
    changed->selection.ratio = Schedule(0.1, 0.9, ScheduleShape::Cosine);
    for (const auto& key : settingKeys()) {
        const auto done = setSetting(*changed, key, settingValue(Experiment(), key));
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QVERIFY2(isDefault(*changed, key), key.c_str());
    }
    QVERIFY(*changed == Experiment());
}

void ExperimentTest::aSectionAsASetting() {
    Experiment experiment;
    experiment.training.seed = 5;
    QVERIFY(setSetting(experiment, "training", "{epochs: 2, batch: 8}"));
    QCOMPARE(experiment.training.epochs, std::int64_t{2});
    QCOMPARE(experiment.training.seed, std::int64_t{5});
    QVERIFY(!setSetting(experiment, "training", "{epochs: 9, batsh: 8}"));
    QCOMPARE(experiment.training.epochs, std::int64_t{2}); // nothing half done
}

void ExperimentTest::badSettings() {
    Experiment experiment;
    const auto sentence = [&](const char* key, const char* value) {
        const auto done = setSetting(experiment, key, value);
        return done ? std::string("accepted") : done.error().message;
    };
    QCOMPARE(sentence("selction.rule", "llkd"), std::string("unknown setting 'selction.rule'; did you mean "
                                                            "'selection.rule'?"));
    QCOMPARE(sentence("training.epochs", "ten"),
             std::string("training.epochs: expected a whole number, found 'ten'"));
    QCOMPARE(sentence("training.epochs", ""),
             std::string("training.epochs: expected a whole number, found nothing"));
    QCOMPARE(sentence("name", ""), std::string("name: expected a text, found nothing"));
    QVERIFY(sentence("data.train.files", "*.csv").find("in quotes") != std::string::npos);
    QVERIFY(sentence("", "1").find("unknown setting") == 0 || sentence("", "1").find("--set") == 0);
    QVERIFY(sentence("epochs", "1").find("training.epochs") != std::string::npos);
    QVERIFY(sentence("selection.zzzzzzzzzzzzzzz", "1").find("known are rule") != std::string::npos);
    QVERIFY(sentence("selection.rule", "llkd\n---\nall").find("second document") != std::string::npos);
}

void ExperimentTest::aBadSettingChangesNothing() {
    Experiment experiment;
    QVERIFY(!setSetting(experiment, "selection.clip", "[0.2, x]"));
    QVERIFY(!setSetting(experiment, "student.char_ngrams", "[3, x]"));
    QVERIFY(!setSetting(experiment, "training.learning_rate", "{from: 3, to: x}"));
    QVERIFY(experiment == Experiment());
}

void ExperimentTest::typedTextsBecomeYaml() {
    for (const char* text : {"*.csv",      "a: b",    "no",          "1e5",  " spaces ", "{x}",  "tab\there",
                             "quote\"'s",  "ünïcode", "#",           "a #b", "- a",      "null", "~",
                             "2019-01-01", "[a",      "back\\slash", "!tag", "%x",       "@",    "`"}) {
        Experiment experiment;
        QVERIFY2(setSetting(experiment, "data.train.text", textAsYaml(text)), text);
        QCOMPARE(experiment.data.train.text, std::string(text));
        QVERIFY2(setSetting(experiment, "data.train.files", textAsYaml(text)), text);
        QCOMPARE(experiment.data.train.files, std::vector<std::string>{text});
    }
    QCOMPARE(textAsYaml("plain.csv"), std::string("plain.csv"));
    QCOMPARE(textAsYaml(""), std::string());
}

void ExperimentTest::knowsItsDefaults() {
    Experiment experiment;
    for (const auto& key : settingKeys())
        QVERIFY2(isDefault(experiment, key), key.c_str());
    experiment.selection.studentScale = 0.9;
    QVERIFY(!isDefault(experiment, "selection.student_scale"));
    QVERIFY(isDefault(experiment, "selection.teacher_scale"));
}

QTEST_GUILESS_MAIN(ExperimentTest)
#include "experiment_test.moc"
