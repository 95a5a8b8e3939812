// How a file is written, in words.
#pragma once

#include "core/data/sniff.h"

#include <QList>
#include <QString>
#include <string>
#include <utility>

namespace stillroom {

using WordChoices = QList<std::pair<std::string, QString>>; ///< a setting's value and its name

[[nodiscard]] const WordChoices& formatChoices();
[[nodiscard]] const WordChoices& delimiterChoices();
[[nodiscard]] const WordChoices& quotingChoices();
[[nodiscard]] const WordChoices& encodingChoices();
/// The value's name; of one that is in no list itself.
[[nodiscard]] QString wordFor(const WordChoices& choices, const std::string& value);
/// Whether delimiter, quoting and a header line are questions in this format.
[[nodiscard]] bool isDelimited(const std::string& format);
/// "CSV · comma · UTF-8 · 7 columns"
[[nodiscard]] QString described(const SniffedFile& file);

} // namespace stillroom
