// What is written reads back; what is hostile is refused before a byte is trusted.
#include "core/student/safetensors.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>

using namespace stillroom;

namespace {

const std::vector<float> Weights = {1, 2, 3, 4, 5, 6};
const std::vector<std::int64_t> Buckets = {7, 8, 9};

/// Single quotes stand for JSON's double ones.
QByteArray withHeader(QByteArray json, const QByteArray& data) {
    json.replace('\'', '"');
    const auto length = static_cast<std::uint64_t>(json.size());
    QByteArray bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + json + data;
}

} // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(QString::fromUtf8(name)); }

    std::string refusal(const QByteArray& bytes) {
        QFile file(path("bad.safetensors"));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return "the test could not write its file";
        file.close();
        const auto read = Safetensors::read(file.fileName().toStdString());
        return read ? "" : read.error().message;
    }

  private Q_SLOTS:
    void roundTrip() {
        const std::string file = path("good.safetensors").toStdString();
        QVERIFY(writeSafetensors(file,
                                 {{"weight", TensorType::F32, {2, 3}, std::as_bytes(std::span(Weights))},
                                  {"none", TensorType::F32, {0, 3}, {}},
                                  {"buckets", TensorType::I64, {3}, std::as_bytes(std::span(Buckets))}},
                                 {{"quote\"", "line\nbreak ü"}})
                    .has_value());
        const auto read = Safetensors::read(file);
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QCOMPARE(read->tensors().size(), std::size_t(3));
        QCOMPARE(read->metadata().at("quote\""), std::string("line\nbreak ü"));
        const auto& weight = read->tensors().at("weight");
        QCOMPARE(weight.shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(std::memcmp(weight.data.data(), Weights.data(), weight.data.size()), 0);
        QCOMPARE(read->tensors().at("none").data.size(), std::size_t(0));
    }

    void golden() {
        // The format's own example of layout: length, JSON, data; and our padding to eight bytes.
        const std::string file = path("golden.safetensors").toStdString();
        const std::vector<float> one = {1.0F};
        QVERIFY(writeSafetensors(file, {{"a", TensorType::F32, {1}, std::as_bytes(std::span(one))}}, {})
                    .has_value());
        QFile written(path("golden.safetensors"));
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray json = "{'__metadata__':{},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}";
        QCOMPARE(written.readAll(), withHeader(json.leftJustified((json.size() + 7) / 8 * 8),
                                               QByteArray("\x00\x00\x80\x3f", 4)));
    }

    void hostile_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        const QByteArray four(4, 'x');
        const auto tensor = [](const char* name, const char* shape, int begin, int end) {
            return QByteArray("'") + name + "':{'dtype':'F32','shape':" + shape + ",'data_offsets':[" +
                   QByteArray::number(begin) + "," + QByteArray::number(end) + "]}";
        };
        QTest::newRow("empty") << QByteArray() << "shorter than";
        QTest::newRow("header longer than the file")
            << QByteArray("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + four << "claims a header";
        QTest::newRow("not JSON") << withHeader("{nonsense", four) << "no valid JSON";
        QTest::newRow("unknown type")
            << withHeader("{'a':{'dtype':'F99','shape':[1],'data_offsets':[0,4]}}", four) << "type F99";
        QTest::newRow("outside") << withHeader("{" + tensor("a", "[2]", 0, 8) + "}", four)
                                 << "outside the file";
        QTest::newRow("backwards") << withHeader("{" + tensor("a", "[1]", 4, 0) + "}", four)
                                   << "outside the file";
        QTest::newRow("shape does not fit")
            << withHeader("{" + tensor("a", "[3]", 0, 4) + "}", four) << "needs 12";
        QTest::newRow("shape overflows")
            << withHeader("{" + tensor("a", "[4611686018427387904,4611686018427387904]", 0, 4) + "}", four)
            << "larger than any";
        QTest::newRow("negative shape")
            << withHeader("{" + tensor("a", "[-1]", 0, 4) + "}", four) << "negative";
        QTest::newRow("overlap") << withHeader("{" + tensor("a", "[1]", 0, 4) + "," +
                                                   tensor("b", "[1]", 0, 4) + "}",
                                               four)
                                 << "overlaps";
        QTest::newRow("gap") << withHeader("{" + tensor("a", "[1]", 4, 8) + "}", four + four) << "gap";
        QTest::newRow("trailing bytes")
            << withHeader("{" + tensor("a", "[1]", 0, 4) + "}", four + "y") << "belong to no tensor";
        QTest::newRow("twice") << withHeader("{" + tensor("a", "[1]", 0, 4) + "," + tensor("a", "[1]", 4, 8) +
                                                 "}",
                                             four + four)
                               << "twice";
    }
    void hostile() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        const std::string said = refusal(bytes);
        QVERIFY2(QString::fromStdString(said).contains(reason), said.c_str());
        QVERIFY(QString::fromStdString(said).contains("bad.safetensors"));
    }

    void missing() {
        const auto read = Safetensors::read(path("none.safetensors").toStdString());
        QVERIFY(!read);
        QVERIFY(QString::fromStdString(read.error().message).contains("none.safetensors"));
    }

    void everyTruncationIsRefused() {
        const std::string file = path("whole.safetensors").toStdString();
        QVERIFY(writeSafetensors(file,
                                 {{"weight", TensorType::F32, {2, 3}, std::as_bytes(std::span(Weights))}}, {})
                    .has_value());
        QFile whole(path("whole.safetensors"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        for (qsizetype length = 0; length < bytes.size(); ++length)
            QVERIFY2(!refusal(bytes.left(length)).empty(), QByteArray::number(length).constData());
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
