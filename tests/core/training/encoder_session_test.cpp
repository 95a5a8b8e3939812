// Students that read with an encoder, from files to a trained student and back.
#include "ended_session.h"

#include "core/student/open_student.h"
#include "tests/core/student/tiny_encoder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace stillroom;

class EncoderSessionTest : public QObject {
    Q_OBJECT
    const DistillationSet task_ = makeTask(1500);
    QTemporaryDir model_, cache_;

    SessionSpec specOf(StudentKind kind) {
        SessionSpec spec = specFor(task_);
        spec.student.kind = kind;
        spec.student.model = model_.path().toStdString();
        spec.student.length = 32;
        spec.training.epochs = 4;
        spec.training.learningRate =
            Schedule(kind == StudentKind::Encoder ? 4e-3 : 1e-2, 0.0, ScheduleShape::Linear);
        spec.selection.rule = RuleKind::All;
        return spec;
    }

    double accuracyOfFile(const QString& path) {
        const auto student = openStudentFile(path.toStdString());
        if (!student)
            qFatal("%s", student.error().message.c_str());
        return evaluateStudent(**student, *task_.data, Split::Test)->accuracy;
    }

  private Q_SLOTS:
    void initTestCase() {
        qputenv("STILLROOM_CACHE", cache_.path().toUtf8());
        writeTinyEncoder(model_.path());
    }

    void anEncoderLearnsAndIsTakenAway() {
        QTemporaryDir folder;
        const auto ended = runToEnd(specOf(StudentKind::Encoder), folder.path());
        QVERIFY2(ended.end.outcome == Outcome::Completed, ended.end.error.c_str());
        QVERIFY2(ended.end.test.accuracy > 0.85, qPrintable(QString::number(ended.end.test.accuracy)));
        QCOMPARE(ended.end.counts.gradient, 4 * 900);
        QVERIFY(ended.end.counts.trainingFlops > 2 * 4 * 900 * 1e4);
        // The file alone labels texts as the student in training did.
        QCOMPARE(accuracyOfFile(folder.filePath("best/student.safetensors")), ended.end.test.accuracy);
    }

    void aProbeLearnsAndIsTakenAway_data() {
        QTest::addColumn<int>("hidden");
        QTest::newRow("linear") << 0;
        QTest::newRow("hidden layer") << 24;
    }
    void aProbeLearnsAndIsTakenAway() {
        QFETCH(int, hidden);
        SessionSpec spec = specOf(StudentKind::Probe);
        spec.student.hidden = hidden;
        QTemporaryDir folder;
        const auto ended = runToEnd(spec, folder.path());
        QVERIFY2(ended.end.outcome == Outcome::Completed, ended.end.error.c_str());
        // The encoder is frozen and random: far above the third that guessing gives, far below a tuned one.
        QVERIFY2(ended.end.test.accuracy > 0.5, qPrintable(QString::number(ended.end.test.accuracy)));
        QCOMPARE(accuracyOfFile(folder.filePath("best/student.safetensors")), ended.end.test.accuracy);
        // From the cache now: the same student to the last bit.
        QVERIFY(ended.student == runToEnd(spec).student);
    }

    void theSameSeedIsTheSameStudent() {
        for (const StudentKind kind : {StudentKind::Encoder, StudentKind::Probe}) {
            SessionSpec spec = specOf(kind);
            spec.training.epochs = 1;
            spec.selection.rule = RuleKind::Llkd;
            spec.training.packing = true;
            const auto one = runToEnd(spec), same = runToEnd(spec);
            QVERIFY(!one.student.isEmpty() && one.student == same.student);
            spec.training.seed = 2;
            QVERIFY(one.student != runToEnd(spec).student);
        }
    }

    void llkdTouchesOnlyWhatItKeeps() {
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.selection.rule = RuleKind::Llkd;
        spec.training.packing = true;
        const auto ended = runToEnd(spec);
        QCOMPARE(ended.end.counts.seen, 4 * 900);
        QVERIFY(ended.end.counts.gradient > 0 && ended.end.counts.gradient < 4 * 900);
        // The same texts cost a third of a forward and backward pass where they are only scored.
        const double perSeen = ended.end.counts.scoringFlops / static_cast<double>(ended.end.counts.seen);
        const double perUsed =
            ended.end.counts.trainingFlops / static_cast<double>(ended.end.counts.gradient);
        QVERIFY2(std::abs(perUsed / perSeen - 3) < 0.1, qPrintable(QString::number(perUsed / perSeen)));
    }

    void scoresAreKeptBetweenVisits() {
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.selection.rule = RuleKind::Llkd;
        spec.training.scoreEvery = 3;
        const auto ended = runToEnd(spec);
        // All in the first epoch, a third in each of the other three.
        QCOMPARE(ended.end.counts.seen, 900 + 3 * 300);
        QVERIFY(ended.end.counts.gradient > 0);
        // What is not scored anew is known by its last score, to the bit; what is has another.
        std::vector<SnapshotEvent> epochs;
        for (auto& snapshot : ended.log->all<SnapshotEvent>())
            if (snapshot.complete)
                epochs.push_back(std::move(snapshot));
        QCOMPARE(epochs.size(), std::size_t(4));
        for (std::size_t epoch = 1; epoch < 4; ++epoch) {
            int scored = 0, other = 0;
            for (std::size_t i = 0; i < 900; ++i) {
                const auto before = (*epochs[epoch - 1].traces)[i], now = (*epochs[epoch].traces)[i];
                QVERIFY(now.scored() && now.uncertainty() > 0);
                if ((epoch + i) % 3 == 0)
                    ++scored, other += now.uncertainty() != before.uncertainty();
                else
                    QCOMPARE(now.uncertainty(), before.uncertainty());
            }
            QCOMPARE(scored, 300);
            QVERIFY2(other > 250, qPrintable(QString::number(other)));
        }
    }

    void partsOfAnUpdateChangeOnlyRounding() {
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.student.dropout = 0;
        spec.student.headDropout = 0;
        spec.training.epochs = 1;
        const auto whole = runToEnd(spec).log->steps();
        spec.training.microBatch = 5;
        const auto parts = runToEnd(spec).log->steps();
        QCOMPARE(parts.size(), whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i)
            QVERIFY2(
                std::abs(parts[i].loss - whole[i].loss) < 2e-3F,
                qPrintable(QStringLiteral("step %1: %2, %3").arg(i).arg(parts[i].loss).arg(whole[i].loss)));
    }

    void twoUpdatesMakeOneStep() {
        for (const StudentKind kind : {StudentKind::Encoder, StudentKind::Probe}) {
            SessionSpec spec = specOf(kind);
            spec.student.dropout = 0;
            spec.student.headDropout = 0;
            spec.training.epochs = 1;
            spec.training.learningRate = 1e-3;
            spec.training.batch = 20; // 900 samples: 45 batches, the last of which waits for none
            const auto whole = runToEnd(spec);
            spec.training.batch = 10;
            spec.training.optimizer.accumulate = 2;
            const auto halves = runToEnd(spec);
            QVERIFY(std::abs(whole.end.validation.loss - halves.end.validation.loss) < 1e-3);
            // An odd number of them: the last does not wait for ever.
            spec.training.optimizer.accumulate = 91;
            const auto once = runToEnd(spec);
            spec.training.optimizer.accumulate = 90;
            const auto exactly = runToEnd(spec);
            QVERIFY(std::abs(once.end.validation.loss - exactly.end.validation.loss) < 1e-4);
            QVERIFY(std::abs(once.end.validation.loss - halves.end.validation.loss) > 1e-3);
        }
    }

    void lowPrecisionIsNearToHigh() {
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.selection.rule = RuleKind::Llkd;
        const double high = runToEnd(spec).end.test.accuracy;
        spec.training.scoring = Precision::Bf16;
        const double scored = runToEnd(spec).end.test.accuracy;
        spec.training.precision = Precision::Bf16;
        const double trained = runToEnd(spec).end.test.accuracy;
        QVERIFY2(std::abs(scored - high) < 0.08, qPrintable(QString::number(scored)));
        QVERIFY2(std::abs(trained - high) < 0.08, qPrintable(QString::number(trained)));
    }

    void fromScratchWithSizesOfItsOwn() {
        QTemporaryDir words;
        QFile file(words.filePath("vocab.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly) &&
                file.write(QByteArray::fromStdString(tinyVocabulary())) > 0);
        file.close();
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.student.model = words.path().toStdString();
        spec.student.start = EncoderStart::Scratch;
        spec.student.layers = 1;
        spec.student.width = 48;
        spec.student.heads = 6;
        spec.training.epochs = 2;
        QTemporaryDir folder;
        const auto ended = runToEnd(spec, folder.path());
        QVERIFY2(ended.end.outcome == Outcome::Completed, ended.end.error.c_str());
        const auto student = openStudentFile(folder.filePath("best/student.safetensors").toStdString());
        QVERIFY(student.has_value());
        QVERIFY2((*student)->describe().find("1 layers of width 48") != std::string::npos,
                 (*student)->describe().c_str());
    }

    void whatCannotWorkIsSaidBeforeItBegins() {
        EventLog log;
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.student.model = cache_.path().toStdString();
        const auto session = startTrainingSession(spec, log.sink());
        QVERIFY(!session && session.error().message.find("config.json") != std::string::npos);
    }

    void aStepTooFarEndsTheRunInWords() {
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.training.learningRate = 1e30;
        const auto ended = runToEnd(spec);
        QCOMPARE(ended.end.outcome, Outcome::Failed);
        QVERIFY2(ended.end.error.find("training.learning_rate") != std::string::npos,
                 ended.end.error.c_str());
    }

    void damagedWeightsEndTheRunInWords() {
        QTemporaryDir other;
        writeTinyEncoder(other.path());
        QFile file(other.filePath("model.safetensors"));
        QVERIFY(file.resize(file.size() - 100));
        SessionSpec spec = specOf(StudentKind::Encoder);
        spec.student.model = other.path().toStdString();
        const auto ended = runToEnd(spec);
        QCOMPARE(ended.end.outcome, Outcome::Failed);
        QVERIFY2(ended.end.error.find("model.safetensors") != std::string::npos, ended.end.error.c_str());
    }

    void stoppedBeforeTheFirstStep() {
        EventLog log;
        SessionSpec spec = specOf(StudentKind::Probe);
        spec.student.length = 31; // not in the cache
        auto session = startTrainingSession(spec, log.sink());
        QVERIFY(session.has_value());
        (*session)->send(StopCommand{});
        QVERIFY(log.waitForEnd());
        QCOMPARE(log.end().outcome, Outcome::Stopped);
    }
};

QTEST_GUILESS_MAIN(EncoderSessionTest)
#include "encoder_session_test.moc"
