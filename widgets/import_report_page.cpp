#include "widgets/import_report_page.h"

#include "widgets/length_histogram.h"
#include "widgets/number_table.h"
#include "widgets/row_copy.h"
#include "widgets/share_bar.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int TwoColumns = 820; // pixels from which classes and lengths stand beside each other

QLabel* note() {
    auto* label = new QLabel;
    label->setProperty("tone", "muted");
    label->setFont(textFont(TextSize::Note));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

ImportReportPage::ImportReportPage(ImportPlan& plan, QWidget* parent)
    : ImportPage(plan, parent), waiting_(new QWidget), waitingWords_(new QLabel), bar_(new QProgressBar),
      scroll_(new QScrollArea), headline_(new QLabel), splits_(new NumberTable), classes_(new NumberTable),
      classesNote_(note()), lengths_(new LengthHistogram), lengthsNote_(note()), shared_(new NumberTable),
      sharedNote_(note()), bad_(new NumberTable), skip_(new QCheckBox(tr("Leave bad rows out"))),
      grid_(new QGridLayout), timer_(new QTimer(this)) {
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setFixedHeight(6);
    bar_->setAccessibleName(tr("Reading the data"));
    auto* stopButton = new QToolButton;
    stopButton->setText(tr("stop"));
    stopButton->setProperty("role", "link");
    stopButton->setFocusPolicy(Qt::StrongFocus);
    connect(stopButton, &QToolButton::clicked, this, &ImportReportPage::stop);
    auto* words = new QHBoxLayout;
    words->addWidget(waitingWords_);
    words->addStretch(1);
    words->addWidget(stopButton);
    auto* waitingColumn = new QVBoxLayout(waiting_);
    waitingColumn->setContentsMargins(0, 0, 0, 0);
    waitingColumn->addLayout(words);
    waitingColumn->addWidget(bar_);
    timer_->setInterval(60);
    connect(timer_, &QTimer::timeout, this, [this] {
        if (progress_ && progress_->total() > 0)
            bar_->setValue(static_cast<int>(1000 * progress_->done() / progress_->total()));
    });

    headline_->setWordWrap(true);
    headline_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    splits_->setAccessibleName(tr("Rows of each split"));
    classes_->setAccessibleName(tr("Rows of each class"));
    classes_->setItemDelegate(new ShareBarDelegate(classes_));
    shared_->setAccessibleName(tr("Texts in more than one split"));
    bad_->setAccessibleName(tr("Bad rows"));
    skip_->setToolTip(tr("Else the experiment says where they are and reads nothing until they are mended"));
    connect(skip_, &QCheckBox::toggled, this, [this] { Q_EMIT changed(); });

    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, Gap, 0);
    column->setSpacing(Gap);
    column->addWidget(headline_);
    column->addWidget(panel(tr("Splits"), splits_));
    classesPanel_ = panel(tr("Classes"), classes_, classesNote_);
    static_cast<QVBoxLayout*>(classesPanel_->layout())->addStretch(1);
    lengthsPanel_ = panel(LengthHistogram::title(), lengths_, lengthsNote_);
    auto* saved = note();
    saved->hide();
    static_cast<QVBoxLayout*>(lengthsPanel_->layout())->addWidget(saved);
    connect(lengths_, &LengthHistogram::said, saved, [saved](const QString& text, MessageKind kind) {
        saved->setProperty("tone", kind == MessageKind::Info ? "muted" : "warning");
        saved->style()->unpolish(saved);
        saved->style()->polish(saved);
        saved->setText(text);
        saved->show();
    });
    sharedPanel_ = panel(tr("Texts in more than one split"), shared_, sharedNote_);
    badPanel_ = panel(tr("Bad rows"), bad_);
    static_cast<QVBoxLayout*>(badPanel_->layout())->addWidget(skip_);
    grid_->setSpacing(Gap);
    column->addLayout(grid_);
    column->addWidget(sharedPanel_);
    column->addWidget(badPanel_);
    column->addStretch(1);
    scroll_->setWidget(body);
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setFocusPolicy(Qt::StrongFocus); // its keys scroll it
    scroll_->setAccessibleName(tr("Report"));
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(Gap);
    whole->addWidget(waiting_);
    whole->addWidget(scroll_, 1);
    arrange();
}

ImportReportPage::~ImportReportPage() {
    stop();
    pool_.finish();
}

QWidget* ImportReportPage::panel(const QString& title, QWidget* body, QLabel* below) {
    auto* frame = new QFrame;
    frame->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(frame);
    inside->setContentsMargins(14, Gap, 14, Gap + 2);
    inside->setSpacing(Gap / 2 + 2);
    auto* name = new QLabel(title);
    name->setFont(textFont(TextSize::Title));
    inside->addWidget(name);
    inside->addWidget(body);
    if (below != nullptr)
        inside->addWidget(below);
    return frame;
}

void ImportReportPage::stop() {
    if (progress_)
        progress_->cancel();
}

bool ImportReportPage::skipsBadRows() const {
    return badPanel_->isVisibleTo(this) && skip_->isChecked();
}

void ImportReportPage::enter() {
    const Experiment experiment = plan().applied(Experiment{}, {});
    if (read_ && *read_ == experiment && !error_)
        return;
    stop();
    read_ = experiment;
    error_.reset();
    reading_ = true;
    progress_ = std::make_shared<Progress>();
    waitingWords_->setText(tr("Reading the data…"));
    bar_->setValue(0);
    waiting_->show();
    scroll_->hide();
    timer_->start();
    job_.ask([experiment, taught = plan().hasTeacher(),
              progress = progress_] { return makeImportReport(experiment, taught, *progress); },
             [this, progress = progress_](const Result<ImportReport>& report) {
                 if (progress == progress_) // else a later question is under way
                     take(report);
             });
    Q_EMIT changed();
}

void ImportReportPage::take(const Result<ImportReport>& report) {
    reading_ = false;
    timer_->stop();
    waiting_->hide();
    scroll_->show();
    const bool good = report.has_value();
    if (good) {
        showSplits(*report);
        showClasses(*report);
        lengths_->show(report->profile);
        showShared(*report);
        showBadRows(*report);
    } else {
        error_ = report.error();
        headline_->setText(toQString(error_->message));
        headline_->setProperty("tone", error_->kind == ErrorKind::Cancelled ? "muted" : "warning");
        QVector<QStringList> rows;
        for (const auto& line : error_->details)
            rows << QStringList{toQString(line)};
        bad_->show({tr("where and why")}, rows);
        bad_->fitHeight(8);
        badPanel_->setVisible(!rows.isEmpty());
        skip_->hide();
    }
    headline_->style()->unpolish(headline_);
    headline_->style()->polish(headline_);
    for (auto* shown : {splits_->parentWidget(), classesPanel_, lengthsPanel_, sharedPanel_})
        shown->setVisible(good);
    scroll_->verticalScrollBar()->setValue(0);
    Q_EMIT changed();
}

void ImportReportPage::showSplits(const ImportReport& report) {
    QStringList columns{tr("split"),      tr("rows"),     tr("with gold"),  tr("empty texts"),
                        tr("duplicates"), tr("shortest"), tr("half up to"), tr("longest")};
    QVector<QStringList> rows;
    std::int64_t all = 0;
    for (std::size_t i = 0; i < SplitCount; ++i) {
        const auto& split = report.profile.splits[i];
        all += split.rows;
        if (split.rows > 0)
            rows << QStringList{splitTitle(static_cast<Split>(i)), grouped(split.rows),
                                grouped(split.withGold),           grouped(split.empty),
                                grouped(split.duplicates),         grouped(split.lengths[0]),
                                grouped(split.lengths[3]),         grouped(split.lengths[6])};
    }
    splits_->show(columns, rows);
    splits_->fitHeight(SplitCount);
    splits_->horizontalHeaderItem(4)->setToolTip(tr("Rows whose text stood in the same split before"));
    for (const int column : {5, 6, 7})
        splits_->horizontalHeaderItem(column)->setToolTip(tr("Characters of a text"));
    QStringList lines{tr("%1 rows, %2 classes. Nothing is written yet: Finish puts this into the experiment, "
                         "as one step that can be undone.")
                          .arg(grouped(all), grouped(static_cast<std::int64_t>(report.classes.size())))};
    if (report.untaught > 0)
        lines << tr("%1 training texts have no teacher's label: they are shown and left out of training.")
                     .arg(grouped(report.untaught));
    headline_->setText(lines.join(u' '));
    headline_->setProperty("tone", "muted");
    const auto& train = report.profile.splits[0];
    lengthsNote_->setText(
        tr("Training: 5 % have %1 characters or fewer, half %2, 95 % %3.")
            .arg(grouped(train.lengths[1]), grouped(train.lengths[3]), grouped(train.lengths[5])));
}

void ImportReportPage::showClasses(const ImportReport& report) {
    const auto& splits = report.profile.splits;
    QStringList columns{tr("class")};
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < SplitCount; ++i)
        if (splits[i].withGold > 0) {
            shown.push_back(i);
            columns << splitTitle(static_cast<Split>(i)).toLower();
        }
    QVector<QStringList> rows;
    for (std::size_t k = 0; k < report.classes.size(); ++k) {
        QStringList row{toQString(report.classes[k])};
        for (const auto i : shown)
            row << grouped(splits[i].byClass[k]);
        rows << row;
    }
    classes_->show(columns, rows);
    if (!shown.empty()) {
        // Bars in the first column of counts: the eye compares classes there.
        const auto& counts = splits[shown.front()].byClass;
        const auto most = std::max<std::int64_t>(1, *std::max_element(counts.begin(), counts.end()));
        for (std::size_t k = 0; k < counts.size(); ++k)
            classes_->item(static_cast<int>(k), 1)
                ->setData(ShareBarDelegate::ShareRole,
                          static_cast<double>(counts[k]) / static_cast<double>(most));
        classes_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    }
    classes_->fitHeight(14);
    const double imbalance = shown.empty() ? 0 : splits[shown.front()].imbalance;
    classesNote_->setText(
        shown.empty() ? tr("No row has gold: how often a class comes up is not known.")
        : imbalance >= 2
            ? tr("The largest class is %1 times the smallest.").arg(fixed(imbalance, imbalance < 10 ? 1 : 0))
            : tr("The classes are about equally large."));
}

void ImportReportPage::showShared(const ImportReport& report) {
    const std::int64_t count = report.profile.sharedTexts;
    QVector<QStringList> rows;
    QStringList columns{tr("text")};
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < SplitCount; ++i)
        if (report.profile.splits[i].rows > 0) {
            shown.push_back(i);
            columns << splitTitle(static_cast<Split>(i)).toLower();
        }
    columns << tr("gold") << tr("rows");
    for (const auto& text : report.shared) {
        QStringList row{oneLine(toQString(text.text))};
        for (const auto i : shown)
            row << (text.rows[i] == 0 ? QStringLiteral("–") : grouped(text.rows[i]));
        row << toQString(text.gold) << toQString(text.ids);
        rows << row;
    }
    shared_->setVisible(count > 0);
    if (count > 0) {
        shared_->show(columns, rows);
        shared_->setTextElideMode(Qt::ElideRight);
        shared_->horizontalHeader()->setSectionResizeMode(shared_->columnCount() - 1,
                                                          QHeaderView::Interactive);
        shared_->horizontalHeader()->resizeSection(shared_->columnCount() - 1, scaled(220));
        shared_->fitHeight(8);
    }
    QString words;
    if (count == 0)
        words = tr("None: no text of one split stands in another.");
    else {
        words = count == 1
                    ? tr("1 text stands in more than one split: what is measured on it was seen before.")
                    : tr("%1 texts stand in more than one split: what is measured on them was seen "
                         "before.")
                          .arg(grouped(count));
        words += tr(" %1 texts stand more than once in all.").arg(grouped(report.profile.repeatedTexts));
        if (report.profile.sharedLabelsDiffer > 0)
            words += tr(" The gold of %1 is not the same everywhere.")
                         .arg(grouped(report.profile.sharedLabelsDiffer));
        if (count > rows.size())
            words += tr(" The first %1 are listed.").arg(grouped(rows.size()));
    }
    sharedNote_->setText(words);
    sharedNote_->setProperty("tone", count > 0 ? "warning" : "muted");
    sharedNote_->style()->unpolish(sharedNote_);
    sharedNote_->style()->polish(sharedNote_);
}

void ImportReportPage::showBadRows(const ImportReport& report) {
    const BadRows& bad = report.report.badRows;
    badPanel_->setVisible(bad.count > 0);
    skip_->setVisible(bad.count > 0);
    if (bad.count == 0)
        return;
    QVector<QStringList> rows;
    for (const auto& row : bad.first)
        rows << QStringList{toQString(row.sentence())};
    bad_->show({static_cast<std::size_t>(bad.count) > bad.first.size()
                    ? tr("the first %1 of %2").arg(bad.first.size()).arg(grouped(bad.count))
                    : tr("where and why")},
               rows);
    bad_->fitHeight(8);
    skip_->setText(tr("Leave the %1 bad rows out").arg(grouped(bad.count)));
}

void ImportReportPage::resizeEvent(QResizeEvent* event) {
    ImportPage::resizeEvent(event);
    arrange();
}

void ImportReportPage::arrange() {
    const bool two = width() >= scaled(TwoColumns);
    grid_->addWidget(classesPanel_, 0, 0);
    grid_->addWidget(lengthsPanel_, two ? 0 : 1, two ? 1 : 0);
    grid_->setColumnStretch(0, 1);
    grid_->setColumnStretch(1, two ? 1 : 0);
}

QString ImportReportPage::problem() const {
    if (reading_)
        return tr("Reading the data…");
    if (error_ && error_->kind != ErrorKind::Cancelled)
        return tr("As it is chosen, the data cannot be read: the sentence above says what to change.");
    return {};
}

} // namespace stillroom
