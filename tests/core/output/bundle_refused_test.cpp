// Every way known to us in which an archive can lie is refused in one sentence, with nothing written outside
// and nothing left.
#include "core/output/bundle.h"

#include "bundled_run.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <algorithm>

using namespace stillroom;
using test::all;
using test::MadeEntry;
using test::MadeZip;
using test::read;

class BundleRefusedTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { made_.make(); }
    void init() { made_.clean(); }
    void refused_data();
    void refused();
    void whatItSaysOfItself_data();
    void whatItSaysOfItself();
    void anyByteWrong();
    void cutOffAnywhere();

  private:
    [[nodiscard]] std::string databaseWith(const char* sql) const;

    test::BundledRun made_;
};

/// The run's, with something in it that runs when it is read.
std::string BundleRefusedTest::databaseWith(const char* sql) const {
    const QTemporaryDir folder;
    const QString path = folder.filePath("run.sqlite"), name = "databaseWith";
    test::write(path, QByteArray::fromStdString(made_.database()));
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", name);
        database.setDatabaseName(path);
        if (!database.open())
            qFatal("the database cannot be opened");
        QSqlQuery query(database);
        if (!query.exec("PRAGMA journal_mode = DELETE") || !query.exec(sql))
            qFatal("%s: %s", sql, qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(name);
    return read(path).toStdString();
}

void BundleRefusedTest::refused_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<QString>("says");
    const auto evil = [this](const char* row, const MadeEntry& entry, const char* says) {
        MadeZip zip = made_.honest();
        zip.add(entry);
        QTest::newRow(row) << zip.bytes() << QString(says);
    };
    const auto named = [&](const char* row, const std::string& name, const char* says) {
        evil(row, {name, "evil"}, says);
    };
    named("traversal", "x/../../evil", "leads out of its folder");
    named("traversal at the front", "../evil", "leads out of its folder");
    named("traversal that comes back", "x/output/../experiment.yaml", "leads out of its folder");
    named("dot", "x/./experiment.yaml", "leads out of its folder");
    named("absolute", "/tmp/evil", "absolute path");
    named("two slashes", "x//evil", "empty part");
    named("backslash", "x\\..\\..\\evil", "backslash");
    named("drive", "C:/evil", "not every system allows");
    named("stream", "x/output/a:b", "not every system allows");
    named("NUL", std::string("x/output/a\0.txt", 15), "NUL");
    named("line end", "x/output/a\nb", "control character");
    named("not UTF-8", "x/output/\xC3\x28", "not UTF-8");
    named("device", "x/output/con.txt", "name of a device");
    named("device with a number", "x/output/LPT1", "name of a device");
    named("dot at the end", "x/output/a.", "blank or a dot");
    named("blank at the end", "x/output/a ", "blank or a dot");
    named("long", "x/output/" + std::string(300, 'a'), "too long");
    named("deep", "x/output/a/b/c/d/e/f/g/h/i/j", "nothing that a run's folder has");
    named("another file", "x/evil.sh", "nothing that a run's folder has");
    named("database log", "x/run.sqlite-wal", "nothing that a run's folder has");
    named("database journal", "x/run.sqlite-journal", "nothing that a run's folder has");
    named("lock", "x/.lock", "nothing that a run's folder has");
    named("nested archive", "x/inner.zip", "nothing that a run's folder has");
    named("snapshot", "x/snapshots/epoch-1.traces", "nothing that a run's folder has");
    named("pickle", "x/checkpoints/000060/state.pt", "nothing that a run's folder has");
    named("checkpoint", "x/checkpoints/evil/state.safetensors", "nothing that a run's folder has");
    named("another folder", "y/experiment.yaml", "several folders");
    named("twice", "x/run.sqlite", "there twice");
    {
        MadeZip zip = made_.honest();
        zip.add({"x/output/A.txt", "1"}).add({"x/output/a.txt", "2"});
        QTest::newRow("twice by case") << zip.bytes() << QString("only in the case of its letters");
        zip = made_.honest();
        zip.add({"x/output/caf\xC3\xA9", "1"}).add({"x/output/cafe\xCC\x81", "2"});
        QTest::newRow("twice by composition") << zip.bytes() << QString("there twice");
        zip = made_.honest();
        zip.add({"x/output/a", "1"}).add({"x/output/a/b", "2"});
        QTest::newRow("file and folder") << zip.bytes() << QString("lies in a file");
        zip = made_.honest();
        zip.add({"x/output/a/b", "2"}).add({"x/output/a", "1"});
        QTest::newRow("folder and file") << zip.bytes() << QString("a file and a folder");
    }
    MadeEntry entry{"x/output/link", "/etc/passwd", false};
    entry.mode = 0120777;
    evil("link", entry, "is a link");
    entry.mode = 0020666;
    evil("device node", entry, "device or a pipe");
    entry.mode = 0010666;
    evil("pipe", entry, "device or a pipe");
    entry.mode = 0040755;
    evil("folder without a slash", entry, "a folder by one word");
    evil("file with a slash", {"x/output/", "evil", false}, "a folder by one word");
    entry = {"x/output/a", "evil"};
    entry.flags = 1;
    evil("encrypted", entry, "is encrypted");
    entry.flags = 1 << 6;
    evil("strongly encrypted", entry, "is encrypted");
    entry = {"x/output/a", "evil"};
    entry.method = 12;
    evil("bzip2", entry, "packed in a way");
    entry = {"x/output/a", "evil"};
    entry.crc = 1;
    evil("checksum", entry, "its checksum is another");
    entry = {"x/output/a", "evil"};
    entry.localCrc = 1;
    evil("another header", entry, "otherwise in the archive's directory");
    entry = {"x/output/a", "evil"};
    entry.localName = "x/../../evil";
    evil("another name in the header", entry, "otherwise in the archive's directory");
    entry = {"x/output/a", std::string(100'000, 'a')};
    entry.size = 10;
    evil("larger than it says", entry, "more than it says");
    entry.size = 200'000;
    evil("smaller than it says", entry, "less than it says");
    entry = {"x/output/a", std::string(10, 'a'), false};
    entry.size = 9;
    evil("stored with two sizes", entry, "has two sizes");
    entry = {"x/output/a", "evil"};
    entry.packedSize = 0x7FFFFFFF;
    evil("cut off", entry, "is cut off");
    entry = {"x/output/a", "evil"};
    entry.offset = 0x7FFFFFFF;
    evil("nowhere", entry, "lies where no data are");
    entry = {"x/output/a", "evil"};
    entry.disk = 3;
    evil("on another disk", entry, "one part of several");
    entry = {"x/output/a", "not deflated at all", false};
    entry.method = 8;
    evil("no deflate stream", entry, "cannot be unpacked");
    {
        MadeZip zip;
        zip.add({"x/", "", false, {}, {}, {}, {}, {}, {}, {}, 0, 0, 040755});
        zip.add({"x/output/a", "1"});
        MadeEntry again{"x/output/a", "1"}; // its bytes are those of the one before
        again.offset = 30 + 2;
        zip.add(again);
        QTest::newRow("overlap") << zip.bytes() << QString("overlaps another entry");
        zip = made_.honest();
        zip.add({"x/output/zeros", std::string(std::size_t{80} << 20, '\0')});
        QTest::newRow("bomb") << zip.bytes() << QString("times its own size");
        zip = made_.honest();
        entry = {"x/output/huge", "1"};
        entry.size = 0xFFFFFFF0;
        zip.add(entry);
        QTest::newRow("four gigabytes it says") << zip.bytes() << QString("times its own size");
        zip = made_.honest();
        for (int i = 0; i < 10'000; ++i)
            zip.add({"x/output/" + std::to_string(i), "", false});
        QTest::newRow("many entries") << zip.bytes() << QString("10004 entries");
        zip = made_.honest();
        zip.entriesSaid = 3;
        QTest::newRow("fewer than it says") << zip.bytes() << QString("directory is damaged");
        zip = MadeZip();
        zip.add({"x/experiment.yaml", made_.yaml()});
        QTest::newRow("no database") << zip.bytes() << QString("no run.sqlite in it");
        zip = MadeZip();
        QTest::newRow("empty") << zip.bytes() << QString("no experiment.yaml in it");
        zip = MadeZip();
        zip.add({"x/experiment.yaml", made_.yaml()}).add({"x/run.sqlite", "no database"});
        zip.add({"x/bundle.json", made_.Note});
        QTest::newRow("damaged database") << zip.bytes() << QString("run.sqlite is damaged");
        zip = MadeZip();
        zip.add({"x/experiment.yaml", "evil: [&a"}).add({"x/run.sqlite", made_.database()});
        zip.add({"x/bundle.json", made_.Note});
        QTest::newRow("damaged experiment") << zip.bytes() << QString("experiment.yaml");
        zip = MadeZip();
        zip.add({".hidden/experiment.yaml", made_.yaml()}).add({".hidden/run.sqlite", made_.database()});
        QTest::newRow("hidden") << zip.bytes() << QString("hidden folder");
        for (const char* sql : {"CREATE VIEW v AS SELECT 1", "CREATE VIRTUAL TABLE v USING fts5(a)",
                                "CREATE TRIGGER t AFTER INSERT ON steps BEGIN SELECT 1; END"}) {
            zip = MadeZip();
            zip.add({"x/experiment.yaml", made_.yaml()}).add({"x/run.sqlite", databaseWith(sql)});
            zip.add({"x/bundle.json", made_.Note});
            QTest::newRow(sql) << zip.bytes() << QString("views, triggers or virtual tables");
        }
    }
    QTest::newRow("no ZIP") << std::string(5000, 'x') << QString("no ZIP file");
    QTest::newRow("nothing") << std::string() << QString("no ZIP file");
    QTest::newRow("something behind") << made_.honest().bytes() + "evil" << QString("no ZIP file");
}

void BundleRefusedTest::refused() {
    QFETCH(std::string, bytes);
    QFETCH(QString, says);
    const auto opened = made_.openBytes(bytes);
    QVERIFY(!opened);
    const QString message = QString::fromStdString(opened.error().message);
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY2(message.startsWith(made_.path("a.zip")) && !message.contains('\n') && message.size() < 600,
             qPrintable(message));
    QVERIFY(opened.error().kind == ErrorKind::BadInput);
    const QStringList left = all(made_.path());
    QVERIFY2(left == QStringList{"a.zip"} || left == (QStringList{"a.zip", "runs"}),
             qPrintable(left.join(' ')));
}

void BundleRefusedTest::whatItSaysOfItself_data() {
    QTest::addColumn<QByteArray>("note"); // null: there is none
    QTest::addColumn<int>("student");     // bytes; -1: there is none
    QTest::addColumn<QString>("says");    // empty: it is opened
    const auto row = [](const char* name, const QByteArray& note, int student, const char* says) {
        QTest::newRow(name) << note << student << QString(says);
    };
    const auto named = [](const QByteArray& best) -> QByteArray {
        return R"({"format": 1, "best": ")" + best +
               R"(", "files": {"checkpoints/000030-student/student.safetensors": 1000}})";
    };
    row("all is well", named("000030-student"), 1000, "");
    row("no student yet", R"({"format": 1})", -1, "");
    row("of an earlier Stillroom", R"({"format": 1, "best": "000030-student"})", 1000, "");
    row("none", {}, 1000, "'bundle.json' is not there");
    row("nothing", "", 1000, "'bundle.json' is damaged");
    row("cut off", "{", 1000, "'bundle.json' is damaged");
    row("a list", "[]", 1000, "'bundle.json' is damaged");
    row("long", '{' + QByteArray(100'000, ' ') + '}', 1000, "'bundle.json' is larger");
    row("no format", "{}", 1000, "does not say its format");
    row("format 0", R"({"format": 0})", 1000, "does not say its format");
    row("format by letters", R"({"format": "1"})", 1000, "does not say its format");
    row("half a format", R"({"format": 1.5})", 1000, "does not say its format");
    row("format 2", R"({"format": 2})", 1000, "was written by a newer Stillroom");
    row("format 999", R"({"format": 999, "best": 7})", 1000, "was written by a newer Stillroom");
    row("elsewhere", named("../../etc"), 1000, "what no checkpoint is called");
    row("no text", R"({"format": 1, "best": 7})", 1000, "what no checkpoint is called");
    row("no name", named(""), 1000, "what no checkpoint is called");
    row("the other link", named("last"), 1000, "what no checkpoint is called");
    row("another name", named("000031-student"), 1000, "is not there with a student in it");
    row("no checkpoint", R"({"format": 1, "last": "000060"})", 1000, "is not there");
    row("no student", named("000030-student"), -1, "is not there with a student in it");
    row("no file", R"({"format": 1, "files": {"checkpoints/000030-student/student.safetensors": 1}})", -1,
        "is not there, though its bundle.json names it");
    row("a cut student", named("000030-student"), 100, "has 100 bytes and not as many as bundle.json says");
    row("files", R"({"format": 1, "files": 1})", 1000, "'bundle.json' is damaged");
    row("no size", R"({"format": 1, "files": {"experiment.yaml": "1"}})", 1000, "not as many");
}

void BundleRefusedTest::whatItSaysOfItself() {
    QFETCH(QByteArray, note);
    QFETCH(int, student);
    QFETCH(QString, says);
    MadeZip zip;
    zip.add({"x/experiment.yaml", made_.yaml()}).add({"x/run.sqlite", made_.database()});
    if (!note.isNull())
        zip.add({"x/bundle.json", note.toStdString()});
    if (student >= 0)
        zip.add({"x/checkpoints/000030-student/student.safetensors",
                 std::string(static_cast<std::size_t>(student), 'w')});
    const auto opened = made_.openBytes(zip.bytes());
    if (says.isEmpty()) {
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        return;
    }
    QVERIFY(!opened);
    const QString message = QString::fromStdString(opened.error().message);
    QVERIFY2(message.contains(says) && message.startsWith(made_.path("a.zip")) && !message.contains('\n'),
             qPrintable(message));
    QVERIFY(opened.error().kind == ErrorKind::BadInput);
    QCOMPARE(all(made_.path()), QStringList{"a.zip"});
}

/// Whatever byte is another, it is refused or it did not matter; nothing half is left.
void BundleRefusedTest::anyByteWrong() {
    QVERIFY(made_.pack(made_.run()));
    const std::string good = read(made_.path("a.zip")).toStdString();
    const std::size_t step = std::max<std::size_t>(1, good.size() / 400);
    int refusals = 0;
    // The directory at the end byte by byte, the data here and there.
    for (std::size_t at = 0; at < good.size(); at += (at + 1200 > good.size() ? 1 : step)) {
        std::string bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x41);
        const auto opened = made_.openBytes(bytes);
        if (!opened) {
            ++refusals;
            QVERIFY(QFileInfo(made_.path("runs")).exists() == false || all(made_.path("runs")).isEmpty());
            continue;
        }
        QCOMPARE(all(QString::fromStdString(*opened)).size(), 12);
        QVERIFY(QDir(made_.path("runs")).removeRecursively());
    }
    QVERIFY2(refusals > 1000, qPrintable(QString::number(refusals)));
}

void BundleRefusedTest::cutOffAnywhere() {
    const std::string good = made_.honest().bytes();
    for (std::size_t length = 0; length < good.size(); length += 1 + good.size() / 200) {
        const auto opened = made_.openBytes(good.substr(0, length));
        QVERIFY2(!opened, qPrintable(QString::number(length)));
    }
}

QTEST_GUILESS_MAIN(BundleRefusedTest)
#include "bundle_refused_test.moc"
