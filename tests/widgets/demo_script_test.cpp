// The demos as data: every setting that they ask for exists and can be set, every run that is quoted was
// asked for, and the words quote what the runs came to, also where that is not the lesson.
#include "widgets/demo_script.h"

#include "core/experiment/experiment.h"

#include <QRegularExpression>
#include <QTest>
#include <cmath>

using namespace stillroom;

class DemoScriptTest : public QObject {
    Q_OBJECT
  private:
    static DemoFigures figures(double accuracy, double macroF1, double work, double precision,
                               std::vector<double> keptShare, std::vector<double> recall, double threshold) {
        DemoFigures made;
        made.accuracy = accuracy;
        made.macroF1 = macroF1;
        made.gradientShare = work;
        made.distinctShare = work;
        made.keptPrecision = precision;
        made.keptShare = std::move(keptShare);
        made.recall = std::move(recall);
        made.testRows = {100, 10, 1};
        made.thresholds.teacher = {threshold, threshold, threshold};
        return made;
    }

    /// Every run that a script asks for, with the same figures.
    static DemoNotes notesFor(const DemoScript& script, const DemoFigures& same) {
        DemoNotes notes;
        notes.classes = {"artifact", "motive", "shape"};
        notes.taught = 65'692;
        notes.teacherAccuracy = 0.7;
        notes.calibrationError = 0.0123;
        for (const auto& step : script.steps)
            if (!step.remember.isEmpty())
                notes.runs.insert(step.remember, same);
        return notes;
    }

    static QString plain(QString html) {
        return html.replace("</td>", " ").replace(QChar(0xa0), u' ').remove(QRegularExpression("<[^>]*>"));
    }
    static QString all(const DemoScript& script, const DemoNotes& notes) {
        QString words;
        for (const auto& step : script.steps)
            words += plain(step.words(notes)) + u'\n';
        return words;
    }

  private Q_SLOTS:
    void everyStepCanBeDone() {
        for (const DemoId demo : DemoIds) {
            const DemoScript script = demoScript(demo);
            QCOMPARE(script.title, demoTitle(demo));
            Experiment experiment;
            for (const auto& change : script.setup)
                QVERIFY2(setSetting(experiment, change.key.toStdString(), change.yaml.toStdString()),
                         qPrintable(change.key));
            QSet<QString> runs;
            const auto notes =
                notesFor(script, figures(0.7, 0.6, 0.3, 0.8, {0.5, 0.4, 0.3}, {0.9, 0.5, 0.2}, 0.8));
            for (const auto& step : script.steps) {
                QVERIFY(!step.title.isEmpty());
                QVERIFY(!step.words(notes).isEmpty());
                if (step.asks == DemoStep::Asks::Setting) {
                    QVERIFY(!step.task.isEmpty());
                    QVERIFY2(setSetting(experiment, step.key.toStdString(), step.value.toStdString()),
                             qPrintable(step.key + ' ' + step.value));
                    QCOMPARE(step.spot.kind, DemoSpot::Kind::Setting);
                    QCOMPARE(step.spot.key, step.key);
                    if (step.enough) // what Show me does is enough
                        QVERIFY(step.enough(step.value.toDouble()));
                } else if (step.asks == DemoStep::Asks::Run) {
                    QVERIFY(!runs.contains(step.remember));
                    runs.insert(step.remember);
                }
            }
            QCOMPARE(script.steps.back().asks, DemoStep::Asks::Nothing);
            QVERIFY2(script.steps.back().words(notes).contains("<b>Try:</b>"),
                     "each ends with something to try");
            QVERIFY(runs.size() >= 2);
        }
    }

    void noFigureIsWrittenInAdvance() {
        // With other figures every quoted number is another: nothing of an earlier run is left in the words.
        for (const DemoId demo : DemoIds) {
            const DemoScript script = demoScript(demo);
            const auto notes = notesFor(
                script, figures(0.123, 0.234, 0.345, 0.456, {0.5, 0.4, 0.3}, {0.9, 0.5, 0.2}, 0.567));
            const QString words = all(script, notes);
            for (const auto& number : {"35 %", "46 %"})
                QVERIFY2(words.contains(number), qPrintable(words));
            static const QRegularExpression decimals("0\\.\\d\\d\\d");
            for (auto found = decimals.globalMatch(words); found.hasNext();) {
                const QString number = found.next().captured();
                QVERIFY2(number == "0.123" || number == "0.234" || number == "0.567" || number == "0.000",
                         qPrintable(number));
            }
        }
    }

    void theConfidentTeachersLesson() {
        const DemoScript script = confidentTeacherDemo();
        DemoNotes notes = notesFor(script, {});
        notes.runs["all"] = figures(0.70, 0.566, 1.0, 0.70, {1, 1, 1}, {0.9, 0.5, 0.0}, NAN);
        notes.runs["teacher"] = figures(0.65, 0.480, 0.34, 0.93, {0.8, 0.2, 0.01}, {0.9, 0.04, 0.0}, 0.9);
        notes.runs["llkd"] = figures(0.73, 0.586, 0.38, 0.77, {0.4, 0.4, 0.3}, {0.9, 0.6, 0.5}, 0.7);
        QString words = all(script, notes);
        QVERIFY2(words.contains("macro-F1 fell from 0.566 to 0.480, and 2 classes are missed instead of 1"),
                 qPrintable(words));
        QVERIFY(words.contains("of artifact it kept 80 %, of shape 1.0 %"));
        QVERIFY(
            words.contains("For 38 % of the work LLKD comes to macro-F1 0.586; the cut, for 34 %, to 0.480"));
        QVERIFY(!words.contains("does not show"));
        // The other way round it is said that it is the other way round.
        notes.runs["teacher"].macroF1 = 0.600;
        words = all(script, notes);
        QVERIFY2(words.contains("These settings do not show the lesson"), qPrintable(words));
        QVERIFY(words.contains("is not ahead of the cut"));
    }

    void theStudentsLesson() {
        const DemoScript script = studentsSayDemo();
        DemoNotes notes = notesFor(script, {});
        notes.runs["without"] = figures(0.747, 0.618, 0.67, 0.82, {}, {}, 0.8);
        notes.runs["with"] = figures(0.744, 0.615, 0.30, 0.77, {}, {}, 0.8);
        QString words = all(script, notes);
        QVERIFY2(words.contains("30 % of the gradient work at accuracy 0.744, against 67 % at 0.747"),
                 qPrintable(words));
        QVERIFY(words.contains("55 % less work, and the accuracy is about the same"));
        notes.runs["with"].accuracy = 0.700;
        QVERIFY(all(script, notes).contains("at a price of 0.047 in accuracy: here it is not free"));
        notes.runs["with"] = notes.runs["without"];
        QVERIFY(all(script, notes).contains("makes no difference"));
    }

    void theBoastersLesson() {
        const DemoScript script = badCalibrationDemo();
        DemoNotes notes = notesFor(script, {});
        notes.runs["cut, calibrated"] = figures(0.68, 0.52, 0.24, 0.94, {}, {}, 0.9);
        notes.runs["cut, overconfident"] = figures(0.75, 0.61, 0.63, 0.85, {}, {}, 0.9);
        notes.runs["llkd, calibrated"] = figures(0.74, 0.61, 0.30, 0.77, {}, {}, 0.65);
        notes.runs["llkd, overconfident"] = figures(0.74, 0.61, 0.30, 0.765, {}, {}, 0.91);
        QString words = all(script, notes);
        QVERIFY2(
            words.contains("lets through 63 % instead of 24 %, and only 85 % of that is right, against 94 %"),
            qPrintable(words));
        QVERIFY(words.contains("moved from 0.65 to 0.91 on average: they follow"));
        QVERIFY(words.contains("its accuracy rose, from 0.680 to 0.750"));
        notes.runs["cut, overconfident"].keptPrecision = 0.93;
        QVERIFY(all(script, notes).contains("held its promise after all"));
        notes.runs["llkd, overconfident"].gradientShare = 0.5;
        QVERIFY(all(script, notes).contains("it did feel the boasting"));
    }

    void missedClassesAreThoseThatCouldBeFound() {
        DemoFigures f = figures(0.7, 0.6, 0.3, 0.8, {0.5, NAN, 0.3}, {0.9, 0.049, 0.0}, 0.8);
        QCOMPARE(f.missed(), (std::vector<std::size_t>{1, 2}));
        f.testRows = {100, 10, 0}; // nothing to find
        QCOMPARE(f.missed(), std::vector<std::size_t>{1});
        QCOMPARE(f.thinnest(), std::size_t{2}); // of those that there are
        QCOMPARE(f.fattest(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(DemoScriptTest)
#include "demo_script_test.moc"
