// Safetensors files made by hand, right or wrong, for the tests of their readers.
#pragma once

#include "core/student/safetensors.h"
#include "tests/child_process.h"

#include <QByteArray>
#include <QFile>
#include <QString>
#include <cstdint>
#include <cstring>
#include <string>

namespace stillroom::test {

/// The length, the header, the data. Single quotes stand for JSON's double ones.
inline QByteArray withHeader(QByteArray json, const QByteArray& data) {
    json.replace('\'', '"');
    const auto length = static_cast<std::uint64_t>(json.size());
    QByteArray bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + json + data;
}

/// An entry of the header: 'a':{'dtype':'F32',…}
inline QByteArray entry(const QByteArray& name, const QByteArray& shape, int begin, int end,
                        const QByteArray& type = "F32") {
    return "'" + name + "':{'dtype':'" + type + "','shape':" + shape + ",'data_offsets':[" +
           QByteArray::number(begin) + "," + QByteArray::number(end) + "]}";
}

inline Result<Safetensors> parse(const QByteArray& bytes, const std::string& shown = "bytes") {
    return Safetensors::parse(
        std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), shown);
}

/// What was said of it; nothing when it was read.
template <class T>
std::string outcome(const Result<T>& result) {
    return result ? "" : result.error().message;
}

inline void writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

inline QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be opened");
}

/// Becomes a user whose permissions count: root may read and write anything.
inline bool becomeOrdinary() {
    return ::geteuid() != 0 || (::setgid(65534) == 0 && ::setuid(65534) == 0);
}

} // namespace stillroom::test
