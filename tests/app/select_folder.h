// Made-up data of which every row is a sample, `select` over it, and the same numbers read by other code.
#pragma once

#include "cli_process.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace stillroom::test {

/// A line of the made-up data.
struct Line {
    std::string gold, label;
    double confidence = 0;
};

class SelectFolder {
  public:
    static constexpr int Samples = 1500;

    /// Writes data.csv and made-up.yaml. False: it could not.
    bool write() {
        // Everything is for training, so that the file's rows are the samples.
        if (!writeData(path("data.csv"), Samples) ||
            !writeFile(path("made-up.yaml"),
                       "name: made-up\n"
                       "data:\n  train: {files: data.csv, id: id, text: text, gold: gold}\n"
                       "teacher: {kind: columns, label: predicted_label, confidence: confidence}\n"
                       "student: {dimensions: 16, buckets: 65536}\n"
                       "training: {threads: 1, epochs: 3, learning_rate: 0.8}\n"))
            return false;
        const auto rows = readFile(path("data.csv")).split('\n');
        for (qsizetype i = 1; i < rows.size(); ++i) {
            const auto fields = rows[i].split(',');
            if (fields.size() == 5)
                lines.push_back({fields[2].toStdString(), fields[3].toStdString(), fields[4].toDouble()});
        }
        return lines.size() == Samples;
    }

    [[nodiscard]] QString path(const QString& name) const { return folder_.filePath(name); }
    [[nodiscard]] Said cli(const QStringList& arguments) const { return Cli(folder_.path()).run(arguments); }
    /// What `select --json` says, or {} where it failed.
    [[nodiscard]] QJsonObject selected(const QStringList& arguments) const {
        const Said said = cli(QStringList{"select", "--json"} + arguments);
        if (said.exitCode != 0)
            qWarning("%s", said.all());
        return said.exitCode == 0 ? said.json() : QJsonObject();
    }
    /// Trains, and returns the run's folder.
    [[nodiscard]] QString trained(const QStringList& more = {}) const {
        const Said said = cli(QStringList{"run", "made-up.yaml", "--json", "--device", "cpu"} + more);
        if (said.exitCode != 0)
            qWarning("%s", said.all());
        return said.json().value("run").toString();
    }

    std::vector<Line> lines;

  private:
    QTemporaryDir folder_;
};

inline bool isNear(double a, double b) {
    return std::abs(a - b) <= 1e-9;
}

/// By class name.
inline std::map<std::string, QJsonObject> classesOf(const QJsonObject& object) {
    std::map<std::string, QJsonObject> classes;
    for (const auto& one : object.value("classes").toArray())
        classes[one.toObject().value("name").toString().toStdString()] = one.toObject();
    return classes;
}

} // namespace stillroom::test
