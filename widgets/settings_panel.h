// The left side: the five pages' titles with their answers, and under them the page that is chosen.
#pragma once

#include "widgets/page_id.h"

#include <QFrame>

class QLabel;
class QScrollArea;
class QStackedWidget;
class QToolButton;

namespace stillroom {

class LabModel;
class PageButton;
class RunController;

/// A page is made when it is first shown.
class SettingsPanel : public QFrame {
    Q_OBJECT
  public:
    /// The lab is for what the settings would keep; it may be null.
    explicit SettingsPanel(RunController* controller, LabModel* lab = nullptr, QWidget* parent = nullptr);
    void showPage(PageId page);
    [[nodiscard]] PageId page() const { return page_; }
    [[nodiscard]] PageButton* button(PageId page) const { return buttons_[static_cast<std::size_t>(page)]; }
    /// Titles and answers on one line each.
    void setCompact(bool compact);

  Q_SIGNALS:
    void pageShown(stillroom::PageId page);

  private:
    void updateAnswers();
    QWidget* makePage(PageId page);

    RunController* controller_;
    LabModel* lab_;
    std::array<PageButton*, PageIds.size()> buttons_{};
    std::array<QScrollArea*, PageIds.size()> pages_{};
    QStackedWidget* stack_;
    QLabel* title_;
    QToolButton* reset_;
    QLabel* problem_;
    PageId page_ = PageId::Data;
};

} // namespace stillroom
