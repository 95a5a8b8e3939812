#include "widgets/demo_figures.h"

#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace stillroom {
namespace {

constexpr double Missed = 0.05;
constexpr std::size_t MostNamed = 4;

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                     : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

DemoFigures DemoFigures::of(const RunController& controller) {
    DemoFigures figures;
    const LiveModel& live = controller.live();
    const FinishedEvent* end = live.finished();
    if (end == nullptr)
        return figures;
    const Metrics& test = end->test;
    figures.accuracy = test.accuracy;
    figures.macroF1 = test.macroF1;
    const std::int64_t total = end->counts.total, epochs = live.started().epochs;
    figures.gradientShare = share(end->counts.gradient, total * epochs);
    figures.distinctShare = share(end->counts.distinct, total);
    figures.keptPrecision = share(end->keptRight, end->keptWithGold);
    figures.recall = test.recall;
    const std::size_t classes = test.recall.size();
    for (std::size_t k = 0; k < classes; ++k) {
        const auto* row = test.confusion.data() + k * classes;
        figures.testRows.push_back(std::accumulate(row, row + classes, std::int64_t{0}));
    }
    const auto summary = controller.summary();
    const auto& kept = live.keptByClass();
    for (std::size_t k = 0; summary != nullptr && k < summary->taughtByClass.size(); ++k)
        figures.keptShare.push_back(share(k < kept.size() ? kept[k] : 0, summary->taughtByClass[k] * epochs));
    figures.thresholds = live.thresholds();
    return figures;
}

std::vector<std::size_t> DemoFigures::missed() const {
    std::vector<std::size_t> found;
    for (std::size_t k = 0; k < recall.size() && k < testRows.size(); ++k)
        if (testRows[k] > 0 && recall[k] < Missed)
            found.push_back(k);
    return found;
}

std::size_t DemoFigures::thinnest() const {
    std::size_t found = 0;
    for (std::size_t k = 1; k < keptShare.size(); ++k)
        if (std::isnan(keptShare[found]) || keptShare[k] < keptShare[found])
            found = k;
    return found;
}

std::size_t DemoFigures::fattest() const {
    std::size_t found = 0;
    for (std::size_t k = 1; k < keptShare.size(); ++k)
        if (std::isnan(keptShare[found]) || keptShare[k] > keptShare[found])
            found = k;
    return found;
}

double DemoFigures::meanTeacherThreshold() const {
    const auto& values = thresholds.teacher;
    return values.empty()
               ? std::numeric_limits<double>::quiet_NaN()
               : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

QString DemoNotes::className(std::size_t k) const {
    return k < classes.size() ? toQString(classes[k]) : QStringLiteral("–");
}

QString DemoNotes::classNames(const std::vector<std::size_t>& named) const {
    QStringList names;
    for (std::size_t i = 0; i < std::min(MostNamed, named.size()); ++i)
        names << className(named[i]);
    QString text = names.join(QStringLiteral(", "));
    if (named.size() > MostNamed)
        text += QCoreApplication::translate("stillroom::demo", " and %1 more").arg(named.size() - MostNamed);
    return text;
}

} // namespace stillroom
