#include "core/teacher/labelling_problems.h"

#include "core/data/utf8.h"

#include <utility>

namespace stillroom {

namespace {

constexpr std::size_t Listed = 50;
constexpr std::size_t ReplyShown = 2000; // bytes

} // namespace

bool isFull(const LabellingResult& result) {
    return result.problems.size() >= Listed;
}

void addProblem(LabellingResult& result, std::uint32_t row, const std::string& reason, std::string reply) {
    if (isFull(result))
        return;
    if (reply.size() > ReplyShown) {
        reply.resize(ReplyShown);
        reply.resize(ReplyShown - unfinishedTail(reply));
    }
    result.problems.push_back({row, reason, std::move(reply)});
}

} // namespace stillroom
