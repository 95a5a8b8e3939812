#include "widgets/report/report_pdf.h"

#include "core/files/atomic_file.h"
#include "widgets/report/page_measures.h"
#include "widgets/report/page_pieces.h"
#include "widgets/report/paper.h"

#include <QBuffer>
#include <QFile>
#include <QFontMetricsF>
#include <QPageLayout>
#include <QPdfWriter>
#include <deque>

namespace stillroom {

namespace {

using page::points;

struct Placed {
    const PagePiece* piece = nullptr;
    double y = 0;
};
using Page = std::vector<Placed>;

/// Pieces on pages: those that stay together are moved to the next page together, unless they fill more than
/// one. A figure that does not fit waits for the head of the next page, and what follows it flows before it.
class Breaker {
  public:
    explicit Breaker(const std::vector<PagePiece>& pieces) : pieces_(pieces) {}

    std::vector<Page> pages() {
        pages_.emplace_back();
        for (std::size_t begin = 0; begin < pieces_.size();) {
            std::size_t end = begin;
            while (end + 1 < pieces_.size() && pieces_[end].withNext)
                ++end;
            const Group group{begin, ++end};
            // Figures stay in their order.
            if (pieces_[begin].floats && y_ > 0 && (!waiting_.empty() || !fits(group)))
                waiting_.push_back(group);
            else
                add(group);
            begin = end;
        }
        while (!waiting_.empty())
            turn();
        return std::move(pages_);
    }

  private:
    struct Group {
        std::size_t begin = 0, end = 0;
    };

    /// What is between a piece and what is on the page already: the head of a table that goes on, or space.
    [[nodiscard]] double above(const PagePiece& piece) const {
        if (fresh_ && piece.head)
            return (y_ > 0 ? points(8) : 0) + piece.head->height;
        return y_ > 0 ? piece.before : 0;
    }

    [[nodiscard]] bool fits(const Group& group) const {
        double height = above(pieces_[group.begin]);
        for (std::size_t i = group.begin; i < group.end; ++i)
            // Nothing is lost where the space at its end does not fit.
            if (pieces_[i].paint || i + 1 < group.end)
                height += pieces_[i].height + (i > group.begin ? pieces_[i].before : 0);
        return y_ + height <= page::Height;
    }

    void add(const Group& group) {
        while (y_ > 0 && !fits(group)) {
            const bool figuresCame = !waiting_.empty();
            turn();
            if (!figuresCame)
                break; // it is higher than a page
        }
        placeAll(group);
    }

    void turn() {
        pages_.emplace_back();
        y_ = 0;
        while (!waiting_.empty() && (y_ == 0 || fits(waiting_.front()))) {
            const Group group = waiting_.front();
            waiting_.pop_front();
            placeAll(group);
        }
        fresh_ = true;
    }

    void placeAll(const Group& group) {
        for (std::size_t i = group.begin; i < group.end; ++i)
            place(pieces_[i]);
    }

    void place(const PagePiece& piece) {
        if (!piece.paint) {
            y_ += y_ > 0 ? piece.height : 0;
            return;
        }
        if (y_ > 0 && y_ + above(piece) + piece.height > page::Height)
            turn();
        y_ += above(piece);
        if (fresh_ && piece.head)
            pages_.back().push_back({piece.head.get(), y_ - piece.head->height});
        fresh_ = false;
        pages_.back().push_back({&piece, y_});
        y_ += piece.height;
    }

    const std::vector<PagePiece>& pieces_;
    std::vector<Page> pages_;
    std::deque<Group> waiting_; ///< figures
    double y_ = 0;
    bool fresh_ = false; ///< nothing but figures that waited is on the page yet
};

void paintFooter(QPainter& painter, const QString& title, std::size_t number, std::size_t count) {
    painter.setFont(paper::font(paper::Face::Sans, points(7.6)));
    painter.setPen(paper::Muted);
    const QFontMetricsF metrics(painter.font());
    const double y = page::SheetHeight - page::Footer;
    const QString place = QStringLiteral("%1 / %2").arg(number).arg(count);
    const double width = metrics.horizontalAdvance(place);
    painter.drawText(QPointF(page::Left + page::Width - width, y), place);
    painter.drawText(QPointF(page::Left, y),
                     metrics.elidedText(title, Qt::ElideRight, page::Width - width - points(20)));
}

QString titleOf(const HtmlNode& html) {
    const HtmlNode* head = html.child("head");
    const HtmlNode* title = head == nullptr ? nullptr : head->child("title");
    return title == nullptr ? QString() : title->allText().simplified();
}

} // namespace

Result<void> writeReportPdf(const std::string& html, std::span<const ReportFigure> figures,
                            const std::string& path, Progress& progress) {
    const auto tree = readHtml(html);
    if (!tree)
        return fail(tree.error());
    const auto pieces = piecesOf(*tree, figures);
    const auto pages = Breaker(pieces).pages();
    const QString title = titleOf(*tree), footer = paper::drawable(title, paper::Face::Sans);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter pdf(&buffer);
        pdf.setResolution(page::Resolution);
        pdf.setPageSize(QPageSize(QPageSize::A4));
        pdf.setPageMargins({0, 0, 0, 0});
        pdf.setTitle(title);
        pdf.setCreator(QStringLiteral("Stillroom " STILLROOM_VERSION));
        QPainter painter(&pdf);
        painter.setRenderHint(QPainter::Antialiasing);
        for (std::size_t i = 0; i < pages.size(); ++i) {
            if (progress.cancelled())
                return fail("the report was cancelled; nothing was written", ErrorKind::Cancelled);
            if (i > 0)
                pdf.newPage();
            for (const auto& [piece, y] : pages[i])
                piece->paint(painter, {page::Left, page::Top + y});
            paintFooter(painter, footer, i + 1, pages.size());
        }
        painter.end();
    }
    return writeFileAtomically(QFile::decodeName(path.c_str()),
                               {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace stillroom
