#include "core/experiment/experiment.h"

#include <QtTest>

using namespace stillroom;

class CheckExperimentTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void acceptsAnOrdinaryOne();
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
};

namespace {

Experiment ordinary() {
    Experiment e;
    e.data.train.files = {"a.csv"};
    e.data.train.text = "text";
    e.teacher.label = "label";
    e.teacher.confidence = "confidence";
    return e;
}

/// An ordinary experiment with `settings`, lines of "key = YAML", on top.
Experiment with(const QByteArray& settings) {
    Experiment e = ordinary();
    for (const auto& line : settings.split('\n')) {
        const auto parts = line.indexOf(" = ");
        const auto done = setSetting(e, line.left(parts).toStdString(), line.mid(parts + 3).toStdString());
        if (!done)
            qFatal("%s", done.error().message.c_str());
    }
    return e;
}

} // namespace

void CheckExperimentTest::acceptsAnOrdinaryOne() {
    const auto checked = checkExperiment(ordinary());
    QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
    QVERIFY(!checkExperiment(Experiment()));
}

void CheckExperimentTest::refuses_data() {
    QTest::addColumn<QByteArray>("settings");
    QTest::addColumn<QByteArray>("sentence"); // its beginning
    const auto row = [](const char* settings, const char* sentence) {
        QTest::newRow(settings) << QByteArray(settings) << QByteArray(sentence);
    };
    row("name = ''", "name is empty");
    row("name = \"a\\nb\"", "name has a line end");
    row("data.train.files = ", "data.train.files is missing");
    row("data.train.files = [a.csv, '']", "data.train.files has an empty name");
    row("data.train.format = cvs",
        "data.train.format is 'cvs'; it must be one of csv, tsv, jsonl, label_lines, wordnet; "
        "did you mean 'csv'?");
    row("data.test.quoting = duoble",
        "data.test.quoting is 'duoble'; it must be one of double, none; did you mean");
    row("data.train.delimiter = ';;'", "data.train.delimiter is ';;'; it must be one character");
    row("data.train.delimiter = '\"'", "data.train.delimiter is '\"'; it must be");
    row("data.validation.id = x", "data.validation.files is missing, but other settings of it are given");
    row("data.holdout.validation = 1",
        "data.holdout.validation is 1; a share must be at least 0 and less than 1");
    row("data.holdout.test = -0.1", "data.holdout.test is -0.1; a share must be");
    row("data.holdout.validation = 0.5\ndata.holdout.test = 0.5",
        "data.holdout.validation and data.holdout.test tog");
    row("data.holdout.validation = 0.1\ndata.validation.files = b",
        "data.validation.files and data.holdout.validation "
        "both give validation data; keep one");
    row("data.holdout.test = 0.1\ndata.test.files = b",
        "data.test.files and data.holdout.test both give test data");
    row("data.classes = a", "data.classes names one class");
    row("data.classes = [a, b, a]", "data.classes names 'a' twice");
    row("data.classes = [a, '']", "data.classes has an empty name");
    row("teacher.label = ", "teacher.label and teacher.probabilities are both missing");
    row("teacher.kind = file", "teacher.file is missing");
    row("teacher.kind = file\nteacher.file = t\nteacher.format = xml",
        "teacher.format is 'xml'; it must be one of");
    row("teacher.kind = simulated\nteacher.accuracy = 0",
        "teacher.accuracy is 0; it must be more than 0 and at most 1");
    row("teacher.kind = simulated\nteacher.accuracy = 1.1", "teacher.accuracy is 1.1");
    row("teacher.kind = simulated\nteacher.overconfidence = 2",
        "teacher.overconfidence is 2; it must be from -1 to 1");
    row("teacher.kind = simulated\nteacher.confusion = -1",
        "teacher.confusion is -1; it must be from 0 to 1");
    row("teacher.kind = simulated\nteacher.seed = -1", "teacher.seed is -1");
    row("student.dimensions = 0", "student.dimensions is 0; it must be from 1 to 4,096");
    row("student.dimensions = 4097", "student.dimensions is 4097");
    row("student.buckets = 0", "student.buckets is 0; it must be from 1 to 2,147,483,648");
    row("student.buckets = 2147483649", "student.buckets is 2147483649");
    row("student.word_ngrams = 0", "student.word_ngrams is 0");
    row("student.char_ngrams = [5, 3]", "student.char_ngrams is [5, 3]; it must be [shortest, longest]");
    row("student.char_ngrams = [0, 3]", "student.char_ngrams is [0, 3]");
    row("student.kind = encoder", "student.model is missing");
    row("student.kind = probe\nstudent.model = m\nstudent.length = 2",
        "student.length is 2; it must be from 3");
    row("student.kind = encoder\nstudent.model = m\nstudent.head_dropout = 1",
        "student.head_dropout is 1; it must be at least 0 and less than 1");
    row("student.kind = encoder\nstudent.model = m\nstudent.dropout = -1", "student.dropout is -1");
    row("student.kind = encoder\nstudent.model = m\nstudent.width = 64\nstudent.heads = 5",
        "student.width is 64, which student.heads (5) does not divide");
    row("student.kind = encoder\nstudent.model = m\nstudent.layers = 0", "student.layers is 0");
    row("student.kind = probe\nstudent.model = m\nstudent.hidden = -1", "student.hidden is -1");
    row("training.weight_decay = -1", "training.weight_decay is -1; it must be from 0 to 10");
    row("training.layer_decay = 0", "training.layer_decay is 0; it must be more than 0 and at most 1");
    row("training.clip_norm = -1", "training.clip_norm is -1; it must be 0 (no clipping) or more");
    row("training.accumulate = 0", "training.accumulate is 0");
    row("training.micro_batch = 0", "training.micro_batch is 0");
    row("training.score_every = 0", "training.score_every is 0");
    row("teacher.calibration = isotonic\nteacher.calibration_share = 1",
        "teacher.calibration_share is 1; it must be more than 0 and less than 1");
    row("teacher.calibration = histogram\nteacher.calibration_bins = 0", "teacher.calibration_bins is 0");
    row("teacher.calibration = temperature\nteacher.calibration_seed = -1", "teacher.calibration_seed is -1");
    row("teacher.kind = gold\nteacher.calibration = isotonic",
        "teacher.calibration is isotonic, but a teacher that is gold");
    row("teacher.kind = zero_shot", "teacher.model is missing");
    row("teacher.kind = zero_shot\nteacher.model = m\nteacher.sentence = About fire.",
        "teacher.sentence is 'About fire.'; it must have {}");
    row("teacher.kind = zero_shot\nteacher.model = m\nteacher.scale = 0", "teacher.scale is 0");
    row("selection.rule = teacher", "the rule 'teacher' needs selection.cut");
    row("selection.rule = random", "the rule 'random' needs selection.ratio");
    row("selection.decay = 1", "selection.decay is 1");
    row("loss.temperature = 0", "loss.temperature is 0; it must be more than 0");
    row("loss.mix = 1.5", "loss.mix is 1.5; it must be between 0 and 1");
    row("training.epochs = 0", "training.epochs is 0; it must be from 1 to 1,000,000");
    row("training.batch = -1", "training.batch is -1");
    row("training.seed = -1", "training.seed is -1");
    row("training.threads = 5000", "training.threads is 5000; it must be from 0 to 1,024");
    row("training.learning_rate = 0", "training.learning_rate is 0: nothing would be learned");
    row("training.learning_rate = -1", "training.learning_rate must be 0 or more");
    row("training.learning_rate = {from: 1, to: -1}", "training.learning_rate must be 0 or more");
    row("training.learning_rate = {from: 0, to: 0}", "training.learning_rate is 0");
    row("training.learning_rate = {from: 1, to: 0, shape: exponential}",
        "training.learning_rate: an exponential");
    row("training.learning_rate = {from: 1, to: 0, shape: step, stairs: 5}\nselection.student_scale = {from: "
        "1, "
        "to: -1, over: 2 epochs}",
        "selection.student_scale is -1");
    row("selection.rule = student", "the rule 'student' needs selection.cut");
    row("selection.rule = small_loss", "the rule 'small_loss' needs selection.ratio");
    row("selection.decay = {from: 0.9, warmup: 1 epoch}", "selection.decay has a warm-up");
    row("selection.fixed_ratio = 2", "selection.fixed_ratio is 2");
    row("training.device = gpu",
        "training.device is 'gpu'; it must be auto, cpu, cuda, or cuda:N such as cuda:0");
    row("training.device = 'cuda:'", "training.device is 'cuda:'");
    row("training.device = 'cuda:-1'", "training.device is 'cuda:-1'");
    row("training.device = 'cuda:1x'", "training.device is 'cuda:1x'");
    row("training.device = ''", "training.device is ''");
}

void CheckExperimentTest::refuses() {
    QFETCH(QByteArray, settings);
    QFETCH(QByteArray, sentence);
    const auto checked = checkExperiment(with(settings));
    QVERIFY(!checked);
    QVERIFY2(QByteArray::fromStdString(checked.error().message).startsWith(sentence),
             checked.error().message.c_str());
    QCOMPARE(checked.error().kind, ErrorKind::BadInput);
}

void CheckExperimentTest::accepts_data() {
    QTest::addColumn<QByteArray>("settings");
    for (const char* settings :
         {"data.train.delimiter = ;", "data.train.delimiter = \"\\t\"", "data.train.delimiter = tab",
          "data.holdout.validation = 0.4\ndata.holdout.test = 0.5", "data.classes = [b, a]",
          "teacher.label = \nteacher.probabilities = p_", "teacher.kind = gold\nteacher.label = ",
          "teacher.kind = simulated\nteacher.label = \nteacher.overconfidence = -1",
          "student.buckets = 2147483648", "student.char_ngrams = [1, 1]",
          "selection.rule = teacher\nselection.cut = 0.95", "training.device = cuda",
          "training.device = cuda:12", "training.learning_rate = {from: 0, to: 1}", "name = 漢字 ünïcode",
          "training.learning_rate = {from: 1, to: 0.01, shape: exponential}"})
        QTest::newRow(settings) << QByteArray(settings);
}

void CheckExperimentTest::accepts() {
    QFETCH(QByteArray, settings);
    const auto checked = checkExperiment(with(settings));
    QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
}

QTEST_GUILESS_MAIN(CheckExperimentTest)
#include "check_experiment_test.moc"
