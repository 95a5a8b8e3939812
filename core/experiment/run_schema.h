// The schema of run.sqlite, format 3, as it stands in the file itself: SQLite keeps the comments of CREATE
// TABLE, so `.schema` shows them to people who open a run from Python or R:
//
//   import json, sqlite3
//   run = sqlite3.connect("file:runs/…/run.sqlite?mode=ro", uri=True)
//   classes = json.loads(run.execute("SELECT value FROM meta WHERE key = 'classes'").fetchone()[0])
//   steps = run.execute("SELECT step, kept, loss FROM steps").fetchall()
//
// Conventions: a step is a candidate batch, counted from 1. Columns named *_by_class and the confusion are
// JSON arrays ordered by class number; the confusion is K×K, row by row, row gold, column predicted. A number
// that does not exist (the loss of a step that kept nothing) is NULL, or null in JSON. Seconds are seconds.
// A format that older programs cannot read gets another PRAGMA user_version. Format 1 had no snapshots, and
// thresholds without student_confidence_by_class; format 2 had no test_row_numbers, test_gold and
// test_predicted.
#pragma once

namespace stillroom {

inline constexpr int RunFormat = 3;
inline constexpr int RunApplicationId = 0x5354524D; ///< "STRM", PRAGMA application_id

inline constexpr const char* RunSchema = R"sql(
CREATE TABLE meta (           -- where and with what the run ran
  key TEXT PRIMARY KEY,       -- format, version (of Stillroom), torch, blas, device, threads, classes (JSON array of
                              -- names, by number), data_root, created; teacher_rows, teacher_accuracy and
                              -- teacher_macro_f1 (of the training split, against gold; -1 without gold);
                              -- when training has begun also samples, epochs, steps_per_epoch, batch,
                              -- prepare_seconds; replay_of, when it repeats another run: that run's folder;
                              -- branch_of and branch_step, when it began as another run up to that step
  value                       -- a text or a number
) WITHOUT ROWID;
CREATE TABLE asked (          -- the texts that the teacher was asked about, where that was done in rounds
  number INTEGER PRIMARY KEY, -- from 1, in the order of asking
  round INTEGER,              -- from 1
  row INTEGER                 -- of the data, all splits counted, from 0
);
CREATE TABLE asking_rounds (
  round INTEGER PRIMARY KEY,
  calls INTEGER,              -- texts asked about
  answered INTEGER,
  with_gold INTEGER,          -- of the answered
  right INTEGER,              -- of those, the answer equals gold
  validation_rows INTEGER,    -- of the student trained on all answers up to this round; 0 for the last one
  validation_accuracy REAL,
  validation_macro_f1 REAL,
  seconds REAL
);
CREATE TABLE steps (          -- one row a candidate batch
  step INTEGER PRIMARY KEY,
  candidates INTEGER,
  kept INTEGER,               -- by the selection rule
  kept_with_gold INTEGER,     -- of the kept, those whose gold label is known
  kept_right INTEGER,         -- of those, pseudo-label equals gold
  loss REAL,                  -- mean over the kept; NULL when none was
  learning_rate REAL
);
CREATE TABLE progress (       -- what was counted so far, several times a second
  step INTEGER PRIMARY KEY,
  seen INTEGER,               -- forward-only scorings
  gradient INTEGER,           -- samples in backward passes
  distinct_samples INTEGER,   -- samples ever in one
  scoring_flops REAL,         -- estimates
  training_flops REAL,
  samples_per_second REAL,
  seconds REAL                -- trained so far
);
CREATE TABLE windows (        -- sums over a stretch of steps, about a hundred stretches an epoch
  last_step INTEGER PRIMARY KEY,
  first_step INTEGER,
  candidates_by_class TEXT,   -- by pseudo-label
  kept_by_class TEXT,
  confidence_all TEXT,        -- JSON array of 100 bins: bin b counts confidences in [b/100, (b+1)/100)
  confidence_kept TEXT
);
CREATE TABLE thresholds (     -- of the selection rule, at the end of a window; no row when it has none
  step INTEGER PRIMARY KEY,
  teacher_by_class TEXT,      -- a sample is kept when its confidence is at least this; [] when there is none
  student_by_class TEXT,      -- and its uncertainty at least this; [] when there is none
  student_confidence_by_class TEXT -- by class of the student's own argmax: its largest probability at least
                              -- this (FixMatch and its kin); [] when there is none
);
CREATE TABLE snapshots (      -- what an epoch did with each sample, in a file of its own: after 64 bytes of
                              -- header one little-endian 32-bit word a sample, in the order of the training
                              -- samples: uncertainty as binary16 << 16 | student's label << 4 | verdict
                              -- (1 kept; the others are in core/selection/rule.h). NaN and 4095: not asked
  epoch INTEGER PRIMARY KEY,  -- from 1
  step INTEGER,               -- steps done at its end
  complete INTEGER,           -- 0: the run ended within this epoch
  file TEXT                   -- relative to the run folder
);
CREATE TABLE evaluations (
  evaluation INTEGER PRIMARY KEY,
  split TEXT,                 -- validation or test
  step INTEGER,
  epoch REAL,                 -- epochs done
  rows INTEGER,               -- with gold
  accuracy REAL,
  macro_f1 REAL,
  loss REAL,                  -- mean cross-entropy against gold, natural log
  best INTEGER,               -- 1: the highest validation macro-F1 so far
  mean_uncertainty REAL,
  seconds REAL,               -- that the evaluation took
  total INTEGER,              -- training samples; the next ones as in progress, at this step
  seen INTEGER,
  gradient INTEGER,
  distinct_samples INTEGER,
  scoring_flops REAL,
  training_flops REAL,
  confusion TEXT
);
CREATE TABLE evaluation_classes (
  evaluation INTEGER,
  class INTEGER,
  precision REAL,
  recall REAL,
  f1 REAL,
  PRIMARY KEY (evaluation, class)
) WITHOUT ROWID;
CREATE TABLE edits (          -- settings changed while training
  number INTEGER PRIMARY KEY,
  edit INTEGER,               -- changes of one edit share it
  step INTEGER,               -- the first step that follows it
  key TEXT,                   -- selection.student_scale; '' when the edit changed nothing
  old TEXT,                   -- as in YAML
  new TEXT
);
CREATE TABLE states (         -- running and paused
  number INTEGER PRIMARY KEY,
  step INTEGER,
  state TEXT,                 -- running, paused
  time REAL                   -- seconds since 1970
);
CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  time REAL,                  -- seconds since 1970
  text TEXT
);
CREATE TABLE checkpoints (
  number INTEGER PRIMARY KEY,
  step INTEGER,
  folder TEXT,                -- relative to the run folder
  best INTEGER                -- 1: the best student so far; 0: where the run can go on from
);
CREATE TABLE resumes (        -- each time that the run was gone on with after a crash, a stop or its end
  number INTEGER PRIMARY KEY,
  step INTEGER,               -- after this one; what had been recorded of later ones was taken away
  time REAL,                  -- seconds since 1970
  version TEXT                -- of the Stillroom that went on
);
CREATE TABLE result (         -- one row when the run has ended by itself, none while it goes on or was killed
  number INTEGER PRIMARY KEY CHECK (number = 1),
  outcome TEXT,               -- completed, stopped, failed
  error TEXT,
  step INTEGER,
  validation_rows INTEGER,    -- the best student; 0 rows without gold
  validation_accuracy REAL,
  validation_macro_f1 REAL,
  validation_loss REAL,
  validation_confusion TEXT,
  test_rows INTEGER,
  test_accuracy REAL,
  test_macro_f1 REAL,
  test_loss REAL,
  test_confusion TEXT,
  total INTEGER,              -- the counts as in progress, at the end
  seen INTEGER,
  gradient INTEGER,
  distinct_samples INTEGER,
  scoring_flops REAL,
  training_flops REAL,
  kept_with_gold INTEGER,     -- over all gradient samples
  kept_right INTEGER,
  train_seconds REAL,
  evaluate_seconds REAL,
  test_row_numbers BLOB,      -- the test rows with gold, of the data, all splits counted, from 0: little-endian
                              -- 32-bit integers; NULL without a test
  test_gold BLOB,             -- their class numbers: little-endian 16-bit integers
  test_predicted BLOB         -- and what the best student said
);
)sql";

} // namespace stillroom
