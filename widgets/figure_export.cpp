#include "widgets/figure_export.h"

#include "core/files/atomic_file.h"
#include "widgets/background.h"
#include "widgets/number_table.h"
#include "widgets/text.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>
#include <optional>

namespace stillroom {
namespace {

const QString SizeKey = QStringLiteral("plots/size");
std::optional<PlotSize> chosenSize;

} // namespace

FigureExport::FigureExport(Figure& figure, QWidget* widget)
    : QObject(widget), figure_(figure), widget_(widget) {}

FigureExport::~FigureExport() = default;

PlotSize FigureExport::size() {
    if (!chosenSize)
        chosenSize = plotSizeOf(QSettings().value(SizeKey).toString());
    return *chosenSize;
}

void FigureExport::setSize(PlotSize size) {
    chosenSize = size;
    QSettings().setValue(SizeKey, plotSizeKey(size));
}

void FigureExport::popup(const QPoint& position) {
    auto* menu = new QMenu(widget_);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(menu);
    menu->popup(position);
}

void FigureExport::fill(QMenu* menu) {
    menu->addAction(tr("Show as table"), this, &FigureExport::showTable);
    menu->addAction(tr("Copy"), this, &FigureExport::copy);
    menu->addSeparator();
    for (const PlotFormat format : PlotFormats)
        menu->addAction(tr("Save as %1…").arg(plotFormatKey(format).toUpper()), this,
                        [this, format] { saveAs(format); });
    menu->addSeparator();
    auto* sizes = menu->addMenu(tr("Size of copies and files"));
    auto* group = new QActionGroup(sizes);
    for (const PlotSize size : PlotSizes) {
        auto* action = sizes->addAction(plotSizeName(size), this, [size] { setSize(size); });
        action->setCheckable(true);
        action->setChecked(size == FigureExport::size());
        group->addAction(action);
    }
    if (figure_.isEmpty())
        for (auto* action : menu->actions())
            action->setEnabled(false);
}

void FigureExport::showTable() {
    auto* dialog = new QDialog(widget_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(figure_.figureTitle());
    auto* grid = new NumberTable(dialog);
    const PlotTable numbers = figure_.table();
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

void FigureExport::copy() {
    auto* clip = new QMimeData;
    clip->setText(figure_.table().text(u'\t'));
    clip->setImageData(pictureOf(figure_, size()));
    clip->setData(QStringLiteral("image/svg+xml"), printFigure(figure_, PlotFormat::Svg, size())());
    QApplication::clipboard()->setMimeData(clip);
    Q_EMIT said(tr("Copied %1 (%2).").arg(figure_.figureTitle(), plotSizeName(size())), MessageKind::Info);
}

void FigureExport::saveAs(PlotFormat format) {
    const QString suffix = plotFormatKey(format);
    auto* dialog = new QFileDialog(widget_, tr("Save %1").arg(figure_.figureTitle()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->setNameFilter(tr("%1 files (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->selectFile(figureFileName(figure_.figureTitle()) + u'.' + suffix);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format](const QString& path) { save(format, path); });
    dialog->open();
}

void FigureExport::save(PlotFormat format, const QString& path) {
    if (!writer_)
        writer_ = std::make_unique<Background>(1);
    writer_->run(
        [path, encode = printFigure(figure_, format, size())]() -> Result<void> {
            const QByteArray bytes = encode();
            if (bytes.isEmpty())
                return fail(tr("%1 is too large to be drawn; choose another size").arg(path).toStdString());
            return writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
        },
        [this, path](const Result<void>& written) {
            if (written)
                Q_EMIT said(tr("Saved %1").arg(path), MessageKind::Info);
            else
                Q_EMIT said(toQString(written.error().message), MessageKind::Error);
        });
}

} // namespace stillroom
