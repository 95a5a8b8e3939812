// Asking only what teaches: rounds of train → pick the texts that the student is most uncertain about → ask
// the teacher → go on, until the budget of calls is spent.
//
// The first round's texts are drawn at random. After each round a student is trained on all answers so far,
// with the experiment's own settings, and predicts every text that was not asked about; the next round takes
// the uncertain ones, spread by asking.diversity. The last student is not trained here: that is the run
// itself.
//
// Everything follows from the settings, the seed and the answers: a process that was killed and is started
// again picks the same texts, and a teacher that stores its answers is not asked twice.
#pragma once

#include "core/engine/engine.h"
#include "core/experiment/asked.h"
#include "core/experiment/experiment.h"
#include "core/teacher/answer_source.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stillroom {

/// Where the asking is. Plain data.
struct AskingState {
    enum class Doing { Asking, Training, Picking };
    std::int64_t round = 1, rounds = 1;
    std::int64_t spent = 0, calls = 0; ///< texts asked about so far, and in all
    Doing doing = Doing::Asking;
    double done = 0;        ///< share of all rounds, [0, 1]
    double secondsLeft = 0; ///< 0: not known yet
    std::string note;       ///< of who is asked; empty: nothing
};

/// Told several times a second, on the calling thread; false: stop.
using AskingWatch = std::function<bool(const AskingState&)>;
/// Told when a round is over and its student trained; of the last round when its texts are answered.
using AskingRoundOver = std::function<void(const AskingRound&)>;

struct AskingResult {
    TeacherOutputs answers; ///< of the texts that were asked about and answered; of the dataset's size
    AskingRecord record;
};

/// How many texts each round asks about: the first its share, the others as good as equally many.
[[nodiscard]] std::vector<std::int64_t> roundSizes(const AskingSettings& asking);

/// Any thread but the window's. `dataRoot` as in RunOptions. Errors: fewer texts than calls; those of the
/// source and of training, with the round they came in; Cancelled when `watch` says so.
Result<AskingResult> askInRounds(Engine& engine, const Experiment& experiment,
                                 const std::shared_ptr<const Dataset>& data, AnswerSource& source,
                                 const std::string& dataRoot, const AskingWatch& watch,
                                 const AskingRoundOver& roundOver);

} // namespace stillroom
