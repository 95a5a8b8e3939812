#include "app/cli/commands.h"
#include "app/cli/json_output.h"
#include "core/engine/engine.h"

#include <QJsonArray>
#include <fmt/format.h>

namespace stillroom::cli {

int devicesCommand(const Options& options) {
    auto engine = loadEngine();
    if (!engine)
        return report(engine.error());
    const EngineInfo info = (*engine)->info();
    if (options.json) {
        QJsonArray devices;
        for (const auto& device : info.devices)
            devices.append(
                QJsonObject{{QStringLiteral("name"), QString::fromStdString(device.name)},
                            {QStringLiteral("description"), QString::fromStdString(device.description)}});
        printJson({{QStringLiteral("libtorch"), QString::fromStdString(info.torchVersion)},
                   {QStringLiteral("blas"), QString::fromStdString(info.blas)},
                   {QStringLiteral("blas_kernels"), QString::fromStdString(info.blasKernels)},
                   {QStringLiteral("threads"), info.threads},
                   {QStringLiteral("devices"), devices}});
    } else {
        for (const auto& device : info.devices)
            fmt::print("{:<8} {}\n", device.name, device.description);
        fmt::print("threads  {}\nBLAS     {}{}\nLibTorch {}\n", info.threads, info.blas,
                   info.blasKernels.empty() ? "" : ", kernels for " + info.blasKernels, info.torchVersion);
    }
    for (const auto& warning : {info.blasWarning, info.kernelsWarning})
        if (!warning.empty())
            fmt::print(stderr, "{}\n", warning);
    return Done;
}

} // namespace stillroom::cli
