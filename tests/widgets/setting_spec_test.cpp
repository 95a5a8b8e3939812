// Every setting of the YAML has its words in the window, or is left out on purpose.
#include "widgets/setting_spec.h"

#include "core/experiment/experiment.h"

#include <QSet>
#include <QTest>

using namespace stillroom;

class SettingSpecTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everySettingHasWords() {
        const QSet<QString> leftOut = {"teacher.calibration"}; // there is one choice
        for (const auto& key : settingKeys()) {
            const QString name = QString::fromStdString(key);
            if (leftOut.contains(name) ||
                key.starts_with("asking.")) // asking in rounds is the command line's
                continue;
            const SettingSpec& spec = settingSpec(name);
            QCOMPARE(spec.key, name);
            QVERIFY2(!spec.label.isEmpty() && !spec.tip.isEmpty(), key.c_str());
            QCOMPARE(spec.values.size(), spec.names.size());
        }
    }

    void everyChoiceCanBeChosen() {
        for (const auto& key : settingKeys()) {
            if (key == "teacher.calibration" || key.starts_with("asking."))
                continue;
            for (const auto& value : settingSpec(QString::fromStdString(key)).values) {
                Experiment experiment;
                const auto done = setSetting(experiment, key, value.toStdString());
                QVERIFY2(done, qPrintable(value));
                QCOMPARE(QString::fromStdString(settingValue(experiment, key)), value);
            }
        }
    }
};

QTEST_GUILESS_MAIN(SettingSpecTest)
#include "setting_spec_test.moc"
