#include "widgets/samples_table.h"

#include "widgets/table_look.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QStyledItemDelegate>
#include <algorithm>

namespace stillroom {
namespace {

constexpr std::size_t CopiedAtOnce = 500; // rows
constexpr int LeastText = 220;            // pixels at a desk

/// Ids differ at their ends, and names of classes at both.
class MiddleElided : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        const bool text = index.column() == SampleCells::Text || index.column() == SampleCells::VerdictNow;
        option->textElideMode = text ? Qt::ElideRight : Qt::ElideMiddle;
    }
};

} // namespace

SamplesTable::SamplesTable(SamplesModel* model, QWidget* parent) : QTableView(parent), samples_(model) {
    setModel(model);
    setItemDelegate(new MiddleElided(this));
    makeLongTable(*this);
    setAccessibleName(tr("Samples"));
    auto* header = horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Interactive);
    connect(header, &QHeaderView::sectionClicked, this, &SamplesTable::sortBy);
}

SamplesTable::~SamplesTable() {
    pool_.finish();
}

void SamplesTable::sortBy(int column) {
    const auto chosen = static_cast<SampleCells::Column>(column);
    if (chosen == order_.column)
        order_.ascending = !order_.ascending;
    else // the largest first is what one looks for among counts
        order_ = {chosen, !SampleCells::isNumber(chosen) || chosen == SampleCells::Number};
    samples_->setOrder(order_.column, order_.ascending);
    Q_EMIT orderChanged();
}

void SamplesTable::fitColumns() {
    const QFontMetrics metrics = fontMetrics();
    const auto letters = [&](int count) { return metrics.averageCharWidth() * count + 12; };
    const auto words = [&](const char* text) {
        return metrics.horizontalAdvance(QString::fromUtf8(text)) + 12;
    };
    setColumnWidth(SampleCells::Number, words("8,888,888"));
    setColumnWidth(SampleCells::Id, letters(9));
    for (const auto column : {SampleCells::Gold, SampleCells::Teacher, SampleCells::Student})
        setColumnWidth(column, letters(14));
    setColumnWidth(SampleCells::Confidence, words("confidence ▼"));
    setColumnWidth(SampleCells::Uncertainty, words("uncertainty ▼"));
    setColumnWidth(SampleCells::KeptTimes, words("kept ▼"));
    setColumnWidth(SampleCells::FirstKept, words("first ▼"));
    setColumnWidth(SampleCells::LastKept, words("last ▼"));
    setColumnWidth(SampleCells::VerdictNow, words("teacher not sure enough"));
    int others = 0;
    for (int column = 0; column < SampleCells::ColumnCount; ++column)
        if (column != SampleCells::Text)
            others += columnWidth(column);
    setColumnWidth(SampleCells::Text, std::max(scaled(LeastText), viewport()->width() - others));
}

void SamplesTable::resizeEvent(QResizeEvent* event) {
    const bool wider = event->size().width() != event->oldSize().width();
    QTableView::resizeEvent(event);
    if (wider)
        fitColumns();
}

void SamplesTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fitRowsToFont(*this);
        fitColumns();
    }
}

std::optional<std::uint32_t> SamplesTable::current() const {
    const QModelIndex index = currentIndex();
    if (!index.isValid() || index.row() >= samples_->rowCount())
        return std::nullopt;
    return samples_->sampleAt(index.row());
}

void SamplesTable::keyboardSearch(const QString& text) {
    // Qt's own would read a million rows for it.
    if (!text.trimmed().isEmpty())
        Q_EMIT typed(text);
}

void SamplesTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copySelected();
    else
        QTableView::keyPressEvent(event);
}

void SamplesTable::copySelected() {
    std::vector<int> rows;
    for (const auto& range : selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    if (rows.empty())
        return;
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<std::uint32_t> chosen;
    chosen.reserve(rows.size());
    for (const int row : rows)
        chosen.push_back(samples_->sampleAt(row));
    const auto lines = [cells = samples_->cells(), chosen = std::move(chosen)] {
        QString text;
        for (const auto sample : chosen)
            text += cells.line(sample) + u'\n';
        return text;
    };
    if (rows.size() <= CopiedAtOnce) {
        QApplication::clipboard()->setText(lines());
        return;
    }
    pool_.run(lines, [this, count = rows.size()](const QString& text) {
        QApplication::clipboard()->setText(text);
        Q_EMIT said(tr("Copied %1 rows.").arg(grouped(static_cast<std::int64_t>(count))), MessageKind::Info);
    });
}

} // namespace stillroom
