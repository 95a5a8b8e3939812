// Every variant that this processor can run, against sums in double.
#include "core/base/random.h"
#include "core/student/ngram_kernels.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace stillroom;

class NgramKernelsTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void againstDouble_data() {
        QTest::addColumn<int>("dimensions");
        QTest::addColumn<int>("tokens");
        for (const int dimensions : {1, 7, 16, 17, 64, 100, 128, 300})
            for (const int tokens : {0, 1, 5, 40, 1000})
                QTest::addRow("%d dimensions, %d tokens", dimensions, tokens) << dimensions << tokens;
    }
    void againstDouble() {
        QFETCH(int, dimensions);
        QFETCH(int, tokens);
        constexpr std::uint32_t Rows = 50;
        Random random(3, "kernels");
        std::vector<float> table(static_cast<std::size_t>(dimensions) * Rows);
        for (float& x : table)
            x = static_cast<float>(random.uniform() - 0.5);
        std::vector<std::uint32_t> list;
        for (int t = 0; t < tokens; ++t)
            list.push_back(random.below(Rows)); // repeats too
        std::vector<float> delta(static_cast<std::size_t>(dimensions));
        for (float& x : delta)
            x = static_cast<float>(random.uniform() - 0.5);

        // Two stretches, as two threads would take them.
        const Columns stretches[] = {{dimensions, 0, dimensions / 3},
                                     {dimensions, dimensions / 3, dimensions}};
        for (const auto& kernels : allNgramKernels()) {
            std::vector<float> out(static_cast<std::size_t>(dimensions), -1);
            std::vector<float> changed = table;
            for (const auto& columns : stretches) {
                kernels.gather(table.data(), columns, list, 0.25F, out.data());
                kernels.scatter(changed.data(), columns, list, delta.data());
            }
            for (std::size_t c = 0; c < delta.size(); ++c) {
                double sum = 0;
                std::vector<double> column(Rows);
                for (std::uint32_t row = 0; row < Rows; ++row)
                    column[row] = static_cast<double>(table[row * delta.size() + c]);
                for (const auto t : list) {
                    sum += static_cast<double>(table[t * delta.size() + c]);
                    column[t] += static_cast<double>(delta[c]);
                }
                QVERIFY2(std::abs(static_cast<double>(out[c]) - 0.25 * sum) < 1e-4, kernels.name);
                for (std::uint32_t row = 0; row < Rows; ++row)
                    QVERIFY2(std::abs(static_cast<double>(changed[row * delta.size() + c]) - column[row]) <
                                 1e-4,
                             kernels.name);
            }
        }
    }
};

QTEST_GUILESS_MAIN(NgramKernelsTest)
#include "ngram_kernels_test.moc"
