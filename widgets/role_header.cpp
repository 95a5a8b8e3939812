#include "widgets/role_header.h"

#include "widgets/theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>

namespace stillroom {
namespace {

constexpr int Around = 4; // pixels about a choice

} // namespace

QString roleName(ColumnRole role) {
    switch (role) {
    case ColumnRole::Nothing:
        return RoleHeader::tr("– nothing –");
    case ColumnRole::Text:
        return RoleHeader::tr("text");
    case ColumnRole::Id:
        return RoleHeader::tr("id");
    case ColumnRole::Gold:
        return RoleHeader::tr("gold class");
    case ColumnRole::Label:
        return RoleHeader::tr("teacher's class");
    case ColumnRole::Confidence:
        return RoleHeader::tr("teacher's confidence");
    case ColumnRole::Probabilities:
        break;
    }
    return RoleHeader::tr("teacher's probability");
}

RoleHeader::RoleHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setHighlightSections(false);
    setMinimumSectionSize(132);
    connect(this, &QHeaderView::sectionResized, this, &RoleHeader::place);
    connect(this, &QHeaderView::geometriesChanged, this, &RoleHeader::place);
}

void RoleHeader::setRoles(const std::vector<ColumnRole>& roles, const QStringList& columns, bool taught) {
    const int count =
        static_cast<int>(std::min<std::size_t>(roles.size(), static_cast<std::size_t>(columns.size())));
    while (boxes_.size() > count)
        delete boxes_.takeLast();
    while (boxes_.size() < count) {
        auto* box = new QComboBox(this);
        const int column = static_cast<int>(boxes_.size());
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->installEventFilter(this);
        connect(box, &QComboBox::activated, this, [this, box, column] {
            Q_EMIT chosen(column, static_cast<ColumnRole>(box->currentData().toInt()));
        });
        boxes_ << box;
    }
    for (int column = 0; column < count; ++column) {
        auto* box = boxes_[column];
        const ColumnRole role = roles[static_cast<std::size_t>(column)];
        box->clear();
        for (int i = 0; i < (taught ? ColumnRoleCount : static_cast<int>(ColumnRole::Label)); ++i)
            box->addItem(roleName(static_cast<ColumnRole>(i)), i);
        box->setCurrentIndex(box->findData(static_cast<int>(role)));
        box->setAccessibleName(tr("What column %1 is").arg(columns[column]));
        box->setToolTip(box->accessibleName());
        box->setVisible(true);
    }
    Q_EMIT geometriesChanged(); // the table gives it its height
}

QSize RoleHeader::sizeHint() const {
    const QSize size = QHeaderView::sizeHint();
    const int box = boxes_.isEmpty() ? 0 : boxes_.first()->sizeHint().height() + 2 * Around;
    return {size.width(), size.height() + box};
}

void RoleHeader::place() {
    const int names = QHeaderView::sizeHint().height();
    for (int column = 0; column < boxes_.size() && column < count(); ++column) {
        const int height = boxes_[column]->sizeHint().height();
        boxes_[column]->setGeometry(sectionViewportPosition(column) + Around / 2, names + Around / 2,
                                    sectionSize(column) - Around, height);
        boxes_[column]->raise();
    }
}

void RoleHeader::resizeEvent(QResizeEvent* event) {
    QHeaderView::resizeEvent(event);
    place();
}

void RoleHeader::showEvent(QShowEvent* event) {
    QHeaderView::showEvent(event);
    // The header's own scrolling says nothing: the table's bar does.
    if (auto* table = qobject_cast<QAbstractItemView*>(parentWidget()))
        connect(table->horizontalScrollBar(), &QScrollBar::valueChanged, this, &RoleHeader::place,
                Qt::UniqueConnection);
    place();
}

void RoleHeader::paintSection(QPainter* painter, const QRect& rect, int column) const {
    QHeaderView::paintSection(
        painter, QRect(rect.topLeft(), QSize(rect.width(), QHeaderView::sizeHint().height())), column);
}

bool RoleHeader::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn)
        if (auto* table = qobject_cast<QAbstractItemView*>(parentWidget()))
            for (int column = 0; column < boxes_.size(); ++column)
                if (boxes_[column] == watched)
                    table->scrollTo(table->model()->index(table->indexAt({1, 1}).row(), column));
    return QHeaderView::eventFilter(watched, event);
}

} // namespace stillroom
