// core/files/loaded_module.h: a library of the system's, and what is said when there is none.
#include "core/files/loaded_module.h"

#include <QTest>

using namespace stillroom;

class LoadedModuleTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void opens();
    void saysWhatIsMissing();
};

void LoadedModuleTest::opens() {
    const auto door = moduleDoor("libm.so.6", "cbrt");
    QVERIFY2(door, door ? "" : door.error().message.c_str());
    QCOMPARE(reinterpret_cast<double (*)(double)>(*door)(27.0), 3.0);
}

void LoadedModuleTest::saysWhatIsMissing() {
    const auto module = moduleDoor("libstillroom_not_there.so", "door");
    QVERIFY(!module && module.error().message.find("libstillroom_not_there.so") != std::string::npos);
    const auto door = moduleDoor("libm.so.6", "stillroom_no_such_door");
    QVERIFY(!door && door.error().message.find("stillroom_no_such_door") != std::string::npos);
}

QTEST_GUILESS_MAIN(LoadedModuleTest)
#include "loaded_module_test.moc"
