// Random damage to CSV: it never crashes, gives the same at every chunk size, and agrees with a reader that
// knows nothing of buffers, written again from the rules in csv_reader.h.
#include "core/base/random.h"
#include "core/data/csv_reader.h"
#include "core/data/utf8.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

namespace {

struct Reference {
    Rows rows;
    std::vector<std::int64_t> lines, bad;
    std::int64_t unclosed = 0; ///< line of a quote never closed
    bool noHeader = false;
};

class SlowReader {
  public:
    SlowReader(std::string text, CsvDialect dialect) : text_(std::move(text)), dialect_(dialect) {
        const auto end = text_.find_first_of("\r\n");
        if (end != std::string::npos && text_[end] == '\r' && end + 1 < text_.size() &&
            text_[end + 1] != '\n')
            newline_ = '\r';
    }

    Reference read() {
        Reference out;
        std::size_t width = 0;
        while (at_ < text_.size()) {
            const std::int64_t line = line_;
            std::vector<std::string> fields;
            bool stray = false, anyQuoted = false;
            for (bool more = true; more && !stray;) {
                std::string field;
                const bool quoted = dialect_.quoting == CsvDialect::Quoting::Double && peek() == '"';
                anyQuoted = anyQuoted || quoted;
                if (quoted && !readQuoted(field)) {
                    out.unclosed = opened_;
                    return out;
                }
                if (!quoted)
                    while (at_ < text_.size() && !atEnd() && text_[at_] != dialect_.delimiter)
                        field += text_[at_++];
                fields.push_back(field);
                more = at_ < text_.size() && text_[at_] == dialect_.delimiter;
                if (more)
                    ++at_;
                else
                    stray = !endLine();
            }
            if (stray) {
                if (width == 0) {
                    out.noHeader = true;
                    return out;
                }
                out.bad.push_back(line);
                while (at_ < text_.size() && text_[at_] != newline_)
                    ++at_;
                if (at_ < text_.size()) {
                    ++at_;
                    ++line_;
                }
            } else if (fields.size() == 1 && fields[0].empty() && !anyQuoted) {
                continue;
            } else if (width == 0) {
                width = fields.size();
            } else if (fields.size() != width) {
                out.bad.push_back(line);
            } else {
                out.rows.push_back(fields);
                out.lines.push_back(line);
            }
        }
        out.noHeader = width == 0;
        return out;
    }

  private:
    [[nodiscard]] int peek() const { return at_ < text_.size() ? text_[at_] : -1; }
    /// Behind the text, at a line end, or at the `\r` that belongs to one.
    [[nodiscard]] bool atEnd() const {
        if (at_ == text_.size() || text_[at_] == newline_)
            return true;
        return newline_ == '\n' && text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n');
    }
    bool endLine() {
        if (!atEnd())
            return false;
        if (at_ < text_.size() && newline_ == '\n' && text_[at_] == '\r')
            ++at_;
        if (at_ < text_.size()) {
            ++at_;
            ++line_;
        }
        return true;
    }
    bool readQuoted(std::string& field) {
        opened_ = line_;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                ++at_;
                if (peek() != '"')
                    return true;
            } else if (text_[at_] == newline_) {
                ++line_;
            }
            field += text_[at_];
        }
        return false;
    }

    std::string text_;
    CsvDialect dialect_;
    char newline_ = '\n';
    std::size_t at_ = 0;
    std::int64_t line_ = 1, opened_ = 0;
};

std::string someCsv(Random& random) {
    const char* const ending = random.below(3) == 0 ? "\r\n" : random.below(5) == 0 ? "\r" : "\n";
    std::string text = random.below(4) == 0 ? "\xEF\xBB\xBF" : "";
    text += std::string("id,text,label") + ending;
    for (std::uint32_t row = random.below(12); row > 0; --row) {
        text += std::to_string(random.below(1000)) + ",";
        switch (random.below(4)) {
        case 0:
            text += "\"a \"\"quoted\"\" one, with" + std::string(ending) + "lines\"";
            break;
        case 1:
            text += "K\xC3\xA4se \xE2\x82\xAC \xF0\x9F\x98\x80";
            break;
        case 2:
            text += "\"\"";
            break;
        default:
            text += std::string(random.below(60), 'x');
        }
        text += std::string(",label") + std::to_string(random.below(3)) + ending;
    }
    return text;
}

void damage(std::string& text, Random& random) {
    constexpr std::string_view Likely = "\"\",,;\n\r\t\xC3\xE2\xF0\x9F\x80 x";
    for (std::uint32_t blow = random.below(8); blow > 0 && !text.empty(); --blow) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
        const char c = random.below(3) == 0 ? static_cast<char>(1 + random.below(255))
                                            : Likely[random.below(static_cast<std::uint32_t>(Likely.size()))];
        switch (random.below(4)) {
        case 0:
            text[at] = c;
            break;
        case 1:
            text.insert(at, 1, c);
            break;
        case 2:
            text.erase(at, 1 + random.below(5));
            break;
        default:
            text.resize(at);
        }
    }
}

} // namespace

class CsvFuzzTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void damagedCsvIsReadAsTheRulesSay();
    void noiseNeverCrashes();

  private:
    Folder folder_;
};

void CsvFuzzTest::damagedCsvIsReadAsTheRulesSay() {
    Random random(20261124, "csv fuzz");
    int withRows = 0, withBad = 0, unclosed = 0;
    for (int round = 0; round < 10000; ++round) {
        std::string text = someCsv(random);
        damage(text, random);
        if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
            continue; // UTF-16
        CsvDialect dialect;
        dialect.quoting = random.below(4) == 0 ? CsvDialect::Quoting::None : CsvDialect::Quoting::Double;
        const Table whole = readCsv(folder_, text, dialect);
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{1 + random.below(40)}, std::size_t{64}})
            QVERIFY2(readCsv(folder_, text, dialect, {chunk, std::size_t{1} << 20}) == whole,
                     QByteArray::fromStdString(text).toPercentEncoding().constData());

        std::string repaired;
        const bool marked = text.starts_with("\xEF\xBB\xBF");
        appendRepaired(repaired, std::string_view(text).substr(marked ? 3 : 0));
        const Reference expected = SlowReader(repaired, dialect).read();
        const QByteArray shown = QByteArray::fromStdString(text).toPercentEncoding();
        if (repaired.empty() || expected.noHeader) {
            QVERIFY2(whole.error, shown.constData());
            continue;
        }
        QVERIFY2(whole.rows == expected.rows, shown.constData());
        QVERIFY2(whole.lines == expected.lines, shown.constData());
        std::vector<std::int64_t> bad;
        for (const auto& [line, reason] : whole.bad)
            bad.push_back(line);
        QVERIFY2(bad == expected.bad, shown.constData());
        QCOMPARE(whole.error.has_value(), expected.unclosed > 0);
        if (whole.error)
            VERIFY_SAYS(*whole.error, "line " + std::to_string(expected.unclosed) + ":");
        withRows += expected.rows.empty() ? 0 : 1;
        withBad += expected.bad.empty() ? 0 : 1;
        unclosed += expected.unclosed > 0 ? 1 : 0;
    }
    // The damage must reach all three, or this shows nothing.
    QVERIFY(withRows > 500 && withBad > 500 && unclosed > 100);
}

void CsvFuzzTest::noiseNeverCrashes() {
    Random random(7, "noise");
    for (int round = 0; round < 500; ++round) {
        std::string text(random.below(3000), '\0');
        for (char& c : text)
            c = static_cast<char>(1 + random.below(random.below(2) == 0 ? 255 : 45));
        const Table whole = readCsv(folder_, text);
        QVERIFY(readCsv(folder_, text, {}, {1 + random.below(100), std::size_t{1} << 20}) == whole);
        for (const auto& row : whole.rows) {
            QCOMPARE(row.size(), whole.columns.size());
            for (const auto& field : row)
                QVERIFY(isUtf8(field));
        }
    }
}

QTEST_GUILESS_MAIN(CsvFuzzTest)
#include "csv_fuzz_test.moc"
