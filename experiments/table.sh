#!/usr/bin/env bash
# Means and standard deviations over seeds of several experiments, as a table: accuracy and macro-F1 on the test split
# against the work that was done for them.
#   experiments/table.sh [--seeds N] [--data DIR] [--set KEY=VALUE]... [NAME...]
#       default: 5 seeds of the HumAID experiments; --set changes a setting of each, as in stillroom-cli. What each seed
#       gave is told on stderr at once.
# Needs a built stillroom-cli (packaging/run builds it), or $STILLROOM_CLI.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cli=${STILLROOM_CLI:-build/release/bin/stillroom-cli}
seeds=5
data=${STILLROOM_DATA:-}
names=()
changes=()
while [ $# -gt 0 ]; do
    case $1 in
    --seeds) seeds=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --set) changes+=(--set "$2"); shift 2 ;;
    *) names+=("$1"); shift ;;
    esac
done
[ ${#names[@]} -gt 0 ] || names=(humaid-gold humaid-all humaid-llkd humaid-random-fixed humaid-random humaid-teacher)
[ -x "$cli" ] || { echo "table.sh: $cli is not there; build it with packaging/run, or set STILLROOM_CLI" >&2; exit 2; }
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

# The numbers wanted of one JSON object, in order. Keys are sorted, so each object's part is found by its name.
numbers() {
    sed -E 's/.*"samples":\{[^}]*"distinct_share":([^,}]*)[^}]*"gradient_share":([^,}]*).*"train":([^,}]*)\},"seed".*"test":\{"accuracy":([^,]*),[^}]*"macro_f1":([^,]*),.*/\4 \5 \2 \1 \3/'
}

printf '%-22s %-17s %-17s %-15s %-15s %s\n' "experiment, $seeds seeds" "accuracy" "macro-F1" "gradient share" "distinct share" "train s"
for name in "${names[@]}"; do
    for seed in $(seq "$seeds"); do
        "$cli" run "$name" --seed "$seed" --runs "$runs" --quiet --json ${data:+--data "$data"} "${changes[@]}" |
            numbers | tee >(sed "s/^/$name, seed $seed: /" >&2) || exit 1
        rm -rf "${runs:?}"/*
    done | awk -v name="$name" '
        { for (i = 1; i <= NF; i++) { sum[i] += $i; square[i] += $i * $i } n++ }
        function sd(i) { v = n > 1 ? (square[i] - sum[i] * sum[i] / n) / (n - 1) : 0; return v > 0 ? sqrt(v) : 0 }
        END { if (n) printf "%-22s %.4f ± %.4f   %.4f ± %.4f   %.3f ± %.3f   %.3f ± %.3f   %.2f\n", name,
              sum[1]/n, sd(1), sum[2]/n, sd(2), sum[3]/n, sd(3), sum[4]/n, sd(4), sum[5]/n }'
done
