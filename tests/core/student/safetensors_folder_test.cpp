// Weights in one file or in several under an index that somebody else wrote.
#include "core/student/safetensors_folder.h"

#include "safetensors_bytes.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace stillroom;
using namespace stillroom::test;

namespace {

constexpr auto Index = "model.safetensors.index.json";

/// A file with one tensor of one byte.
QByteArray oneByte(const QByteArray& name, char value) {
    return withHeader("{" + entry(name, "[1]", 0, 1, "U8") + "}", QByteArray(1, value));
}

} // namespace

class SafetensorsFolderTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> folder_;

    QString path(const QString& name = {}) const { return folder_->filePath(name); }
    std::string folder() const { return folder_->path().toStdString(); }
    void put(const QString& name, const QByteArray& bytes) const { writeFile(path(name), bytes); }
    /// Single quotes stand for double ones.
    void putIndex(QByteArray json) const { put(Index, json.replace('\'', '"')); }
    void putShards() const {
        put("model-1.safetensors", oneByte("a", 'A'));
        put("model-2.safetensors", oneByte("b", 'B'));
    }
    QString said() const { return QString::fromStdString(outcome(SafetensorsFolder::read(folder()))); }

  private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QVERIFY(folder_->isValid());
    }
    void oneFile();
    void severalFiles();
    void theSingleFileComesFirst();
    void linksAreFollowed();
    void noWeights();
    void missingShard();
    void everyTruncatedShardIsRefused();
    void aShardWithoutWhatTheIndexPromises();
    void aTensorInTwoShards();
    void hostileNames_data();
    void hostileNames();
    void hostileIndex_data();
    void hostileIndex();
    void unreadable();
    void bounds();
};

void SafetensorsFolderTest::oneFile() {
    put("model.safetensors", oneByte("a", 'A'));
    const auto read = SafetensorsFolder::read(folder());
    QVERIFY2(read.has_value(), outcome(read).c_str());
    QCOMPARE(read->tensors().size(), std::size_t(1));
    QCOMPARE(read->bytes(), std::size_t(1));
    const auto files = SafetensorsFiles::find(folder());
    QCOMPARE(files->names, std::vector<std::string>{"model.safetensors"});
    QCOMPARE(files->index, std::string());
}

void SafetensorsFolderTest::severalFiles() {
    putShards();
    putIndex(
        "{'metadata':{'total_size':2},'weight_map':{'b':'model-2.safetensors','a':'model-1.safetensors'}}");
    auto read = SafetensorsFolder::read(folder());
    QVERIFY2(read.has_value(), outcome(read).c_str());
    const SafetensorsFolder moved = std::move(*read);
    QCOMPARE(moved.tensors().size(), std::size_t(2));
    QCOMPARE(moved.bytes(), std::size_t(2));
    QCOMPARE(static_cast<char>(moved.tensors().at("a").data[0]), 'A');
    QCOMPARE(static_cast<char>(moved.tensors().at("b").data[0]), 'B');
    const auto files = SafetensorsFiles::find(folder());
    QCOMPARE(files->names, (std::vector<std::string>{"model-1.safetensors", "model-2.safetensors"}));
    QCOMPARE(files->index, std::string(Index));
    QCOMPARE(files->shardOf.at("b"), std::string("model-2.safetensors"));
    // What the index forgets is taken along; a file that it does not name is left alone.
    put("model-2.safetensors",
        withHeader("{" + entry("b", "[1]", 0, 1, "U8") + "," + entry("c", "[1]", 1, 2, "U8") + "}", "BC"));
    put("other.safetensors", oneByte("d", 'D'));
    const auto more = SafetensorsFolder::read(folder());
    QVERIFY2(more.has_value(), outcome(more).c_str());
    QCOMPARE(more->tensors().size(), std::size_t(3));
    QCOMPARE(static_cast<char>(more->tensors().at("c").data[0]), 'C');
}

void SafetensorsFolderTest::theSingleFileComesFirst() {
    put("model.safetensors", oneByte("single", 'S'));
    putIndex("nonsense");
    QCOMPARE(said(), QString());
    QCOMPARE(SafetensorsFolder::read(folder())->tensors().count("single"), std::size_t(1));
}

void SafetensorsFolderTest::linksAreFollowed() {
    // As in the cache of huggingface_hub: names lead to files elsewhere that are called by their hash.
    QVERIFY(QDir(path()).mkpath("blobs") && QDir(path()).mkpath("snapshot"));
    put("blobs/1", oneByte("a", 'A'));
    QVERIFY(QFile::link("../blobs/1", path("snapshot/model.safetensors")));
    const auto read = SafetensorsFolder::read(folder() + "/snapshot");
    QVERIFY2(read.has_value(), outcome(read).c_str());
    // A link that leads to what never ends is none to a file.
    QFile::remove(path("snapshot/model.safetensors"));
    QVERIFY(QFile::link("/dev/zero", path("snapshot/model.safetensors")));
    QVERIFY(outcome(SafetensorsFolder::read(folder() + "/snapshot")).find("holds neither") !=
            std::string::npos);
}

void SafetensorsFolderTest::noWeights() {
    QCOMPARE(said(), path() + " holds neither model.safetensors nor model.safetensors.index.json; name the "
                              "folder of a model that was saved as safetensors");
    put("pytorch_model.bin", "pickled");
    QVERIFY2(said().contains("pytorch_model.bin, a format that can run code"), qPrintable(said()));
    QVERIFY(QDir(path()).mkdir("model.safetensors"));
    QVERIFY(said().contains("pytorch_model.bin"));
    QVERIFY(outcome(SafetensorsFolder::read(folder() + "/none")).find("there is no folder") == 0);
    QVERIFY(outcome(SafetensorsFolder::read(folder() + "/pytorch_model.bin")).find("there is no folder") ==
            0);
    put("empty", {});
    QVERIFY(QDir(path()).rmdir("model.safetensors"));
    put("model.safetensors", {});
    QVERIFY(said().contains("model.safetensors is not a usable safetensors file: it is shorter"));
}

void SafetensorsFolderTest::missingShard() {
    putShards();
    putIndex(
        "{'weight_map':{'a':'model-1.safetensors','b':'model-2.safetensors','c':'model-3.safetensors'}}");
    QCOMPARE(said(), path("model-3.safetensors") +
                         " is missing, which model.safetensors.index.json names; fetch the "
                         "model's other files too");
    QVERIFY(QDir(path()).mkdir("model-3.safetensors"));
    QVERIFY(said().contains("model-3.safetensors is missing"));
    QVERIFY(QDir(path()).rmdir("model-3.safetensors"));
    QCOMPARE(::mkfifo(path("model-3.safetensors").toUtf8().constData(), 0600), 0);
    QVERIFY(said().contains("model-3.safetensors is missing"));
}

void SafetensorsFolderTest::everyTruncatedShardIsRefused() {
    putShards();
    putIndex("{'weight_map':{'a':'model-1.safetensors','b':'model-2.safetensors'}}");
    QCOMPARE(said(), QString());
    const QByteArray whole = contentOf(path("model-2.safetensors"));
    for (qsizetype length = 0; length < whole.size(); ++length) {
        put("model-2.safetensors", whole.left(length));
        QVERIFY2(said().startsWith(path("model-2.safetensors") + " is not a usable"), qPrintable(said()));
    }
}

void SafetensorsFolderTest::aShardWithoutWhatTheIndexPromises() {
    putShards();
    putIndex(
        "{'weight_map':{'a':'model-2.safetensors','b':'model-2.safetensors','x':'model-1.safetensors'}}");
    QCOMPARE(
        said(),
        path("model-1.safetensors") +
            " does not hold tensor 'x', which model.safetensors.index.json says it does; fetch both again");
    putIndex("{'weight_map':{'a':'model-2.safetensors','b':'model-1.safetensors'}}"); // the wrong way round
    QVERIFY(said().contains("does not hold tensor 'b'"));
}

void SafetensorsFolderTest::aTensorInTwoShards() {
    put("model-1.safetensors", oneByte("a", 'A'));
    put("model-2.safetensors",
        withHeader("{" + entry("b", "[1]", 0, 1, "U8") + "," + entry("a", "[1]", 1, 2, "U8") + "}", "BA"));
    putIndex("{'weight_map':{'a':'model-1.safetensors','b':'model-2.safetensors'}}");
    QCOMPARE(said(), path("model-2.safetensors") +
                         " holds tensor 'a', and so does another file of the model; fetch the model again");
}

void SafetensorsFolderTest::hostileNames_data() {
    QTest::addColumn<QByteArray>("shard");
    QTest::newRow("one up") << QByteArray("../secret.safetensors");
    QTest::newRow("absolute") << QByteArray("/etc/secret.safetensors");
    QTest::newRow("below") << QByteArray("below/secret.safetensors");
    QTest::newRow("here") << QByteArray("./secret.safetensors");
    QTest::newRow("escaped") << QByteArray("..\\u002fsecret.safetensors");
    QTest::newRow("the other slash") << QByteArray("..\\\\secret.safetensors");
    QTest::newRow("a drive") << QByteArray("C:secret.safetensors");
    QTest::newRow("dots within") << QByteArray("a..safetensors");
    QTest::newRow("hidden") << QByteArray(".safetensors.safetensors");
    QTest::newRow("the ending alone") << QByteArray(".safetensors");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("two dots") << QByteArray("..");
    QTest::newRow("another ending") << QByteArray("secret.bin");
    QTest::newRow("the ending further in") << QByteArray("secret.safetensors.bin");
    QTest::newRow("cut by a zero byte") << QByteArray("secret.bin\\u0000.safetensors");
    QTest::newRow("a line's end") << QByteArray("a\\nb.safetensors");
    QTest::newRow("longer than a name") << QByteArray(300, 'n') + ".safetensors";
}

void SafetensorsFolderTest::hostileNames() {
    QFETCH(QByteArray, shard);
    // What they would reach is there and right: it is their name that is refused.
    QVERIFY(QDir(path()).mkpath("model/below"));
    for (const char* name :
         {"secret.safetensors", "model/secret.safetensors", "model/below/secret.safetensors",
          "model/secret.bin", "model/C:secret.safetensors", "model/a..safetensors", "model/.safetensors",
          "model/..\\secret.safetensors", "model/a\nb.safetensors"})
        put(name, oneByte("a", 'A'));
    put("model/" + QString(Index), QByteArray("{\"weight_map\":{\"a\":\"" + shard + "\"}}"));
    const std::string said = outcome(SafetensorsFolder::read(folder() + "/model"));
    QVERIFY2(said.find("no .safetensors file of this folder") != std::string::npos, said.c_str());
    QVERIFY(said.find(Index) != std::string::npos && said.find('\n') == std::string::npos);
    QVERIFY(said.size() < 500);
}

void SafetensorsFolderTest::hostileIndex_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const QByteArray& json, const char* reason) {
        QTest::newRow(name) << json << QString(reason);
    };
    row("empty", "", "is empty");
    row("not JSON", "weights", "no valid JSON");
    row("cut off", "{'weight_map':{'a':'model-1.saf", "no valid JSON");
    row("a list", "['model-1.safetensors']", "no valid JSON");
    row("nested deeply", "{'x':" + QByteArray(100'000, '[') + QByteArray(100'000, ']') + "}",
        "no valid JSON");
    row("no UTF-8", "{'weight_map':{'\xFF':'model-1.safetensors'}}", "no valid JSON");
    row("NaN", "{'metadata':{'total_size':NaN},'weight_map':{'a':'model-1.safetensors'}}", "no valid JSON");
    row("no map", "{'metadata':{}}", "has no weight_map");
    row("an empty map", "{'weight_map':{}}", "names no tensor");
    row("a map that is a list", "{'weight_map':['a']}", "weight_map is no object");
    row("two maps", "{'weight_map':{'a':'model-1.safetensors'},'weight_map':{'a':'model-1.safetensors'}}",
        "weight_map is there twice");
    row("a tensor twice", "{'weight_map':{'a':'model-1.safetensors','a':'model-2.safetensors'}}",
        "tensor 'a' is there twice");
    row("a tensor twice, written differently",
        "{'weight_map':{'a':'model-1.safetensors','\\u0061':'model-1.safetensors'}}",
        "tensor 'a' is there twice");
    row("a number as file", "{'weight_map':{'a':1}}", "the file of tensor 'a' is no text");
    row("null as file", "{'weight_map':{'a':null}}", "the file of tensor 'a' is no text");
}

void SafetensorsFolderTest::hostileIndex() {
    QFETCH(QByteArray, json);
    QFETCH(QString, reason);
    putShards();
    putIndex(json);
    QVERIFY2(said().contains(reason), qPrintable(said()));
    QVERIFY(said().startsWith(path(Index)));
    QVERIFY(!said().contains('\n'));
}

void SafetensorsFolderTest::unreadable() {
    putShards();
    putIndex("{'weight_map':{'a':'model-1.safetensors','b':'model-2.safetensors'}}");
    QCOMPARE(::chmod(path().toUtf8().constData(), 0755), 0);
    for (const QString& name : {QString("model-2.safetensors"), QString(Index)}) {
        QCOMPARE(::chmod(path(name).toUtf8().constData(), 0), 0);
        const QByteArray answer = inChild([&]() -> std::string {
            return becomeOrdinary() ? said().toStdString() : "cannot become an ordinary user";
        });
        QVERIFY2(answer.startsWith("cannot open " + path(name).toUtf8() + ": permission is denied"),
                 answer.constData());
    }
}

void SafetensorsFolderTest::bounds() {
    QByteArray map;
    for (int i = 0; i <= 10'000; ++i)
        map += (i ? ",'" : "'") + QByteArray::number(i) + "':'" + QByteArray::number(i) + ".safetensors'";
    putIndex("{'weight_map':{" + map + "}}");
    QVERIFY2(said().contains("more than 10000 files"), qPrintable(said()));
    QFile index(path(Index)); // without a block on the disk
    QVERIFY(index.open(QIODevice::WriteOnly) && index.resize(100'000'001));
    index.close();
    QVERIFY2(said().contains("larger than 100000000 bytes"), qPrintable(said()));
}

QTEST_GUILESS_MAIN(SafetensorsFolderTest)
#include "safetensors_folder_test.moc"
