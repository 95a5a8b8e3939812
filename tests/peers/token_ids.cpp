// Our tokenizers for a program that compares them with another's: commands on standard input, one answer line
// each on standard output. tests/peers/compare_tokenizers.py is such a program.
//
//   open FOLDER            reads a tokenizer                      "ok DESCRIPTION" or "error SENTENCE"
//   texts FILE             texts, each as uint32 length and bytes  "ok COUNT"
//   ids MAX THREADS FILE   tokenizes; ids as uint32 count and int32 ids a text; FILE "-": nowhere
//                                                                 "ok SECONDS TOKENS"
//   characters FILE        a line for every code point: traits, decomposition, lower case, combining class
//                                                                 "ok"
#include "core/text/tokenizer.h"
#include "core/text/unicode.h"

#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

using namespace stillroom;

namespace {

std::string readAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return std::move(bytes).str();
}

std::vector<std::string_view> cutTexts(std::string_view bytes) {
    std::vector<std::string_view> texts;
    while (bytes.size() >= 4) {
        std::uint32_t length = 0;
        std::memcpy(&length, bytes.data(), 4);
        texts.push_back(bytes.substr(4, length));
        bytes.remove_prefix(std::min<std::size_t>(4 + std::size_t{length}, bytes.size()));
    }
    return texts;
}

void writeIds(const TokenizedTexts& texts, const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto count = static_cast<std::uint32_t>(texts.length(i));
        file.write(reinterpret_cast<const char*>(&count), 4);
        file.write(reinterpret_cast<const char*>(texts[i].data()), static_cast<std::streamsize>(count) * 4);
    }
}

void writeCharacters(const std::string& path) {
    const auto& tables = unicode::Characters::tables();
    std::ofstream file(path);
    for (char32_t c = 0; c < unicode::CodePoints; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        std::vector<char32_t> parts;
        tables.appendDecomposed(parts, c);
        std::string decomposed;
        for (const char32_t part : parts)
            decomposed += fmt::format(" {:X}", static_cast<std::uint32_t>(part));
        file << fmt::format("{:X} {} {:X} {}{}\n", static_cast<std::uint32_t>(c), tables.traits(c),
                            static_cast<std::uint32_t>(tables.lower(c)), tables.combiningClass(c),
                            decomposed);
    }
}

} // namespace

int main() {
    std::optional<Tokenizer> tokenizer;
    std::string bytes;
    std::vector<std::string_view> texts;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        std::string path;
        words >> command;
        if (command == "open") {
            std::getline(words >> std::ws, path);
            auto opened = Tokenizer::open(path);
            std::cout << (opened ? "ok " + opened->description() : "error " + opened.error().message)
                      << std::endl;
            if (opened)
                tokenizer.emplace(std::move(*opened));
        } else if (command == "texts") {
            std::getline(words >> std::ws, path);
            bytes = readAll(path);
            texts = cutTexts(bytes);
            std::cout << "ok " << texts.size() << std::endl;
        } else if (command == "ids" && tokenizer) {
            TokenizeOptions options;
            words >> options.maxLength >> options.threads;
            std::getline(words >> std::ws, path);
            const auto begin = std::chrono::steady_clock::now();
            const auto ids = tokenizer->encodeAll(texts, options);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            if (ids && path != "-")
                writeIds(*ids, path);
            std::cout << (ids ? fmt::format("ok {} {}", took.count(), ids->ids.size())
                              : "error " + ids.error().message)
                      << std::endl;
        } else if (command == "characters") {
            std::getline(words >> std::ws, path);
            writeCharacters(path);
            std::cout << "ok" << std::endl;
        } else {
            std::cout << "error unknown command '" << line << "'" << std::endl;
        }
    }
    return 0;
}
