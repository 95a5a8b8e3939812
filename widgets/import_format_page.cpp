#include "widgets/import_format_page.h"

#include "widgets/import_reading.h"
#include "widgets/preview_table.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int SplitRole = Qt::UserRole, FileRole = Qt::UserRole + 1;

} // namespace

ImportFormatPage::ImportFormatPage(ImportPlan& plan, QWidget* parent)
    : ImportPage(plan, parent), files_(new QComboBox), applies_(new QLabel),
      unescape_(new QCheckBox(tr("Turn HTML entities into characters (&&amp; becomes &&)"))),
      remarks_(new QLabel), preview_(new PreviewTable), counted_(new QLabel) {
    files_->setAccessibleName(tr("File that is shown"));
    files_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    files_->setMinimumContentsLength(30);
    auto* top = new QHBoxLayout;
    top->setSpacing(Gap);
    auto* fileWord = new QLabel(tr("File"));
    fileWord->setBuddy(files_);
    top->addWidget(fileWord);
    top->addWidget(files_, 2);
    applies_->setProperty("tone", "muted");
    applies_->setFont(textFont(TextSize::Note));
    top->addWidget(applies_, 1);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(Gap);
    grid->setVerticalSpacing(2);
    addChoice(grid, tr("Format"), &formatChoices(), &WrittenHow::format);
    addChoice(grid, tr("Between the columns"), &delimiterChoices(), &WrittenHow::delimiter);
    addChoice(grid, tr("Quoting"), &quotingChoices(), &WrittenHow::quoting);
    addChoice(grid, tr("First line"), nullptr, nullptr);
    addChoice(grid, tr("Encoding"), &encodingChoices(), &WrittenHow::encoding);

    unescape_->setFont(textFont(TextSize::Body));
    connect(unescape_, &QCheckBox::toggled, this, [this](bool on) { this->plan().unescapeHtml = on; });
    remarks_->setWordWrap(true);
    remarks_->setProperty("tone", "muted");
    remarks_->setFont(textFont(TextSize::Note));
    remarks_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    counted_->setFont(textFont(TextSize::Note));
    counted_->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* panel = new QFrame;
    panel->setProperty("role", "panel");
    auto* inside = new QVBoxLayout(panel);
    inside->setContentsMargins(Gap, Gap, Gap, Gap);
    inside->setSpacing(Gap);
    inside->addWidget(preview_, 1);
    inside->addWidget(counted_);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Gap);
    column->addLayout(top);
    column->addLayout(grid);
    column->addWidget(unescape_);
    column->addWidget(remarks_);
    column->addWidget(panel, 1);
    connect(files_, &QComboBox::activated, this, [this] { showFile(); });
}

ImportFormatPage::~ImportFormatPage() {
    pool_.finish();
}

QComboBox* ImportFormatPage::addChoice(QGridLayout* grid, const QString& name, const WordChoices* words,
                                       std::string WrittenHow::*member) {
    auto* label = new QLabel(name);
    label->setProperty("tone", "muted");
    label->setFont(textFont(TextSize::Note));
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->addItem(QString());
    if (words != nullptr)
        for (const auto& [value, word] : *words)
            box->addItem(word, toQString(value));
    else
        box->addItems({tr("names the columns"), tr("is a record already")});
    label->setBuddy(box);
    const int column = static_cast<int>(choices_.size());
    grid->addWidget(label, 0, column);
    grid->addWidget(box, 1, column);
    grid->setColumnStretch(column, 1);
    choices_.append({box, words, member});
    connect(box, &QComboBox::activated, this, [this, words, member, box](int index) {
        WrittenHow& said = plan().of(splitShown()).said;
        if (words != nullptr)
            said.*member = box->itemData(index).toString().toStdString();
        else
            said.header = index == 0 ? std::nullopt : std::optional(index == 1);
        read();
    });
    return box;
}

Split ImportFormatPage::splitShown() const {
    return static_cast<Split>(files_->currentData(SplitRole).toInt());
}

void ImportFormatPage::enter() {
    unescape_->setChecked(plan().unescapeHtml);
    fillFiles();
    read();
}

void ImportFormatPage::fillFiles() {
    const QString shown = files_->currentText();
    files_->clear();
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        int number = 0;
        for (const auto& path : plan().pathsOf(split)) {
            files_->addItem(tr("%1: %2").arg(splitTitle(split), fileName(path)));
            files_->setItemData(files_->count() - 1, static_cast<int>(split), SplitRole);
            files_->setItemData(files_->count() - 1, number++, FileRole);
        }
    }
    files_->setCurrentIndex(std::max(0, files_->findText(shown)));
}

void ImportFormatPage::read() {
    struct Question {
        Split split;
        std::vector<std::string> paths;
        WrittenHow said;
    };
    std::vector<Question> questions;
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const ImportSplit& part = plan().of(split);
        auto paths = plan().pathsOf(split);
        if (part.reading.paths != paths || part.reading.said != part.said)
            questions.push_back({split, std::move(paths), part.said});
    }
    if (questions.empty()) {
        showFile();
        Q_EMIT changed();
        return;
    }
    job_.ask(
        [questions = std::move(questions)] {
            std::vector<std::pair<Split, SplitReading>> readings;
            for (const auto& question : questions)
                readings.emplace_back(question.split, readAlike(question.paths, question.said));
            return readings;
        },
        [this](std::vector<std::pair<Split, SplitReading>> readings) { take(std::move(readings)); });
    Q_EMIT changed();
}

void ImportFormatPage::take(std::vector<std::pair<Split, SplitReading>> readings) {
    for (auto& [split, reading] : readings) {
        ImportSplit& part = plan().of(split);
        const SniffedFile* before = part.sample();
        const std::vector<std::string> columns = before != nullptr ? before->columns : decltype(columns){};
        part.reading = std::move(reading);
        const SniffedFile* now = part.sample();
        if (now != nullptr && part.rolesChosen && now->columns == columns)
            continue;
        part.rolesChosen = false;
        part.roles.clear();
        if (now != nullptr && split == Split::Train)
            part.roles = guessRoles(*now);
    }
    for (const Split split : {Split::Validation, Split::Test}) {
        ImportSplit& part = plan().of(split);
        if (const SniffedFile* file = part.sample(); file != nullptr && !part.rolesChosen)
            part.roles = followRoles(*file, plan().of(Split::Train));
    }
    showFile();
    Q_EMIT changed();
}

void ImportFormatPage::showFile() {
    if (files_->count() == 0)
        return;
    const Split split = splitShown();
    const ImportSplit& part = plan().of(split);
    const auto number = static_cast<std::size_t>(files_->currentData(FileRole).toInt());
    const Result<SniffedFile>* file =
        number < part.reading.files.size() ? &part.reading.files[number] : nullptr;
    const SniffedFile* good = file != nullptr && *file ? &**file : nullptr;
    const auto count = part.reading.paths.size();
    applies_->setText(
        count < 2
            ? QString()
            : tr("what is chosen holds for all %1 %2 files").arg(count).arg(splitTitle(split).toLower()));
    const SplitSettings how = good != nullptr ? good->settings : part.reading.settings;
    const bool delimited = isDelimited(how.format);
    for (const auto& choice : choices_) {
        QString found;
        int index = 0;
        if (choice.words == nullptr) {
            found = how.header ? tr("names the columns") : tr("is a record already");
            index = !part.said.header ? 0 : *part.said.header ? 1 : 2;
        } else {
            std::string value = choice.member == &WrittenHow::format      ? how.format
                                : choice.member == &WrittenHow::delimiter ? how.delimiter
                                : choice.member == &WrittenHow::quoting   ? how.quoting
                                                                          : how.encoding;
            if (value.empty())
                value = choice.member == &WrittenHow::delimiter
                            ? (how.format == "tsv" ? "tab" : ",")
                            : (choice.member == &WrittenHow::quoting ? "double" : "utf-8");
            found = wordFor(*choice.words, value);
            index = std::max(0, choice.box->findData(toQString(part.said.*choice.member)));
        }
        const bool applies =
            choice.member == &WrittenHow::format || choice.member == &WrittenHow::encoding || delimited;
        choice.box->setItemText(0, index != 0 ? tr("find it out")
                                   : applies  ? tr("%1 (found)").arg(found)
                                              : tr("–"));
        choice.box->setCurrentIndex(index);
        choice.box->setEnabled(applies);
    }
    QStringList remarks;
    for (const auto& remark : part.reading.remarks)
        remarks << toQString(remark);
    remarks_->setText(remarks.join(u'\n'));
    remarks_->setVisible(!remarks.isEmpty());
    preview_->preview(good);
    const bool bad = good != nullptr && good->badRows > 0;
    counted_->setProperty("tone", bad || good == nullptr ? "warning" : "muted");
    counted_->style()->unpolish(counted_);
    counted_->style()->polish(counted_);
    if (good != nullptr)
        counted_->setText(
            bad ? tr("%1 bad rows at the beginning of this file: they do not fit what is chosen above")
                      .arg(grouped(good->badRows))
                : tr("the first %1 rows, none of them bad")
                      .arg(grouped(static_cast<std::int64_t>(good->rows.size()))));
    else
        counted_->setText(file != nullptr ? toQString(file->error().message) : QString());
}

bool ImportFormatPage::isWrong() const {
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const ImportSplit& part = plan().of(split);
        if (part.reading.paths != plan().pathsOf(split) || part.reading.said != part.said)
            return false;
    }
    return true;
}

QString ImportFormatPage::problem() const {
    if (!isWrong())
        return tr("Reading…");
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
        const ImportSplit& part = plan().of(split);
        for (const auto& file : part.reading.files)
            if (!file)
                return toQString(file.error().message);
    }
    return {};
}

} // namespace stillroom
