#include "app/cli/json_output.h"

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

void printJson(const QJsonObject& object) {
    const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
    std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

} // namespace stillroom::cli
