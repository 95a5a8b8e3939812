#include "core/output/event_record.h"

#include <QByteArray>
#include <QtTest>
#include <numeric>

using namespace stillroom;

class EventRecordTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void checksum();
    void bytes();
};

/// The vectors of RFC 3720, appendix B.4, and the check value of the catalogues.
void EventRecordTest::checksum() {
    std::string rising(32, '\0');
    std::iota(rising.begin(), rising.end(), char{0});
    const std::string falling(rising.rbegin(), rising.rend());
    QCOMPARE(crc32c(std::string(32, '\0')), 0x8A9136AAU);
    QCOMPARE(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
    QCOMPARE(crc32c(rising), 0x46DD794EU);
    QCOMPARE(crc32c(falling), 0x113FDB5CU);
    QCOMPARE(crc32c("123456789"), 0xE3069283U);
    QCOMPARE(crc32c(""), 0U);
}

/// What tensorboard 2.21's own RecordWriter made of the same events.
void EventRecordTest::bytes() {
    const auto hex = [](const std::string& record) { return QByteArray::fromStdString(record).toHex(); };
    QCOMPARE(hex(firstEventRecord(1764500000.125)),
             QByteArray("1800000000000000a37f4b22"
                        "0900000888084bda411a0d627261696e2e4576656e743a32"
                        "d8a31319"));
    const TaggedScalar scalars[] = {{"train/loss", 0.625F}, {"threshold/teacher/ü", 1.0F / 3}};
    QCOMPARE(hex(eventRecord(1764500001.5, 300, scalars)),
             QByteArray("3e00000000000000d9d240e7"
                        "0900006088084bda4110ac022a300a110a0a747261696e2f6c6f7373150000203f"
                        "0a1b0a147468726573686f6c642f746561636865722fc3bc15abaaaa3e"
                        "154e5e6b"));
    // Lengths and steps of more than one byte.
    const std::string tag(200, 'a');
    const TaggedScalar one[] = {{tag, -1.0F}};
    QCOMPARE(hex(eventRecord(0.5, std::int64_t{1} << 40, one)),
             QByteArray("e60000000000000071234f87"
                        "09000000000000e03f108080808080202ad3010ad0010ac801") +
                 QByteArray(200, 'a').toHex() + QByteArray("15000080bf5b51689c"));
}

QTEST_GUILESS_MAIN(EventRecordTest)
#include "event_record_test.moc"
