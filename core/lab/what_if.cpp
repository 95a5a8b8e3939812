#include "core/lab/what_if.h"

#include "core/lab/crew.h"
#include "core/lab/half_bounds.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace stillroom {

namespace {

// A sample adds 1 to one cell: its class's row, and in it the column of these bits. What is asked for are
// sums of columns, taken once afterwards.
constexpr std::uint32_t TeacherRefuses = 1;
constexpr std::uint32_t StudentRefuses = 2;
constexpr std::uint32_t HasGold = 4;
constexpr std::uint32_t IsRight = 8;
constexpr std::uint32_t BaselineKeeps = 16;
constexpr std::size_t Columns = 32;

// Neighbours in the data are often of the same class and fate. Counted in the same table, each would wait
// for the other's addition to reach memory.
constexpr std::size_t Copies = 4;

constexpr std::size_t PartSize = 1 << 15; ///< samples a thread takes at once: about 0.1 ms

/// The smallest values of a class that pass, in the types the samples have.
struct Bounds {
    float teacher = -std::numeric_limits<float>::infinity();
    float baseTeacher = -std::numeric_limits<float>::infinity();
    std::uint16_t student = 0;
    std::uint16_t baseStudent = 0;
};

/// The smallest float c with atLeast(c, threshold): of all doubles between two floats, none is a confidence.
float teacherBound(double threshold) {
    auto bound = static_cast<float>(threshold);
    const float infinity = std::numeric_limits<float>::infinity();
    while (atLeast(bound, threshold) && bound > -infinity)
        bound = std::nextafter(bound, -infinity);
    while (bound < infinity && !atLeast(bound, threshold))
        bound = std::nextafter(bound, infinity);
    return bound;
}

std::uint16_t studentBound(double threshold) {
    return firstHalf([threshold](float value) { return atLeast(value, threshold); });
}

struct Job {
    const std::int32_t* labels = nullptr;
    const float* confidences = nullptr;
    const std::int32_t* gold = nullptr;
    const SampleTrace* traces = nullptr;
    const Bounds* bounds = nullptr;
    std::uint8_t* keep = nullptr;
    std::uint8_t* keepBaseline = nullptr;
    std::size_t tableSize = 0; ///< cells of one copy
};

template <bool Scored, bool Baseline>
void count(const Job& given, std::size_t begin, std::size_t end, std::uint32_t* tables,
           std::int64_t& notScored) {
    const Job job = given; // a copy that no store below can change: it stays in registers
    const auto one = [&job](std::size_t i, std::uint32_t* table) {
        const std::int32_t label = job.labels[i];
        const Bounds& bounds = job.bounds[label];
        const float confidence = job.confidences[i];
        const std::int32_t gold = job.gold[i];
        const bool teacher = confidence >= bounds.teacher;
        bool student = true;
        std::uint16_t half = 0;
        if constexpr (Scored) {
            half = halfOf(job.traces[i]);
            student = half >= bounds.student;
        }
        std::uint32_t cell = static_cast<std::uint32_t>(!teacher) * TeacherRefuses +
                             static_cast<std::uint32_t>(!student) * StudentRefuses +
                             static_cast<std::uint32_t>(gold >= 0) * HasGold +
                             static_cast<std::uint32_t>(gold == label) * IsRight;
        if constexpr (Baseline) {
            const bool before = (confidence >= bounds.baseTeacher) & (!Scored || half >= bounds.baseStudent);
            cell += static_cast<std::uint32_t>(before) * BaselineKeeps;
            if (job.keepBaseline != nullptr)
                job.keepBaseline[i] = before ? 1 : 0;
        }
        ++table[static_cast<std::size_t>(label) * Columns + cell];
        if (job.keep != nullptr)
            job.keep[i] = (teacher & student) ? 1 : 0;
        return half > HalfInfinity ? 1U : 0U;
    };
    std::uint32_t* const table[Copies] = {tables, tables + job.tableSize, tables + 2 * job.tableSize,
                                          tables + 3 * job.tableSize};
    std::uint32_t unasked = 0;
    std::size_t i = begin;
    for (; i + Copies <= end; i += Copies)
        for (std::size_t copy = 0; copy < Copies; ++copy)
            unasked += one(i + copy, table[copy]);
    for (; i < end; ++i)
        unasked += one(i, table[0]);
    notScored += unasked;
}

void add(WhatIfCounts& counts, std::uint32_t cell, std::int64_t number) {
    const bool kept = (cell & (TeacherRefuses | StudentRefuses)) == 0;
    counts.samples += number;
    counts.withGold += (cell & HasGold) != 0 ? number : 0;
    counts.right += (cell & IsRight) != 0 ? number : 0;
    counts.refusedByTeacher += (cell & TeacherRefuses) != 0 ? number : 0;
    counts.refusedByStudent += (cell & StudentRefuses) != 0 ? number : 0;
    counts.refusedByBoth += (cell & TeacherRefuses) != 0 && (cell & StudentRefuses) != 0 ? number : 0;
    if (kept) {
        counts.kept += number;
        counts.keptWithGold += (cell & HasGold) != 0 ? number : 0;
        counts.keptRight += (cell & IsRight) != 0 ? number : 0;
    }
}

void add(WhatIfCounts& all, const WhatIfCounts& part) {
    all.samples += part.samples;
    all.withGold += part.withGold;
    all.right += part.right;
    all.kept += part.kept;
    all.refusedByTeacher += part.refusedByTeacher;
    all.refusedByStudent += part.refusedByStudent;
    all.refusedByBoth += part.refusedByBoth;
    all.keptWithGold += part.keptWithGold;
    all.keptRight += part.keptRight;
    all.enters += part.enters;
    all.leaves += part.leaves;
}

} // namespace

struct WhatIf::Private {
    explicit Private(int threads) : crew(threads), notScored(crew.size()) {}

    void setBounds(std::size_t classes, const Thresholds& thresholds, const Thresholds* baseline);
    void sum(std::size_t classes, std::size_t tableSize, bool hasBaseline);

    Crew crew;
    std::vector<Bounds> bounds;          ///< by class
    std::vector<std::uint32_t> tables;   ///< by worker, copy, class, cell
    std::vector<std::int64_t> notScored; ///< by worker
    WhatIfResult result;
};

void WhatIf::Private::setBounds(std::size_t classes, const Thresholds& thresholds,
                                const Thresholds* baseline) {
    bounds.assign(classes, {});
    for (std::size_t y = 0; y < classes; ++y) {
        if (!thresholds.teacher.empty())
            bounds[y].teacher = teacherBound(thresholds.teacher[y]);
        if (!thresholds.student.empty())
            bounds[y].student = studentBound(thresholds.student[y]);
        if (baseline != nullptr && !baseline->teacher.empty())
            bounds[y].baseTeacher = teacherBound(baseline->teacher[y]);
        if (baseline != nullptr && !baseline->student.empty())
            bounds[y].baseStudent = studentBound(baseline->student[y]);
    }
}

void WhatIf::Private::sum(std::size_t classes, std::size_t tableSize, bool hasBaseline) {
    result.byClass.assign(classes, {});
    for (std::size_t y = 0; y < classes; ++y) {
        WhatIfCounts& counts = result.byClass[y];
        for (std::uint32_t cell = 0; cell < Columns; ++cell) {
            std::int64_t number = 0;
            for (std::size_t table = y * Columns + cell; table < tables.size(); table += tableSize)
                number += tables[table];
            add(counts, cell, number);
            const bool kept = (cell & (TeacherRefuses | StudentRefuses)) == 0;
            const bool before = (cell & BaselineKeeps) != 0;
            if (hasBaseline && kept != before)
                (kept ? counts.enters : counts.leaves) += number;
        }
    }
    result.all = {};
    for (const auto& counts : result.byClass)
        add(result.all, counts);
    result.notScored = 0;
    for (const auto number : notScored)
        result.notScored += number;
}

WhatIf::WhatIf(int threads) : d_(std::make_unique<Private>(threads)) {}
WhatIf::~WhatIf() = default;

const WhatIfResult& WhatIf::compute(const SampleTable& table, std::span<const SampleTrace> traces,
                                    const Thresholds& thresholds, const Thresholds* baseline,
                                    std::vector<std::uint8_t>* keep,
                                    std::vector<std::uint8_t>* keepBaseline) {
    const std::size_t size = table.size();
    const auto classes = static_cast<std::size_t>(table.classCount);
    const bool scored = !traces.empty();
    assert(!scored || traces.size() == size);
    assert(thresholds.teacher.empty() || thresholds.teacher.size() == classes);
    assert(thresholds.student.empty() || thresholds.student.size() == classes);
    assert(keepBaseline == nullptr || baseline != nullptr);
    d_->setBounds(classes, thresholds, baseline);
    Job job;
    job.labels = table.labels.data();
    job.confidences = table.confidences.data();
    job.gold = table.gold.data();
    job.traces = traces.data();
    job.bounds = d_->bounds.data();
    job.tableSize = classes * Columns;
    if (keep != nullptr) {
        keep->resize(size);
        job.keep = keep->data();
    }
    if (keepBaseline != nullptr) {
        keepBaseline->resize(size);
        job.keepBaseline = keepBaseline->data();
    }
    d_->tables.assign(d_->crew.size() * Copies * job.tableSize, 0);
    std::fill(d_->notScored.begin(), d_->notScored.end(), 0);

    const auto counting = scored ? (baseline != nullptr ? count<true, true> : count<true, false>)
                                 : (baseline != nullptr ? count<false, true> : count<false, false>);
    d_->crew.run((size + PartSize - 1) / PartSize, [&](std::size_t worker, std::size_t part) {
        const std::size_t begin = part * PartSize;
        counting(job, begin, std::min(begin + PartSize, size),
                 d_->tables.data() + worker * Copies * job.tableSize, d_->notScored[worker]);
    });
    d_->sum(classes, job.tableSize, baseline != nullptr);
    if (!scored)
        d_->result.notScored = static_cast<std::int64_t>(size);
    return d_->result;
}

} // namespace stillroom
