// A plot in its panel: title, an option at the right, axes in the theme's colours, an empty text that says
// what to do, and what every plot can do: show itself as a table, be copied, be saved (figure_export.h).
#pragma once

#include "widgets/annotations.h"
#include "widgets/figure.h"
#include "widgets/live_model.h"
#include "widgets/theme.h"

#include "widgets/run_state.h"

#include <QFrame>
#include <functional>

class QLabel;
class QMenu;
class QStackedLayout;
class QToolButton;

namespace stillroom {

class FigureExport;

/// GUI thread. `model` outlives it.
class Plot : public QFrame, public Figure {
    Q_OBJECT
  public:
    Plot(const LiveModel& model, const QString& title, QWidget* parent = nullptr);
    ~Plot() override;

    [[nodiscard]] QString title() const;
    /// Takes what is new from the model and draws it soon. Costs next to nothing when nothing is.
    /// True when something will be drawn.
    bool refresh();
    /// Draws even what was drawn already: an option or the theme is another.
    void refreshAll();

    /// What to do so that there is something to see, for the empty text: "Press Run (F5)."
    void setHint(const QString& hint);

    [[nodiscard]] QCustomPlot* canvas() const { return canvas_; }
    /// Its table, its copies, its files.
    [[nodiscard]] FigureExport* takeaway() const { return takeaway_; }

    // On paper (plot_print.cpp).
    [[nodiscard]] QString figureTitle() const override { return title(); }
    [[nodiscard]] bool isEmpty() const override { return !emptyText().isEmpty(); }
    [[nodiscard]] QSize seenSize() const override;
    [[nodiscard]] double leastHeight(double width) override;
    void print(QCPPainter& painter, const QSizeF& size) override;

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    /// What changed since the last call? Grows with it.
    [[nodiscard]] virtual std::uint64_t revision() const = 0;
    /// Puts the model's present state into the canvas; must not replot.
    virtual void draw(const Theme& colours) = 0;
    /// What to say instead of an empty plot; empty: there is something to see.
    [[nodiscard]] virtual QString emptyText() const = 0;
    /// Words for a point of the canvas; empty: none.
    [[nodiscard]] virtual QString tipAt(const QPointF& position) const;

    void setTitle(const QString& title);
    /// The link at the right: a text that acts when clicked …
    void setOption(const QString& text, const QString& tip);
    /// … or one that opens a menu. The menu is the plot's.
    void setOptionMenu(QMenu* menu);
    virtual void optionClicked() {}
    /// Whether the option makes a difference now, and whether it stays while there is nothing to see.
    [[nodiscard]] virtual bool optionMatters() const { return true; }
    [[nodiscard]] virtual bool keepsOption() const { return false; }

    /// Whether `draw` draws for paper: nothing is to be taken hold of there, and all must fit.
    [[nodiscard]] bool onPaper() const { return onPaper_; }
    /// What the canvas needs for all its rows on paper, in pixels; 0: any height will do.
    [[nodiscard]] virtual double rowsHeight() const { return 0; }

    /// At least so much is free right of the axes, for names beside the ends of curves.
    void setRightMargin(int pixels);
    void setAxisLabels(const QString& x, const QString& y);
    [[nodiscard]] const LiveModel& model() const { return model_; }
    [[nodiscard]] const QString& hint() const { return hint_; }
    [[nodiscard]] Annotations* annotations() const { return annotations_; }
    void addEditMarks(const std::function<double(const EditMark&)>& position);

    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    class Paper;
    void style(const Theme& colours);

    const LiveModel& model_;
    QLabel* title_;
    QToolButton* option_;
    QStackedLayout* stack_;
    QCustomPlot* canvas_;
    QLabel* empty_;
    Annotations* annotations_;
    QString hint_;
    FigureExport* takeaway_;
    std::uint64_t drawn_ = 0;
    bool stale_ = true;
    bool onPaper_ = false;
};

} // namespace stillroom
