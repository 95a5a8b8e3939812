// The import wizard's third page: what each column is.
#pragma once

#include "widgets/import_page.h"

class QComboBox;
class QLabel;

namespace stillroom {

class PreviewTable;
class RoleHeader;

class ImportColumnsPage : public ImportPage {
    Q_OBJECT
  public:
    explicit ImportColumnsPage(ImportPlan& plan, QWidget* parent = nullptr);

    void enter() override;
    [[nodiscard]] QString problem() const override;

  protected:
    void changeEvent(QEvent* event) override;

  private:
    [[nodiscard]] Split splitShown() const;
    void choose(int column, ColumnRole role);
    void showSplit();
    void fitColumns();
    void showRoles();

    // The last column that was changed, and what all were before that: keys pass over roles on their way,
    // and what they take from other columns in passing is given back.
    Split lastSplit_ = Split::Train;
    int lastColumn_ = -1;
    std::vector<ColumnRole> before_;

    QWidget* splitRow_;
    QComboBox* split_;
    QLabel* said_;
    PreviewTable* preview_;
    RoleHeader* header_;
};

} // namespace stillroom
