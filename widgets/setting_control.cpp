#include "widgets/setting_control.h"

#include "core/base/number.h"
#include "core/experiment/experiment.h"
#include "widgets/schedule_control.h"
#include "widgets/slider_control.h"
#include "widgets/switch.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStyle>

namespace stillroom {
namespace {

/// Gives the wheel to the page around a control that has no focus: scrolling must not change settings.
class WheelGuard : public QObject {
  public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (event->type() == QEvent::Wheel && widget != nullptr && !widget->hasFocus()) {
            event->ignore();
            return true;
        }
        return false;
    }
};

QHBoxLayout* rowOf(QWidget* widget) {
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Gap);
    return row;
}

void markWrong(QWidget* widget, bool wrong) {
    if (widget->property("wrong").toBool() == wrong)
        return;
    widget->setProperty("wrong", wrong);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QString plain(const QString& yaml) {
    // The control shows the text itself; quotes are YAML's. Only texts that need them come in quotes.
    if (yaml.size() < 2 || (yaml[0] != u'"' && yaml[0] != u'\''))
        return yaml;
    Experiment scratch;
    const auto read = setSetting(scratch, "data.train.text", yaml.toStdString());
    return read ? toQString(scratch.data.train.text) : yaml;
}

class ChoiceControl : public SettingControl {
  public:
    ChoiceControl(const SettingSpec& spec, QWidget* parent)
        : SettingControl(parent), values_(spec.values), box_(new QComboBox) {
        box_->addItems(spec.names);
        box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box_->setMinimumContentsLength(8);
        box_->setFocusPolicy(Qt::StrongFocus);
        box_->installEventFilter(new WheelGuard(box_));
        box_->setAccessibleName(spec.label);
        rowOf(this)->addWidget(box_);
        setFocusProxy(box_);
        connect(box_, &QComboBox::activated, this, [this](int index) {
            if (index < values_.size())
                Q_EMIT edited(values_[index], false);
        });
    }
    void show(const QString& yaml) override {
        auto index = values_.indexOf(yaml);
        if (index < 0) { // known to the YAML, not to us: cuda:3
            values_ << yaml;
            box_->addItem(yaml);
            index = values_.size() - 1;
        }
        box_->setCurrentIndex(static_cast<int>(index));
    }
    /// Further values, called by their own names: devices.
    void offer(const QStringList& values) override {
        for (const auto& value : values)
            if (!values_.contains(value)) {
                values_ << value;
                box_->addItem(value);
            }
    }
    void setWrong(bool wrong) override { markWrong(box_, wrong); }

  private:
    QStringList values_;
    QComboBox* box_;
};

class SwitchControl : public SettingControl {
  public:
    SwitchControl(const SettingSpec& spec, QWidget* parent) : SettingControl(parent), switch_(new Switch) {
        switch_->setAccessibleName(spec.label);
        auto* row = rowOf(this);
        row->addStretch(1);
        row->addWidget(switch_);
        setFocusProxy(switch_);
        connect(switch_, &Switch::clicked, this, [this](bool on) {
            Q_EMIT edited(on ? QStringLiteral("true") : QStringLiteral("false"), false);
        });
    }
    void show(const QString& yaml) override {
        switch_->setChecked(yaml == QLatin1String("true") || yaml == QLatin1String("on"));
    }

  private:
    Switch* switch_;
};

class NumberControl : public SettingControl {
  public:
    NumberControl(const SettingSpec& spec, QWidget* parent) : SettingControl(parent), box_(new NumberBox) {
        box_->setDecimals(spec.decimals);
        box_->setRange(spec.low, spec.high);
        box_->setSingleStep(spec.step);
        box_->setAccessibleName(spec.label);
        if (spec.optional)
            box_->setSpecialValueText(spec.placeholder); // the lowest value means that there is none
        box_->installEventFilter(new WheelGuard(box_));
        rowOf(this)->addWidget(box_);
        setFocusProxy(box_);
        connect(box_, &QDoubleSpinBox::valueChanged, this, [this, optional = spec.optional](double value) {
            Q_EMIT edited(optional && value == box_->minimum() ? QString() : toQString(writeNumber(value)),
                          false);
        });
    }
    void show(const QString& yaml) override {
        const QSignalBlocker quiet(box_);
        box_->setValue(readNumber(yaml.toStdString()).value_or(box_->minimum()));
    }

  private:
    NumberBox* box_;
};

class TextControl : public SettingControl {
  public:
    TextControl(const SettingSpec& spec, QWidget* parent)
        : SettingControl(parent), key_(spec.key), yaml_(spec.yaml), edit_(new QLineEdit) {
        edit_->setPlaceholderText(spec.placeholder);
        edit_->setAccessibleName(spec.label);
        rowOf(this)->addWidget(edit_);
        setFocusProxy(edit_);
        connect(edit_, &QLineEdit::editingFinished, this, [this] {
            if (edit_->text() == shown_)
                return;
            const QString text = edit_->text();
            Q_EMIT edited(yaml_ ? text.trimmed() : toQString(textAsYaml(text.toStdString())), false);
        });
    }
    void show(const QString& yaml) override {
        shown_ = yaml_ ? yaml : plain(yaml);
        if (edit_->text() != shown_)
            edit_->setText(shown_);
        // Of a path its end says most.
        const bool path = key_.endsWith(QLatin1String(".file")) || key_.endsWith(QLatin1String(".files"));
        edit_->setCursorPosition(path ? static_cast<int>(shown_.size()) : 0);
        if (path)
            edit_->setToolTip(shown_);
    }
    void setWrong(bool wrong) override { markWrong(edit_, wrong); }

  private:
    QString key_, shown_;
    bool yaml_; ///< a structure is typed as YAML ([3, 5]), a text as it is
    QLineEdit* edit_;
};

class ColumnControl : public SettingControl {
  public:
    ColumnControl(const SettingSpec& spec, QWidget* parent) : SettingControl(parent), box_(new QComboBox) {
        box_->setEditable(true);
        box_->setInsertPolicy(QComboBox::NoInsert);
        box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box_->setMinimumContentsLength(8);
        box_->setFocusPolicy(Qt::StrongFocus);
        box_->installEventFilter(new WheelGuard(box_));
        box_->lineEdit()->setPlaceholderText(spec.placeholder);
        box_->setAccessibleName(spec.label);
        rowOf(this)->addWidget(box_);
        setFocusProxy(box_);
        connect(box_, &QComboBox::activated, this, [this] { say(); });
        connect(box_->lineEdit(), &QLineEdit::editingFinished, this, [this] { say(); });
    }
    void show(const QString& yaml) override {
        shown_ = plain(yaml);
        const QSignalBlocker quiet(box_);
        box_->setCurrentIndex(box_->findText(shown_));
        box_->setEditText(shown_);
    }
    void offer(const QStringList& columns) override {
        const QSignalBlocker quiet(box_);
        const QString text = box_->currentText();
        box_->clear();
        box_->addItem(QString());
        box_->addItems(columns);
        box_->setCurrentIndex(box_->findText(text));
        box_->setEditText(text);
    }
    void setWrong(bool wrong) override { markWrong(box_, wrong); }
    void setPlaceholder(const QString& text) override { box_->lineEdit()->setPlaceholderText(text); }

  private:
    void say() {
        if (box_->currentText() == shown_)
            return;
        shown_ = box_->currentText();
        Q_EMIT edited(toQString(textAsYaml(shown_.toStdString())), false);
    }
    QString shown_;
    QComboBox* box_;
};

} // namespace

SettingControl* makeControl(const SettingSpec& spec, QWidget* parent) {
    switch (spec.kind) {
    case SettingSpec::Kind::Choice:
        return new ChoiceControl(spec, parent);
    case SettingSpec::Kind::Switch:
        return new SwitchControl(spec, parent);
    case SettingSpec::Kind::Slider:
        return new SliderControl(spec, parent);
    case SettingSpec::Kind::Number:
        return new NumberControl(spec, parent);
    case SettingSpec::Kind::Column:
        return new ColumnControl(spec, parent);
    case SettingSpec::Kind::Schedule:
        return new ScheduleControl(spec, parent);
    case SettingSpec::Kind::Text:
        break;
    }
    return new TextControl(spec, parent);
}

} // namespace stillroom
