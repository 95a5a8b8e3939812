// A run, bundles of it, and a folder to unpack them in.
#pragma once

#include "core/engine/checkpoint_folder.h"
#include "core/output/bundle.h"
#include "tests/made_run.h"
#include "zip_bytes.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <memory>

namespace stillroom::test {

inline void write(const QString& path, const QByteArray& bytes) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size(), qPrintable(path));
}

inline QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Paths below `folder`, hidden ones and links too.
inline QStringList all(const QString& folder) {
    QStringList found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.toStdString()))
        found << QString::fromStdString(entry.path().lexically_relative(folder.toStdString()).string());
    found.sort();
    return found;
}

class BundledRun {
  public:
    /// What the bundle of a run without a student says.
    static constexpr const char* Note = R"({"format": 1})";

    void make() {
        MadeRun made;
        made.steps = 60;
        made.epochs = 2;
        run_ = writeMadeRun(runs_.filePath("runs").toStdString(), made);
        const QString run = QString::fromStdString(run_);
        yaml_ = read(run + "/experiment.yaml").toStdString();
        database_ = read(run + "/run.sqlite").toStdString();
        write(run + "/snapshots/epoch-0001.traces", "not looked at here");
        write(run + "/checkpoints/000030-student/student.safetensors", QByteArray(100'000, 'w'));
        write(run + "/checkpoints/000060-student/student.safetensors", "another");
        write(run + "/checkpoints/000060/manifest.json", "{}");
        write(run + "/checkpoints/000060/state.safetensors", "weights");
        QVERIFY(pointLink(run_ + "/checkpoints", "best", "000030-student"));
        QVERIFY(pointLink(run_ + "/checkpoints", "last", "000060"));
        write(run + "/output/report/report.html", "<p>it worked</p>");
        write(run + "/output/.half", "half");
        write(run + "/about.json", R"({"note": "mine", "tags": ["a"]})");
        write(runs_.filePath("secret"), "secret");
        QVERIFY(QFile::link(runs_.filePath("secret"), run + "/output/link"));
    }
    void clean() { scratch_ = std::make_unique<QTemporaryDir>(); }

    [[nodiscard]] const std::string& run() const { return run_; }
    [[nodiscard]] const std::string& yaml() const { return yaml_; }
    [[nodiscard]] const std::string& database() const { return database_; }
    /// In a folder that is empty before every test.
    [[nodiscard]] QString path(const QString& name = {}) const {
        return name.isEmpty() ? scratch_->path() : scratch_->filePath(name);
    }

    /// An archive of that run which nobody could find fault with.
    [[nodiscard]] MadeZip honest() const {
        MadeZip zip;
        zip.add({"x/", "", false, {}, {}, {}, {}, {}, {}, {}, 0, 0, 040755});
        zip.add({"x/experiment.yaml", yaml_});
        zip.add({"x/run.sqlite", database_});
        zip.add({"x/bundle.json", Note});
        return zip;
    }

    /// a.zip becomes a run below runs/.
    [[nodiscard]] Result<std::string> open() const {
        Progress progress;
        return openBundle(path("a.zip").toStdString(), path("runs").toStdString(), progress);
    }
    [[nodiscard]] Result<std::string> openBytes(const std::string& bytes) const {
        write(path("a.zip"), QByteArray::fromStdString(bytes));
        return open();
    }
    /// Packs a run into a.zip.
    [[nodiscard]] Result<BundleExport> pack(const std::string& run,
                                            const BundleSettings& settings = {}) const {
        Progress progress;
        return exportBundle(run, path("a.zip").toStdString(), settings, progress);
    }
    /// There and back.
    [[nodiscard]] Result<std::string> packAndOpen(const std::string& run,
                                                  const BundleSettings& settings = {}) const {
        if (const auto packed = pack(run, settings); !packed)
            return fail(packed.error());
        return open();
    }

  private:
    QTemporaryDir runs_;
    std::string run_;
    std::string yaml_, database_; ///< of it
    std::unique_ptr<QTemporaryDir> scratch_;
};

} // namespace stillroom::test
