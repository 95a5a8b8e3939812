// A folder for a fuzzer's files, in memory where there is such a disk.
#pragma once

#include "harness.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace stillroom::fuzz {

class Place {
  public:
    Place()
        : folder_(QDir(QStringLiteral("/dev/shm")).exists() ? QStringLiteral("/dev/shm/fuzz-XXXXXX")
                                                            : QString()) {
        require(folder_.isValid(), "a folder can be made");
    }
    [[nodiscard]] std::string path() const { return folder_.path().toStdString(); }
    [[nodiscard]] std::string path(const char* name) const { return path() + '/' + name; }
    void write(const char* name, std::string_view bytes) const {
        QFile file(QString::fromStdString(path(name)));
        require(file.open(QIODevice::WriteOnly) &&
                    file.write(bytes.data(), static_cast<qint64>(bytes.size())) ==
                        static_cast<qint64>(bytes.size()),
                "a file can be written");
    }
    void clear() const {
        for (const auto& name : QDir(folder_.path()).entryList(QDir::Files))
            QFile::remove(folder_.filePath(name));
    }

  private:
    QTemporaryDir folder_;
};

} // namespace stillroom::fuzz
