"""Our statistics against PyPI's scipy, statsmodels and numpy: the same numbers to 1e-6 and much less.

    python3 tests/peers/compare_statistics.py --program build/release/tests/statistics_of

Means with Student's intervals, paired t, Wilcoxon's signed ranks (exact, with ties, with zeros, by the normal
approximation), all flips of signs, effect sizes, bootstrap intervals (percentile and BCa) and those from a test set,
McNemar, Holm, Benjamini-Hochberg, Friedman and Nemenyi, over random samples, heavy ties, one-sided ones and few.
The bootstraps' random streams are written again here, so that the same rows are drawn; scipy makes the intervals.
Exits 0 when all are equal, 77 when a package is missing.
"""

import argparse
import sys

sys.dont_write_bytecode = True  # nothing is left beside the sources
from peer import Program, skip

try:
    import numpy as np
    import scipy
    from scipy import stats
    from scipy.special import gammaln
    import statsmodels
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.multitest import multipletests
except ImportError as missing:
    skip(f"this Python has no package '{missing.name}'; pip install scipy statsmodels into one and set "
         "STILLROOM_PEERS_PYTHON to it")

LIMIT = 1e-6
WORD = (1 << 64) - 1


def mix64(x):
    x = (x + 0x9E3779B97F4A7C15) & WORD
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & WORD
    return x ^ (x >> 31)


class Stream:
    """xoshiro256**, seeded by splitmix64 from a seed and a purpose, as Blackman and Vigna publish it."""

    def __init__(self, seed, purpose):
        name = 0xCBF29CE484222325
        for byte in purpose.encode():
            name = ((name ^ byte) * 0x100000001B3) & WORD
        x = mix64(seed) ^ name ^ mix64(0x51ED270B)
        self.state = []
        for _ in range(4):
            x = mix64(x)
            self.state.append(x)

    def below(self, bound):
        s = self.state
        turned = lambda v, k: ((v << k) | (v >> (64 - k))) & WORD
        result = (turned((s[1] * 5) & WORD, 7) * 9) & WORD
        t = (s[1] << 17) & WORD
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = turned(s[3], 45)
        return ((result >> 32) * bound) >> 32


def macro_f1(gold, said, classes):
    """scikit-learn's default: over the classes that occur in either."""
    both = np.bincount(gold, minlength=classes) + np.bincount(said, minlength=classes)
    hit = np.bincount(gold[gold == said], minlength=classes)
    occurs = both > 0
    return np.mean(2 * hit[occurs] / both[occurs])


class Comparison:
    def __init__(self, program):
        self.program = Program(program)
        self.worst = {}
        self.cases = {}

    def ours(self, command, *numbers):
        words = " ".join(float(n).hex() for part in numbers for n in np.atleast_1d(part))
        return np.array([float.fromhex(w) if "x" in w else float(w)
                         for w in self.program.say(f"{command} {words}").split()])

    def note(self, what, mine, theirs):
        mine, theirs = np.atleast_1d(mine).astype(float), np.atleast_1d(theirs).astype(float)
        if mine.shape != theirs.shape:
            raise RuntimeError(f"{what}: {len(mine)} numbers of ours, {len(theirs)} of the peer's")
        same = (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
        difference = np.where(same, 0.0, abs(mine - theirs) / np.maximum(1, abs(theirs)))
        self.worst[what] = max(self.worst.get(what, 0.0), float(np.max(difference)))
        self.cases[what] = self.cases.get(what, 0) + 1
        if not np.max(difference) <= LIMIT:
            print(f"  {what}: ours {mine}, the peer's {theirs}")


def differences(random):
    """Samples of paired differences; dyadic ones add up without rounding, so that ties are ties."""
    for count in (2, 3, 4, 5, 5, 5, 8, 10, 13, 14, 20, 50, 51, 80):
        yield random.normal(0.3, 1, count)
        yield np.round(random.normal(0.2, 1, count) * 8) / 8  # ties and zeros
        yield np.round(random.normal(1.5, 0.5, count) * 16) / 16
    yield np.array([0.25, 0.5, 1.0, 2.0, 4.0])
    yield np.array([0.0, 0.0, 0.5, -0.5, 1.0])
    yield -np.arange(1, 21) / 1024


def compare_paired(c, random):
    for d in differences(random):
        if d.std() == 0:
            continue
        t, tp, w, wp, flips, dz, g = c.ours("paired", d)
        theirs = stats.ttest_1samp(d, 0)
        c.note("paired t", [t, tp], [theirs.statistic, theirs.pvalue])
        theirs = stats.wilcoxon(d)
        c.note("Wilcoxon", [w, wp], [theirs.statistic, theirs.pvalue])
        if len(d) <= 14:
            theirs = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf,
                                            vectorized=True)
            c.note("flips of signs", flips, theirs.pvalue)
        own = d.mean() / d.std(ddof=1)
        m = len(d) - 1
        factor = np.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / np.sqrt(m / 2) if m > 1 else 1
        c.note("effect sizes", [dz, g], [own, own * factor])
        for level in (0.8, 0.95, 0.99):
            mean, deviation, low, high = c.ours("mean", level, d)
            theirs = stats.ttest_1samp(d, 0).confidence_interval(level)
            c.note("mean, deviation, Student's interval", [mean, deviation, low, high],
                   [d.mean(), d.std(ddof=1), theirs.low, theirs.high])


def compare_bootstrap(c, random):
    for count in (2, 3, 5, 5, 8, 20):
        for shape in ("normal", "skewed"):
            values = random.normal(0.7, 0.01, count) if shape == "normal" else random.exponential(1, count)
            values = np.round(values * 2**20) / 2**20
            for level, resamples in ((0.95, 999), (0.9, 400)):
                stream = Stream(1, "bootstrap")
                drawn = np.array([[stream.below(count) for _ in range(count)] for _ in range(resamples)])
                replicates = values[drawn].mean(axis=1)
                mine = c.ours("bootstrap", level, resamples, values)
                made = stats.bootstrap((values,), np.mean, n_resamples=2, vectorized=True, method="basic")
                made.bootstrap_distribution = replicates
                theirs = []
                for method in ("percentile", "BCa"):
                    theirs += list(stats.bootstrap((values,), np.mean, n_resamples=0, confidence_level=level,
                                                   vectorized=True, method=method,
                                                   bootstrap_result=made).confidence_interval)
                c.note("bootstrap", mine, theirs)


def compare_test_sets(c, random):
    for classes, rows, resamples in ((2, 40, 200), (3, 200, 200), (10, 300, 100)):
        gold = np.sort(random.integers(0, classes, rows))
        told = lambda share: np.where(random.random(rows) < share, gold, random.integers(0, classes, rows))
        first, second = told(0.8), told(0.7)
        first[:3] = 0
        # Rows in the order in which ours lie: by gold, then by what was said.
        confusion = np.zeros((classes, classes), int)
        np.add.at(confusion, (gold, first), 1)
        order = np.lexsort((first, gold))
        g, a = gold[order], first[order]
        stream = Stream(1, "test rows")
        draws = [np.array([stream.below(rows) for _ in range(rows)]) for _ in range(resamples)]
        ends = [2.5, 97.5]
        mine = c.ours("confusion", 0.95, resamples, confusion.ravel())
        accuracy = [np.mean(g[d] == a[d]) for d in draws]
        f1 = [macro_f1(g[d], a[d], classes) for d in draws]
        c.note("test set's intervals", mine, np.concatenate([np.percentile(v, ends) for v in (accuracy, f1)]))
        order = np.lexsort((second, first, gold))
        g, a, b = gold[order], first[order], second[order]
        shuffled = random.permutation(rows)
        mine = c.ours("rows", 0.95, resamples, classes,
                      np.stack([gold, first, second], axis=1)[shuffled].ravel())
        accuracy = [np.mean(g[d] == a[d]) - np.mean(g[d] == b[d]) for d in draws]
        f1 = [macro_f1(g[d], a[d], classes) - macro_f1(g[d], b[d], classes) for d in draws]
        p = [min(1, 2 * (1 + min(np.sum(np.array(v) <= 0), np.sum(np.array(v) >= 0))) / (1 + resamples))
             for v in (accuracy, f1)]
        c.note("test set's intervals of a difference", mine,
               np.concatenate([np.percentile(v, ends) for v in (accuracy, f1)] + [p]))


def compare_mcnemar(c):
    for b, d in ((0, 1), (1, 0), (5, 1), (10, 12), (30, 52), (400, 350), (0, 25), (3000, 2890)):
        exact = mcnemar([[0, b], [d, 0]], exact=True)
        squared = mcnemar([[0, b], [d, 0]], exact=False, correction=True)
        binomial = stats.binomtest(b, b + d, 0.5)
        c.note("McNemar", c.ours("mcnemar", b, d), [exact.pvalue, squared.statistic, squared.pvalue])
        c.note("McNemar against binomtest", c.ours("mcnemar", b, d)[0], binomial.pvalue)


def compare_corrections(c, random):
    for count in (1, 2, 3, 10, 11, 40):
        for p in (random.random(count), random.random(count) ** 4, np.full(count, 0.02)):
            theirs = np.concatenate([multipletests(p, method="holm")[1], stats.false_discovery_control(p)])
            c.note("Holm, Benjamini-Hochberg", c.ours("correct", p), theirs)


def compare_ranks(c, random):
    for configurations in (3, 4, 6, 11):
        for sets in (2, 3, 5, 12):
            for values in (random.random((sets, configurations)),
                           np.round(random.random((sets, configurations)) * 4) / 4):
                mine = c.ours("friedman", configurations, values.ravel())
                if all(len(set(row)) == 1 for row in values):
                    continue
                theirs = stats.friedmanchisquare(*values.T)
                ranks = np.mean([stats.rankdata(-row) for row in values], axis=0)
                c.note("Friedman", mine, np.concatenate([[theirs.statistic, theirs.pvalue], ranks]))
    for k in (2, 3, 5, 10, 11, 30):
        for level in (0.9, 0.95, 0.99):
            q = stats.studentized_range.ppf(level, k, np.inf) / np.sqrt(2)
            c.note("Nemenyi", c.ours("nemenyi", k, 7, level)[0], q * np.sqrt(k * (k + 1) / (6 * 7)))
        for q in (0.1, 1, 3, 5, 9):
            c.note("range of normal numbers", c.ours("range", q, k), stats.studentized_range.cdf(q, k, np.inf))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    c = Comparison(arguments.parse_args().program)
    random = np.random.default_rng(6)
    print(f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}")
    compare_paired(c, random)
    compare_bootstrap(c, random)
    compare_test_sets(c, random)
    compare_mcnemar(c)
    compare_corrections(c, random)
    compare_ranks(c, random)
    for what, difference in c.worst.items():
        print(f"{what}: largest difference {difference:.2g} over {c.cases[what]} cases")
    wrong = [what for what, difference in c.worst.items() if not difference <= LIMIT]
    print("equal" if not wrong else f"NOT equal: {', '.join(wrong)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
