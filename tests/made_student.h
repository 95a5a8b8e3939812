// A student that needs no training: its file put together by hand, by the format's own description.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QString>
#include <QStringList>
#include <string>

namespace stillroom::test {

/// An n-gram student of 64 buckets and two classes, its file put together by hand.
inline bool writeMadeStudent(const QString& path) {
    constexpr int Buckets = 64, Dimensions = 4;
    QByteArray data;
    QStringList entries;
    const auto tensor = [&](const char* name, const char* type, const QString& shape,
                            const QByteArray& bytes) {
        entries << QStringLiteral(R"("%1":{"dtype":"%2","shape":[%3],"data_offsets":[%4,%5]})")
                       .arg(QLatin1String(name), QLatin1String(type), shape)
                       .arg(data.size())
                       .arg(data.size() + bytes.size());
        data += bytes;
    };
    const auto floats = [](int count, float step) {
        QByteArray bytes;
        for (int i = 0; i < count; ++i) {
            const float value = step * static_cast<float>((i * 37) % 19 - 9);
            bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
        return bytes;
    };
    QByteArray buckets;
    for (qint64 i = Buckets - 1; i >= 0; --i)
        buckets.append(reinterpret_cast<const char*>(&i), sizeof i);
    tensor("embedding.weight", "F32", QStringLiteral("%1,%2").arg(Buckets).arg(Dimensions),
           floats(Buckets * Dimensions, 0.05F));
    tensor("embedding.buckets", "I64", QString::number(Buckets), buckets);
    tensor("head.weight", "F32", QStringLiteral("2,%1").arg(Dimensions), floats(2 * Dimensions, 0.3F));
    tensor("head.bias", "F32", "2", floats(2, 0.1F));
    QByteArray header = R"({"__metadata__":{"format":"stillroom-student","version":"1","kind":"ngram",)"
                        R"("classes":"[\"a\",\"b\"]","buckets":"64","word_ngrams":"2","char_ngrams_min":"0",)"
                        R"("char_ngrams_max":"0"},)" +
                        entries.join(u',').toUtf8() + "}";
    while (header.size() % 8 != 0)
        header += ' ';
    const auto length = static_cast<quint64>(header.size());
    QFile file(path);
    const QByteArray all = QByteArray(reinterpret_cast<const char*>(&length), sizeof length) + header + data;
    return file.open(QIODevice::WriteOnly) && file.write(all) == all.size();
}

/// Such a student as the best one of a run (made_run.h).
inline bool giveStudent(const std::string& runFolder) {
    const QDir checkpoints(QString::fromStdString(runFolder) + "/checkpoints");
    return checkpoints.mkpath("000500-student") &&
           writeMadeStudent(checkpoints.filePath("000500-student/student.safetensors")) &&
           QFile::link("000500-student", checkpoints.filePath("best"));
}

} // namespace stillroom::test
