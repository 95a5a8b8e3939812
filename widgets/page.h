// What the five pages share: a column of setting rows and sections, bound to one experiment.
#pragma once

#include "core/experiment/experiment.h"
#include "widgets/setting_row.h"

#include <QHash>
#include <QWidget>
#include <functional>

class QLabel;
class QVBoxLayout;

namespace stillroom {

class RunController;

/// The run that schedules are drawn over: the one there is, else the one that would be.
[[nodiscard]] RunPlace plannedPlace(const RunController& controller);

class Page : public QWidget {
    Q_OBJECT
  public:
    explicit Page(RunController* controller, QWidget* parent = nullptr);

  protected:
    [[nodiscard]] RunController* controller() const { return controller_; }
    [[nodiscard]] ExperimentDocument* document() const;
    [[nodiscard]] const Experiment& experiment() const;

    SettingRow* addRow(const QString& key);
    /// A bold line over what follows.
    QLabel* addHeading(const QString& text);
    QLabel* addNote(const QString& text = {}); ///< muted, selectable, wraps
    void addWidget(QWidget* widget);
    void addIndented(QWidget* widget); ///< in line with the settings' names
    void addStretch();
    [[nodiscard]] SettingRow* row(const QString& key) const { return rows_.value(key); }
    /// Shows the row, or hides it: a setting that the chosen rule does not use.
    void showRow(const QString& key, bool shown);
    /// Tells the rows where the run stands that their schedules are drawn over.
    void showPlace();
    [[nodiscard]] QVBoxLayout* column() const { return column_; }
    /// Rows added from now on go into `column`, until it is set back to null.
    void setColumn(QVBoxLayout* column) { target_ = column; }

  private:
    RunController* controller_;
    QVBoxLayout* column_;
    QVBoxLayout* target_ = nullptr;
    QHash<QString, SettingRow*> rows_;
};

/// Two columns of words: what it is, how much.
class FactList : public QWidget {
    Q_OBJECT
  public:
    explicit FactList(QWidget* parent = nullptr);
    struct Fact {
        QString name, value, tip;
        bool operator==(const Fact&) const = default;
    };
    void say(const QList<Fact>& facts);

  private:
    QList<Fact> facts_;
};

} // namespace stillroom
