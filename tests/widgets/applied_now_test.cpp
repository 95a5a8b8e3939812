// "If applied now" against a count by hand over every sample.
#include "widgets/applied_now.h"

#include "tests/widgets/made_lab.h"
#include "widgets/text.h"

using namespace stillroom;
using stillroom::test::MadeLab;

class AppliedNowTest : public QObject {
    Q_OBJECT
  private:
    struct Count {
        std::int64_t kept = 0, right = 0, gold = 0, enters = 0, leaves = 0;
    };
    static Count countBy(const MadeLab& made, const Thresholds& now, const Thresholds* before) {
        const SampleTable& table = *made.lab.table();
        const auto traces =
            made.lab.snapshot() ? made.lab.snapshot()->traces() : std::span<const SampleTrace>();
        const auto passes = [&](const Thresholds& t, std::size_t i) {
            const auto k = static_cast<std::size_t>(table.labels[i]);
            return (t.teacher.empty() || atLeast(table.confidences[i], t.teacher[k])) &&
                   (t.student.empty() || traces.empty() || !traces[i].scored() ||
                    atLeast(traces[i].uncertainty(), t.student[k]));
        };
        Count count;
        for (std::size_t i = 0; i < table.size(); ++i) {
            const bool keeps = passes(now, i), kept = before != nullptr && passes(*before, i);
            count.kept += keeps;
            count.gold += keeps && table.gold[i] >= 0;
            count.right += keeps && table.gold[i] == table.labels[i];
            count.enters += before != nullptr && keeps && !kept;
            count.leaves += before != nullptr && kept && !keeps;
        }
        return count;
    }

  private Q_SLOTS:
    void beforeAnyRunTheTeacherDecides() {
        MadeLab made(3000);
        QVERIFY(made.ready());
        AppliedNow applied(&made.lab);
        applied.setWatched(true);
        QTRY_VERIFY(applied.answer().has_value());
        const Count count = countBy(made, made.lab.baseline().thresholds, nullptr);
        QCOMPARE(applied.answer()->counts.all.kept, count.kept);
        QVERIFY(!applied.answer()->compared && !applied.answer()->asked);
        QVERIFY(applied.words().first().startsWith(
            QStringLiteral("keeps %1 of %2").arg(grouped(count.kept), grouped(3000))));
        QVERIFY(applied.words().last().contains("not asked yet"));
    }

    void aSettingMovesItAtOnce() {
        MadeLab made(3000);
        QVERIFY(made.ready());
        AppliedNow applied(&made.lab);
        applied.setWatched(true);
        QVERIFY(made.run(3));
        const Thresholds ran = made.controller.live().thresholds();
        QTRY_VERIFY(applied.answer().has_value() && applied.answer()->compared && applied.answer()->asked);
        QTRY_COMPARE(applied.answer()->counts.all.kept, countBy(made, ran, nullptr).kept);
        QCOMPARE(applied.answer()->counts.all.enters, std::int64_t{0});
        QVERIFY(made.document.set("selection.student_scale", "1.3"));
        Thresholds wanted = ran;
        for (auto& threshold : wanted.student)
            threshold = std::min(1.0, threshold * 1.3);
        const Count count = countBy(made, wanted, &ran);
        QVERIFY(count.leaves > 0 && count.enters == 0);
        QTRY_COMPARE(applied.answer()->counts.all.leaves, count.leaves);
        QCOMPARE(applied.answer()->counts.all.kept, count.kept);
        QVERIFY(applied.words().contains(QStringLiteral("enter 0 · leave %1").arg(grouped(count.leaves))));
        QVERIFY(applied.words().contains(
            QStringLiteral("of those the teacher is right on %1")
                .arg(percent(static_cast<double>(count.right) / static_cast<double>(count.gold), 0))));
        QVERIFY(applied.thinnest().startsWith("thinnest class: "));
        made.document.undoStack()->undo();
        QTRY_COMPARE(applied.answer()->counts.all.leaves, std::int64_t{0});
    }

    void aRuleThatNoThresholdDecidesSaysNothing() {
        MadeLab made(500);
        QVERIFY(made.ready());
        AppliedNow applied(&made.lab);
        applied.setWatched(true);
        QTRY_VERIFY(applied.answer().has_value());
        QVERIFY(made.document.set("selection.rule", "all"));
        QTRY_VERIFY(!applied.answer().has_value());
        QVERIFY(applied.words().isEmpty() && applied.thinnest().isEmpty());
    }

    void nothingIsCountedWhileNobodyLooks() {
        MadeLab made(500);
        QVERIFY(made.ready());
        AppliedNow applied(&made.lab);
        QTest::qWait(300);
        QVERIFY(!applied.answer().has_value());
        applied.setWatched(true);
        QTRY_VERIFY(applied.answer().has_value());
    }
};

QTEST_MAIN(AppliedNowTest)
#include "applied_now_test.moc"
