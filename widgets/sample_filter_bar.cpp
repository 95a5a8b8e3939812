#include "widgets/sample_filter_bar.h"

#include "widgets/class_box.h"
#include "widgets/number_box.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>
#include <algorithm>
#include <array>

namespace stillroom {
namespace {

constexpr int TypingPause = 150; // ms
using Show = SampleFilter::Show;
constexpr std::array Shows = {
    Show::All,       Show::Kept,         Show::RefusedByTeacher, Show::RefusedByStudent,
    Show::NeverKept, Show::TeacherWrong, Show::Disagreement,     Show::Enters,
    Show::Leaves};

QString rangeWords(float low, float high) {
    return QStringLiteral("%1–%2").arg(fixed(static_cast<double>(low), 2),
                                       fixed(static_cast<double>(high), 2));
}

} // namespace

QString SampleFilterBar::describe(Show show) {
    switch (show) {
    case Show::All:
        return tr("all samples");
    case Show::Kept:
        return tr("kept");
    case Show::RefusedByTeacher:
        return tr("refused by teacher threshold");
    case Show::RefusedByStudent:
        return tr("refused by student threshold");
    case Show::NeverKept:
        return tr("never kept");
    case Show::TeacherWrong:
        return tr("teacher wrong");
    case Show::Disagreement:
        return tr("student says otherwise");
    case Show::Enters:
        return tr("what-if: would enter");
    case Show::Leaves:
        return tr("what-if: would leave");
    }
    return {};
}

SampleFilterBar::SampleFilterBar(QWidget* parent)
    : QWidget(parent), show_(new QComboBox), class_(new ClassBox(tr("all classes"))),
      ranges_(new QToolButton), gold_(new ClassBox(tr("any gold"))), search_(new QLineEdit),
      confidenceChip_(addChip(tr("Show every confidence"))),
      uncertaintyChip_(addChip(tr("Show every uncertainty"))),
      goldChip_(addChip(tr("Show every gold label"))), status_(new QLabel) {
    for (const Show show : Shows)
        show_->addItem(describe(show));
    show_->setAccessibleName(tr("Show"));
    show_->setToolTip(tr("Which samples are listed; verdicts are those of the epoch looked at"));
    show_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    show_->setMinimumContentsLength(16);
    connect(show_, &QComboBox::activated, this, [this](int index) {
        SampleFilter filter = filter_;
        filter.show = Shows[static_cast<std::size_t>(index)];
        put(filter);
    });
    class_->setAccessibleName(tr("Teacher's label"));
    connect(class_, &ClassBox::chosen, this, [this](int label) {
        SampleFilter filter = filter_;
        filter.label = label;
        put(filter);
    });
    connect(confidenceChip_, &QToolButton::clicked, this, [this] {
        SampleFilter filter = filter_;
        filter.confidenceLow = 0;
        filter.confidenceHigh = 1;
        put(filter);
    });
    connect(uncertaintyChip_, &QToolButton::clicked, this, [this] {
        SampleFilter filter = filter_;
        filter.uncertaintyLow = 0;
        filter.uncertaintyHigh = 1;
        put(filter);
    });
    connect(goldChip_, &QToolButton::clicked, this, [this] {
        SampleFilter filter = filter_;
        filter.goldLabel = -1;
        put(filter);
    });

    ranges_->setText(tr("more") + QStringLiteral(" ▾"));
    ranges_->setToolTip(tr("Ranges of confidence and uncertainty, gold label"));
    ranges_->setProperty("role", "link");
    ranges_->setCursor(Qt::PointingHandCursor);
    auto* menu = new QMenu(ranges_);
    auto* form = new QWidgetAction(menu);
    form->setDefaultWidget(makeRanges());
    menu->addAction(form);
    connect(menu, &QMenu::aboutToShow, this, &SampleFilterBar::showRanges);
    ranges_->setMenu(menu);
    ranges_->setPopupMode(QToolButton::InstantPopup);

    search_->setPlaceholderText(tr("Search the texts (Ctrl+F)"));
    search_->setAccessibleName(tr("Search the texts"));
    search_->setClearButtonEnabled(true);
    typed_.setSingleShot(true);
    typed_.setInterval(TypingPause);
    connect(search_, &QLineEdit::textChanged, &typed_, [this] { typed_.start(); });
    connect(search_, &QLineEdit::returnPressed, this, [this] {
        typed_.stop();
        SampleFilter filter = filter_;
        filter.text = search_->text().toStdString();
        put(filter);
    });
    connect(&typed_, &QTimer::timeout, this, [this] {
        SampleFilter filter = filter_;
        filter.text = search_->text().toStdString();
        put(filter);
    });
    status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    status_->setProperty("tone", "muted");
    status_->setFont(textFont(TextSize::Note));
    status_->setMinimumHeight(confidenceChip_->sizeHint().height() + 4); // chips come and go

    auto* controls = new QHBoxLayout;
    controls->setSpacing(Gap);
    controls->addWidget(show_);
    controls->addWidget(class_);
    controls->addWidget(ranges_);
    controls->addWidget(search_, 1);
    auto* below = new QHBoxLayout;
    below->setSpacing(Gap);
    below->addWidget(confidenceChip_);
    below->addWidget(uncertaintyChip_);
    below->addWidget(goldChip_);
    below->addWidget(status_);
    below->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(controls);
    column->addLayout(below);
    setAvailable(false, false, false);
    showChips();
}

QToolButton* SampleFilterBar::addChip(const QString& tip) {
    auto* chip = new QToolButton;
    chip->setProperty("role", "chip");
    chip->setCursor(Qt::PointingHandCursor);
    chip->setFont(textFont(TextSize::Note));
    chip->setToolTip(tip);
    chip->hide();
    return chip;
}

QWidget* SampleFilterBar::makeRanges() {
    auto* box = new QWidget;
    auto* form = new QFormLayout(box);
    form->setContentsMargins(12, 10, 12, 10);
    form->setSpacing(Gap);
    const auto addRange = [&](const QString& name, NumberBox** boxes) {
        auto* row = new QHBoxLayout;
        for (int i = 0; i < 2; ++i) {
            boxes[i] = new NumberBox;
            boxes[i]->setRange(0, 1);
            boxes[i]->setDecimals(3);
            boxes[i]->setSingleStep(0.05);
            boxes[i]->setAccessibleName((i == 0 ? tr("%1, from") : tr("%1, to")).arg(name));
            connect(boxes[i], &NumberBox::valueChanged, this, &SampleFilterBar::rangesEdited);
            if (i == 1)
                row->addWidget(new QLabel(tr("to")));
            row->addWidget(boxes[i]);
        }
        form->addRow(name, row);
    };
    addRange(tr("confidence"), confidence_);
    addRange(tr("uncertainty"), uncertainty_);
    gold_->setAccessibleName(tr("Gold label"));
    connect(gold_, &ClassBox::chosen, this, [this](int label) {
        SampleFilter filter = filter_;
        filter.goldLabel = label;
        put(filter);
    });
    form->addRow(tr("gold"), gold_);
    return box;
}

void SampleFilterBar::showRanges() {
    const float values[4] = {filter_.confidenceLow, filter_.confidenceHigh, filter_.uncertaintyLow,
                             filter_.uncertaintyHigh};
    NumberBox* boxes[4] = {confidence_[0], confidence_[1], uncertainty_[0], uncertainty_[1]};
    for (int i = 0; i < 4; ++i) {
        const QSignalBlocker quiet(boxes[i]);
        boxes[i]->setValue(static_cast<double>(values[i]));
    }
    gold_->setLabel(filter_.goldLabel);
}

void SampleFilterBar::rangesEdited() {
    SampleFilter filter = filter_;
    const auto value = [](const NumberBox* box) { return static_cast<float>(box->value()); };
    filter.confidenceLow = value(confidence_[0]);
    filter.confidenceHigh = value(confidence_[1]);
    filter.uncertaintyLow = value(uncertainty_[0]);
    filter.uncertaintyHigh = value(uncertainty_[1]);
    put(filter);
}

void SampleFilterBar::setClasses(const std::vector<std::string>& classes) {
    classes_ = classes;
    class_->setClasses(classes);
    gold_->setClasses(classes);
    filter_.label = filter_.goldLabel = -1;
    showChips();
}

void SampleFilterBar::setAvailable(bool gold, bool judged, bool supposed) {
    auto* items = qobject_cast<QStandardItemModel*>(show_->model());
    for (std::size_t i = 0; i < Shows.size(); ++i) {
        bool possible = true;
        switch (Shows[i]) {
        case Show::All:
            break;
        case Show::TeacherWrong:
            possible = gold;
            break;
        case Show::Enters:
        case Show::Leaves:
            possible = supposed;
            break;
        default:
            possible = judged;
        }
        items->item(static_cast<int>(i))->setEnabled(possible);
    }
    gold_->setEnabled(gold);
}

void SampleFilterBar::setFilter(const SampleFilter& filter) {
    {
        const QSignalBlocker quiet(search_);
        search_->setText(toQString(filter.text));
    }
    typed_.stop();
    put(filter);
}

void SampleFilterBar::put(const SampleFilter& filter) {
    const bool same = filter == filter_;
    filter_ = filter;
    const auto place = std::find(Shows.begin(), Shows.end(), filter.show) - Shows.begin();
    show_->setCurrentIndex(static_cast<int>(place));
    class_->setLabel(filter.label);
    showChips();
    if (!same)
        Q_EMIT changed();
}

void SampleFilterBar::showChips() {
    const auto show = [](QToolButton* chip, bool shown, const QString& text) {
        chip->setVisible(shown);
        chip->setText(text + QStringLiteral("  ✕"));
        chip->setAccessibleName(QStringLiteral("%1: %2").arg(text, chip->toolTip()));
    };
    show(confidenceChip_, filter_.confidenceLow > 0 || filter_.confidenceHigh < 1,
         tr("confidence %1").arg(rangeWords(filter_.confidenceLow, filter_.confidenceHigh)));
    show(uncertaintyChip_, filter_.uncertaintyLow > 0 || filter_.uncertaintyHigh < 1,
         tr("uncertainty %1").arg(rangeWords(filter_.uncertaintyLow, filter_.uncertaintyHigh)));
    const bool gold = filter_.goldLabel >= 0 && filter_.goldLabel < static_cast<int>(classes_.size());
    show(goldChip_, gold,
         gold ? tr("gold %1").arg(toQString(classes_[static_cast<std::size_t>(filter_.goldLabel)]))
              : QString());
}

void SampleFilterBar::setStatus(const QString& text) {
    if (status_->text() != text)
        status_->setText(text);
}

} // namespace stillroom
