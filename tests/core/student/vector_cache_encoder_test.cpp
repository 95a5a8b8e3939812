// The hash of an encoder's folder, and the note that it leaves.
#include "core/student/vector_cache.h"

#include "safetensors_bytes.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <sys/stat.h>

using namespace stillroom;
using namespace stillroom::test;

class VectorCacheEncoderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QVERIFY(folder_->isValid());
    }
    void whatItIsOf();
    void ofShards();
    void isNoted();
    void withoutACache();
    void errors();

  private:
    [[nodiscard]] std::string cache() const { return folder_->filePath("cache").toStdString(); }
    [[nodiscard]] QString path(const QString& name) const { return folder_->filePath(name); }
    [[nodiscard]] QStringList notes() const {
        return QDir(path("cache/vectors")).entryList({"*.encoder"}, QDir::Files);
    }
    void model(const QString& folder) const {
        QVERIFY(QDir(folder_->path()).mkpath(folder));
        writeFile(path(folder + "/config.json"), "{}");
        writeFile(path(folder + "/model.safetensors"),
                  withHeader("{" + entry("a", "[1]", 0, 4) + "}", "data"));
    }
    [[nodiscard]] std::string hash(const QString& folder) const {
        const auto result = hashEncoderFolder(path(folder).toStdString(), cache());
        return result ? *result : "error: " + result.error().message;
    }

    std::unique_ptr<QTemporaryDir> folder_;
};

void VectorCacheEncoderTest::whatItIsOf() {
    model("one");
    const std::string first = hash("one");
    QCOMPARE(first.size(), std::size_t(64));
    QCOMPARE(hash("one"), first);
    model("two"); // the same elsewhere
    QCOMPARE(hash("two"), first);
    writeFile(path("two/vocab.txt"), "not the encoder's");
    QCOMPARE(hash("two"), first);
    writeFile(path("two/config.json"), "[]"); // as long
    QVERIFY(hash("two") != first);
    model("two");
    QCOMPARE(hash("two"), first);
    writeFile(path("two/model.safetensors"), withHeader("{" + entry("a", "[1]", 0, 4) + "}", "dat1"));
    QVERIFY(hash("two") != first);
    // What moves from one file into the other is another encoder.
    writeFile(path("two/config.json"), "");
    writeFile(path("two/model.safetensors"), "{}" + withHeader("{" + entry("a", "[1]", 0, 4) + "}", "data"));
    QVERIFY(hash("two") != first);
}

void VectorCacheEncoderTest::ofShards() {
    model("one");
    QVERIFY(QFile::rename(path("one/model.safetensors"), path("one/a.safetensors")));
    writeFile(path("one/b.safetensors"), "second");
    writeFile(path("one/model.safetensors.index.json"),
              R"({"weight_map":{"a":"a.safetensors","b":"b.safetensors"}})");
    const std::string first = hash("one");
    QCOMPARE(first.size(), std::size_t(64));
    writeFile(path("one/b.safetensors"), "secund");
    const std::string second = hash("one");
    QVERIFY(second != first && second.size() == 64);
    QFile::remove(path("one/b.safetensors"));
    QVERIFY(hash("one").find("b.safetensors: there is no such file") != std::string::npos);
}

void VectorCacheEncoderTest::isNoted() {
    model("one");
    const QByteArray file = path("one/model.safetensors").toUtf8();
    const bool canClose = ::geteuid() == 0; // root reads it all the same
    if (canClose)
        QCOMPARE(::chmod(file.constData(), 0), 0);
    // Files as young as that could yet change without a trace: nothing is noted.
    const std::string first = hash("one");
    QVERIFY(notes().isEmpty());
    QTest::qWait(3100);
    QCOMPARE(hash("one"), first);
    QCOMPARE(notes().size(), 1);
    const QString note = path("cache/vectors/" + notes().front());
    const QByteArray right = contentOf(note);
    // Who cannot read the file has its hash from the note.
    for (const char* name : {"", "cache", "cache/vectors"})
        QCOMPARE(::chmod(path(name).toUtf8().constData(), 0755), 0);
    if (canClose) {
        QCOMPARE(::chmod(note.toUtf8().constData(), 0644), 0);
        const QByteArray said = inChild([&]() -> std::string {
            return becomeOrdinary() ? hash("one") : "cannot become an ordinary user";
        });
        QCOMPARE(said, QByteArray::fromStdString(first));
    }
    // A damaged note is not believed but made anew.
    for (const QByteArray& damaged :
         {QByteArray(), right.chopped(1), right + 'x',
          QByteArray(right).replace(70, 1, right[70] == '0' ? "1" : "0"),
          QByteArray(right).replace(10, 1, right[10] == '0' ? "1" : "0"), QByteArray(right.size(), ' ')}) {
        writeFile(note, damaged);
        QCOMPARE(hash("one"), first);
        QCOMPARE(contentOf(note), right);
    }
    // As long as before, at a time set back to what it was: the time of the last change of anything tells.
    struct stat before {};
    QCOMPARE(::stat(file.constData(), &before), 0);
    writeFile(path("one/model.safetensors"), withHeader("{" + entry("a", "[1]", 0, 4) + "}", "dat1"));
    const timespec times[2] = {before.st_atim, before.st_mtim};
    QCOMPARE(::utimensat(AT_FDCWD, file.constData(), times, 0), 0);
    const std::string second = hash("one");
    QVERIFY(second != first && second.size() == 64);
}

void VectorCacheEncoderTest::withoutACache() {
    model("one");
    writeFile(path("cache"), "a file where the folder should be");
    const std::string without = hash("one");
    QCOMPARE(without.size(), std::size_t(64));
    QFile::remove(path("cache"));
    QCOMPARE(hash("one"), without);
}

void VectorCacheEncoderTest::errors() {
    QVERIFY(hash("none").find("error: there is no folder") == 0);
    model("one");
    QFile::remove(path("one/config.json"));
    QCOMPARE(QString::fromStdString(hash("one")),
             "error: cannot read " + path("one/config.json") +
                 ": there is no such file or folder; fetch the model's other files too");
    QVERIFY(QDir().mkdir(path("one/config.json")));
    QVERIFY(hash("one").find("config.json is no ordinary file") != std::string::npos);
    QVERIFY(QDir().rmdir(path("one/config.json")));
    QCOMPARE(::mkfifo(path("one/config.json").toUtf8().constData(), 0600), 0);
    QVERIFY(hash("one").find("config.json is no ordinary file") != std::string::npos);
    model("two");
    QCOMPARE(::chmod(folder_->path().toUtf8().constData(), 0755), 0);
    QCOMPARE(::chmod(path("two/model.safetensors").toUtf8().constData(), 0), 0);
    const QByteArray said = inChild(
        [&]() -> std::string { return becomeOrdinary() ? hash("two") : "cannot become an ordinary user"; });
    QVERIFY2(
        said.contains("cannot open " + path("two/model.safetensors").toUtf8() + ": permission is denied"),
        said.constData());
}

QTEST_GUILESS_MAIN(VectorCacheEncoderTest)
#include "vector_cache_encoder_test.moc"
