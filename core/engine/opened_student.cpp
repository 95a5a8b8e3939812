#include "core/engine/opened_student.h"

namespace stillroom {

// Here, so that its type is known once, on both sides of the engine's door.
OpenedStudent::~OpenedStudent() = default;

OpenedStudent* openedStudent(Student& student) {
    return dynamic_cast<OpenedStudent*>(&student);
}

const OpenedStudent* openedStudent(const Student& student) {
    return dynamic_cast<const OpenedStudent*>(&student);
}

} // namespace stillroom
