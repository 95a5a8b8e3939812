#include "widgets/epoch_bar.h"

#include "widgets/glyph.h"
#include "widgets/lab_model.h"
#include "widgets/live_model.h"
#include "widgets/run_controller.h"
#include "widgets/slider.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

namespace stillroom {
namespace {
constexpr int PlayPeriod = 500; // ms an epoch
} // namespace

EpochBar::EpochBar(LabModel* lab, QWidget* parent)
    : QWidget(parent), lab_(lab), play_(new QToolButton), slider_(new Slider), words_(new QLabel),
      newest_(new QToolButton) {
    play_->setProperty("role", "button");
    play_->setToolTip(tr("Play the run back, epoch by epoch"));
    play_->setAccessibleName(tr("Play the epochs"));
    connect(play_, &QToolButton::clicked, this, [this] { setPlaying(!playing()); });
    slider_->setAccessibleName(tr("Epoch"));
    slider_->setToolTip(tr("The epoch that is looked at"));
    slider_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    slider_->setPageStep(1);
    connect(slider_, &QSlider::valueChanged, this, [this](int epoch) {
        setPlaying(false);
        lab_->look(epoch);
    });
    words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    newest_->setText(tr("to the newest"));
    newest_->setProperty("role", "link");
    newest_->setFont(textFont(TextSize::Note));
    newest_->setCursor(Qt::PointingHandCursor);
    connect(newest_, &QToolButton::clicked, this, [this] {
        setPlaying(false);
        lab_->follow();
    });
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Gap);
    row->addWidget(play_);
    row->addWidget(slider_, 1);
    row->addWidget(words_);
    row->addWidget(newest_);
    next_.setInterval(PlayPeriod);
    connect(&next_, &QTimer::timeout, this, &EpochBar::advance);
    connect(lab_, &LabModel::epochsChanged, this, &EpochBar::update);
    connect(lab_->controller(), &RunController::stateChanged, this, &EpochBar::update);
    drawGlyph();
    update();
}

void EpochBar::setPlaying(bool playing) {
    if (playing == this->playing())
        return;
    if (playing) {
        if (lab_->follows())
            lab_->look(1); // from the beginning
        next_.start();
    } else {
        next_.stop();
    }
    play_->setToolTip(playing ? tr("Stop playing") : tr("Play the run back, epoch by epoch"));
    drawGlyph();
}

void EpochBar::advance() {
    if (lab_->follows()) {
        setPlaying(false);
        return;
    }
    lab_->look(lab_->epoch() + 1);
    if (lab_->follows())
        setPlaying(false);
}

void EpochBar::update() {
    const auto epochs = lab_->epochs();
    const LiveModel& live = lab_->controller()->live();
    const bool running = underWay(lab_->controller()->state());
    {
        const QSignalBlocker quiet(slider_);
        slider_->setRange(static_cast<int>(std::min<std::int64_t>(1, epochs)), static_cast<int>(epochs));
        slider_->setValue(static_cast<int>(lab_->epoch()));
    }
    slider_->setEnabled(epochs > 1);
    play_->setEnabled(epochs > 1);
    if (epochs < 2)
        setPlaying(false);
    newest_->setVisible(!lab_->follows());
    if (epochs == 0) {
        words_->setText(running ? tr("first epoch under way") : tr("no epoch yet"));
        return;
    }
    const QString words =
        tr("epoch %1 of %2").arg(grouped(lab_->epoch()), grouped(std::max(live.started().epochs, epochs)));
    words_->setText(running && lab_->follows() ? tr("live · %1").arg(words) : words);
}

void EpochBar::drawGlyph() {
    play_->setIcon(glyphIcon(playing() ? Glyph::Pause : Glyph::Run, theme().text, theme().faint));
}

void EpochBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        drawGlyph();
}

} // namespace stillroom
