#include "core/data/csv_reader.h"

#include "core/data/scan.h"

#include <cstring>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr char Quote = '"';

/// Makes one quote of two, in place.
char* joinDoubledQuotes(char* begin, char* end) {
    char* out = static_cast<char*>(std::memchr(begin, Quote, static_cast<std::size_t>(end - begin)));
    for (const char* in = out; in != end;) {
        *out++ = *in;
        in += *in == Quote ? 2 : 1;
    }
    return out;
}

} // namespace

Result<std::unique_ptr<RecordReader>> CsvReader::open(SourceFile source, CsvDialect dialect) {
    std::unique_ptr<CsvReader> reader(new CsvReader(std::move(source), dialect));
    if (!dialect.header) {
        if (auto numbered = reader->numberColumns(); !numbered)
            return fail(std::move(numbered.error()));
        return reader;
    }
    Record header;
    std::string reason;
    auto first = reader->next(header, reason);
    if (!first)
        return fail(std::move(first.error()));
    const std::string& file = reader->source_.shown();
    if (*first == Next::Bad)
        return fail(fmt::format("{}, line {}: the header {}", file, header.line, reason));
    if (*first == Next::End)
        return fail(fmt::format("{}: has no header line; the first line must name the columns", file));
    reader->columns_.assign(header.fields.begin(), header.fields.end());
    return reader;
}

/// Looks at the first record and leaves it to be read.
Result<void> CsvReader::numberColumns() {
    for (;;) {
        const auto scanned = scanWhole();
        if (!scanned)
            return fail(scanned.error());
        if (*scanned == Scan::End)
            return fail(fmt::format("{}: there is no record in it; name a file with data in it ({})",
                                    source_.shown(), source_.setting()));
        if (*scanned == Scan::Stray)
            return fail(
                fmt::format("{}, line {}: the first record has text behind a closing quote; double the "
                            "quotes inside a field, or set quoting to none ({})",
                            source_.shown(), strayLine_, source_.setting()));
        if (*scanned == Scan::Record)
            break;
        source_.consume(length_);
        line_ += newlines_;
    }
    for (std::size_t i = 1; i <= count_; ++i)
        columns_.push_back(std::to_string(i));
    return {};
}

void CsvReader::keep(Field field) {
    // The header is not known to have an end; a record with too many fields is only counted on.
    if (columns_.empty() || count_ < columns_.size())
        raw_.push_back(field);
    ++count_;
}

/// From the opening quote to behind the closing one. `at` is moved there.
CsvReader::Scan CsvReader::scanQuoted(char*& at) {
    const char* const end = source_.end();
    quoteLine_ = line_ + newlines_;
    Field field{at + 1, nullptr, false};
    for (++at;;) {
        at = const_cast<char*>(findEither(at, end, Quote, source_.newline()));
        if (at == end)
            return source_.complete() ? Scan::Unclosed : Scan::NeedMore;
        if (*at != Quote) {
            ++newlines_;
            ++at;
            continue;
        }
        if (at + 1 == end && !source_.complete())
            return Scan::NeedMore;
        if (at + 1 != end && at[1] == Quote) {
            field.doubled = true;
            at += 2;
            continue;
        }
        field.end = at++;
        keep(field);
        return Scan::Record;
    }
}

/// One record from the front of the buffer; nothing is changed or consumed, so that it can be scanned again
/// when more of it has been read.
CsvReader::Scan CsvReader::scan() {
    char* const begin = source_.begin();
    const char* const end = source_.end();
    const char newline = source_.newline();
    raw_.clear();
    count_ = 0;
    newlines_ = 0;
    if (begin == end)
        return source_.complete() ? Scan::End : Scan::NeedMore;
    for (char* at = begin;;) {
        const bool quoted = dialect_.quoting == CsvDialect::Quoting::Double && at != end && *at == Quote;
        if (quoted) {
            if (const Scan scanned = scanQuoted(at); scanned != Scan::Record)
                return scanned;
            // The `\r` of a line's end is all that may stand between a closing quote and that end.
            if (at != end && *at == '\r' && newline == '\n') {
                if (at + 1 == end ? source_.complete() : at[1] == '\n')
                    ++at;
                else if (at + 1 == end)
                    return Scan::NeedMore;
            }
        } else {
            char* const start = at;
            at = const_cast<char*>(findEither(at, end, dialect_.delimiter, newline));
            if (at == end && !source_.complete())
                return Scan::NeedMore;
            char* stop = at;
            if (newline == '\n' && (at == end || *at == newline) && stop != start && stop[-1] == '\r')
                --stop;
            keep({start, stop, false});
        }
        if (at != end && *at == dialect_.delimiter) {
            ++at;
            continue;
        }
        length_ = static_cast<std::size_t>(at - begin);
        if (at != end) {
            if (*at != newline) {
                strayLine_ = line_ + newlines_;
                return Scan::Stray;
            }
            ++newlines_;
            ++length_;
        }
        const bool blank = count_ == 1 && !quoted && raw_[0].begin == raw_[0].end;
        return blank ? Scan::Blank : Scan::Record;
    }
}

/// Scans until a whole record, blank line, stray quote or the end is there.
Result<CsvReader::Scan> CsvReader::scanWhole() {
    for (;;) {
        const Scan scanned = scan();
        if (scanned == Scan::Unclosed)
            return fail(fmt::format("{}, line {}: a quote opens here and is never closed; close it, or set "
                                    "quoting to none if quotes are ordinary characters in this file ({})",
                                    source_.shown(), quoteLine_, source_.setting()));
        if (scanned != Scan::NeedMore)
            return scanned;
        if (auto read = source_.more(line_); !read)
            return fail(std::move(read.error()));
    }
}

/// Consumes through the next line end.
Result<void> CsvReader::skipLine() {
    for (;;) {
        const std::size_t available = source_.available();
        const char* const found = static_cast<const char*>(
            available == 0 ? nullptr : std::memchr(source_.begin(), source_.newline(), available));
        if (found != nullptr) {
            source_.consume(static_cast<std::size_t>(found - source_.begin()) + 1);
            ++line_;
            return {};
        }
        source_.consume(available);
        if (source_.complete())
            return {};
        if (auto read = source_.more(line_); !read)
            return fail(std::move(read.error()));
    }
}

Result<CsvReader::Next> CsvReader::next(Record& record, std::string& reason) {
    Scan scanned = Scan::Blank;
    while (scanned == Scan::Blank) {
        auto whole = scanWhole();
        if (!whole)
            return fail(std::move(whole.error()));
        scanned = *whole;
        record.line = line_;
        if (scanned == Scan::End)
            return Next::End;
        if (source_.overLimit(length_))
            return fail(source_.tooLong(line_));
        source_.consume(length_);
        line_ += newlines_;
    }
    if (scanned == Scan::Stray) {
        reason =
            fmt::format("has text behind a closing quote in line {} (the quote opens in line {}); double the "
                        "quotes inside a field, or set quoting to none",
                        strayLine_, quoteLine_);
        if (auto skipped = skipLine(); !skipped)
            return fail(std::move(skipped.error()));
        return Next::Bad;
    }
    if (!columns_.empty() && count_ != columns_.size()) {
        reason = fmt::format("has {} field{} where the {} has {}; {}", count_, count_ == 1 ? "" : "s",
                             dialect_.header ? "header" : "first record", columns_.size(),
                             count_ > columns_.size() && dialect_.quoting == CsvDialect::Quoting::Double
                                 ? "put quotes around a text that contains the delimiter"
                                 : "give every column a field, if only an empty one");
        return Next::Bad;
    }
    fields_.clear();
    for (const Field& field : raw_) {
        const char* const end = field.doubled ? joinDoubledQuotes(field.begin, field.end) : field.end;
        fields_.emplace_back(field.begin, static_cast<std::size_t>(end - field.begin));
    }
    record.fields = fields_;
    return Next::Record;
}

} // namespace stillroom
