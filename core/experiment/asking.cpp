#include "core/experiment/asking.h"

#include "core/base/channel.h"
#include "core/base/number.h"
#include "core/base/random.h"
#include "core/experiment/run_folder.h"
#include "core/experiment/session_spec.h"
#include "core/selection/pick_to_ask.h"
#include "core/selection/student_tops.h"
#include "core/selection/uncertainty.h"

#include <QTemporaryDir>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace stillroom {

namespace {

using Clock = std::chrono::steady_clock;
using Doing = AskingState::Doing;

/// So many texts are predicted between two looks at `watch`.
constexpr std::size_t ChunkRows = 4096;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

tl::unexpected<Error> cancelled() {
    return fail("interrupted", ErrorKind::Cancelled);
}

/// What the student says of each text of the pool.
struct Opinions {
    std::vector<float> uncertainty;
    std::vector<std::int32_t> labels;
};

class Rounds {
  public:
    Rounds(Engine& engine, const Experiment& experiment, std::shared_ptr<const Dataset> data,
           AnswerSource& source, const std::string& dataRoot, const AskingWatch& watch,
           const AskingRoundOver& roundOver)
        : engine_(engine), experiment_(experiment), asking_(experiment.asking), data_(std::move(data)),
          source_(source), dataRoot_(dataRoot), watch_(watch), roundOver_(roundOver),
          seed_(static_cast<std::uint64_t>(asking_.seed.value_or(experiment.training.seed))) {
        answers_ = TeacherOutputs(data_->size(), data_->classCount());
    }

    Result<AskingResult> run() {
        pool_ = source_.askable();
        if (static_cast<std::int64_t>(pool_.size()) < asking_.calls)
            return fail(fmt::format(
                "asking.calls is {}, but there are only {} texts to ask about; lower it, or take it away to "
                "learn from all of them",
                groupThousands(asking_.calls), groupThousands(static_cast<std::int64_t>(pool_.size()))));
        drawOrder();
        const auto sizes = roundSizes(asking_);
        state_.rounds = static_cast<std::int64_t>(sizes.size());
        state_.calls = asking_.calls;
        Opinions opinions;
        for (const std::int64_t size : sizes) {
            const auto begin = Clock::now();
            const auto picked = pick(static_cast<std::size_t>(size), opinions);
            AskingRound round;
            if (auto done = askAbout(picked, round); !done)
                return fail(inRound(done.error()));
            if (state_.round < state_.rounds) {
                auto looked = trainAndLook(round);
                if (!looked)
                    return fail(inRound(looked.error()));
                opinions = std::move(*looked);
            }
            round.seconds = secondsSince(begin);
            roundOver_(round);
            record_.rounds.push_back(std::move(round));
            ++state_.round;
        }
        return AskingResult{std::move(answers_), std::move(record_)};
    }

  private:
    [[nodiscard]] Error inRound(Error error) const {
        error.message =
            fmt::format("asking, round {} of {}, {} of {} calls spent: {}", state_.round, state_.rounds,
                        groupThousands(state_.spent), groupThousands(state_.calls), error.message);
        return error;
    }

    /// All that is drawn at random is taken from here in turn: however many rounds there are, two experiments
    /// of one seed draw the same texts first.
    void drawOrder() {
        order_ = pool_;
        Random random(seed_, "asking order");
        shuffle(order_, random);
    }

    bool tell(Doing doing, double part) {
        state_.doing = doing;
        const double within = doing == Doing::Asking     ? 0.4 * part
                              : doing == Doing::Training ? 0.4 + 0.5 * part
                                                         : 0.9 + 0.1 * part;
        state_.done = (static_cast<double>(state_.round - 1) + within) / static_cast<double>(state_.rounds);
        const double elapsed = secondsSince(begin_);
        state_.secondsLeft = state_.round > 1 || within > 0.5 ? elapsed / state_.done * (1 - state_.done) : 0;
        return watch_(state_);
    }

    void take(std::uint32_t row, std::vector<std::uint32_t>& picked) {
        taken_[row] = true;
        picked.push_back(row);
    }

    std::vector<std::uint32_t> pick(std::size_t count, const Opinions& opinions) {
        if (taken_.empty())
            taken_.assign(data_->size(), false);
        std::vector<std::uint32_t> picked;
        if (!opinions.uncertainty.empty())
            for (const auto place : pickUncertain(opinions, count))
                take(pool_[place], picked);
        for (; picked.size() < count; ++drawn_)
            if (!taken_[order_[drawn_]])
                take(order_[drawn_], picked);
        std::erase_if(pool_, [this](std::uint32_t row) { return taken_[row]; });
        return picked;
    }

    [[nodiscard]] std::vector<std::uint32_t> pickUncertain(const Opinions& opinions,
                                                           std::size_t count) const {
        Random random(seed_, "asking picks", static_cast<std::uint64_t>(state_.round));
        switch (asking_.diversity) {
        case AskingDiversity::None:
            return pickMostUncertain(opinions.uncertainty, count);
        case AskingDiversity::Chance:
            return pickByChance(opinions.uncertainty, asking_.power, count, random);
        case AskingDiversity::Classes:
            return pickByClass(opinions.uncertainty, opinions.labels, data_->classCount(), count);
        }
        return {};
    }

    Result<void> askAbout(const std::vector<std::uint32_t>& picked, AskingRound& round) {
        const auto count = static_cast<double>(picked.size());
        if (!tell(Doing::Asking, 0))
            return cancelled();
        auto done = source_.ask(picked, answers_, [&](const AnswerState& state) {
            state_.note = state.note;
            return tell(Doing::Asking, static_cast<double>(state.known) / count);
        });
        state_.note.clear();
        if (!done)
            return done;
        state_.spent += static_cast<std::int64_t>(picked.size());
        round.round = state_.round;
        round.calls = static_cast<std::int64_t>(picked.size());
        round.labelCount.assign(static_cast<std::size_t>(data_->classCount()), 0);
        for (const auto row : picked) {
            record_.rows.push_back({row, static_cast<std::int32_t>(state_.round)});
            if (!answers_.has(row))
                continue;
            ++round.answered;
            ++round.labelCount[static_cast<std::size_t>(answers_.label(row))];
            if (data_->gold(row) == Dataset::NoLabel)
                continue;
            ++round.withGold;
            round.right += answers_.label(row) == data_->gold(row) ? 1 : 0;
        }
        return {};
    }

    /// Trains on all answers so far and looks at what the student says of the rest.
    Result<Opinions> trainAndLook(AskingRound& round) {
        QTemporaryDir folder; // of the student, which lives until it has been asked
        if (!folder.isValid())
            return fail(fmt::format("a temporary folder cannot be made: {}; make room, or set TMPDIR",
                                    folder.errorString().toStdString()));
        auto trained = train(folder.path().toStdString());
        if (!trained)
            return fail(std::move(trained.error()));
        round.validation = std::move(*trained);
        auto student = engine_.openStudent(bestStudentFile(folder.path().toStdString()));
        if (!student)
            return fail(std::move(student.error()));
        return look(**student);
    }

    Result<Metrics> train(const std::string& folder) {
        const DistillationSet set{data_, std::make_shared<const TeacherOutputs>(answers_)};
        auto spec = sessionSpecOf(experiment_, set, dataRoot_);
        if (!spec)
            return fail(std::move(spec.error()));
        spec->checkpointFolder = folder + "/checkpoints";
        QDir().mkpath(QString::fromStdString(spec->checkpointFolder));
        Channel<Event> events(256);
        auto session =
            engine_.start(*std::move(spec), [&events](Event event) { events.send(std::move(event)); });
        if (!session)
            return fail(std::move(session.error()));
        bool stopping = false;
        double part = 0;
        for (;;) {
            for (auto& event : events.waitAll(std::chrono::milliseconds(100))) {
                if (const auto* steps = std::get_if<StepsEvent>(&event))
                    part = steps->done;
                auto* end = std::get_if<FinishedEvent>(&event);
                if (end == nullptr)
                    continue;
                if (stopping)
                    return cancelled();
                if (end->outcome == Outcome::Failed)
                    return fail(std::move(end->error), ErrorKind::Training);
                return std::move(end->validation);
            }
            if (!stopping && !tell(Doing::Training, part)) {
                (*session)->send(StopCommand{});
                stopping = true;
            }
        }
    }

    Result<Opinions> look(const Student& student) {
        const auto classes = static_cast<std::size_t>(data_->classCount());
        Opinions opinions;
        opinions.uncertainty.resize(pool_.size());
        opinions.labels.resize(pool_.size());
        std::vector<std::string_view> texts;
        std::vector<float> probabilities;
        StudentTops tops;
        for (std::size_t begin = 0; begin < pool_.size(); begin += ChunkRows) {
            if (!tell(Doing::Picking, static_cast<double>(begin) / static_cast<double>(pool_.size())))
                return cancelled();
            const std::size_t count = std::min(ChunkRows, pool_.size() - begin);
            texts.clear();
            for (std::size_t i = 0; i < count; ++i)
                texts.push_back(data_->text(pool_[begin + i]));
            probabilities.assign(count * classes, 0.0F);
            if (auto predicted = student.predict(texts, probabilities); !predicted)
                return fail(std::move(predicted.error()));
            tops.look(probabilities, classes);
            std::copy(tops.labels().begin(), tops.labels().end(),
                      opinions.labels.begin() + static_cast<std::ptrdiff_t>(begin));
            uncertainties(asking_.uncertainty, probabilities, data_->classCount(), tops.labels(),
                          std::span(opinions.uncertainty).subspan(begin, count));
        }
        return opinions;
    }

    Engine& engine_;
    const Experiment& experiment_;
    const AskingSettings& asking_;
    std::shared_ptr<const Dataset> data_;
    AnswerSource& source_;
    const std::string& dataRoot_;
    const AskingWatch& watch_;
    const AskingRoundOver& roundOver_;
    const std::uint64_t seed_;
    const Clock::time_point begin_ = Clock::now();

    AskingState state_;
    std::vector<std::uint32_t> pool_;  ///< rows not asked about yet, ascending
    std::vector<std::uint32_t> order_; ///< all of them, shuffled
    std::size_t drawn_ = 0;            ///< of `order_`
    std::vector<bool> taken_;          ///< by row
    TeacherOutputs answers_;
    AskingRecord record_;
};

} // namespace

std::vector<std::int64_t> roundSizes(const AskingSettings& asking) {
    if (asking.pick == AskingPick::Random || asking.rounds == 1)
        return {asking.calls};
    const auto first =
        std::clamp<std::int64_t>(std::llround(asking.first * static_cast<double>(asking.calls)), 1,
                                 asking.calls - (asking.rounds - 1));
    std::vector<std::int64_t> sizes{first};
    const std::int64_t rest = asking.calls - first, later = asking.rounds - 1;
    for (std::int64_t i = 0; i < later; ++i)
        sizes.push_back(rest / later + (i < rest % later ? 1 : 0));
    return sizes;
}

Result<AskingResult> askInRounds(Engine& engine, const Experiment& experiment,
                                 const std::shared_ptr<const Dataset>& data, AnswerSource& source,
                                 const std::string& dataRoot, const AskingWatch& watch,
                                 const AskingRoundOver& roundOver) {
    return Rounds(engine, experiment, data, source, dataRoot, watch, roundOver).run();
}

} // namespace stillroom
