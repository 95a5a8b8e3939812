#include "core/data/html_entities.h"

#include "core/data/html_entity_table.h"
#include "core/data/utf8.h"

#include <QtTest>
#include <algorithm>
#include <iterator>

using namespace stillroom;

namespace {

std::string unescaped(std::string_view text) {
    std::string out;
    appendUnescapedHtml(out, text);
    return out;
}

} // namespace

class HtmlEntitiesTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void named();
    void numbered();
    void windows1252();
    void whatIsNoEntityStays();
    void onePassOnly();
    void countsAndAppends();
    void theTableIsSortedAndEveryNameIsFound();
    void staysUtf8AndNeverGrows();
};

void HtmlEntitiesTest::named() {
    QCOMPARE(unescaped("Q&amp;A &lt;b&gt; &quot;x&quot; it&apos;s"), std::string("Q&A <b> \"x\" it's"));
    QCOMPARE(unescaped("caf&eacute;&nbsp;&euro;5&hellip;"), std::string("café\xC2\xA0€5…"));
    QCOMPARE(unescaped("&Eacute;&AMP;"), std::string("É&AMP;")); // names have a case
}

void HtmlEntitiesTest::numbered() {
    QCOMPARE(unescaped("&#65;&#x42;&#X43;&#8217;&#x1F600;&#0065;"), std::string("ABC’😀A"));
}

void HtmlEntitiesTest::windows1252() {
    QCOMPARE(unescaped("it&#146;s &#x80;5 &#150;"), std::string("it’s €5 –"));
    QCOMPARE(unescaped("&#129;"), std::string("&#129;")); // has no character there
}

void HtmlEntitiesTest::whatIsNoEntityStays() {
    for (const std::string text :
         {"", "&", "&&", "&;", "&#;", "&#x;", "&#xZZ;", "&unknown;", "AT&T", "a & b; c", "&amp", "&#0;",
          "&#xD800;", "&#x110000;", "&#99999999999;", "&#-5;", "&#+5;", "&verylongentityname;", "&#x 41;"})
        QCOMPARE(unescaped(text), text);
}

void HtmlEntitiesTest::onePassOnly() {
    QCOMPARE(unescaped("&amp;lt; &amp;amp;"), std::string("&lt; &amp;"));
    QCOMPARE(unescaped("&&amp;&lt"), std::string("&&&lt"));
}

void HtmlEntitiesTest::countsAndAppends() {
    std::string out = "x";
    QCOMPARE(appendUnescapedHtml(out, "&lt;&no;&gt;"), std::int64_t{2});
    QCOMPARE(out, std::string("x<&no;>"));
}

void HtmlEntitiesTest::theTableIsSortedAndEveryNameIsFound() {
    QCOMPARE(std::size(HtmlEntities), std::size_t{253}); // HTML 4 has 252; apos is XML's
    QVERIFY(std::is_sorted(std::begin(HtmlEntities), std::end(HtmlEntities),
                           [](const auto& a, const auto& b) { return a.name < b.name; }));
    for (const auto& entity : HtmlEntities) {
        std::string expected;
        appendUtf8(expected, entity.codePoint);
        QCOMPARE(unescaped("&" + std::string(entity.name) + ";"), expected);
    }
}

void HtmlEntitiesTest::staysUtf8AndNeverGrows() {
    for (unsigned code = 0; code < 0x120000; code += code < 0x3000 ? 1 : 251) {
        const std::string text = "&#" + std::to_string(code) + ";";
        const std::string out = unescaped(text);
        QVERIFY(isUtf8(out));
        QVERIFY(out.size() <= text.size());
    }
}

QTEST_GUILESS_MAIN(HtmlEntitiesTest)
#include "html_entities_test.moc"
