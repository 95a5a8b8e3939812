"""Our calibrations against PyPI's scikit-learn, scipy and numpy: the same numbers to 1e-6 and much less.

    python3 tests/peers/compare_calibration.py --program build/release/tests/calibrations

Isotonic regression against sklearn.isotonic.IsotonicRegression, histogram binning against its definition in numpy and
scipy's ranks, temperature against scipy's minimizer on the mean of -log q_gold, the calibration error against numpy:
random rows, heavy ties, all right, all wrong, one row. Exits 0 when all are equal, 77 when a package is missing.
"""

import argparse
import sys

sys.dont_write_bytecode = True  # nothing is left beside the sources
from peer import Program, skip

try:
    import numpy as np
    import scipy
    import sklearn
    from scipy.optimize import minimize_scalar
    from scipy.stats import rankdata
    from sklearn.isotonic import IsotonicRegression
except ImportError as missing:
    skip(f"this Python has no package '{missing.name}'; pip install scikit-learn into one and set "
         "STILLROOM_PEERS_PYTHON to it")

LIMIT = 1e-6


class Ours(Program):
    """calibrations, one process."""

    def give(self, what, classes, lines):
        self.say("\n".join([f"{what} {len(lines)} {classes}"] + lines))

    def numbers(self, command):
        return [float.fromhex(word) if "x" in word else float(word) for word in self.say(command).split()]

    def fit(self, command):
        answer = self.numbers(command)
        count = int(answer[0])
        return np.array(answer[1 : 1 + count]), np.array(answer[1 + count :])

    def corrected(self, values):
        return np.array(self.numbers("corrected " + " ".join(float(v).hex() for v in values)))


def cases(random):
    """(name, confidence, right)"""
    def drawn(confidence):
        return (random.random(len(confidence)) < 0.15 + 0.75 * confidence**2).astype(int)

    def float32(values):
        return np.asarray(values, np.float32).astype(np.float64)

    for count in (1, 2, 3, 20, 100, 1000, 20000):
        confidence = float32(random.random(count))
        yield f"{count} different", confidence, drawn(confidence)
    for count in (20, 1000, 20000):
        confidence = float32(random.integers(1, 21, count) / 20)
        yield f"{count} of twenty", confidence, drawn(confidence)
    stated = np.array([0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0])
    for count in (8, 30, 500, 44373):
        confidence = float32(random.choice(stated, count, p=[0.01, 0.01, 0.05, 0.2, 0.24, 0.46, 0.02, 0.01]))
        yield f"{count} as an LLM states them", confidence, drawn(confidence)
    confidence = float32(random.random(500))
    yield "all right", confidence, np.ones(500, int)
    yield "all wrong", confidence, np.zeros(500, int)
    yield "the surer the worse", confidence, (random.random(500) > confidence).astype(int)
    yield "one confidence", np.full(300, 0.875), random.integers(0, 2, 300)
    yield "zeros and ones", random.integers(0, 2, 400).astype(float), random.integers(0, 2, 400)


def numpy_histogram(confidence, right, bins, asked):
    """Each tie where its middle rank falls; then the small ones to the next; nearest edge for what is asked."""
    part = np.floor(bins * (rankdata(confidence) - 0.5) / len(confidence)).astype(int)
    groups = [np.flatnonzero(part == p) for p in np.unique(part)]
    at = 0
    while len(groups) > 1 and at < len(groups):
        if len(groups[at]) >= 10:
            at += 1
        elif at + 1 < len(groups):
            groups[at : at + 2] = [np.concatenate(groups[at : at + 2])]
        else:
            groups[at - 1 : at + 1] = [np.concatenate(groups[at - 1 : at + 1])]
            break
    groups.sort(key=lambda rows: confidence[rows].min())
    edges = [(confidence[a].max() + confidence[b].min()) / 2 for a, b in zip(groups, groups[1:])]
    means = np.array([right[rows].mean() for rows in groups])
    return means[np.searchsorted(edges, asked, side="left")] if edges else np.full(len(asked), means[0])


def numpy_quality(confidence, right, classes):
    """Equal width by numpy's digitize, a tie's accuracy in equal mass by the mean of its rows."""
    count = len(confidence)
    width = np.clip(np.ceil(confidence * 15 - 1e-6).astype(int) - 1, 0, 14)
    ece_width = sum(abs((right[width == b] - confidence[width == b]).sum()) for b in range(15)) / count
    order = np.argsort(confidence, kind="stable")
    sorted_confidence = confidence[order]
    accuracy = np.array([right[confidence == c].mean() for c in np.unique(confidence)])
    gap = accuracy[np.searchsorted(np.unique(confidence), sorted_confidence)] - sorted_confidence
    edges = [m * count // 15 for m in range(16)]
    ece_mass = sum(abs(gap[a:b].sum()) for a, b in zip(edges, edges[1:])) / count
    each = (1 - confidence) / (classes - 1)
    q = np.where(right == 1, confidence, each)
    brier = np.mean(confidence**2 + (classes - 1) * each**2 - 2 * q + 1)
    return ece_width, ece_mass, brier, np.mean(-np.log(np.maximum(q, 1e-12)))


def scipy_temperature(logs, gold):
    def loss(log_temperature):
        scaled = logs / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        mass = np.exp(scaled).sum(axis=1)
        return np.mean(np.log(mass) - scaled[np.arange(len(gold)), gold])

    found = minimize_scalar(loss, bounds=(np.log(0.01), np.log(100)), method="bounded", options={"xatol": 1e-12})
    return np.exp(found.x), loss


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    ours = Ours(arguments.parse_args().program)
    random = np.random.default_rng(5)
    print(f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}")
    worst = dict.fromkeys(("isotonic", "knots", "histogram", "calibration error, Brier, NLL", "temperature",
                           "loss at the temperature"), 0.0)

    def note(what, difference):
        worst[what] = max(worst[what], float(np.max(difference)))

    count = 0
    for name, confidence, right in cases(random):
        count += 1
        classes = int(random.integers(2, 12))
        ours.give("rows", classes, [f"{float(c).hex()} {r}" for c, r in zip(confidence, right)])
        asked = np.concatenate([[0, 1], np.unique(confidence), np.linspace(0, 1, 101)])
        peer = IsotonicRegression(out_of_bounds="clip").fit(confidence, right)
        knots, values = ours.fit("isotonic")
        note("isotonic", abs(ours.corrected(asked) - peer.predict(asked)))
        # The peer keeps both knots of a jump that rounding made of equal means: compare what both keep to be.
        note("knots", abs(values - peer.predict(knots)))
        bins = int(random.choice([1, 2, 10, 15, 40]))
        ours.fit(f"histogram {bins}")
        note("histogram", abs(ours.corrected(asked) - numpy_histogram(confidence, right, bins, asked)))
        note("calibration error, Brier, NLL",
             abs(np.array(ours.numbers("quality")) - numpy_quality(confidence, right, classes)))
        each = np.maximum((1 - confidence) / (classes - 1), 1e-12)
        logs = np.repeat(np.log(each)[:, None], classes, axis=1)
        logs[:, 0] = np.log(np.maximum(confidence, 1e-12))
        compare_temperature(ours, note, name, logs, 1 - right)
    for classes in (2, 3, 10, 50):
        for sharpness in (0.5, 1, 4):
            count += 1
            logits = random.normal(size=(3000, classes)) * 2
            truth = logits / sharpness
            gold = np.array([random.choice(classes, p=np.exp(t) / np.exp(t).sum()) for t in truth])
            q = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            q = q.astype(np.float32)
            q[:7, 0] = 0  # a class that the teacher rules out
            ours.give("vectors", classes, [" ".join([str(g)] + [float(p).hex() for p in row])
                                           for g, row in zip(gold, q)])
            compare_temperature(ours, note, f"{classes} classes", np.log(np.maximum(q.astype(np.float64), 1e-12)), gold)
    for what, difference in worst.items():
        print(f"{what}: largest difference {difference:.2g} over {count} cases")
    wrong = [what for what, difference in worst.items() if not difference <= LIMIT]
    print("equal" if not wrong else f"NOT equal: {', '.join(wrong)}")
    sys.exit(1 if wrong else 0)


def compare_temperature(ours, note, name, logs, gold):
    mine = ours.numbers("temperature")[0]
    theirs, loss = scipy_temperature(logs, gold)
    # Ours is no worse; a minimizer that compares losses knows the place to the root of their rounding only.
    note("loss at the temperature", max(0.0, loss(np.log(mine)) - loss(np.log(theirs))))
    inside = 0.011 < theirs < 99
    if inside:
        slope = lambda t: derivative(logs, gold, t)
        low, high = theirs * 0.99, theirs * 1.01
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) > 0 else (low, middle)
        note("temperature", abs(mine - middle) / middle)


def derivative(logs, gold, temperature):
    """Of the loss by 1/T."""
    scaled = logs / temperature
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.mean((weights * logs).sum(axis=1) - logs[np.arange(len(gold)), gold])


if __name__ == "__main__":
    main()
