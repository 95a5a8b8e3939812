#include "core/text/added_token_finder.h"

#include <QStringList>
#include <QTest>

using namespace stillroom;

namespace {

AddedToken token(const char* content, std::int32_t id) {
    AddedToken made;
    made.content = content;
    made.id = id;
    return made;
}

/// "text", "<7:token>", and so on.
QStringList cut(const AddedTokenFinder& finder, std::string_view text) {
    QStringList pieces;
    finder.forEachPiece(text, [&](std::string_view piece, std::int32_t id) {
        const QString shown = QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size()));
        pieces.append(id == TokenTable::None ? shown : QStringLiteral("<%1:%2>").arg(id).arg(shown));
        return true;
    });
    return pieces;
}

} // namespace

class AddedTokenFinderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void leftmostLongest();
    void wholeWords();
    void takesSpaces();
    void stopsWhenTold();
};

void AddedTokenFinderTest::leftmostLongest() {
    AddedTokenFinder finder;
    QVERIFY(finder.empty());
    finder.add("<x>", token("<x>", 1));
    QVERIFY(!finder.empty());
    QCOMPARE(cut(finder, ""), QStringList());
    QCOMPARE(cut(finder, "a < x"), QStringList{"a < x"});
    QCOMPARE(cut(finder, "<x><x"), (QStringList{"<1:<x>>", "<x"}));
    finder.add("<x>y", token("<x>y", 2));
    finder.add("ab", token("ab", 3));
    finder.add("abcd", token("abcd", 4));
    finder.add("bcde", token("bcde", 5));
    finder.add("<x>", token("<x>", 9)); // the first counts
    QCOMPARE(cut(finder, "<x>y<x>z"), (QStringList{"<2:<x>y>", "<1:<x>>", "z"}));
    QCOMPARE(cut(finder, "abcde bcde abc"), (QStringList{"<4:abcd>", "e ", "<5:bcde>", " ", "<3:ab>", "c"}));
}

void AddedTokenFinderTest::wholeWords() {
    AddedTokenFinder finder;
    auto word = token("fire", 1);
    word.singleWord = true;
    finder.add("fire", word);
    QCOMPARE(cut(finder, "fire, fires 2fire éfire fire_ -fire"),
             (QStringList{"<1:fire>", ", fires 2fire éfire fire_ -", "<1:fire>"}));
}

void AddedTokenFinderTest::takesSpaces() {
    AddedTokenFinder finder;
    auto left = token("<l>", 1);
    left.leftStrip = true;
    auto right = token("<r>", 2);
    right.rightStrip = true;
    finder.add("<l>", left);
    finder.add("<r>", right);
    QCOMPARE(cut(finder, "a \u2003<l> b"), (QStringList{"a", "<1: \u2003<l>>", " b"}));
    QCOMPARE(cut(finder, "a <r>\t\u00a0b"), (QStringList{"a ", "<2:<r>\t\u00a0>", "b"}));
    QCOMPARE(cut(finder, "<r>  <l>"), (QStringList{"<2:<r>  >", "<1:<l>>"})); // each space is taken once
    QCOMPARE(cut(finder, " <l>"), QStringList{"<1: <l>>"});
}

void AddedTokenFinderTest::stopsWhenTold() {
    AddedTokenFinder finder;
    finder.add("x", token("x", 1));
    int pieces = 0;
    QVERIFY(!finder.forEachPiece("axbxc", [&](std::string_view, std::int32_t) { return ++pieces < 3; }));
    QCOMPARE(pieces, 3);
    QVERIFY(finder.forEachPiece("axbxc", [](std::string_view, std::int32_t) { return true; }));
}

QTEST_GUILESS_MAIN(AddedTokenFinderTest)
#include "added_token_finder_test.moc"
