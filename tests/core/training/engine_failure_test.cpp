#include "core/training/engine_failure.h"

#include <QTest>
#include <new>
#include <stdexcept>

using namespace stillroom;

class EngineFailureTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void sentences() {
        const std::runtime_error plain("matrices do not fit\nException raised from …");
        QCOMPARE(engineFailure(plain, "training", "x"), std::string("training failed: matrices do not fit"));
        QCOMPARE(engineFailure(std::bad_alloc(), "training", "training.micro_batch"),
                 std::string("training ran out of memory; lower training.micro_batch"));
        const std::runtime_error gpu("CUDA out of memory. Tried to allocate 2 GiB\n…");
        QCOMPARE(
            engineFailure(gpu, "training", "training.micro_batch"),
            std::string("training ran out of memory (CUDA out of memory. Tried to allocate 2 GiB); lower "
                        "training.micro_batch"));
        const std::runtime_error cpu("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to …");
        QVERIFY(engineFailure(cpu, "training", "x").find("lower x") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(EngineFailureTest)
#include "engine_failure_test.moc"
