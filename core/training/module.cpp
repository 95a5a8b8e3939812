// The engine module's one exported door; see core/engine/engine.h.
#include "core/engine/engine.h"
