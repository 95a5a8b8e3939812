// A dialog as high as what it says: wrapped texts change their height with their words.
#pragma once

#include <QDialog>
#include <QLayout>
#include <algorithm>

namespace stillroom {

/// Keeps the width. GUI thread.
inline void fitHeight(QDialog& dialog) {
    QLayout* layout = dialog.layout();
    if (layout == nullptr) // it is still being put together
        return;
    layout->activate();
    dialog.resize(dialog.width(),
                  std::max(dialog.sizeHint().height(), layout->totalHeightForWidth(dialog.width())));
}

} // namespace stillroom
