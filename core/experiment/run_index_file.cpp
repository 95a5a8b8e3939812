// Numbers as this machine writes them: the file stays on it. Texts that most runs share (keys and values of
// settings) are written once and named by their number.
#include "core/experiment/run_index_file.h"

#include "core/base/random.h"
#include "core/files/atomic_file.h"

#include <QFile>
#include <cstring>
#include <filesystem>
#include <type_traits>
#include <unordered_map>

namespace stillroom {

namespace {

constexpr std::string_view Magic = "Stillroom's runs 1\n"; // another number whenever the fields are others
constexpr qint64 LargestFile = qint64{1} << 30;

/// Both directions walk through the same fields in `fields` below, so that they cannot differ.
class Writer {
  public:
    template <class Number>
    requires std::is_arithmetic_v<Number> || std::is_enum_v<Number>
    void operator()(const Number& value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); // NOLINT
    }
    void operator()(const std::string& text) {
        const auto [place, isNew] = texts_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
        (*this)(place->second);
        if (isNew) {
            (*this)(static_cast<std::uint32_t>(text.size()));
            bytes_ += text;
        }
    }
    template <class Item>
    void operator()(const std::vector<Item>& items) {
        (*this)(static_cast<std::uint32_t>(items.size()));
        for (const auto& item : items)
            (*this)(item);
    }
    void operator()(const std::map<std::string, std::string>& map) {
        (*this)(static_cast<std::uint32_t>(map.size()));
        for (const auto& [key, value] : map) {
            (*this)(key);
            (*this)(value);
        }
    }
    template <class Item>
    void operator()(const std::optional<Item>& item) {
        (*this)(item.has_value());
        if (item)
            (*this)(*item);
    }
    template <class Struct>
    requires std::is_class_v<Struct>
    void operator()(const Struct& value) { fields(*this, value); }
    std::string& bytes() { return bytes_; }

  private:
    std::string bytes_;
    std::unordered_map<std::string, std::uint32_t> texts_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool atEnd() const { return bytes_.empty(); }

    template <class Number>
    requires std::is_arithmetic_v<Number> || std::is_enum_v<Number>
    void operator()(Number& value) {
        if (const auto piece = take(sizeof value); !piece.empty())
            std::memcpy(&value, piece.data(), sizeof value);
    }
    void operator()(std::string& text) {
        std::uint32_t number = 0, size = 0;
        (*this)(number);
        if (number == texts_.size()) {
            (*this)(size);
            texts_.emplace_back(take(size));
        }
        if (number < texts_.size())
            text = texts_[number];
        else
            good_ = false;
    }
    template <class Item>
    void operator()(std::vector<Item>& items) {
        std::uint32_t size = 0;
        (*this)(size);
        while (good_ && items.size() < size)
            (*this)(items.emplace_back());
    }
    void operator()(std::map<std::string, std::string>& map) {
        std::uint32_t size = 0;
        (*this)(size);
        for (std::uint32_t i = 0; good_ && i < size; ++i) {
            std::string key;
            (*this)(key);
            (*this)(map.emplace_hint(map.end(), std::move(key), std::string())->second);
        }
    }
    template <class Item>
    void operator()(std::optional<Item>& item) {
        bool there = false;
        (*this)(there);
        if (there)
            (*this)(item.emplace());
    }
    template <class Struct>
    requires std::is_class_v<Struct>
    void operator()(Struct& value) { fields(*this, value); }

  private:
    std::string_view take(std::size_t size) {
        good_ = good_ && size <= bytes_.size();
        if (!good_)
            return {};
        const auto piece = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return piece;
    }
    std::string_view bytes_;
    std::vector<std::string> texts_;
    bool good_ = true;
};

// What is remembered, in this order. `Value` is const when it is written.

template <class Way, class Value>
requires std::is_same_v<std::remove_const_t<Value>, Score>
void fields(Way& way, Value& score) {
    way(score.accuracy);
    way(score.macroF1);
    way(score.loss);
    way(score.rows);
}

template <class Way, class Value>
requires std::is_same_v<std::remove_const_t<Value>, ScoreCourse>
void fields(Way& way, Value& course) {
    way(course.best);
    way(course.last);
    way(course.lowest);
    way(course.highest);
}

template <class Way, class Value>
requires std::is_same_v<std::remove_const_t<Value>, SampleCounts>
void fields(Way& way, Value& counts) {
    way(counts.total);
    way(counts.seen);
    way(counts.gradient);
    way(counts.distinct);
    way(counts.scoringFlops);
    way(counts.trainingFlops);
}

template <class Way, class Value>
requires std::is_same_v<std::remove_const_t<Value>, RunSummary>
void fields(Way& way, Value& run) {
    way(run.folder);
    way(run.name);
    way(run.created);
    way(run.version);
    way(run.settings);
    way(run.rule);
    way(run.seed);
    way(run.state);
    way(run.error);
    way(run.steps);
    way(run.stepsPerEpoch);
    way(run.epochs);
    way(run.trainingSamples);
    way(run.epochsDone);
    way(run.validation);
    way(run.test);
    way(run.accuracy);
    way(run.macroF1);
    way(run.counts);
    way(run.keptPrecision);
    way(run.trainSeconds);
    way(run.evaluateSeconds);
    way(run.validationConfusion);
    way(run.testConfusion);
    way(run.classes);
}

template <class Way, class Value>
requires std::is_same_v<std::remove_const_t<Value>, RememberedRun>
void fields(Way& way, Value& run) {
    way(run.found.folder);
    for (auto& stamp : run.found.stamps) {
        way(stamp.size);
        way(stamp.modified);
    }
    way(run.summary);
}

} // namespace

std::vector<RememberedRun> readRunIndexFile(const std::string& path) {
    QFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::ReadOnly) || file.size() > LargestFile)
        return {};
    const QByteArray all = file.readAll();
    std::string_view bytes(all.constData(), static_cast<std::size_t>(all.size()));
    std::uint64_t sum = 0;
    if (bytes.size() < Magic.size() + sizeof sum || !bytes.starts_with(Magic))
        return {};
    std::memcpy(&sum, bytes.data() + bytes.size() - sizeof sum, sizeof sum);
    bytes.remove_suffix(sizeof sum);
    if (fnv1a(bytes) != sum)
        return {};
    bytes.remove_prefix(Magic.size());
    Reader reader(bytes);
    std::vector<RememberedRun> runs;
    reader(runs);
    if (!reader.good() || !reader.atEnd())
        runs.clear();
    return runs;
}

Result<void> writeRunIndexFile(const std::string& path, const std::vector<RememberedRun>& runs) {
    std::error_code ignored; // the write says what is wrong
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    Writer writer;
    writer(runs);
    std::string bytes = std::string(Magic) + writer.bytes();
    const std::uint64_t sum = fnv1a(bytes);
    bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum); // NOLINT
    return writeFileAtomically(QFile::decodeName(path.c_str()), bytes);
}

} // namespace stillroom
