#include "core/experiment/run_about.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;

class RunAboutTest : public QObject {
    Q_OBJECT

    static void put(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

  private Q_SLOTS:
    void whatIsSaidIsReadBack() {
        const QTemporaryDir folder;
        const std::string run = folder.path().toStdString();
        QVERIFY(readRunAbout(run)->empty());
        const RunAbout about{{"paper", "für später"}, "two lines\nand \"quotes\"", true};
        QVERIFY(writeRunAbout(run, about));
        QCOMPARE(*readRunAbout(run), about);
        // As it lies there, for whoever opens it with something else.
        QFile file(folder.filePath("about.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
        QCOMPARE(object["tags"].toArray().at(1).toString(), QString::fromUtf8("für später"));
        QCOMPARE(object["archived"].toBool(), true);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // no temporary is left
    }
    void nothingToSayLeavesNoFile() {
        const QTemporaryDir folder;
        const std::string run = folder.path().toStdString();
        QVERIFY(writeRunAbout(run, {{"x"}, "", false}));
        QVERIFY(writeRunAbout(run, {}));
        QVERIFY(!QFile::exists(folder.filePath("about.json")));
        QVERIFY(writeRunAbout(run, {})); // nor does that fail
    }
    void damageIsOneSentence() {
        const QTemporaryDir folder;
        const std::string run = folder.path().toStdString();
        for (const QByteArray& bytes :
             {QByteArray("{\"tags\": ["), QByteArray("[1, 2]"), QByteArray(), QByteArray(2 << 20, ' ')}) {
            put(folder.filePath("about.json"), bytes);
            const auto about = readRunAbout(run);
            QVERIFY(!about);
            QVERIFY2(about.error().message.find("about.json cannot be read") != std::string::npos,
                     about.error().message.c_str());
        }
        // What has another type is as if it were not there.
        put(folder.filePath("about.json"), R"({"tags": "paper", "note": 3, "archived": "yes", "more": {}})");
        QVERIFY(readRunAbout(run)->empty());
    }
    void aFolderThatIsGone() {
        QVERIFY(readRunAbout("/nowhere/at/all")->empty());
        QVERIFY(!writeRunAbout("/nowhere/at/all", {{"x"}, "", false}));
    }
    void tagsAsTheyAreTyped() {
        QCOMPARE(tagsOf(" seed study,weak  teacher ,, seed study, "),
                 (std::vector<std::string>{"seed study", "weak teacher"}));
        QCOMPARE(tagsOf(""), std::vector<std::string>());
        QCOMPARE(tagsOf(std::string(100, 'x')).front().size(), std::size_t{60});
        QCOMPARE(writeTags({"a b", "c"}), std::string("a b, c"));
        QCOMPARE(tagsOf(writeTags({"a b", "c"})), (std::vector<std::string>{"a b", "c"}));
    }
};

QTEST_GUILESS_MAIN(RunAboutTest)
#include "run_about_test.moc"
