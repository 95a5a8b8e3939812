// The session of core/engine/session.h: one thread that prepares, trains, evaluates and says so.
#pragma once

#include "core/base/result.h"
#include "core/engine/session.h"

#include <memory>

namespace stillroom {

/// Errors: no training sample, a rule or device that cannot be.
Result<std::unique_ptr<Session>> startTrainingSession(SessionSpec spec, EventSink sink);

} // namespace stillroom
