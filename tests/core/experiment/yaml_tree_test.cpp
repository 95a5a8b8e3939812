#include "core/experiment/yaml_tree.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace stillroom;

class YamlTreeTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void knowsWhereEverythingStands();
    void keepsTextsAsTheyAre();
    void quotedOrNot();
    void nothingIsNull();
    void refuses_data();
    void refuses();
};

void YamlTreeTest::knowsWhereEverythingStands() {
    const auto tree = parseYaml("# head\n\xC3\xA4: 1\nlist:\n  - x\n  - {\xC3\xB6\xC3\xBC: y}\nempty:\n");
    QVERIFY2(tree, tree ? "" : tree.error().message.c_str());
    QCOMPARE(tree->kind, YamlNode::Kind::Map);
    QCOMPARE(tree->entries.size(), std::size_t{3});
    const auto at = [](YamlPlace place) { return std::pair(place.line, place.column); };
    QCOMPARE(at(tree->entries[0].place), std::pair(2, 1));
    QCOMPARE(at(tree->entries[0].value.place), std::pair(2, 4)); // in characters, not bytes
    const YamlNode& list = tree->entries[1].value;
    QCOMPARE(at(list.items[0].place), std::pair(4, 5));
    QCOMPARE(at(list.items[1].entries[0].place), std::pair(5, 6));
    QCOMPARE(at(list.items[1].entries[0].value.place), std::pair(5, 10));
    QCOMPARE(at(tree->entries[2].value.place), std::pair(6, 1)); // nothing stands where its key does
}

void YamlTreeTest::keepsTextsAsTheyAre() {
    const auto tree =
        parseYaml("a: 0x10\nb: \" x\\ty \"\nc: 'it''s'\nd: one two\ne: |\n  block\n  two\nf: true\n");
    QVERIFY2(tree, tree ? "" : tree.error().message.c_str());
    std::vector<std::string> texts;
    for (const auto& entry : tree->entries)
        texts.push_back(entry.value.text);
    QCOMPARE(texts, (std::vector<std::string>{"0x10", " x\ty ", "it's", "one two", "block\ntwo\n", "true"}));
}

void YamlTreeTest::quotedOrNot() {
    const auto tree = parseYaml("[1, '1', \"1\", [], '']");
    QVERIFY(tree);
    std::vector<bool> quoted;
    for (const auto& item : tree->items)
        quoted.push_back(item.quoted);
    QCOMPARE(quoted, (std::vector<bool>{false, true, true, false, true}));
}

void YamlTreeTest::nothingIsNull() {
    for (const char* text : {"", "\n", "# only a comment\n", "~", "null", "---\n", "\xEF\xBB\xBF"}) {
        const auto tree = parseYaml(text);
        QVERIFY2(tree, text);
        QVERIFY2(tree->kind == YamlNode::Kind::Null, text);
    }
}

void YamlTreeTest::refuses_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("sentence"); // its beginning
    const auto row = [](const char* name, const char* yaml, const char* sentence) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(sentence);
    };
    row("alias", "name: &n a\ndata: *n\n", "e.yaml, line 1, column 7: aliases and anchors");
    row("lone alias", "data: {train: {files: *.csv}}", "e.yaml, line 1, column 23: aliases and anchors");
    row("billion laughs", "a: &a [x, x]\nb: &b [*a, *a]\n", "e.yaml, line 1, column 4: aliases and anchors");
    row("tag", "name: !!python/object:os.system a\n", "e.yaml, line 1, column 7: tags");
    row("tagged map", "name: a\nselection: !foo {rule: llkd}\n", "e.yaml, line 2, column 12: tags");
    row("second document", "name: a\n---\nname: b\n",
        "e.yaml, line 2, column 1: a second document begins here");
    row("tab indentation", "data:\n\ttrain: {files: a.csv}\n",
        "e.yaml, line 2, column 1: a tab indents this line; YAML is indented with spaces");
    row("tab after spaces", "data:\n  train:\n  \tfiles: a.csv\n",
        "e.yaml, line 3, column 3: a tab indents this line");
    row("duplicate key", "name: a\ntraining: {epochs: 1}\nname: b\n",
        "e.yaml, line 3, column 1: 'name' is already in line 1; keep one of the two");
    row("duplicate key in braces", "training: {epochs: 1, epochs: 2}",
        "e.yaml, line 1, column 23: 'epochs' is alr");
    row("open bracket", "data: {train: {files: [a, b}}\n", "e.yaml, line 1, column ");
    row("open brace", "name: a\ntraining: {epochs: 3\n", "e.yaml, line 3, column 1: a '{' is never closed");
    row("open quote", "name: a\nloss:\n  target: \"hard\n",
        "e.yaml, line 3, column 11: a quote is never closed");
    row("open quote without a line end", "name: \"abc", "e.yaml, line 1, column 11: a quote is never closed");
    row("open single quote", "name: 'it''s\n", "e.yaml, line 1, column 7: a quote is never closed");
    row("colon in a text", "name: a: b\n", "e.yaml, line 1, column 8: a ':' where none can be");
    row("bad indentation", "data:\n  train:\n    files: a\n   text: b\n", "e.yaml, line 4, column 4: ");
    row("key without colon", "training:\n  epochs 3\n  batch: 2\n", "e.yaml, line ");
    row("deep", "[[[[[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]]]]]",
        "e.yaml, line 1, column 17: more than 16 levels");
    row("list as a key", "? [a, b]\n: c\n", "e.yaml, line 1, column 3: a key must be a word");
    row("no key", ": c\n", "e.yaml, line 1, column 1: a key is missing");
    row("binary",
        "\x7F"
        "ELF\x02\x01",
        "e.yaml, line 1, column 5: this is not a text file");
    row("latin 1", "name: a\ndata: {train: {files: caf\xE9.csv}}",
        "e.yaml, line 2, column 26: the text is not UTF-8");
    QTest::newRow("zero byte") << QByteArray("name: a\0b", 9)
                               << QByteArray("e.yaml, line 1, column 8: this is not a text file");
    QTest::newRow("utf-16") << QByteArray("\xFF\xFEn\0a\0", 6)
                            << QByteArray("e.yaml, line 1, column 1: the text is");
    QTest::newRow("over 1 MiB") << QByteArray(2 << 20, '#') << QByteArray("e.yaml: more than 1 MiB");
    // What could make a parser slow or overflow its stack; the size limit bounds it.
    QTest::newRow("brackets") << QByteArray(1 << 20, '[') << QByteArray("e.yaml, line 1, column 1: ");
    QTest::newRow("braces") << QByteArray(1 << 20, '{') << QByteArray("e.yaml, line 1, column ");
    QTest::newRow("dashes") << QByteArray("- ").repeated(1 << 19)
                            << QByteArray("e.yaml, line 1, column 33: more tha");
    QTest::newRow("questions") << QByteArray("? ").repeated(1 << 19) << QByteArray("e.yaml, line 1, column ");
    QTest::newRow("long key") << QByteArray(500, 'k') + ": 1"
                              << QByteArray("e.yaml, line 1, column 1: a key of more than 200 bytes");
    QByteArray keys;
    for (int i = 0; i < 100000; ++i)
        keys += QByteArray::number(i) + ":\n";
    QTest::newRow("many keys") << keys << QByteArray("e.yaml, line 1001, column 1: more than 1000 keys");
}

void YamlTreeTest::refuses() {
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, sentence);
    QElapsedTimer timer;
    timer.start();
    const auto tree = parseYaml(std::string_view(yaml.constData(), static_cast<std::size_t>(yaml.size())));
    QVERIFY(!tree);
    const auto found = QByteArray::fromStdString(yamlSentence("e.yaml", tree.error()));
    QVERIFY2(found.startsWith(sentence), found.constData());
    QVERIFY2(!found.contains('\n'), found.constData());
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(YamlTreeTest)
#include "yaml_tree_test.moc"
