// Texts of other people's files, a stretch at a time: what is to be labelled.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/load_report.h"
#include "core/data/open_records.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// Which file, how it is written, and which of its columns are what.
struct PredictionSource {
    std::string path;        ///< "-": the standard input
    std::string format = {}; ///< lines (each line is a text), or as in SplitSettings; empty: by the ending,
                             ///< .txt being lines, and the standard input too
    std::string delimiter = {}, quoting = {}, encoding = {}; ///< as in SplitSettings
    bool header = true;
    std::vector<std::string> text = {};      ///< columns that make a text, joined as data.train.text is
    std::vector<std::string> usualText = {}; ///< without `text`: these where the file has them all, else
                                             ///< `text`, else the only column of one without a header
    std::string id = {};                     ///< column; empty: records are known by their numbers
    bool unescapeHtml = false;
};

/// A stretch of texts, used again and again. Views live until it is filled again.
class PredictionStretch {
  public:
    [[nodiscard]] std::size_t size() const { return texts_.size(); }
    [[nodiscard]] std::span<const std::string_view> texts() const { return texts_; }
    [[nodiscard]] std::string_view id(std::size_t i) const {
        return std::string_view(idBytes_).substr(idBegins_[i], idBegins_[i + 1] - idBegins_[i]);
    }

  private:
    friend class PredictionInput;
    void clear();
    void add(std::string_view id, std::string_view text);
    void finish(); ///< the views

    std::string bytes_, idBytes_;
    std::vector<std::size_t> begins_, idBegins_;
    std::vector<std::string_view> texts_;
};

/// One thread at a time. Constant memory: a stretch has at most a thousand texts, or a MiB and one more.
class PredictionInput {
  public:
    /// Errors, in words of the command line's options: those of openRecords; no such column. `progress` gets
    /// the file's size, its bytes as they are read, and ends the reading when it is cancelled; it outlives
    /// the input.
    static Result<std::unique_ptr<PredictionInput>> open(const PredictionSource& source, BadRowPolicy badRows,
                                                         Progress& progress);
    ~PredictionInput();

    /// What ids are called: the id's column, or "row".
    [[nodiscard]] const std::string& idName() const { return idName_; }
    /// False, and an empty stretch: all was read. Errors: bad rows where they are to stop it (all of them are
    /// read first, to be counted), those of reading, cancelled.
    Result<bool> fill(PredictionStretch& stretch);
    [[nodiscard]] const BadRows& badRows() const { return bad_; }
    [[nodiscard]] std::int64_t invalidUtf8() const { return reader_->invalidUtf8(); }

  private:
    PredictionInput(Progress& progress, BadRowPolicy policy) : progress_(progress), policy_(policy) {}
    Result<void> findColumns(const PredictionSource& source, const RecordSource& records);
    void take(const Record& record, PredictionStretch& stretch);
    void refuse(std::int64_t line, const std::string& column, std::string reason);

    Progress& progress_;
    BadRowPolicy policy_;
    std::unique_ptr<RecordReader> reader_;
    std::string shown_, idName_;
    std::vector<std::size_t> text_; ///< columns
    std::ptrdiff_t id_ = -1;        ///< column
    bool unescape_ = false;
    std::int64_t number_ = 0; ///< of the record, bad ones counted
    std::int64_t bytes_ = 0;  ///< told to progress_
    BadRows bad_;
    std::string joined_, unescaped_;
};

/// The columns of a file that is to be labelled. Errors: those of PredictionInput::open but for its columns.
Result<std::vector<std::string>> predictionColumns(const PredictionSource& source);
/// Which of them make the text, as PredictionInput takes them; empty: somebody must say it.
[[nodiscard]] std::vector<std::string> usualTextColumns(const PredictionSource& source,
                                                        const std::vector<std::string>& columns);

/// A sentence of the readers with settings of an experiment in it, in words of the command line:
/// "predict.delimiter" is --delimiter.
[[nodiscard]] Error inWordsOfOptions(Error error);

} // namespace stillroom
