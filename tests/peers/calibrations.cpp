// Our calibrations for a program that compares them with another's: commands on standard input, one answer
// line each on standard output. tests/peers/compare_calibration.py is such a program. Numbers are hexadecimal
// floats, so that none is rounded on the way.
//
//   rows N K        then N lines: confidence right        "ok"; of a label's confidence alone
//   vectors N K     then N lines: gold q_1 … q_K          "ok"; rounded to float, as a teacher's are
//   isotonic        "ok KNOTS from… to…"
//   histogram BINS  "ok BINS from… to…"
//   temperature     "ok T"
//   corrected x…    "ok y…"; what the last fit makes of each
//   quality         "ok ECE-width ECE-mass Brier NLL", of the rows as they are
#include "core/teacher/calibrate.h"

#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <sstream>
#include <string>

using namespace stillroom;

namespace {

struct Given {
    Dataset data;
    TeacherOutputs teacher;
    std::vector<double> confidence;
    std::vector<std::uint8_t> right;
};

double readHex(std::istream& in) {
    std::string word;
    in >> word;
    return std::strtod(word.c_str(), nullptr); // the program never sets a locale
}

Given readGiven(std::istream& in, bool vectors, std::size_t rows, int classes) {
    Given given;
    given.teacher = TeacherOutputs(rows, classes);
    DatasetBuilder builder;
    std::vector<float> q(static_cast<std::size_t>(classes));
    for (std::size_t row = 0; row < rows; ++row) {
        int gold = 0;
        if (vectors) {
            in >> gold;
            for (float& p : q)
                p = static_cast<float>(readHex(in));
            given.teacher.set(row, q, TeacherOrigin::Probabilities);
        } else {
            const double confidence = readHex(in);
            int right = 0;
            in >> right;
            gold = right != 0 ? 0 : 1;
            given.teacher.set(row, 0, static_cast<float>(confidence), TeacherOrigin::Stated);
            given.confidence.push_back(confidence);
            given.right.push_back(static_cast<std::uint8_t>(right));
        }
        builder.add(std::to_string(row), "", gold, Split::Train);
    }
    std::vector<std::string> names;
    for (int k = 0; k < classes; ++k)
        names.push_back(std::to_string(k));
    given.data = builder.finish(names);
    std::string rest;
    std::getline(in, rest);
    return given;
}

std::string written(const CalibrationFit& fit) {
    std::string line = fmt::format("ok {}", fit.from.size());
    for (const auto* values : {&fit.from, &fit.to})
        for (const double value : *values)
            line += fmt::format(" {:a}", value);
    return line;
}

} // namespace

int main() {
    Given given;
    CalibrationFit fit;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        words >> command;
        if (command == "rows" || command == "vectors") {
            std::size_t rows = 0;
            int classes = 0;
            words >> rows >> classes;
            given = readGiven(std::cin, command == "vectors", rows, classes);
            std::cout << "ok" << std::endl;
        } else if (command == "isotonic" || command == "histogram") {
            std::int64_t bins = 0;
            words >> bins;
            fit = command == "isotonic" ? fitIsotonic(given.confidence, given.right)
                                        : fitHistogram(given.confidence, given.right, bins);
            std::cout << written(fit) << std::endl;
        } else if (command == "temperature") {
            fit = fitTemperature(given.data, given.teacher, given.data.rows(Split::Train));
            std::cout << fmt::format("ok {:a}", fit.temperature) << std::endl;
        } else if (command == "corrected") {
            std::string answer = "ok";
            while (words >> std::ws && !words.eof())
                answer += fmt::format(" {:a}", fit.corrected(readHex(words), given.teacher.classCount()));
            std::cout << answer << std::endl;
        } else if (command == "quality") {
            const auto quality = measureTeacher(given.data, given.teacher, Split::Train);
            std::cout << fmt::format("ok {:a} {:a} {:a} {:a}", quality.eceEqualWidth, quality.eceEqualMass,
                                     quality.brier, quality.nll)
                      << std::endl;
        } else {
            std::cout << "error unknown command '" << line << "'" << std::endl;
        }
    }
    return 0;
}
