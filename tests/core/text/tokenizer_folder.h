// What the tests of the tokenizers share: folders with files made for a test, small tokenizers written by
// hand, and sentences looked at.
#pragma once

#include "core/text/tokenizer.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom::test {

using Ids = std::vector<std::int32_t>;

/// A folder that ends with the test.
class Folder {
  public:
    [[nodiscard]] std::string path() const { return folder_.path().toStdString(); }
    [[nodiscard]] std::string path(const std::string& name) const { return path() + '/' + name; }

    const Folder& write(const std::string& name, std::string_view bytes) const {
        QFile::remove(QString::fromStdString(path(name)));
        QFile out(QString::fromStdString(path(name)));
        if (!out.open(QIODevice::WriteOnly) ||
            out.write(bytes.data(), static_cast<qint64>(bytes.size())) != static_cast<qint64>(bytes.size()))
            qFatal("cannot write %s", name.c_str());
        return *this;
    }
    [[nodiscard]] Result<Tokenizer> open() const { return Tokenizer::open(path()); }

  private:
    QTemporaryDir folder_;
};

/// A file that lies beside the tests. (moc cannot read JSON as raw strings in a header.)
inline std::string readBeside(const char* name) {
    QFile file(QStringLiteral(STILLROOM_SOURCE_DIR "/tests/core/text/") + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no %s", name);
    return file.readAll().trimmed().toStdString();
}

/// `from` replaced once by `to`; the test ends when it is not there.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos)
        qFatal("no '%.*s' to replace", static_cast<int>(from.size()), from.data());
    return text.replace(at, from.size(), to);
}

/// MiniLM's file in small.
inline std::string smallWordPiece() {
    return readBeside("small_wordpiece.json");
}

/// RoBERTa's file in small. "Ġ" is the space in front of a word, "Ċ" the end of a line.
inline std::string smallBpe() {
    return readBeside("small_bpe.json");
}

/// Empty when every piece is in the sentence, else the first that is not and the sentence.
inline QByteArray missing(std::string_view sentence, std::initializer_list<std::string_view> pieces) {
    for (const auto piece : pieces)
        if (sentence.find(piece) == std::string_view::npos)
            return QByteArray("no '") + QByteArray(piece.data(), static_cast<int>(piece.size())) +
                   "' in: " + QByteArray(sentence.data(), static_cast<int>(sentence.size()));
    return {};
}

} // namespace stillroom::test

#define VERIFY_SAYS(sentence, ...)                                                                           \
    do {                                                                                                     \
        const QByteArray unsaid = stillroom::test::missing((sentence), {__VA_ARGS__});                       \
        QVERIFY2(unsaid.isEmpty(), unsaid.constData());                                                      \
    } while (false)
