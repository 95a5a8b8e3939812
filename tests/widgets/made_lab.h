// A lab over data that a test makes up, fed with events as a run sends them: for tests of what the window
// shows of a run, without an engine.
#pragma once

#include "core/base/random.h"
#include "core/lab/what_if.h"
#include "widgets/lab_model.h"
#include "widgets/run_controller.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace stillroom::test {

class MadeLab {
  public:
    static constexpr int Classes = 7;
    static constexpr std::int64_t Batch = 64;

    /// `rows` training texts. Ids begin at 1000; some texts have line breaks, markup, other scripts.
    explicit MadeLab(int rows, bool gold = true) : rows_(rows) {
        const QString path = scratch_.filePath("made.csv");
        write(path, gold);
        auto experiment = parseExperiment("name: made\ndata:\n  train: {files: \"" + path.toStdString() +
                                              "\", id: id, text: text" + (gold ? ", gold: gold" : "") +
                                              "}\nteacher: {kind: columns, label: label, confidence: "
                                              "confidence}\n",
                                          "test");
        if (!experiment)
            qFatal("%s", experiment.error().message.c_str());
        document.adopt(*experiment, {});
    }

    /// Waits for the data.
    [[nodiscard]] bool ready(int milliseconds = 60'000) {
        const bool over = QTest::qWaitFor(
            [&] { return lab.table() != nullptr || controller.loadError().has_value(); }, milliseconds);
        if (controller.loadError())
            qWarning("%s", controller.loadError()->message.c_str());
        return over && lab.table() != nullptr;
    }

    void tell(const Event& event) {
        controller.live().apply(event);
        Q_EMIT controller.happened(event);
        Q_EMIT controller.drained();
    }

    void begin(std::int64_t epochs = 5) {
        controller.live().begin("made", lab.classes());
        Q_EMIT controller.runBegan();
        StartedEvent started;
        started.samples = rows_;
        started.epochs = epochs;
        started.batch = Batch;
        started.stepsPerEpoch = stepsPerEpoch();
        started.classCount = Classes;
        tell(started);
    }
    [[nodiscard]] std::int64_t stepsPerEpoch() const { return (rows_ + Batch - 1) / Batch; }

    /// Thresholds as of a step; different in each class.
    static Thresholds thresholds(std::int64_t epoch) {
        Thresholds made;
        for (int k = 0; k < Classes; ++k) {
            made.teacher.push_back(0.78 + 0.02 * k);
            made.student.push_back((0.2 + 0.03 * k) * std::pow(0.8, static_cast<double>(epoch)));
        }
        return made;
    }
    void tellThresholds(std::int64_t step, const Thresholds& thresholds) {
        StepsEvent steps;
        StepRecord record;
        record.step = step;
        record.candidates = static_cast<std::int32_t>(Batch);
        steps.steps = {record};
        WindowRecord window;
        window.firstStep = window.lastStep = step;
        window.candidatesByClass.assign(Classes, 0);
        window.keptByClass.assign(Classes, 0);
        window.thresholds = thresholds;
        steps.windows = {window};
        tell(steps);
    }

    /// What an epoch does with the first `seen` samples: verdicts follow from `thresholds(epoch)`.
    [[nodiscard]] std::shared_ptr<std::vector<SampleTrace>> traces(std::int64_t epoch,
                                                                   std::size_t seen = SIZE_MAX) const {
        const SampleTable& table = *lab.table();
        const Thresholds bars = thresholds(epoch);
        Random random(static_cast<std::uint64_t>(epoch), "made traces");
        auto made = std::make_shared<std::vector<SampleTrace>>(table.size());
        for (std::size_t i = 0; i < table.size(); ++i) {
            const double u = std::pow(random.uniform(), 1 + static_cast<double>(epoch));
            const int student =
                random.uniform() < 0.7 ? table.labels[i] : static_cast<int>(random.below(Classes));
            if (i >= seen)
                continue;
            const auto k = static_cast<std::size_t>(table.labels[i]);
            const float stored = fromHalf(toHalf(static_cast<float>(u)));
            const bool unsure = !atLeast(table.confidences[i], bars.teacher[k]);
            const bool sure = !atLeast(stored, bars.student[k]);
            const Verdict verdict = unsure && sure ? Verdict::BothRefuse
                                    : unsure       ? Verdict::TeacherUnsure
                                    : sure         ? Verdict::StudentSure
                                                   : Verdict::Kept;
            (*made)[i] = SampleTrace(verdict, static_cast<float>(u), student);
        }
        return made;
    }
    void tellEpoch(std::int64_t epoch, std::size_t seen = SIZE_MAX) {
        tellThresholds(epoch * stepsPerEpoch(), thresholds(epoch));
        SnapshotEvent event;
        event.epoch = epoch;
        event.step = epoch * stepsPerEpoch();
        event.complete = seen == SIZE_MAX;
        event.traces = traces(epoch, seen);
        tell(event);
    }
    /// Epochs 1 … last, and waits until the last is looked at.
    [[nodiscard]] bool run(std::int64_t last) {
        begin(last);
        for (std::int64_t epoch = 1; epoch <= last; ++epoch)
            tellEpoch(epoch);
        return QTest::qWaitFor([&] { return lab.epoch() == last && lab.asked(); }, 60'000);
    }

    ExperimentDocument document;
    RunController controller{&document, {}};
    LabModel lab{&controller};

  private:
    void write(const QString& path, bool gold) const {
        static const char* const Special[] = {"\"two\nlines\tand a tab\"",
                                              "<b>bold</b> & <img src='x'>",
                                              "שלום עולם a text from the right",
                                              "emoji 🌊🔥 and more 👩‍🚒",
                                              "",
                                              "=1+1"};
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        Random random(5, "made lab");
        QByteArray text = "id,text,label,confidence,gold\n";
        for (int row = 0; row < rows_; ++row) {
            text += QByteArray::number(1000 + row) + ',';
            if (row == 4) // longer than a cell shows, of letters of two bytes
                text += "x" + QString(4000, QChar(0xFC)).toUtf8();
            else if (row < 6)
                text += Special[row];
            else
                text += "text " + QByteArray::number(row) + " word" + QByteArray::number(random.below(5000)) +
                        (row % 97 == 0 ? " Needle" : " hay");
            const auto label = random.below(Classes);
            const double confidence = 1 - 0.5 * std::pow(random.uniform(), 2);
            text +=
                ",class_" + QByteArray::number(label) + ',' + QByteArray::number(confidence, 'f', 4) + ',';
            if (gold)
                text += "class_" + QByteArray::number(
                                       random.uniform() < confidence - 0.1 ? label : random.below(Classes));
            text += '\n';
            if (text.size() > 1'000'000) {
                file.write(text);
                text.clear();
            }
        }
        file.write(text);
    }

    int rows_;
    QTemporaryDir scratch_;
};

} // namespace stillroom::test
