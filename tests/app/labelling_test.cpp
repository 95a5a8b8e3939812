// An LLM asked from the window by clicks: estimate, ask, cancel, go on, ask again those that were refused;
// what it said is then the teacher's. The server is a small one of the test's own, on this machine.
#include "tests/app/driven_window.h"
#include "tests/app/tiny_llm.h"

#include "widgets/labelling_job.h"
#include "widgets/labelling_panel.h"
#include "widgets/number_table.h"
#include "widgets/teacher_page.h"

using namespace stillroom;
using Doing = LabellingJob::Doing;

class LabellingTest : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<QTemporaryDir> scratch_;
    std::unique_ptr<test::TinyLlm> llm_;
    std::unique_ptr<MainWindow> window_;

    [[nodiscard]] LabellingPanel* panel() const { return window_->settings()->findChild<LabellingPanel*>(); }
    [[nodiscard]] QString answers() const { return scratch_->filePath("answers.sqlite"); }
    [[nodiscard]] QString words() const {
        QStringList all;
        for (const auto* label : panel()->findChildren<QLabel*>())
            if (label->isVisibleTo(panel()))
                all << label->text();
        return all.join(u'\n');
    }
    static bool click(QPushButton* button) {
        if (!button->isVisible() || !button->isEnabled())
            return false;
        QTest::mouseClick(button, Qt::LeftButton);
        return true;
    }
    bool waitForEnd() {
        return QTest::qWaitFor([&] { return panel()->job()->doing() == Doing::Nothing; }, 60'000);
    }
    bool waitForData() {
        return QTest::qWaitFor([&] { return window_->controller()->state() == RunState::Ready; }, 30'000);
    }

    void open(int rows) {
        const QString data = scratch_->filePath("data.csv"), yaml = scratch_->filePath("asked.yaml");
        QVERIFY(test::writeData(data, rows));
        QFile file(yaml);
        QVERIFY(file.open(QIODevice::WriteOnly));
        const std::string text = test::llmExperimentYaml(data, llm_->baseUrl(), answers());
        file.write(text.data(), static_cast<qint64>(text.size()));
        file.close();
        window_->openExperiment(yaml);
        // Nothing was answered yet, and that is said where it is mended.
        QVERIFY(test::waitFor(*window_, RunState::Broken));
        window_->settings()->showPage(PageId::Teacher);
        QTRY_VERIFY(panel() != nullptr && panel()->askButton()->isVisible());
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }
    void init() {
        scratch_ = std::make_unique<QTemporaryDir>();
        llm_ = std::make_unique<test::TinyLlm>();
        window_ = test::makeWindow(*scratch_);
    }
    void cleanup() {
        test::forget(*window_);
        window_.reset();
        llm_.reset();
        scratch_.reset();
    }

    void estimateAsksNobody() {
        open(200);
        QVERIFY(click(panel()->estimateButton()));
        QVERIFY(waitForEnd());
        QVERIFY2(panel()->job()->problem().isEmpty(), qPrintable(panel()->job()->problem()));
        QVERIFY(panel()->job()->estimated().has_value());
        QCOMPARE(panel()->job()->estimated()->rows, 200);
        QVERIFY(words().contains("0 of 200 texts are answered"));
        QVERIFY(words().contains("which cost"));
        QCOMPARE(llm_->asked(), 0);
    }

    void askedOnceAndThenTheTeacher() {
        open(120);
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        QVERIFY2(panel()->job()->problem().isEmpty(), qPrintable(panel()->job()->problem()));
        QCOMPARE(panel()->job()->state().known, 120);
        QCOMPARE(llm_->asked(), 120);
        QVERIFY(words().contains("120 of 120"));
        // The data are read again, and the Teacher tab knows the teacher.
        QVERIFY(waitForData());
        QCOMPARE(window_->controller()->examples()->summary.taught, 120);
        QVERIFY(window_->controller()->examples()->quality.accuracy > 0.4);
        // Nobody is asked twice.
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        QCOMPARE(llm_->asked(), 120);
    }

    void cancelledItGoesOnWhereItWas() {
        open(150);
        llm_->holdAfter(60);
        QVERIFY(click(panel()->askButton()));
        QTRY_VERIFY_WITH_TIMEOUT(panel()->job()->state().known >= 60, 30'000);
        QVERIFY(!panel()->askButton()->isVisible());
        QVERIFY(click(panel()->cancelButton()));
        QVERIFY(waitForEnd());
        QVERIFY(words().contains("Ended: "));
        QCOMPARE(panel()->job()->state().known, 60);
        QVERIFY(waitForData()); // what is answered can be worked with
        QCOMPARE(window_->controller()->examples()->summary.taught, 60);
        llm_->release();
        const int before = llm_->asked();
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        QCOMPARE(panel()->job()->state().known, 150);
        QCOMPARE(llm_->asked() - before, 90);
    }

    void whatIsRefusedIsListedAndAskedAgain() {
        open(100);
        llm_->refuseEvery(6);
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        const auto refused = panel()->job()->state().refused;
        QVERIFY(refused > 3 && refused < 50);
        QCOMPARE(panel()->problems()->rowCount(), static_cast<int>(refused));
        QVERIFY(panel()->problems()->item(0, 2)->text().startsWith("I am sorry"));
        bool isNumber = false;
        panel()->problems()->item(0, 0)->text().toInt(&isNumber); // the text's id
        QVERIFY(isNumber);
        // Not by itself; on demand, and then it may answer.
        const int before = llm_->asked();
        llm_->refuseEvery(0);
        QVERIFY(waitForData());
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        QCOMPARE(llm_->asked(), before);
        QVERIFY(waitForData());
        QVERIFY(click(panel()->againButton()));
        QVERIFY(waitForEnd());
        QCOMPARE(llm_->asked() - before, static_cast<int>(refused));
        QVERIFY(!panel()->problems()->isVisible());
        QVERIFY(waitForData());
        QCOMPARE(window_->controller()->examples()->summary.taught, 100);
    }

    void theKeyIsNamedAndNeverShown() {
        qputenv("STILLROOM_TEST_KEY", "sk-a-secret-of-the-test");
        open(20);
        QVERIFY(window_->document()->set("teacher.key_variable", "STILLROOM_TEST_KEY"));
        QTRY_VERIFY(words().contains("environment variable STILLROOM_TEST_KEY"));
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        QVERIFY(!words().contains("sk-a-secret"));
        QVERIFY(!window_->document()->yaml().contains("sk-a-secret"));
        qunsetenv("STILLROOM_TEST_KEY");
        QVERIFY(window_->document()->set("teacher.key_variable", "STILLROOM_NO_SUCH_KEY"));
        QTRY_VERIFY(words().contains("STILLROOM_NO_SUCH_KEY is not set"));
    }

    void aServerThatIsNotThereIsASentence() {
        open(20);
        QVERIFY(window_->document()->set("teacher.retries", "0"));
        QVERIFY(window_->document()->set("teacher.base_url", "\"http://127.0.0.1:1/v1\""));
        QVERIFY(click(panel()->askButton()));
        QVERIFY(waitForEnd());
        QCOMPARE(panel()->job()->state().known, 0);
        QVERIFY(!panel()->job()->problem().isEmpty() || panel()->problems()->rowCount() > 0);
    }
};

QTEST_MAIN(LabellingTest)
#include "labelling_test.moc"
