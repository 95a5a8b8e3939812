#include "widgets/left_windows.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

const OpenInWindow Open{"/home/me/ü x.yaml", "humaid", "/data", "/runs/1"};

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class LeftWindowsTest : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<QTemporaryDir> scratch_;

    [[nodiscard]] LeftWindows files() const { return LeftWindows(scratch_->filePath("state/windows")); }
    [[nodiscard]] QStringList names() const {
        return QDir(scratch_->filePath("state/windows"))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    void becomeAnothers(const QString& id, const QString& key, const QJsonValue& value) {
        const QString path = scratch_->filePath("state/windows/" + id + ".json");
        auto object = QJsonDocument::fromJson(contents(path)).object();
        object.insert(key, value);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(object).toJson());
    }

  private Q_SLOTS:
    void init() { scratch_ = std::make_unique<QTemporaryDir>(); }

    void thoseThatRunAreNotLeft() {
        QVERIFY(files().left().isEmpty()); // without a folder
        const QString one = LeftWindows::newId(), two = LeftWindows::newId();
        QVERIFY(one != two);
        QVERIFY(files().write(one, Open));
        QVERIFY(files().writeEdits(one, "name: x\n"));
        QVERIFY(files().write(two, Open));
        QVERIFY(files().left().isEmpty());
        QCOMPARE(names().size(), 3);
        files().remove(one);
        files().remove(two);
        QVERIFY(names().isEmpty());
    }

    void aProcessThatIsGoneIsFound_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<bool>("isLeft");
        QTest::newRow("no such process")
            << "pid" << QJsonValue(4'194'305) << true; // more than the kernel gives
        QTest::newRow("the number is another's") << "started" << QJsonValue(1) << true;
        QTest::newRow("the machine began anew") << "boot" << QJsonValue("before") << true;
        QTest::newRow("another machine") << "host" << QJsonValue("elsewhere") << false;
        QTest::newRow("damaged") << "pid" << QJsonValue(QJsonValue::Null) << true;
    }
    void aProcessThatIsGoneIsFound() {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        QFETCH(bool, isLeft);
        const QString id = LeftWindows::newId();
        QVERIFY(files().write(id, Open));
        QVERIFY(files().writeEdits(id, "name: x\n"));
        becomeAnothers(id, key, value);
        const auto left = files().left();
        QCOMPARE(left.size(), isLeft ? 1 : 0);
        if (!isLeft)
            return;
        QCOMPARE(left[0].id, id);
        QCOMPARE(left[0].open, Open);
        QCOMPARE(contents(left[0].edits), QByteArray("name: x\n"));
        QVERIFY(left[0].when.secsTo(QDateTime::currentDateTime()) < 60);
    }

    void nothingToTellIsSwept() {
        const QString id = LeftWindows::newId();
        QVERIFY(files().write(id, {"/e.yaml", "e", "/", {}}));
        becomeAnothers(id, "started", 1);
        QVERIFY(files().left().isEmpty());
        QVERIFY(names().isEmpty());
    }

    void whatIsSettledIsNotToldAgain() {
        const QString id = LeftWindows::newId();
        QVERIFY(files().write(id, Open));
        QVERIFY(files().writeEdits(id, "name: x\n"));
        becomeAnothers(id, "started", 1);
        files().settleRun(id);
        auto left = files().left();
        QCOMPARE(left.size(), 1);
        QVERIFY(left[0].open.run.isEmpty() && !left[0].edits.isEmpty());
        QCOMPARE(left[0].open.experiment, Open.experiment);
        files().settleEdits(id);
        QVERIFY(names().isEmpty());

        // The other way round.
        QVERIFY(files().write(id, Open));
        QVERIFY(files().writeEdits(id, "name: x\n"));
        becomeAnothers(id, "started", 1);
        files().settleEdits(id);
        left = files().left();
        QCOMPARE(left.size(), 1);
        QVERIFY(!left[0].open.run.isEmpty() && left[0].edits.isEmpty());
        files().settleRun(id);
        QVERIFY(names().isEmpty());
    }

    void aFolderThatCannotBeMadeIsASentence() {
        QFile file(scratch_->filePath("state"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto written = files().write(LeftWindows::newId(), Open);
        QVERIFY(!written);
        QVERIFY(
            QString::fromStdString(written.error().message).contains(scratch_->filePath("state/windows")));
    }
};

QTEST_GUILESS_MAIN(LeftWindowsTest)
#include "left_windows_test.moc"
