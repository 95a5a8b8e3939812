// The table of the Samples tab: rows of one height, sorted by a click on a header, copied with Ctrl+C.
// Letters that are typed go to the search.
#pragma once

#include "widgets/background.h"
#include "widgets/run_state.h"
#include "widgets/sample_query.h"
#include "widgets/samples_model.h"

#include <QTableView>
#include <optional>

namespace stillroom {

class SamplesTable : public QTableView {
    Q_OBJECT
  public:
    explicit SamplesTable(SamplesModel* model, QWidget* parent = nullptr);
    ~SamplesTable() override;

    [[nodiscard]] SampleQuery::Order order() const { return order_; }
    [[nodiscard]] std::optional<std::uint32_t> current() const; ///< the sample under the cursor
    void copySelected();
    void keyboardSearch(const QString& typed) override;

  Q_SIGNALS:
    void orderChanged();
    void typed(const QString& text);
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void sortBy(int column);
    void fitColumns();

    SamplesModel* samples_;
    SampleQuery::Order order_;
    Background pool_{1}; ///< of what takes long to copy
};

} // namespace stillroom
