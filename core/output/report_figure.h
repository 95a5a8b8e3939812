// What a figure of a report shows, as numbers. How it looks is decided where it is drawn (widgets/report).
// Plain data.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace stillroom {

struct FigureAxis {
    static constexpr double FromData = std::numeric_limits<double>::quiet_NaN();
    std::string label; ///< with its unit: "accuracy (%)"
    double low = FromData, high = FromData;
};

struct FigureSeries {
    enum class Mark {
        Line,   ///< with markers now and then; `low` and `high` are a band around it
        Points, ///< `low` and `high` are whiskers
        Bars,   ///< from 0, as wide as the distance of the first two x
    };
    std::string name; ///< for the legend; series of one name are one thing. Empty: not in the legend
    int style = 0;    ///< colour, dash and marker together, so that it is told apart without colour
    Mark mark = Mark::Line;
    std::vector<double> x, y; ///< equally many; what is not finite breaks a line
    std::vector<double> low = {}, high = {};
    bool faint = false; ///< thin and grey, behind the others
};

/// A grid of numbers, drawn as darkness.
struct FigureCells {
    int columns = 0, rows = 0;
    std::vector<double> values; ///< row by row, row 0 the lowest; 0 is left white
    double left = 0, right = 1, bottom = 0, top = 1;
    bool logarithmic = false; ///< darkness follows the logarithm
    std::string unit;         ///< of the legend: "texts"
};

/// A straight line across the panel.
struct FigureMark {
    bool vertical = true;
    double at = 0;
    int style = 0;
    std::string name = {}; ///< as of a series
    bool faint = false;
};

struct FigurePanel {
    std::string title;
    FigureAxis x, y;
    std::vector<FigureSeries> series = {};
    std::vector<FigureCells> cells = {}; ///< at most one
    std::vector<FigureMark> marks = {};
    bool diagonal = false; ///< a line where y is x
};

struct ReportFigure {
    std::string id;                  ///< of its element: "fig-accuracy"
    std::string title;               ///< for people who cannot see it, as the next one
    std::string description;         ///< what there is to see, with its most important numbers
    double height = 0.42;            ///< of its width, the legend aside
    std::vector<FigurePanel> panels; ///< beside each other, one or two
};

} // namespace stillroom
