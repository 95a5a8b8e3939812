// File ▸ Export ▸ Bundle: a run as one .zip.
#pragma once

#include "widgets/job_dialog.h"

class QCheckBox;

namespace stillroom {

/// GUI thread; the run is packed by a worker (job_dialog.h).
class BundleDialog : public JobDialog {
    Q_OBJECT
  public:
    /// `runFolder`: to begin with; may be empty.
    explicit BundleDialog(const QString& runFolder, QWidget* parent = nullptr);
    ~BundleDialog() override;

    [[nodiscard]] QLineEdit* run() const { return run_; }
    [[nodiscard]] QLineEdit* out() const { return out_; }
    [[nodiscard]] QCheckBox* checkpoint() const { return checkpoint_; }

  Q_SIGNALS:
    void exported(const QString& summary);

  protected:
    [[nodiscard]] bool ready() const override;
    void go() override;

  private:
    void pack();

    QLineEdit* run_;
    QLineEdit* out_;
    QCheckBox* checkpoint_;
};

} // namespace stillroom
