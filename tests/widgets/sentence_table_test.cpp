// Sentences of classes as they are typed: whose they are, and what becomes of teacher.sentences.
#include "widgets/sentence_table.h"

#include "widgets/theme.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace stillroom;

class SentenceTableTest : public QObject {
    Q_OBJECT
    const std::vector<std::string> classes_ = {"fire", "flood_water", "not about it"};

    static QString sentence(const SentenceTable& table, int row) { return table.item(row, 1)->text(); }
    static bool isOwn(const SentenceTable& table, int row) {
        return table.item(row, 1)->foreground().color() == theme().text;
    }
    /// Types over the sentence of a row as a hand does.
    static void type(SentenceTable& table, int row, const QString& text) {
        table.setCurrentCell(row, 1);
        QTest::keyClick(&table, Qt::Key_Return);
        auto* editor = table.findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        editor->selectAll();
        if (text.isEmpty())
            QTest::keyClick(editor, Qt::Key_Delete);
        else
            QTest::keyClicks(editor, text);
        QTest::keyClick(editor, Qt::Key_Return);
        QCoreApplication::processEvents();                                   // the delegate hands over later
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the editor goes
    }

  private Q_SLOTS:
    void initTestCase() { applyTheme(ThemeMode::Light); }

    void thePatternIsShownForClassesWithoutTheirOwn() {
        SentenceTable table;
        table.say(classes_, "It is about {}.", {{"fire", "Something burns."}});
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(sentence(table, 0), QStringLiteral("Something burns."));
        QVERIFY(isOwn(table, 0));
        QCOMPARE(sentence(table, 1), QStringLiteral("It is about flood water."));
        QVERIFY(!isOwn(table, 1));
        QCOMPARE(table.item(1, 0)->text(), QStringLiteral("flood_water"));
        QVERIFY(!(table.item(1, 0)->flags() & Qt::ItemIsEditable)); // the class's name is the data's
        table.say(classes_, "About {}!", {});
        QCOMPARE(sentence(table, 1), QStringLiteral("About flood water!"));
        QVERIFY(!isOwn(table, 0));
    }

    void typingGivesAClassItsOwn() {
        SentenceTable table;
        QSignalSpy edited(&table, &SentenceTable::edited);
        table.say(classes_, "It is about {}.", {});
        table.show();
        type(table, 2, "Nothing, of: note");
        QCOMPARE(edited.count(), 1);
        QCOMPARE(edited.last().at(0).toString(), QStringLiteral("{not about it: \"Nothing, of: note\"}"));
        QVERIFY(isOwn(table, 2));
        // In the order of the classes, not of the typing.
        type(table, 0, "It burns.");
        QCOMPARE(edited.last().at(0).toString(),
                 QStringLiteral("{fire: It burns., not about it: \"Nothing, of: note\"}"));
        QCOMPARE(table.currentRow(), 0); // the hand stays where it is
    }

    void emptyingAndDeleteGoBackToThePattern() {
        SentenceTable table;
        QSignalSpy edited(&table, &SentenceTable::edited);
        table.say(classes_, "About {}.", {{"fire", "It burns."}, {"flood_water", "Water everywhere."}});
        table.show();
        type(table, 0, "");
        QCOMPARE(edited.last().at(0).toString(), QStringLiteral("{flood_water: Water everywhere.}"));
        QCOMPARE(sentence(table, 0), QStringLiteral("About fire."));
        table.setCurrentCell(1, 1);
        QTest::keyClick(&table, Qt::Key_Delete);
        QCOMPARE(edited.last().at(0).toString(), QString());
        QVERIFY(!isOwn(table, 1));
    }

    void whatThePatternSaysIsNoOwnSentence() {
        SentenceTable table;
        QSignalSpy edited(&table, &SentenceTable::edited);
        table.say(classes_, "About {}.", {});
        table.show();
        type(table, 1, "About flood water.");
        for (const auto& said : edited)
            QCOMPARE(said.at(0).toString(), QString());
        QVERIFY(!isOwn(table, 1));
    }

    void aSentenceForNoClassIsAWarningThatCanBeRemoved() {
        SentenceTable table;
        QSignalSpy edited(&table, &SentenceTable::edited);
        table.say(classes_, "About {}.", {{"fires", "It burns."}});
        QCOMPARE(table.rowCount(), 4);
        QCOMPARE(table.item(3, 0)->text(), QStringLiteral("fires"));
        QCOMPARE(table.item(3, 0)->foreground().color(), theme().warning);
        table.setCurrentCell(3, 1);
        QTest::keyClick(&table, Qt::Key_Delete);
        QCOMPARE(edited.last().at(0).toString(), QString());
    }

    void coloursFollowTheTheme() {
        SentenceTable table;
        table.say(classes_, "About {}.", {{"fire", "It burns."}});
        table.show();
        const QColor light = table.item(1, 1)->foreground().color();
        applyTheme(ThemeMode::Dark);
        QCoreApplication::processEvents();
        QVERIFY(table.item(1, 1)->foreground().color() != light);
        QCOMPARE(table.item(1, 1)->foreground().color(), theme().muted);
        applyTheme(ThemeMode::Light);
    }
};

QTEST_MAIN(SentenceTableTest)
#include "sentence_table_test.moc"
