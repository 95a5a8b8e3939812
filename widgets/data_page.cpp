#include "widgets/data_page.h"

#include "widgets/experiment_document.h"
#include "widgets/file_probe.h"
#include "widgets/number_table.h"
#include "widgets/page_id.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {
namespace {

constexpr std::array<const char*, 3> Sections = {"data.train", "data.validation", "data.test"};

const SplitSettings& splitOf(const Experiment& experiment, std::size_t split) {
    return split == 0   ? experiment.data.train
           : split == 1 ? experiment.data.validation
                        : experiment.data.test;
}

QToolButton* link(const QString& text) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setProperty("role", "link");
    button->setFont(textFont(TextSize::Note));
    button->setCursor(Qt::PointingHandCursor);
    return button;
}

} // namespace

DataPage::DataPage(RunController* controller, QWidget* parent)
    : Page(controller, parent), details_(new QListWidget), skip_(new QPushButton(tr("Skip bad rows"))),
      facts_(new FactList), files_(new NumberTable), classes_(new NumberTable) {
    error_ = addNote();
    error_->setProperty("tone", "warning");
    details_->setFont(textFont(TextSize::Note));
    details_->setMaximumHeight(150);
    details_->setWordWrap(true);
    details_->setSpacing(2);
    details_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    details_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    addIndented(details_);
    addIndented(skip_);
    skip_->setToolTip(tr("Read the files again and leave out the rows listed here"));
    connect(skip_, &QPushButton::clicked, this,
            [this] { this->controller()->setBadRows(BadRowPolicy::Skip); });

    addSplit(QString::fromLatin1(Sections[0]), tr("Training"));
    addRow(QStringLiteral("data.unescape_html"));
    facts_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    addWidget(facts_);
    addIndented(files_);
    classesHeading_ = addHeading(tr("Classes"));
    addIndented(classes_);
    addRow(QStringLiteral("data.rename"));
    addRow(QStringLiteral("data.classes"));
    addSplit(QString::fromLatin1(Sections[1]), tr("Validation"));
    addSplit(QString::fromLatin1(Sections[2]), tr("Test"));
    addHeading(tr("Put aside from training"));
    addRow(QStringLiteral("data.holdout.validation"));
    addRow(QStringLiteral("data.holdout.test"));
    addRow(QStringLiteral("data.holdout.seed"));
    addStretch();

    connect(controller, &RunController::examplesChanged, this, [this] {
        showReport();
        showError();
        showClasses();
    });
    connect(controller, &RunController::stateChanged, this, [this] { showError(); });
    connect(document(), &ExperimentDocument::changed, this, [this](const QString& key) {
        if (!key.startsWith(QLatin1String("data.")))
            return;
        showRows();
        probe();
    });
    connect(document(), &ExperimentDocument::replaced, this, [this] {
        showRows();
        probe();
    });
    showReport();
    showError();
    showClasses();
    showRows();
    probe();
}

void DataPage::showRows() {
    // The columns of files that are not there are no question yet.
    for (std::size_t split = 0; split < 3; ++split) {
        const QString section = QLatin1String(Sections[split]);
        const bool named = !splitOf(experiment(), split).files.empty();
        for (const char* key : {".text", ".gold"})
            showRow(section + QLatin1String(key), named || split == 0);
        auto* more = moreLinks_[static_cast<qsizetype>(split)];
        more->setVisible(named);
        if (!named)
            more->setChecked(false);
    }
}

DataPage::~DataPage() {
    pool_.finish();
}

void DataPage::addSplit(const QString& section, const QString& title) {
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(10, Gap, 0, 0);
    auto* name = new QLabel(title);
    name->setFont(textFont(TextSize::Title));
    auto* more = link(tr("format and id"));
    more->setCheckable(true);
    auto* choose = link(tr("choose files…"));
    connect(choose, &QToolButton::clicked, this, [this, section] { chooseFiles(section); });
    row->addWidget(name);
    row->addStretch(1);
    row->addWidget(more);
    row->addWidget(choose);
    addWidget(head);
    addRow(section + QStringLiteral(".files"));
    addRow(section + QStringLiteral(".text"));
    addRow(section + QStringLiteral(".gold"));
    more->setVisible(false);
    moreLinks_ << more;
    auto* further = new QWidget;
    auto* rows = new QVBoxLayout(further);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Gap);
    setColumn(rows);
    for (const char* key : {".id", ".format", ".delimiter", ".quoting", ".encoding", ".header"})
        addRow(section + QLatin1String(key));
    setColumn(nullptr);
    addWidget(further);
    further->hide();
    connect(more, &QToolButton::toggled, further, &QWidget::setVisible);
}

void DataPage::chooseFiles(const QString& section) {
    auto* dialog = new QFileDialog(this, tr("Data files"), controller()->dataRoot());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Data (*.csv *.tsv *.jsonl *.txt *.noun)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, [this, section](const QStringList& paths) {
        QStringList texts;
        for (const auto& path : paths)
            texts << toQString(textAsYaml(path.toStdString()));
        document()->setAll(
            tr("files of %1").arg(section),
            {{section + QStringLiteral(".files"), u'[' + texts.join(QStringLiteral(", ")) + u']'}});
    });
    dialog->open();
}

void DataPage::showReport() {
    const Examples* examples = controller()->examples();
    facts_->setVisible(examples != nullptr);
    files_->setVisible(examples != nullptr);
    if (examples == nullptr)
        return;
    const DataSummary& summary = examples->summary;
    const LoadReport& report = examples->report;
    QList<FactList::Fact> facts;
    facts << FactList::Fact{tr("texts to learn from"), grouped(summary.rows[0]), {}}
          << FactList::Fact{tr("for validation, for test"),
                            tr("%1, %2").arg(grouped(summary.rows[1]), grouped(summary.rows[2])),
                            {}};
    const auto add = [&](std::int64_t count, const QString& name, const QString& tip) {
        if (count > 0)
            facts << FactList::Fact{name, grouped(count), tip};
    };
    add(examples->untaught, tr("without a teacher's label"),
        tr("They are shown here and left out of training."));
    add(report.badRows.count, tr("bad rows left out"), {});
    add(report.invalidUtf8, tr("ill-formed characters replaced"),
        tr("Byte sequences that are no UTF-8 became U+FFFD."));
    add(report.unescapedHtml, tr("HTML entities turned into characters"), {});
    add(report.emptyTexts, tr("empty texts"), {});
    facts << FactList::Fact{
        tr("read in"), tr("%1 s").arg(fixed(report.seconds, report.seconds < 10 ? 2 : 0)), {}};
    facts_->say(facts);

    QVector<QStringList> rows;
    for (const auto& file : report.files)
        rows << QStringList{toQString(file.path), grouped(file.rows), fileSize(file.bytes)};
    files_->show({tr("file"), tr("rows"), tr("size")}, rows);
    files_->fitHeight(5);
}

void DataPage::showError() {
    const auto error =
        controller()->loadError() &&
                pageOf(RunController::forTheWindow(controller()->loadError()->message)) == PageId::Data
            ? controller()->loadError()
            : std::nullopt;
    const bool cancelled = error && error->kind == ErrorKind::Cancelled;
    QStringList lines;
    const Examples* examples = controller()->examples();
    if (error)
        for (const auto& line : error->details)
            lines << toQString(line);
    else if (examples != nullptr)
        for (const auto& row : examples->report.badRows.first)
            lines << toQString(row.sentence());
    if (error)
        error_->setText(RunController::forTheWindow(error->message));
    else if (controller()->state() == RunState::Empty)
        error_->setText({});
    const bool leftOut = !error && !lines.isEmpty();
    if (leftOut)
        error_->setText(tr("Left out: %1 bad rows").arg(grouped(examples->report.badRows.count)));
    error_->setVisible(error.has_value() || leftOut);
    details_->clear();
    for (const auto& line : lines) {
        auto* item = new QListWidgetItem(line, details_);
        item->setToolTip(line);
    }
    details_->setVisible(!lines.isEmpty());
    skip_->setVisible(error && !cancelled && !lines.isEmpty() &&
                      controller()->badRows() == BadRowPolicy::Stop);
    const bool empty = controller()->state() == RunState::Empty;
    row(QStringLiteral("data.train.files"))
        ->setConsequence(
            empty ? tr("Drop your files or a folder anywhere on this window, or File ▸ Import…: how they are "
                       "written and what their columns are is found out.")
                  : QString());
}

void DataPage::showClasses() {
    const Examples* examples = controller()->examples();
    const bool known = examples != nullptr && !examples->summary.classes.empty();
    classesHeading_->setVisible(known);
    classes_->setVisible(known);
    showRow(QStringLiteral("data.classes"), known || !experiment().data.classes.empty());
    if (!known)
        return;
    const DataSummary& summary = examples->summary;
    QStringList columns{tr("class")};
    std::vector<std::size_t> splits;
    const QStringList names = {tr("train"), tr("valid."), tr("test")};
    for (std::size_t split = 0; split < 3; ++split)
        if (summary.withGold[split] > 0) {
            splits.push_back(split);
            columns << names[static_cast<qsizetype>(split)];
        }
    if (splits.empty())
        columns << tr("teacher");
    QVector<QStringList> rows;
    for (std::size_t k = 0; k < summary.classes.size(); ++k) {
        QStringList row{toQString(summary.classes[k])};
        for (const auto split : splits)
            row << grouped(summary.goldByClass[split][k]);
        if (splits.empty())
            row << grouped(summary.taughtByClass[k]);
        rows << row;
    }
    classes_->show(columns, rows);
    classes_->fitHeight(12);
}

void DataPage::probe() {
    // Each split's columns for its combo boxes; a file that cannot be opened is the loader's to complain
    // about.
    using Columns = std::array<QStringList, 3>;
    pool_.run(
        [experiment = experiment(), root = controller()->dataRoot().toStdString()] {
            Columns columns;
            for (std::size_t split = 0; split < 3; ++split) {
                if (splitOf(experiment, split).files.empty())
                    continue;
                const auto found = probeColumns(splitOf(experiment, split), root, Sections[split]);
                if (found)
                    for (const auto& name : *found)
                        columns[split] << toQString(name);
            }
            return columns;
        },
        [this, number = ++probing_](const Columns& columns) {
            if (number != probing_)
                return;
            for (std::size_t split = 0; split < 3; ++split)
                for (const char* key : {".text", ".gold", ".id"})
                    row(QLatin1String(Sections[split]) + QLatin1String(key))->offer(columns[split]);
        });
}

} // namespace stillroom
