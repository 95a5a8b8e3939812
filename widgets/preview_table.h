// The first records of a file, as they are read.
#pragma once

#include "core/data/sniff.h"
#include "widgets/number_table.h"

namespace stillroom {

class PreviewTable : public NumberTable {
    Q_OBJECT
  public:
    static constexpr int MostColumns = 200; ///< shown

    explicit PreviewTable(QWidget* parent = nullptr);
    /// Null: nothing.
    void preview(const SniffedFile* file);
};

} // namespace stillroom
