// A sample's life in training: epoch by epoch what the teacher and the student said, where the bar stood, and
// why it was kept or not, in a sentence.
#pragma once

#include "core/engine/events.h"
#include "core/lab/sample_table.h"
#include "core/lab/snapshot_file.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// The order in which an epoch shows the samples, as training makes it (seed and epoch alone decide).
/// `epoch` from 0. Returns the sample at each place.
[[nodiscard]] std::vector<std::uint32_t> epochOrder(std::size_t samples, std::int64_t seed,
                                                    std::int64_t epoch);

struct BiographyEntry {
    std::int64_t epoch = 0; ///< from 1
    std::int64_t step = 0;  ///< the candidate batch it was in, from 1; 0: not seen in this epoch
    SampleTrace trace;      ///< verdict, uncertainty, student's label
    /// Of its class when it was judged, as exactly as the run recorded it: the thresholds of the window of
    /// steps that its batch lies in, at that window's two ends. None: the rule has no such threshold.
    struct Bar {
        double low = 0, high = 0;
    };
    std::optional<Bar> teacherBar, studentBar, studentConfidenceBar;
    /// "Kept: the teacher is sure (confidence 0.92, bar 0.81) and the student is not yet (…)."
    std::string sentence;
};

/// What a biography is made from; all of it outlives the call, or the BiographyMaker.
struct BiographyInput {
    const SampleTable* table = nullptr;
    const std::vector<std::string>* classes = nullptr;
    std::span<const std::shared_ptr<const Snapshot>> snapshots; ///< one an epoch, ascending
    std::span<const WindowRecord> windows;                      ///< in order
    std::int64_t stepsPerEpoch = 0, batch = 0, seed = 0;
    /// Of the run; says why a rule without thresholds kept a sample. Null: the sentence is then "Kept."
    const SelectionSettings* selection = nullptr;
};

/// An entry for each snapshot. Takes some 3 ms an epoch at a million samples (the epoch's order is made
/// again, without memory for it): not on the window's thread.
[[nodiscard]] std::vector<BiographyEntry> biographyOf(const BiographyInput& input, std::uint32_t sample);

/// For the biographies of many samples: remembers the order of one epoch (4 bytes a sample). One thread.
class BiographyMaker {
  public:
    explicit BiographyMaker(const BiographyInput& input) : input_(input) {}
    /// Of input.snapshots[snapshot]. Going from sample to sample within a snapshot is fast.
    [[nodiscard]] BiographyEntry entry(std::size_t snapshot, std::uint32_t sample);

  private:
    BiographyInput input_;
    std::int64_t epoch_ = 0;            ///< of `places_`; 0: none
    std::vector<std::uint32_t> places_; ///< of each sample in the epoch's order
};

/// "kept", "teacher not sure enough", …: a verdict in few words, for tables.
[[nodiscard]] std::string_view verdictWords(Verdict verdict);

} // namespace stillroom
