// The Samples tab: every training sample as a row, filters and search above it, the life of the selected one
// below.
#pragma once

#include "core/lab/sample_filter.h"
#include "widgets/run_state.h"

#include <QTimer>
#include <QWidget>
#include <optional>

class QLabel;
class QStackedLayout;

namespace stillroom {

class BiographyPanel;
class EpochBar;
class LabModel;
class SampleFilterBar;
class SampleQuery;
class SamplesModel;
class SamplesTable;

/// GUI thread. Filters, sorts and searches only while it is seen.
class SamplesView : public QWidget {
    Q_OBJECT
  public:
    explicit SamplesView(LabModel* lab, QWidget* parent = nullptr);

    /// Lists what the filter lets through.
    void list(const SampleFilter& filter);
    [[nodiscard]] SampleFilterBar* bar() const { return bar_; }
    [[nodiscard]] SamplesTable* table() const { return table_; }
    [[nodiscard]] SamplesModel* model() const { return model_; }
    [[nodiscard]] SampleQuery* query() const { return query_; }
    [[nodiscard]] BiographyPanel* biography() const { return biography_; }

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void connectQuery();
    void ask();
    void askSoon(int milliseconds);
    void tableChanged();
    void snapshotChanged();
    void hypothesisChanged();
    void setRows(const std::vector<std::uint32_t>& rows);
    void updateStatus();
    void updateAvailable();
    [[nodiscard]] bool asksOfRun() const;

    LabModel* lab_;
    SamplesModel* model_;
    SampleQuery* query_;
    SampleFilterBar* bar_;
    SamplesTable* table_;
    QStackedLayout* stack_;
    QLabel* empty_;
    BiographyPanel* biography_;
    EpochBar* epochs_;
    QTimer soon_, searching_;
    std::optional<std::uint32_t> kept_; ///< the sample that stays selected while rows come and go
    bool stale_ = true;
};

} // namespace stillroom
