#include "widgets/run_bar.h"

#include "core/base/progress.h"
#include "widgets/elided_label.h"
#include "widgets/experiment_document.h"
#include "widgets/glyph.h"
#include "widgets/progress_pill.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

namespace stillroom {

QString roughly(double seconds) {
    return seconds < 10 ? RunBar::tr("%1 s").arg(std::ceil(seconds)) : duration(std::ceil(seconds));
}

RunBar::RunBar(RunController* controller, QWidget* parent)
    : QFrame(parent), controller_(controller), device_(new QComboBox), name_(new ElidedLabel),
      saved_(new QLabel), pill_(new ProgressPill), speed_(new QLabel), left_(new QLabel),
      cancel_(new QToolButton), loadTimer_(new QTimer(this)) {
    setProperty("role", "bar");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * Gap, Gap, 2 * Gap, Gap);
    row->setSpacing(Gap);
    struct Entry {
        QString text, tip;
        QKeySequence keys;
        void (RunController::*slot)();
    };
    const std::array<Entry, 4> entries = {
        Entry{tr("Run"), tr("Train with these settings, or go on (F5)"), Qt::Key_F5, &RunController::run},
        Entry{tr("Pause"), tr("Wait after the present batch (F6)"), Qt::Key_F6, &RunController::pause},
        Entry{tr("Step"), tr("One batch, then wait (F10)"), Qt::Key_F10, &RunController::step},
        Entry{tr("Stop"), tr("End the run: evaluate and save the student (Shift+F5)"), Qt::SHIFT | Qt::Key_F5,
              &RunController::stop}};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto* action = new QAction(entries[i].text, this);
        action->setToolTip(entries[i].tip);
        action->setShortcut(entries[i].keys);
        action->setShortcutContext(Qt::WindowShortcut);
        connect(action, &QAction::triggered, controller_, entries[i].slot);
        actions_[i] = action;
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setProperty("role", "button");
        button->setProperty("primary", i == 0);
        button->setIconSize({14, 14});
        button->setFixedHeight(32);
        button->setMinimumWidth(90);
        button->setFocusPolicy(Qt::TabFocus);
        buttons_[i] = button;
        row->addWidget(button);
    }
    row->addSpacing(Gap);
    addDevice();
    row->addSpacing(2 * Gap);

    name_->setFont(textFont(TextSize::Title));
    saved_->setFont(textFont(TextSize::Note));
    auto* names = new QVBoxLayout;
    names->setSpacing(0);
    names->addStretch(1);
    names->addWidget(name_);
    names->addWidget(saved_);
    names->addStretch(1);
    row->addLayout(names, 1);
    addProgress();

    loadTimer_->setInterval(100);
    connect(loadTimer_, &QTimer::timeout, this, &RunBar::updateProgress);
    connect(controller_, &RunController::stateChanged, this, [this](RunState state) {
        if (state == RunState::Loading)
            loadTimer_->start();
        else
            loadTimer_->stop();
        updateActions();
        updateProgress();
    });
    connect(controller_, &RunController::drained, this, &RunBar::updateProgress);
    connect(controller_, &RunController::problemChanged, this, &RunBar::updateActions);
    connect(controller_, &RunController::engineReady, this, &RunBar::updateDevices);
    auto* document = controller_->document();
    connect(document, &ExperimentDocument::dirtyChanged, this, &RunBar::updateName);
    connect(document, &ExperimentDocument::saved, this, &RunBar::updateName);
    connect(document, &ExperimentDocument::replaced, this, [this] {
        updateName();
        updateDevices();
    });
    connect(document, &ExperimentDocument::changed, this, [this](const QString& key) {
        if (key == QLatin1String("name"))
            updateName();
        else if (key == QLatin1String("training.device") || key == QLatin1String("training.threads"))
            updateDevices();
    });
    colourIcons();
    updateActions();
    updateName();
    updateDevices();
    updateProgress();
}

void RunBar::addDevice() {
    device_->setFixedHeight(32);
    device_->setMinimumWidth(150);
    device_->setSizeAdjustPolicy(QComboBox::AdjustToContents); // the devices are known later
    device_->setFont(textFont(TextSize::Note));
    device_->setAccessibleName(tr("Device"));
    connect(device_, &QComboBox::activated, this, [this](int index) {
        controller_->document()->set(QStringLiteral("training.device"), device_->itemData(index).toString());
    });
    layout()->addWidget(device_);
}

void RunBar::addProgress() {
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->addWidget(pill_, 1);
    cancel_->setText(tr("cancel"));
    cancel_->setProperty("role", "link");
    cancel_->setFont(textFont(TextSize::Note));
    cancel_->setCursor(Qt::PointingHandCursor);
    connect(cancel_, &QToolButton::clicked, controller_, &RunController::cancelLoading);
    row->addWidget(cancel_);
    auto* words = new QVBoxLayout;
    words->setSpacing(1);
    words->addStretch(1);
    for (auto* label : {speed_, left_}) {
        label->setFont(textFont(TextSize::Note));
        label->setProperty("tone", "muted");
        words->addWidget(label);
    }
    words->addStretch(1);
    // As wide as they get, so that nothing moves while numbers change.
    speed_->setFixedWidth(speed_->fontMetrics().horizontalAdvance(tr("100 %  ·  999,999 texts/s")) + 4);
    row->addLayout(words);
}

void RunBar::updateActions() {
    const RunState state = controller_->state();
    const bool ready = state == RunState::Ready || state == RunState::Finished || state == RunState::Failed ||
                       state == RunState::Loading;
    const bool fine = controller_->problem().isEmpty();
    runAction()->setEnabled((ready && fine) || state == RunState::Paused);
    runAction()->setText(state == RunState::Paused ? tr("Go on") : tr("Run"));
    runAction()->setToolTip(!fine && ready ? controller_->problem()
                                           : tr("Train with these settings, or go on (F5)"));
    pauseAction()->setEnabled(state == RunState::Running);
    stepAction()->setEnabled((ready && fine) || state == RunState::Paused || state == RunState::Running);
    stopAction()->setEnabled(state == RunState::Starting || state == RunState::Running ||
                             state == RunState::Paused);
    device_->setEnabled(!underWay(state));
}

void RunBar::updateName() {
    const auto* document = controller_->document();
    name_->say(document->name());
    name_->setToolTip(document->path().isEmpty() ? document->name() : document->path());
    const bool unsaved = document->dirty();
    saved_->setText(unsaved                      ? tr("unsaved changes")
                    : document->path().isEmpty() ? tr("not saved yet")
                                                 : tr("saved"));
    saved_->setProperty("tone", unsaved ? "warning" : "muted");
    saved_->style()->unpolish(saved_);
    saved_->style()->polish(saved_);
}

void RunBar::updateDevices() {
    const auto& training = controller_->document()->experiment().training;
    QList<std::pair<QString, QString>> devices = {{QStringLiteral("auto"), tr("auto")},
                                                  {QStringLiteral("cpu"), tr("CPU")}};
    if (const auto& engine = controller_->engine())
        for (const auto& device : engine->devices)
            if (device.name != "cpu")
                devices.append({toQString(device.name), toQString(device.name + ", " + device.description)});
    const QString chosen = toQString(training.device);
    const QSignalBlocker quiet(device_);
    device_->clear();
    for (const auto& [name, words] : devices) {
        QString text = tr("Device: %1").arg(words);
        if (name != QLatin1String("cpu") || training.threads == 0)
            device_->addItem(text, name);
        else
            device_->addItem(tr("%1, threads: %2").arg(text).arg(training.threads), name);
    }
    if (device_->findData(chosen) < 0)
        device_->addItem(tr("Device: %1").arg(chosen), chosen);
    device_->setCurrentIndex(device_->findData(chosen));
    device_->setToolTip(tr("Where it is computed (training.device)"));
}

RunBar::Said RunBar::loadingSaid() {
    const auto progress = controller_->loadProgress();
    if (!progress)
        return {};
    if (reading_ != progress)
        parts_ = {};
    reading_ = progress;
    parts_.see(progress->done(), progress->total(), controller_->loadSeconds());
    Said said;
    said.share = parts_.share();
    said.words = parts_.vectors() ? tr("computing vectors, once") : tr("reading");
    said.speed = parts_.vectors()
                     ? percent(said.share, 0)
                     : tr("%1 of %2").arg(fileSize(progress->done()), fileSize(progress->total()));
    if (parts_.secondsLeft() > 0)
        said.left = tr("about %1 left").arg(roughly(parts_.secondsLeft()));
    return said;
}

RunBar::Said RunBar::startingSaid() const {
    if (const auto& preparing = controller_->preparing()) {
        Said said{preparing->done, toQString(preparing->doing), percent(preparing->done, 0), {}};
        if (preparing->secondsLeft > 0)
            said.left = tr("about %1 left").arg(roughly(preparing->secondsLeft));
        return said;
    }
    const StudentKind kind = controller_->running().student.kind;
    return {0,
            tr("starting"),
            {},
            kind == StudentKind::Ngram     ? tr("texts become n-grams")
            : kind == StudentKind::Encoder ? tr("texts become tokens")
                                           : tr("texts become vectors")};
}

RunBar::Said RunBar::runSaid() const {
    const RunState state = controller_->state();
    const LiveModel& live = controller_->live();
    Said said;
    said.share = live.done();
    const auto epoch = std::min(live.started().epochs, static_cast<std::int64_t>(live.epoch()) + 1);
    said.words = tr("epoch %1 of %2").arg(epoch).arg(live.started().epochs);
    if (state == RunState::Paused)
        said.words = tr("paused at step %1").arg(grouped(live.step()));
    else if (state == RunState::Stopping)
        said.words = tr("stopping");
    else if (state == RunState::Failed)
        said.words = tr("failed");
    else if (state == RunState::Finished)
        said.words = live.finished() != nullptr && live.finished()->outcome == Outcome::Completed
                         ? tr("finished")
                         : tr("stopped");
    if (const FinishedEvent* end = live.finished()) {
        said.speed = tr("%1 steps").arg(grouped(end->step));
        said.left = tr("trained in %1").arg(duration(end->trainSeconds));
    } else {
        // Two digits are all one can read at this pace.
        const double rounded =
            std::pow(10, std::max(0.0, std::floor(std::log10(std::max(1.0, live.samplesPerSecond()))) - 1));
        const auto rate = static_cast<std::int64_t>(std::round(live.samplesPerSecond() / rounded) * rounded);
        said.speed = tr("%1  ·  %2 texts/s").arg(percent(said.share, 0), grouped(rate));
        if (state == RunState::Running && live.secondsLeft() > 0)
            said.left = tr("about %1 left").arg(roughly(live.secondsLeft()));
        if (live.memoryBytes() > 0)
            said.left +=
                (said.left.isEmpty() ? tr("%1 in use") : tr("  ·  %1")).arg(fileSize(live.memoryBytes()));
    }
    return said;
}

void RunBar::updateProgress() {
    const RunState state = controller_->state();
    Said said;
    if (state == RunState::Loading)
        said = loadingSaid();
    else if (state == RunState::Starting)
        said = startingSaid();
    else if (controller_->live().started().epochs > 0 &&
             (underWay(state) || state == RunState::Finished || state == RunState::Failed))
        said = runSaid();
    else if (state == RunState::Stopping) // before there was a first step
        said.words = tr("stopping");
    if (state != RunState::Loading)
        reading_.reset();
    pill_->setVisible(!said.words.isEmpty());
    cancel_->setVisible(state == RunState::Loading);
    pill_->say(said.share, said.words);
    if (speed_->text() != said.speed)
        speed_->setText(said.speed);
    if (left_->text() != said.left)
        left_->setText(said.left);
}

void RunBar::colourIcons() {
    const Theme& t = theme();
    const std::array<Glyph, 4> glyphs = {Glyph::Run, Glyph::Pause, Glyph::Step, Glyph::Stop};
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        actions_[i]->setIcon(glyphIcon(glyphs[i], i == 0 ? t.accent : t.text, t.faint));
        buttons_[i]->setIconSize({scaled(14), scaled(14)});
    }
}

void RunBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) &&
        actions_[3] != nullptr)
        colourIcons();
}

void RunBar::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    // Signs alone where there is no room for words.
    const bool narrow = width() < scaled(1180);
    for (auto* button : buttons_) {
        button->setMinimumWidth(scaled(narrow ? 44 : 90));
        button->setToolButtonStyle(narrow ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    }
    device_->setMinimumWidth(scaled(narrow ? 120 : 150));
}

} // namespace stillroom
