"""What `stillroom-cli export --format tensorboard` writes, read by PyPI's tensorboard: the same scalars as run.sqlite.

    python3 tests/peers/compare_tensorboard.py --program build/release/bin/stillroom-cli

Trains small runs with rules that have thresholds of each kind, exports them together, reads them with
EventAccumulator (which checks every record's checksums and drops what it cannot read) and with EventFileLoader, and
compares every number and step, as float32, with what sqlite3 reads from the run. Exits 0 when all are equal, 77 when
the package is missing.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left beside the sources
from peer import skip

try:
    import numpy as np
    import tensorboard
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.util import tensor_util
except ImportError as missing:
    skip(f"this Python has no package '{missing.name}'; pip install tensorboard into one and set "
         "STILLROOM_PEERS_PYTHON to it")

CLASSES = ["requests_or_urgent_needs", "not humanitarian/other", "その他の関連情報"]


def write_data(path):
    random.seed(1)
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,text,gold,label,confidence\n")
        for row in range(1200):
            gold = random.choices(range(3), weights=[6, 3, 1])[0]
            label = gold if random.random() < 0.8 else random.randrange(3)
            words = " ".join(f"c{gold}w{random.randrange(20)}" if random.random() < 0.3 else f"w{random.randrange(500)}"
                             for _ in range(8))
            file.write(f"{row},{words},{CLASSES[gold]},{CLASSES[label]},{random.choice([0.6, 0.8, 0.9, 0.95])}\n")


def expected(run):
    """{tag: [(step, float32)]} by run.sqlite; NULL is no number."""
    database = sqlite3.connect(f"file:{run}/run.sqlite?mode=ro", uri=True)
    classes = json.loads(database.execute("SELECT value FROM meta WHERE key = 'classes'").fetchone()[0])
    wanted = {}

    def add(tag, step, value):
        if value is not None:
            wanted.setdefault(tag, []).append((step, np.float32(value)))

    for step, candidates, kept, gold, right, loss, rate in database.execute(
            "SELECT step, candidates, kept, kept_with_gold, kept_right, loss, learning_rate FROM steps ORDER BY step"):
        add("train/loss", step, loss)
        add("train/learning_rate", step, rate)
        add("train/kept_share", step, kept / candidates)
        add("train/kept_precision", step, right / gold if gold else None)
    for split, step, *values in database.execute(
            "SELECT split, step, accuracy, macro_f1, loss, mean_uncertainty FROM evaluations ORDER BY step"):
        for name, value in zip(("accuracy", "macro_f1", "loss", "mean_uncertainty"), values):
            add(f"{split}/{name}", step, value)
    for step, *sides in database.execute("SELECT step, teacher_by_class, student_by_class, "
                                         "student_confidence_by_class FROM thresholds ORDER BY step"):
        for side, values in zip(("teacher", "student", "student_confidence"), sides):
            for name, value in zip(classes, json.loads(values)):
                add(f"threshold/{side}/{name}", step, value)
    for step, *values in database.execute(
            "SELECT step, seen, gradient, distinct_samples, samples_per_second, seconds FROM progress ORDER BY step"):
        for name, value in zip(("seen", "gradient", "distinct", "samples_per_second", "seconds_trained"), values):
            add(f"progress/{name}", step, value)
    times = database.execute("SELECT min(time) FROM states").fetchone()[0]
    return wanted, times


def loaded(folder):
    """The same by EventFileLoader, which gives events as the file has them."""
    (name,) = os.listdir(folder)
    found = {}
    for event in EventFileLoader(os.path.join(folder, name)).Load():
        for value in event.summary.value:
            number = tensor_util.make_ndarray(value.tensor).item()
            found.setdefault(value.tag, []).append((event.step, np.float32(number)))
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    program = os.path.abspath(arguments.parse_args().program)
    print(f"tensorboard {tensorboard.__version__}")
    wrong, numbers, tags = [], 0, set()
    with tempfile.TemporaryDirectory() as place:
        write_data(os.path.join(place, "data.csv"))
        with open(os.path.join(place, "e.yaml"), "w", encoding="utf-8") as file:
            file.write("name: to-export\ndata:\n  train: {files: data.csv, id: id, text: text, gold: gold}\n"
                       "  holdout: {validation: 0.2, test: 0.2}\n"
                       "teacher: {kind: columns, label: label, confidence: confidence}\n"
                       "student: {dimensions: 8, buckets: 16384}\ntraining: {epochs: 4}\n")
        runs = []
        for rule in ("llkd", "freematch", "all"):
            said = subprocess.run([program, "run", "e.yaml", "--json", "--quiet", "--set", f"selection.rule={rule}"],
                                  cwd=place, check=True, capture_output=True, text=True)
            runs.append(json.loads(said.stdout)["run"])
        said = subprocess.run([program, "export", *runs, "--format", "tensorboard", "--out", "out", "--json"],
                              cwd=place, check=True, capture_output=True, text=True)
        exports = json.loads(said.stdout)["exports"]
        assert [export["run"] for export in exports] == runs
        for export in exports:
            folder = os.path.join(place, export["folder"])
            wanted, began = expected(os.path.join(place, export["run"]))
            reader = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
            reader.Reload()
            # An event file's scalars are tensors to newer versions of the reader.
            scalars = reader.Tags()["scalars"]
            read = {tag: [(e.step, np.float32(e.value)) for e in reader.Scalars(tag)] for tag in scalars}
            times = [e.wall_time for tag in scalars for e in reader.Scalars(tag)]
            for tag in reader.Tags()["tensors"]:
                read[tag] = [(e.step, np.float32(tensor_util.make_ndarray(e.tensor_proto).item()))
                             for e in reader.Tensors(tag)]
                times += [e.wall_time for e in reader.Tensors(tag)]
            for what, got in (("EventAccumulator", read), ("EventFileLoader", loaded(folder))):
                if got.keys() != wanted.keys():
                    wrong.append(f"{what}: tags {sorted(got.keys() ^ wanted.keys())}")
                wrong += [f"{what}: {tag}" for tag in wanted.keys() & got.keys() if got[tag] != wanted[tag]]
            if not began <= min(times) <= max(times) < began + 3600:
                wrong.append(f"wall times from {min(times)} to {max(times)}, training began at {began}")
            count = sum(map(len, wanted.values()))
            if count != export["scalars"]:
                wrong.append(f"{count} numbers, said to be {export['scalars']}")
            numbers += count
            tags |= wanted.keys()
    for side in ("teacher", "student", "student_confidence"):
        if not any(tag.startswith(f"threshold/{side}/") for tag in tags):
            wrong.append(f"no rule here has thresholds of the {side}'s kind")
    print(f"{numbers} numbers under {len(tags)} tags of {len(runs)} runs")
    print("equal" if not wrong else "NOT equal:\n" + "\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
