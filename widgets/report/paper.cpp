#include "widgets/report/paper.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QHash>
#include <QPainterPath>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>

namespace stillroom::paper {

namespace {

QStringList families(Face face) {
    switch (face) {
    case Face::Serif:
        return {QStringLiteral("Liberation Serif"), QStringLiteral("DejaVu Serif")};
    case Face::Sans:
        return {QStringLiteral("Liberation Sans"), QStringLiteral("DejaVu Sans")};
    case Face::Mono:
        break;
    }
    return {QStringLiteral("Liberation Mono"), QStringLiteral("DejaVu Sans Mono")};
}

QString chosen(Face face) {
    const auto wanted = families(face);
    const auto there = QFontDatabase::families();
    for (const auto& family : wanted)
        if (there.contains(family))
            return family;
    return wanted.back();
}

/// Looked for once: the system's fonts are many.
const QString& family(Face face) {
    static const std::array<QString, 3> known{chosen(Face::Serif), chosen(Face::Sans), chosen(Face::Mono)};
    return known.at(static_cast<std::size_t>(face));
}

/// Letters that every text font has.
bool isPlain(char32_t c) {
    return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x250) || c == '\n' || c == '\r' || c == '\t' ||
           c == char32_t(QChar::LineSeparator);
}

bool isSkinTone(char32_t c) {
    return c >= 0x1f3fb && c <= 0x1f3ff;
}

/// What is drawn for a sign: itself, the box, or nothing.
QString drawnFor(char32_t c, Face face) {
    const QString sign = QString::fromUcs4(&c, 1);
    const QFont drawing = font(face, 20);
    const auto category = QChar::category(c);
    const bool unseen = category == QChar::Mark_NonSpacing || category == QChar::Mark_SpacingCombining ||
                        category == QChar::Mark_Enclosing || category == QChar::Other_Format ||
                        category == QChar::Separator_Space;
    if (QFontMetricsF(drawing).inFontUcs4(c)) {
        if (unseen)
            return sign;
        QPainterPath lines;
        lines.addText(0, 0, drawing, sign);
        if (!lines.isEmpty())
            return sign;
    }
    if (category == QChar::Separator_Space)
        return QStringLiteral(" ");
    return unseen || isSkinTone(c) ? QString() : QStringLiteral("\u25a1");
}

} // namespace

QString drawable(const QString& text, Face face) {
    if (std::all_of(text.begin(), text.end(), [](QChar c) { return isPlain(c.unicode()); }))
        return text;
    thread_local std::array<QHash<uint, QString>, 3> known; // fonts stay what they are
    auto& ofFace = known.at(static_cast<std::size_t>(face));
    QString drawn;
    for (const char32_t c : text.toStdU32String()) {
        if (isPlain(c)) {
            drawn += QString::fromUcs4(&c, 1);
            continue;
        }
        auto found = ofFace.find(c);
        if (found == ofFace.end())
            found = ofFace.insert(c, drawnFor(c, face));
        drawn += *found;
    }
    return drawn;
}

QFont font(Face face, double pixels, bool bold, bool italic) {
    QFont made(family(face));
    made.setStyleHint(face == Face::Serif  ? QFont::Serif
                      : face == Face::Sans ? QFont::SansSerif
                                           : QFont::Monospace);
    made.setPixelSize(std::max(1, static_cast<int>(std::lround(pixels))));
    made.setBold(bold);
    made.setItalic(italic);
    made.setHintingPreference(QFont::PreferNoHinting);
    return made;
}

QString cssFamily(Face face) {
    switch (face) {
    case Face::Serif:
        return QStringLiteral("Liberation Serif, Times New Roman, DejaVu Serif, serif");
    case Face::Sans:
        return QStringLiteral("Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif");
    case Face::Mono:
        break;
    }
    return QStringLiteral("Liberation Mono, DejaVu Sans Mono, monospace");
}

QColor colour(int style) {
    static constexpr std::array<QRgb, 8> colours = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                                    0xe69f00, 0x56b4e9, 0x9c8f00, 0x6b7176};
    return QColor(colours.at(static_cast<std::size_t>(style) % colours.size()));
}

QList<qreal> dashes(int style) {
    static const std::array<QList<qreal>, 5> patterns = {
        QList<qreal>{}, {5, 2}, {1.2, 1.6}, {6, 2, 1.2, 2}, {9, 2.4}};
    return patterns.at(static_cast<std::size_t>(style) % patterns.size());
}

int marker(int style) {
    return style % 8;
}

bool isOpen(int style) {
    return style / 8 % 2 == 1;
}

} // namespace stillroom::paper
