// Small tokenizers written by hand. Every expected id was worked out on paper and is what `tokenizers` 0.23.3
// gives.
#include "tokenizer_folder.h"

#include <QTest>

using namespace stillroom;
using namespace stillroom::test;

namespace {

std::string vocabularyText() {
    return "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfire\n##s\nCafé\n\ncafe\r\n";
}

std::string list(const Ids& ids) {
    std::string text;
    for (const auto id : ids)
        text += std::to_string(id) + ' ';
    return text;
}

} // namespace

class TokenizerTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void wordPiece_data();
    void wordPiece();
    void byteBpe_data();
    void byteBpe();
    void switches();
    void byteSwitches();
    void invalidBytes();
    void cutsAtTheEnd();
    void manyTextsAsOneByOne();
    void cancelled();
    void refusesALengthWithoutRoom();
    void whatItSaysOfItself();
    void vocabularyLines();
    void vocabularyAndMerges();
    void olderFilesMaySayOtherwise();
    void postProcessors();
};

void TokenizerTest::wordPiece_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<Ids>("ids");
    QTest::newRow("words") << "the fire" << Ids{2, 5, 6, 3};
    QTest::newRow("lower case, ##s, a mark") << "The FIRES!" << Ids{2, 5, 6, 7, 12, 3};
    QTest::newRow("pieces") << "unaffables" << Ids{2, 8, 9, 10, 7, 3};
    QTest::newRow("longest first") << "firefighter" << Ids{2, 6, 19, 3};
    QTest::newRow("an end that is no piece") << "unaffablex" << Ids{2, 1, 3};
    QTest::newRow("accents") << QStringLiteral("Café, cafe\u0301") << Ids{2, 11, 13, 11, 3};
    QTest::newRow("ideographs") << QStringLiteral("火火a火") << Ids{2, 14, 14, 15, 14, 3};
    QTest::newRow("zero width") << QStringLiteral("a\u200bfire") << Ids{2, 1, 3};
    QTest::newRow("white space") << QStringLiteral("the\tfire\nthe\u00a0\u2003 fire")
                                 << Ids{2, 5, 6, 5, 6, 3};
    QTest::newRow("special tokens in the text") << "[SEP] the [MASK]" << Ids{2, 3, 5, 4, 3};
    QTest::newRow("only as they are written") << "[sep]" << Ids{2, 23, 1, 24, 3};
    QTest::newRow("only whole") << "mask [MASK" << Ids{2, 25, 23, 25, 3};
    QTest::newRow("nothing between") << "[CLS][CLS]" << Ids{2, 2, 2, 3};
    QTest::newRow("empty") << "" << Ids{2, 3};
    QTest::newRow("nothing is left") << QStringLiteral("\u200b\u0301") << Ids{2, 3};
    Ids longest(102, 16);
    longest.front() = 2;
    longest[1] = 15;
    longest.back() = 3;
    QTest::newRow("a word of 100") << QString(100, 'a') << longest;
    QTest::newRow("a word of 101") << QString(101, 'a') << Ids{2, 1, 3};
    QTest::newRow("100 characters of two bytes") << QString(100, QChar(0xE9)).prepend(' ') << Ids{2, 1, 3};
}

void TokenizerTest::wordPiece() {
    QFETCH(QString, text);
    QFETCH(Ids, ids);
    Folder folder;
    const auto tokenizer = folder.write("tokenizer.json", smallWordPiece()).open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(list(tokenizer->encode(text.toStdString())), list(ids));
}

void TokenizerTest::byteBpe_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<Ids>("ids");
    QTest::newRow("merged") << "fire" << Ids{0, 14, 2};
    QTest::newRow("the space belongs to the word") << "a fire fire" << Ids{0, 3, 15, 15, 2};
    QTest::newRow("two spaces") << "a  fire" << Ids{0, 3, 6, 15, 2};
    QTest::newRow("rank before place") << "abcbc" << Ids{0, 19, 18, 2};
    QTest::newRow("no merge over the others") << "cab aabc" << Ids{0, 5, 17, 16, 19, 2};
    QTest::newRow("two bytes") << QStringLiteral("é") << Ids{0, 22, 2};
    QTest::newRow("a byte that is no token is nothing") << QStringLiteral("Éz") << Ids{0, 20, 2};
    QTest::newRow("contraction") << "fire's fire" << Ids{0, 14, 25, 15, 2};
    QTest::newRow("line ends") << "a\n\nfire\n fire" << Ids{0, 3, 11, 11, 14, 11, 15, 2};
    QTest::newRow("special tokens in the text") << "<s>a</s>" << Ids{0, 0, 3, 2, 2};
    QTest::newRow("the mask takes the spaces before it") << "a  <mask> fire" << Ids{0, 3, 26, 15, 2};
    QTest::newRow("empty") << "" << Ids{0, 2};
    QTest::newRow("spaces") << "  " << Ids{0, 6, 6, 2};
}

void TokenizerTest::byteBpe() {
    QFETCH(QString, text);
    QFETCH(Ids, ids);
    Folder folder;
    const auto tokenizer = folder.write("tokenizer.json", smallBpe()).open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(list(tokenizer->encode(text.toStdString())), list(ids));
}

void TokenizerTest::switches() {
    Folder folder;
    const auto ids = [&](std::string_view from, std::string_view to, const char* text) {
        const auto tokenizer = folder.write("tokenizer.json", with(smallWordPiece(), from, to)).open();
        return tokenizer ? list(tokenizer->encode(text)) : tokenizer.error().message;
    };
    QCOMPARE(ids("\"lowercase\": true", "\"lowercase\": false", "fire FIRE é"), list({2, 6, 1, 22, 3}));
    QCOMPARE(ids("\"strip_accents\": null", "\"strip_accents\": false", "Fire É"), list({2, 6, 22, 3}));
    QCOMPARE(ids("\"handle_chinese_chars\": true", "\"handle_chinese_chars\": false", "火 火火"),
             list({2, 14, 1, 3}));
    QCOMPARE(ids("\"clean_text\": true", "\"clean_text\": false", "the\x01 the\vfire"),
             list({2, 1, 5, 6, 3}));
    QCOMPARE(ids("\"max_input_chars_per_word\": 100", "\"max_input_chars_per_word\": 4", "fire fires"),
             list({2, 6, 1, 3}));
    QCOMPARE(ids("\"continuing_subword_prefix\": \"##\"", "\"continuing_subword_prefix\": \"\"", "firea the"),
             list({2, 6, 15, 5, 3}));
    // Without a normalizer nothing is lower-cased; without special tokens around it a text has its own only.
    QCOMPARE(ids("{\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true, "
                 "\"strip_accents\": null, \"lowercase\": true}",
                 "null", "The fire"),
             list({2, 1, 6, 3}));
    QCOMPARE(
        ids("\"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}],",
            "\"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}, {\"id\": 40, "
            "\"content\": \"Fire Truck\", \"single_word\": true, \"lstrip\": false, \"rstrip\": true, "
            "\"normalized\": true, \"special\": false}],",
            "a FIRE truck  the, fire trucks"),
        list({2, 15, 40, 5, 13, 6, 1, 3}));
}

void TokenizerTest::byteSwitches() {
    Folder folder;
    const auto ids = [&](std::string_view from, std::string_view to, const char* text) {
        const auto tokenizer = folder.write("tokenizer.json", with(smallBpe(), from, to)).open();
        return tokenizer ? list(tokenizer->encode(text)) : tokenizer.error().message;
    };
    QCOMPARE(ids("\"add_prefix_space\": false, \"trim_offsets\": true}", "\"add_prefix_space\": true}",
                 "fire<s>fire"),
             list({0, 15, 0, 15, 2}));
    QCOMPARE(ids("\"add_prefix_space\": false, \"trim_offsets\": true}",
                 "\"add_prefix_space\": false, \"use_regex\": false}", "a  fire's"),
             list({0, 3, 6, 15, 25, 2}));
    QCOMPARE(ids("\"unk_token\": null", "\"unk_token\": \"<pad>\"", "azzb"), list({0, 3, 1, 1, 4, 2}));
    QCOMPARE(ids("\"unk_token\": null, \"continuing_subword_prefix\": \"\", \"end_of_word_suffix\": \"\", "
                 "\"fuse_unk\": false",
                 "\"unk_token\": \"<pad>\", \"fuse_unk\": true", "azzb"),
             list({0, 3, 1, 4, 2}));
    QCOMPARE(ids("\"f ir\", \"fir e\", \"Ġ fire\", ", "", "fire"), list({0, 7, 12, 10, 2}));
    // A word that is a token is that token, though no merges lead to it.
    const std::string cut = with(smallBpe(), "\"fir e\", \"Ġ fire\", ", "");
    for (const bool ignore : {false, true}) {
        const auto json =
            with(cut, "\"fuse_unk\": false", ignore ? "\"ignore_merges\": true" : "\"fuse_unk\": null");
        const auto tokenizer = folder.write("tokenizer.json", json).open();
        QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
        QCOMPARE(list(tokenizer->encode("fire fired")),
                 list(ignore ? Ids{0, 14, 6, 13, 10, 2} : Ids{0, 13, 10, 6, 13, 10, 2}));
    }
    // Pairs as lists, as newer files have them.
    QCOMPARE(ids("\"i r\", \"f ir\"", "[\"i\", \"r\"], [\"f\", \"ir\"]", "fire"), list({0, 14, 2}));
}

void TokenizerTest::invalidBytes() {
    Folder folder;
    const auto pieces = folder.write("tokenizer.json", smallWordPiece()).open();
    // U+FFFD is cleaned away.
    QCOMPARE(list(pieces->encode("fi\xFFre \xE2\x82 the")), list({2, 6, 5, 3}));
    const auto bytes = folder.write("tokenizer.json", with(smallBpe(), "\"Ã\": 20", "\"ï\": 20")).open();
    QVERIFY(!bytes); // its merge names Ã
    Folder other;
    const auto whole =
        other.write("tokenizer.json", with(with(smallBpe(), ", \"Ã ©\"", ""), "\"Ã©\": 22", "\"ï\": 22"))
            .open();
    QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
    QCOMPARE(list(whole->encode("a\xFF")), list({0, 3, 22, 2})); // EF BF BD, of which EF is a token
}

void TokenizerTest::cutsAtTheEnd() {
    Folder folder;
    const auto tokenizer = folder.write("tokenizer.json", smallWordPiece()).open();
    QCOMPARE(list(tokenizer->encode("the fires the", 5)), list({2, 5, 6, 7, 3}));
    QCOMPARE(list(tokenizer->encode("the fires the", 4)), list({2, 5, 6, 3}));
    QCOMPARE(list(tokenizer->encode("[MASK] the", 3)), list({2, 4, 3}));
    QCOMPARE(list(tokenizer->encode("the", 3)), list({2, 5, 3}));
    const std::vector<std::string_view> texts{"the fires", "the fires the", "", "the"};
    const auto all = tokenizer->encodeAll(texts, {5, 1});
    QVERIFY(all);
    QCOMPARE(all->shortened, std::uint64_t{1}); // exactly as long as allowed is not shortened
    QCOMPARE(all->longest(), std::size_t{5});
}

void TokenizerTest::manyTextsAsOneByOne() {
    std::vector<std::string> made;
    for (int i = 0; i < 20000; ++i) { // more words than are remembered, and blocks for every thread
        std::string text = i % 7 == 0 ? "The fire, unaffable" : "café " + std::to_string(i) + " fires";
        if (i % 11 == 0)
            text += std::string(static_cast<std::size_t>(i % 300), 'a');
        made.push_back(std::move(text));
    }
    made.emplace_back(300000, 'a');
    const std::vector<std::string_view> texts(made.begin(), made.end());
    Folder folder;
    for (const auto& json : {smallWordPiece(), smallBpe()}) {
        const auto tokenizer = folder.write("tokenizer.json", json).open();
        Progress progress;
        const auto one = tokenizer->encodeAll(texts, {64, 1}, &progress);
        QVERIFY(one);
        QCOMPARE(one->size(), texts.size());
        QCOMPARE(progress.done(), progress.total());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto ids = (*one)[i];
            QCOMPARE(list(Ids(ids.begin(), ids.end())), list(tokenizer->encode(texts[i], 64)));
        }
        for (const int threads : {0, 2, 5, 64})
            QVERIFY(*tokenizer->encodeAll(texts, {64, threads}) == *one);
        QCOMPARE(tokenizer->encodeAll({}, {64, 3})->size(), std::size_t{0});
    }
}

void TokenizerTest::cancelled() {
    Folder folder;
    const auto tokenizer = folder.write("tokenizer.json", smallBpe()).open();
    const std::vector<std::string_view> texts(1000, "fire");
    Progress progress;
    progress.cancel();
    const auto all = tokenizer->encodeAll(texts, {}, &progress);
    QVERIFY(!all);
    QCOMPARE(all.error().kind, ErrorKind::Cancelled);
}

void TokenizerTest::refusesALengthWithoutRoom() {
    Folder folder;
    const auto tokenizer = folder.write("tokenizer.json", smallBpe()).open();
    const std::vector<std::string_view> texts{"fire"};
    for (const int length : {-1, 1, 2}) {
        const auto all = tokenizer->encodeAll(texts, {length, 1});
        QVERIFY(!all);
        VERIFY_SAYS(all.error().message, std::to_string(length), "special");
    }
    QVERIFY(tokenizer->encodeAll(texts, {3, 1}));
    QCOMPARE(tokenizer->encode("fire", 1).size(), std::size_t{2}); // no crash, the special ones alone
}

void TokenizerTest::whatItSaysOfItself() {
    Folder folder;
    const auto pieces = folder.write("tokenizer.json", smallWordPiece()).open();
    QCOMPARE(pieces->vocabularySize(), 26);
    QCOMPARE(pieces->specialTokens(), 2);
    QCOMPARE(pieces->padId().value_or(-1), 0);
    QCOMPARE(pieces->clsId().value_or(-1), 2);
    QCOMPARE(pieces->sepId().value_or(-1), 3);
    QCOMPARE(pieces->maskId().value_or(-1), 4);
    QCOMPARE(pieces->idOf("##s").value_or(-1), 7);
    QVERIFY(!pieces->idOf("nobody"));
    QCOMPARE(QString::fromStdString(pieces->description()),
             QStringLiteral("WordPiece, 26 tokens, lower case, accents stripped"));
    QCOMPARE(pieces->contentHash().size(), std::size_t{64});
    const std::string before = pieces->contentHash();
    QCOMPARE(folder.open()->contentHash(), before);
    QVERIFY(folder.write("tokenizer.json", smallWordPiece() + "\n").open()->contentHash() != before);

    const auto bytes = folder.write("tokenizer.json", smallBpe()).open();
    QCOMPARE(bytes->vocabularySize(), 27); // the mask is an added one
    QCOMPARE(bytes->padId().value_or(-1), 1);
    QCOMPARE(bytes->clsId().value_or(-1), 0);
    QCOMPARE(QString::fromStdString(bytes->description()), QStringLiteral("byte-level BPE, 27 tokens"));
}

void TokenizerTest::vocabularyLines() {
    Folder folder;
    auto tokenizer = folder.write("vocab.txt", vocabularyText()).open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(tokenizer->vocabularySize(), 11);
    QCOMPARE(list(tokenizer->encode("The Café fires [MASK]")), list({2, 5, 10, 6, 7, 4, 3}));
    folder.write("tokenizer_config.json",
                 "{\"do_lower_case\": false, \"tokenizer_class\": \"BertTokenizerFast\"}");
    tokenizer = folder.open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(list(tokenizer->encode("The Café fires cafe")), list({2, 1, 8, 6, 7, 10, 3}));
}

void TokenizerTest::vocabularyAndMerges() {
    Folder folder;
    folder.write("vocab.json",
                 "{\"<s>\": 0, \"</s>\": 1, \"<mask>\": 2, \"a\": 3, \"b\": 4, \"ab\": 5, \"Ġ\": 6}");
    folder.write("merges.txt", "#version: 0.2\na b\n");
    auto tokenizer = folder.open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(list(tokenizer->encode("ab <mask>")), list({0, 5, 2, 1})); // RoBERTa's mask takes the space
    folder.write("tokenizer_config.json", "{\"add_prefix_space\": true}");
    tokenizer = folder.open();
    QCOMPARE(list(tokenizer->encode("ab")), list({0, 6, 5, 1}));
    // GPT-2 puts nothing around a text.
    folder.write("tokenizer_config.json", "{\"tokenizer_class\": \"GPT2Tokenizer\", \"unk_token\": \"<s>\"}");
    tokenizer = folder.open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(list(tokenizer->encode("ab <s>a")), list({5, 6, 0, 3}));
    QCOMPARE(tokenizer->specialTokens(), 0);
}

void TokenizerTest::olderFilesMaySayOtherwise() {
    Folder folder;
    folder.write("vocab.txt", "<pad>\n<unk>\n<s>\n</s>\nthe\n");
    folder.write("special_tokens_map.json",
                 "{\"pad_token\": \"<pad>\", \"unk_token\": {\"content\": \"<unk>\", \"lstrip\": false}, "
                 "\"cls_token\": \"<s>\", \"sep_token\": \"</s>\", \"mask_token\": \"<none>\"}");
    folder.write("tokenizer_config.json",
                 "{\"added_tokens_decoder\": {\"5\": {\"content\": \"<user>\", \"special\": true}}}");
    folder.write("added_tokens.json", "{\"<user>\": 5, \"<url>\": 6}");
    const auto tokenizer = folder.open();
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QCOMPARE(list(tokenizer->encode("the<user> x <URL><pad>")), list({2, 4, 5, 1, 6, 0, 3}));
    QCOMPARE(tokenizer->vocabularySize(), 7);
    QVERIFY(!tokenizer->maskId());
}

void TokenizerTest::postProcessors() {
    Folder folder;
    const auto ids = [&](const std::string& processor) {
        const auto tokenizer =
            folder
                .write(
                    "tokenizer.json",
                    with(smallBpe(),
                         "{\"type\": \"RobertaProcessing\", \"sep\": [\"</s>\", 2], \"cls\": [\"<s>\", 0], "
                         "\"trim_offsets\": true, \"add_prefix_space\": false}",
                         processor))
                .open();
        return tokenizer ? list(tokenizer->encode("a")) : tokenizer.error().message;
    };
    QCOMPARE(ids("null"), list({3}));
    QCOMPARE(ids("{\"type\": \"ByteLevel\", \"trim_offsets\": false}"), list({3}));
    QCOMPARE(ids("{\"type\": \"BertProcessing\", \"sep\": [\"</s>\", 2], \"cls\": [\"<s>\", 0]}"),
             list({0, 3, 2}));
    QCOMPARE(
        ids("{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\"}, {\"type\": "
            "\"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"x\", \"type_id\": 0}}, "
            "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}], \"pair\": [], \"special_tokens\": {\"x\": "
            "{\"id\": \"x\", \"ids\": [0, 1], \"tokens\": [\"<s>\", \"<pad>\"]}}}]}"),
        list({0, 1, 3}));
}

QTEST_GUILESS_MAIN(TokenizerTest)
#include "tokenizer_test.moc"
