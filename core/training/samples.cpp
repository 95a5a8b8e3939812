#include "core/training/samples.h"

#include <QCryptographicHash>

namespace stillroom {

Samples::Samples(const DistillationSet& set)
    : classCount(set.data->classCount()), rows(set.trainingRows()), classNames(set.data->classes()) {
    labels.reserve(rows.size());
    confidences.reserve(rows.size());
    gold.reserve(rows.size());
    for (const auto row : rows) {
        labels.push_back(set.teacher->label(row));
        confidences.push_back(set.teacher->confidence(row));
        gold.push_back(set.data->gold(row));
    }
}

std::string Samples::print(const Dataset& data) const {
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    const auto add = [&hash](const auto& values) {
        hash.addData(QByteArrayView(reinterpret_cast<const char*>(values.data()),
                                    static_cast<qsizetype>(values.size() * sizeof(values[0]))));
    };
    add(rows);
    add(labels);
    add(confidences);
    std::vector<std::uint32_t> lengths;
    for (const auto row : rows) {
        const std::string_view text = data.text(row);
        lengths.push_back(static_cast<std::uint32_t>(text.size()));
        add(text);
    }
    add(lengths);
    return hash.result().toHex().toStdString();
}

Population Samples::population(std::uint64_t seed) const {
    return {classCount, labels, confidences, gold, seed, classNames};
}

} // namespace stillroom
