// A student of three classes that needs no training, and what it says of a file.
#pragma once

#include "core/base/random.h"
#include "core/engine/opened_student.h"
#include "core/output/predictions.h"

#include <QFile>
#include <QTemporaryDir>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>
#include <thread>

namespace stillroom::test {

/// Knows three classes; "sunny" is the first, "=rain" the second, all else the third. A hash of the text says
/// how sure it is.
class Weather : public OpenedStudent {
  public:
    explicit Weather(bool shared) : shared_(shared) {}
    [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
    [[nodiscard]] std::string describe() const override { return "weather"; }
    [[nodiscard]] bool shared() const override { return shared_; }
    void useThreads(int /*threads*/) override {}
    [[nodiscard]] std::int64_t dimensions() const override { return 0; }
    Result<void> embed(std::span<const std::string_view> /*texts*/, std::span<float> /*out*/) const override {
        return {};
    }
    Result<void> predict(std::span<const std::string_view> texts, std::span<float> out) const override {
        const int callers = ++callers_;
        most_ = std::max(most_.load(), callers);
        if (!shared_ && callers > 1)
            return fail("called twice at once");
        if (texts.size() % 7 == 3) // so that threads overtake each other
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (texts[i] == "fail")
                return fail("the student fails");
            if (texts[i] == "nan") {
                std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, std::nanf(""));
                continue;
            }
            if (texts[i] == "throw")
                throw std::runtime_error("thrown\nwith a stack");
            distribution(texts[i], out.subspan(3 * i, 3));
        }
        --callers_;
        return {};
    }
    static void distribution(std::string_view text, std::span<float> p) {
        const std::size_t label = text == "sunny" ? 0 : text == "=rain" ? 1 : 2;
        const float rest = 0.3F * static_cast<float>(fnv1a(text) % 1000) / 1000;
        std::fill(p.begin(), p.end(), rest / 2);
        p[label] = 1 - rest;
    }
    [[nodiscard]] int most() const { return most_; }

  private:
    bool shared_;
    std::vector<std::string> classes_{"sun, mostly", "=rain", "\"other\" この"};
    mutable std::atomic<int> callers_{0}, most_{0};
};

/// A folder with texts, and what was said of them last.
struct LabelledFolder {
    QTemporaryDir folder;
    std::string out;

    std::string write(const char* name, const QByteArray& bytes) const {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return file.fileName().toStdString();
    }
    Result<PredictionReport> predict(const PredictionSource& source, const PredictionSettings& settings = {},
                                     bool shared = true) {
        out.clear();
        Progress progress;
        const Weather student(shared);
        return predictRecords(
            student, source, settings,
            [this](std::string_view bytes) -> Result<void> {
                out += bytes;
                return {};
            },
            progress);
    }
    [[nodiscard]] QList<QByteArray> lines() const { return QByteArray::fromStdString(out).split('\n'); }
};

} // namespace stillroom::test
