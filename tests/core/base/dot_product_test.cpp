// Every width around a stretch of sixteen, against double.
#include "core/base/dot_product.h"

#include <QtTest>
#include <cmath>
#include <vector>

using namespace stillroom;

class DotProductTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void againstDouble();
};

void DotProductTest::againstDouble() {
    for (std::size_t width = 0; width < 100; ++width) {
        std::vector<float> a(width), b(width);
        double sum = 0, size = 0;
        for (std::size_t d = 0; d < width; ++d) {
            a[d] = static_cast<float>(static_cast<double>((d * 37) % 19) - 9.1);
            b[d] = static_cast<float>(static_cast<double>((d * 53) % 23) - 11.3);
            const double product = static_cast<double>(a[d]) * static_cast<double>(b[d]);
            sum += product;
            size += std::abs(product);
        }
        const double made = static_cast<double>(dotProduct(a.data(), b.data(), width));
        QVERIFY2(std::abs(made - sum) <= 1e-6 * size, qPrintable(QString::number(width)));
    }
}

QTEST_GUILESS_MAIN(DotProductTest)
#include "dot_product_test.moc"
