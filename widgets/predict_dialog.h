// File ▸ Predict a file: a student's labels for a file of texts, written beside it.
#pragma once

#include "core/output/predictions.h"
#include "widgets/job_dialog.h"
#include "widgets/latest_job.h"

#include <QTimer>

class QCheckBox;
class QComboBox;

namespace stillroom {

/// GUI thread; files are read, labelled and written by a worker (job_dialog.h).
class PredictDialog : public JobDialog {
    Q_OBJECT
  public:
    /// `runFolder`: whose best student it is to begin with; may be empty.
    explicit PredictDialog(const QString& runFolder, QWidget* parent = nullptr);
    ~PredictDialog() override;

    [[nodiscard]] QLineEdit* student() const { return student_; }
    [[nodiscard]] QLineEdit* file() const { return file_; }
    [[nodiscard]] QLineEdit* out() const { return out_; }
    [[nodiscard]] QComboBox* text() const { return text_; }
    [[nodiscard]] QComboBox* id() const { return id_; }

  Q_SIGNALS:
    void labelled(const QString& summary);

  protected:
    [[nodiscard]] bool ready() const override;
    void go() override;
    [[nodiscard]] QString wordsOf(const Error& error) const override;

  private:
    struct Looked; ///< the student, and the file's columns
    void look();
    void looked(const Looked& looked);
    void label();
    void tell(const PredictionReport& report);
    [[nodiscard]] PredictionSource source() const;

    QLineEdit* student_;
    QLineEdit* file_;
    QLineEdit* out_;
    QComboBox* text_;
    QComboBox* id_;
    QCheckBox* probabilities_;
    QCheckBox* skip_;
    std::string studentFile_; ///< as it was last looked at; empty: what is named now was not, or is none
    std::vector<std::string> usualText_;
    bool unescapeHtml_ = false;
    QTimer lookSoon_;
    LatestJob looking_{pool()};
};

} // namespace stillroom
