// The import wizard's second page: how the files are written, found out and to be corrected.
#pragma once

#include "widgets/background.h"
#include "widgets/import_page.h"
#include "widgets/latest_job.h"
#include "widgets/written_how.h"

#include <utility>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;

namespace stillroom {

class PreviewTable;

class ImportFormatPage : public ImportPage {
    Q_OBJECT
  public:
    explicit ImportFormatPage(ImportPlan& plan, QWidget* parent = nullptr);
    ~ImportFormatPage() override; ///< waits for a file that is being read

    void enter() override;
    [[nodiscard]] QString problem() const override;
    [[nodiscard]] bool isWrong() const override; ///< else it is still being read

  private:
    struct Choice {
        QComboBox* box;
        const WordChoices* words; ///< null: the header's
        std::string WrittenHow::*member;
    };
    [[nodiscard]] Split splitShown() const;
    QComboBox* addChoice(QGridLayout* grid, const QString& name, const WordChoices* words,
                         std::string WrittenHow::*member);
    void read(); ///< what is not read yet as it is said to be written
    void take(std::vector<std::pair<Split, SplitReading>> readings);
    void fillFiles();
    void showFile();

    QComboBox* files_;
    QLabel* applies_;
    QList<Choice> choices_;
    QCheckBox* unescape_;
    QLabel* remarks_;
    PreviewTable* preview_;
    QLabel* counted_;
    Background pool_{1};
    LatestJob job_{pool_};
};

} // namespace stillroom
