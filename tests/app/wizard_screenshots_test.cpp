// Pictures of the import wizard, to be looked at: each page, light and dark, large and small, over real files
// where they are there, else over files made here; into build/screenshots/ of the source tree.
#include "tests/app/driven_wizard.h"
#include "tests/app/pictures.h"

#include <QDir>

using namespace stillroom;

class WizardScreenshotsTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;
    ThemeMode mode_ = ThemeMode::Light; ///< now
    test::Pictures pictures_{QStringLiteral("wizard-")};

    static QSize sizeIn(const QSize& window) { return (window - QSize(48, 48)).boundedTo(QSize(1120, 780)); }

    void shoot(const test::DrivenWizard& wizard, const QString& name) {
        // Each other time the dark one first: a change of theme takes longer than a picture.
        const auto other = mode_ == ThemeMode::Light ? ThemeMode::Dark : ThemeMode::Light;
        for (const auto mode : {mode_, other}) {
            if (mode != mode_)
                applyTheme(mode);
            for (const QSize& window : {QSize(1440, 900), QSize(1024, 700)}) {
                wizard->resize(sizeIn(window));
                pictures_.save(*wizard.get(),
                               QStringLiteral("%1-%2-%3").arg(name, themeModeName(mode)).arg(window.width()));
            }
        }
        mode_ = other;
    }

    QString write(const QString& name, const QByteArray& bytes) {
        QFile file(scratch_.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("a test file could not be written");
        return file.fileName();
    }

    void shootPages(const QStringList& paths, const QString& name) {
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open(paths));
        QVERIFY(wizard.waitUntilSettled());
        const QStringList pages = {"files", "format", "columns", "classes", "report"};
        for (int page = 0; page < pages.size(); ++page) {
            QVERIFY2(wizard.waitUntilSettled(), qPrintable(wizard.problem()));
            shoot(wizard, QStringLiteral("%1-%2-%3").arg(name).arg(page + 1).arg(pages[page]));
            if (page + 1 < pages.size())
                QVERIFY(wizard.next());
        }
        QTest::mouseClick(wizard.button("Cancel"), Qt::LeftButton);
    }

  private Q_SLOTS:
    void initTestCase() { test::prepareApplication(); }

    void nothingYet() {
        auto window = test::makeWindow(scratch_);
        test::action(*window, "Import…")->trigger();
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.find());
        shoot(wizard, "empty");
        wizard->reject();
    }

    void made() {
        const QString data = scratch_.filePath("tweets_train.csv");
        QVERIFY(test::writeData(data, 3000));
        QFile file(data);
        QVERIFY(file.open(QIODevice::Append));
        file.write("5000,too few\n5001,a text,not_humanitarian,not_humanitarian,1.7\n");
        file.close();
        shootPages({data}, "made");
    }

    void wrong() {
        auto window = test::makeWindow(scratch_);
        test::DrivenWizard wizard(*window);
        QVERIFY(wizard.open(
            {write("train.csv", "text,label\n" + QByteArray("a text,joy\nanother,fear\n").repeated(20)),
             write("empty.csv", {}), write("picture.csv", QByteArray(4096, '\0'))}));
        QTRY_VERIFY(wizard.problem().contains("empty.csv"));
        shoot(wizard, "wrong");
        wizard->reject();
    }

    void realFiles_data() {
        QTest::addColumn<QString>("folder");
        QTest::newRow("humaid") << "humaid";
        QTest::newRow("emotion") << "emotion";
    }

    void realFiles() {
        QFETCH(QString, folder);
        const QString path = QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data/") + folder;
        if (!QDir(path).exists())
            QSKIP("the files are not there: they belong into ../shared/data");
        shootPages({path}, folder);
    }
};

QTEST_MAIN(WizardScreenshotsTest)
#include "wizard_screenshots_test.moc"
