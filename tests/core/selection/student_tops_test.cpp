#include "core/selection/student_tops.h"

#include "core/base/random.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace stillroom;

class StudentTopsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void byHand() {
        const std::vector<float> rows = {0.2F, 0.5F, 0.3F, 0.6F, 0.3F, 0.1F, 0.1F, 0.2F, 0.7F};
        StudentTops tops;
        tops.look(rows, 3);
        QVERIFY(std::ranges::equal(tops.labels(), std::vector<std::int32_t>{1, 0, 2}));
        QVERIFY(std::ranges::equal(tops.confidences(), std::vector<float>{0.5F, 0.6F, 0.7F}));
    }

    void ofEqualsTheFirst() {
        const std::vector<float> rows = {0.25F, 0.25F, 0.25F, 0.25F, 0.0F, 0.5F, 0.5F, 0.0F};
        StudentTops tops;
        tops.look(rows, 4);
        QVERIFY(std::ranges::equal(tops.labels(), std::vector<std::int32_t>{0, 1}));
    }

    void anyNumberOfRows() {
        // They are looked at several at a time; none may be missed or come twice.
        Random random(1, "tops");
        for (const std::size_t classes : {1U, 2U, 3U, 10U, 26U, 131U})
            for (std::size_t size = 0; size < 40; ++size) {
                std::vector<float> rows(size * classes);
                for (auto& p : rows)
                    p = static_cast<float>(random.below(8)) / 8; // many ties
                StudentTops tops;
                tops.look(rows, classes);
                QCOMPARE(tops.labels().size(), size);
                for (std::size_t i = 0; i < size; ++i) {
                    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(i * classes);
                    const auto best = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(classes));
                    QCOMPARE(tops.labels()[i], static_cast<std::int32_t>(best - begin));
                    QCOMPARE(tops.confidences()[i], *best);
                }
            }
    }

    void aBrokenRowIsNotHidden() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> rows = {nan, nan, nan};
        StudentTops tops;
        tops.look(rows, 3);
        QCOMPARE(tops.labels()[0], 0);
        QVERIFY(std::isnan(tops.confidences()[0]));
    }
};

QTEST_GUILESS_MAIN(StudentTopsTest)
#include "student_tops_test.moc"
