// The Training page: what an n-gram student does not have, what suits a kind, and what is folded away.
#include "widgets/training_page.h"

#include "tests/widgets/settings_page.h"
#include "widgets/fold.h"
#include "widgets/number_box.h"
#include "widgets/page_id.h"

#include <QToolButton>

using namespace stillroom;
using OpenTraining = test::OpenPage<TrainingPage>;

class TrainingPageTest : public QObject {
    Q_OBJECT
    test::OwnCache cache_;

    static QString rate(OpenTraining& training) {
        for (auto* box : training.row("training.learning_rate")->findChildren<NumberBox*>())
            if (box->accessibleName().endsWith("from"))
                return box->text();
        return {};
    }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void aKindShowsItsOwnSettings() {
        OpenTraining training;
        training.page.findChild<Fold*>()->setOpen(true);
        for (const char* kind : {"ngram", "encoder", "probe"}) {
            QVERIFY(training.document.set("student.kind", kind));
            for (const auto& key : settingKeys())
                if (key.starts_with("training."))
                    QVERIFY2(training.shows(QString::fromStdString(key)) ==
                                 settingApplies(training.experiment(), key),
                             (kind + (": " + key)).c_str());
        }
        QVERIFY(training.shows("training.weight_decay") && !training.shows("training.layer_decay"));
    }

    void whatIsRarelyNeededIsFoldedAway() {
        OpenTraining training;
        QVERIFY(training.document.set("student.kind", "encoder"));
        auto* fold = training.page.findChild<Fold*>();
        QVERIFY(!fold->isOpen());
        QVERIFY(!training.shows("training.weight_decay"));
        QTest::mouseClick(fold->button(), Qt::LeftButton);
        QVERIFY(training.shows("training.weight_decay"));
        // What differs from its default is not hidden from who opens the page.
        ExperimentDocument document;
        QVERIFY(document.setAll("decay", {{"student.kind", "encoder"}, {"training.layer_decay", "0.9"}}));
        RunController controller(&document, {});
        TrainingPage page(&controller);
        QVERIFY(page.findChild<Fold*>()->isOpen());
    }

    void theLearningRateIsWhatSuitsTheStudent() {
        OpenTraining training;
        QCOMPARE(rate(training), QStringLiteral("1"));
        QCOMPARE(training.says("training.learning_rate"), QStringLiteral("what suits n-grams"));
        QVERIFY(training.document.set("student.kind", "encoder"));
        QCOMPARE(rate(training), QStringLiteral("3e-05"));
        QCOMPARE(training.says("training.learning_rate"), QStringLiteral("what suits an encoder"));
        QVERIFY(!training.experiment().training.learningRate); // shown, not set
        QVERIFY(training.document.set("student.kind", "probe"));
        QCOMPARE(rate(training), QStringLiteral("0.003"));
        training.document.undoStack()->undo();
        QCOMPARE(rate(training), QStringLiteral("3e-05"));
    }

    void aRateThatIsSetStaysAndIsJudged() {
        OpenTraining training;
        QVERIFY(training.document.set("training.learning_rate", "{from: 0.5, to: 0, shape: linear}"));
        QCOMPARE(training.says("training.learning_rate"), QString());
        QVERIFY(training.document.set("student.kind", "encoder"));
        QCOMPARE(rate(training), QStringLiteral("0.5"));
        QCOMPARE(training.says("training.learning_rate"),
                 QStringLiteral("3e-05 suits an encoder; so much more may ruin it"));
        QVERIFY(training.document.set("training.learning_rate", "1e-7"));
        QVERIFY(training.says("training.learning_rate").contains("hardly learns"));
        QVERIFY(training.document.set("training.learning_rate", ""));
        QCOMPARE(rate(training), QStringLiteral("3e-05"));
    }

    void settingsSayWhatTheyCost() {
        OpenTraining training;
        QVERIFY(training.document.set("student.kind", "encoder"));
        QVERIFY(training.document.setAll("more", {{"training.accumulate", "4"},
                                                  {"training.batch", "32"},
                                                  {"training.score_every", "3"},
                                                  {"training.layer_decay", "0.9"}}));
        QCOMPARE(training.says("training.accumulate"),
                 QStringLiteral("a step learns from up to 128 texts, in the memory of 32"));
        QVERIFY(training.says("training.score_every").startsWith("1/3 of the scoring"));
        QVERIFY(training.says("training.layer_decay").contains("90 %"));
        QVERIFY(!training.says("training.micro_batch").isEmpty());
        while (training.document.undoStack()->canUndo())
            training.document.undoStack()->undo();
        QCOMPARE(training.experiment(), Experiment{});
        QCOMPARE(training.written("training.accumulate"), QStringLiteral("1"));
    }

    void anotherKindForgetsNothing() {
        OpenTraining training;
        QVERIFY(training.document.setAll("decay",
                                         {{"student.kind", "encoder"}, {"training.weight_decay", "0.2"}}));
        QVERIFY(training.document.yaml().contains("weight_decay: 0.2"));
        QVERIFY(training.document.set("student.kind", "ngram"));
        QVERIFY(!training.document.yaml().contains("weight_decay"));
        QCOMPARE(pageAnswer(PageId::Training, training.controller).mark, PageMark::Fine);
        QVERIFY(training.document.set("student.kind", "probe"));
        QCOMPARE(training.written("training.weight_decay"), QStringLiteral("0.2"));
        QCOMPARE(pageAnswer(PageId::Training, training.controller).mark, PageMark::Changed);
    }
};

QTEST_MAIN(TrainingPageTest)
#include "training_page_test.moc"
