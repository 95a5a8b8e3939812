#include "core/student/devices.h"

#include <QTest>
#include <thread>
#include <vector>

using namespace stillroom;

class DevicesTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void describesTheMachine() {
        const EngineInfo info = describeEngine();
        QVERIFY(!info.torchVersion.empty());
        QVERIFY(!info.blas.empty());
        QCOMPARE(info.devices.at(0).name, std::string("cpu"));
        QCOMPARE(info.threads, static_cast<int>(std::thread::hardware_concurrency()));
    }

    void kernelsOfLongAgo() {
        // As OpenBLAS 0.3.21 names them; it takes an Emerald Rapids for a Prescott.
        const auto advice = [](const char* kernels, bool avx2, bool avx512) {
            return slowKernelsAdvice("OpenBLAS 0.3.21", kernels, avx2, avx512);
        };
        QVERIFY(advice("Prescott", true, true).find("OPENBLAS_CORETYPE=SkylakeX") != std::string::npos);
        QVERIFY(advice("Nehalem", true, false).find("OPENBLAS_CORETYPE=Haswell") != std::string::npos);
        QVERIFY(advice("Prescott", false, false).empty()); // it is one
        for (const char* right : {"Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids", "armv8", ""})
            QVERIFY(advice(right, true, true).empty());
    }

    void whatOpenBlasHasChosen() {
        const EngineInfo info = describeEngine();
        QCOMPARE(info.blasKernels.empty(), info.blas.find("OpenBLAS") == std::string::npos);
        QCOMPARE(info.kernelsWarning, slowKernelsAdvice());
    }

    void autoAndCpuAreTheCpuForNgrams() {
        QCOMPARE(resolveDevice("auto", StudentKind::Ngram).value(), std::string("cpu"));
        QCOMPARE(resolveDevice("cpu", StudentKind::Ngram).value(), std::string("cpu"));
    }

    void nonsenseGetsASentence() {
        for (const char* device : {"gpu", "cuda:x", "cuda:-1", "cuda:999", "", "CPU"}) {
            const auto resolved = resolveDevice(device, StudentKind::Ngram);
            QVERIFY(!resolved);
            QVERIFY(resolved.error().message.find("training.device") != std::string::npos);
        }
    }

    void memoryIsThatOfThisProcess() {
        const std::int64_t before = memoryInUse("cpu");
        std::vector<char> more(200 << 20, 1);
        const std::int64_t after = memoryInUse("cpu");
        QVERIFY2(after - before > (190 << 20), qPrintable(QString::number(after - before)));
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__) // what they know of memory takes memory
        QVERIFY2(after - before < (300 << 20), qPrintable(QString::number(after - before)));
#endif
        QCOMPARE(more.back(), char(1));
    }

    void threads() {
        QCOMPARE(resolveThreads(3), 3);
        QCOMPARE(resolveThreads(0), static_cast<int>(std::thread::hardware_concurrency()));
    }
};

QTEST_GUILESS_MAIN(DevicesTest)
#include "devices_test.moc"
