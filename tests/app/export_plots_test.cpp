// File ▸ Export ▸ Plots…: a run is trained, and all plots of the window become files; nobody's files are
// written over unasked, what is empty is left out and said, and what goes wrong is said too. Leaves its
// pictures in build/screenshots/ of the source tree, to be looked at.
#include "tests/app/driven_window.h"
#include "tests/app/pictures.h"

#include "widgets/density_model.h"
#include "widgets/plane_plot.h"
#include "widgets/reliability_plot.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLineEdit>

using namespace stillroom;

class ExportPlotsTest : public QObject {
    Q_OBJECT
    QTemporaryDir scratch_;
    std::unique_ptr<MainWindow> window_;
    test::Pictures pictures_;

    /// Over the menu, as a hand opens it.
    ExportPlotsDialog* open(const QString& folder, const QList<PlotFormat>& formats, PlotSize size) {
        test::action(*window_, QStringLiteral("Plots…"))->trigger();
        auto* dialog = window_->findChild<ExportPlotsDialog*>();
        if (dialog == nullptr)
            return nullptr;
        dialog->folder()->setText(folder);
        for (const PlotFormat format : PlotFormats)
            dialog->formatBox(format)->setChecked(formats.contains(format));
        dialog->sizeBox()->setCurrentIndex(dialog->sizeBox()->findData(plotSizeKey(size)));
        return dialog;
    }
    static bool done(ExportPlotsDialog* dialog) {
        return QTest::qWaitFor([&] { return !dialog->busy(); }, 60'000);
    }
    void close(ExportPlotsDialog* dialog) {
        dialog->close();
        QTRY_VERIFY(window_->findChild<ExportPlotsDialog*>() == nullptr);
    }
    static QStringList files(const QString& folder) {
        return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    static QByteArray contents(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Waits for the question and answers it.
    bool answer(const QString& text) {
        QMessageBox* box = nullptr;
        if (!QTest::qWaitFor(
                [&] {
                    box = window_->findChild<QMessageBox*>();
                    return box != nullptr && box->isVisible();
                },
                10'000))
            return false;
        for (auto* button : box->buttons())
            if (button->text().remove(u'&') == text) {
                button->click();
                return true;
            }
        return false;
    }

  private Q_SLOTS:
    void initTestCase() {
        test::prepareApplication();
        QVERIFY(bool(loadEngine()));
        window_ = test::makeReadyWindow(scratch_, test::writeExperiment(scratch_, 3000, 4));
        window_->show();
    }
    void cleanupTestCase() {
        test::forget(*window_);
        window_.reset();
    }

    void beforeARunWhatIsEmptyIsLeftOut() {
        auto* dialog = open(scratch_.filePath("before"), {PlotFormat::Csv}, PlotSize::Seen);
        QVERIFY(dialog != nullptr);
        // The teacher is measured though nobody looked at its tab.
        QTRY_VERIFY(!window_->teacherView()->plots().isEmpty() &&
                    !window_->teacherView()->reliability()->isEmpty());
        dialog->exportButton()->click();
        QVERIFY(done(dialog));
        QVERIFY2(dialog->sentence().contains("Left out"), qPrintable(dialog->sentence()));
        QVERIFY(dialog->sentence().contains("Samples kept per step"));
        for (const auto& name : files(scratch_.filePath("before")))
            QVERIFY2(!name.contains("samples-kept"), qPrintable(name));
        dialog->exportButton()->setFocus();
        close(dialog);
    }

    void allOfARun() {
        window_->controller()->run();
        QVERIFY(test::waitFor(*window_, RunState::Finished));
        for (const PlotSize size : PlotSizes) {
            const QString folder = scratch_.filePath(plotSizeKey(size));
            auto* dialog =
                open(folder, {PlotFormat::Png, PlotFormat::Svg, PlotFormat::Pdf, PlotFormat::Csv}, size);
            QVERIFY(dialog != nullptr);
            QTRY_VERIFY(window_->planeView()->density()->map() != nullptr);
            dialog->exportButton()->click();
            QVERIFY(dialog->busy());
            QVERIFY(done(dialog));
            const QStringList names = files(folder);
            QVERIFY2(names.size() % 4 == 0 && names.size() >= 4 * 8, qPrintable(names.join(u'\n')));
            QVERIFY(names.contains("01-samples-kept-per-step.svg"));
            QVERIFY2(dialog->sentence().contains(QStringLiteral("Wrote %1 files").arg(names.size())),
                     qPrintable(dialog->sentence()));
            int number = 0;
            for (auto* plot : window_->tabs()->findChildren<Plot*>())
                if (!plot->isEmpty())
                    ++number;
            QCOMPARE(names.size(), 4 * number);
            for (const auto& name : names) {
                const QByteArray bytes = contents(folder + u'/' + name);
                QVERIFY2(name.endsWith(".png")   ? bytes.startsWith("\x89PNG")
                         : name.endsWith(".svg") ? bytes.contains("</svg>")
                         : name.endsWith(".pdf") ? bytes.startsWith("%PDF") && bytes.contains("%%EOF")
                                                 : bytes.contains("\r\n"),
                         qPrintable(name));
            }
            // To be looked at.
            for (const auto& name : names)
                if (name.endsWith(".png"))
                    pictures_.save(QImage(folder + u'/' + name),
                                   QStringLiteral("window-%1-%2").arg(plotSizeKey(size), name.chopped(4)));
            for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
                applyTheme(mode);
                pictures_.save(*dialog, QStringLiteral("export-plots-%1").arg(themeModeName(mode)), 12);
            }
            applyTheme(ThemeMode::Light);
            close(dialog);
        }
    }

    void nothingIsWrittenOverUnasked() {
        const QString folder = scratch_.filePath("asked");
        QVERIFY(QDir().mkpath(folder));
        const QString mine = folder + "/01-samples-kept-per-step.csv";
        QFile file(mine);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("mine");
        file.close();
        auto* dialog = open(folder, {PlotFormat::Csv}, PlotSize::Page);
        dialog->exportButton()->click();
        QVERIFY(answer("Cancel"));
        QVERIFY(done(dialog));
        QCOMPARE(dialog->sentence(), QString("Nothing was written."));
        QCOMPARE(files(folder), QStringList{"01-samples-kept-per-step.csv"});
        QCOMPARE(contents(mine), QByteArray("mine"));
        QTRY_VERIFY(window_->findChild<QMessageBox*>() == nullptr);
        dialog->exportButton()->click();
        QVERIFY(answer("Replace"));
        QVERIFY(done(dialog));
        QVERIFY(files(folder).size() >= 8);
        QVERIFY(contents(mine).startsWith("first step,"));
        close(dialog);
    }

    void whatGoesWrongIsSaid() {
        QFile file(scratch_.filePath("a-file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        auto* dialog = open(file.fileName(), {PlotFormat::Csv}, PlotSize::Page);
        dialog->exportButton()->click();
        QVERIFY(done(dialog));
        QVERIFY2(dialog->sentence().contains("is a file, not a folder"), qPrintable(dialog->sentence()));
        for (const PlotFormat format : PlotFormats)
            dialog->formatBox(format)->setChecked(false);
        QVERIFY(!dialog->exportButton()->isEnabled());
        close(dialog);
    }

    void stoppedInTheMiddleAllFilesAreWhole() {
        const QString folder = scratch_.filePath("stopped");
        auto* dialog = open(folder, {PlotFormat::Png, PlotFormat::Svg}, PlotSize::Slide);
        dialog->exportButton()->click();
        QVERIFY(QTest::qWaitFor([&] { return files(folder).size() >= 2; }, 30'000));
        dialog->reject(); // it stays open and says what is there
        QVERIFY(done(dialog));
        QVERIFY2(dialog->sentence().startsWith("Stopped: "), qPrintable(dialog->sentence()));
        const QStringList names = files(folder);
        QVERIFY(dialog->sentence().contains(QStringLiteral("Stopped: %1 of ").arg(names.size())));
        for (const auto& name : names) {
            QVERIFY2(!name.startsWith(u'.'), qPrintable(name)); // no temporary is left
            if (name.endsWith(".png"))
                QVERIFY(!QImage(folder + u'/' + name).isNull());
        }
        close(dialog);
    }
};

QTEST_MAIN(ExportPlotsTest)
#include "export_plots_test.moc"
