#include "widgets/plane_picture.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stillroom {
namespace {

constexpr int Steps = 64, Shares = 33; // of the tables of colours

struct Lab { // Oklab
    double l, a, b;
};

double toLinear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}
double fromLinear(double channel) {
    return channel <= 0.0031308 ? channel * 12.92 : 1.055 * std::pow(channel, 1 / 2.4) - 0.055;
}

Lab toLab(const QColor& colour) {
    const double r = toLinear(colour.redF()), g = toLinear(colour.greenF()), b = toLinear(colour.blueF());
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

QColor fromLab(const Lab& lab) {
    const double l = std::pow(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
    const double m = std::pow(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
    const double s = std::pow(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b, 3);
    const auto channel = [](double linear) {
        return static_cast<float>(std::clamp(fromLinear(std::max(0.0, linear)), 0.0, 1.0));
    };
    return QColor::fromRgbF(channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                            channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                            channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

struct Ramp {
    QColor few, middle, many;
};

Ramp rampOf(const Theme& colours) {
    if (colours.dark)
        return {mixed(colours.surface, colours.kept, 0.3), colours.kept, QColor(0xe8f4ff)};
    return {mixed(colours.surface, colours.kept, 0.2), colours.kept, QColor(0x06243d)};
}

template <class Colour>
QImage picture(const DensityMap& map, Colour colourOf) {
    QImage image(std::max(1, map.columns), std::max(1, map.rows), QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    for (int row = 0; row < map.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(map.rows - 1 - row));
        const auto first = static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns);
        for (int column = 0; column < map.columns; ++column)
            if (const std::size_t cell = first + static_cast<std::size_t>(column); map.all[cell] > 0)
                line[column] = colourOf(cell);
    }
    return image;
}

} // namespace

QColor mixed(const QColor& from, const QColor& to, double share) {
    const Lab a = toLab(from), b = toLab(to);
    const auto between = [&](double x, double y) { return x + (y - x) * share; };
    return fromLab({between(a.l, b.l), between(a.a, b.a), between(a.b, b.b)});
}

double densityOfCount(std::uint32_t count, std::uint32_t largest) {
    if (count <= 1 || largest <= 1)
        return largest <= 1 && count > 0 ? 1 : 0;
    return std::min(1.0, std::log(static_cast<double>(count)) / std::log(static_cast<double>(largest)));
}

QColor densityColour(double density, const Theme& colours) {
    const Ramp ramp = rampOf(colours);
    // The middle stands where its lightness lies, so that the whole is one even slope.
    const double low = toLab(ramp.few).l, middle = toLab(ramp.middle).l, high = toLab(ramp.many).l;
    const double turn = (middle - low) / (high - low);
    return density < turn ? mixed(ramp.few, ramp.middle, density / turn)
                          : mixed(ramp.middle, ramp.many, (density - turn) / (1 - turn));
}

QColor rightColour(double right, double density, const Theme& colours) {
    const QColor wrong = colours.dark ? QColor(0xf0823a) : QColor(0xd55e00);
    const QColor grey = mixed(colours.surface, colours.text, 0.42);
    const QColor full =
        right < 0.5 ? mixed(wrong, grey, right * 2) : mixed(grey, colours.kept, (right - 0.5) * 2);
    return mixed(colours.surface, full, 0.3 + 0.7 * density);
}

DensityMap joinedRows(const DensityMap& map, int rows, double highest, bool spread,
                      std::vector<double>& edges) {
    DensityMap joined;
    joined.columns = map.columns;
    joined.samples = map.samples;
    joined.notScored = map.notScored;
    std::vector<int> ends; // in rows of `map`, each after the one before
    const double top = spread ? std::sqrt(highest) : highest;
    for (int row = 1; row <= rows; ++row) {
        const double end = top * row / rows;
        const int cell = static_cast<int>(std::ceil((spread ? end * end : end) * map.rows - 1e-6));
        if (ends.empty() ? cell > 0 : cell > ends.back())
            ends.push_back(std::min(cell, map.rows));
    }
    if (ends.empty() || ends.back() < map.rows)
        ends.push_back(map.rows); // what lies over the axis is counted, and not seen
    edges.assign(1, 0.0);
    const auto columns = static_cast<std::size_t>(map.columns);
    int begin = 0;
    for (const int end : ends) {
        edges.push_back(static_cast<double>(end) / map.rows);
        for (auto [from, to] :
             {std::pair{&map.all, &joined.all}, {&map.right, &joined.right}, {&map.wrong, &joined.wrong}}) {
            const std::size_t first = to->size();
            to->resize(first + columns);
            for (int row = begin; row < end; ++row)
                for (std::size_t column = 0; column < columns; ++column)
                    (*to)[first + column] += (*from)[static_cast<std::size_t>(row) * columns + column];
        }
        begin = end;
    }
    joined.rows = static_cast<int>(ends.size());
    joined.largest = joined.all.empty() ? 0 : *std::max_element(joined.all.begin(), joined.all.end());
    return joined;
}

QImage densityPicture(const DensityMap& map, const Theme& colours) {
    std::array<QRgb, Steps> table{};
    for (std::size_t i = 0; i < Steps; ++i)
        table[i] = densityColour(static_cast<double>(i) / (Steps - 1), colours).rgb();
    return picture(map, [&](std::size_t cell) {
        return table[static_cast<std::size_t>(
            std::lround(densityOfCount(map.all[cell], map.largest) * (Steps - 1)))];
    });
}

QImage rightPicture(const DensityMap& map, const Theme& colours) {
    std::array<std::array<QRgb, Steps>, Shares> table{};
    for (std::size_t s = 0; s < Shares; ++s)
        for (std::size_t i = 0; i < Steps; ++i)
            table[s][i] = rightColour(static_cast<double>(s) / (Shares - 1),
                                      static_cast<double>(i) / (Steps - 1), colours)
                              .rgb();
    const QRgb noGold = colours.all.rgb();
    return picture(map, [&](std::size_t cell) {
        const double gold = static_cast<double>(map.right[cell]) + map.wrong[cell];
        if (gold == 0)
            return noGold;
        const double density = densityOfCount(map.all[cell], map.largest);
        return table[static_cast<std::size_t>(std::lround(map.right[cell] / gold * (Shares - 1)))]
                    [static_cast<std::size_t>(std::lround(density * (Steps - 1)))];
    });
}

} // namespace stillroom
