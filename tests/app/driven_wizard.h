// The import wizard driven as a user drives it, by clicks and keys.
#pragma once

#include "tests/app/driven_window.h"

#include "widgets/import_wizard.h"
#include "widgets/number_table.h"
#include "widgets/preview_table.h"
#include "widgets/role_header.h"

#include <QCheckBox>
#include <QDropEvent>
#include <QMimeData>
#include <QTabBar>
#include <QTableWidget>
#include <QToolButton>

namespace stillroom::test {

/// Drops files on a widget, as a file manager does.
inline void dropOn(QWidget* target, const QStringList& paths) {
    QMimeData mime;
    QList<QUrl> urls;
    for (const auto& path : paths)
        urls << QUrl::fromLocalFile(path);
    mime.setUrls(urls);
    QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &enter);
    if (!enter.isAccepted())
        qFatal("the drop is refused");
    QDropEvent drop(QPointF(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &drop);
}

/// Chooses an item by keys: to the top, then down.
inline bool chooseByKeys(QComboBox* box, const QString& text) {
    int item = -1;
    for (int i = 0; i < box->count(); ++i)
        if (box->itemText(i) == text)
            item = i;
    if (item < 0 || !box->isEnabled())
        return false;
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < item; ++i)
        QTest::keyClick(box, Qt::Key_Down);
    return box->currentIndex() == item;
}

class DrivenWizard {
  public:
    explicit DrivenWizard(MainWindow& window) : window_(window) {}

    /// Drops the files on the main window and waits for the wizard to have looked at them.
    bool open(const QStringList& paths) {
        dropOn(&window_, paths);
        return find() && waitForLook(paths.size() > 0);
    }
    bool find() {
        wizard_ = nullptr;
        return QTest::qWaitFor(
            [&] {
                for (auto* found : window_.findChildren<ImportWizard*>())
                    if (found->isVisible())
                        wizard_ = found;
                return wizard_ != nullptr;
            },
            5000);
    }
    bool waitForLook(bool any) {
        return QTest::qWaitFor([&] { return !any || !wizard_->plan().files.empty(); }, 60'000);
    }
    [[nodiscard]] ImportWizard* operator->() const { return wizard_; }
    [[nodiscard]] ImportWizard* get() const { return wizard_; }

    [[nodiscard]] QPushButton* button(const QString& text) const {
        for (auto* found : wizard_->findChildren<QPushButton*>())
            if (found->text().remove(u'&') == text)
                return found;
        return nullptr;
    }
    /// The sentence beside the buttons.
    [[nodiscard]] QString problem() const {
        const auto* back = button(QStringLiteral("Back"));
        for (auto* label : wizard_->findChildren<QLabel*>())
            if (label->isVisible() && label->parentWidget() == back->parentWidget())
                return label->text();
        return {};
    }
    [[nodiscard]] bool canGoOn() const {
        const auto* next = button(QStringLiteral("Next")) != nullptr ? button(QStringLiteral("Next"))
                                                                     : button(QStringLiteral("Finish"));
        return next->isEnabled();
    }
    bool waitUntilSettled() {
        return QTest::qWaitFor([&] { return canGoOn(); }, 120'000);
    }
    /// Clicks Next once it can be, and waits until what the next page asks is answered.
    bool next(bool settled = true) {
        if (!waitUntilSettled())
            return false;
        const int before = wizard_->page();
        QTest::mouseClick(button(QStringLiteral("Next")), Qt::LeftButton);
        return wizard_->page() == before + 1 && (!settled || waitUntilSettled());
    }
    bool goTo(int page) {
        while (wizard_->page() < page)
            if (!next())
                return false;
        return true;
    }
    bool finish() {
        if (!waitUntilSettled())
            return false;
        QTest::mouseClick(button(QStringLiteral("Finish")), Qt::LeftButton);
        return QTest::qWaitFor([&] { return window_.findChildren<ImportWizard*>().isEmpty(); }, 20'000);
    }

    /// The visible child with this accessible name.
    template <class Widget>
    [[nodiscard]] Widget* named(const QString& name) const {
        for (auto* found : wizard_->findChildren<Widget*>())
            if (found->isVisible() && found->accessibleName() == name)
                return found;
        return nullptr;
    }
    template <class Button>
    [[nodiscard]] Button* link(const QString& text) const {
        for (auto* found : wizard_->findChildren<Button*>())
            if (found->isVisible() && found->text() == text)
                return found;
        return nullptr;
    }
    [[nodiscard]] PreviewTable* preview() const {
        for (auto* found : wizard_->findChildren<PreviewTable*>())
            if (found->isVisible())
                return found;
        return nullptr;
    }
    [[nodiscard]] QComboBox* roleOf(const QString& column) const {
        return named<QComboBox>(QStringLiteral("What column %1 is").arg(column));
    }
    [[nodiscard]] bool says(const QString& words) const {
        for (auto* label : wizard_->findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(words))
                return true;
        return false;
    }
    /// Types a name over a class on the page Classes.
    bool rename(const QString& label, const QString& name) {
        auto* table = named<QTableWidget>(QStringLiteral("Labels and their classes"));
        for (int row = 0; row < table->rowCount(); ++row) {
            if (table->item(row, 0)->text() != label)
                continue;
            table->setFocus();
            QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                              table->visualItemRect(table->item(row, 1)).center());
            QTest::keyClick(table, Qt::Key_Return);
            return type(name) && table->item(row, 1)->text() == name;
        }
        return false;
    }
    /// Into the cell that is being edited.
    bool type(const QString& text) {
        QLineEdit* edit = nullptr;
        auto* table = named<QTableWidget>(QStringLiteral("Labels and their classes"));
        if (!QTest::qWaitFor(
                [&] {
                    edit = table->findChild<QLineEdit*>();
                    return edit != nullptr;
                },
                5000))
            return false;
        QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
        return QTest::qWaitFor([&] { return table->findChild<QLineEdit*>() == nullptr; }, 5000);
    }

  private:
    MainWindow& window_;
    ImportWizard* wizard_ = nullptr;
};

} // namespace stillroom::test
