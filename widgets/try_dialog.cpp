#include "widgets/try_dialog.h"

#include "widgets/class_bars.h"
#include "widgets/elided_label.h"
#include "widgets/lab_model.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QScrollArea>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr int Patience = 120; // ms
constexpr int LongestText = 20'000;
constexpr int RowAir = 6; // px

QToolButton* makeLink(const QString& text, const QString& tip) {
    auto* link = new QToolButton;
    link->setText(text);
    link->setToolTip(tip);
    link->setProperty("role", "link");
    link->setCursor(Qt::PointingHandCursor);
    return link;
}

/// "5 of 10 epochs" has no meaning where epochs are not over; so: how often, and when.
QString keptWords(const TriedNeighbour& one) {
    if (one.keptTimes == 1)
        return TryDialog::tr("once, epoch %1").arg(one.firstKept);
    return TryDialog::tr("%1 times, epochs %2 to %3").arg(one.keptTimes).arg(one.firstKept).arg(one.lastKept);
}

} // namespace

TryDialog::TryDialog(LabModel* lab, QWidget* parent)
    : QDialog(parent), model_(lab), title_(new QLabel(tr("Try it"))), run_(new ElidedLabel),
      choose_(makeLink(tr("another run…"), tr("The best student of a run that lies elsewhere"))),
      back_(makeLink(tr("this window's run"), tr("Back to the run of this window"))),
      input_(new QPlainTextEdit), bars_(new ClassBars), barsArea_(new QScrollArea), empty_(new QLabel),
      nearTitle_(new QLabel(tr("Most alike, of the training texts that were kept"))), nearWords_(new QLabel),
      progress_(new QProgressBar), near_(new QTableWidget(0, 5)) {
    setWindowTitle(tr("Try it"));
    setWindowFlag(Qt::WindowContextHelpButtonHint, false);

    run_->setProperty("tone", "muted");
    auto* head = new QHBoxLayout;
    head->addWidget(title_);
    head->addSpacing(Gap);
    head->addWidget(run_, 1);
    head->addWidget(back_);
    head->addWidget(choose_);

    input_->setPlaceholderText(tr("Type a text, and see what the student says of it"));
    input_->setAccessibleName(tr("Text to try"));
    input_->setTabChangesFocus(true);
    input_->setFixedHeight(76);

    auto* area = static_cast<QScrollArea*>(barsArea_);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    auto* inside = new QWidget;
    auto* insideColumn = new QVBoxLayout(inside);
    insideColumn->setContentsMargins(0, 0, Gap, 0);
    insideColumn->addWidget(bars_);
    insideColumn->addStretch(1);
    area->setWidget(inside);

    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* panelColumn = new QVBoxLayout(panel);
    panelColumn->setContentsMargins(12, 10, 12, 10);
    empty_->setWordWrap(true);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setProperty("tone", "muted");
    empty_->setTextFormat(Qt::PlainText);
    panelColumn->addWidget(barsArea_, 1);
    panelColumn->addWidget(empty_, 1);
    panel->setMinimumHeight(120);

    nearWords_->setProperty("tone", "muted");
    nearWords_->setWordWrap(true);
    nearWords_->setTextFormat(Qt::PlainText);
    progress_->setTextVisible(false);
    progress_->setFixedHeight(6);
    progress_->setAccessibleName(tr("Texts compared"));
    near_->setHorizontalHeaderLabels({tr("alike"), tr("text"), tr("teacher"), tr("sure"), tr("kept")});
    near_->setAccessibleName(tr("Kept training texts that are most alike"));
    near_->verticalHeader()->hide();
    near_->setShowGrid(false);
    near_->setAlternatingRowColors(true);
    near_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    near_->setSelectionBehavior(QAbstractItemView::SelectRows);
    near_->setWordWrap(true);
    near_->setTabKeyNavigation(false);
    near_->horizontalHeader()->setHighlightSections(false);
    near_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    near_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    near_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    near_->setMinimumHeight(150);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Gap, 2 * Gap, 2 * Gap, 2 * Gap);
    column->setSpacing(Gap);
    column->addLayout(head);
    column->addWidget(input_);
    column->addWidget(panel, 3);
    column->addSpacing(Gap);
    column->addWidget(nearTitle_);
    column->addWidget(nearWords_);
    column->addWidget(progress_);
    column->addWidget(near_, 4);
    resize(820, 640);
    setMinimumSize(460, 420);
    setFonts();

    soon_.setSingleShot(true);
    soon_.setInterval(Patience);
    connect(&soon_, &QTimer::timeout, this, [this] { model_.ask(input_->toPlainText().left(LongestText)); });
    connect(input_, &QPlainTextEdit::textChanged, this, [this] { soon_.start(); });
    connect(choose_, &QToolButton::clicked, this, &TryDialog::chooseRun);
    connect(back_, &QToolButton::clicked, this, [this] { model_.chooseRun({}); });
    connect(&model_, &TryModel::changed, this, &TryDialog::refresh);
    connect(&model_, &TryModel::answered, this, &TryDialog::showAnswer);
    showAnswer();
}

void TryDialog::setFonts() {
    title_->setFont(textFont(TextSize::Heading));
    nearTitle_->setFont(textFont(TextSize::Title));
    for (auto* label : {static_cast<QLabel*>(run_), nearWords_})
        label->setFont(textFont(TextSize::Note));
}

void TryDialog::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        setFonts();
}

void TryDialog::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    model_.setActive(true);
    input_->setFocus();
}

void TryDialog::hideEvent(QHideEvent* event) {
    QDialog::hideEvent(event);
    model_.setActive(false);
}

void TryDialog::chooseRun() {
    auto* dialog = new QFileDialog(this, tr("The folder of a run"), model_.runFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& folder) { model_.chooseRun(folder); });
    dialog->open();
}

QString TryDialog::emptyWords() const {
    return empty_->isHidden() ? QString() : empty_->text();
}

QString TryDialog::neighbourWords() const {
    return nearWords_->text();
}

void TryDialog::refresh() {
    const QString folder = model_.runFolder();
    const QString words = model_.studentWords();
    const QString name = QFileInfo(folder).fileName();
    run_->say(folder.isEmpty() ? QString() : words.isEmpty() ? name : tr("%1 · %2").arg(name, words));
    back_->setVisible(model_.isElsewhere());
    if (model_.answer().classes.empty()) {
        bars_->setRows({});
        const QString problem = model_.answer().problem;
        empty_->setText(folder.isEmpty()
                            ? tr("There is no student yet. Press Run, and try it as soon as the first one is "
                                 "evaluated; or look at another run's.")
                        : !problem.isEmpty()          ? problem
                        : !model_.problem().isEmpty() ? model_.problem()
                        : !model_.ready()             ? tr("The student is being opened…")
                                                      : tr("What is typed above is labelled here."));
    }
    const bool labelled = !model_.answer().classes.empty();
    barsArea_->setVisible(labelled);
    empty_->setVisible(!labelled);

    const double comparing = model_.comparing();
    progress_->setVisible(comparing >= 0);
    progress_->setRange(0, 1000);
    progress_->setValue(static_cast<int>(1000 * comparing));
    QString near = model_.neighbourWords();
    if (comparing >= 0)
        near = tr("The texts that were kept are being compared, once for this student: %1")
                   .arg(percent(comparing, 0));
    else if (labelled && model_.answer().compared && model_.answer().near.empty())
        near = tr("The student knows no word of this text.");
    nearWords_->setText(near);
    nearWords_->setVisible(!near.isEmpty());
}

void TryDialog::showAnswer() {
    const TriedAnswer& answer = model_.answer();
    std::vector<ClassBars::Row> rows;
    for (const auto& one : answer.classes)
        rows.emplace_back(one.name, one.probability);
    bars_->setRows(std::move(rows));
    fillNeighbours(answer.near);
    refresh();
}

void TryDialog::fillNeighbours(const std::vector<TriedNeighbour>& near) {
    near_->setRowCount(static_cast<int>(near.size()));
    for (int row = 0; row < static_cast<int>(near.size()); ++row) {
        const TriedNeighbour& one = near[static_cast<std::size_t>(row)];
        const QString teacher = one.gold.isEmpty() || one.gold == one.label
                                    ? one.label
                                    : tr("%1 (gold: %2)").arg(one.label, one.gold);
        const QString cells[] = {fixed(one.cosine, 2), one.text.simplified(), teacher,
                                 percent(one.confidence, 0), keptWords(one)};
        for (int column = 0; column < 5; ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            // Somebody's text, which may look like HTML.
            item->setToolTip(
                QStringLiteral("<p>%1</p>").arg((column == 1 ? one.text : cells[column]).toHtmlEscaped()));
            item->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
            near_->setItem(row, column, item);
        }
    }
    near_->resizeRowsToContents();
    for (int row = 0; row < near_->rowCount(); ++row)
        near_->setRowHeight(row, near_->rowHeight(row) + RowAir);
}

} // namespace stillroom
