// Files of somebody else's that are wrong: one sentence each, which says what and where.
#include "tokenizer_folder.h"

#include <QTest>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stillroom;
using namespace stillroom::test;

namespace {

/// The sentence that opening gives, or "opened".
std::string sentence(const Folder& folder) {
    const auto tokenizer = folder.open();
    return tokenizer ? "opened" : tokenizer.error().message;
}

std::string ofPieces(std::string_view from, std::string_view to) {
    return sentence(Folder().write("tokenizer.json", with(smallWordPiece(), from, to)));
}

std::string ofBytes(std::string_view from, std::string_view to) {
    return sentence(Folder().write("tokenizer.json", with(smallBpe(), from, to)));
}

std::string ofJson(std::string_view json) {
    return sentence(Folder().write("tokenizer.json", json));
}

const char* const Normalizer = "\"type\": \"BertNormalizer\"";
const char* const Roberta = "\"type\": \"RobertaProcessing\"";
const char* const Template = "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}";

} // namespace

class TokenizerFilesTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void noFiles();
    void noOrdinaryFile();
    void tooLarge();
    void noJson();
    void unknownKinds();
    void unknownKeys();
    void wrongTypes();
    void vocabularies();
    void merges();
    void addedTokens();
    void postProcessors();
    void vocabularyLines();
    void olderFiles();
};

void TokenizerFilesTest::noFiles() {
    const Folder folder;
    VERIFY_SAYS(sentence(folder), folder.path(), "tokenizer.json", "vocab.txt");
    VERIFY_SAYS(Tokenizer::open(folder.path("nowhere")).error().message, "nowhere", "holds no tokenizer");
    VERIFY_SAYS(sentence(folder.write("vocab.json", "{\"<s>\": 0, \"</s>\": 1}")), "merges.txt");
    VERIFY_SAYS(sentence(folder.write("tokenizer.json", "")), "tokenizer.json", "is empty");
}

void TokenizerFilesTest::noOrdinaryFile() {
    const Folder folder;
    QCOMPARE(::mkfifo(folder.path("tokenizer.json").c_str(), 0600), 0);
    VERIFY_SAYS(sentence(folder), "is not an ordinary file");
    const Folder other;
    QCOMPARE(::mkdir(other.path("vocab.txt").c_str(), 0700), 0);
    VERIFY_SAYS(sentence(other), "vocab.txt", "is not an ordinary file");
}

void TokenizerFilesTest::tooLarge() {
    const Folder folder;
    for (const auto* name : {"tokenizer.json", "vocab.txt"}) {
        const int file = ::open(folder.path(name).c_str(), O_WRONLY | O_CREAT, 0600);
        QCOMPARE(::ftruncate(file, off_t{1} << 30), 0); // a hole: it takes no room here
        ::close(file);
        VERIFY_SAYS(sentence(folder), name, "1024 MiB", "at most 128");
        ::unlink(folder.path(name).c_str());
    }
}

void TokenizerFilesTest::noJson() {
    VERIFY_SAYS(ofJson("{\"version\": \"1.0\", "), "tokenizer.json", "not valid JSON");
    VERIFY_SAYS(ofJson("[1, 2]"), "one object");
    VERIFY_SAYS(ofJson("{\"model\": {\"vocab\": {\"a\xFF\": 0}}}"), "not valid JSON");
    VERIFY_SAYS(ofJson(std::string(smallBpe()) + "x"), "not valid JSON");
    VERIFY_SAYS(ofJson(std::string(100, '\0')), "not valid JSON");
    VERIFY_SAYS(ofJson("{}"), "'model' is missing");
    std::string deep = "{\"model\": ";
    for (int i = 0; i < 100000; ++i)
        deep += "[";
    VERIFY_SAYS(ofJson(deep), "tokenizer.json");
    deep = "{\"model\": " + std::string(100, '[') + std::string(100, ']') + "}";
    VERIFY_SAYS(ofJson(deep), "nested deeper than 64");
    // Cut off anywhere: an error, never a tokenizer.
    const std::string whole = smallWordPiece();
    for (std::size_t length = 1; length < whole.size(); length += 37)
        QVERIFY(ofJson(std::string_view(whole).substr(0, length)) != "opened");
}

void TokenizerFilesTest::unknownKinds() {
    VERIFY_SAYS(ofPieces("\"type\": \"WordPiece\", \"unk_token\"", "\"type\": \"Unigram\", \"unk_token\""),
                "'Unigram'");
    VERIFY_SAYS(ofPieces(Normalizer, "\"type\": \"Precompiled\""), "normalizer", "'Precompiled'");
    VERIFY_SAYS(ofPieces("BertPreTokenizer", "Metaspace"), "pre_tokenizer", "'Metaspace'");
    VERIFY_SAYS(ofPieces("{\"type\": \"BertPreTokenizer\"}", "null"), "pre_tokenizer", "'none'");
    VERIFY_SAYS(ofPieces("TemplateProcessing", "Unheard"), "post_processor", "'Unheard'");
    VERIFY_SAYS(ofBytes("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}"), "normalizer",
                "'NFC'");
    VERIFY_SAYS(ofBytes("{\"type\": \"ByteLevel\", \"add_prefix_space\": false",
                        "{\"type\": \"BertPreTokenizer\", \"x\": false"),
                "pre_tokenizer", "'BertPreTokenizer'", "ByteLevel");
    VERIFY_SAYS(ofBytes("\"version\": \"1.0\"", "\"version\": \"2.0\""), "version", "2.0");
    VERIFY_SAYS(ofBytes("\"dropout\": null", "\"dropout\": 0.1"), "dropout", "random");
    VERIFY_SAYS(ofBytes("\"end_of_word_suffix\": \"\"", "\"end_of_word_suffix\": \"</w>\""),
                "end_of_word_suffix");
    VERIFY_SAYS(ofBytes("\"continuing_subword_prefix\": \"\"", "\"continuing_subword_prefix\": \"##\""),
                "continuing_subword_prefix");
    VERIFY_SAYS(
        ofBytes("\"truncation\": null", "\"truncation\": {\"direction\": \"Left\", \"max_length\": 5}"),
        "direction", "front");
}

void TokenizerFilesTest::unknownKeys() {
    VERIFY_SAYS(ofPieces("\"version\"", "\"reverse\": true, \"version\""), "'reverse'", "not known");
    VERIFY_SAYS(ofPieces(Normalizer, "\"romanize\": 1, \"type\": \"BertNormalizer\""), "normalizer",
                "'romanize'");
    VERIFY_SAYS(ofPieces("\"unk_token\"", "\"sampling\": {}, \"unk_token\""), "model", "'sampling'");
    VERIFY_SAYS(ofBytes("\"fuse_unk\": false", "\"byte_fallback\": true"), "model", "'byte_fallback'");
    VERIFY_SAYS(ofBytes(Roberta, "\"and\": \"more\", \"type\": \"RobertaProcessing\""), "post_processor",
                "'and'");
    VERIFY_SAYS(ofBytes("\"lstrip\": true", "\"lstrip\": true, \"regex\": \"x+\""), "added_tokens",
                "'regex'");
    VERIFY_SAYS(ofBytes("\"fuse_unk\": false", "\"fuse_unk\": false, \"fuse_unk\": true"),
                "'fuse_unk' is there twice");
    // What asks for nothing is no reason to refuse.
    QCOMPARE(ofBytes("\"fuse_unk\": false", "\"byte_fallback\": false, \"other\": null"),
             std::string("opened"));
}

void TokenizerFilesTest::wrongTypes() {
    VERIFY_SAYS(ofPieces("\"lowercase\": true", "\"lowercase\": \"yes\""), "lowercase", "true or false");
    VERIFY_SAYS(ofPieces("\"max_input_chars_per_word\": 100", "\"max_input_chars_per_word\": -1"),
                "between 0 and");
    VERIFY_SAYS(ofPieces("\"max_input_chars_per_word\": 100", "\"max_input_chars_per_word\": 1e3"),
                "whole number");
    VERIFY_SAYS(
        ofPieces("\"max_input_chars_per_word\": 100", "\"max_input_chars_per_word\": 18446744073709551615"),
        "max_input_chars_per_word");
    VERIFY_SAYS(ofPieces("\"unk_token\": \"[UNK]\"", "\"unk_token\": 1"), "unk_token", "text in quotes");
    VERIFY_SAYS(ofPieces("\"unk_token\": \"[UNK]\"", "\"unk_token\": null"), "unk_token", "is missing");
    VERIFY_SAYS(ofPieces("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"[NO]\""), "'[NO]'",
                "not in the vocabulary");
    VERIFY_SAYS(ofBytes("\"truncation\": null", "\"truncation\": 5"), "truncation", "object in braces");
    VERIFY_SAYS(ofJson("{\"model\": {\"type\": \"WordPiece\", \"unk_token\": \"a\", \"vocab\": [\"a\"]}}"),
                "vocab", "object in braces");
    VERIFY_SAYS(
        ofJson("{\"added_tokens\": {}, \"model\": {\"type\": \"WordPiece\", \"unk_token\": \"a\", \"vocab\": "
               "{\"a\": 0}}}"),
        "added_tokens", "list in brackets");
    VERIFY_SAYS(
        ofJson(
            "{\"added_tokens\": [7], \"model\": {\"type\": \"WordPiece\", \"unk_token\": \"a\", \"vocab\": "
            "{\"a\": 0}}}"),
        "added_tokens", "list of objects");
}

void TokenizerFilesTest::vocabularies() {
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": \"5\""), "vocab", "'the'", "no whole number");
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": 5.5"), "vocab", "'the'", "no whole number");
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": -5"), "vocab", "'the'", "-5");
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": 16777216"), "16777216", "0 to 16777215");
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": 18446744073709551615"), "'the'");
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": 6"), "two tokens have the id 6");
    VERIFY_SAYS(ofPieces("\"the\": 5", "\"the\": 30, \"the\": 31"), "'the' is there twice");
    VERIFY_SAYS(ofPieces("\"the\"", '"' + std::string(5000, 'x') + '"'), "5000 bytes", "4096");
    VERIFY_SAYS(ofJson("{\"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}}"), "no token");
    // Ids with holes are of files that were edited; the embedding must be that large.
    const auto tokenizer =
        Folder().write("tokenizer.json", with(smallWordPiece(), "\"the\": 5", "\"the\": 500")).open();
    QVERIFY(tokenizer);
    QCOMPARE(tokenizer->vocabularySize(), 501);
    VERIFY_SAYS(tokenizer->description(), "26 tokens");
    QCOMPARE(tokenizer->encode("the").at(1), 500);
}

void TokenizerFilesTest::merges() {
    VERIFY_SAYS(ofBytes("\"i r\"", "\"i x\""), "merge 1", "'x'", "not in the vocabulary");
    VERIFY_SAYS(ofBytes("\"f ir\"", "\"f a\""), "merge 2", "'fa'", "not in the vocabulary");
    VERIFY_SAYS(ofBytes("\"i r\"", "\"ir\""), "merge 1", "no pair");
    VERIFY_SAYS(ofBytes("\"i r\"", "\"i r e\""), "merge 1", "no pair");
    VERIFY_SAYS(ofBytes("\"i r\"", "[\"i\"]"), "merge 1", "no pair");
    VERIFY_SAYS(ofBytes("\"i r\"", "[\"i\", 7]"), "merge 1", "no pair");
    VERIFY_SAYS(ofBytes("\"i r\"", "7"), "merge 1", "no pair");
    VERIFY_SAYS(ofJson("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}}}"), "'merges' is missing");
    VERIFY_SAYS(ofJson("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": \"a b\"}}"),
                "merges", "list in brackets");
}

void TokenizerFilesTest::addedTokens() {
    const char* const mask = "{\"id\": 26, \"content\": \"<mask>\"";
    VERIFY_SAYS(ofBytes(mask, "{\"id\": 3, \"content\": \"<mask>\""), "'<mask>'", "3", "another token");
    VERIFY_SAYS(ofBytes(mask, "{\"id\": 26, \"content\": \"abc\""), "'abc'", "26",
                "the vocabulary gives it 19");
    VERIFY_SAYS(ofBytes(mask, "{\"id\": 1, \"content\": \"<pad>\""), "'<pad>'", "twice");
    VERIFY_SAYS(ofBytes(mask, "{\"id\": 26, \"content\": \"\""), "added token is empty");
    VERIFY_SAYS(ofBytes(mask, "{\"content\": \"<mask>\""), "'id'", "whole number");
    VERIFY_SAYS(ofBytes(mask, "{\"id\": -1, \"content\": \"<mask>\""), "'id'", "-1");
    VERIFY_SAYS(ofBytes(mask, "{\"id\": 99999999, \"content\": \"<mask>\""), "99999999");
    VERIFY_SAYS(ofBytes(mask, "{\"id\": 26, \"content\": \"" + std::string(5000, 'x') + "\""), "5000 bytes");
    VERIFY_SAYS(
        ofPieces("\"content\": \"[MASK]\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, "
                 "\"normalized\": false",
                 "\"content\": \"[MASK]\", \"normalized\": \"no\""),
        "normalized", "true or false");
    // A token of which normalizing leaves nothing would be found everywhere.
    VERIFY_SAYS(ofPieces("\"special\": true}],",
                         "\"special\": true}, {\"id\": 30, \"content\": \"\u200b\", \"normalized\": true}],"),
                "nothing is left");
}

void TokenizerFilesTest::postProcessors() {
    VERIFY_SAYS(ofBytes("[\"</s>\", 2]", "[\"</s>\", 25000]"), "post_processor", "sep", "25000");
    VERIFY_SAYS(ofBytes("[\"</s>\", 2]", "[\"</s>\"]"), "'sep'", "a token and its id");
    VERIFY_SAYS(ofBytes("[\"</s>\", 2]", "[\"</s>\", \"2\"]"), "sep", "whole number");
    VERIFY_SAYS(ofPieces("\"ids\": [2]", "\"ids\": [-2]"), "-2");
    VERIFY_SAYS(ofPieces("\"ids\": [2]", "\"idx\": [2]"), "'[CLS]'");
    VERIFY_SAYS(ofPieces(Template, std::string(Template) + ", " + Template), "once");
    VERIFY_SAYS(ofPieces(Template, "{\"Sequence\": {\"id\": \"B\", \"type_id\": 0}}"), "once");
    VERIFY_SAYS(ofPieces(std::string(", ") + Template, ""), "does not hold the text");
    VERIFY_SAYS(ofPieces(Template, "{\"Other\": 1}"), "either a Sequence or a SpecialToken");
    VERIFY_SAYS(ofPieces(Template, "5"), "list of objects");
    std::string many = "2";
    for (int i = 0; i < 100; ++i)
        many += ", 2";
    VERIFY_SAYS(ofPieces("\"ids\": [2]", "\"ids\": [" + many + "]"), "more than 64");
    VERIFY_SAYS(
        ofBytes(Roberta,
                "\"type\": \"Sequence\", \"processors\": [{\"type\": \"Sequence\", \"processors\": []}]"),
        "'sep' is not known"); // of the outer one; and a Sequence in a Sequence is not known either
    const std::string one = "{\"type\": \"BertProcessing\", \"sep\": [\"</s>\", 2], \"cls\": [\"<s>\", 0]}";
    VERIFY_SAYS(ofBytes("{\"type\": \"RobertaProcessing\", \"sep\": [\"</s>\", 2], \"cls\": [\"<s>\", 0], "
                        "\"trim_offsets\": true, \"add_prefix_space\": false}",
                        "{\"type\": \"Sequence\", \"processors\": [" + one + ", " + one + "]}"),
                "second time");
    VERIFY_SAYS(
        ofBytes("{\"type\": \"RobertaProcessing\", \"sep\": [\"</s>\", 2], \"cls\": [\"<s>\", 0], "
                "\"trim_offsets\": true, \"add_prefix_space\": false}",
                "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"Sequence\", \"processors\": []}]}"),
        "'Sequence'");
}

void TokenizerFilesTest::vocabularyLines() {
    const Folder folder;
    VERIFY_SAYS(sentence(folder.write("vocab.txt", "[CLS]\n[SEP]\n[UNK]\nthe\nfire\nthe\n")),
                "vocab.txt, line 6", "'the'", "twice");
    VERIFY_SAYS(sentence(folder.write("vocab.txt", "[CLS]\n[SEP]\nthe\n")), "vocab.txt", "[UNK]");
    VERIFY_SAYS(sentence(folder.write("vocab.txt", "[UNK]\n[SEP]\nthe\n")), "cls_token '[CLS]'");
    VERIFY_SAYS(sentence(folder.write("vocab.txt", "[UNK]\n\xFF\n")), "UTF-8");
    VERIFY_SAYS(sentence(folder.write("vocab.txt", "[UNK]\n" + std::string(5000, 'x'))), "line 2",
                "5000 bytes");
    std::string blank(std::size_t{17} << 20, '\n');
    VERIFY_SAYS(sentence(folder.write("vocab.txt", blank + "x")), "more than 16777216 lines");
}

void TokenizerFilesTest::olderFiles() {
    const Folder folder;
    const std::string vocabulary = "[CLS]\n[SEP]\n[UNK]\nthe\n";
    folder.write("vocab.txt", vocabulary);
    const auto config = [&](std::string_view json) {
        return sentence(folder.write("tokenizer_config.json", json));
    };
    VERIFY_SAYS(config("{\"tokenizer_class\": \"BertJapaneseTokenizer\"}"), "BertJapaneseTokenizer");
    VERIFY_SAYS(config("{\"do_lower_case\": 1}"), "do_lower_case", "true or false");
    VERIFY_SAYS(config("{\"do_basic_tokenize\": false}"), "do_basic_tokenize");
    VERIFY_SAYS(config("{"), "tokenizer_config.json", "not valid JSON");
    VERIFY_SAYS(config("{\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}}"), "added_tokens_decoder");
    VERIFY_SAYS(config("{\"added_tokens_decoder\": {\"99999999999999999999999\": {\"content\": \"a\"}}}"),
                "added_tokens_decoder");
    VERIFY_SAYS(config("{\"added_tokens_decoder\": {\"7a5555555555555555555555\": {\"content\": \"a\"}}}"),
                "added_tokens_decoder");
    VERIFY_SAYS(config("{\"added_tokens_decoder\": {\"3\": {\"content\": \"a\"}}}"), "'a'", "another token");
    QCOMPARE(config("{}"), std::string("opened"));
    VERIFY_SAYS(sentence(folder.write("added_tokens.json", "{\"a\": \"b\"}")), "added_tokens.json", "'a'");

    const Folder bytes;
    bytes.write("vocab.json", "{\"<s>\": 0, \"</s>\": 1, \"a\": 2, \"b\": 3, \"ab\": 4}");
    VERIFY_SAYS(sentence(bytes.write("merges.txt", "#version: 0.2\na b\na  b\n")), "merges.txt, line 3");
    VERIFY_SAYS(sentence(bytes.write("merges.txt", "#version: 0.2\na b\nb a\n")), "merges.txt", "merge 2",
                "'ba'");
    VERIFY_SAYS(sentence(bytes.write("merges.txt", "a \xFF\n")), "merges.txt", "UTF-8");
    QCOMPARE(sentence(bytes.write("merges.txt", "a b\n")), std::string("opened"));
    VERIFY_SAYS(sentence(bytes.write("vocab.json", "{\"a\": 2, \"b\": 3, \"ab\": 4}")), "RoBERTa",
                "tokenizer_config.json");
    VERIFY_SAYS(sentence(bytes.write("vocab.json", "{\"a\": 2, \"b\": 2}")), "two tokens have the id 2");
    bytes.write("vocab.json", "{\"<|endoftext|>\": 0, \"a\": 2, \"b\": 3, \"ab\": 4, \"ab</w>\": 5}");
    VERIFY_SAYS(sentence(bytes), "</w>");
}

QTEST_GUILESS_MAIN(TokenizerFilesTest)
#include "tokenizer_files_test.moc"
