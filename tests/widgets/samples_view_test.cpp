// The Samples tab: what is listed is what a loop over all samples finds, in the order that a plain sort
// gives; what is copied is what is shown; texts are shown and never obeyed.
#include "widgets/samples_view.h"

#include "tests/widgets/made_lab.h"
#include "widgets/sample_filter_bar.h"
#include "widgets/samples_table.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLineEdit>
#include <QSignalSpy>
#include <QToolButton>
#include <numeric>

using namespace stillroom;
using stillroom::test::MadeLab;

class SamplesViewTest : public QObject {
    Q_OBJECT
  private:
    static bool show(SamplesView& view) {
        view.resize(1080, 760);
        view.show();
        return QTest::qWaitForWindowExposed(&view);
    }
    static bool listed(SamplesView& view) {
        QTest::qWait(30);
        return QTest::qWaitFor([&] { return !view.query()->busy(); }, 20'000);
    }
    static void sortBy(SamplesView& view, SampleCells::Column column) {
        auto* header = view.table()->horizontalHeader();
        Q_EMIT header->sectionClicked(column);
    }

    using Test = std::function<bool(std::uint32_t)>;
    static std::vector<std::uint32_t> naive(const LabModel& lab, const Test& holds) {
        std::vector<std::uint32_t> found;
        for (std::uint32_t i = 0; i < lab.table()->size(); ++i)
            if (holds(i))
                found.push_back(i);
        return found;
    }

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }

    void filtersAreWhatTheySay() {
        MadeLab made(4000);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(3));
        const SampleTable& table = *made.lab.table();
        const auto trace = [&](std::uint32_t i) { return made.lab.snapshot()->traces()[i]; };
        using Show = SampleFilter::Show;
        const std::pair<Show, Test> cases[] = {
            {Show::All, [](std::uint32_t) { return true; }},
            {Show::Kept, [&](std::uint32_t i) { return trace(i).kept(); }},
            {Show::RefusedByTeacher,
             [&](std::uint32_t i) {
                 return trace(i).verdict() == Verdict::TeacherUnsure ||
                        trace(i).verdict() == Verdict::BothRefuse;
             }},
            {Show::RefusedByStudent,
             [&](std::uint32_t i) {
                 return trace(i).verdict() == Verdict::StudentSure ||
                        trace(i).verdict() == Verdict::BothRefuse;
             }},
            {Show::NeverKept, [&](std::uint32_t i) { return made.lab.history()->keptTimes(i) == 0; }},
            {Show::TeacherWrong,
             [&](std::uint32_t i) { return table.gold[i] >= 0 && table.gold[i] != table.labels[i]; }},
            {Show::Disagreement,
             [&](std::uint32_t i) {
                 return trace(i).studentLabel() >= 0 && trace(i).studentLabel() != table.labels[i];
             }},
        };
        for (const auto& [show, holds] : cases) {
            SampleFilter filter;
            filter.show = show;
            filter.label = 3;
            view.list(filter);
            QVERIFY(listed(view));
            const auto wanted = naive(
                made.lab, [&, &test = holds](std::uint32_t i) { return table.labels[i] == 3 && test(i); });
            QVERIFY(!wanted.empty());
            QCOMPARE(view.model()->rows(), wanted);
        }
        // A hypothesis: who leaves.
        Hypothesis hypothesis;
        hypothesis.set(ThresholdSide::Teacher, LabModel::AllClasses, 1.1);
        made.lab.suppose(hypothesis);
        SampleFilter filter;
        filter.show = Show::Leaves;
        view.list(filter);
        QVERIFY(listed(view));
        const Thresholds now = made.lab.baseline().thresholds, then = made.lab.supposed();
        const auto leaves = naive(made.lab, [&](std::uint32_t i) {
            const auto k = static_cast<std::size_t>(table.labels[i]);
            return atLeast(table.confidences[i], now.teacher[k]) &&
                   atLeast(trace(i).uncertainty(), now.student[k]) &&
                   !atLeast(table.confidences[i], then.teacher[k]);
        });
        QVERIFY(!leaves.empty());
        QCOMPARE(view.model()->rows(), leaves);
        // Nothing is supposed any more: the list goes back to all.
        made.lab.forget();
        QVERIFY(listed(view));
        QCOMPARE(view.bar()->filter().show, Show::All);
        QCOMPARE(view.model()->rowCount(), 4000);
    }

    void sortsByEveryColumn() {
        MadeLab made(1500);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(3));
        QVERIFY(listed(view));
        const SampleCells cells = view.model()->cells();
        const auto value = [&](std::uint32_t i, SampleCells::Column column) -> double {
            switch (column) {
            case SampleCells::Confidence:
                return cells.table->confidences[i];
            case SampleCells::Uncertainty:
                return cells.trace(i).uncertainty();
            case SampleCells::KeptTimes:
                return cells.history->keptTimes(i);
            case SampleCells::VerdictNow:
                return static_cast<double>(cells.trace(i).verdict());
            case SampleCells::Teacher:
                return cells.table->labels[i];
            default:
                return i;
            }
        };
        for (const auto column : {SampleCells::Confidence, SampleCells::Uncertainty, SampleCells::KeptTimes,
                                  SampleCells::VerdictNow, SampleCells::Teacher, SampleCells::Number}) {
            for (int click = 0; click < 2; ++click) {
                sortBy(view, column);
                QVERIFY(listed(view));
                const bool ascending = view.table()->order().ascending;
                QCOMPARE(view.table()->order().column, column);
                std::vector<std::uint32_t> wanted(1500);
                std::iota(wanted.begin(), wanted.end(), 0U);
                std::stable_sort(wanted.begin(), wanted.end(), [&](std::uint32_t a, std::uint32_t b) {
                    return ascending ? value(a, column) < value(b, column)
                                     : value(a, column) > value(b, column);
                });
                QCOMPARE(view.model()->rows(), wanted);
            }
        }
    }

    void searchFindsWhatIsThere() {
        MadeLab made(3000);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(listed(view));
        // Typed, letter by letter; case does not matter.
        QTest::keyClick(&view, Qt::Key_F, Qt::ControlModifier);
        QVERIFY(view.bar()->search()->hasFocus());
        QTest::keyClicks(view.bar()->search(), "needle");
        QVERIFY(QTest::qWaitFor([&] { return view.model()->rowCount() < 100; }, 10'000));
        QVERIFY(listed(view));
        const auto wanted = naive(made.lab, [&](std::uint32_t i) {
            return view.model()->cells().text(i).contains("needle", Qt::CaseInsensitive);
        });
        QVERIFY(wanted.size() > 20);
        QCOMPARE(view.model()->rows(), wanted);
        // The order of the table holds for what is found, too.
        sortBy(view, SampleCells::Confidence);
        QVERIFY(listed(view));
        const auto& rows = view.model()->rows();
        QCOMPARE(rows.size(), wanted.size());
        for (std::size_t i = 1; i < rows.size(); ++i)
            QVERIFY(made.lab.table()->confidences[rows[i - 1]] >= made.lab.table()->confidences[rows[i]]);
        view.bar()->search()->setText("nowhere at all");
        QVERIFY(
            QTest::qWaitFor([&] { return view.model()->rowCount() == 0 && !view.query()->busy(); }, 10'000));
        view.bar()->search()->clear();
        QVERIFY(QTest::qWaitFor([&] { return view.model()->rowCount() == 3000; }, 10'000));
        // A letter that is typed in the table goes to the search.
        view.table()->setFocus();
        QTest::keyClicks(view.table(), "n");
        QCOMPARE(view.bar()->search()->text(), QStringLiteral("n"));
    }

    void rangesAreChipsThatCanBeTakenAway() {
        MadeLab made(2000);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        SampleFilter filter;
        filter.confidenceLow = 0.8F;
        filter.confidenceHigh = 0.9F;
        filter.uncertaintyLow = 0.25F;
        view.list(filter);
        QVERIFY(listed(view));
        const auto wanted = naive(made.lab, [&](std::uint32_t i) {
            const float c = made.lab.table()->confidences[i];
            return c >= 0.8F && c <= 0.9F && made.lab.snapshot()->traces()[i].uncertainty() >= 0.25F;
        });
        QVERIFY(!wanted.empty());
        QCOMPARE(view.model()->rows(), wanted);
        QToolButton* chip = nullptr;
        for (auto* button : view.bar()->findChildren<QToolButton*>())
            if (button->isVisible() && button->text().contains("0.80–0.90"))
                chip = button;
        QVERIFY(chip != nullptr);
        chip->click();
        QVERIFY(listed(view));
        QVERIFY(!chip->isVisible());
        QVERIFY(view.model()->rows().size() > wanted.size());
        QCOMPARE(view.bar()->filter().confidenceLow, 0.0F);
        QCOMPARE(view.bar()->filter().uncertaintyLow, 0.25F);
    }

    void textsAreShownAndNeverObeyed() {
        MadeLab made(50);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(listed(view));
        auto* model = view.model();
        const auto at = [&](int row, int column, int role = Qt::DisplayRole) {
            return model->index(row, column).data(role).toString();
        };
        QCOMPARE(at(0, SampleCells::Text), QStringLiteral("two lines and a tab"));
        QVERIFY(at(0, SampleCells::Text, Qt::ToolTipRole).contains("two<br>lines"));
        QCOMPARE(at(1, SampleCells::Text), QStringLiteral("<b>bold</b> & <img src='x'>"));
        QCOMPARE(at(1, SampleCells::Text, Qt::ToolTipRole),
                 QStringLiteral("<qt>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;img src='x'&gt;</qt>"));
        QCOMPARE(at(2, SampleCells::Text), QString::fromUtf8("שלום עולם a text from the right"));
        QCOMPARE(at(3, SampleCells::Text), QString::fromUtf8("emoji 🌊🔥 and more 👩‍🚒"));
        QCOMPARE(at(4, SampleCells::Text),
                 QStringLiteral("x") + QString(SampleCells::TextShown - 1, QChar(0xFC)));
        QCOMPARE(model->cells().text(4).size(), 4001);
        QCOMPARE(at(0, SampleCells::Id), QStringLiteral("1000"));
        QCOMPARE(at(0, SampleCells::Uncertainty), QString::fromUtf8("–"));
        QCOMPARE(at(0, SampleCells::VerdictNow), QString::fromUtf8("–"));
        QVERIFY(view.grab().width() > 0);
    }

    void rowsAreCopiedAsTheyStand() {
        MadeLab made(2000);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        QVERIFY(listed(view));
        view.table()->setFocus();
        view.table()->setCurrentIndex(view.model()->index(0, 0));
        QTest::keyClick(view.table(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(view.table(), Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QApplication::clipboard()->text().split(u'\n');
        QCOMPARE(lines.size(), 3); // two, and the end of the last
        QCOMPARE(lines[0].count(u'\t'), SampleCells::ColumnCount - 1);
        QVERIFY(lines[0].startsWith("1\t1000\ttwo lines and a tab\t"));
        QVERIFY(lines[1].startsWith("2\t1001\t<b>bold</b>"));
        // All of them: by a worker.
        QSignalSpy said(view.table(), &SamplesTable::said);
        QTest::keyClick(view.table(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(view.table(), Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(said.size(), 1, 10'000);
        QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 2000);
    }

    void theSelectedSampleStaysSelected() {
        MadeLab made(1000);
        QVERIFY(made.ready());
        SamplesView view(&made.lab);
        QVERIFY(show(view));
        QVERIFY(made.run(1));
        QVERIFY(listed(view));
        view.table()->setCurrentIndex(view.model()->index(700, 0));
        QCOMPARE(view.table()->current(), std::optional<std::uint32_t>(700));
        sortBy(view, SampleCells::Uncertainty);
        QVERIFY(listed(view));
        QCOMPARE(view.table()->current(), std::optional<std::uint32_t>(700));
    }
};

QTEST_MAIN(SamplesViewTest)
#include "samples_view_test.moc"
