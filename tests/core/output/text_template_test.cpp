// Templates: what is printed is escaped, what is not there is not printed, what is wrong is said.
#include "core/output/text_template.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;

namespace {

QString filled(const std::string& text, const TemplateData& data,
               std::map<std::string, std::string> parts = {}) {
    parts["page"] = text;
    const auto out = TemplateSet::of(std::move(parts)).fill("page", data);
    return QString::fromStdString(out ? *out : "error: " + out.error().message);
}

} // namespace

class TextTemplateTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void textsAreEscapedAndMarkupIsNot() {
        TemplateData data;
        data.text("text", "<script>alert(\"&'\")</script>");
        data.markup("markup", "<b>1</b>");
        QCOMPARE(filled("{{text}}|{{markup}}|{{{markup}}}", data),
                 QString("&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;|<b>1</b>|<b>1</b>"));
    }

    void noTextCanPassForMarkup() {
        TemplateData data;
        data.text("text", "\x02<b>");
        data.text("damaged", "a\x80\x01z");
        QCOMPARE(filled("{{text}} {{damaged}}", data), QString("\uFFFD&lt;b&gt; a\uFFFD\uFFFDz"));
    }

    void sectionsFollowWhatIsThere() {
        TemplateData data, one, two;
        one.text("name", "one");
        two.text("name", "two");
        data.list("items", {one, two});
        data.list("none", {});
        data.flag("yes", true);
        data.flag("no", false);
        data.part("part").text("inner", "deep");
        QCOMPARE(
            filled("{{#items}}[{{name}}]{{/items}}{{#none}}x{{/none}}{{^none}}empty{{/none}} "
                   "{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}not{{/no}}{{^gone}} gone{{/gone}} {{part.inner}} "
                   "{{#part}}{{inner}}{{/part}}",
                   data),
            QString("[one][two]empty ynot gone deep deep"));
    }

    void templatesAreInEachOther() {
        TemplateData data;
        data.text("what", "in");
        QCOMPARE(filled("a {{> rules/part}} b", data, {{"rules/part", "<{{what}}>"}}), QString("a <in> b"));
    }

    void whatIsWrongIsSaid() {
        QVERIFY(filled("{{#open}}never closed", {}).startsWith("error: page.html"));
        const auto missing = TemplateSet::of({}).fill("page", {});
        QVERIFY(!missing && QString::fromStdString(missing.error().message).contains("page.html"));
        QVERIFY(!TemplateSet::read("/no/such/folder"));
    }

    void aFolderIsRead() {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir("rules"));
        for (const auto& [name, text] : {std::pair("page.html", "x{{> rules/one}}"),
                                         std::pair("rules/one.html", "1"), std::pair("style.css", "p { }")}) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
        }
        const auto set = TemplateSet::read(folder.path().toStdString());
        QVERIFY(set);
        QCOMPARE(QString::fromStdString(*set->fill("page", {})), QString("x1"));
        QCOMPARE(QString::fromStdString(set->file("style.css")), QString("p { }"));
    }

    /// The report's own are found and read, and there is a formula for every rule.
    void theReportsOwn() {
        const auto folder = findReportTemplates();
        QVERIFY(folder);
        const auto set = TemplateSet::read(*folder);
        QVERIFY(set);
        for (const char* rule : {"all", "random", "teacher", "student", "fixmatch", "flexmatch", "freematch",
                                 "softmatch", "small_loss", "oracle", "llkd"})
            QVERIFY2(set->has(std::string("rules/") + rule), rule);
        QVERIFY(set->has("report"));
        QVERIFY(!set->file("style.css").empty());
    }
};

QTEST_GUILESS_MAIN(TextTemplateTest)
#include "text_template_test.moc"
