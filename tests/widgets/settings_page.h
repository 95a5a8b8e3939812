// A page of settings alone, without a window, and what its rows show.
#pragma once

#include "widgets/experiment_document.h"
#include "widgets/run_controller.h"
#include "widgets/setting_control.h"
#include "widgets/setting_row.h"
#include "widgets/theme.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

namespace stillroom::test {

/// The cache of every encoder that a test looks for: empty, until the test puts one there.
class OwnCache {
  public:
    OwnCache() { qputenv("STILLROOM_CACHE", folder_.path().toUtf8()); }
    [[nodiscard]] QString encoder(const QString& name) const {
        return folder_.filePath(QStringLiteral("encoders/") + name);
    }

  private:
    QTemporaryDir folder_;
};

template <class PageType>
struct OpenPage {
    ExperimentDocument document;
    RunController controller{&document, {}};
    PageType page{&controller};

    OpenPage() {
        page.resize(320, 900);
        page.show();
    }
    [[nodiscard]] const Experiment& experiment() const { return document.experiment(); }
    [[nodiscard]] SettingRow* row(const QString& key) {
        for (auto* found : page.template findChildren<SettingRow*>())
            if (found->key() == key)
                return found;
        return nullptr;
    }
    [[nodiscard]] bool shows(const QString& key) { return row(key) != nullptr && row(key)->isVisible(); }
    /// The words under a setting.
    [[nodiscard]] QString says(const QString& key) {
        const auto labels = row(key)->template findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly);
        return labels.last()->text();
    }
    /// What a setting's control has written in it.
    [[nodiscard]] QString written(const QString& key) {
        if (auto* box = row(key)->template findChild<QComboBox*>())
            return box->currentText();
        if (auto* box = row(key)->template findChild<QAbstractSpinBox*>())
            return box->text();
        return row(key)->template findChild<QLineEdit*>()->text();
    }
    /// Chooses as a hand does.
    void choose(const QString& key, const QString& name) {
        auto* box = row(key)->template findChild<QComboBox*>();
        const int index = box->findText(name);
        QVERIFY2(index >= 0, qPrintable(name));
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    /// Types into a text and leaves it.
    void type(const QString& key, const QString& text) {
        auto* edit = row(key)->template findChild<QLineEdit*>();
        edit->setText(text);
        Q_EMIT edit->editingFinished();
    }
    /// Words that any visible label of the page has.
    [[nodiscard]] bool hasLabel(const QString& words) {
        for (auto* label : page.template findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(words))
                return true;
        return false;
    }
};

} // namespace stillroom::test
