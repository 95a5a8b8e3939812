// Above the Samples table: what is shown, of which class, within which ranges, with which words, and how many
// that is. Ranges are chips that can be taken away.
#pragma once

#include "core/lab/sample_filter.h"

#include <QTimer>
#include <QWidget>
#include <string>
#include <vector>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace stillroom {

class ClassBox;
class NumberBox;

class SampleFilterBar : public QWidget {
    Q_OBJECT
  public:
    explicit SampleFilterBar(QWidget* parent = nullptr);

    void setClasses(const std::vector<std::string>& classes);
    /// What there is to filter by: conditions that can hold for no sample cannot be chosen.
    void setAvailable(bool gold, bool judged, bool supposed);
    [[nodiscard]] const SampleFilter& filter() const { return filter_; }
    /// As if the user had chosen it.
    void setFilter(const SampleFilter& filter);
    void setStatus(const QString& text);
    [[nodiscard]] QLineEdit* search() const { return search_; }

    [[nodiscard]] static QString describe(SampleFilter::Show show);

  Q_SIGNALS:
    void changed();

  private:
    QWidget* makeRanges();
    QToolButton* addChip(const QString& tip);
    void showChips();
    void showRanges();
    void rangesEdited();
    void put(const SampleFilter& filter);

    SampleFilter filter_;
    std::vector<std::string> classes_;
    QComboBox* show_;
    ClassBox* class_;
    QToolButton* ranges_;
    NumberBox* confidence_[2];
    NumberBox* uncertainty_[2];
    ClassBox* gold_;
    QLineEdit* search_;
    QToolButton* confidenceChip_;
    QToolButton* uncertaintyChip_;
    QToolButton* goldChip_;
    QLabel* status_;
    QTimer typed_; ///< a search begins when the hand rests
};

} // namespace stillroom
