#include "widgets/batch_view.h"

#include "widgets/batch_table.h"
#include "widgets/glyph_button.h"
#include "widgets/lab_model.h"
#include "widgets/number_table.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QAction>
#include <QActionGroup>
#include <QBoxLayout>
#include <QFrame>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

// At a desk.
constexpr int SideBySideFrom = 1000, LowFrom = 520;
constexpr int ThresholdsWidth = 326, LeastThresholds = 92, MostThresholds = 200;

QFrame* panel() {
    auto* frame = new QFrame;
    frame->setProperty("role", "panel");
    return frame;
}

QLabel* label(TextSize size, const char* tone = "") {
    auto* made = new QLabel;
    made->setFont(textFont(size));
    made->setProperty("tone", tone);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return made;
}

/// "0.812 → 0.815", and whether that is a move.
std::pair<QString, bool> moved(const std::vector<double>& before, const std::vector<double>& after,
                               std::size_t k) {
    if (k >= after.size())
        return {QStringLiteral("–"), false};
    const QString now = fixed(after[k], 3);
    if (k >= before.size() || fixed(before[k], 3) == now)
        return {now, false};
    return {fixed(before[k], 3) + QStringLiteral(" → ") + now, true};
}

} // namespace

BatchView::BatchView(RunController* controller, LabModel* lab, QWidget* parent)
    : QWidget(parent), controller_(controller), lab_(lab), model_(new BatchModel(this)),
      empty_(label(TextSize::Body, "muted")), content_(new QWidget) {
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    auto* inner = new QVBoxLayout(content_);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(Gap);
    inner->addWidget(makeHead());
    body_ = new QBoxLayout(QBoxLayout::LeftToRight);
    body_->setSpacing(Gap);
    body_->addWidget(makeList(), 1);
    body_->addWidget(makeThresholds());
    inner->addLayout(body_, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, Gap, Gap, Gap);
    column->addWidget(empty_, 1);
    column->addWidget(content_, 1);

    connect(controller_, &RunController::runBegan, this, &BatchView::begin);
    connect(controller_, &RunController::happened, this, [this](const Event& event) {
        if (const auto* batch = std::get_if<BatchEvent>(&event))
            add(*batch);
    });
    connect(controller_, &RunController::stateChanged, this, &BatchView::showEmpty);
    connect(lab_, &LabModel::tableChanged, this, [this] {
        // What was shown of a run stays what it was when its data are read again.
        if (table_ == nullptr) {
            table_ = lab_->table();
            model_->setTable(table_);
            go(place_);
        }
    });
    showEmpty();
}

QFrame* BatchView::makeHead() {
    auto* head = panel();
    title_ = label(TextSize::Figure);
    figure_ = label(TextSize::Figure, "accent");
    facts_ = label(TextSize::Note, "muted");
    facts_->setWordWrap(true);
    which_ = label(TextSize::Body);
    back_ = new GlyphButton(Glyph::Back);
    back_->setToolTip(tr("The batch before (Alt+Left)"));
    back_->setAccessibleName(tr("The batch before"));
    back_->setShortcut(Qt::ALT | Qt::Key_Left);
    forward_ = new GlyphButton(Glyph::Forward);
    forward_->setToolTip(tr("The batch after it (Alt+Right)"));
    forward_->setAccessibleName(tr("The batch after it"));
    forward_->setShortcut(Qt::ALT | Qt::Key_Right);
    connect(back_, &QToolButton::clicked, this, [this] { go(place_ - 1); });
    connect(forward_, &QToolButton::clicked, this, [this] { go(place_ + 1); });
    option_ = new QToolButton;
    option_->setProperty("role", "link");
    option_->setFont(textFont(TextSize::Note));
    option_->setCursor(Qt::PointingHandCursor);
    option_->setPopupMode(QToolButton::InstantPopup);
    option_->setToolTip(tr("In which order the samples stand"));
    auto* menu = new QMenu(option_);
    auto* group = new QActionGroup(menu);
    for (const auto& [order, name] : {std::pair(BatchModel::Order::KeptFirst, tr("kept first")),
                                      std::pair(BatchModel::Order::AsDrawn, tr("as they came"))}) {
        auto* action = menu->addAction(name, this, [this, chosen = order] { chooseOrder(chosen); });
        action->setCheckable(true);
        action->setChecked(order == model_->order());
        group->addAction(action);
    }
    option_->setMenu(menu);

    auto* grid = new QGridLayout(head);
    grid->setContentsMargins(14, 8, 14, 8);
    grid->setHorizontalSpacing(3 * Gap);
    grid->setVerticalSpacing(1);
    grid->addWidget(title_, 0, 0);
    grid->addWidget(figure_, 0, 1);
    auto* turning = new QHBoxLayout;
    turning->setSpacing(6);
    turning->addWidget(back_);
    turning->addWidget(which_);
    turning->addWidget(forward_);
    grid->addLayout(turning, 0, 3);
    grid->addWidget(facts_, 1, 0, 1, 3);
    grid->addWidget(option_, 1, 3, Qt::AlignRight);
    grid->setColumnStretch(2, 1);
    return head;
}

QFrame* BatchView::makeList() {
    auto* frame = panel();
    list_ = new BatchTable(model_);
    connect(list_, &BatchTable::rowChosen, this, &BatchView::showDetail);
    detail_ = label(TextSize::Body);
    detail_->setWordWrap(true);
    detail_->setTextFormat(Qt::RichText);
    detail_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    detail_->setContentsMargins(14, 8, 14, 10);
    auto* line = new QFrame;
    line->setProperty("role", "line");
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(1, 4, 1, 1);
    column->setSpacing(0);
    column->addWidget(list_, 1);
    column->addWidget(line);
    column->addWidget(detail_);
    return frame;
}

QFrame* BatchView::makeThresholds() {
    thresholdsPanel_ = panel();
    auto* title = label(TextSize::Title);
    title->setText(tr("Thresholds, before → after"));
    thresholds_ = new NumberTable;
    thresholds_->setAccessibleName(title->text());
    auto* column = new QVBoxLayout(thresholdsPanel_);
    column->setContentsMargins(14, 10, 6, 8);
    column->setSpacing(4);
    column->addWidget(title);
    column->addWidget(thresholds_, 1);
    return thresholdsPanel_;
}

void BatchView::begin() {
    batches_.clear();
    table_ = lab_->table();
    model_->setTable(table_);
    go(-1);
}

void BatchView::add(const BatchEvent& batch) {
    batches_.push_back(std::make_shared<const BatchEvent>(batch));
    if (batches_.size() > Remembered)
        batches_.pop_front();
    go(count() - 1); // also from an earlier one: the step was asked for
    Q_EMIT arrived();
}

void BatchView::go(int place) {
    place_ = batches_.empty() ? -1 : std::clamp(place, 0, count() - 1);
    model_->show(place_ < 0 ? nullptr : batches_[static_cast<std::size_t>(place_)]);
    showEmpty();
    if (place_ < 0)
        return;
    showHead();
    showThresholds();
    list_->arrange();
    list_->chooseFirst();
}

void BatchView::chooseOrder(BatchModel::Order order) {
    model_->setOrder(order);
    showHead();
    list_->chooseFirst();
}

void BatchView::showEmpty() {
    const bool something = place_ >= 0;
    content_->setVisible(something);
    empty_->setVisible(!something);
    if (something)
        return;
    const QString what =
        tr("One batch at a time: what came up, what was kept, and why; and what it did to the thresholds.");
    QString hint;
    switch (controller_->state()) {
    case RunState::Empty:
        hint = tr("Drop a data file on the window, or open an example from the File menu.");
        break;
    case RunState::Loading:
        hint = tr("The data are being read.");
        break;
    case RunState::Broken:
        hint = tr("The Data page says why the data could not be read.");
        break;
    case RunState::Starting:
        hint = tr("The run is being started.");
        break;
    default:
        hint = tr("Press Step (F10).");
        break;
    }
    empty_->setText(what + u'\n' + hint);
}

void BatchView::showHead() {
    const BatchEvent& batch = *model_->batch();
    std::size_t kept = 0, keptGold = 0, keptRight = 0, gold = 0, right = 0;
    for (const auto& sample : batch.samples) {
        const bool taken = sample.verdict == Verdict::Kept;
        const int known = model_->gold(sample);
        kept += taken ? 1 : 0;
        gold += known >= 0 ? 1 : 0;
        right += known >= 0 && known == sample.label ? 1 : 0;
        keptGold += taken && known >= 0 ? 1 : 0;
        keptRight += taken && known >= 0 && known == sample.label ? 1 : 0;
    }
    const auto n = [](std::size_t value) { return grouped(static_cast<std::int64_t>(value)); };
    title_->setText(tr("Step %1").arg(grouped(batch.step)));
    figure_->setText(tr("kept %1 of %2").arg(n(kept), n(batch.samples.size())));
    QStringList facts{
        tr("epoch %1 of %2").arg(grouped(batch.epoch), grouped(controller_->live().started().epochs))};
    if (keptGold > 0)
        facts << tr("the teacher is right on %1 of the %2 kept").arg(n(keptRight), n(keptGold));
    if (gold > 0)
        facts << tr("on %1 of all %2").arg(n(right), n(gold));
    facts_->setText(facts.join(QStringLiteral(" · ")));
    which_->setText(tr("batch %1 of %2").arg(place_ + 1).arg(count()));
    back_->setEnabled(place_ > 0);
    forward_->setEnabled(place_ + 1 < count());
    option_->setText(
        (model_->order() == BatchModel::Order::KeptFirst ? tr("kept first") : tr("as they came")) +
        QStringLiteral(" ▾"));
}

void BatchView::showThresholds() {
    const BatchEvent& batch = *model_->batch();
    const auto& classes = model_->classes();
    std::vector<int> here(classes.size()), kept(classes.size());
    for (const auto& sample : batch.samples)
        if (const auto k = static_cast<std::size_t>(sample.label); k < classes.size()) {
            ++here[k];
            kept[k] += sample.verdict == Verdict::Kept ? 1 : 0;
        }
    struct Side {
        QString name;
        const std::vector<double>*before, *after;
    };
    QList<Side> sides;
    for (const Side& side :
         {Side{tr("teacher ≥"), &batch.before.teacher, &batch.after.teacher},
          Side{tr("uncertainty ≥"), &batch.before.student, &batch.after.student},
          Side{tr("student ≥"), &batch.before.studentConfidence, &batch.after.studentConfidence}})
        if (!side.after->empty())
            sides << side;
    QStringList columns{tr("class"), tr("kept")};
    for (const auto& side : sides)
        columns << side.name;
    QVector<QStringList> rows;
    for (std::size_t k = 0; k < classes.size(); ++k) {
        QStringList row{toQString(classes[k]),
                        here[k] == 0 ? QStringLiteral("–") : tr("%1 of %2").arg(kept[k]).arg(here[k])};
        for (const auto& side : sides)
            row << moved(*side.before, *side.after, k).first;
        rows << row;
    }
    thresholds_->show(columns, rows);
    QFont bold = textFont(TextSize::Note);
    bold.setBold(true);
    for (std::size_t k = 0; k < classes.size(); ++k)
        for (qsizetype i = 0; i < sides.size(); ++i) {
            auto* item = thresholds_->item(static_cast<int>(k), static_cast<int>(i) + 2);
            const bool moves = moved(*sides[i].before, *sides[i].after, k).second;
            if (moves)
                item->setFont(bold);
            item->setForeground(moves ? theme().text : theme().muted);
        }
}

void BatchView::showDetail() {
    const int row = list_->currentIndex().row();
    if (row < 0 || row >= model_->rowCount())
        return;
    const auto& sample = model_->sample(row);
    const QString colour =
        (sample.verdict == Verdict::Kept ? theme().kept : theme().muted).name(QColor::HexRgb);
    const QString text = low() ? QString() : model_->text(row).toHtmlEscaped() + QStringLiteral("<br>");
    detail_->setText(QStringLiteral("%1<b style='color:%2'>%3.</b> %4")
                         .arg(text, colour,
                              model_->index(row, BatchModel::Decision).data().toString().toHtmlEscaped(),
                              model_->reason(row).toHtmlEscaped()));
}

// ── room ────────────────────────────────────────────────────────────────────────────────────────────────

void BatchView::arrange() {
    const bool beside = width() >= scaled(SideBySideFrom);
    body_->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    thresholdsPanel_->setMinimumWidth(beside ? scaled(ThresholdsWidth) : 0);
    thresholdsPanel_->setMaximumWidth(beside ? scaled(ThresholdsWidth) : QWIDGETSIZE_MAX);
    const int under = std::clamp(height() * 3 / 10, scaled(LeastThresholds), scaled(MostThresholds));
    thresholdsPanel_->setMinimumHeight(beside ? 0 : under);
    thresholdsPanel_->setMaximumHeight(beside ? QWIDGETSIZE_MAX : under);
    // Two lines of a text and one of a reason, so that the list stands still while one goes through it.
    const int lines = low() ? 1 : 3;
    detail_->setMinimumHeight(QFontMetrics(textFont(TextSize::Body)).lineSpacing() * lines + scaled(18));
    list_->arrange();
    showDetail();
}

/// Where there is no room for a sample's whole text under the list.
bool BatchView::low() const {
    return height() < scaled(LowFrom);
}

void BatchView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void BatchView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange)
        return;
    if (place_ < 0)
        return;
    showThresholds();
    showDetail();
    QMetaObject::invokeMethod(
        this, [this] { arrange(); }, Qt::QueuedConnection);
}

} // namespace stillroom
