#!/usr/bin/env bash
# Does it pay to ask an LLM about what the student is uncertain of? humaid-asking's 2,000 calls of 44,373, asked in rounds
# and asked at random, as means and standard deviations over seeds, with paired differences (same seed, so the same first
# round's texts) and their 95 % confidence intervals by Student's t.
#   experiments/asking.sh [--seeds N] [--data DIR] [--set KEY=VALUE]... [NAME=ASKING]...
#       default: 5 seeds of the four below; --set changes a setting of each, as in stillroom-cli. The first one is what the
#       others are compared with. What each seed gave is told on stderr at once.
# Needs a built stillroom-cli (packaging/run builds it), or $STILLROOM_CLI.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cli=${STILLROOM_CLI:-build/release/bin/stillroom-cli}
seeds=5
data=${STILLROOM_DATA:-}
ways=()
changes=()
while [ $# -gt 0 ]; do
    case $1 in
    --seeds) seeds=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --set) changes+=(--set "$2"); shift 2 ;;
    *) ways+=("$1"); shift ;;
    esac
done
[ ${#ways[@]} -gt 0 ] || ways=("random={pick: random}" "without diversity={diversity: none}" "by chance={diversity: chance}"
    "by classes={diversity: classes}")
[ -x "$cli" ] || { echo "asking.sh: $cli is not there; build it with packaging/run, or set STILLROOM_CLI" >&2; exit 2; }
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

# Accuracy and macro-F1 on the test split, and the accuracy of the answers that were asked for. Keys are sorted, so each
# object's part is found by its name.
numbers() {
    sed -E 's/.*"teacher":\{"accuracy":([^,]*),.*"test":\{"accuracy":([^,]*),[^}]*"macro_f1":([^,]*),.*/\2 \3 \1/'
}

for way in "${ways[@]}"; do
    name=${way%%=*}
    for seed in $(seq "$seeds"); do
        result=$("$cli" run humaid-asking --set "asking=${way#*=}" --seed "$seed" --runs "$runs" --quiet --json --threads 1 \
            ${data:+--data "$data"} "${changes[@]}" | numbers)
        echo "$name, seed $seed: $result" >&2
        printf '%s\t%s\t%s\n' "$name" "$seed" "${result// /$'\t'}"
        rm -rf "${runs:?}"/*
    done
done | awk -F '\t' '
    function sd(sum, square, n) { v = n > 1 ? (square - sum * sum / n) / (n - 1) : 0; return v > 0 ? sqrt(v) : 0 }
    # Two-sided 95 % points of Student'\''s t for 1 to 9 degrees of freedom, then the normal one.
    function t(df) { split("12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262", q, " "); return df in q ? q[df] : 1.96 }
    !($1 in place) { place[$1] = ++ways; names[ways] = $1 }
    { w = place[$1]; if ($2 > seeds) seeds = $2; for (k = 1; k <= 3; k++) value[w, $2, k] = $(k + 2) }
    END {
        printf "%-22s %-17s %-17s %-17s %-21s %s\n", "asked, " seeds " seeds", "accuracy", "macro-F1", "answers right",
               "accuracy − " names[1], "macro-F1 − " names[1]
        for (w = 1; w <= ways; w++) {
            printf "%-22s", names[w]
            for (k = 1; k <= 3; k++) {
                sum = square = 0
                for (s = 1; s <= seeds; s++) { sum += value[w, s, k]; square += value[w, s, k] ^ 2 }
                printf " %.4f ± %.4f  ", sum / seeds, sd(sum, square, seeds)
            }
            for (k = 1; k <= 2 && w > 1; k++) {
                sum = square = 0
                for (s = 1; s <= seeds; s++) { d = value[w, s, k] - value[1, s, k]; sum += d; square += d * d }
                printf "%+.4f (± %.4f)     ", sum / seeds, (seeds > 1 ? t(seeds - 1) * sd(sum, square, seeds) / sqrt(seeds) : 0)
            }
            printf "\n"
        }
    }'
