// core/engine/engine_loader.cpp. What a broken installation says is tried in a process of its own: an engine
// is loaded once.
#include "core/engine/engine.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

using namespace stillroom;

namespace {

constexpr const char* Module = STILLROOM_BINARY_DIR "/lib/libstillroom_torch.so";

/// `libstillroom_torch.so` as `module` says; what loading it answers.
QString loadWith(const std::string& module) {
    const QTemporaryDir folder;
    // Modules are looked for beside this one (core/files/loaded_module.h).
    QFile::copy(STILLROOM_BINARY_DIR "/lib/libstillroom_files.so", folder.filePath("libstillroom_files.so"));
    std::ofstream(folder.filePath("libstillroom_torch.so").toStdString()) << module;
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("LD_LIBRARY_PATH", folder.path());
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationFilePath(), {"--load"});
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput());
}

} // namespace

class EngineLoaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aBrokenModuleIsNamed();
    void loadsOnce();
};

void EngineLoaderTest::aBrokenModuleIsNamed() {
    const QString said = loadWith("not a library");
    QVERIFY2(said.startsWith("the engine cannot be loaded: ") &&
                 said.contains("libstillroom_torch.so: file too short"),
             qPrintable(said));
    QVERIFY(said.contains("LibTorch"));
}

void EngineLoaderTest::loadsOnce() {
    if (!QFile::exists(Module))
        QSKIP("the module with LibTorch has not been built");
    QVERIFY(!engineLoaded());
    std::vector<Engine*> found(4);
    std::vector<std::thread> threads;
    for (auto& engine : found)
        threads.emplace_back([&engine] { engine = loadEngine().value_or(nullptr); });
    for (auto& thread : threads)
        thread.join();
    QVERIFY(found[0] != nullptr);
    for (const auto* engine : found)
        QCOMPARE(engine, found[0]);
    QVERIFY(engineLoaded());
    const EngineInfo info = found[0]->info();
    QVERIFY(!info.torchVersion.empty());
    QVERIFY(!info.devices.empty());
    // An error made behind the door is one on this side.
    QVERIFY(!found[0]->openStudent("/no/such.safetensors"));
}

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--load") {
        const auto engine = loadEngine();
        std::fputs(engine ? "loaded" : engine.error().message.c_str(), stdout);
        return engine ? 0 : 1;
    }
    const QCoreApplication application(argc, argv);
    EngineLoaderTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "engine_loader_test.moc"
