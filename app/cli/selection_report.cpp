#include "app/cli/selection_report.h"

#include "core/base/number.h"
#include "core/lab/biography.h"

#include <QList>
#include <QString>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom::cli {

namespace {

constexpr qsizetype LongestName = 32;

std::string elided(const std::string& name) {
    const QList<uint> characters = QString::fromStdString(name).toUcs4();
    if (characters.size() <= LongestName)
        return name;
    const auto kept = characters.first(LongestName - 1);
    return QString::fromUcs4(reinterpret_cast<const char32_t*>(kept.data()), kept.size()).toStdString() + "…";
}

/// "81.2 %", or "–" of nothing.
std::string percent(std::int64_t part, std::int64_t whole) {
    if (whole == 0)
        return "–";
    return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string threshold(const std::vector<double>& side, std::size_t label) {
    return side.empty() ? "–" : fmt::format("{:.3f}", side[label]);
}

class Table {
  public:
    explicit Table(std::vector<std::string> heads) { rows_.push_back(std::move(heads)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// The first column to the left, the others to the right.
    void print() const {
        std::vector<std::size_t> widths(rows_.front().size(), 0);
        for (const auto& row : rows_)
            for (std::size_t i = 0; i < row.size(); ++i)
                widths[i] = std::max(widths[i], width(row[i]));
        for (const auto& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::string space(widths[i] - width(row[i]), ' ');
                line += i == 0 ? row[i] + space : "  " + space + row[i];
            }
            fmt::print("{}\n", line);
        }
    }

  private:
    /// Columns of a terminal: letters of East Asian scripts take two.
    static std::size_t width(const std::string& text) {
        std::size_t columns = 0;
        for (const uint c : QString::fromStdString(text).toUcs4())
            columns += (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                               (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                               (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                               (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD)
                           ? 2
                           : 1;
        return columns;
    }
    std::vector<std::vector<std::string>> rows_;
};

void printClasses(const SelectionReport& report) {
    const bool compared = !report.tried.empty();
    const bool student = !report.run.empty();
    std::vector<std::string> heads = {"class", "samples", "kept", "share", "teacher refuses"};
    if (student)
        heads.emplace_back("student refuses");
    heads.insert(heads.end(), {"kept right", "all right"});
    if (!report.thresholds.teacher.empty())
        heads.emplace_back("confidence ≥");
    if (!report.thresholds.student.empty())
        heads.emplace_back("uncertainty ≥");
    if (compared)
        heads.insert(heads.end(), {"enters", "leaves"});
    Table table(heads);
    for (std::size_t y = 0; y < report.classes.size(); ++y) {
        const auto& counts = report.counts.byClass[y];
        std::vector<std::string> row = {elided(report.classes[y]), groupThousands(counts.samples),
                                        groupThousands(counts.kept), percent(counts.kept, counts.samples),
                                        groupThousands(counts.refusedByTeacher)};
        if (student)
            row.push_back(groupThousands(counts.refusedByStudent));
        row.push_back(percent(counts.keptRight, counts.keptWithGold));
        row.push_back(percent(counts.right, counts.withGold));
        if (!report.thresholds.teacher.empty())
            row.push_back(threshold(report.thresholds.teacher, y));
        if (!report.thresholds.student.empty())
            row.push_back(threshold(report.thresholds.student, y));
        if (compared) {
            row.push_back(groupThousands(counts.enters));
            row.push_back(groupThousands(counts.leaves));
        }
        table.add(row);
    }
    table.print();
}

} // namespace

void printSelection(const SelectionReport& report) {
    const auto& all = report.counts.all;
    fmt::print("experiment   {}\nrule         {}\n", report.experiment, ruleTitle(report.rule));
    if (report.run.empty())
        fmt::print("source       the teacher's side alone\n");
    else
        fmt::print("source       {}, epoch {}{}\n", report.run, report.epoch,
                   report.complete ? "" : ", which was not finished");
    if (!report.tried.empty())
        fmt::print("tried        {}\n", fmt::join(report.tried, ", "));
    fmt::print("kept         {} of {} samples ({})\n", groupThousands(all.kept), groupThousands(all.samples),
               percent(all.kept, all.samples));
    if (all.withGold > 0)
        fmt::print("precision    {} of the kept pseudo-labels are right, {} of all\n",
                   percent(all.keptRight, all.keptWithGold), percent(all.right, all.withGold));
    else
        fmt::print("precision    there is no gold to measure it by\n");
    fmt::print("refused      {} by the teacher", groupThousands(all.refusedByTeacher));
    if (!report.run.empty())
        fmt::print(", {} by the student, {} of them by both", groupThousands(all.refusedByStudent),
                   groupThousands(all.refusedByBoth));
    fmt::print("\n");
    if (!report.tried.empty())
        fmt::print("changes      {} enter, {} leave\n", groupThousands(all.enters),
                   groupThousands(all.leaves));
    if (report.verdicts) {
        std::vector<std::string> words;
        for (std::size_t verdict = 0; verdict < VerdictCount; ++verdict)
            if ((*report.verdicts)[verdict] > 0)
                words.push_back(fmt::format("{} {}", groupThousands((*report.verdicts)[verdict]),
                                            verdictWords(static_cast<Verdict>(verdict))));
        fmt::print("{:<12} {}\n", report.run.empty() ? "decided" : "in training", fmt::join(words, ", "));
    }
    if (!report.note.empty())
        fmt::print("note         {}\n", report.note);
    fmt::print("\n");
    printClasses(report);
}

} // namespace stillroom::cli
