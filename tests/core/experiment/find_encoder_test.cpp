#include "core/experiment/find_encoder.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

class FindEncoderTest : public QObject {
    Q_OBJECT
    QTemporaryDir cache_, data_;

  private Q_SLOTS:
    void initTestCase() {
        qputenv("STILLROOM_CACHE", cache_.path().toUtf8());
        QVERIFY(QDir(cache_.path()).mkpath("encoders/tiny"));
        QVERIFY(QDir(cache_.path()).mkpath("encoders/both"));
        QVERIFY(QDir(data_.path()).mkpath("models/mine"));
        QVERIFY(QDir(data_.path()).mkpath("both"));
    }

    void found() {
        const std::string cache = cache_.path().toStdString(), data = data_.path().toStdString();
        QCOMPARE(findEncoder("tiny", data).value(), cache + "/encoders/tiny");
        QCOMPARE(findEncoder("models/mine", data).value(), data + "/models/mine");
        QCOMPARE(findEncoder(data + "/models/mine", "elsewhere").value(), data + "/models/mine");
        QCOMPARE(findEncoder("both", data).value(), data + "/both"); // a folder comes before a name
    }

    void notFound() {
        const auto name = findEncoder("minilm", data_.path().toStdString());
        QVERIFY(!name && name.error().message.find("packaging/get-encoder minilm") != std::string::npos);
        QVERIFY(name.error().message.find(cache_.path().toStdString()) != std::string::npos);
        const auto path = findEncoder("models/other", data_.path().toStdString());
        QVERIFY(!path && path.error().message.find("models/other: there is no such folder") == 0);
        // Not a way out of the cache.
        QVERIFY(!findEncoder("../encoders/tiny", data_.path().toStdString()));
    }
};

QTEST_GUILESS_MAIN(FindEncoderTest)
#include "find_encoder_test.moc"
