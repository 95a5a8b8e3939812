// The projector enlarges what there is and what is made later, and takes all of it back to the pixel.
#include "widgets/projector.h"

#include "widgets/experiment_document.h"
#include "widgets/number_table.h"
#include "widgets/setting_row.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTest>
#include <QVBoxLayout>
#include <memory>

using namespace stillroom;

class ProjectorTest : public QObject {
    Q_OBJECT
  private:
    struct Bench {
        QWidget window;
        QVBoxLayout* column = new QVBoxLayout(&window);
        QLabel* note = new QLabel("note");
        QLabel* plain = new QLabel("plain");
        QPushButton* button = new QPushButton("button");
        NumberTable* table = new NumberTable;
        Bench() {
            column->setContentsMargins(7, 8, 9, 11);
            column->setSpacing(5);
            note->setFont(textFont(TextSize::Note));
            button->setFixedHeight(33);
            button->setMinimumWidth(90);
            column->addWidget(note);
            column->addWidget(plain);
            column->addSpacing(13);
            column->addWidget(button);
            column->addWidget(table);
            window.show();
        }
        [[nodiscard]] QList<int> measures() const {
            const QMargins m = column->contentsMargins();
            return {m.left(),
                    m.top(),
                    m.right(),
                    m.bottom(),
                    column->spacing(),
                    button->minimumHeight(),
                    button->maximumHeight(),
                    button->minimumWidth(),
                    note->font().pixelSize(),
                    QFontInfo(plain->font()).pixelSize(),
                    column->itemAt(2)->sizeHint().height(),
                    table->verticalHeader()->defaultSectionSize(),
                    QFontInfo(table->font()).pixelSize()};
        }
    };

  private Q_SLOTS:
    void initTestCase() {
        QApplication::setStyle(QStringLiteral("Fusion"));
        applyTheme(ThemeMode::Light);
    }
    void cleanup() { setProjector(false); }

    void halfAsLargeAgainAndBack() {
        Bench bench;
        const auto desk = bench.measures();
        setProjector(true);
        QVERIFY(projector());
        QCOMPARE(lookScale(), ProjectorScale);
        const auto hall = bench.measures();
        for (qsizetype i = 0; i < desk.size(); ++i) {
            const double ratio = static_cast<double>(hall[i]) / desk[i];
            QVERIFY2(ratio >= 1.4 && ratio <= 1.6,
                     qPrintable(QStringLiteral("%1: %2 → %3").arg(i).arg(desk[i]).arg(hall[i])));
        }
        setProjector(true); // twice is once
        QCOMPARE(bench.measures(), hall);
        setProjector(false);
        QCOMPARE(bench.measures(), desk);
        setProjector(true);
        QCOMPARE(bench.measures(), hall);
    }

    void everyLengthComesBack() {
        for (int length = 1; length < 400; ++length) {
            const auto large = std::lround(length * ProjectorScale);
            QCOMPARE(std::lround(static_cast<double>(large) / ProjectorScale), long{length});
        }
    }

    void whatIsMadeLaterIsLargeToo() {
        Bench before;
        const auto desk = before.measures();
        setProjector(true);
        Bench later;
        // What is measured in text is what the larger font needs: a pixel more or less.
        const auto alike = [&](const QList<int>& a, const QList<int>& b) {
            for (qsizetype i = 0; i < a.size(); ++i)
                if (std::abs(a[i] - b[i]) > (i == 11 ? 2 : 0))
                    return false;
            return true;
        };
        QVERIFY(alike(later.measures(), before.measures()));
        setProjector(false);
        QVERIFY(alike(later.measures(), desk));
    }

    void polishingAgainLeavesTheFonts() {
        // A style sheet remembers the font that a widget had first.
        Bench bench;
        setProjector(true);
        const int large = bench.note->font().pixelSize();
        applyTheme(ThemeMode::Dark);
        QCOMPARE(bench.note->font().pixelSize(), large);
        bench.note->setProperty("tone", "warning");
        bench.note->style()->unpolish(bench.note);
        bench.note->style()->polish(bench.note);
        QCOMPARE(bench.note->font().pixelSize(), large);
        setProjector(false);
        const int small = bench.note->font().pixelSize();
        QVERIFY(small < large);
        applyTheme(ThemeMode::Light);
        QCOMPARE(bench.note->font().pixelSize(), small);
    }

    void theFiveSizesGrowTogether() {
        QList<int> desk, hall;
        for (const auto size :
             {TextSize::Note, TextSize::Body, TextSize::Title, TextSize::Heading, TextSize::Figure})
            desk << textFont(size).pixelSize();
        setProjector(true);
        for (const auto size :
             {TextSize::Note, TextSize::Body, TextSize::Title, TextSize::Heading, TextSize::Figure})
            hall << textFont(size).pixelSize();
        for (qsizetype i = 0; i < desk.size(); ++i)
            QCOMPARE(hall[i], static_cast<int>(desk[i] * ProjectorScale)); // down, so that nothing is clipped
        {
            const DeskScale paper;
            QCOMPARE(textFont(TextSize::Note).pixelSize(), desk[0]);
            QCOMPARE(lookScale(), 1.0);
        }
        QCOMPARE(textFont(TextSize::Note).pixelSize(), hall[0]);
    }

    void aSettingsRowGrows() {
        ExperimentDocument document;
        SettingRow row("selection.student_scale", &document);
        row.show();
        const QSize desk = row.sizeHint();
        setProjector(true);
        QVERIFY(row.sizeHint().height() > desk.height() * 1.3);
        setProjector(false);
        QCOMPARE(row.sizeHint(), desk);
    }
};

QTEST_MAIN(ProjectorTest)
#include "projector_test.moc"
