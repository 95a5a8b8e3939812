#include "widgets/class_box.h"

#include "widgets/row_copy.h"
#include "widgets/text.h"

#include <QAbstractItemView>
#include <QSignalBlocker>
#include <QStylePainter>

namespace stillroom {
namespace {
constexpr int LettersShown = 15;
} // namespace

ClassBox::ClassBox(const QString& all, QWidget* parent) : QComboBox(parent) {
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(LettersShown);
    view()->setTextElideMode(Qt::ElideMiddle);
    addItem(all);
    connect(this, &QComboBox::activated, this, [this](int index) {
        setToolTip(index > 0 ? asTip(currentText()) : QString());
        Q_EMIT chosen(index - 1);
    });
}

void ClassBox::setClasses(const std::vector<std::string>& classes) {
    const QSignalBlocker quiet(this);
    while (count() > 1)
        removeItem(count() - 1);
    for (const auto& name : classes) {
        addItem(toQString(name));
        setItemData(count() - 1, asTip(toQString(name)), Qt::ToolTipRole);
    }
    setLabel(-1);
}

void ClassBox::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const int room =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width();
    option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideMiddle, room - 4);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

void ClassBox::setLabel(int label) {
    setCurrentIndex(label + 1 < count() ? label + 1 : 0);
    setToolTip(label >= 0 ? asTip(currentText()) : QString());
}

} // namespace stillroom
