// Plots leave the window: as a table, on the clipboard, as files.
#include "core/files/atomic_file.h"
#include "widgets/background.h"
#include "widgets/number_table.h"
#include "widgets/plot.h"
#include "widgets/run_state.h"
#include "widgets/text.h"

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QMimeData>
#include <QPdfWriter>
#include <QPushButton>
#include <QSvgGenerator>
#include <QVBoxLayout>
#include <optional>

namespace stillroom {
namespace {

constexpr QSize Paper(720, 440); // CSS pixels: half a page wide

QString csvCell(const QString& text) {
    QString cell = text;
    bool number = false;
    cell.toDouble(&number);
    if (!cell.isEmpty() && !number && QStringLiteral("=+-@\t\r").contains(cell[0]))
        cell.prepend(u'\'');
    if (cell.contains(u'"') || cell.contains(u',') || cell.contains(u'\n') || cell.contains(u'\r'))
        cell = u'"' + cell.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return cell;
}

} // namespace

QString PlotTable::text(QChar separator) const {
    QStringList lines{columns.join(separator)};
    for (const auto& row : rows)
        lines << row.join(separator);
    return lines.join(u'\n') + u'\n';
}

QByteArray PlotTable::csv() const {
    const auto line = [](const QStringList& cells) {
        QStringList safe;
        for (const auto& cell : cells)
            safe << csvCell(cell);
        return safe.join(u',') + QStringLiteral("\r\n");
    };
    QString text = line(columns);
    for (const auto& row : rows)
        text += line(row);
    return text.toUtf8();
}

void Plot::showTable() {
    auto* dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title());
    auto* grid = new NumberTable(dialog);
    const PlotTable numbers = table();
    grid->show(numbers.columns, numbers.rows);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* copyButton = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    connect(copyButton, &QPushButton::clicked, dialog,
            [text = numbers.text(u'\t')] { QApplication::clipboard()->setText(text); });
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(grid);
    column->addWidget(buttons);
    dialog->resize(560, 420);
    dialog->show();
}

void Plot::copy() const {
    auto* clip = new QMimeData;
    clip->setText(table().text(u'\t'));
    clip->setImageData(const_cast<Plot*>(this)->grab().toImage());
    QApplication::clipboard()->setMimeData(clip);
}

QByteArray Plot::exported(const QString& format) {
    if (format == QLatin1String("csv"))
        return table().csv();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    // What is on the screen is dressed for paper while it is printed, and dressed back.
    std::optional<DeskScale> asAtDesk(std::in_place);
    annotations()->clear();
    style(Theme::paper());
    draw(Theme::paper());
    const int titleHeight = QFontMetrics(textFont(TextSize::Title)).height() + Gap;
    const auto print = [&](QPaintDevice* device, bool vectors, double scale) {
        QCPPainter painter(device);
        painter.setMode(QCPPainter::pmVectorized, vectors);
        painter.setMode(QCPPainter::pmNoCaching);
        painter.scale(scale, scale);
        painter.fillRect(QRect(QPoint(0, 0), Paper), Theme::paper().surface);
        painter.setFont(textFont(TextSize::Title));
        painter.setPen(Theme::paper().text);
        painter.drawText(QPointF(Gap, painter.fontMetrics().ascent() + 4), title());
        painter.translate(Gap, titleHeight);
        canvas_->toPainter(&painter, Paper.width() - 2 * Gap, Paper.height() - titleHeight - Gap);
    };
    if (format == QLatin1String("png")) {
        QImage image(Paper * 2, QImage::Format_RGB32);
        image.fill(Qt::white);
        print(&image, false, 2);
        image.save(&buffer, "PNG");
    } else if (format == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setSize(Paper);
        svg.setViewBox(QRect(QPoint(0, 0), Paper));
        svg.setTitle(title());
        print(&svg, true, 1);
    } else if (format == QLatin1String("pdf")) {
        QPdfWriter pdf(&buffer);
        pdf.setTitle(title());
        pdf.setResolution(96);
        pdf.setPageSize(
            QPageSize(QSizeF(Paper) * 72.0 / 96.0, QPageSize::Point, QString(), QPageSize::ExactMatch));
        pdf.setPageMargins({0, 0, 0, 0});
        print(&pdf, true, 1);
    }
    asAtDesk.reset();
    style(theme());
    refreshAll();
    return bytes;
}

void Plot::saveAs(const QString& format) {
    auto* dialog = new QFileDialog(this, tr("Save %1").arg(title()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(format);
    dialog->setNameFilter(tr("%1 files (*.%2)").arg(format.toUpper(), format));
    connect(dialog, &QFileDialog::fileSelected, this, [this, format](const QString& path) {
        const QByteArray bytes = exported(format);
        if (!writer_)
            writer_ = std::make_unique<Background>(1);
        writer_->run(
            [path, bytes] {
                return writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
            },
            [this, path](const Result<void>& written) {
                if (written)
                    Q_EMIT said(tr("Saved %1").arg(path), MessageKind::Info);
                else
                    Q_EMIT said(toQString(written.error().message), MessageKind::Error);
            });
    });
    dialog->open();
}

} // namespace stillroom
