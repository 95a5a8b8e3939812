// The Student page: which settings a kind has, what it says of an encoder, and that no kind forgets what
// another was given.
#include "widgets/student_page.h"

#include "tests/app/made_up_encoder.h"
#include "tests/widgets/settings_page.h"
#include "widgets/encoder_choice.h"
#include "widgets/page_id.h"

#include <QToolButton>

using namespace stillroom;
using OpenStudent = test::OpenPage<StudentPage>;

class StudentPageTest : public QObject {
    Q_OBJECT
    test::OwnCache cache_;

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }
    void init() { QDir(cache_.encoder({})).removeRecursively(); }

    void aKindShowsItsOwnSettings() {
        OpenStudent student;
        const auto check = [&](const char* kind) {
            QVERIFY(student.document.set("student.kind", kind));
            for (const auto& key : settingKeys())
                if (key.starts_with("student."))
                    QVERIFY2(student.shows(QString::fromStdString(key)) ==
                                 settingApplies(student.experiment(), key),
                             key.c_str());
        };
        check("ngram");
        QVERIFY(student.shows("student.buckets") && !student.shows("student.model"));
        QVERIFY(!student.hasLabel("Encoder"));
        check("encoder");
        QVERIFY(student.shows("student.model") && !student.shows("student.buckets"));
        QVERIFY(!student.shows("student.layers") && student.hasLabel("Encoder"));
        check("probe");
        QVERIFY(student.shows("student.hidden") && !student.shows("student.start"));
        QVERIFY(
            student.document.setAll("scratch", {{"student.kind", "encoder"}, {"student.start", "scratch"}}));
        for (const char* key : {"student.layers", "student.width", "student.heads", "student.feed_forward"})
            QVERIFY2(student.shows(key), key);
    }

    void anotherKindForgetsNothing() {
        OpenStudent student;
        QVERIFY(student.document.set("student.dimensions", "32"));
        student.choose("student.kind", "encoder, fine-tuned");
        student.type("student.model", "/models/mine");
        QVERIFY(student.document.set("student.length", "77"));
        student.choose("student.kind", "n-grams, hashed");
        QCOMPARE(student.written("student.dimensions"), QStringLiteral("32"));
        // What is not shown is not saved either.
        QVERIFY(!student.document.yaml().contains("model"));
        QVERIFY(student.document.yaml().contains("dimensions: 32"));
        student.choose("student.kind", "probe of an encoder");
        QCOMPARE(student.written("student.model"), QStringLiteral("/models/mine"));
        QCOMPARE(student.written("student.length"), QStringLiteral("77"));
        QVERIFY(!student.document.yaml().contains("dimensions"));
        QVERIFY(student.document.yaml().contains("length: 77"));
        // Nor does it count as a change of the page.
        QVERIFY(student.document.setAll("kind", {{"student.kind", "ngram"}, {"student.dimensions", "64"}}));
        QCOMPARE(pageAnswer(PageId::Student, student.controller).mark, PageMark::Fine);
    }

    void everySettingIsUndone() {
        OpenStudent student;
        QVERIFY(
            student.document.setAll("scratch", {{"student.kind", "encoder"}, {"student.start", "scratch"}}));
        const Experiment before = student.experiment();
        const std::pair<const char*, const char*> edits[] = {
            {"student.model", "somewhere"}, {"student.layers", "3"},       {"student.width", "48"},
            {"student.heads", "4"},         {"student.feed_forward", "9"}, {"student.dropout", "0.25"}};
        for (const auto& [key, text] : edits) {
            student.type(key, text);
            QVERIFY2(student.document.value(key) == QLatin1String(text), key);
        }
        student.choose("student.pooling", "first token (CLS)");
        QCOMPARE(student.experiment().student.pooling, Pooling::Cls);
        QVERIFY(student.document.set("student.length", "50"));
        QVERIFY(student.document.set("student.head_dropout", "0.5"));
        while (student.document.undoStack()->index() > 1)
            student.document.undoStack()->undo();
        QCOMPARE(student.experiment(), before);
        QCOMPARE(student.written("student.layers"), QString());
        QCOMPARE(student.written("student.length"), QStringLiteral("128"));
    }

    void anEmptiedSizeIsTheModelsAgain() {
        OpenStudent student;
        QVERIFY(student.document.setAll("scratch", {{"student.kind", "encoder"},
                                                    {"student.start", "scratch"},
                                                    {"student.dropout", "0.2"},
                                                    {"student.layers", "3"}}));
        student.type("student.layers", "");
        student.type("student.dropout", "");
        QVERIFY(!student.experiment().student.layers);
        QVERIFY(!student.experiment().student.dropout);
        student.type("student.layers", "many");
        QVERIFY(!student.experiment().student.layers);
        QVERIFY(student.says("student.layers").contains("expected a whole number"));
    }

    void withoutAnyEncoderItSaysHowToGetOne() {
        OpenStudent student;
        QVERIFY(student.document.set("student.kind", "encoder"));
        QTRY_VERIFY(student.hasLabel("packaging/get-encoder minilm"));
        QVERIFY(student.document.set("student.kind", "ngram"));
        QVERIFY(!student.hasLabel("packaging/get-encoder minilm"));
    }

    void choosingAKindTakesTheEncoderThatIsThere() {
        QVERIFY(test::writeOutsideOfMiniLm(cache_.encoder("minilm")));
        QVERIFY(test::writeOutsideOfMiniLm(cache_.encoder("another")));
        OpenStudent student;
        auto* choice = student.page.findChild<EncoderChoice*>();
        QTRY_COMPARE(choice->suggestion(), QStringLiteral("minilm"));
        student.choose("student.kind", "encoder, fine-tuned");
        QCOMPARE(student.experiment().student.model, std::string("minilm"));
        QTRY_COMPARE(student.says("student.model"),
                     QStringLiteral("BERT · 6 layers of 384 · 22.6 million parameters"));
        QVERIFY(student.hasLabel("361 MB and more")); // 16 bytes a parameter
        QCOMPARE(pageAnswer(PageId::Student, student.controller).text, QStringLiteral("encoder · minilm"));
        // One step, taken back as one.
        student.document.undoStack()->undo();
        QCOMPARE(student.experiment(), Experiment{});
        // A model of one's own is left alone.
        QVERIFY(student.document.set("student.model", "another"));
        student.choose("student.kind", "probe of an encoder");
        QCOMPARE(student.experiment().student.model, std::string("another"));
        QCOMPARE(pageAnswer(PageId::Student, student.controller).text, QStringLiteral("probe · another"));
    }

    void whatIsMissingIsSaidUnderTheModel() {
        OpenStudent student;
        QVERIFY(student.document.setAll("probe", {{"student.kind", "probe"}, {"student.model", "minilm"}}));
        QTRY_VERIFY(student.hasLabel("neither a folder nor in"));
        QVERIFY(student.row("student.model")->findChild<QComboBox*>()->property("wrong").toBool());
        // It comes while the page is away.
        QVERIFY(test::writeOutsideOfMiniLm(cache_.encoder("minilm")));
        student.page.hide();
        student.page.show();
        QTRY_VERIFY(student.says("student.model").startsWith("BERT"));
        QVERIFY(!student.hasLabel("neither a folder nor in"));
        QVERIFY(!student.row("student.model")->findChild<QComboBox*>()->property("wrong").toBool());
        QVERIFY(student.row("student.model")->findChild<QComboBox*>()->findText("minilm") >= 0);
        // Weights are needed unless it starts from scratch.
        QVERIFY(QFile::remove(cache_.encoder("minilm/model.safetensors")));
        student.page.findChild<EncoderChoice*>()->look();
        QTRY_VERIFY(student.hasLabel("has no model.safetensors"));
        QVERIFY(
            student.document.setAll("scratch", {{"student.kind", "encoder"}, {"student.start", "scratch"}}));
        QVERIFY(!student.hasLabel("has no model.safetensors"));
    }

    void sizesFromScratchAreSaid() {
        QVERIFY(test::writeOutsideOfMiniLm(cache_.encoder("minilm")));
        OpenStudent student;
        QVERIFY(student.document.setAll(
            "scratch",
            {{"student.kind", "encoder"}, {"student.model", "minilm"}, {"student.start", "scratch"}}));
        QTRY_COMPARE(student.says("student.layers"), QStringLiteral("6, as the model has"));
        student.type("student.heads", "7");
        QCOMPARE(student.says("student.heads"), QStringLiteral("the width, 384, must be a multiple of 7"));
        student.type("student.heads", "6");
        QCOMPARE(student.says("student.heads"), QStringLiteral("64 numbers each"));
        student.type("student.width", "60");
        QCOMPARE(student.says("student.feed_forward"), QStringLiteral("240, four times the width"));
        QCOMPARE(student.says("student.width"), QString());
    }

    void aLengthBeyondTheModelIsSaid() {
        QVERIFY(test::writeOutsideOfMiniLm(cache_.encoder("minilm")));
        OpenStudent student;
        QVERIFY(student.document.setAll(
            "probe", {{"student.kind", "probe"}, {"student.model", "minilm"}, {"student.length", "600"}}));
        QTRY_COMPARE(student.says("student.length"),
                     QStringLiteral("the model reads 512 at most: so many are taken"));
    }

    void everyControlHasAName() {
        OpenStudent student;
        QVERIFY(
            student.document.setAll("scratch", {{"student.kind", "encoder"}, {"student.start", "scratch"}}));
        QWidget* last = nullptr;
        for (auto* row : student.page.findChildren<SettingRow*>()) {
            if (!row->isVisible())
                continue;
            QWidget* focus = row->control()->focusProxy();
            QVERIFY2(focus != nullptr && !focus->accessibleName().isEmpty(), qPrintable(row->key()));
            last = focus;
        }
        QVERIFY(!student.page.findChild<EncoderChoice*>()->chooseButton()->accessibleName().isEmpty());
        // Tab goes down the page.
        QWidget* at = student.row("student.kind")->control()->focusProxy();
        int below = -1;
        for (int i = 0; i < 200 && at != last; ++i) {
            at = at->nextInFocusChain();
            if (!at->isVisible() || (at->focusPolicy() & Qt::TabFocus) == 0 || !student.page.isAncestorOf(at))
                continue;
            const int y = at->mapTo(&student.page, QPoint()).y();
            QVERIFY2(y >= below - 4, qPrintable(at->accessibleName()));
            below = y;
        }
        QCOMPARE(at, last);
    }
};

QTEST_MAIN(StudentPageTest)
#include "student_page_test.moc"
