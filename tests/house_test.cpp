// The house's arrows, as the built libraries and the sources show them: who may use whom is CONTRIBUTING.md's
// table, and nobody below it knows a window.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

namespace {

const QString Libraries = QStringLiteral(STILLROOM_BINARY_DIR "/lib");
const QString Programs = QStringLiteral(STILLROOM_BINARY_DIR "/bin");
const QString Core = QStringLiteral(STILLROOM_SOURCE_DIR "/core");

using Names = QSet<QString>;

/// Rooms of core, each with those that it may use; all that those may use is added.
QMap<QString, Names> allowed() {
    QMap<QString, Names> rooms{
        {"base", {}},
        {"files", {"base"}},
        {"data", {"files"}},
        {"teacher", {"data"}},
        {"selection", {"base"}},
        {"text", {"files"}},
        {"engine", {"data", "teacher", "selection"}},
        {"student", {"text", "engine"}},
        {"training", {"text", "engine", "student"}},
        {"lab", {"engine"}},
        {"experiment", {"lab", "text"}},
        {"output", {"experiment"}},
    };
    for (int round = 0; round < rooms.size(); ++round)
        for (auto& room : rooms)
            for (const auto& used : Names(room))
                room += rooms.value(used);
    return rooms;
}

/// Of a library or program itself, not of what it uses.
QStringList needed(const QString& file) {
    QProcess readelf;
    readelf.start("readelf", {"--dynamic", "--wide", file});
    if (!readelf.waitForFinished() || readelf.exitCode() != 0)
        return {};
    static const QRegularExpression line(R"(\(NEEDED\).*\[(.+)\])");
    QStringList names;
    for (auto match = line.globalMatch(QString::fromUtf8(readelf.readAllStandardOutput())); match.hasNext();)
        names << match.next().captured(1);
    return names;
}

QString library(const QString& room) {
    return QStringLiteral("%1/libstillroom_%2.so").arg(Libraries, room);
}

/// "data" of "libstillroom_data.so", "" of any other.
QString roomOf(const QString& libraryName) {
    static const QRegularExpression ours("^libstillroom_(\\w+)\\.so");
    return ours.match(libraryName).captured(1);
}

bool isTorch(const QString& name) {
    static const QRegularExpression torch("^lib(torch|c10|caffe2)");
    return torch.match(name).hasMatch();
}

bool isWindow(const QString& name) {
    static const QRegularExpression window("^lib(Qt6(?!(Core|Sql|Network|DBus|Test|Concurrent|keychain)\\b)|"
                                           "qcustomplot|X11|xcb|(GL|EGL|OpenGL)\\b)",
                                           QRegularExpression::CaseInsensitiveOption);
    return window.match(name).hasMatch();
}

struct Include {
    QString file; ///< below core/
    int line;
    QString what;
    [[nodiscard]] QString where() const {
        return QStringLiteral("core/%1:%2 includes %3").arg(file).arg(line).arg(what);
    }
    [[nodiscard]] QString room() const { return file.section('/', 0, 0); }
};

QList<Include> includesOfCore() {
    static const QRegularExpression include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    QList<Include> all;
    QDirIterator files(Core, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const auto lines = file.readAll().split('\n');
        for (int i = 0; i < lines.size(); ++i)
            if (const auto match = include.match(QString::fromUtf8(lines[i])); match.hasMatch())
                all.append({QDir(Core).relativeFilePath(file.fileName()), i + 1, match.captured(1)});
    }
    return all;
}

} // namespace

class HouseTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void everyRoomIsKnown();
    void librariesUseOnlyThoseAbove_data() { rooms(); }
    void librariesUseOnlyThoseAbove();
    void sourcesUseOnlyThoseAbove();
    void sourcesKnowNoWindow();
    void torchStaysBehindItsDoor();
    void theWidgetsKnowNoTorch();
    void theCommandLineKnowsNoWindow();
    void theWindowLoadsNoTorchAtStart();

  private:
    static void rooms();
    QList<Include> includes_;
};

void HouseTest::initTestCase() {
    QProcess readelf;
    readelf.start("readelf", {"--version"});
    if (!readelf.waitForFinished() || readelf.exitCode() != 0)
        QSKIP("there is no readelf here (package binutils)");
    includes_ = includesOfCore();
    QVERIFY(includes_.size() > 200);
}

/// student and training are one library.
void HouseTest::rooms() {
    QTest::addColumn<QString>("room");
    for (const auto& room : allowed().keys())
        if (room != "student")
            QTest::newRow(qPrintable(room)) << (room == "training" ? "torch" : room);
}

void HouseTest::everyRoomIsKnown() {
    const auto rooms = allowed();
    for (const auto& folder : QDir(Core).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        QVERIFY2(rooms.contains(folder), qPrintable("core/" + folder + " is not in the table"));
    for (const auto& name : QDir(Libraries).entryList({"libstillroom_*.so"})) {
        const QString room = roomOf(name);
        QVERIFY2(rooms.contains(room) || room == "torch" || room == "widgets" || room == "report",
                 qPrintable(name + " is not in the table"));
    }
}

void HouseTest::librariesUseOnlyThoseAbove() {
    QFETCH(QString, room);
    const bool engine = room == "torch";
    const Names above = allowed().value(engine ? "training" : room);
    const QStringList names = needed(library(room));
    QVERIFY2(!names.isEmpty(), qPrintable(library(room) + " cannot be read"));
    for (const auto& name : names) {
        const QString said = QStringLiteral("%1 needs %2").arg(library(room), name);
        const QString other = roomOf(name);
        QVERIFY2(other.isEmpty() || above.contains(other), qPrintable(said));
        QVERIFY2(!isWindow(name), qPrintable(said));
        QVERIFY2(engine || !isTorch(name), qPrintable(said));
        if (room == "base" || room == "selection")
            QVERIFY2(!name.startsWith("libQt"), qPrintable(said));
    }
    // What is looked for is found where it should be.
    if (engine)
        QVERIFY(std::any_of(names.begin(), names.end(), isTorch));
    if (room == "files")
        QVERIFY(names.contains("libQt6Core.so.6"));
}

void HouseTest::sourcesUseOnlyThoseAbove() {
    const auto rooms = allowed();
    for (const auto& include : includes_) {
        const QString first = include.what.section('/', 0, 0);
        QVERIFY2(first != "widgets" && first != "app" && first != "tests", qPrintable(include.where()));
        if (first != "core")
            continue;
        const QString used = include.what.section('/', 1, 1);
        QVERIFY2(used == include.room() || rooms.value(include.room()).contains(used),
                 qPrintable(include.where()));
    }
}

void HouseTest::sourcesKnowNoWindow() {
    QString qtCore, qtNetwork;
    for (const auto& folder : QStringLiteral(STILLROOM_QT_HEADERS).split(':'))
        if (folder.endsWith("/QtCore"))
            qtCore = folder;
    qtNetwork = QFileInfo(qtCore).path() + "/QtNetwork";
    QVERIFY2(QFile::exists(qtCore + "/QString"), "Qt's headers are not where CMake says");
    static const QRegularExpression qt("^(Qt\\w+/.*|Q[A-Z]\\w*|q[a-z]+\\.h|qcustomplot.*)$");
    int found = 0;
    for (const auto& include : includes_) {
        if (!qt.match(include.what).hasMatch())
            continue;
        ++found;
        QVERIFY2(include.room() != "base" && include.room() != "selection", qPrintable(include.where()));
        const QString header = include.what.startsWith("QtCore/") ? include.what.mid(7) : include.what;
        const bool askingServers = include.room() == "teacher" && QFile::exists(qtNetwork + "/" + header);
        QVERIFY2(askingServers || QFile::exists(qtCore + "/" + header),
                 qPrintable(include.where() + ", no header of Qt Core"));
    }
    QVERIFY(found > 0);
}

void HouseTest::torchStaysBehindItsDoor() {
    static const QRegularExpression torch("^(torch|ATen|c10|caffe2)/");
    int found = 0;
    for (const auto& include : includes_) {
        if (!torch.match(include.what).hasMatch())
            continue;
        ++found;
        QVERIFY2(include.room() == "student" || include.room() == "training", qPrintable(include.where()));
    }
    QVERIFY(found > 0);
}

void HouseTest::theWidgetsKnowNoTorch() {
    const QStringList names = needed(library("widgets"));
    QVERIFY(names.contains("libQt6Widgets.so.6"));
    for (const auto& name : names)
        QVERIFY2(!isTorch(name) && roomOf(name) != "torch", qPrintable("the widgets need " + name));
}

void HouseTest::theCommandLineKnowsNoWindow() {
    const QStringList names = needed(Programs + "/stillroom-cli");
    QVERIFY(names.contains("libstillroom_experiment.so"));
    for (const auto& name : names)
        QVERIFY2(!isWindow(name) && !isTorch(name) && roomOf(name) != "widgets" && roomOf(name) != "report" &&
                     roomOf(name) != "torch",
                 qPrintable("stillroom-cli needs " + name));
}

void HouseTest::theWindowLoadsNoTorchAtStart() {
    if (!QFile::exists(Programs + "/stillroom"))
        QSKIP("the window is not built here");
    QProcess ldd;
    ldd.start("ldd", {Programs + "/stillroom"});
    QVERIFY(ldd.waitForFinished() && ldd.exitCode() == 0);
    const auto lines = QString::fromUtf8(ldd.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
    QVERIFY(lines.size() > 20);
    for (const auto& line : lines)
        QVERIFY2(!isTorch(line.trimmed()), qPrintable("stillroom needs" + line));
}

QTEST_GUILESS_MAIN(HouseTest)
#include "house_test.moc"
