// A teacher made from gold, with an accuracy, a calibration and a class-dependent confusion of one's choice.
// For teaching, tests and the demo: what it does wrong is known.
//
// The model. K classes, accuracy A, overconfidence o, confusion κ.
//
// * Classes stand on a ring in random order; the neighbours of a class are the next one (an error goes there
// with
//   probability 0.55), the one before (0.3) and the next but one (0.15). An error of class g lands in a
//   neighbour with probability κ, else in any other class. Each class has an easiness z, evenly spread over
//   [−√3, √3] (variance 1) in random order.
// * Row i of gold class g has a probability of being right
//       p_i = lo + (hi − lo) · S(μ + 1.2 κ z_g + 0.9 ε_i),   S(x) = ½ (1 + x/√(1 + x²)),
//   with ε_i bell-shaped of variance 1 (the sum of four uniform numbers), hi = max(0.99, (1 + A)/2),
//   lo = min(1/K + 0.2 (1 − 1/K), the middle between 1/K and A), and μ such that the mean of all p_i is A.
// * Whether it is right: rows are sorted by p, and each at which the running sum of p passes a whole number
// is right.
//   So of all rows, and of those around any p, the share that is right is what p says, not only in
//   expectation.
// * It says confidence c_i = p_i when o = 0;  1 − (1 − p_i)(1 − 0.8 o) when o > 0 (too sure);
//   1/K + (p_i − 1/K)(1 + 0.6 o) when o < 0 (too modest); never below 1.01/K, so that the label is the
//   largest.
// * The rest, 1 − c_i, goes to a second choice (0.4 to 0.8 of it), to the neighbours as errors do, and a
// little to
//   every class. The second choice of a wrong row is gold in 7 cases of 10. Where another class would come
//   too near to the label, the rest is levelled until none has more than 0.95 c_i.
//
// Only +, −, ·, / and √ are used, which are exactly the same on every machine (exp and log are not).
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/teacher_outputs.h"
#include "core/teacher/teacher_settings.h"

namespace stillroom {

/// Every training row with gold gets a whole vector. The same settings and data give the same outputs on
/// every machine. With overconfidence 0 the confidences are calibrated: among rows of confidence c a share c
/// is right. Accuracy is met to within one row (and where it is 1/K the confidence is 1.01/K). Any thread;
/// takes about a microsecond a row. Errors: no gold; accuracy below 1/K or above 1; overconfidence outside
/// [−1, 1]; confusion outside [0, 1].
Result<TeacherOutputs> simulateTeacher(const Dataset& dataset, const TeacherSettings& settings);

} // namespace stillroom
