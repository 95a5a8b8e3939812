// A window driven as a user drives it, by clicks and keys, for tests of what it teaches with.
#pragma once

#include "tests/app/window_under_test.h"

#include "core/engine/engine.h"
#include "tests/app/made_up_data.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

namespace stillroom::test {

/// Before the first window: settings of its own, one look everywhere.
inline void prepareApplication() {
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setStyle(QStringLiteral("Fusion"));
    applyTheme(ThemeMode::Light);
}

inline std::unique_ptr<MainWindow> makeWindow(const QTemporaryDir& scratch, const QSize& size = {1440, 900}) {
    RunPlaces places;
    places.runsFolder = scratch.filePath(QStringLiteral("runs"));
    auto window = std::make_unique<MainWindow>(places);
    window->resize(size);
    window->show();
    return window;
}

inline bool waitFor(MainWindow& window, RunState state, int milliseconds = 120'000) {
    return QTest::qWaitFor([&] { return window.controller()->state() == state; }, milliseconds);
}

/// Writes made-up data and an experiment over them; its path.
inline QString writeExperiment(const QTemporaryDir& scratch, int rows, int epochs,
                               const std::string& more = {}) {
    const QString data = scratch.filePath(QStringLiteral("data.csv"));
    const QString yaml = scratch.filePath(QStringLiteral("made-up.yaml"));
    if (!QFile::exists(data) && !writeData(data, rows))
        qFatal("the data could not be written");
    QFile file(yaml);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("the experiment could not be written");
    const std::string text = experimentYaml(data, epochs, more);
    file.write(text.data(), static_cast<qint64>(text.size()));
    return yaml;
}

/// The same, opened and read.
inline std::unique_ptr<MainWindow> makeReadyWindow(const QTemporaryDir& scratch, const QString& yaml,
                                                   const QSize& size = {1440, 900}) {
    auto window = makeWindow(scratch, size);
    window->openExperiment(yaml);
    if (!waitFor(*window, RunState::Ready))
        qFatal("the experiment was not read");
    return window;
}

inline QAction* action(MainWindow& window, const QString& text) {
    for (auto* found : window.findChildren<QAction*>())
        if (found->text().remove(u'&') == text)
            return found;
    return nullptr;
}

/// The window's experiment is of no more interest: closing asks nothing.
inline void forget(MainWindow& window) {
    window.document()->undoStack()->setClean();
}

/// Where WordNet is installed, and the engine can be loaded.
inline bool demoCanRun() {
    return QFile::exists(QStringLiteral("/usr/share/wordnet/data.noun")) && bool(loadEngine());
}

/// Chooses an item as a hand does: opens the list, clicks the item.
inline bool chooseByClicks(QComboBox* box, const QString& text) {
    const int item = box->findText(text);
    if (item < 0)
        return false;
    QTest::mouseClick(box, Qt::LeftButton);
    auto* list = box->view();
    if (!QTest::qWaitFor([&] { return list->isVisible(); }, 5000))
        return false;
    const QModelIndex index = box->model()->index(item, 0);
    list->scrollTo(index);
    // A list that has just opened takes a release for the end of the press that opened it, until a timer of
    // its own has fired. A wait may end without that on a busy machine; a timer that ends later may not.
    QTimer opened;
    opened.setSingleShot(true);
    opened.start(QApplication::doubleClickInterval() * 5 / 4);
    if (!QTest::qWaitFor([&] { return !opened.isActive(); }, 30'000))
        return false;
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(index).center());
    return QTest::qWaitFor([&] { return box->currentIndex() == item; }, 5000);
}

} // namespace stillroom::test
