#include "widgets/density_model.h"

#include <QElapsedTimer>

namespace stillroom {

DensityModel::DensityModel(LabModel* lab, QObject* parent) : QObject(parent), lab_(lab) {
    connect(lab_, &LabModel::snapshotChanged, this, &DensityModel::ask);
    connect(lab_, &LabModel::tableChanged, this, &DensityModel::ask);
    connect(lab_, &LabModel::classChosen, this, &DensityModel::ask);
}

DensityModel::~DensityModel() {
    pool_.finish();
}

void DensityModel::setGrid(QSize cells) {
    if (cells == cells_)
        return;
    cells_ = cells;
    ask();
}

void DensityModel::setWatched(bool watched) {
    watched_ = watched;
    if (watched_ && stale_)
        ask();
}

void DensityModel::ask() {
    stale_ = true;
    if (!watched_)
        return;
    stale_ = false;
    const auto& table = lab_->table();
    const auto& snapshot = lab_->snapshot();
    if (!table || !snapshot || !lab_->asked() || snapshot->traces().size() != table->size()) {
        counting_.forget();
        if (map_) {
            map_.reset();
            Q_EMIT changed();
        }
        return;
    }
    struct Counted {
        std::shared_ptr<const DensityMap> map;
        double milliseconds;
    };
    counting_.ask(
        [table, snapshot, label = lab_->chosenClass(), cells = cells_] {
            QElapsedTimer timer;
            timer.start();
            auto map = std::make_shared<DensityMap>();
            densityOf(*table, snapshot->traces(), label, cells.width(), cells.height(), *map);
            return Counted{std::move(map), static_cast<double>(timer.nsecsElapsed()) / 1e6};
        },
        [this](Counted counted) {
            map_ = std::move(counted.map);
            milliseconds_ = counted.milliseconds;
            Q_EMIT changed();
        });
}

} // namespace stillroom
