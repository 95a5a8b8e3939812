#include "widgets/import_columns_page.h"

#include "widgets/import_reading.h"
#include "widgets/preview_table.h"
#include "widgets/role_header.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int LeastWidth = 160; // pixels of a column, for the words of a choice

QString quoted(const std::vector<std::string>& names) {
    QStringList list;
    for (const auto& name : names)
        list << QStringLiteral("“%1”").arg(toQString(name));
    return list.join(QStringLiteral(", "));
}

/// Columns of the teacher's probabilities come together: p_joy makes p_anger one too.
std::vector<int> together(const SniffedFile& file, int column) {
    std::vector<int> all{column};
    const std::string& name = file.columns[static_cast<std::size_t>(column)];
    const auto end = name.find_last_of("_-.: ");
    if (end == std::string::npos || end == 0)
        return all;
    const std::string prefix = name.substr(0, end + 1);
    all.clear();
    for (std::size_t i = 0; i < file.columns.size(); ++i)
        if (file.columns[i].starts_with(prefix))
            all.push_back(static_cast<int>(i));
    return all;
}

} // namespace

ImportColumnsPage::ImportColumnsPage(ImportPlan& plan, QWidget* parent)
    : ImportPage(plan, parent), splitRow_(new QWidget), split_(new QComboBox), said_(new QLabel),
      preview_(new PreviewTable), header_(new RoleHeader(preview_)) {
    auto* hint = new QLabel(tr("Choose over each column what it is. Several columns may be text: they are "
                               "joined, each on a line of its own."));
    hint->setProperty("tone", "muted");
    hint->setWordWrap(true);
    auto* splits = new QHBoxLayout(splitRow_);
    splits->setContentsMargins(0, 0, 0, 0);
    splits->setSpacing(Gap);
    auto* word = new QLabel(tr("Columns of"));
    word->setBuddy(split_);
    split_->setAccessibleName(tr("Split whose columns are shown"));
    split_->setMinimumWidth(160);
    splits->addWidget(word);
    splits->addWidget(split_);
    splits->addStretch(1);
    connect(split_, &QComboBox::activated, this, [this] { showSplit(); });

    said_->setWordWrap(true);
    said_->setFont(textFont(TextSize::Note));
    said_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    preview_->setHorizontalHeader(header_);
    header_->setFont(textFont(TextSize::Note));
    connect(header_, &RoleHeader::chosen, this, &ImportColumnsPage::choose);
    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(Gap, Gap, Gap, Gap);
    inside->addWidget(preview_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Gap);
    column->addWidget(hint);
    column->addWidget(splitRow_);
    column->addWidget(panel, 1);
    column->addWidget(said_);
}

Split ImportColumnsPage::splitShown() const {
    return static_cast<Split>(split_->currentData().toInt());
}

void ImportColumnsPage::enter() {
    const QString before = split_->currentText();
    split_->clear();
    for (const Split split : {Split::Train, Split::Validation, Split::Test})
        if (!plan().pathsOf(split).empty())
            split_->addItem(splitTitle(split), static_cast<int>(split));
    split_->setCurrentIndex(std::max(0, split_->findText(before)));
    splitRow_->setVisible(split_->count() > 1);
    lastColumn_ = -1;
    showSplit();
}

void ImportColumnsPage::showSplit() {
    const SniffedFile* file = plan().of(splitShown()).sample();
    preview_->preview(file);
    for (int c = 0; c < preview_->columnCount(); ++c)
        header_->resizeSection(c, std::max(header_->sectionSize(c), scaled(LeastWidth)));
    fitColumns();
    showRoles();
}

/// The widest give way, so that every choice is seen where there is room for all.
void ImportColumnsPage::fitColumns() {
    const int room =
        parentWidget()->width() - 6 * Gap; // of the panel within its edges, beside its scroll bar
    const int count = preview_->columnCount();
    const auto excess = [&] {
        int all = 0;
        for (int c = 0; c < count; ++c)
            all += header_->sectionSize(c);
        return all - room;
    };
    constexpr int Step = 4; // pixels
    if (count * scaled(LeastWidth) > room)
        return;
    while (excess() > 0) {
        int widest = 0;
        for (int c = 1; c < count; ++c)
            if (header_->sectionSize(c) > header_->sectionSize(widest))
                widest = c;
        const int before = header_->sectionSize(widest);
        if (before - Step < scaled(LeastWidth))
            return;
        header_->resizeSection(widest, before - Step);
        if (header_->sectionSize(widest) == before) // the last one, stretched
            return;
    }
}

void ImportColumnsPage::showRoles() {
    const ImportSplit& part = plan().of(splitShown());
    const SniffedFile* file = part.sample();
    if (file == nullptr)
        return;
    QStringList names;
    for (int c = 0; c < preview_->columnCount(); ++c)
        names << toQString(file->columns[static_cast<std::size_t>(c)]);
    header_->setRoles(part.roles, names, splitShown() == Split::Train);
    for (int c = 0; c < preview_->columnCount(); ++c) {
        const bool used = part.roles[static_cast<std::size_t>(c)] != ColumnRole::Nothing;
        for (int r = 0; r < preview_->rowCount(); ++r)
            preview_->item(r, c)->setForeground(used ? theme().text : theme().muted);
    }
    // What of the other splits follows the training files' names, and what does not.
    QStringList lines;
    const ImportSplit& train = plan().of(Split::Train);
    for (const Split split : {Split::Validation, Split::Test}) {
        const ImportSplit& other = plan().of(split);
        if (plan().pathsOf(split).empty())
            continue;
        const auto texts = other.columnsOf(ColumnRole::Text);
        if (texts != train.columnsOf(ColumnRole::Text) && !texts.empty())
            lines << tr("%1 has its text in %2, not in %3 as training has.")
                         .arg(splitTitle(split), quoted(texts), quoted(train.columnsOf(ColumnRole::Text)));
        if (other.columnOf(ColumnRole::Gold).empty())
            lines << tr("%1 has no gold class: nothing can be measured there.").arg(splitTitle(split));
    }
    if (!plan().hasTeacher())
        lines << (train.columnOf(ColumnRole::Gold).empty()
                      ? tr("Nobody has labelled these texts yet: the teacher has to be asked.")
                      : tr("No column is the teacher's: one is made from gold until you choose another."));
    said_->setText(lines.join(u'\n'));
    said_->setVisible(!lines.isEmpty());
    said_->setProperty("tone", "muted");
}

void ImportColumnsPage::choose(int column, ColumnRole role) {
    const Split split = splitShown();
    ImportSplit& part = plan().of(split);
    const SniffedFile* file = part.sample();
    if (column == lastColumn_ && split == lastSplit_ && before_.size() == part.roles.size())
        part.roles = before_;
    lastColumn_ = column;
    lastSplit_ = split;
    before_ = part.roles;
    const ColumnRole before = part.roles[static_cast<std::size_t>(column)];
    if (before == ColumnRole::Probabilities)
        for (const int other : together(*file, column))
            part.roles[static_cast<std::size_t>(other)] = ColumnRole::Nothing;
    if (role == ColumnRole::Probabilities) {
        // One way of saying what the teacher said.
        for (auto& other : part.roles)
            if (other == ColumnRole::Label || other == ColumnRole::Confidence || other == role)
                other = ColumnRole::Nothing;
        for (const int other : together(*file, column))
            part.roles[static_cast<std::size_t>(other)] = role;
    } else {
        const bool single = role != ColumnRole::Text && role != ColumnRole::Nothing;
        const bool said = role == ColumnRole::Label || role == ColumnRole::Confidence;
        for (auto& other : part.roles)
            if ((single && other == role) || (said && other == ColumnRole::Probabilities))
                other = ColumnRole::Nothing;
        part.roles[static_cast<std::size_t>(column)] = role;
    }
    part.rolesChosen = true;
    if (split == Split::Train)
        for (const Split follower : {Split::Validation, Split::Test}) {
            ImportSplit& other = plan().of(follower);
            if (const SniffedFile* first = other.sample(); first != nullptr && !other.rolesChosen)
                other.roles = followRoles(*first, part);
        }
    showRoles();
    Q_EMIT changed();
}

void ImportColumnsPage::changeEvent(QEvent* event) {
    ImportPage::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && split_->count() > 0)
        showRoles(); // cells are of other colours now
}

QString ImportColumnsPage::problem() const {
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const ImportSplit& part = plan().of(split);
        const SniffedFile* file = part.sample();
        if (file == nullptr)
            continue;
        if (part.columnOf(ColumnRole::Text).empty())
            return tr("%1: choose which column is the text.").arg(splitTitle(split));
        for (const ColumnRole role :
             {ColumnRole::Text, ColumnRole::Id, ColumnRole::Gold, ColumnRole::Label, ColumnRole::Confidence})
            for (const auto& name : part.columnsOf(role)) {
                if (std::count(file->columns.begin(), file->columns.end(), name) > 1)
                    return tr("%1: several columns are called “%2”; rename all but one in the file.")
                        .arg(splitTitle(split), toQString(name));
                for (std::size_t i = 0; i < part.reading.files.size(); ++i) {
                    const auto& other = part.reading.files[i];
                    if (other &&
                        std::find(other->columns.begin(), other->columns.end(), name) == other->columns.end())
                        return tr("%1 has no column “%2” as the other %3 files have: leave it out, or use it "
                                  "for another split.")
                            .arg(fileName(part.reading.paths[i]), toQString(name),
                                 splitTitle(split).toLower());
                }
            }
    }
    const ImportSplit& train = plan().of(Split::Train);
    if (!train.columnOf(ColumnRole::Confidence).empty() && train.columnOf(ColumnRole::Label).empty())
        return tr("There is a teacher's confidence but no teacher's class: choose its column.");
    return {};
}

} // namespace stillroom
