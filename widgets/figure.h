// Something drawn that can be taken away: its numbers, and itself on paper of any size.
#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QVector>

class QCPPainter;

namespace stillroom {

/// The numbers behind a figure.
struct PlotTable {
    QStringList columns;
    QVector<QStringList> rows;
    [[nodiscard]] QString text(QChar separator) const;
    /// RFC 4180; a cell that a spreadsheet would run as a formula is quoted with an apostrophe.
    [[nodiscard]] QByteArray csv() const;
};

/// GUI thread. Lengths are pixels of a desk's scale (theme.h): how long one is on paper is figure_print's.
class Figure {
  public:
    virtual ~Figure() = default;
    [[nodiscard]] virtual QString figureTitle() const = 0;
    [[nodiscard]] virtual PlotTable table() const = 0;
    /// Nothing to see yet.
    [[nodiscard]] virtual bool isEmpty() const = 0;
    /// Its size in the window.
    [[nodiscard]] virtual QSize seenSize() const = 0;
    /// The height that it needs when it is so wide, title and all, so that nothing is cut.
    [[nodiscard]] virtual double leastHeight(double width) = 0;
    /// Draws itself, with its title, into (0, 0) to `size`, in the colours of paper whatever the window's
    /// are.
    virtual void print(QCPPainter& painter, const QSizeF& size) = 0;
};

} // namespace stillroom
