#include "widgets/run_hint.h"

#include <QCoreApplication>

namespace stillroom {

QString runHint(RunState state) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("stillroom::runHint", text); };
    switch (state) {
    case RunState::Empty:
        return tr("Drop a data file on the window, or open an example from the File menu.");
    case RunState::Loading:
        return tr("The data are being read.");
    case RunState::Broken:
        return tr("The Data page says why the data could not be read.");
    case RunState::Starting:
        return tr("The run is being started.");
    default:
        return tr("Press Run (F5).");
    }
}

} // namespace stillroom
