#include "core/experiment/session_spec.h"

#include "core/experiment/find_encoder.h"

namespace stillroom {

Result<SessionSpec> sessionSpecOf(const Experiment& experiment, const DistillationSet& set,
                                  const std::string& dataRoot) {
    SessionSpec spec;
    spec.set = set;
    spec.student = experiment.student;
    spec.selection = experiment.selection;
    spec.loss = experiment.loss;
    spec.training = experiment.training;
    spec.student.model.clear();
    if (experiment.student.kind != StudentKind::Ngram) {
        auto found = findEncoder(experiment.student.model, dataRoot);
        if (!found)
            return fail("student.model: " + found.error().message);
        spec.student.model = std::move(*found);
    }
    return spec;
}

} // namespace stillroom
