// A read-only table: numbers right, words left, every cell selectable, Ctrl+C copies what is selected with
// tabs.
#pragma once

#include <QStringList>
#include <QTableWidget>
#include <QVector>

namespace stillroom {

class NumberTable : public QTableWidget {
    Q_OBJECT
  public:
    explicit NumberTable(QWidget* parent = nullptr);
    /// Columns after the first are numbers when their first cell is one.
    void show(const QStringList& columns, const QVector<QStringList>& rows);
    using QTableWidget::show;
    /// As high as its rows, at most `most` of them.
    void fitHeight(int most);

  protected:
    void keyPressEvent(QKeyEvent* event) override;
};

} // namespace stillroom
