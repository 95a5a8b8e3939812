#include "core/output/report.h"

#include "core/files/atomic_file.h"
#include "core/output/output_folder.h"
#include "core/output/report_content.h"
#include "core/output/report_drawer.h"
#include "core/output/report_page.h"
#include "core/output/report_sources.h"

#include <QFile>
#include <algorithm>
#include <filesystem>
#include <map>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr const char* HtmlName = "report.html";
constexpr const char* PdfName = "report.pdf";

/// A file that says of itself that this wrote it.
bool isOurs(const fs::path& path, const std::string& name) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() != fs::file_type::regular)
        return false;
    QFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    QByteArray begin = file.read(64 * 1024);
    if (name == HtmlName)
        return begin.contains("<meta name=\"generator\" content=\"Stillroom ");
    begin.replace('\0', QByteArray()); // of UTF-16
    return begin.startsWith("%PDF-") && begin.contains("/Creator (\xFE\xFF"
                                                       "Stillroom ");
}

/// Nothing is in it but what this wrote.
bool isEarlierReport(const fs::path& folder) {
    std::error_code error;
    std::size_t files = 0;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if ((name != HtmlName && name != PdfName) || !isOurs(entry->path(), name))
            return false;
        ++files;
    }
    return !error && files > 0;
}

/// What was done so far is half of all; `steps` more follow.
class SecondHalf {
  public:
    SecondHalf(Progress& progress, std::int64_t steps)
        : progress_(progress), size_(std::max<std::int64_t>(1, progress.done() / steps)) {
        progress_.expect(progress_.done() + size_ * steps);
    }
    /// False: it was cancelled.
    bool step() {
        progress_.advance(size_);
        return !progress_.cancelled();
    }

  private:
    Progress& progress_;
    std::int64_t size_;
};

tl::unexpected<Error> cancelled() {
    return fail("the report was cancelled; nothing was written", ErrorKind::Cancelled);
}

std::string titleOf(const ReportSources& sources) {
    if (!sources.several())
        return sources.summary().name;
    std::string titles;
    for (std::size_t i = 0; i < sources.groups.size() && i < 4; ++i)
        titles += (i == 0 ? "" : ", ") + sources.groups[i].label;
    return sources.groups.size() > 4 ? titles + ", …" : titles;
}

} // namespace

Result<WrittenReport> writeReport(const ReportRequest& request, Progress& progress) {
    const auto drawer = loadReportDrawer();
    if (!drawer)
        return fail(drawer.error());
    const auto templateFolder = findReportTemplates();
    if (!templateFolder)
        return fail(templateFolder.error());
    const auto templates = TemplateSet::read(*templateFolder);
    if (!templates)
        return fail(templates.error());
    const auto sources = readReportSources(request, progress);
    if (!sources)
        return fail(sources.error());
    auto content = reportContent(**sources, request.texts, progress);
    if (!content)
        return fail(std::move(content.error()));

    const std::string target =
        request.out.empty() ? (fs::path((*sources)->runs.front().folder) / "output" / "report").string()
                            : request.out;
    OutputFolder folder(target);
    if (auto made = folder.create(); !made)
        return fail(std::move(made.error()));
    SecondHalf rest(progress, static_cast<std::int64_t>(content->figures.size()) + 6);
    std::map<std::string, std::string> drawings;
    for (const auto& figure : content->figures) {
        auto svg = (*drawer)->svg(figure);
        if (!svg)
            return fail(std::move(svg.error()));
        drawings[figure.id] = *std::move(svg);
        if (!rest.step())
            return cancelled();
    }
    content->data.text("title", titleOf(**sources));
    content->data.markup("style", templates->file("style.css"));
    const auto filled = templates->fill("report", content->data);
    if (!filled)
        return fail(filled.error());
    const auto page = finishPage(*filled, drawings);
    if (!page)
        return fail(page.error());
    const std::string html = (fs::path(folder.temporary()) / HtmlName).string();
    const std::string pdf = (fs::path(folder.temporary()) / PdfName).string();
    if (auto written = writeFileAtomically(QFile::decodeName(html.c_str()), page->html); !written)
        return fail(folder.inItsPlace(std::move(written.error())));
    if (!rest.step())
        return cancelled();
    if (auto written = (*drawer)->writePdf(page->html, content->figures, pdf, progress); !written)
        return fail(folder.inItsPlace(std::move(written.error())));
    if (progress.cancelled())
        return cancelled();
    if (auto committed = folder.commit(isEarlierReport(target)); !committed)
        return fail(std::move(committed.error()));
    WrittenReport report;
    report.folder = target;
    report.html = (fs::path(target) / HtmlName).string();
    report.pdf = (fs::path(target) / PdfName).string();
    report.figures = page->figures;
    report.tables = page->tables;
    report.noData = (*sources)->noData;
    for (int i = 0; i < 5; ++i)
        rest.step();
    return report;
}

} // namespace stillroom
