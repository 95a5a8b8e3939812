#include "app/cli/json_output.h"

#include "core/lab/biography.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <cstdio>

namespace stillroom::cli {

namespace {

QJsonArray numbers(const auto& values) {
    QJsonArray array;
    for (const auto value : values)
        array.append(static_cast<double>(value));
    return array;
}

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

QJsonValue shareOrNull(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? QJsonValue(share(part, whole)) : QJsonValue(QJsonValue::Null);
}

/// Of a class, or of all.
QJsonObject countsJson(const WhatIfCounts& counts, bool compared, bool ofRun) {
    const auto numberIf = [](bool known, std::int64_t number) {
        return known ? QJsonValue(static_cast<double>(number)) : QJsonValue(QJsonValue::Null);
    };
    return {{QStringLiteral("samples"), static_cast<double>(counts.samples)},
            {QStringLiteral("kept"), static_cast<double>(counts.kept)},
            {QStringLiteral("kept_share"), share(counts.kept, counts.samples)},
            {QStringLiteral("kept_precision"), shareOrNull(counts.keptRight, counts.keptWithGold)},
            {QStringLiteral("precision"), shareOrNull(counts.right, counts.withGold)},
            {QStringLiteral("refused_by_teacher"), static_cast<double>(counts.refusedByTeacher)},
            {QStringLiteral("refused_by_student"), numberIf(ofRun, counts.refusedByStudent)},
            {QStringLiteral("refused_by_both"), numberIf(ofRun, counts.refusedByBoth)},
            {QStringLiteral("enters"), numberIf(compared, counts.enters)},
            {QStringLiteral("leaves"), numberIf(compared, counts.leaves)}};
}

} // namespace

QJsonValue metricsJson(const Metrics& metrics) {
    if (metrics.rows == 0)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("accuracy"), metrics.accuracy},
                       {QStringLiteral("macro_f1"), metrics.macroF1},
                       {QStringLiteral("loss"), metrics.loss},
                       {QStringLiteral("rows"), static_cast<double>(metrics.rows)},
                       {QStringLiteral("f1"), numbers(metrics.f1)}};
}

QJsonObject samplesJson(const SampleCounts& counts, std::int64_t epochs) {
    return {{QStringLiteral("total"), static_cast<double>(counts.total)},
            {QStringLiteral("seen"), static_cast<double>(counts.seen)},
            {QStringLiteral("gradient"), static_cast<double>(counts.gradient)},
            {QStringLiteral("distinct"), static_cast<double>(counts.distinct)},
            {QStringLiteral("gradient_share"), share(counts.gradient, counts.total * epochs)},
            {QStringLiteral("distinct_share"), share(counts.distinct, counts.total)}};
}

QJsonValue teacherJson(const TeacherQuality& quality) {
    if (quality.rows == 0)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("rows"), static_cast<double>(quality.rows)},
                       {QStringLiteral("accuracy"), quality.accuracy},
                       {QStringLiteral("macro_f1"), quality.macroF1},
                       {QStringLiteral("mean_confidence"), quality.meanConfidence},
                       {QStringLiteral("ece_equal_width"), quality.eceEqualWidth},
                       {QStringLiteral("ece_equal_mass"), quality.eceEqualMass},
                       {QStringLiteral("brier"), quality.brier},
                       {QStringLiteral("nll"), quality.nll},
                       {QStringLiteral("label_count"), numbers(quality.labelCount)},
                       {QStringLiteral("gold_count"), numbers(quality.goldCount)},
                       {QStringLiteral("precision"), numbers(quality.precision)},
                       {QStringLiteral("recall"), numbers(quality.recall)}};
}

QJsonValue calibrationJson(const std::optional<TeacherCalibration>& calibration) {
    if (!calibration)
        return QJsonValue::Null;
    const auto name = calibrationName(calibration->fit.kind);
    const bool tempered = calibration->fit.kind == CalibrationKind::Temperature;
    return QJsonObject{
        {QStringLiteral("kind"), QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))},
        {QStringLiteral("fitted_on"), static_cast<double>(calibration->fittedOn)},
        {QStringLiteral("temperature"),
         tempered ? QJsonValue(calibration->fit.temperature) : QJsonValue(QJsonValue::Null)},
        {QStringLiteral("from"), numbers(calibration->fit.from)},
        {QStringLiteral("to"), numbers(calibration->fit.to)},
        {QStringLiteral("before"), teacherJson(calibration->before)},
        {QStringLiteral("after"), teacherJson(calibration->after)}};
}

QJsonObject dataJson(const Dataset& data, const LoadReport& report) {
    QJsonArray classes;
    for (const auto& name : data.classes())
        classes.append(QString::fromStdString(name));
    QJsonArray files;
    for (const auto& file : report.files)
        files.append(QJsonObject{
            {QStringLiteral("path"), QString::fromStdString(file.path)},
            {QStringLiteral("split"), QString::fromUtf8(splitName(file.split).data())},
            {QStringLiteral("rows"), static_cast<double>(file.rows)},
            {QStringLiteral("bytes"), static_cast<double>(file.bytes)},
        });
    QJsonArray bad;
    for (const auto& row : report.badRows.first)
        bad.append(QString::fromStdString(row.sentence()));
    const auto rows = [&](Split split) { return static_cast<double>(data.rows(split).size()); };
    return {{QStringLiteral("train"), rows(Split::Train)},
            {QStringLiteral("validation"), rows(Split::Validation)},
            {QStringLiteral("test"), rows(Split::Test)},
            {QStringLiteral("classes"), classes},
            {QStringLiteral("files"), files},
            {QStringLiteral("bad_rows"), static_cast<double>(report.badRows.count)},
            {QStringLiteral("bad_rows_listed"), bad},
            {QStringLiteral("invalid_utf8"), static_cast<double>(report.invalidUtf8)},
            {QStringLiteral("unescaped_html"), static_cast<double>(report.unescapedHtml)},
            {QStringLiteral("empty_texts"), static_cast<double>(report.emptyTexts)}};
}

QJsonObject selectionJson(const SelectionReport& report) {
    const bool compared = !report.tried.empty();
    const bool ofRun = !report.run.empty();
    const auto text = [](const std::string& words) {
        return words.empty() ? QJsonValue(QJsonValue::Null) : QJsonValue(QString::fromStdString(words));
    };
    const auto threshold = [](const std::vector<double>& side, std::size_t label) {
        return side.empty() ? QJsonValue(QJsonValue::Null) : QJsonValue(side[label]);
    };
    QJsonArray classes;
    for (std::size_t y = 0; y < report.classes.size(); ++y) {
        QJsonObject one = countsJson(report.counts.byClass[y], compared, ofRun);
        one.insert(QStringLiteral("name"), QString::fromStdString(report.classes[y]));
        one.insert(QStringLiteral("teacher_threshold"), threshold(report.thresholds.teacher, y));
        one.insert(QStringLiteral("student_threshold"), threshold(report.thresholds.student, y));
        classes.append(one);
    }
    QJsonArray tried;
    for (const auto& setting : report.tried)
        tried.append(QString::fromStdString(setting));
    QJsonValue verdicts = QJsonValue::Null;
    if (report.verdicts) {
        QJsonObject totals;
        for (std::size_t verdict = 0; verdict < VerdictCount; ++verdict) {
            const auto words = verdictWords(static_cast<Verdict>(verdict));
            totals.insert(QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()))
                              .replace(QLatin1Char(' '), QLatin1Char('_')),
                          static_cast<double>((*report.verdicts)[verdict]));
        }
        verdicts = totals;
    }
    QJsonObject object = countsJson(report.counts.all, compared, ofRun);
    object.insert(QStringLiteral("experiment"), QString::fromStdString(report.experiment));
    object.insert(QStringLiteral("rule"), QString::fromStdString(std::string(ruleName(report.rule))));
    object.insert(QStringLiteral("source"), ofRun ? QStringLiteral("run") : QStringLiteral("teacher only"));
    object.insert(QStringLiteral("run"), text(report.run));
    object.insert(QStringLiteral("epoch"),
                  ofRun ? QJsonValue(static_cast<double>(report.epoch)) : QJsonValue(QJsonValue::Null));
    object.insert(QStringLiteral("complete"),
                  ofRun ? QJsonValue(report.complete) : QJsonValue(QJsonValue::Null));
    object.insert(QStringLiteral("note"), text(report.note));
    object.insert(QStringLiteral("tried"), tried);
    object.insert(QStringLiteral("not_scored"), static_cast<double>(report.counts.notScored));
    object.insert(QStringLiteral("verdicts"), verdicts);
    object.insert(QStringLiteral("classes"), classes);
    return object;
}

void printJson(const QJsonObject& object) {
    const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
    std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

} // namespace stillroom::cli
