#include "core/data/scan.h"

#include <QtTest>
#include <string>

using namespace stillroom;

class ScanTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void findsTheFirstOfEitherAtEveryPlaceAndLength();
    void looksAtNothingBehindTheEnd();
};

void ScanTest::findsTheFirstOfEitherAtEveryPlaceAndLength() {
    for (std::size_t length = 0; length < 70; ++length) {
        const std::string plain(length, 'x');
        QCOMPARE(findEither(plain.data(), plain.data() + length, ',', '\n'), plain.data() + length);
        for (std::size_t at = 0; at < length; ++at) {
            std::string text = plain;
            text[at] = at % 2 == 0 ? ',' : '\n';
            if (at + 1 < length)
                text[length - 1] = ',';
            QCOMPARE(findEither(text.data(), text.data() + length, ',', '\n') - text.data(),
                     static_cast<std::ptrdiff_t>(at));
        }
    }
}

void ScanTest::looksAtNothingBehindTheEnd() {
    const std::string text = "abcdefghijklmnopqrst,";
    for (std::size_t end = 0; end < text.size(); ++end)
        QCOMPARE(findEither(text.data(), text.data() + end, ',', ';'), text.data() + end);
}

QTEST_GUILESS_MAIN(ScanTest)
#include "scan_test.moc"
