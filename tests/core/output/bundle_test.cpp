// A run as a .zip and back: by this program, by others, and of a run that is going on. What is refused:
// bundle_refused_test.cpp.
#include "core/output/bundle.h"

#include "bundled_run.h"
#include "tests/core/experiment/run_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <fstream>

using namespace stillroom;
using test::all;
using test::MadeEntry;
using test::MadeZip;
using test::read;
using test::write;

class BundleTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { made_.make(); }
    void init() { made_.clean(); }
    void thereAndBack();
    void theNewestCheckpointToo();
    void ofARunThatGoesOn();
    void theNameIsTaken();
    void otherProgramsReadIt();
    void ofOtherPrograms();
    void oddNames();
    void packedByHand();
    void withoutAStudent();
    void amongItsOwnFiles_data();
    void amongItsOwnFiles();
    void cancelled();
    void noRun();

  private:
    static QByteArray python(const char* program, const QStringList& arguments);

    test::BundledRun made_;
};

void BundleTest::thereAndBack() {
    Progress progress;
    const auto packed = exportBundle(made_.run(), made_.path("a.zip").toStdString(), {}, progress);
    QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
    QCOMPARE(packed->files, 6); // yaml, database, about, snapshot, student, report
    QCOMPARE(packed->leftOut, 0);
    QCOMPARE(progress.done(), progress.total());
    QCOMPARE(packed->bytes, QFileInfo(made_.path("a.zip")).size());
    QCOMPARE(all(made_.path()), QStringList{"a.zip"});

    Progress back;
    const auto opened = openBundle(made_.path("a.zip").toStdString(), made_.path("runs").toStdString(), back);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    const QString run = QString::fromStdString(*opened);
    QCOMPARE(QFileInfo(run).fileName(), QFileInfo(QString::fromStdString(made_.run())).fileName());
    QCOMPARE(all(run), (QStringList{"about.json", "checkpoints", "checkpoints/000030-student",
                                    "checkpoints/000030-student/student.safetensors", "checkpoints/best",
                                    "experiment.yaml", "output", "output/report", "output/report/report.html",
                                    "run.sqlite", "snapshots", "snapshots/epoch-0001.traces"}));
    for (const char* same : {"/about.json", "/experiment.yaml", "/output/report/report.html",
                             "/snapshots/epoch-0001.traces", "/checkpoints/best/student.safetensors"})
        QCOMPARE(read(run + same), read(QString::fromStdString(made_.run()) + same));
    const auto before = StoredRun::open(made_.run()), after = StoredRun::open(*opened);
    QVERIFY(before && after);
    QCOMPARE(after->steps.size(), before->steps.size());
    QVERIFY(after->steps.size() == 60);
    QCOMPARE(after->end.test.macroF1, before->end.test.macroF1);
    QCOMPARE(after->bestStudent, *opened + "/checkpoints/best/student.safetensors");
    QCOMPARE(ask(*opened, "PRAGMA integrity_check").toString(), QString("ok"));
    QCOMPARE(ask(*opened, "SELECT SUM(kept) FROM steps"), ask(made_.run(), "SELECT SUM(kept) FROM steps"));
    QCOMPARE(all(made_.path("runs")).filter(QRegularExpression("^\\.")), QStringList());
}

void BundleTest::theNewestCheckpointToo() {
    const auto opened = made_.packAndOpen(made_.run(), {true});
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE(read(QString::fromStdString(*opened + "/checkpoints/last/state.safetensors")),
             QByteArray("weights"));
}

/// Its last transaction is still in the log beside the database.
void BundleTest::ofARunThatGoesOn() {
    const QTemporaryDir folder;
    auto going = makeRun(folder);
    StepsEvent event;
    for (std::int64_t step = 1; step <= 40; ++step)
        event.steps.push_back({step, 64, 10, 0, 0, 0.5F, 0.1F});
    QVERIFY(going->record({StartedEvent{640, 1, 10, 64, 2, "cpu", 1, 0}, event}));
    const auto opened = made_.packAndOpen(going->path());
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    const auto stored = StoredRun::open(*opened);
    QVERIFY(stored);
    QCOMPARE(stored->steps.size(), std::size_t{40});
    QVERIFY(!stored->finished);
    StepsEvent more;
    more.steps.push_back({41, 64, 10, 0, 0, 0.5F, 0.1F});
    QVERIFY(going->record({more})); // nobody holds it locked
}

void BundleTest::theNameIsTaken() {
    const std::string bytes = made_.honest().bytes();
    for (const char* name : {"x", "x-2", "x-3"}) {
        const auto opened = made_.openBytes(bytes);
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        QCOMPARE(QString::fromStdString(*opened), made_.path("runs/") + name);
    }
}

/// What a program of Python's prints.
QByteArray BundleTest::python(const char* program, const QStringList& arguments) {
    QProcess process;
    process.start(QStandardPaths::findExecutable("python3"), QStringList{"-c", program} + arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        return "failed: " + process.readAllStandardError();
    return process.readAllStandardOutput() + "done";
}

void BundleTest::otherProgramsReadIt() {
    if (QStandardPaths::findExecutable("python3").isEmpty())
        QSKIP("there is no python3");
    QVERIFY(made_.pack(made_.run(), {true}));
    const QByteArray said = python(
        "import sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[1])\n"
        "assert z.testzip() is None\n"
        "for n in sorted(z.namelist()): print(n.split('/', 1)[1], z.getinfo(n).file_size)\n"
        "open(sys.argv[2], 'wb').write(z.read([n for n in z.namelist() if n.endswith('run.sqlite')][0]))",
        {made_.path("a.zip"), made_.path("copy.sqlite")});
    QVERIFY2(said.endsWith("done"), said.constData());
    QVERIFY2(said.contains("checkpoints/000030-student/student.safetensors 100000\n"), said.constData());
    QVERIFY2(said.contains("checkpoints/000060/state.safetensors 7\n"), said.constData());
    QVERIFY(read(made_.path("copy.sqlite")).startsWith("SQLite format 3"));
}

void BundleTest::ofOtherPrograms() {
    if (QStandardPaths::findExecutable("python3").isEmpty())
        QSKIP("there is no python3");
    const QByteArray said = python(
        "import sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED, allowZip64=True)\n"
        "for n in ('experiment.yaml', 'run.sqlite'):\n"
        "  with open(sys.argv[2] + '/' + n, 'rb') as f, z.open('n/' + n, 'w', force_zip64=True) as out: "
        "out.write(f.read())\n"
        "z.writestr('n/bundle.json', '{\"format\": 1}')\n"
        "z.writestr('n/output/empty', b'', zipfile.ZIP_STORED)\n"
        "z.close()",
        {made_.path("a.zip"), QString::fromStdString(made_.run())});
    QVERIFY2(said.endsWith("done"), said.constData());
    const auto opened = made_.open();
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE(read(QString::fromStdString(*opened + "/run.sqlite")),
             QByteArray::fromStdString(made_.database()));
    QVERIFY(QFile::exists(QString::fromStdString(*opened + "/output/empty")));
}

/// What this program packs it opens, whatever lies in output/.
void BundleTest::oddNames() {
    const auto first = made_.packAndOpen(made_.run());
    QVERIFY2(first, first ? "" : first.error().message.c_str());
    const QString output = QString::fromStdString(*first) + "/output/";
    for (const char* name : {"A.txt", "a.txt", "b:c", "d\\e", "con", "f/g/h/i/j/k/l/m/n", "caf\xC3\xA9"})
        write(output + QString::fromUtf8(name), "x");
    std::ofstream(output.toStdString() + "\xFF.txt") << "x"; // no UTF-8
    Progress progress;
    const std::string out = (output + "a.zip").toStdString();
    for (int again = 0; again < 2; ++again) { // the second time it lies there already
        const auto packed = exportBundle(*first, out, {}, progress);
        QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
        QCOMPARE(packed->leftOut, 6); // one of the two a.txt, and all but café
        QCOMPARE(packed->files, 6 + 2);
    }
    const auto opened = openBundle(out, made_.path("again").toStdString(), progress);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(QFile::exists(QString::fromStdString(*opened) + "/output/caf\u00E9"));
}

/// Without a folder around it, stored and streamed, with a comment.
void BundleTest::packedByHand() {
    MadeZip zip;
    zip.comment = "by hand";
    zip.add({"experiment.yaml", made_.yaml(), false}).add({"bundle.json", made_.Note, false});
    MadeEntry streamed{"run.sqlite", made_.database()};
    streamed.descriptor = true;
    zip.add(streamed);
    const auto opened = made_.openBytes(zip.bytes());
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE(QString::fromStdString(*opened), made_.path("runs/a"));
}

/// None was written yet: the bundle says so, and is as good as any.
void BundleTest::withoutAStudent() {
    const auto first = made_.packAndOpen(made_.run());
    QVERIFY2(first, first ? "" : first.error().message.c_str());
    QVERIFY(QDir(QString::fromStdString(*first + "/checkpoints")).removeRecursively());
    const auto opened = made_.packAndOpen(*first, {true});
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(StoredRun::open(*opened)->bestStudent.empty());
}

void BundleTest::amongItsOwnFiles_data() {
    QTest::addColumn<QString>("out");
    QTest::newRow("database") << "run.sqlite";
    QTest::newRow("student") << "checkpoints/best/student.safetensors";
    QTest::newRow("new") << "a.zip";
    QTest::newRow("the output folder itself") << "output";
    QTest::newRow("by a detour") << "output/../experiment.yaml";
    QTest::newRow("through a link") << "output/loop/about.json";
}

/// Nothing is written over what is read.
void BundleTest::amongItsOwnFiles() {
    QFETCH(QString, out);
    const auto run = made_.packAndOpen(made_.run());
    QVERIFY2(run, run ? "" : run.error().message.c_str());
    const QString folder = QString::fromStdString(*run);
    QVERIFY(QFile::link(folder, folder + "/output/loop"));
    const QStringList before = all(folder);
    const QByteArray was = read(folder + '/' + out);
    Progress progress;
    for (const QString& named : {folder, folder + "/output/loop"}) {
        const auto packed =
            exportBundle(named.toStdString(), (folder + '/' + out).toStdString(), {}, progress);
        QVERIFY(!packed && packed.error().kind == ErrorKind::BadInput);
        QVERIFY2(packed.error().message.find("the run's own folder") != std::string::npos,
                 packed.error().message.c_str());
    }
    QCOMPARE(all(folder), before);
    QCOMPARE(read(folder + '/' + out), was);
}

void BundleTest::cancelled() {
    Progress progress;
    progress.cancel();
    const auto packed = exportBundle(made_.run(), made_.path("a.zip").toStdString(), {}, progress);
    QVERIFY(!packed && packed.error().kind == ErrorKind::Cancelled);
    QCOMPARE(all(made_.path()), QStringList());
    write(made_.path("a.zip"), QByteArray::fromStdString(made_.honest().bytes()));
    const auto opened =
        openBundle(made_.path("a.zip").toStdString(), made_.path("runs").toStdString(), progress);
    QVERIFY(!opened && opened.error().kind == ErrorKind::Cancelled);
    QCOMPARE(all(made_.path()), QStringList{"a.zip"});
}

void BundleTest::noRun() {
    Progress progress;
    const auto packed =
        exportBundle(made_.path("no").toStdString(), made_.path("a.zip").toStdString(), {}, progress);
    QVERIFY(!packed);
    QVERIFY2(packed.error().message.find("there is no such run") != std::string::npos,
             packed.error().message.c_str());
    const auto opened =
        openBundle(made_.path("no.zip").toStdString(), made_.path("runs").toStdString(), progress);
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.find("there is no such file") != std::string::npos,
             opened.error().message.c_str());
    const auto folder =
        openBundle(QDir::tempPath().toStdString(), made_.path("runs").toStdString(), progress);
    QVERIFY(!folder);
    QCOMPARE(all(made_.path()), QStringList());
}

QTEST_GUILESS_MAIN(BundleTest)
#include "bundle_test.moc"
