// The life of the sample that is selected: its text and labels, its signal over the epochs, and for each
// epoch a sentence why it was kept or not.
#pragma once

#include "core/lab/biography.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"
#include "widgets/run_state.h"

#include <QFrame>
#include <QTimer>
#include <array>
#include <optional>

class QGridLayout;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QStackedLayout;

namespace stillroom {

class BiographyPlot;
class ElidedLabel;
class LabModel;
class Plot;

/// GUI thread; what it tells is put together by a worker from the run folder.
class BiographyPanel : public QFrame {
    Q_OBJECT
  public:
    explicit BiographyPanel(LabModel* lab, QWidget* parent = nullptr);
    ~BiographyPanel() override;

    void setSample(std::optional<std::uint32_t> sample);
    [[nodiscard]] std::optional<std::uint32_t> sample() const { return sample_; }
    [[nodiscard]] const std::vector<BiographyEntry>& entries() const { return entries_; }
    /// Whose life is told: the sample's, once a worker has put it together.
    [[nodiscard]] std::optional<std::uint32_t> told() const { return told_; }
    [[nodiscard]] QListWidget* sentences() const { return sentences_; }

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeFacts();
    void makeStory();
    void showFacts();
    void askSoon();
    void ask();
    void showLife(std::vector<BiographyEntry> entries);
    void fillSentences();
    void arrange();

    LabModel* lab_;
    std::optional<std::uint32_t> sample_, told_;
    std::vector<BiographyEntry> entries_;
    QStackedLayout* stack_;
    QLabel* nobody_; ///< while no sample is selected
    QFrame* facts_;
    QLabel* title_;
    QGridLayout* says_; ///< gold, teacher, student: three lines, or one
    std::array<QLabel*, 3> names_{};
    std::array<ElidedLabel*, 3> values_{};
    QPlainTextEdit* text_;
    BiographyPlot* plot_;
    QFrame* story_;
    QListWidget* sentences_;
    QLabel* empty_;
    QGridLayout* grid_;
    int columns_ = 0;
    QTimer soon_; ///< a run that goes on adds to every life
    QTimer late_; ///< another's life is not told for longer than an eye needs to see it
    Background pool_{1};
    LatestJob asking_{pool_};
};

} // namespace stillroom
