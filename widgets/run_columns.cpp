#include "widgets/run_columns.h"

#include "widgets/text.h"

#include "core/base/number.h"
#include "core/experiment/experiment.h"
#include "core/experiment/setting_difference.h"

#include <QCoreApplication>
#include <QHash>
#include <functional>

namespace stillroom {
namespace {

using Kind = RunColumn::Kind;
const double None = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::RunColumns", text);
}

/// A column and where its cells come from: one of both.
struct Made {
    RunColumn column;
    std::function<QString(const IndexedRun&)> words = {};
    std::function<double(const IndexedRun&)> number = {};
};

Made word(const char* id, const QString& title, const QString& tip,
          std::function<QString(const IndexedRun&)> words, bool usual = true) {
    return {{QLatin1String(id), title, tip, Kind::Word, usual}, std::move(words)};
}

Made figure(const char* id, const QString& title, const QString& tip, Kind kind,
            std::function<double(const IndexedRun&)> number, bool usual = false) {
    return {{QLatin1String(id), title, tip, kind, usual, true}, {}, std::move(number)};
}

/// Of the best student on one split.
auto scored(std::optional<Score> RunSummary::*split, double Score::*figure) {
    return [split, figure](const IndexedRun& run) {
        const auto& score = run.summary.*split;
        return score ? (*score).*figure : None;
    };
}

auto followed(std::optional<ScoreCourse> RunSummary::*course, double ScoreCourse::*figure) {
    return [course, figure](const IndexedRun& run) {
        const auto& scores = run.summary.*course;
        return scores ? (*scores).*figure : None;
    };
}

/// Of a run that has begun.
auto counted(std::function<double(const RunSummary&)> count) {
    return [count = std::move(count)](const IndexedRun& run) {
        return run.summary.steps > 0 ? count(run.summary) : None;
    };
}

void addOutcomes(std::vector<Made>& all) {
    all.push_back(figure("test_accuracy", tr("test acc."), tr("Accuracy of the best student on test"),
                         Kind::Share, scored(&RunSummary::test, &Score::accuracy), true));
    all.push_back(figure("test_macro_f1", tr("test F1"), tr("Macro-F1 of the best student on test"),
                         Kind::Share, scored(&RunSummary::test, &Score::macroF1), true));
    all.push_back(figure("test_loss", tr("test loss"),
                         tr("Mean cross-entropy of the best student on test, natural logarithm"),
                         Kind::Number, scored(&RunSummary::test, &Score::loss)));
    all.push_back(figure("validation_accuracy", tr("val. acc."),
                         tr("Accuracy of the best student on validation"), Kind::Share,
                         scored(&RunSummary::validation, &Score::accuracy)));
    all.push_back(figure("validation_macro_f1", tr("val. F1"),
                         tr("Macro-F1 of the best student on validation: the best of the run"), Kind::Share,
                         scored(&RunSummary::validation, &Score::macroF1), true));
    all.push_back(figure("validation_loss", tr("val. loss"),
                         tr("Mean cross-entropy of the best student on validation, natural logarithm"),
                         Kind::Number, scored(&RunSummary::validation, &Score::loss)));
    const std::pair<double ScoreCourse::*, std::pair<const char*, QString>> moments[] = {
        {&ScoreCourse::last, {"last", tr("last")}},
        {&ScoreCourse::lowest, {"min", tr("min")}},
        {&ScoreCourse::highest, {"max", tr("max")}}};
    for (const auto& [moment, names] : moments) {
        const auto id = [&, name = names.first](const char* what) { return QByteArray(name) + "_" + what; };
        all.push_back(figure(id("accuracy").constData(), tr("%1 val. acc.").arg(names.second),
                             tr("Accuracy on validation over the run's evaluations: %1").arg(names.second),
                             Kind::Share, followed(&RunSummary::accuracy, moment)));
        all.push_back(figure(id("macro_f1").constData(), tr("%1 val. F1").arg(names.second),
                             tr("Macro-F1 on validation over the run's evaluations: %1").arg(names.second),
                             Kind::Share, followed(&RunSummary::macroF1, moment)));
    }
    all.push_back(figure("gradient_share", tr("gradient"),
                         tr("Samples in backward passes; keeping all in every epoch is 100 %"), Kind::Share,
                         counted(&RunSummary::gradientShare), true));
    all.push_back(figure("distinct_share", tr("distinct"),
                         tr("Share of the training texts that were ever in a backward pass"), Kind::Share,
                         counted(&RunSummary::distinctShare), true));
    all.push_back(figure("kept_precision", tr("kept right"),
                         tr("Share of the kept whose teacher label is gold's"), Kind::Share,
                         [](const IndexedRun& run) { return run.summary.keptPrecision.value_or(None); }));
    all.push_back(figure("train_seconds", tr("training"), tr("Time trained, without evaluations"),
                         Kind::Seconds, counted([](const RunSummary& run) { return run.trainSeconds; }),
                         true));
    all.push_back(figure("steps", tr("steps"), tr("Candidate batches done"), Kind::Count,
                         counted([](const RunSummary& run) { return static_cast<double>(run.steps); })));
    all.push_back(
        figure("gradient", tr("gradient samples"), tr("Samples in backward passes"), Kind::Count,
               counted([](const RunSummary& run) { return static_cast<double>(run.counts.gradient); })));
    all.push_back(
        figure("distinct", tr("distinct samples"), tr("Training texts that were ever in a backward pass"),
               Kind::Count,
               counted([](const RunSummary& run) { return static_cast<double>(run.counts.distinct); })));
}

/// "decay", or "loss.temperature" where another section has a setting of that name.
QString settingTitle(const std::string& key, const QHash<QString, int>& lastParts) {
    const QString whole = toQString(key);
    const QString last = whole.section(u'.', -1);
    return lastParts.value(last) > 1 ? whole.section(u'.', -2) : last;
}

void addSettings(std::vector<Made>& all) {
    QHash<QString, int> lastParts;
    for (const auto& key : settingKeys())
        ++lastParts[toQString(key).section(u'.', -1)];
    for (const auto& key : settingKeys()) {
        // They have columns of their own.
        if (key == "name" || key == "selection.rule" || key == "training.seed")
            continue;
        all.push_back({{toQString(key), settingTitle(key, lastParts),
                        tr("%1, as in the experiment; shown where the runs differ in it").arg(toQString(key)),
                        Kind::Setting},
                       [key](const IndexedRun& run) { return toQString(settingOf(run.summary, key)); }});
    }
}

/// Axes have more room than headers.
void nameAxes(std::vector<Made>& all) {
    const QHash<QString, QString> names = {
        {QStringLiteral("test_accuracy"), tr("test accuracy")},
        {QStringLiteral("test_macro_f1"), tr("test macro-F1")},
        {QStringLiteral("test_loss"), tr("test loss (nats)")},
        {QStringLiteral("validation_accuracy"), tr("validation accuracy")},
        {QStringLiteral("validation_macro_f1"), tr("validation macro-F1")},
        {QStringLiteral("validation_loss"), tr("validation loss (nats)")},
        {QStringLiteral("gradient_share"), tr("gradient share")},
        {QStringLiteral("distinct_share"), tr("distinct share")},
        {QStringLiteral("kept_precision"), tr("share of kept labels that are right")},
        {QStringLiteral("train_seconds"), tr("time trained")}};
    for (auto& one : all) {
        RunColumn& column = one.column;
        column.axis = names.value(column.id);
        if (column.axis.isEmpty() && column.id.endsWith(QLatin1String("_accuracy")))
            column.axis = tr("%1 validation accuracy").arg(column.title.section(u' ', 0, 0));
        else if (column.axis.isEmpty() && column.id.endsWith(QLatin1String("_macro_f1")))
            column.axis = tr("%1 validation macro-F1").arg(column.title.section(u' ', 0, 0));
    }
}

std::vector<Made> makeAll() {
    std::vector<Made> all;
    all.push_back(word("name", tr("run"), tr("The experiment's name"), [](const IndexedRun& run) {
        return run.summary.name.empty() ? toQString(run.summary.folder).section(u'/', -1)
                                        : toQString(run.summary.name);
    }));
    all.push_back(word("rule", tr("rule"), tr("Which samples teach: selection.rule"),
                       [](const IndexedRun& run) { return toQString(run.summary.rule); }));
    Made seed = figure(
        "seed", tr("seed"), tr("training.seed"), Kind::Count,
        [](const IndexedRun& run) {
            return run.summary.name.empty() ? None : static_cast<double>(run.summary.seed);
        },
        true);
    seed.column.outcome = false;
    all.push_back(std::move(seed));
    all.push_back(
        word("state", tr("state"), tr("Whether it is over, and how it ended"), [](const IndexedRun& run) {
            return run.summary.name.empty() ? tr("unreadable") : toQString(stateName(run.summary.state));
        }));
    addOutcomes(all);
    addSettings(all);
    all.push_back(word("created", tr("started"), tr("When it began"),
                       [](const IndexedRun& run) { return shortTime(run.summary.created); }));
    all.push_back(word("tags", tr("tags"), tr("Your own words for it"),
                       [](const IndexedRun& run) { return toQString(writeTags(run.about.tags)); }));
    all.push_back(word(
        "note", tr("note"), tr("What you noted about it"),
        [](const IndexedRun& run) { return toQString(run.about.note).simplified(); }, false));
    all.push_back(word(
        "folder", tr("folder"), tr("The run's folder"),
        [](const IndexedRun& run) { return toQString(run.summary.folder).section(u'/', -1); }, false));
    nameAxes(all);
    return all;
}

const std::vector<Made>& all() {
    static const std::vector<Made> made = makeAll();
    return made;
}

const Made& made(int column) {
    return all()[static_cast<std::size_t>(column)];
}

} // namespace

const QVector<RunColumn>& runColumns() {
    static const QVector<RunColumn> columns = [] {
        QVector<RunColumn> list;
        for (const auto& one : all())
            list << one.column;
        return list;
    }();
    return columns;
}

int runColumn(const QString& id) {
    static const QHash<QString, int> places = [] {
        QHash<QString, int> found;
        for (qsizetype i = 0; i < runColumns().size(); ++i)
            found.insert(runColumns()[i].id, static_cast<int>(i));
        return found;
    }();
    return places.value(id, -1);
}

double runNumber(const IndexedRun& run, int column) {
    const Made& one = made(column);
    if (one.number)
        return one.number(run);
    if (!one.column.isSetting())
        return None;
    return readNumber(settingOf(run.summary, one.column.id.toStdString())).value_or(None);
}

QString runNumberText(int column, double value) {
    switch (made(column).column.kind) {
    case Kind::Share:
        return percent(value);
    case Kind::Seconds:
        return std::isfinite(value) ? duration(value) : QStringLiteral("–");
    case Kind::Count:
        return std::isfinite(value) ? grouped(std::llround(value)) : QStringLiteral("–");
    case Kind::Setting:
        return std::isfinite(value) ? toQString(writeNumber(value)) : QStringLiteral("–");
    case Kind::Number:
    case Kind::Word:
        break;
    }
    return fixed(value, 3);
}

QString runCell(const IndexedRun& run, int column) {
    const Made& one = made(column);
    return one.words ? one.words(run) : runNumberText(column, one.number(run));
}

QString shortTime(const std::string& created) {
    QString text = toQString(created).left(16);
    return text.replace(u'T', u' ');
}

} // namespace stillroom
