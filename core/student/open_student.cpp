#include "core/student/open_student.h"

#include "core/student/encoder_student.h"
#include "core/student/ngram_student.h"
#include "core/student/student_file.h"

namespace stillroom {

Result<std::unique_ptr<Student>> openStudentFile(const std::string& path) {
    const auto stored = readStudentFile(path);
    if (!stored)
        return fail(stored.error());
    const auto kind = stored->metadata().find("kind");
    if (kind != stored->metadata().end() && kind->second == "encoder")
        return openEncoderStudent(*stored, path);
    return openNgramStudent(*stored, path);
}

} // namespace stillroom
