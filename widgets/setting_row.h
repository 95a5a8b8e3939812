// One setting on a page: a dot when it is not the default, its name, its control, and under them what it
// leads to.
#pragma once

#include "core/base/schedule.h"
#include "widgets/setting_spec.h"

#include <QList>
#include <QWidget>
#include <functional>

class QGridLayout;
class QLabel;

namespace stillroom {

/// How a row divides its width between name and control.
inline constexpr int LabelShare = 9, ControlShare = 14;

class ExperimentDocument;
class SettingControl;
struct SettingChange;

/// Bound to the document both ways: edits go into it as undo steps, its changes show here.
class SettingRow : public QWidget {
    Q_OBJECT
  public:
    SettingRow(const QString& key, ExperimentDocument* document, QWidget* parent = nullptr);

    [[nodiscard]] const QString& key() const { return spec_.key; }
    /// What the setting leads to, muted, under it; empty: the line goes away.
    void setConsequence(const QString& text);
    void offer(const QStringList& columns);
    /// The run that a schedule is drawn over (SettingControl).
    void setPlace(const RunPlace& place, bool underWay);
    [[nodiscard]] SettingControl* control() const { return control_; }
    void setLabel(const QString& label);
    /// Why it cannot be changed now; empty: it can.
    void setLocked(const QString& reason);

    /// What else changes when this setting becomes a value, in the same undo step.
    using Companions = std::function<QList<SettingChange>(const QString& yaml)>;
    void setCompanions(Companions companions) { companions_ = std::move(companions); }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    void showValue();
    void edit(const QString& yaml, bool dragging);
    void updateNote();

    const SettingSpec& spec_;
    ExperimentDocument* document_;
    SettingControl* control_;
    QLabel* label_;
    QLabel* note_;
    QGridLayout* grid_;
    QString consequence_, error_;
    Companions companions_;
    int drag_ = 0;
    bool changed_ = false;
};

} // namespace stillroom
