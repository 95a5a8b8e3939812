#include "widgets/run_difference.h"

#include "widgets/run_columns.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include "core/experiment/setting_difference.h"

#include <QVBoxLayout>

namespace stillroom {

RunDifference::RunDifference(QWidget* parent)
    : QWidget(parent), panel_(new TablePanel(tr("Settings that differ"))) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Gap, 0, 0);
    column->addWidget(panel_);
    setRuns({});
}

void RunDifference::setRuns(const std::vector<SharedRun>& runs) {
    std::vector<const RunSummary*> summaries;
    for (const auto& run : runs)
        if (!run->summary.name.empty() && summaries.size() < Most)
            summaries.push_back(&run->summary);
    if (summaries.size() < 2) {
        panel_->show(PlotTable{}, tr("Choose two runs or more above to see in which settings they differ."));
        return;
    }
    panel_->setTitle(runs.size() > Most
                         ? tr("Settings that differ among the first %1 of %2 runs").arg(Most).arg(runs.size())
                         : tr("Settings that differ"));
    PlotTable table;
    table.columns << tr("setting");
    for (const auto* summary : summaries)
        table.columns << tr("%1 · %2").arg(toQString(summary->name), shortTime(summary->created).mid(5));
    for (const auto& key : differingSettings(summaries)) {
        QStringList row{toQString(key)};
        for (const auto* summary : summaries) {
            const QString value = toQString(settingOf(*summary, key));
            row << (value.isEmpty() ? QStringLiteral("–") : value);
        }
        table.rows << row;
    }
    panel_->show(table, tr("The settings of these runs are the same."));
}

} // namespace stillroom
