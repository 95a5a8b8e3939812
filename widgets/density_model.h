// The plane's picture in numbers: samples counted in cells of confidence × uncertainty, by a worker, again
// when another epoch, another class or another size is looked at.
#pragma once

#include "core/lab/density_map.h"
#include "widgets/background.h"
#include "widgets/lab_model.h"
#include "widgets/latest_job.h"

#include <QObject>
#include <QSize>
#include <memory>

namespace stillroom {

class DensityModel : public QObject {
    Q_OBJECT
  public:
    explicit DensityModel(LabModel* lab, QObject* parent = nullptr);
    ~DensityModel() override;

    /// Null while no sample was scored. Shared: whoever draws it may keep it.
    [[nodiscard]] const std::shared_ptr<const DensityMap>& map() const { return map_; }
    [[nodiscard]] double milliseconds() const { return milliseconds_; } ///< that counting it took
    /// Cells over the whole of both axes, 0 to 1.
    void setGrid(QSize cells);
    /// Counts only while somebody looks.
    void setWatched(bool watched);

  Q_SIGNALS:
    void changed();

  private:
    void ask();

    LabModel* lab_;
    QSize cells_{100, 1600}; ///< until the plane has a size: for its square-root scale
    std::shared_ptr<const DensityMap> map_;
    double milliseconds_ = 0;
    bool watched_ = false, stale_ = true;
    Background pool_{1};
    LatestJob counting_{pool_};
};

} // namespace stillroom
