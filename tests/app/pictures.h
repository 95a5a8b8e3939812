// Pictures of what a test shows, into build/screenshots/ of the source tree, to be looked at.
#pragma once

#include "widgets/theme.h"

#include <QDir>
#include <QImage>
#include <QList>
#include <QPixmap>
#include <QTest>
#include <QWidget>
#include <functional>
#include <utility>

namespace stillroom::test {

class Pictures {
  public:
    /// `prefix`: of every name.
    explicit Pictures(QString prefix = {}) : prefix_(std::move(prefix)) {
        if (!folder_.mkpath(QStringLiteral(".")))
            qFatal("%s cannot be made", qPrintable(folder_.path()));
    }
    [[nodiscard]] const QDir& folder() const { return folder_; }

    void save(const QImage& image, const QString& name) const {
        const QString path = folder_.filePath(prefix_ + name + QStringLiteral(".png"));
        QVERIFY2(image.save(path), qPrintable(path));
    }
    /// A widget as it is now; what was asked to be drawn later is drawn first.
    void save(QWidget& widget, const QString& name, int turns = 3) const {
        for (int i = 0; i < turns; ++i)
            QTest::qWait(40);
        save(widget.grab().toImage(), name);
    }

    /// Calls `shoot` with "light-1440" and its like, in both themes and each size. It stays dark.
    static void inEveryLook(QWidget& window, const QList<QSize>& sizes,
                            const std::function<void(const QString& look)>& shoot) {
        for (const auto mode : {ThemeMode::Light, ThemeMode::Dark}) {
            applyTheme(mode);
            for (const auto& size : sizes) {
                window.resize(size);
                shoot(QStringLiteral("%1-%2").arg(themeModeName(mode)).arg(size.width()));
            }
        }
    }

  private:
    QString prefix_;
    QDir folder_{QStringLiteral(STILLROOM_SOURCE_DIR "/build/screenshots")};
};

} // namespace stillroom::test
