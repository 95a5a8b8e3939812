#include "widgets/compare_panel.h"

#include "widgets/number_table.h"
#include "widgets/plot.h"
#include "widgets/teacher_model.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

namespace stillroom {
namespace {

constexpr double Doubtful = 0.05; // what is likelier than this by chance is not said to be known
constexpr int MostClasses = 12;
constexpr int SideBySideFrom = 760; // pixels at a desk

QToolButton* makeLink(const QString& text, const QString& tip) {
    auto* link = new QToolButton;
    link->setText(text);
    link->setToolTip(tip);
    link->setProperty("role", "link");
    link->setFont(textFont(TextSize::Note));
    link->setCursor(Qt::PointingHandCursor);
    link->setFocusPolicy(Qt::StrongFocus);
    return link;
}

double shareOf(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : std::nan("");
}

/// "p = 0.031", "p < 0.0001".
QString chance(double p) {
    return p < 1e-4 ? QStringLiteral("p < 0.0001") : QStringLiteral("p = %1").arg(fixed(p, p < 0.01 ? 4 : 3));
}

} // namespace

ComparePanel::ComparePanel(TeacherModel* model, QWidget* parent)
    : QFrame(parent), model_(model), choose_(makeLink(tr("choose…"), tr("An experiment's YAML, or the "
                                                                        "experiment.yaml of a run"))),
      remove_(makeLink(tr("remove"), tr("Compare with nobody"))),
      copy_(makeLink(tr("copy"), tr("Copy the table by class, with tabs"))), note_(new QLabel),
      verdict_(new QLabel), tables_(new QWidget), columns_(new QBoxLayout(QBoxLayout::LeftToRight, tables_)),
      figures_(new NumberTable), fourfold_(new NumberTable), classes_(new NumberTable) {
    setProperty("role", "panel");
    setAccessibleName(tr("Compared with another teacher"));
    auto* title = new QLabel(tr("Compared with another teacher"));
    title->setFont(textFont(TextSize::Title));
    auto* head = new QHBoxLayout;
    head->setSpacing(Gap);
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(copy_);
    head->addWidget(remove_);
    head->addWidget(choose_);
    connect(choose_, &QToolButton::clicked, this, &ComparePanel::choose);
    connect(remove_, &QToolButton::clicked, model_, &TeacherModel::compareWithNobody);
    connect(copy_, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(table().text(u'\t')); });
    for (auto* label : {note_, verdict_}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setTextFormat(Qt::PlainText);
    }
    note_->setFont(textFont(TextSize::Note));
    note_->setProperty("tone", "muted");
    figures_->setAccessibleName(tr("Figures of both teachers"));
    fourfold_->setAccessibleName(tr("Who is right"));
    classes_->setAccessibleName(tr("Who is right, by class"));
    auto* left = new QVBoxLayout;
    left->setSpacing(2 * Gap);
    left->addWidget(figures_);
    left->addWidget(fourfold_);
    left->addStretch(1);
    columns_->setContentsMargins(0, Gap, 0, 0);
    columns_->setSpacing(3 * Gap);
    columns_->addLayout(left, 4);
    columns_->addWidget(classes_, 5, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(verdict_);
    column->addWidget(note_);
    column->addWidget(tables_);
    connect(model_, &TeacherModel::otherChanged, this, &ComparePanel::refresh);
    refresh();
}

void ComparePanel::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    columns_->setDirection(width() >= scaled(SideBySideFrom) ? QBoxLayout::LeftToRight
                                                             : QBoxLayout::TopToBottom);
}

void ComparePanel::choose() {
    auto* dialog = new QFileDialog(this, tr("The other teacher's experiment"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Experiments (*.yaml *.yml)"));
    connect(dialog, &QFileDialog::fileSelected, model_, &TeacherModel::compareWith);
    dialog->open();
}

QString ComparePanel::verdict(const TeacherComparison& comparison, const QString& other) {
    const auto& all = comparison.all;
    if (all.rows() == 0)
        return tr("There is no gold to say who is right.");
    const std::int64_t apart = all.onlyFirst + all.onlySecond;
    if (apart == 0)
        return tr("On every text with gold both are right, or both are wrong.");
    const QString how = tr("Of the %1 texts on which one alone is right, this teacher is right on %2, %3 on "
                           "%4 (%5, exact sign test).")
                            .arg(grouped(apart), grouped(all.onlyFirst), other, grouped(all.onlySecond),
                                 chance(comparison.p));
    if (comparison.p > Doubtful)
        return tr("Which one is better is not known.") + u' ' + how;
    const QString better = all.onlyFirst > all.onlySecond ? tr("This teacher is right more often.")
                                                          : tr("%1 is right more often.").arg(other);
    return better + u' ' + how;
}

void ComparePanel::refresh() {
    const auto* comparison = model_->comparison();
    const auto state = model_->otherState();
    const bool compared = comparison != nullptr;
    choose_->setText(state == TeacherModel::Other::None ? tr("choose…") : tr("another…"));
    remove_->setVisible(state != TeacherModel::Other::None);
    copy_->setVisible(compared);
    verdict_->setVisible(compared);
    tables_->setVisible(compared);
    note_->setProperty("tone", state == TeacherModel::Other::Failed ? "warning" : "muted");
    note_->style()->unpolish(note_);
    note_->style()->polish(note_);
    switch (state) {
    case TeacherModel::Other::None:
        note_->setText(tr("Choose another experiment over the same texts, or the experiment.yaml of a run: "
                          "how often do the two teachers agree, and who is right where they do not?"));
        break;
    case TeacherModel::Other::Reading:
        note_->setText(tr("%1 is being read …").arg(model_->otherName()));
        break;
    case TeacherModel::Other::Failed:
        note_->setText(tr("%1: %2").arg(model_->otherName(), model_->otherProblem()));
        break;
    case TeacherModel::Other::Compared:
        note_->setText(tr("%1 texts that both answered; they agree on %2. All figures here are over the %3 "
                          "of them with gold.")
                           .arg(grouped(comparison->rows),
                                percent(shareOf(comparison->agreed, comparison->rows)),
                                grouped(comparison->all.rows())));
        fill(*comparison);
        break;
    }
}

void ComparePanel::fill(const TeacherComparison& comparison) {
    const QString other = model_->otherName();
    verdict_->setText(verdict(comparison, other));
    const auto& a = comparison.first;
    const auto& b = comparison.second;
    figures_->show(
        {tr("figure"), tr("this teacher"), other},
        {{tr("accuracy"), percent(a.accuracy), percent(b.accuracy)},
         {tr("macro-F1"), percent(a.macroF1), percent(b.macroF1)},
         {tr("confidence, mean"), percent(a.meanConfidence), percent(b.meanConfidence)},
         {tr("calibration error, equal width"), percent(a.eceEqualWidth), percent(b.eceEqualWidth)},
         {tr("calibration error, equal mass"), percent(a.eceEqualMass), percent(b.eceEqualMass)},
         {tr("Brier score"), fixed(a.brier, 3), fixed(b.brier, 3)},
         {tr("log loss"), fixed(a.nll, 3), fixed(b.nll, 3)}});
    figures_->fitHeight(7);
    const auto& all = comparison.all;
    const auto cell = [&](std::int64_t rows) {
        return tr("%1 (%2)").arg(grouped(rows), percent(shareOf(rows, all.rows())));
    };
    fourfold_->show({tr("texts with gold"), tr("%1 right").arg(other), tr("%1 wrong").arg(other)},
                    {{tr("this teacher right"), cell(all.bothRight), cell(all.onlyFirst)},
                     {tr("this teacher wrong"), cell(all.onlySecond), cell(all.bothWrong)}});
    fourfold_->fitHeight(2);
    const PlotTable byClass = table();
    classes_->show(byClass.columns, byClass.rows);
    classes_->fitHeight(MostClasses);
}

PlotTable ComparePanel::table() const {
    PlotTable table;
    const auto* comparison = model_->comparison();
    table.columns = {tr("gold"),      tr("texts"),          tr("both right"),
                     tr("only this"), tr("only the other"), tr("both wrong")};
    if (comparison == nullptr)
        return table;
    const auto add = [&](const QString& name, const TeacherComparison::Counts& counts) {
        table.rows << QStringList{name,
                                  grouped(counts.rows()),
                                  grouped(counts.bothRight),
                                  grouped(counts.onlyFirst),
                                  grouped(counts.onlySecond),
                                  grouped(counts.bothWrong)};
    };
    for (std::size_t k = 0; k < comparison->byClass.size() && k < model_->classes().size(); ++k)
        add(toQString(model_->classes()[k]), comparison->byClass[k]);
    add(tr("all"), comparison->all);
    return table;
}

} // namespace stillroom
