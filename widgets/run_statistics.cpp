#include "widgets/run_statistics.h"

#include "widgets/table_panel.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include "core/experiment/comparison_words.h"
#include "core/experiment/test_predictions.h"

#include <QComboBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

/// As it stands over its table: "Accuracy, %".
QString titleOf(RunMetric metric) {
    QString title = toQString(metricWords(metric));
    title[0] = title[0].toUpper();
    if (isShare(metric))
        return RunStatistics::tr("%1, %").arg(title);
    return metric == RunMetric::Seconds ? RunStatistics::tr("%1, seconds").arg(title)
                                        : RunStatistics::tr("%1, nats").arg(title);
}

QString between(const std::optional<Interval>& interval, RunMetric metric, bool difference) {
    if (!interval)
        return QStringLiteral("–");
    const auto written = [&](double value) {
        return toQString(difference ? differenceText(value, metric) : metricText(value, metric));
    };
    return RunStatistics::tr("%1 to %2").arg(written(interval->low), written(interval->high));
}

/// "0.012", "< 0.001".
QString bareProbability(double p) {
    QString text = toQString(probabilityText(p));
    return text.startsWith(QLatin1String("p = ")) ? text.mid(4) : text.mid(2);
}

} // namespace

struct RunStatistics::Answer {
    std::vector<RunSummary> runs;
    Result<Comparison> comparison = Comparison{};
};

RunStatistics::RunStatistics(QWidget* parent)
    : QWidget(parent), metric_(new QComboBox), baseline_(new QComboBox), table_(new TablePanel(QString())),
      words_(new QLabel) {
    for (const RunMetric metric : AllRunMetrics)
        metric_->addItem(toQString(metricWords(metric)));
    metric_->setCurrentIndex(static_cast<int>(RunMetric::MacroF1));
    metric_->setAccessibleName(tr("What is compared"));
    baseline_->setAccessibleName(tr("What it is compared with"));
    baseline_->setToolTip(tr("The rule of the configuration that all others are compared with"));
    words_->setWordWrap(true);
    words_->setTextFormat(Qt::PlainText);
    words_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    words_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    words_->setAccessibleName(tr("What may be said of the differences"));

    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(words_);
    auto* said = new QFrame;
    said->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(said);
    inside->setContentsMargins(14, 10, 14, 10);
    inside->setSpacing(4);
    auto* title = new QLabel(tr("What may be said"));
    title->setFont(textFont(TextSize::Title));
    inside->addWidget(title);
    inside->addWidget(scroll, 1);

    const auto word = [](const QString& text) {
        auto* label = new QLabel(text);
        label->setProperty("tone", "muted");
        return label;
    };
    auto* controls = new QHBoxLayout;
    controls->setSpacing(Gap);
    controls->addWidget(metric_);
    controls->addWidget(word(tr("compared with")));
    controls->addWidget(baseline_);
    controls->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, Gap, 0, 0);
    column->setSpacing(Gap);
    column->addLayout(controls);
    column->addWidget(table_, 3);
    column->addWidget(said, 2);
    connect(metric_, &QComboBox::currentIndexChanged, this, &RunStatistics::ask);
    connect(baseline_, &QComboBox::currentIndexChanged, this, &RunStatistics::ask);
    fillBaselines();
    ask();
}

RunStatistics::~RunStatistics() {
    if (progress_)
        progress_->cancel();
    pool_.finish();
}

void RunStatistics::setRuns(const std::vector<SharedRun>& runs) {
    if (runs == runs_)
        return;
    runs_ = runs;
    fillBaselines();
    ask();
}

void RunStatistics::fillBaselines() {
    const QString before = baseline_->currentData().toString();
    QStringList rules;
    for (const auto& run : runs_)
        if (const QString rule = toQString(run->summary.rule); !rule.isEmpty() && !rules.contains(rule))
            rules << rule;
    const QSignalBlocker quiet(baseline_);
    baseline_->clear();
    baseline_->addItem(rules.contains(QStringLiteral("all")) ? tr("all") : tr("the first"), QString());
    for (const auto& rule : rules)
        if (rule != QLatin1String("all"))
            baseline_->addItem(rule, rule);
    baseline_->setCurrentIndex(std::max(0, baseline_->findData(before)));
}

void RunStatistics::ask() {
    stale_ = true;
    if (!isVisible())
        return;
    stale_ = false;
    if (progress_)
        progress_->cancel();
    if (runs_.empty()) {
        asking_.forget();
        table_->setTitle(tr("Statistics"));
        table_->show({},
                     tr("Choose runs above to compare them: several seeds of each configuration say most."));
        words_->clear();
        return;
    }
    progress_ = std::make_shared<Progress>();
    ComparisonOptions options;
    options.metric = AllRunMetrics.at(static_cast<std::size_t>(metric_->currentIndex()));
    if (const QString rule = baseline_->currentData().toString(); !rule.isEmpty())
        options.baseline.emplace_back("selection.rule", rule.toStdString());
    asking_.ask(
        [chosen = runs_, options, progress = progress_] {
            auto answer = std::make_shared<Answer>();
            for (const auto& run : chosen)
                if (!run->summary.name.empty())
                    answer->runs.push_back(run->summary);
            answer->comparison = compareRuns(answer->runs, options, readTestPredictions, progress.get());
            return answer;
        },
        [this, mine = progress_](const std::shared_ptr<Answer>& answer) {
            if (mine != progress_)
                return;
            present(*answer);
            Q_EMIT answered();
        });
}

void RunStatistics::present(const Answer& answer) {
    if (!answer.comparison) {
        table_->setTitle(tr("Statistics"));
        table_->show({}, toQString(answer.comparison.error().message));
        words_->clear();
        return;
    }
    const Comparison& comparison = *answer.comparison;
    const RunMetric metric = comparison.options.metric;
    const QString level = toQString(levelText(comparison.options.level));
    PlotTable table;
    table.columns = {tr("configuration"),
                     tr("seeds"),
                     tr("mean"),
                     tr("sd"),
                     tr("%1 interval").arg(level),
                     tr("difference"),
                     tr("%1 interval").arg(level),
                     tr("p, corrected"),
                     tr("effect (g)")};
    QStringList sentences;
    const bool several = comparison.dataSets.size() > 1;
    for (const auto& set : comparison.dataSets)
        for (std::size_t i = 0; i < set.configurations.size(); ++i) {
            const ComparedConfiguration& one = set.configurations[i];
            const MetricSummary& figure = comparison.metric(one);
            const Difference& difference = one.difference;
            const bool baseline = i == set.baseline;
            QString name = toQString(one.configuration.label);
            if (several)
                name += QStringLiteral(" · ") + toQString(set.name);
            if (baseline)
                name += tr(" (baseline)");
            const bool known = figure.said.count > 0;
            const bool differs = !baseline && !difference.values.empty();
            table.rows << QStringList{
                name,
                QString::number(figure.said.count),
                known ? toQString(metricText(figure.said.mean, metric)) : QStringLiteral("–"),
                figure.said.count > 1 ? toQString(metricText(figure.said.deviation, metric))
                                      : QStringLiteral("–"),
                between(figure.interval, metric, false),
                differs ? toQString(differenceText(difference.said.mean, metric)) : QStringLiteral("–"),
                between(baseline ? std::nullopt : difference.interval, metric, true),
                differs && difference.p ? bareProbability(difference.correctedP) : QStringLiteral("–"),
                differs && difference.effectSize ? fixed(*difference.effectSize, 2) : QStringLiteral("–")};
            if (!one.sentence.empty())
                sentences << toQString(one.sentence);
        }
    if (comparison.ranks)
        sentences << toQString(comparison.ranks->sentence);
    for (const auto& remark : comparison.remarks)
        sentences << toQString(remark);
    table_->setTitle(titleOf(metric));
    table_->show(table, tr("There is nothing to compare."));
    words_->setText(sentences.join(QStringLiteral("\n\n")));
}

void RunStatistics::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (stale_)
        ask();
}

} // namespace stillroom
