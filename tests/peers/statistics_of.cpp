// Our statistics for a program that compares them with another's: a command a line on standard input, one
// answer line each on standard output. tests/peers/compare_statistics.py is such a program. Numbers are
// hexadecimal floats, so that none is rounded on the way.
//
//   mean LEVEL v…                    "ok mean deviation low high"; Student's interval
//   paired d…                        "ok t p W p p-of-flips d g"
//   bootstrap LEVEL RESAMPLES v…     "ok low high low high"; of the mean: percentile and BCa
//   confusion LEVEL RESAMPLES n…     "ok low high low high"; of a confusion matrix: accuracy and macro-F1
//   rows LEVEL RESAMPLES K g a b …   the same of the difference of two students, from rows, and p of each
//   mcnemar B C                      "ok p chi-square p"
//   correct p…                       "ok Holm… Benjamini-Hochberg…"
//   friedman K v…                    "ok chi-square p average-rank…"; rows of K values
//   nemenyi K N LEVEL                "ok difference"
//   range Q K                        "ok probability"
#include "core/experiment/bootstrap.h"
#include "core/experiment/distributions.h"
#include "core/experiment/friedman.h"
#include "core/experiment/mcnemar.h"
#include "core/experiment/multiple_comparisons.h"
#include "core/experiment/paired_tests.h"
#include "core/experiment/test_set_bootstrap.h"

#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace stillroom;

namespace {

using Numbers = std::vector<double>;

double meanOf(std::span<const double> values) {
    return describe(values).mean;
}

template <class To>
std::vector<To> whole(std::span<const double> numbers) {
    std::vector<To> made;
    for (const double number : numbers)
        made.push_back(static_cast<To>(number));
    return made;
}

Numbers ofMean(const Numbers& in) {
    const auto values = std::span(in).subspan(1);
    const auto said = describe(values);
    const auto interval = meanInterval(values, in[0]).value_or(Interval{});
    return {said.mean, said.deviation, interval.low, interval.high};
}

Numbers ofPaired(const Numbers& in) {
    const auto t = pairedTTest(in);
    const auto w = wilcoxonTest(in);
    return {t.statistic, t.p, w.statistic, w.p, signFlipTest(in).p, cohenDz(in), hedgesGz(in)};
}

Numbers ofBootstrap(const Numbers& in) {
    const auto values = std::span(in).subspan(2);
    const auto replicates = bootstrapReplicates(values, meanOf, {in[0], static_cast<int>(in[1]), 1});
    const auto plain = percentileInterval(replicates, in[0]);
    const auto accelerated = acceleratedInterval(values, meanOf, replicates, in[0]);
    return {plain.low, plain.high, accelerated.low, accelerated.high};
}

Numbers written(const TestSetIntervals& said) {
    return {said.accuracy.low, said.accuracy.high, said.macroF1.low, said.macroF1.high};
}

Numbers ofConfusion(const Numbers& in) {
    const auto confusion = whole<std::int64_t>(std::span(in).subspan(2));
    return written(testSetIntervals(confusion, {in[0], static_cast<int>(in[1]), 1}));
}

Numbers ofRows(const Numbers& in) {
    const auto all = whole<std::int32_t>(std::span(in).subspan(3));
    std::vector<std::int32_t> columns[3];
    for (std::size_t i = 0; i < all.size(); ++i)
        columns[i % 3].push_back(all[i]);
    const auto said = testSetDifferences(columns[0], columns[1], columns[2], static_cast<int>(in[2]),
                                         {in[0], static_cast<int>(in[1]), 1});
    return {said.accuracy.low, said.accuracy.high, said.macroF1.low,
            said.macroF1.high, said.accuracyP,     said.macroF1P};
}

Numbers ofMcNemar(const Numbers& in) {
    const auto result = mcnemarTest(static_cast<std::int64_t>(in[0]), static_cast<std::int64_t>(in[1]));
    return {result.exactP, result.chiSquare, result.chiSquareP};
}

Numbers ofCorrection(const Numbers& in) {
    Numbers out = holmCorrected(in);
    for (const double p : benjaminiHochbergCorrected(in))
        out.push_back(p);
    return out;
}

Numbers ofFriedman(const Numbers& in) {
    const auto width = static_cast<std::size_t>(in[0]);
    std::vector<std::vector<double>> rows;
    for (std::size_t i = 1; i + width <= in.size(); i += width)
        rows.emplace_back(in.begin() + static_cast<std::ptrdiff_t>(i),
                          in.begin() + static_cast<std::ptrdiff_t>(i + width));
    const auto result = friedmanTest(rows).value_or(FriedmanResult{});
    Numbers out{result.chiSquare, result.p};
    out.insert(out.end(), result.averageRanks.begin(), result.averageRanks.end());
    return out;
}

Numbers ofNemenyi(const Numbers& in) {
    return {nemenyiDifference(static_cast<std::size_t>(in[0]), static_cast<std::size_t>(in[1]), in[2])};
}

Numbers ofRange(const Numbers& in) {
    return {normalRangeCdf(in[0], static_cast<int>(in[1]))};
}

struct Command {
    const char* name;
    std::size_t needs;
    Numbers (*answer)(const Numbers&);
};

constexpr Command commands[] = {{"mean", 3, ofMean},           {"paired", 1, ofPaired},
                                {"bootstrap", 4, ofBootstrap}, {"confusion", 3, ofConfusion},
                                {"rows", 6, ofRows},           {"mcnemar", 2, ofMcNemar},
                                {"correct", 1, ofCorrection},  {"friedman", 5, ofFriedman},
                                {"nemenyi", 3, ofNemenyi},     {"range", 2, ofRange}};

std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    Numbers numbers;
    for (std::string word; words >> word;)
        numbers.push_back(std::strtod(word.c_str(), nullptr)); // the program never sets a locale
    for (const auto& command : commands)
        if (name == command.name && numbers.size() >= command.needs) {
            std::string out = "ok";
            for (const double number : command.answer(numbers))
                out += fmt::format(" {:a}", number);
            return out;
        }
    return "error unknown command, or too few numbers: '" + name + "'";
}

} // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);)
        std::cout << answer(line) << std::endl;
    return 0;
}
