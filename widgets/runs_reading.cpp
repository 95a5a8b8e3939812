#include "widgets/runs_reading.h"

#include "widgets/text.h"

#include <utility>

namespace stillroom {
namespace {
constexpr std::size_t Piece = 50; // runs that are read before somebody hears of them
} // namespace

RunsReading::RunsReading(QObject* parent) : QObject(parent) {}

RunsReading::~RunsReading() {
    if (progress_)
        progress_->cancel();
    pool_.finish();
}

void RunsReading::setFolder(const QString& folder, const QString& cacheFile) {
    if (progress_)
        progress_->cancel();
    progress_.reset();
    folder_ = folder;
    index_ = std::make_shared<RunIndex>(folder.toStdString(), cacheFile.toStdString());
    error_.reset();
    everRead_ = again_ = false;
    done_ = found_ = 0;
}

void RunsReading::refresh() {
    if (!index_)
        return;
    if (busy())
        again_ = true;
    else
        look();
}

void RunsReading::cancel() {
    if (!busy())
        return;
    progress_->cancel();
    progress_.reset();
    again_ = false;
    Q_EMIT cancelled();
}

void RunsReading::look() {
    progress_ = std::make_shared<Progress>();
    timer_.start();
    done_ = found_ = 0;
    pool_.run([index = index_, progress = progress_] { return index->find(*progress); },
              [this, mine = progress_](const Result<std::vector<FoundRun>>& found) {
                  if (mine != progress_) // given up
                      return;
                  if (found) {
                      error_.reset();
                      share(*found);
                      return;
                  }
                  error_ = found.error();
                  progress_.reset();
                  Q_EMIT failed();
              });
}

void RunsReading::share(const std::vector<FoundRun>& runs) {
    found_ = static_cast<qint64>(runs.size());
    folders_.clear();
    for (const auto& run : runs)
        folders_.insert(toQString(run.folder));
    if (runs.empty()) {
        end();
        return;
    }
    for (std::size_t first = 0; first < runs.size(); first += Piece) {
        const auto last = std::min(runs.size(), first + Piece);
        std::vector<FoundRun> piece(runs.begin() + static_cast<std::ptrdiff_t>(first),
                                    runs.begin() + static_cast<std::ptrdiff_t>(last));
        pool_.run(
            [index = index_, progress = progress_, piece = std::move(piece)] {
                std::vector<SharedRun> done;
                for (const auto& run : piece) {
                    if (progress->cancelled())
                        break;
                    done.push_back(index->read(run));
                }
                return done;
            },
            [this, mine = progress_](const std::vector<SharedRun>& done) {
                if (mine != progress_)
                    return;
                done_ += static_cast<qint64>(done.size());
                Q_EMIT read(done);
                if (done_ == found_)
                    end();
            });
    }
}

void RunsReading::end() {
    progress_.reset();
    everRead_ = true;
    took_ = timer_.elapsed();
    // Nobody waits for it: a cache that cannot be written costs the time of reading again.
    pool_.run([index = index_] { (void)index->save(); });
    Q_EMIT finished(folders_);
    if (std::exchange(again_, false) && !busy())
        look();
}

} // namespace stillroom
