// The Teacher page with a zero-shot teacher: its settings, its sentences, and what it is called.
#include "widgets/teacher_page.h"

#include "tests/app/made_up_encoder.h"
#include "tests/widgets/settings_page.h"
#include "widgets/encoder_choice.h"
#include "widgets/page_id.h"
#include "widgets/sentence_table.h"

using namespace stillroom;
using OpenTeacher = test::OpenPage<TeacherPage>;

class TeacherPageTest : public QObject {
    Q_OBJECT
    test::OwnCache cache_;

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
        QVERIFY(test::writeOutsideOfMiniLm(cache_.encoder("minilm")));
    }

    void zeroShotHasItsOwnSettings() {
        OpenTeacher teacher;
        for (const char* key : {"model", "length", "pooling", "scale", "sentence"})
            QVERIFY2(!teacher.shows(QStringLiteral("teacher.") + key), key);
        teacher.choose("teacher.kind", "zero-shot encoder");
        for (const char* key : {"model", "length", "pooling", "scale", "sentence"})
            QVERIFY2(teacher.shows(QStringLiteral("teacher.") + key), key);
        QVERIFY(!teacher.shows("teacher.label"));
        QVERIFY(teacher.hasLabel("No LLM"));
    }

    void anLlmIsNotChosenAmongEncoders() {
        OpenTeacher teacher;
        auto* box = teacher.row("teacher.model")->findChild<QComboBox*>();
        QVERIFY(box != nullptr);
        teacher.choose("teacher.kind", "zero-shot encoder");
        QTRY_VERIFY(box->findText("minilm") >= 0);
        teacher.choose("teacher.kind", "an LLM that is asked");
        QVERIFY(teacher.shows("teacher.model"));
        QVERIFY(box->findText("minilm") < 0);
        QCOMPARE(box->lineEdit()->placeholderText(), QString("as the server calls it"));
        QVERIFY(teacher.says("teacher.model").isEmpty());
        teacher.choose("teacher.kind", "zero-shot encoder");
        QTRY_VERIFY(box->findText("minilm") >= 0);
        QCOMPARE(box->lineEdit()->placeholderText(), QString("name or folder"));
    }

    void itTakesTheStudentsEncoderOrTheOneThatIsThere() {
        OpenTeacher teacher;
        QTRY_COMPARE(teacher.page.findChild<EncoderChoice*>()->suggestion(), QStringLiteral("minilm"));
        teacher.choose("teacher.kind", "zero-shot encoder");
        QCOMPARE(teacher.experiment().teacher.model, std::string("minilm"));
        QTRY_VERIFY(teacher.says("teacher.model").startsWith("BERT · 6 layers"));
        QCOMPARE(pageAnswer(PageId::Teacher, teacher.controller).text, QStringLiteral("zero-shot · minilm"));
        teacher.document.undoStack()->undo();
        QCOMPARE(teacher.experiment(), Experiment{});
        QVERIFY(teacher.document.set("student.model", "/models/roberta-base/"));
        teacher.choose("teacher.kind", "zero-shot encoder");
        QCOMPARE(teacher.experiment().teacher.model, std::string("/models/roberta-base/"));
        QCOMPARE(pageAnswer(PageId::Teacher, teacher.controller).text,
                 QStringLiteral("zero-shot · roberta-base"));
    }

    void theScaleIsSaidInConsequences() {
        OpenTeacher teacher;
        QVERIFY(teacher.document.set("teacher.kind", "zero_shot"));
        QVERIFY(teacher.says("teacher.scale").startsWith("a cosine 0.1 higher: 7.4 times as probable")); // e²
        QVERIFY(teacher.document.set("teacher.scale", "50"));
        QVERIFY(teacher.says("teacher.scale").contains(" 148 times")); // e⁵
        QVERIFY(teacher.document.set("teacher.scale", "10000"));
        QVERIFY(teacher.says("teacher.scale").contains("a million and more"));
    }

    void sentencesAreTypedForTheClassesThatAreKnown() {
        OpenTeacher teacher;
        QVERIFY(teacher.document.set("teacher.kind", "zero_shot"));
        auto* table = teacher.page.findChild<SentenceTable*>();
        QVERIFY(!table->isVisible());
        QVERIFY(teacher.hasLabel("once the data are read"));
        // Classes that the experiment names are known before the data are.
        ExperimentDocument& document = teacher.document;
        QVERIFY(document.set("data.classes", "[fire, flood]"));
        QVERIFY(document.set("teacher.sentence", "About {}."));
        QVERIFY(table->isVisible());
        QCOMPARE(table->item(1, 1)->text(), QStringLiteral("About flood."));
        table->item(1, 1)->setText("Water everywhere.");
        QCOMPARE(document.value("teacher.sentences"), QStringLiteral("{flood: Water everywhere.}"));
        QVERIFY(document.yaml().contains("flood: Water everywhere."));
        document.undoStack()->undo();
        QCOMPARE(document.value("teacher.sentences"), QString());
        QCOMPARE(table->item(1, 1)->text(), QStringLiteral("About flood."));
        document.undoStack()->redo();
        QCOMPARE(table->item(1, 1)->text(), QStringLiteral("Water everywhere."));
        // Another kind keeps them, and does not save them.
        QVERIFY(document.set("teacher.kind", "gold"));
        QVERIFY(!table->isVisible());
        QVERIFY(!document.yaml().contains("Water"));
        QVERIFY(document.set("teacher.kind", "zero_shot"));
        QCOMPARE(table->item(1, 1)->text(), QStringLiteral("Water everywhere."));
    }

    void aSentenceWithoutAPlaceForTheNameIsRefused() {
        OpenTeacher teacher;
        QVERIFY(teacher.document.setAll("zero-shot", {{"data.train.files", "some.csv"},
                                                      {"data.train.text", "text"},
                                                      {"data.train.gold", "gold"},
                                                      {"teacher.kind", "zero_shot"},
                                                      {"teacher.model", "minilm"}}));
        QCOMPARE(teacher.controller.problem(), QString());
        teacher.type("teacher.sentence", "It is about this.");
        QVERIFY(teacher.controller.problem().startsWith("teacher.sentence is"));
        QCOMPARE(pageOf(teacher.controller.problem()), PageId::Teacher);
    }
};

QTEST_MAIN(TeacherPageTest)
#include "teacher_page_test.moc"
