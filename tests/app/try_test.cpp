// Try it, Predict a file and bundles as a user meets them: nothing yet, a run under way and over, another
// run's student, a file that is labelled, a bundle that is exported, dropped and tried. Pictures of all of it
// go to build/screenshots/ of the source tree, to be looked at.
#include "tests/app/driven_window.h"

#include "core/output/bundle.h"
#include "widgets/bundle_dialog.h"
#include "widgets/class_bars.h"
#include "widgets/predict_dialog.h"
#include "widgets/runs_table.h"
#include "widgets/try_dialog.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTableWidget>

using namespace stillroom;

namespace {

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TryTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void aRunFromItsBeginning();
    void anotherRunsStudent();
    void aFileIsLabelled();
    void closedWhileItWorks();
    void aBundleIsExported();
    void aBundleIsDropped();
    void aDamagedBundleIsDropped();

  private:
    void shoot(QWidget& widget, const QString& name, const QList<QSize>& sizes);
    /// Waits for an answer about this text.
    static bool answered(TryDialog& dialog, const QString& text) {
        return QTest::qWaitFor([&] { return dialog.model()->answer().text == text; }, 20'000);
    }
    static void drop(MainWindow& window, const QString& path);
    /// Presses a button of the question that stands.
    static void answer(QWidget& window, const QString& button);

    QTemporaryDir scratch_;
    QDir pictures_{QStringLiteral(STILLROOM_SOURCE_DIR "/build/screenshots")};
    QString run_;
};

void TryTest::initTestCase() {
    test::prepareApplication();
    qputenv("XDG_CACHE_HOME", scratch_.filePath("cache").toUtf8());
    QVERIFY(pictures_.mkpath("."));
    if (!loadEngine())
        QSKIP("the engine cannot be loaded");
}

void TryTest::shoot(QWidget& widget, const QString& name, const QList<QSize>& sizes) {
    for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
        applyTheme(mode);
        for (const auto& size : sizes) {
            widget.resize(size);
            QTest::qWait(60);
            const QString file =
                QStringLiteral("try-%1-%2-%3.png").arg(name, themeModeName(mode)).arg(widget.width());
            QVERIFY2(widget.grab().save(pictures_.filePath(file)), qPrintable(file));
        }
    }
    applyTheme(ThemeMode::Light);
}

void TryTest::aRunFromItsBeginning() {
    const QString yaml = test::writeExperiment(scratch_, 3000, 12);
    auto window = test::makeReadyWindow(scratch_, yaml);
    auto* tryIt = test::action(*window, "Try it…");
    QVERIFY(tryIt != nullptr);
    QCOMPARE(tryIt->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_T));
    tryIt->trigger();
    auto* dialog = window->tryDialog();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    QVERIFY2(dialog->emptyWords().contains("no student yet"), qPrintable(dialog->emptyWords()));
    shoot(*dialog, "no-student", {{820, 640}});

    // What was typed before there is a student is answered when there is one.
    QTest::keyClicks(dialog->input(), "c1w1 c1w2 c1w3");
    window->controller()->run();
    QVERIFY(test::waitFor(*window, RunState::Finished));
    QVERIFY(answered(*dialog, "c1w1 c1w2 c1w3"));
    const auto& classes = dialog->model()->answer().classes;
    QCOMPARE(classes.size(), std::size_t{9});
    QCOMPARE(classes.front().name, toQString(test::ClassNames[1]));
    double sum = 0;
    for (const auto& one : classes)
        sum += one.probability;
    QVERIFY(std::abs(sum - 1) < 1e-4);
    QCOMPARE(dialog->bars()->rows().size(), std::size_t{9});
    QVERIFY(dialog->emptyWords().isEmpty());

    QVERIFY(QTest::qWaitFor([&] { return dialog->model()->answer().compared; }, 20'000));
    const auto& near = dialog->model()->answer().near;
    QCOMPARE(near.size(), TryModel::Neighbours);
    QCOMPARE(dialog->neighbours()->rowCount(), 5);
    const auto table = window->lab()->table();
    for (std::size_t i = 0; i < near.size(); ++i) {
        QVERIFY(i == 0 || near[i].cosine <= near[i - 1].cosine);
        QVERIFY(near[i].keptTimes >= 1 && near[i].firstKept >= 1 && near[i].lastKept <= 12);
        // What the teacher said of that text, found by its words.
        bool found = false;
        for (std::uint32_t sample = 0; sample < table->size() && !found; ++sample)
            found = toQString(table->set.data->text(table->rows[sample])) == near[i].text &&
                    window->lab()->className(table->labels[sample]) == near[i].label &&
                    std::abs(static_cast<double>(table->confidences[sample]) - near[i].confidence) < 1e-6;
        QVERIFY(found);
    }
    QVERIFY2(near.front().cosine > 0.5, qPrintable(QString::number(near.front().cosine)));
    QVERIFY2(dialog->neighbourWords().contains("texts that were kept"), qPrintable(dialog->neighbourWords()));
    shoot(*dialog, "answer", {{820, 640}, {480, 560}});

    dialog->input()->setPlainText("?!");
    QVERIFY(answered(*dialog, "?!"));
    QCOMPARE(dialog->neighbours()->rowCount(), 0);
    dialog->input()->clear();
    QVERIFY(QTest::qWaitFor([&] { return dialog->model()->answer().classes.empty(); }, 5000));
    QVERIFY(!dialog->emptyWords().isEmpty());
    run_ = window->controller()->runFolder();
    test::forget(*window);
}

void TryTest::anotherRunsStudent() {
    QVERIFY(!run_.isEmpty());
    auto window = test::makeWindow(scratch_);
    window->showTry();
    auto* dialog = window->tryDialog();
    dialog->model()->chooseRun(run_);
    dialog->input()->setPlainText("c0w1 c0w2");
    QVERIFY(answered(*dialog, "c0w1 c0w2"));
    QCOMPARE(dialog->model()->answer().classes.front().name, toQString(test::ClassNames[0]));
    QVERIFY2(dialog->neighbourWords().contains("data of this run are not open"),
             qPrintable(dialog->neighbourWords()));
    shoot(*dialog, "elsewhere", {{820, 640}});
    dialog->model()->chooseRun(scratch_.path());
    QVERIFY(QTest::qWaitFor([&] { return dialog->emptyWords().contains("not a run's folder"); }, 5000));
    dialog->model()->chooseRun({});
    QVERIFY(QTest::qWaitFor([&] { return dialog->emptyWords().contains("no student yet"); }, 5000));
}

void TryTest::aFileIsLabelled() {
    QVERIFY(!run_.isEmpty());
    auto window = test::makeWindow(scratch_, {1024, 700});
    PredictDialog* dialog = nullptr;
    test::action(*window, "Predict a file…")->trigger();
    dialog = window->findChild<PredictDialog*>();
    QVERIFY(dialog != nullptr);
    QVERIFY(!dialog->goButton()->isEnabled());
    dialog->student()->setText(run_);
    dialog->file()->setText(scratch_.filePath("data.csv"));
    QVERIFY(QTest::qWaitFor([&] { return dialog->text()->count() == 5; }, 5000));
    QCOMPARE(dialog->text()->currentText(), QString("text"));
    QCOMPARE(dialog->id()->currentText(), QString("id"));
    QCOMPARE(dialog->out()->text(), scratch_.filePath("data-labelled.csv"));
    QVERIFY(dialog->goButton()->isEnabled());
    shoot(*dialog, "predict", {{560, 420}});
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return dialog->words().contains("texts labelled"); }, 20'000));
    QVERIFY2(dialog->words().contains("3,000"), qPrintable(dialog->words()));
    const QString out = scratch_.filePath("data-labelled.csv");
    QCOMPARE(read(out).count('\n'), 3001);
    shoot(*dialog, "predicted", {{560, 420}});
    // Again: what is there is replaced only by who says so.
    QVERIFY(write(out, "mine"));
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    answer(*dialog, "Cancel");
    QCOMPARE(read(out), QByteArray("mine"));
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    answer(*dialog, "Replace");
    QVERIFY(QTest::qWaitFor([&] { return read(out).count('\n') == 3001; }, 20'000));
    // The student's columns are not these, and none is called "text": somebody must say which.
    QVERIFY(write(scratch_.filePath("odd.csv"), "number,words\n1,c1w1\n"));
    dialog->file()->setText(scratch_.filePath("odd.csv"));
    QVERIFY(!dialog->goButton()->isEnabled());
    QVERIFY(QTest::qWaitFor([&] { return dialog->text()->count() == 2; }, 5000));
    QVERIFY(!dialog->goButton()->isEnabled() && dialog->text()->currentIndex() == -1);
    dialog->text()->setCurrentIndex(1);
    QVERIFY(dialog->goButton()->isEnabled());
    dialog->file()->setText(scratch_.filePath("no.csv"));
    QVERIFY(QTest::qWaitFor([&] { return dialog->words().contains("there is no such file"); }, 5000));
    QVERIFY(!dialog->goButton()->isEnabled());
    dialog->close();
}

/// It goes when the worker has ended, and the window waits for nobody.
void TryTest::closedWhileItWorks() {
    QVERIFY(!run_.isEmpty());
    QByteArray lines;
    for (int i = 0; i < 4000; ++i)
        lines += "c1w" + QByteArray::number(i % 40) + " and so on for quite a while\n";
    QFile file(scratch_.filePath("many.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (int i = 0; i < 500; ++i)
        file.write(lines);
    file.close();
    QPointer<PredictDialog> dialog = new PredictDialog(run_);
    dialog->show();
    dialog->file()->setText(file.fileName());
    QVERIFY(QTest::qWaitFor([&] { return dialog->goButton()->isEnabled(); }, 5000));
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return dialog->words().startsWith("Labelling"); }, 5000));
    QElapsedTimer since;
    since.start();
    QVERIFY(!dialog->close());
    QVERIFY2(since.elapsed() < 100, qPrintable(QString::number(since.elapsed())));
    QVERIFY(QTest::qWaitFor([&] { return dialog.isNull(); }, 20'000));
    QVERIFY(!QFile::exists(scratch_.filePath("many-labelled.csv")));
    QVERIFY(QDir(scratch_.path()).entryList({".many*"}, QDir::Files | QDir::Hidden).isEmpty());
    QVERIFY(file.remove());
}

void TryTest::aBundleIsExported() {
    QVERIFY(!run_.isEmpty());
    auto window = test::makeWindow(scratch_, {1024, 700});
    test::action(*window, "Bundle…")->trigger();
    auto* dialog = window->findChild<BundleDialog*>();
    QVERIFY(dialog != nullptr);
    QVERIFY(!dialog->goButton()->isEnabled());
    dialog->run()->setText(run_);
    QVERIFY(dialog->out()->text().endsWith(QFileInfo(run_).fileName() + ".zip"));
    dialog->out()->setText(scratch_.filePath("run.zip"));
    shoot(*dialog, "bundle", {{560, 300}});
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return dialog->words().contains("written to"); }, 20'000));
    QVERIFY(QFile::exists(scratch_.filePath("run.zip")));
    dialog->run()->setText(scratch_.path());
    dialog->out()->setText(scratch_.filePath("other.zip"));
    QTest::mouseClick(dialog->goButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return dialog->words().contains("is not a run's folder"); }, 20'000));
    QVERIFY(!QFile::exists(scratch_.filePath("other.zip")));
    dialog->close();
}

void TryTest::drop(MainWindow& window, const QString& path) {
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(400, 300), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
    QVERIFY(event.isAccepted());
}

void TryTest::answer(QWidget& window, const QString& button) {
    QMessageBox* box = nullptr;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const auto boxes = window.findChildren<QMessageBox*>();
            box = boxes.isEmpty() ? nullptr : boxes.last();
            return box != nullptr && box->isVisible();
        },
        5000));
    for (auto* one : box->buttons())
        if (one->text().remove(u'&') == button) {
            one->click();
            QVERIFY(QTest::qWaitFor([&] { return window.findChildren<QMessageBox*>().isEmpty(); }, 5000));
            return;
        }
    QFAIL(qPrintable(button));
}

void TryTest::aBundleIsDropped() {
    QVERIFY(QFile::exists(scratch_.filePath("run.zip")));
    RunPlaces places;
    places.runsFolder = scratch_.filePath("others");
    MainWindow window(places);
    window.resize(1024, 700);
    window.show();
    drop(window, scratch_.filePath("run.zip"));
    answer(window, "Cancel");
    QVERIFY(!QFile::exists(places.runsFolder)); // asked first
    drop(window, scratch_.filePath("run.zip"));
    answer(window, "Unpack");
    const QString run = scratch_.filePath("others/") + QFileInfo(run_).fileName();
    QVERIFY(QTest::qWaitFor([&] { return window.tryDialog() != nullptr; }, 20'000));
    QVERIFY(QFile::exists(run + "/run.sqlite"));
    QCOMPARE(window.tabs()->currentWidget(), window.runsView());
    QVERIFY(QTest::qWaitFor([&] { return window.runsView()->table()->chosen().size() == 1; }, 20'000));
    QCOMPARE(QFileInfo(toQString(window.runsView()->table()->chosen().front()->summary.folder)).fileName(),
             QFileInfo(run).fileName());
    auto* dialog = window.tryDialog();
    dialog->input()->setPlainText("c0w1 c0w2");
    QVERIFY(answered(*dialog, "c0w1 c0w2"));
    QCOMPARE(dialog->model()->answer().classes.front().name, toQString(test::ClassNames[0]));
    dialog->hide();
    shoot(window, "dropped", {{1024, 700}});
    // Its settings are an experiment like any other.
    Q_EMIT window.runsView()->actions()->openWanted(run);
    QVERIFY(QTest::qWaitFor([&] { return window.document()->name() == "made-up"; }, 20'000));
    test::forget(window);
}

void TryTest::aDamagedBundleIsDropped() {
    QFile good(scratch_.filePath("run.zip"));
    QVERIFY(good.open(QIODevice::ReadOnly));
    QFile damaged(scratch_.filePath("damaged.ZIP"));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(good.read(good.size() / 2));
    damaged.close();
    RunPlaces places;
    places.runsFolder = scratch_.filePath("none");
    MainWindow window(places);
    window.show();
    drop(window, damaged.fileName());
    answer(window, "Unpack");
    const auto* status = window.statusBar()->findChild<ElidedLabel*>();
    QVERIFY(QTest::qWaitFor(
        [&] {
            return status->toolTip().contains("no bundle that can be opened") ||
                   status->text().contains("no bundle that can be opened");
        },
        20'000));
    QVERIFY(window.tryDialog() == nullptr);
    QVERIFY(!QFile::exists(places.runsFolder));
}

QTEST_MAIN(TryTest)
#include "try_test.moc"
