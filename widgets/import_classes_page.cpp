#include "widgets/import_classes_page.h"

#include "widgets/row_copy.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QTableWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <map>

namespace stillroom {
namespace {

enum Column { Label, Name, Train, Validation, Test, Taught, Note, ColumnCount };

} // namespace

ImportClassesPage::ImportClassesPage(ImportPlan& plan, QWidget* parent)
    : ImportPage(plan, parent), hint_(new QLabel), bar_(new QProgressBar), table_(new QTableWidget),
      said_(new QLabel), timer_(new QTimer(this)) {
    hint_->setText(tr("Type over a class to rename it; two with the same name become one. The order is that "
                      "of every table and plot."));
    hint_->setProperty("tone", "muted");
    hint_->setWordWrap(true);
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setFixedHeight(6);
    bar_->setAccessibleName(tr("Counting labels"));
    bar_->hide();
    timer_->setInterval(60);
    connect(timer_, &QTimer::timeout, this, [this] {
        if (progress_ && progress_->total() > 0)
            bar_->setValue(static_cast<int>(1000 * progress_->done() / progress_->total()));
    });

    table_->setColumnCount(ColumnCount);
    table_->setHorizontalHeaderLabels({tr("label in the files"), tr("class"), tr("training"),
                                       tr("validation"), tr("test"), tr("teacher"), QString()});
    auto* header = table_->horizontalHeader();
    header->setFont(textFont(TextSize::Note));
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(Label, QHeaderView::Stretch);
    header->setSectionResizeMode(Name, QHeaderView::Stretch);
    for (int column = 0; column < ColumnCount; ++column)
        table_->horizontalHeaderItem(column)->setTextAlignment(
            (column >= Train && column <= Taught ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    table_->horizontalHeaderItem(Taught)->setToolTip(tr("Training rows of which the teacher said it"));
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(atDesk(table_->fontMetrics().height()) + 12);
    table_->setShowGrid(false);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked |
                            QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    table_->setWordWrap(false);
    table_->setTabKeyNavigation(false);
    table_->setAccessibleName(tr("Labels and their classes"));
    table_->installEventFilter(this);
    connect(table_, &QTableWidget::itemChanged, this, &ImportClassesPage::edited);
    connect(table_, &QTableWidget::currentCellChanged, this, [this] { say(); });

    auto* links = new QHBoxLayout;
    links->setSpacing(2 * Gap);
    const auto link = [&](const QString& text, const QString& tip, auto slot) {
        auto* button = new QToolButton;
        button->setText(text);
        button->setToolTip(tip);
        button->setProperty("role", "link");
        button->setFocusPolicy(Qt::StrongFocus);
        button->setCursor(Qt::PointingHandCursor);
        connect(button, &QToolButton::clicked, this, slot);
        links->addWidget(button);
        return button;
    };
    up_ = link(tr("move up"), tr("Alt+Up"), [this] { moveBy(-1); });
    down_ = link(tr("move down"), tr("Alt+Down"), [this] { moveBy(1); });
    sort_ = link(tr("sort by name"), tr("As they are without an order of your own"), [this] {
        auto& classes = this->plan().classes;
        std::stable_sort(classes.begin(), classes.end(),
                         [](const ImportClass& a, const ImportClass& b) { return a.name < b.name; });
        this->plan().ordered = false;
        fill();
        Q_EMIT changed();
    });
    add_ =
        link(tr("add a class"), tr("One that no file has yet, for the teacher to choose"), [this] { add(); });
    remove_ = link(tr("remove"), tr("A class that was added here"), [this] { remove(); });
    links->addStretch(1);
    said_->setWordWrap(true);
    said_->setFont(textFont(TextSize::Note));
    said_->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(Gap, Gap, Gap, Gap);
    inside->addWidget(table_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Gap);
    column->addWidget(hint_);
    column->addWidget(bar_);
    column->addWidget(panel, 1);
    column->addLayout(links);
    column->addWidget(said_);
}

ImportClassesPage::~ImportClassesPage() {
    stop();
    pool_.finish();
}

void ImportClassesPage::stop() {
    if (progress_)
        progress_->cancel();
}

void ImportClassesPage::enter() {
    Experiment experiment = plan().applied(Experiment{}, {});
    experiment.data.rename.clear();
    experiment.data.classes.clear();
    experiment.data.holdout = {};
    if (counted_ && *counted_ == experiment && !error_) {
        fill();
        return;
    }
    count(experiment);
}

void ImportClassesPage::count(const Experiment& experiment) {
    stop();
    progress_ = std::make_shared<Progress>();
    counting_ = true;
    error_.reset();
    counted_ = experiment;
    bar_->setValue(0);
    bar_->show();
    timer_->start();
    job_.ask([experiment, progress = progress_] { return countLabels(experiment, {}, *progress); },
             [this, progress = progress_](Result<LabelCounts> counts) {
                 if (progress == progress_) // else a later question is under way
                     take(std::move(counts));
             });
    fill();
    Q_EMIT changed();
}

void ImportClassesPage::take(Result<LabelCounts> counts) {
    counting_ = false;
    timer_->stop();
    bar_->hide();
    if (!counts) {
        error_ = counts.error();
        plan().classes.clear();
    } else {
        // Names and the order that were chosen stay, of the labels that are still there.
        std::map<std::string, ImportClass> now;
        for (auto& label : counts->labels)
            now.emplace(label.label, label);
        std::vector<ImportClass> kept;
        for (auto& before : plan().classes) {
            const auto found = now.find(before.label);
            if (before.label.empty()) {
                kept.push_back(before);
            } else if (found != now.end()) {
                found->second.name = before.name;
                kept.push_back(found->second);
                now.erase(found);
            }
        }
        for (auto& label : counts->labels)
            if (now.contains(label.label))
                kept.push_back(label);
        plan().classes = std::move(kept);
        if (!plan().ordered)
            std::stable_sort(plan().classes.begin(), plan().classes.end(),
                             [](const ImportClass& a, const ImportClass& b) { return a.name < b.name; });
    }
    fill();
    Q_EMIT changed();
}

void ImportClassesPage::fill() {
    filling_ = true;
    const auto& classes = plan().classes;
    const int current = table_->currentRow();
    table_->setEnabled(!counting_);
    table_->setRowCount(static_cast<int>(classes.size()));
    std::array<bool, ColumnCount> used{};
    std::map<std::string, std::string> firsts; // name → label of the first with it
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const ImportClass& entry = classes[i];
        const int row = static_cast<int>(i);
        for (int column = 0; column < ColumnCount; ++column)
            if (table_->item(row, column) == nullptr)
                table_->setItem(row, column, new QTableWidgetItem);
        const auto put = [&](Column column, const QString& text, const QColor& colour,
                             bool editable = false) {
            auto* item = table_->item(row, column);
            item->setText(text);
            item->setForeground(colour);
            item->setToolTip(asTip(text));
            item->setTextAlignment((column >= Train && column <= Taught ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable |
                           (editable ? Qt::ItemIsEditable : Qt::NoItemFlags));
        };
        const bool renamed = entry.name != entry.label;
        put(Label, entry.label.empty() ? tr("– added here –") : oneLine(toQString(entry.label)),
            entry.label.empty() ? theme().muted : theme().text);
        put(Name, toQString(entry.name), renamed ? theme().accent : theme().text, true);
        const std::array<std::int64_t, 4> counts = {entry.gold[0], entry.gold[1], entry.gold[2],
                                                    entry.taught};
        for (int c = 0; c < 4; ++c) {
            const auto value = counts[static_cast<std::size_t>(c)];
            used[static_cast<std::size_t>(Train + c)] =
                used[static_cast<std::size_t>(Train + c)] || value > 0;
            put(static_cast<Column>(Train + c), value == 0 ? QStringLiteral("–") : grouped(value),
                value == 0 ? theme().muted : theme().text);
        }
        const auto [first, isFirst] = firsts.emplace(entry.name, entry.label);
        put(Note, isFirst ? QString() : tr("joins %1").arg(toQString(first->second)), theme().muted);
    }
    for (int column = Train; column <= Taught; ++column)
        table_->setColumnHidden(column, !used[static_cast<std::size_t>(column)]);
    table_->setColumnHidden(Note, firsts.size() == classes.size());
    if (current >= 0 && current < table_->rowCount())
        table_->setCurrentCell(current, Name);
    else if (table_->rowCount() > 0)
        table_->setCurrentCell(0, Name);
    filling_ = false;
    say();
}

void ImportClassesPage::edited(QTableWidgetItem* item) {
    if (filling_ || item->column() != Name)
        return;
    ImportClass& entry = plan().classes[static_cast<std::size_t>(item->row())];
    const std::string name = item->text().trimmed().toStdString();
    entry.name = name.empty() && !entry.label.empty() ? entry.label : name;
    fill();
    Q_EMIT changed();
}

void ImportClassesPage::moveBy(int rows) {
    const int row = table_->currentRow(), to = row + rows;
    if (row < 0 || to < 0 || to >= table_->rowCount())
        return;
    std::swap(plan().classes[static_cast<std::size_t>(row)], plan().classes[static_cast<std::size_t>(to)]);
    plan().ordered = true;
    table_->setCurrentCell(to, Name);
    fill();
    Q_EMIT changed();
}

void ImportClassesPage::add() {
    plan().classes.push_back({});
    fill();
    const int row = table_->rowCount() - 1;
    table_->setCurrentCell(row, Name);
    table_->setFocus();
    table_->editItem(table_->item(row, Name));
    Q_EMIT changed();
}

void ImportClassesPage::remove() {
    const int row = table_->currentRow();
    if (row < 0 || !plan().classes[static_cast<std::size_t>(row)].label.empty())
        return;
    plan().classes.erase(plan().classes.begin() + row);
    fill();
    Q_EMIT changed();
}

void ImportClassesPage::say() {
    if (filling_)
        return;
    const auto& classes = plan().classes;
    const int row = table_->currentRow(), rows = table_->rowCount();
    up_->setEnabled(row > 0);
    down_->setEnabled(row >= 0 && row + 1 < rows);
    sort_->setEnabled(rows > 1);
    add_->setEnabled(!counting_ && !error_);
    remove_->setEnabled(row >= 0 && row < static_cast<int>(classes.size()) &&
                        classes[static_cast<std::size_t>(row)].label.empty());

    const auto names = plan().classNames();
    QStringList strangers;
    std::int64_t rowsOfThem = 0;
    for (const auto& entry : classes)
        if (std::find(names.begin(), names.end(), entry.name) == names.end() && !entry.name.empty()) {
            strangers << QStringLiteral("“%1”").arg(toQString(entry.label));
            rowsOfThem += entry.taught;
        }
    if (!strangers.isEmpty())
        said_->setText(
            tr("The teacher says %1 (%2 rows), which gold never does: give it the name of a class, "
               "or those rows are bad ones.")
                .arg(strangers.mid(0, 5).join(QStringLiteral(", ")), grouped(rowsOfThem)));
    else
        said_->setText(classes.size() == names.size()
                           ? tr("%1 classes").arg(grouped(static_cast<std::int64_t>(names.size())))
                           : tr("%1 labels become %2 classes")
                                 .arg(grouped(static_cast<std::int64_t>(classes.size())),
                                      grouped(static_cast<std::int64_t>(names.size()))));
    said_->setVisible(!counting_ && !classes.empty());
    said_->setProperty("tone", strangers.isEmpty() ? "muted" : "warning");
    said_->style()->unpolish(said_);
    said_->style()->polish(said_);
}

QString ImportClassesPage::problem() const {
    if (counting_)
        return tr("Counting labels…");
    if (error_)
        return toQString(error_->message);
    for (const auto& entry : plan().classes)
        if (entry.name.empty())
            return tr("Type the name of the class that was added, or remove it.");
    const auto names = plan().classNames();
    if (plan().classes.empty())
        return tr("No column holds a class: add those that the teacher is to choose between, at least two.");
    if (names.size() < 2)
        return tr("There is only one class; a student needs at least two.");
    return {};
}

bool ImportClassesPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == table_ && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && table_->currentRow() >= 0) {
            // What is typed is taken by its editor, and must not reach the wizard's Next.
            if (table_->findChild<QLineEdit*>() == nullptr)
                table_->editItem(table_->item(table_->currentRow(), Name));
            return true;
        }
        if (key->modifiers() == Qt::AltModifier && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
            moveBy(key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Delete) {
            remove();
            return true;
        }
    }
    return ImportPage::eventFilter(watched, event);
}

void ImportClassesPage::changeEvent(QEvent* event) {
    ImportPage::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill(); // muted and accent are other colours now
}

} // namespace stillroom
