#include "widgets/biography_panel.h"

#include "widgets/biography_plot.h"
#include "widgets/elided_label.h"
#include "widgets/lab_model.h"
#include "widgets/row_copy.h"
#include "widgets/run_controller.h"
#include "widgets/run_hint.h"
#include "widgets/sample_cells.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr int ThreeColumnsFrom = 860;                                // pixels at a desk
constexpr int NarrowFacts = 104, LeastWide = 180, LeastNarrow = 276; // heights
constexpr qsizetype MostLetters = 100'000;   // of a text: more would be laid out for seconds
constexpr int LivePeriod = 1000, Late = 120; // ms

QIcon marker(bool kept, const Theme& colours) {
    constexpr int size = 12, scale = 2;
    QPixmap pixmap(size * scale, size * scale);
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    if (kept) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.kept);
        painter.drawEllipse(QPointF(6, 6), 4, 4);
    } else {
        painter.setPen(QPen(colours.muted, 1.6));
        painter.drawLine(QPointF(3, 3), QPointF(9, 9));
        painter.drawLine(QPointF(9, 3), QPointF(3, 9));
    }
    return {pixmap};
}

} // namespace

BiographyPanel::BiographyPanel(LabModel* lab, QWidget* parent)
    : QFrame(parent), lab_(lab), stack_(new QStackedLayout(this)), nobody_(new QLabel), facts_(new QFrame),
      title_(new QLabel), says_(new QGridLayout), text_(new QPlainTextEdit),
      plot_(new BiographyPlot(lab->controller()->live())), story_(new QFrame), sentences_(new QListWidget),
      empty_(new QLabel), grid_(new QGridLayout) {
    setAccessibleName(tr("Biography"));
    auto* none = new QFrame;
    none->setProperty("role", "panel");
    auto* inNone = new QVBoxLayout(none);
    inNone->addWidget(nobody_);
    nobody_->setText(
        tr("Select a row to see its text, its life over the epochs, and why it was kept or not."));
    nobody_->setAlignment(Qt::AlignCenter);
    nobody_->setWordWrap(true);
    nobody_->setProperty("tone", "muted");
    makeFacts();
    makeStory();
    auto* life = new QWidget;
    life->setLayout(grid_);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(Gap);
    stack_->addWidget(none);
    stack_->addWidget(life);

    soon_.setSingleShot(true);
    soon_.setInterval(LivePeriod);
    connect(&soon_, &QTimer::timeout, this, &BiographyPanel::ask);
    late_.setSingleShot(true);
    late_.setInterval(Late);
    connect(&late_, &QTimer::timeout, this, [this] { showLife({}); });
    connect(plot_, &Plot::said, this, &BiographyPanel::said);
    connect(lab_, &LabModel::tableChanged, this, [this] { setSample(std::nullopt); });
    connect(lab_, &LabModel::snapshotChanged, this, [this] {
        showFacts();
        askSoon();
    });
    connect(lab_->controller(), &RunController::stateChanged, this, [this] {
        if (entries_.empty())
            showLife({});
    });
    arrange();
    setSample(std::nullopt);
}

void BiographyPanel::makeFacts() {
    title_->setFont(textFont(TextSize::Title));
    title_->setTextFormat(Qt::PlainText);
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text_->setReadOnly(true);
    text_->setFrameShape(NoFrame);
    text_->setStyleSheet(QStringLiteral("QPlainTextEdit { border: none; background: transparent; }"));
    text_->document()->setDocumentMargin(0);
    text_->setAccessibleName(tr("Text"));
    text_->setTabChangesFocus(true);
    text_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    text_->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    const std::array<QString, 3> names = {tr("gold"), tr("teacher"), tr("student")};
    says_->setHorizontalSpacing(Gap);
    says_->setVerticalSpacing(2);
    for (std::size_t i = 0; i < 3; ++i) {
        names_[i] = new QLabel(names[i]);
        names_[i]->setProperty("tone", "muted");
        names_[i]->setFont(textFont(TextSize::Note));
        values_[i] = new ElidedLabel;
        values_[i]->setTextFormat(Qt::PlainText);
        values_[i]->setFont(textFont(TextSize::Note));
    }
    facts_->setProperty("role", "panel");
    auto* facts = new QVBoxLayout(facts_);
    facts->setContentsMargins(14, 10, 14, 10);
    facts->setSpacing(4);
    facts->addWidget(title_);
    facts->addLayout(says_);
    facts->addSpacing(2);
    facts->addWidget(text_, 1);
}

void BiographyPanel::makeStory() {
    story_->setProperty("role", "panel");
    auto* heading = new QLabel(tr("Why, epoch by epoch"));
    heading->setFont(textFont(TextSize::Title));
    // As high as the plot's title beside it, which has a link in its line.
    for (auto* title : {title_, heading})
        title->setMinimumHeight(plot_->headHeight());
    sentences_->setWordWrap(true);
    sentences_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    sentences_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    sentences_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    sentences_->setResizeMode(QListView::Adjust);
    sentences_->setFont(textFont(TextSize::Note));
    sentences_->setIconSize(QSize(12, 12));
    sentences_->setSpacing(1);
    sentences_->setAccessibleName(heading->text());
    sentences_->installEventFilter(this);
    empty_->setWordWrap(true);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setProperty("tone", "muted");
    auto* story = new QVBoxLayout(story_);
    story->setContentsMargins(14, 10, 8, 10);
    story->setSpacing(4);
    story->addWidget(heading);
    story->addWidget(sentences_, 1);
    story->addWidget(empty_, 1);
}

BiographyPanel::~BiographyPanel() {
    pool_.finish();
}

void BiographyPanel::setSample(std::optional<std::uint32_t> sample) {
    if (sample == sample_ && sample)
        return;
    sample_ = sample;
    asking_.forget();
    showFacts();
    if (!sample_) {
        showLife({});
        return;
    }
    soon_.stop();
    late_.start();
    ask();
}

void BiographyPanel::showFacts() {
    const auto& table = lab_->table();
    const bool known = sample_ && table && *sample_ < table->size();
    stack_->setCurrentIndex(known ? 1 : 0);
    if (!known)
        return;
    const SampleCells cells{table, lab_->snapshot(), lab_->history()};
    const auto cell = [&](SampleCells::Column column) { return cells.cell(*sample_, column); };
    title_->setText(tr("Sample %1 · id %2").arg(cell(SampleCells::Number), cell(SampleCells::Id)));
    if (const QString text = cells.text(*sample_).left(MostLetters); text_->toPlainText() != text)
        text_->setPlainText(text);
    values_[0]->say(cell(SampleCells::Gold));
    values_[1]->say(QStringLiteral("%1 · %2").arg(cell(SampleCells::Confidence), cell(SampleCells::Teacher)));
    values_[2]->say(
        cells.trace(*sample_).scored()
            ? QStringLiteral("%1 · %2").arg(cell(SampleCells::Uncertainty), cell(SampleCells::Student))
            : tr("not asked yet"));
    for (auto* value : values_)
        value->setToolTip(asTip(value->text()));
    names_[1]->setToolTip(tr("The teacher's confidence and label"));
    names_[2]->setToolTip(tr("The student's uncertainty and label in epoch %1").arg(lab_->epoch()));
    const bool wrong = table->gold[*sample_] >= 0 && table->gold[*sample_] != table->labels[*sample_];
    if (values_[1]->property("tone").toString() != (wrong ? "warning" : "")) {
        values_[1]->setProperty("tone", wrong ? "warning" : "");
        values_[1]->style()->unpolish(values_[1]);
        values_[1]->style()->polish(values_[1]);
    }
}

void BiographyPanel::askSoon() {
    if (sample_ && isVisible() && !soon_.isActive())
        soon_.start();
}

void BiographyPanel::ask() {
    const LabModel::Life life = lab_->life();
    if (!sample_ || !lab_->table() || !life.archive || (life.stored == 0 && !life.underWay)) {
        showLife({});
        return;
    }
    asking_.ask(
        [life, table = lab_->table(), classes = lab_->classes(),
         sample = *sample_]() -> Result<std::vector<BiographyEntry>> {
            auto snapshots = life.archive->snapshots(life.stored);
            if (!snapshots)
                return fail(std::move(snapshots.error()));
            if (life.underWay)
                snapshots->push_back(life.underWay);
            const auto windows = life.archive->windows(life.step);
            if (!windows)
                return fail(windows.error());
            BiographyInput input;
            input.table = table.get();
            input.classes = &classes;
            input.snapshots = *snapshots;
            input.windows = **windows;
            input.stepsPerEpoch = life.stepsPerEpoch;
            input.batch = life.batch;
            input.seed = life.seed;
            input.selection = &life.selection;
            return biographyOf(input, sample);
        },
        [this, sample = *sample_](Result<std::vector<BiographyEntry>> entries) {
            if (entries) {
                told_ = sample;
                showLife(std::move(*entries));
                return;
            }
            showLife({});
            Q_EMIT said(toQString(entries.error().message), MessageKind::Error);
        });
}

void BiographyPanel::showLife(std::vector<BiographyEntry> entries) {
    late_.stop();
    entries_ = std::move(entries);
    if (entries_.empty())
        told_.reset();
    const bool nothing = lab_->epochs() == 0;
    const QString hint =
        nothing ? runHint(lab_->controller()->state()) : tr("The run has recorded nothing of it yet.");
    plot_->setEntries(
        entries_, sample_ && lab_->table() ? static_cast<double>(lab_->table()->confidences[*sample_]) : 0.0,
        tr("Its uncertainty over the epochs, against the bar of its class.\n%1").arg(hint));
    empty_->setText(tr("Why it was kept or refused in each epoch.\n%1").arg(hint));
    empty_->setVisible(entries_.empty());
    sentences_->setVisible(!entries_.empty());
    fillSentences();
}

void BiographyPanel::fillSentences() {
    const auto label = [](const BiographyEntry& entry) {
        return tr("epoch %1   %2").arg(entry.epoch).arg(toQString(entry.sentence));
    };
    // Entries that are as they were stay as they are: what is selected stays selected.
    const auto size = static_cast<int>(entries_.size());
    while (sentences_->count() > size)
        delete sentences_->takeItem(sentences_->count() - 1);
    const QIcon icons[2] = {marker(false, theme()), marker(true, theme())};
    for (int i = 0; i < size; ++i) {
        const auto& entry = entries_[static_cast<std::size_t>(i)];
        if (i >= sentences_->count())
            sentences_->addItem(new QListWidgetItem);
        auto* item = sentences_->item(i);
        if (const QString text = label(entry); item->text() != text)
            item->setText(text);
        const int icon = (entry.trace.kept() ? 1 : 0) + (theme().dark ? 2 : 0);
        if (item->data(Qt::UserRole) != icon) {
            item->setData(Qt::UserRole, icon);
            item->setIcon(icons[icon % 2]);
        }
    }
}

void BiographyPanel::arrange() {
    const int columns = width() >= scaled(ThreeColumnsFrom) ? 3 : 2;
    if (columns == columns_)
        return;
    columns_ = columns;
    const bool wide = columns == 3;
    for (auto* widget :
         {static_cast<QWidget*>(facts_), static_cast<QWidget*>(plot_), static_cast<QWidget*>(story_)})
        grid_->removeWidget(widget);
    // Where there is no room for three side by side, the text lies over the other two.
    grid_->addWidget(facts_, 0, 0, 1, wide ? 1 : 2);
    grid_->addWidget(plot_, wide ? 0 : 1, wide ? 1 : 0);
    grid_->addWidget(story_, wide ? 0 : 1, wide ? 2 : 1);
    for (int i = 0; i < 3; ++i)
        grid_->setColumnStretch(i, i < columns ? 1 : 0);
    grid_->setRowStretch(0, wide ? 1 : 0);
    grid_->setRowStretch(1, wide ? 0 : 1);

    for (int i = 0; i < 3; ++i) {
        auto* name = names_[static_cast<std::size_t>(i)];
        auto* value = values_[static_cast<std::size_t>(i)];
        says_->removeWidget(name);
        says_->removeWidget(value);
        says_->addWidget(name, wide ? i : 0, wide ? 0 : 2 * i);
        says_->addWidget(value, wide ? i : 0, wide ? 1 : 2 * i + 1);
    }
    for (int column = 0; column < 6; ++column)
        says_->setColumnStretch(column, column % 2 == 1 && (column == 1 || !wide) ? 1 : 0);
}

void BiographyPanel::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    arrange();
    const bool wide = columns_ == 3;
    setMinimumHeight(scaled(wide ? LeastWide : LeastNarrow));
    facts_->setMaximumHeight(wide ? QWIDGETSIZE_MAX : scaled(NarrowFacts));
}

void BiographyPanel::showEvent(QShowEvent* event) {
    QFrame::showEvent(event);
    if (sample_)
        ask();
}

void BiographyPanel::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fillSentences();
}

bool BiographyPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == sentences_ && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        QStringList lines;
        for (int i = 0; i < sentences_->count(); ++i)
            if (sentences_->item(i)->isSelected())
                lines << sentences_->item(i)->text();
        QApplication::clipboard()->setText(lines.join(u'\n'));
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace stillroom
