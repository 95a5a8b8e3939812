#include "widgets/text.h"

#include "core/base/number.h"

#include <QCoreApplication>
#include <cmath>

namespace stillroom {
namespace {
QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::text", text);
}
} // namespace

QString grouped(std::int64_t value) {
    return toQString(groupThousands(value));
}

QString fixed(double value, int decimals) {
    return std::isfinite(value) ? QString::number(value, 'f', decimals) : QStringLiteral("–");
}

QString percent(double share, int decimals) {
    return std::isfinite(share) ? fixed(share * 100, decimals) + QStringLiteral(" %") : QStringLiteral("–");
}

QString duration(double seconds) {
    if (seconds < 9.95)
        return tr("%1 s").arg(fixed(seconds, seconds < 0.095 ? 2 : 1));
    const auto whole = static_cast<long long>(std::lround(seconds));
    if (whole < 60)
        return tr("%1 s").arg(whole);
    if (whole < 3600)
        return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString fileSize(std::int64_t bytes) {
    const auto size = static_cast<double>(bytes);
    if (size < 1e3)
        return tr("%1 bytes").arg(bytes);
    if (size < 1e6)
        return tr("%1 kB").arg(size / 1e3, 0, 'f', 0);
    if (size < 1e9)
        return tr("%1 MB").arg(size / 1e6, 0, 'f', size < 1e7 ? 1 : 0);
    return tr("%1 GB").arg(size / 1e9, 0, 'f', 1);
}

} // namespace stillroom
