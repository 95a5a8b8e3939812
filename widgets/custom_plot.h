// The one door to QCustomPlot: its header is written with Qt's keywords, which are off here (QT_NO_KEYWORDS,
// because Torch has members of those names).
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
#pragma GCC diagnostic pop
