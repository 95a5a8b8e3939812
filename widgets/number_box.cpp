#include "widgets/number_box.h"

#include "core/base/number.h"
#include "widgets/text.h"

#include <cmath>

namespace stillroom {
namespace {

QString bare(const QDoubleSpinBox& box, QString text) {
    if (!box.prefix().isEmpty() && text.startsWith(box.prefix()))
        text.remove(0, box.prefix().size());
    if (!box.suffix().isEmpty() && text.endsWith(box.suffix()))
        text.chop(box.suffix().size());
    return text.remove(u',').trimmed();
}

} // namespace

NumberBox::NumberBox(QWidget* parent) : QDoubleSpinBox(parent) {
    setAlignment(Qt::AlignRight);
    setKeyboardTracking(false);
    setButtonSymbols(NoButtons);
    setFocusPolicy(Qt::StrongFocus);
}

QString NumberBox::textFromValue(double value) const {
    if (fixed_)
        return QString::number(value, 'f', decimals());
    if (std::abs(value) >= 1000 && value == std::floor(value) && std::abs(value) < 9e15)
        return grouped(std::llround(value));
    return toQString(writeNumber(value));
}

double NumberBox::valueFromText(const QString& text) const {
    if (!specialValueText().isEmpty() && text == specialValueText())
        return minimum();
    return readNumber(bare(*this, text).toStdString()).value_or(value());
}

void NumberBox::focusInEvent(QFocusEvent* event) {
    QDoubleSpinBox::focusInEvent(event);
    // Words in the place of a number are typed over as a whole.
    if (!specialValueText().isEmpty() && value() == minimum())
        QMetaObject::invokeMethod(this, &NumberBox::selectAll, Qt::QueuedConnection);
}

QValidator::State NumberBox::validate(QString& text, int&) const {
    if (!specialValueText().isEmpty() && text == specialValueText())
        return QValidator::Acceptable;
    const auto number = readNumber(bare(*this, text).toStdString());
    if (!number)
        return QValidator::Intermediate;
    return *number >= minimum() && *number <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

} // namespace stillroom
