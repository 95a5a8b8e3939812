// The program itself: how soon its first frame is painted, and that it does not link LibTorch.
#include <QFileInfo>
#include <QProcess>
#include <QTest>
#include <algorithm>
#include <vector>

class StartupTest : public QObject {
    Q_OBJECT
  private:
    const QString program_ = QStringLiteral(STILLROOM_BINARY_DIR "/bin/stillroom");

    static QByteArray outputOf(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(30'000) || process.exitCode() != 0)
            return {};
        return process.readAllStandardOutput();
    }

  private Q_SLOTS:
    void initTestCase() {
        if (!QFileInfo::exists(program_))
            QSKIP("stillroom is not built here");
    }

    void firstFrame() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("a sanitizer makes everything several times slower: there is nothing to learn from times here");
#endif
        if (outputOf(program_, {"--startup-time"}).isEmpty()) // the first one also warms the file cache
            QFAIL("stillroom --startup-time failed");
        std::vector<double> times;
        for (int i = 0; i < 10; ++i)
            times.push_back(outputOf(program_, {"--startup-time"}).trimmed().toDouble());
        std::sort(times.begin(), times.end());
        const double median = (times[4] + times[5]) / 2;
        qInfo("process start to first painted frame: median %.0f ms (%.0f to %.0f)", median, times.front(),
              times.back());
        QVERIFY(times.front() > 0);
        QVERIFY(median <= 250);
    }

    void noTorch() {
        const QByteArray libraries = outputOf(QStringLiteral("ldd"), {program_});
        QVERIFY(libraries.contains("libstillroom_widgets"));
        QVERIFY(!libraries.contains("torch"));
    }

    void versionNeedsNoDisplay() {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.remove("DISPLAY");
        environment.remove("WAYLAND_DISPLAY");
        environment.remove("QT_QPA_PLATFORM");
        process.setProcessEnvironment(environment);
        process.start(program_, {"--version"});
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(process.readAllStandardOutput().startsWith("stillroom "));
    }
};

QTEST_GUILESS_MAIN(StartupTest)
#include "startup_test.moc"
