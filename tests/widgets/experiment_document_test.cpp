#include "widgets/experiment_document.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

QString decay() {
    return QStringLiteral("selection.decay");
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class ExperimentDocumentTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void aSettingIsUndoneAndRedone() {
        ExperimentDocument document;
        QSignalSpy changed(&document, &ExperimentDocument::changed);
        QVERIFY(document.set(decay(), "0.999"));
        QCOMPARE(decayOf(document.experiment().selection).from, 0.999);
        QVERIFY(!document.isDefault(decay()));
        QVERIFY(document.dirty());
        document.undoStack()->undo();
        QCOMPARE(decayOf(document.experiment().selection).from, 0.99);
        QVERIFY(document.isDefault(decay()));
        QVERIFY(!document.dirty());
        document.undoStack()->redo();
        QCOMPARE(decayOf(document.experiment().selection).from, 0.999);
        QCOMPARE(changed.count(), 3);
        QCOMPARE(changed.at(0).at(0).toString(), decay());
    }

    void theSameValueMakesNoStep() {
        ExperimentDocument document;
        QVERIFY(document.set(decay(), "0.99"));
        QCOMPARE(document.undoStack()->count(), 0);
    }

    void aDragIsOneStep() {
        ExperimentDocument document;
        const int drag = document.newDrag();
        for (const char* value : {"0.5", "0.6", "0.7"})
            QVERIFY(document.set(decay(), value, drag));
        QCOMPARE(document.undoStack()->count(), 1);
        const int another = document.newDrag();
        QVERIFY(document.set(decay(), "0.8", another));
        QCOMPARE(document.undoStack()->count(), 2);
        document.undoStack()->undo();
        QCOMPARE(decayOf(document.experiment().selection).from, 0.7);
        document.undoStack()->undo();
        QCOMPARE(decayOf(document.experiment().selection).from, 0.99);
    }

    void aDragThatComesBackIsNoStep() {
        ExperimentDocument document;
        const int drag = document.newDrag();
        QVERIFY(document.set(decay(), "0.5", drag));
        QVERIFY(document.set(decay(), "0.99", drag));
        QCOMPARE(document.undoStack()->count(), 0);
        QVERIFY(!document.dirty());
    }

    void aWrongValueChangesNothing() {
        ExperimentDocument document;
        const auto done = document.set(QStringLiteral("training.epochs"), "many");
        QVERIFY(!done);
        QVERIFY(!done.error().message.empty());
        QCOMPARE(document.undoStack()->count(), 0);
        QCOMPARE(document.experiment(), Experiment{});
    }

    void severalSettingsAreOneStepOrNone() {
        ExperimentDocument document;
        QVERIFY(document.setAll("two", {{decay(), "0.9"}, {"training.epochs", "3"}}));
        QCOMPARE(document.undoStack()->count(), 1);
        QVERIFY(!document.setAll("bad", {{decay(), "0.8"}, {"training.epochs", "x"}}));
        QCOMPARE(decayOf(document.experiment().selection).from, 0.9);
        document.undoStack()->undo();
        QCOMPARE(document.experiment(), Experiment{});
    }

    void resetGoesBackToTheDefaults() {
        ExperimentDocument document;
        QVERIFY(document.set("selection.cut", "0.9"));
        QVERIFY(document.set("selection.ratio", "{from: 1, to: 0.5, shape: linear}"));
        QVERIFY(document.set("training.epochs", "3"));
        const QStringList keys = {"selection.cut", "selection.ratio", "selection.decay"};
        QCOMPARE(document.changedCount(keys), 2);
        document.reset(keys, "defaults");
        QCOMPARE(document.changedCount(keys), 0);
        QVERIFY(!document.experiment().selection.cut.has_value());
        QCOMPARE(document.experiment().training.epochs, 3); // not among the keys
        document.undoStack()->undo();
        QCOMPARE(document.changedCount(keys), 2);
    }

    void everyDefaultCanBeSet() {
        ExperimentDocument document;
        QStringList keys;
        for (const auto& key : settingKeys())
            keys << QString::fromStdString(key);
        QVERIFY(document.set("name", "another"));
        document.reset(keys, "all");
        QCOMPARE(document.experiment(), Experiment{});
    }

    void savedAndReadAgain() {
        QTemporaryDir folder;
        const QString path = folder.filePath("a.yaml");
        ExperimentDocument document;
        QVERIFY(document.set(decay(), "0.9"));
        QSignalSpy saved(&document, &ExperimentDocument::saved);
        document.saveAs(path);
        QVERIFY(saved.wait());
        QVERIFY(!document.dirty());
        QCOMPARE(document.path(), path);
        QVERIFY(contents(path).contains("decay: 0.9"));

        document.undoStack()->undo();
        QVERIFY(document.dirty()); // the file has what was undone
        ExperimentDocument other;
        QSignalSpy replaced(&other, &ExperimentDocument::replaced);
        other.open(path);
        QVERIFY(replaced.wait());
        QCOMPARE(decayOf(other.experiment().selection).from, 0.9);
        QCOMPARE(other.undoStack()->count(), 0);
        QCOMPARE(other.folder(), folder.path());
    }

    void aBadFileIsOneSentenceAndChangesNothing() {
        QTemporaryDir folder;
        const QString path = folder.filePath("bad.yaml");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("selction: {rule: all}\n");
        file.close();
        ExperimentDocument document;
        QVERIFY(document.set(decay(), "0.9"));
        QSignalSpy failed(&document, &ExperimentDocument::failed);
        document.open(path);
        QVERIFY(failed.wait());
        QCOMPARE(decayOf(document.experiment().selection).from, 0.9);
        QVERIFY(document.dirty());
    }

    void aFailedSaveLeavesTheChangesUnsaved() {
        ExperimentDocument document;
        QVERIFY(document.set(decay(), "0.9"));
        QSignalSpy failed(&document, &ExperimentDocument::failed);
        document.saveAs("/no/such/folder/a.yaml");
        QVERIFY(failed.wait());
        QVERIFY(document.dirty());
        QVERIFY(document.path().isEmpty());
    }
};

QTEST_GUILESS_MAIN(ExperimentDocumentTest)
#include "experiment_document_test.moc"
