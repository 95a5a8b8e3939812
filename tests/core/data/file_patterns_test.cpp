#include "core/data/file_patterns.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class FilePatternsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void plainPathsAreTakenAsTheyAre();
    void patternsAreSortedByBytes();
    void theOrderIsThatOfThePatternsAndEachFileComesOnce();
    void foldersAreLeftOut();
    void brackets();
    void anExistingFileIsNoPattern();
    void aRootMayHaveAnyName();
    void aPatternThatMatchesNothingIsASentence();
};

namespace {

Names expanded(const Folder& folder, const Names& patterns) {
    auto files = expandPatterns(patterns, folder.root(), "data.train.files");
    if (!files)
        return {files.error().message};
    for (auto& file : *files)
        if (file.starts_with(folder.root() + "/"))
            file = file.substr(folder.root().size() + 1);
    return *files;
}

} // namespace

void FilePatternsTest::plainPathsAreTakenAsTheyAre() {
    const Folder folder;
    QCOMPARE(expanded(folder, {"none.csv", "/absolute.csv"}), (Names{"none.csv", "/absolute.csv"}));
}

void FilePatternsTest::patternsAreSortedByBytes() {
    const Folder folder;
    for (const char* name : {"b10.csv", "B.csv", "b2.csv", "a.csv", "ä.csv", "a.tsv"})
        folder.write(name, "x");
    QCOMPARE(expanded(folder, {"*.csv"}), (Names{"B.csv", "a.csv", "b10.csv", "b2.csv", "ä.csv"}));
    QCOMPARE(expanded(folder, {"?.t?v"}), Names{"a.tsv"});
}

void FilePatternsTest::theOrderIsThatOfThePatternsAndEachFileComesOnce() {
    const Folder folder;
    for (const char* name : {"sub/a.csv", "sub/b.csv", "c.csv"})
        folder.write(name, "x");
    QCOMPARE(expanded(folder, {"sub/b.csv", "c.csv", "*/*.csv", "./sub/../c.csv"}),
             (Names{"sub/b.csv", "c.csv", "sub/a.csv"}));
}

void FilePatternsTest::foldersAreLeftOut() {
    const Folder folder;
    folder.write("x.csv/inner", "x");
    folder.write("y.csv", "x");
    QCOMPARE(expanded(folder, {"*.csv"}), Names{"y.csv"});
}

void FilePatternsTest::brackets() {
    const Folder folder;
    for (const char* name : {"1.csv", "2.csv", "3.csv"})
        folder.write(name, "x");
    QCOMPARE(expanded(folder, {"[12].csv"}), (Names{"1.csv", "2.csv"}));
    QCOMPARE(expanded(folder, {"[!12].csv"}), Names{"3.csv"});
}

void FilePatternsTest::anExistingFileIsNoPattern() {
    const Folder folder;
    folder.write("data[1].csv", "x");
    folder.write("data1.csv", "x");
    QCOMPARE(expanded(folder, {"data[1].csv"}), Names{"data[1].csv"});
}

void FilePatternsTest::aRootMayHaveAnyName() {
    const Folder folder;
    folder.write("[my] data*/a.csv", "x");
    const auto files = expandPatterns(Names{"*.csv"}, folder.path("[my] data*"), "data.train.files");
    QVERIFY(files);
    QCOMPARE(*files, Names{folder.path("[my] data*/a.csv")});
}

void FilePatternsTest::aPatternThatMatchesNothingIsASentence() {
    const Folder folder;
    VERIFY_SAYS(expanded(folder, {"humaid/*_train.csv"})[0], "no file matches 'humaid/*_train.csv'",
                "data.train.files", folder.root(), "correct it");
    VERIFY_SAYS(expanded(folder, {"/none/*.csv"})[0], "no file matches '/none/*.csv'", "correct the pattern");
    VERIFY_SAYS(expanded(folder, {""})[0], "data.train.files contains an empty path");
}

QTEST_GUILESS_MAIN(FilePatternsTest)
#include "file_patterns_test.moc"
