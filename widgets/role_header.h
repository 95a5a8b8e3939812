// A table's header with a choice under each column's name: what the column is for.
#pragma once

#include "widgets/import_plan.h"

#include <QHeaderView>
#include <QList>
#include <vector>

class QComboBox;

namespace stillroom {

[[nodiscard]] QString roleName(ColumnRole role);

class RoleHeader : public QHeaderView {
    Q_OBJECT
  public:
    explicit RoleHeader(QWidget* parent = nullptr);
    /// One choice a column; of a split that is not taught, without the teacher's.
    void setRoles(const std::vector<ColumnRole>& roles, const QStringList& columns, bool taught);
    [[nodiscard]] QComboBox* box(int column) const { return boxes_.value(column); }
    [[nodiscard]] QSize sizeHint() const override;

  Q_SIGNALS:
    void chosen(int column, stillroom::ColumnRole role); ///< by the user

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override; ///< a choice that gets the focus is shown
    void resizeEvent(QResizeEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int column) const override;
    void showEvent(QShowEvent* event) override;

  private:
    void place();
    QList<QComboBox*> boxes_;
};

} // namespace stillroom
