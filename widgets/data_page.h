// Which files, which columns, and what was found in them.
#pragma once

#include "widgets/background.h"
#include "widgets/page.h"

class QListWidget;
class QPushButton;
class QToolButton;

namespace stillroom {

class NumberTable;

class DataPage : public Page {
    Q_OBJECT
  public:
    explicit DataPage(RunController* controller, QWidget* parent = nullptr);
    ~DataPage() override; ///< waits for a header that is being read

  private:
    void addSplit(const QString& section, const QString& title);
    void chooseFiles(const QString& section);
    void showReport();
    void showError();
    void showClasses();
    void showRows();
    void probe();

    QLabel* error_;
    QListWidget* details_;
    QPushButton* skip_;
    FactList* facts_;
    NumberTable* files_;
    QLabel* classesHeading_;
    NumberTable* classes_;
    Background pool_{1};
    int probing_ = 0;
    QList<QToolButton*> moreLinks_; ///< a split each
};

} // namespace stillroom
