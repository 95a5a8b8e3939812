// A batch as a list: the rows of a BatchModel, the columns that there is something to say in and room for.
#pragma once

#include <QTableView>

namespace stillroom {

class BatchModel;

/// GUI thread. The model outlives it. Ctrl+C copies the row that is chosen.
class BatchTable : public QTableView {
    Q_OBJECT
  public:
    explicit BatchTable(BatchModel* model, QWidget* parent = nullptr);
    /// After another batch, another size, other fonts: which columns are shown, and how wide they are.
    void arrange();
    void chooseFirst();

  Q_SIGNALS:
    void rowChosen();

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void copyRow() const;
    [[nodiscard]] bool wanted(int column) const;
    BatchModel* model_;
};

} // namespace stillroom
