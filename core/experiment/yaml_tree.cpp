#include "core/experiment/yaml_tree.h"

#include "core/experiment/yaml_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <istream>
#include <streambuf>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace stillroom {

namespace {

/// Reads from memory that is not copied.
class ViewBuffer : public std::streambuf {
  public:
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data()); // NOLINT: never written through
        setg(begin, begin, begin + text.size());
    }
};

/// Thrown through yaml-cpp to end its reading at once; caught in parseYaml.
struct Refusal {
    YAML::Mark mark;
    std::string message;
};

constexpr std::string_view aliasSentence = "aliases and anchors (a word that begins with '*' or '&') are "
                                           "refused; write the value out, or in quotes when it "
                                           "is a text such as '*.csv'";

/// Nodes carry yaml-cpp's marks until Placer turns them into places.
class TreeBuilder : public YAML::EventHandler {
  public:
    using Mark = YAML::Mark;

    [[nodiscard]] bool hasDocument() const { return documents_ > 0; }
    YamlNode take() { return std::move(root_); }

    void OnDocumentStart(const Mark& mark) override {
        if (++documents_ > 1)
            throw Refusal{mark, "a second document begins here; an experiment is one document, without '---' "
                                "after its beginning"};
    }
    void OnDocumentEnd() override {}
    void OnNull(const Mark& mark, YAML::anchor_t anchor) override {
        add(node(YamlNode::Kind::Null, mark, anchor));
    }
    void OnAlias(const Mark& mark, YAML::anchor_t) override { refuseAlias(mark); }
    void OnScalar(const Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        YamlNode scalar = node(YamlNode::Kind::Scalar, mark, anchor);
        refuseTag(mark, tag);
        scalar.text = value;
        scalar.quoted = tag == "!";
        add(std::move(scalar));
    }
    void OnSequenceStart(const Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::List, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::Map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Level {
        YamlNode node;
        bool expectsValue = false; ///< of a map: its last entry has no value yet
    };

    [[noreturn]] static void refuseAlias(const Mark& mark) {
        throw Refusal{mark, std::string(aliasSentence)};
    }
    static void refuseTag(const Mark& mark, const std::string& tag) {
        if (tag != "?" && tag != "!" && !tag.empty())
            throw Refusal{
                mark, fmt::format("tags (here '{}') are refused; leave it out, or write the value in quotes "
                                  "when it is a text",
                                  tag.substr(0, 60))};
    }
    static YamlNode node(YamlNode::Kind kind, const Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0)
            refuseAlias(mark);
        YamlNode made;
        made.kind = kind;
        made.place = {mark.line, mark.column};
        return made;
    }
    void open(YamlNode::Kind kind, const Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        YamlNode opened = node(kind, mark, anchor);
        refuseTag(mark, tag);
        if (levels_.size() >= YamlDepthLimit)
            throw Refusal{mark, fmt::format("more than {} levels inside each other", YamlDepthLimit)};
        if (!levels_.empty() && levels_.back().node.kind == YamlNode::Kind::Map &&
            !levels_.back().expectsValue)
            throw Refusal{mark, "a key must be a word, not a list or a map; or a bracket is never closed"};
        levels_.push_back({std::move(opened), false});
    }
    void close() {
        YamlNode done = std::move(levels_.back().node);
        levels_.pop_back();
        add(std::move(done));
    }
    void add(YamlNode child) {
        if (levels_.empty()) {
            root_ = std::move(child);
            return;
        }
        Level& level = levels_.back();
        if (level.node.kind == YamlNode::Kind::List) {
            level.node.items.push_back(std::move(child));
        } else if (level.expectsValue) {
            level.node.entries.back().value = std::move(child);
            level.expectsValue = false;
        } else {
            addKey(level, child);
        }
    }
    static void addKey(Level& level, const YamlNode& key) {
        const Mark mark = markOf(key.place);
        if (key.kind != YamlNode::Kind::Scalar)
            throw Refusal{mark, "a key is missing before ':'"};
        if (key.text.size() > YamlKeyLength)
            throw Refusal{mark, fmt::format("a key of more than {} bytes", YamlKeyLength)};
        if (level.node.entries.size() >= YamlKeyLimit)
            throw Refusal{mark, fmt::format("more than {} keys in one map", YamlKeyLimit)};
        for (const auto& entry : level.node.entries)
            if (entry.key == key.text)
                throw Refusal{mark, fmt::format("'{}' is already in line {}; keep one of the two", key.text,
                                                entry.place.line + 1)};
        level.node.entries.push_back({key.text, key.place, {}});
        level.expectsValue = true;
    }
    static Mark markOf(YamlPlace place) {
        Mark mark;
        mark.line = place.line;
        mark.column = place.column;
        return mark;
    }

    YamlNode root_;
    std::vector<Level> levels_;
    int documents_ = 0;
};

/// yaml-cpp's words for the mistakes people make, in ours.
std::string explain(const std::string& message) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> known{{
        {"illegal map value", "a ':' where none can be; a text with ': ' in it must be in quotes"},
        {"illegal block entry", "a list's '- ' where none can be"},
        {"illegal map key", "a '? ' where none can be"},
        {"end of map not found",
         "the map that begins before this is not ended: a line is indented differently, or "
         "a ':' is missing after a key"},
        {"end of map flow not found", "a '{' is never closed"},
        {"end of sequence not found",
         "the list that begins before this is not ended: a line is indented differently"},
        {"end of sequence flow not found", "a '[' is never closed"},
        {"illegal EOF in scalar", "a quote is never closed"},
        {"illegal document indicator in scalar", "a quote is never closed"},
        {"illegal flow end", "a closing bracket without an opening one"},
        {"unknown token", "a character that cannot begin a value; a text with it must be in quotes"},
        {"unknown escape character: ",
         "an unknown '\\' escape; in single quotes a backslash is just a backslash"},
        {"the referenced anchor is not defined", aliasSentence},
        {"alias not found after *", aliasSentence},
        {"anchor not found after &", aliasSentence},
        {"illegal character found while scanning alias", aliasSentence},
        {"illegal character found while scanning anchor", aliasSentence},
    }};
    for (const auto& [theirs, ours] : known)
        if (std::string_view(message).substr(0, theirs.size()) == theirs)
            return std::string(ours);
    return message;
}

/// Turns yaml-cpp's marks into places: it counts from 0, and columns in bytes. A table of line beginnings
/// keeps that linear for a whole tree.
class Placer {
  public:
    explicit Placer(std::string_view text) : text_(text) {
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n')
                begins_.push_back(i + 1);
    }
    [[nodiscard]] YamlPlace at(int markLine, int markColumn) const {
        const auto line = std::min(static_cast<std::size_t>(std::max(0, markLine)), begins_.size() - 1);
        const auto bytes = text_.substr(begins_[line], static_cast<std::size_t>(std::max(0, markColumn)));
        const auto characters =
            std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0xC0) != 0x80; });
        return {static_cast<int>(line) + 1, static_cast<int>(characters) + 1};
    }
    [[nodiscard]] YamlPlace at(const YAML::Mark& mark) const {
        return mark.is_null() ? YamlPlace{} : at(mark.line, mark.column);
    }
    /// The marks that TreeBuilder left in a whole tree. A quote that is open at the end of the text, which
    /// yaml-cpp takes for closed, is a problem.
    YamlResult<void> place(YamlNode& node) const {
        const std::size_t offset = offsetOf(node.place.line, node.place.column);
        node.place = at(node.place.line, node.place.column);
        if (node.quoted && isOpenQuote(text_.substr(offset)))
            return yamlProblem(node.place, "a quote is never closed");
        for (auto& item : node.items)
            if (auto placed = place(item); !placed)
                return placed;
        for (auto& entry : node.entries) {
            entry.place = at(entry.place.line, entry.place.column);
            if (entry.value.kind == YamlNode::Kind::Null)
                entry.value.place = entry.place; // a value that is not there stands where its key does
            else if (auto placed = place(entry.value); !placed)
                return placed;
        }
        return {};
    }

  private:
    [[nodiscard]] std::size_t offsetOf(int markLine, int markColumn) const {
        const auto line = std::min(static_cast<std::size_t>(std::max(0, markLine)), begins_.size() - 1);
        return std::min(text_.size(), begins_[line] + static_cast<std::size_t>(std::max(0, markColumn)));
    }
    static bool isOpenQuote(std::string_view scalar) {
        const char quote = scalar.empty() ? '\0' : scalar[0];
        if (quote != '"' && quote != '\'') // a block scalar
            return false;
        for (std::size_t i = 1; i < scalar.size(); ++i)
            if ((quote == '"' && scalar[i] == '\\') || (quote == '\'' && scalar.substr(i, 2) == "''"))
                ++i; // the next one is escaped by this one
            else if (scalar[i] == quote)
                return false;
        return true;
    }

    std::string_view text_;
    std::vector<std::size_t> begins_{0};
};

/// What yaml-cpp would read and we do not want: binary, bad UTF-8, tabs as indentation.
YamlResult<void> lookOver(std::string_view text) {
    YamlPlace here{1, 1};
    bool indentation = true;
    YamlPlace tab;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t')
            return yamlProblem(here, "this is not a text file; an experiment is written in YAML");
        const std::size_t length = utf8Length(text.substr(i));
        if (length == 0)
            return yamlProblem(here, "the text is not UTF-8; save it as UTF-8");
        if (c == '\n') {
            ++here.line;
            here.column = 1;
            indentation = true;
            tab = {};
            ++i;
            continue;
        }
        if (indentation && c == '\t' && tab.line == 0) {
            tab = here;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            if (indentation && tab.line != 0 && c != '#')
                return yamlProblem(tab, "a tab indents this line; YAML is indented with spaces");
            indentation = false;
        }
        ++here.column;
        i += length;
    }
    return {};
}

} // namespace

YamlResult<YamlNode> parseYaml(std::string_view text) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF")
        text.remove_prefix(3);
    if (text.size() > YamlSizeLimit)
        return yamlProblem({}, "more than 1 MiB; an experiment is a page of settings");
    if (auto looked = lookOver(text); !looked)
        return tl::unexpected<YamlProblem>(looked.error());
    try {
        ViewBuffer buffer(text);
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        TreeBuilder builder;
        while (parser.HandleNextDocument(builder)) {
        }
        YamlNode root = builder.take();
        if (builder.hasDocument())
            if (auto placed = Placer(text).place(root); !placed)
                return tl::unexpected<YamlProblem>(std::move(placed.error()));
        return root;
    } catch (const Refusal& refusal) {
        return yamlProblem(Placer(text).at(refusal.mark), refusal.message);
    } catch (const YAML::Exception& error) {
        return yamlProblem(Placer(text).at(error.mark), explain(error.msg));
    } catch (const std::exception& error) {
        return yamlProblem({}, fmt::format("cannot be read as YAML ({})", error.what()));
    }
}

std::string yamlSentence(const std::string& where, const YamlProblem& problem) {
    // Keys may have line ends in them; a sentence is one line.
    std::string message = problem.message;
    std::replace_if(
        message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (problem.place.line == 0)
        return fmt::format("{}: {}", where, message);
    return fmt::format("{}, line {}, column {}: {}", where, problem.place.line, problem.place.column,
                       message);
}

std::string describeNode(const YamlNode& node) {
    switch (node.kind) {
    case YamlNode::Kind::Null:
        return "nothing";
    case YamlNode::Kind::List:
        return "a list";
    case YamlNode::Kind::Map:
        return "a map";
    case YamlNode::Kind::Scalar:
        break;
    }
    std::string shown = node.text.substr(0, 60);
    // A character that the cut went through is dropped.
    for (std::size_t i = 0; i < shown.size();) {
        const std::size_t length = utf8Length(std::string_view(shown).substr(i));
        if (length == 0) {
            shown.resize(i);
            break;
        }
        i += length;
    }
    if (shown.size() < node.text.size())
        shown += "…";
    return node.quoted ? fmt::format("the quoted text '{}'", shown) : fmt::format("'{}'", shown);
}

} // namespace stillroom
