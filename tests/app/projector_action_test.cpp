// View ▸ Projector in the window: by its keys, at once, there and back, remembered; and all that can be seen
// keeps inside what holds it.
#include "tests/app/driven_window.h"

#include "widgets/batch_view.h"
#include "widgets/projector.h"
#include "widgets/run_bar.h"

#include <QSettings>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>

using namespace stillroom;

class ProjectorActionTest : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir scratch_;

    /// Labels and buttons of one line whose words do not fit into them. Those that are cut with an ellipsis
    /// on purpose say so by their size policy.
    static QStringList cutOff(MainWindow& window) {
        QStringList cut;
        for (auto* label : window.findChildren<QLabel*>())
            if (label->isVisible() && !label->wordWrap() && label->textFormat() != Qt::RichText &&
                label->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored &&
                label->width() + 1 < label->sizeHint().width())
                cut << label->text();
        for (auto* button : window.findChildren<QToolButton*>())
            if (button->isVisible() && button->height() + 1 < button->fontMetrics().height())
                cut << button->text();
        return cut;
    }

    /// What the window looks like once nothing that was under way changes it any more.
    static QImage settled(MainWindow& window) {
        QImage seen = window.grab().toImage();
        for (int tries = 0; tries < 50; ++tries) {
            QTest::qWait(100);
            QImage now = window.grab().toImage();
            if (now == seen)
                break;
            seen = std::move(now);
        }
        return seen;
    }

    static QString whereApart(const QImage& a, const QImage& b) {
        if (a.size() != b.size())
            return QStringLiteral("the window's size is another");
        QRect apart;
        for (int y = 0; y < a.height(); ++y)
            for (int x = 0; x < a.width(); ++x)
                if (a.pixel(x, y) != b.pixel(x, y))
                    apart |= QRect(x, y, 1, 1);
        return QStringLiteral("apart from %1, %2 to %3, %4")
            .arg(apart.left())
            .arg(apart.top())
            .arg(apart.right())
            .arg(apart.bottom());
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        QCoreApplication::setOrganizationName(QStringLiteral("stillroom-test"));
        QSettings().clear();
    }
    void cleanup() { setProjector(false); }

    void byItsKeysThereAndBack() {
        auto window = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 2000, 3), {1920, 1080});
        for (const PageId page : PageIds)
            window->settings()->showPage(page);
        window->settings()->showPage(PageId::Selection);
        const QImage before = settled(*window);
        const int side = window->settings()->width(), bar = window->findChild<RunBar*>()->height();
        QTest::keyClick(window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(projector());
        QVERIFY(QSettings().value("projector").toBool());
        QTest::qWait(100);
        QCOMPARE(window->settings()->width(), side * 3 / 2);
        QVERIFY(window->findChild<RunBar*>()->height() > bar * 1.3);
        QTest::keyClick(window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!projector());
        QVERIFY(!QSettings().value("projector").toBool());
        QTest::qWait(100);
        QCOMPARE(window->settings()->width(), side);
        QCOMPARE(window->findChild<RunBar*>()->height(), bar);
        const QImage after = settled(*window); // to the pixel
        QVERIFY2(after == before, qPrintable(whereApart(before, after)));
    }

    void nothingIsCutOff() {
        if (!loadEngine())
            QSKIP("the engine cannot be loaded here");
        auto window =
            test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 2000, 3000), {1920, 1080});
        window->showProjector(true);
        QTest::keyClick(window.get(), Qt::Key_F10);
        QTRY_COMPARE(window->batchView()->count(), 1);
        for (const QSize size : {QSize(1920, 1080), QSize(1280, 800)}) {
            window->resize(size);
            for (int tab = 0; tab < window->tabs()->count(); ++tab)
                for (const PageId page : PageIds) {
                    window->tabs()->setCurrentIndex(tab);
                    window->settings()->showPage(page);
                    QTest::qWait(60);
                    QCOMPARE(window->size(), size); // no content pushes it wider
                    QStringList cut;                // what was said anew is laid out a moment later
                    const bool whole =
                        QTest::qWaitFor([&] { return (cut = cutOff(*window)).isEmpty(); }, 3000);
                    QVERIFY2(whole, qPrintable(QStringLiteral("%1, tab %2, %3: %4")
                                                   .arg(size.width())
                                                   .arg(tab)
                                                   .arg(pageTitle(page), cut.join(" | "))));
                }
        }
        window->controller()->stop();
        QVERIFY(test::waitFor(*window, RunState::Finished));
        test::forget(*window);
    }
};

QTEST_MAIN(ProjectorActionTest)
#include "projector_action_test.moc"
