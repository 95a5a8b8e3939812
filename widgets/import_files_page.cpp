#include "widgets/import_files_page.h"

#include "widgets/import_reading.h"
#include "widgets/number_box.h"
#include "widgets/row_copy.h"
#include "widgets/text.h"
#include "widgets/theme.h"
#include "widgets/written_how.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

namespace stillroom {
namespace {

enum Column { File, Use, Found, Size, ColumnCount };
constexpr int UseWidth = 132, SizeWidth = 92;

QToolButton* link(const QString& text) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setProperty("role", "link");
    button->setCursor(Qt::PointingHandCursor);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

ImportFilesPage::ImportFilesPage(ImportPlan& plan, QWidget* parent)
    : ImportPage(plan, parent), hint_(new QLabel), nothing_(new QLabel), table_(new QTableWidget),
      remove_(link(tr("remove"))), aside_(new QWidget), asideNote_(new QLabel), validation_(new NumberBox),
      test_(new NumberBox), testWords_(new QWidget), validationWords_(new QWidget) {
    hint_->setText(
        tr("What is imported takes the place of the experiment's present data; Ctrl+Z brings those "
           "back."));
    hint_->setProperty("tone", "muted");
    hint_->setWordWrap(true);

    nothing_->setText(tr("Drop files or a folder here, or add them below."));
    nothing_->setFont(textFont(TextSize::Title));
    nothing_->setProperty("tone", "muted");
    nothing_->setAlignment(Qt::AlignCenter);
    nothing_->setWordWrap(true);

    table_->setColumnCount(ColumnCount);
    table_->setHorizontalHeaderLabels({tr("file"), tr("use it for"), tr("looks like"), tr("size")});
    for (int column = 0; column < ColumnCount; ++column)
        table_->horizontalHeaderItem(column)->setTextAlignment(
            (column == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    auto* header = table_->horizontalHeader();
    header->setFont(textFont(TextSize::Note));
    header->setHighlightSections(false);
    header->setSectionResizeMode(File, QHeaderView::Stretch);
    header->setSectionResizeMode(Use, QHeaderView::Fixed);
    header->resizeSection(Use, UseWidth);
    header->setSectionResizeMode(Size, QHeaderView::Fixed);
    header->resizeSection(Size, SizeWidth);
    header->setSectionResizeMode(Found, QHeaderView::Stretch);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(atDesk(table_->fontMetrics().height()) + 22);
    table_->setShowGrid(false);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setTextElideMode(Qt::ElideMiddle);
    table_->setWordWrap(false);
    table_->setTabKeyNavigation(false);
    table_->setAccessibleName(tr("Files to import"));
    table_->installEventFilter(this);
    connect(table_, &QTableWidget::itemSelectionChanged, this,
            [this] { remove_->setEnabled(!table_->selectedItems().isEmpty()); });
    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(Gap, Gap, Gap, Gap);
    inside->addWidget(nothing_);
    inside->addWidget(table_);

    auto* files = link(tr("add files…"));
    auto* folder = link(tr("add a folder…"));
    connect(files, &QToolButton::clicked, this, [this] { choose(false); });
    connect(folder, &QToolButton::clicked, this, [this] { choose(true); });
    connect(remove_, &QToolButton::clicked, this, &ImportFilesPage::removeChosen);
    remove_->setEnabled(false);
    auto* links = new QHBoxLayout;
    links->setSpacing(2 * Gap);
    links->addWidget(files);
    links->addWidget(folder);
    links->addWidget(remove_);
    links->addStretch(1);

    const auto box = [&](NumberBox* number, QWidget* around, const QString& words, double value,
                         double& target) {
        number->setRange(0, 45);
        number->setDecimals(1);
        number->setSingleStep(5);
        number->setSuffix(QStringLiteral(" %"));
        number->setValue(value * 100);
        number->setAccessibleName(words);
        auto* row = new QHBoxLayout(around);
        row->setContentsMargins(0, 0, Gap, 0);
        row->addWidget(new QLabel(words));
        row->addWidget(number);
        connect(number, &NumberBox::valueChanged, this, [this, &target](double now) {
            target = now / 100;
            showAside();
            Q_EMIT changed();
        });
    };
    box(validation_, validationWords_, tr("for validation"), plan.holdoutValidation, plan.holdoutValidation);
    box(test_, testWords_, tr("for test"), plan.holdoutTest, plan.holdoutTest);
    auto* asideRow = new QHBoxLayout(aside_);
    asideRow->setContentsMargins(0, 0, 0, 0);
    asideRow->setSpacing(Gap);
    asideRow->addWidget(new QLabel(tr("Put aside from the training rows:")));
    asideRow->addWidget(validationWords_);
    asideRow->addWidget(testWords_);
    asideNote_->setProperty("tone", "muted");
    asideNote_->setFont(textFont(TextSize::Note));
    asideRow->addWidget(asideNote_);
    asideRow->addStretch(1);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Gap);
    column->addWidget(hint_);
    column->addWidget(panel, 1);
    column->addLayout(links);
    column->addWidget(aside_);
    fill();
}

ImportFilesPage::~ImportFilesPage() {
    pool_.finish();
}

void ImportFilesPage::enter() {
    fill();
}

void ImportFilesPage::add(const QStringList& paths) {
    std::vector<std::string> names;
    for (const auto& path : paths)
        names.push_back(path.toStdString());
    ++looking_;
    pool_.run([names = std::move(names)] { return lookAtFiles(names); },
              [this](std::vector<ImportFile> found) {
                  --looking_;
                  std::set<std::string> known;
                  for (const auto& file : plan().files)
                      known.insert(file.path);
                  const bool first = known.empty();
                  for (auto& file : found)
                      if (known.insert(file.path).second) {
                          if (first && file.found && hasHtmlEntities(*file.found))
                              plan().unescapeHtml = true;
                          plan().files.push_back(std::move(file));
                      }
                  fill();
                  Q_EMIT changed();
              });
    Q_EMIT changed();
}

void ImportFilesPage::choose(bool folder) {
    auto* dialog = new QFileDialog(this, folder ? tr("A folder of data files") : tr("Data files"), folder_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFiles);
    if (!folder)
        dialog->setNameFilters(
            {tr("Data (*.csv *.tsv *.tab *.jsonl *.ndjson *.json *.txt *.noun)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, &ImportFilesPage::add);
    dialog->open();
}

void ImportFilesPage::removeChosen() {
    std::set<int, std::greater<>> rows;
    for (const auto* item : table_->selectedItems())
        rows.insert(item->row());
    for (const int row : rows)
        plan().files.erase(plan().files.begin() + row);
    fill();
    Q_EMIT changed();
}

void ImportFilesPage::fill() {
    const auto& files = plan().files;
    nothing_->setVisible(files.empty());
    table_->setVisible(!files.empty());
    table_->clearContents();
    table_->setRowCount(static_cast<int>(files.size()));
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& file = files[i];
        const int row = static_cast<int>(i);
        auto* name = new QTableWidgetItem(fileName(file.path));
        name->setToolTip(asTip(toQString(file.path)));
        auto* size = new QTableWidgetItem(fileSize(file.bytes));
        size->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto* found =
            new QTableWidgetItem(file.found ? described(*file.found) : toQString(file.found.error().message));
        found->setToolTip(asTip(found->text()));
        found->setForeground(file.found ? theme().muted : theme().warning);
        table_->setItem(row, File, name);
        table_->setItem(row, Use, new QTableWidgetItem);
        table_->setItem(row, Size, size);
        table_->setItem(row, Found, found);
        auto* use = new QComboBox;
        use->setProperty("role", "cell");
        for (const Split split : {Split::Train, Split::Validation, Split::Test})
            use->addItem(splitTitle(split));
        use->addItem(tr("leave out"));
        use->setCurrentIndex(file.split ? static_cast<int>(*file.split) : SplitCount);
        use->setAccessibleName(tr("Use %1 for").arg(name->text()));
        connect(use, &QComboBox::activated, this, [this, i](int chosen) {
            plan().files[i].split =
                chosen < SplitCount ? std::optional(static_cast<Split>(chosen)) : std::nullopt;
            showAside();
            Q_EMIT changed();
        });
        table_->setCellWidget(row, Use, use);
    }
    remove_->setEnabled(false);
    showAside();
}

void ImportFilesPage::showAside() {
    const bool train = !plan().pathsOf(Split::Train).empty();
    const bool validation = plan().pathsOf(Split::Validation).empty();
    const bool test = plan().pathsOf(Split::Test).empty();
    aside_->setVisible(train && (validation || test));
    validationWords_->setVisible(validation);
    testWords_->setVisible(test);
    asideNote_->setText(validation && plan().holdoutValidation <= 0
                            ? tr("Without validation there is no best student, only the last.")
                            : QString());
}

QString ImportFilesPage::problem() const {
    if (looking_ > 0)
        return tr("Looking at the files…");
    if (plan().files.empty())
        return tr("Add a file: CSV, TSV, JSON Lines, text;label lines, PubMed-RCT.");
    for (const auto& file : plan().files)
        if (file.split && !file.found)
            return tr("%1 – leave it out or remove it.").arg(toQString(file.found.error().message));
    if (plan().pathsOf(Split::Train).empty())
        return tr("No file is used for training: choose one that is.");
    return {};
}

bool ImportFilesPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == table_ && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        removeChosen();
        return true;
    }
    return ImportPage::eventFilter(watched, event);
}

void ImportFilesPage::changeEvent(QEvent* event) {
    ImportPage::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill(); // muted and warning are other colours now
}

} // namespace stillroom
