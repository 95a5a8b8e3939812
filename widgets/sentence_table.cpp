#include "widgets/sentence_table.h"

#include "core/experiment/experiment.h"
#include "core/experiment/zero_shot.h"
#include "widgets/row_copy.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int NameWidth = 120, MostRows = 12;

const std::string* ownOf(const SentenceTable::Sentences& sentences, const std::string& name) {
    const auto found = std::find_if(sentences.begin(), sentences.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    return found == sentences.end() ? nullptr : &found->second;
}

} // namespace

SentenceTable::SentenceTable(QWidget* parent) : NumberTable(parent) {
    setEditTriggers(DoubleClicked | SelectedClicked | EditKeyPressed | AnyKeyPressed);
    setSelectionMode(SingleSelection);
    // As high as a line that is typed into.
    verticalHeader()->setDefaultSectionSize(atDesk(fontMetrics().height()) + 12);
    setAccessibleName(tr("Sentence of each class"));
    setColumnCount(2);
    setHorizontalHeaderLabels({tr("class"), tr("sentence")});
    for (const int column : {0, 1})
        horizontalHeaderItem(column)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    horizontalHeader()->resizeSection(0, NameWidth);
    connect(this, &QTableWidget::itemChanged, this, &SentenceTable::cellEdited);
}

void SentenceTable::setHeading(const QString& heading) {
    horizontalHeaderItem(1)->setText(heading);
}

void SentenceTable::say(const std::vector<std::string>& classes, const std::string& pattern,
                        const Sentences& own) {
    std::vector<std::string> names = classes;
    for (const auto& entry : own)
        if (std::find(classes.begin(), classes.end(), entry.first) == classes.end())
            names.push_back(entry.first);
    if (names == names_ && classes.size() == known_ && pattern == pattern_ && own == own_)
        return;
    names_ = std::move(names);
    known_ = classes.size();
    pattern_ = pattern;
    own_ = own;
    fill();
}

std::string SentenceTable::made(const std::string& name) const {
    TeacherSettings teacher;
    teacher.sentence = pattern_;
    return zeroShotSentences(teacher, {name})->front();
}

void SentenceTable::fill() {
    showing_ = true;
    setRowCount(static_cast<int>(names_.size()));
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const int row = static_cast<int>(i);
        const std::string* own = ownOf(own_, names_[i]);
        // Cells stay: one of them may just be the one that was typed into.
        for (const int column : {0, 1})
            if (item(row, column) == nullptr)
                setItem(row, column, new QTableWidgetItem);
        auto* name = item(row, 0);
        auto* sentence = item(row, 1);
        name->setText(toQString(names_[i]));
        name->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        name->setToolTip(i < known_ ? asTip(name->text())
                                    : tr("The data have no such class; empty its sentence to leave it out."));
        name->setForeground(i < known_ ? theme().text : theme().warning);
        sentence->setText(toQString(own != nullptr ? *own : made(names_[i])));
        sentence->setToolTip(asTip(sentence->text()));
        sentence->setForeground(own != nullptr ? theme().text : theme().muted);
    }
    fitHeight(MostRows);
    showing_ = false;
}

void SentenceTable::cellEdited(QTableWidgetItem* item) {
    if (!showing_ && item->column() == 1)
        setSentence(item->row(), item->text().trimmed());
}

void SentenceTable::setSentence(int row, const QString& sentence) {
    const std::string name = names_[static_cast<std::size_t>(row)], text = sentence.toStdString();
    Sentences own;
    // In the order of the rows, so that the file's order does not depend on that of the typing.
    for (const auto& other : names_) {
        const std::string* has = ownOf(own_, other);
        if (other == name && !text.empty() && text != made(name))
            own.emplace_back(name, text);
        else if (other != name && has != nullptr)
            own.emplace_back(other, *has);
    }
    own_ = std::move(own);
    fill();
    Experiment scratch;
    scratch.teacher.sentences = own_;
    Q_EMIT edited(toQString(settingValue(scratch, "teacher.sentences")));
}

void SentenceTable::keyPressEvent(QKeyEvent* event) {
    const int row = currentRow();
    if ((event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) && row >= 0)
        setSentence(row, {});
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && row >= 0 &&
             state() != EditingState)
        editItem(item(row, 1));
    else
        NumberTable::keyPressEvent(event);
}

void SentenceTable::changeEvent(QEvent* event) {
    NumberTable::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !names_.empty())
        fill(); // muted and warning are other colours now
}

} // namespace stillroom
