"""Our encoder against PyPI's `transformers`: the same hidden states, the same weights after training, and no slower.

    python3 tests/peers/compare_encoders.py --program build/release/tests/encoder_states [--only states|training|time]
    … --time training|scoring [--batch 32] [--length 64] [--shortest N] [--threads 2] [--pairs 7]

States: MiniLM (packaging/get-encoder minilm puts it in place) and small encoders drawn here, saved by `transformers`
whole, in shards and with the names of 2018. Training: ten steps of AdamW in float64 without dropout. Time: one batch of
theirs and one of ours in turn; theirs is eager attention in this Python's torch. With --shortest the texts have from so
many tokens to --length, and only those count: theirs is given the padding with its mask, as it takes texts. The test
compares states and training; --time is for a machine that has nothing else to do. Exits 0 when all is equal (and fast
enough), 77 when something that it needs is missing.
"""

import argparse
import ctypes
import os
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
os.environ["HF_HUB_OFFLINE"] = "1"

from peer import Program, find_minilm, skip

try:
    import torch
    import transformers
    from safetensors.torch import load_file, save_file
    from transformers import (AutoModel, AutoTokenizer, BertConfig, BertModel, DistilBertConfig, DistilBertModel,
                              RobertaConfig, RobertaModel)
except ImportError as missing:
    skip(f"this Python has no package '{missing.name}'; pip install torch transformers into one and set "
         "STILLROOM_PEERS_PYTHON to it")
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()

STATES = 1e-4
WEIGHTS = 1e-8
SENTENCES = [
    "Water is rising fast in the lower streets and we need boats, please share.",
    "Donate blankets at the community hall on 5th Avenue until 9 pm.",
    "The bridge to the north is closed; trucks cannot pass since Monday morning, says the county.",
    "Pray for everyone!",
    "Three people are missing after the fire near the old mill, and volunteers who know the woods are asked to meet at "
    "the school, bring lamps, warm clothes and something to drink, because the search will go on through the night.",
    "ok",
    "I lost my dog Charlie, brown, answers to whistling, last seen at the shelter in Montréal",
    "Thanks to the firefighters for saving our house :)",
]


def load(folder, dtype=torch.float32):
    return AutoModel.from_pretrained(folder, attn_implementation="eager").to(dtype).eval()


def random_batch(generator, vocabulary, lengths, pad, first):
    """Ids from `first` on, padded on the right; the mask is None when all are of one length."""
    ids = torch.randint(first, vocabulary, (len(lengths), max(lengths)), generator=generator)
    mask = torch.arange(max(lengths)).expand(len(lengths), -1) < torch.tensor(lengths).unsqueeze(1)
    ids[~mask] = pad
    return ids, (None if bool(mask.all()) else mask)


def compare_states(name, ours, model, ids, mask, folder):
    """1 when they differ."""
    save_file({"ids": ids, **({} if mask is None else {"mask": mask})}, os.path.join(folder, "in"))
    ours.say(f"states {folder}/in {folder}/out")
    got = load_file(os.path.join(folder, "out"))
    whole = torch.ones_like(ids, dtype=torch.bool) if mask is None else mask
    with torch.inference_mode():
        wanted = model(input_ids=ids, attention_mask=whole.long()).last_hidden_state
    weight = whole.unsqueeze(2).float()
    far = max((got["states"] - wanted)[whole].abs().max().item(),
              (got["cls"] - wanted[:, 0]).abs().max().item(),
              (got["mean"] - (wanted * weight).sum(1) / weight.sum(1)).abs().max().item())
    print(f"{name}: {tuple(ids.shape)} tokens, {int(whole.sum())} without padding, largest difference {far:.1e} "
          f"(states up to {wanted.abs().max().item():.1f})", flush=True)
    return not far <= STATES  # a NaN is wrong too


def small_models():
    """Name, model drawn at random with weights large enough to matter, and how it is saved."""
    sizes = dict(vocab_size=300, hidden_size=48, num_hidden_layers=3, num_attention_heads=4, intermediate_size=100,
                 max_position_embeddings=80, initializer_range=0.2)
    distil = dict(vocab_size=300, dim=48, n_layers=3, n_heads=4, hidden_dim=100, max_position_embeddings=80,
                  initializer_range=0.2)
    torch.manual_seed(4)
    yield "RoBERTa", RobertaModel(RobertaConfig(**{**sizes, "type_vocab_size": 1, "pad_token_id": 1})), {}
    yield "DistilBERT", DistilBertModel(DistilBertConfig(**distil)), {}
    yield "DistilBERT with relu", DistilBertModel(DistilBertConfig(**distil, activation="relu")), {}
    yield "BERT with gelu_new", BertModel(BertConfig(**sizes, hidden_act="gelu_new")), {}
    yield "BERT in shards", BertModel(BertConfig(**sizes)), {"max_shard_size": "40KB"}
    odd = dict(sizes, hidden_size=63, num_attention_heads=9)
    yield "BERT with heads of 7, old names", BertModel(BertConfig(**odd)), {"old": True}


def disturb(model):
    """Norms and biases away from one and zero, so that one in the wrong place is seen."""
    with torch.no_grad():
        for name, value in model.named_parameters():
            if value.dim() == 1:
                value.add_(torch.randn_like(value) * 0.1)


def save_model(model, folder, max_shard_size="5GB", old=False):
    os.makedirs(folder)
    model.save_pretrained(folder, max_shard_size=max_shard_size, safe_serialization=True)
    if old:
        path = os.path.join(folder, "model.safetensors")
        renamed = {"bert." + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"):
                   value for name, value in load_file(path).items()}
        renamed["cls.predictions.bias"] = torch.zeros(3)
        renamed["bert.embeddings.position_ids"] = torch.arange(80).unsqueeze(0)
        save_file(renamed, path)
    shards = [name for name in os.listdir(folder) if name.endswith(".safetensors")]
    assert (len(shards) > 1) == (max_shard_size != "5GB"), shards


def compare_all_states(program, folder):
    ours = Program(program)
    generator = torch.Generator().manual_seed(4)
    wrong = 0
    for number, (name, model, how) in enumerate(small_models()):
        disturb(model)
        where = os.path.join(folder, f"model{number}")
        save_model(model, where, **how)
        ours.say("open " + where)
        peer = load(where) if not how.get("old") else model.eval()
        pad = model.config.pad_token_id
        for lengths in ([1], [7, 7], [40, 3, 17, 1], [78] * 2):
            ids, mask = random_batch(generator, 300, lengths, pad, 5)
            wrong += compare_states(name, ours, peer, ids, mask, folder)
        if name == "RoBERTa":  # a padding id within a text has its own place and does not count
            ids, mask = random_batch(generator, 300, [20, 30], pad, 5)
            ids[0, 7] = ids[1, 29] = pad
            wrong += compare_states(name + " with padding ids in its texts", ours, peer, ids, mask, folder)
        # What we write is read by `transformers`, and is the same encoder.
        again = os.path.join(folder, f"again{number}")
        os.makedirs(again)
        ours.say("save " + again)
        ids, mask = random_batch(generator, 300, [20, 30], pad, 5)
        wrong += compare_states(name + ", saved by us", ours, load(again), ids, mask, folder)
    minilm = find_minilm("model.safetensors")
    if not minilm:
        return wrong, "MiniLM is not there; packaging/get-encoder minilm fetches it"
    ours.say("open " + minilm)
    peer = load(minilm)
    tokenizer = AutoTokenizer.from_pretrained(minilm)
    for texts in (SENTENCES, SENTENCES[:1], [" ".join(SENTENCES * 8)], [" ".join(SENTENCES * 8), SENTENCES[3]]):
        batch = tokenizer(texts, padding=True, truncation=True, max_length=512, return_tensors="pt")
        mask = batch["attention_mask"].bool()
        wrong += compare_states("MiniLM", ours, peer, batch["input_ids"], None if bool(mask.all()) else mask, folder)
    return wrong, None


def compare_training(name, ours, where, folder, steps=10, rate=1e-3, decay=0.05):
    """1 when the weights differ after so many steps."""
    generator = torch.Generator().manual_seed(8)
    model = load(where, torch.float64)
    width, pad = model.config.hidden_size, model.config.pad_token_id
    head = torch.nn.Linear(width, 5).double()
    batches = [random_batch(generator, model.config.vocab_size, [12, 5, 9, 12, 1, 7], pad, 5) for _ in range(steps)]
    labels = torch.randint(5, (steps, 6), generator=generator)
    save_file({"ids": torch.stack([ids for ids, _ in batches]), "mask": torch.stack([mask for _, mask in batches]),
               "labels": labels, "head.weight": head.weight.detach().clone(), "head.bias": head.bias.detach().clone()},
              os.path.join(folder, "in"))
    ours.say(f"train {folder}/in {folder}/out {rate} {decay}")
    got = load_file(os.path.join(folder, "out"))
    named = [(n, p) for n, p in model.named_parameters() if "pooler" not in n]
    before = {n: p.detach().clone() for n, p in named}
    parameters = [p for _, p in named] + [head.weight, head.bias]
    optimizer = torch.optim.AdamW([{"params": [p for p in parameters if p.dim() > 1], "weight_decay": decay},
                                   {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0}], lr=rate)
    for step, (ids, mask) in enumerate(batches):
        states = model(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        loss = torch.nn.functional.cross_entropy(head(states[:, 0]), labels[step])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    named += [("head.weight", head.weight), ("head.bias", head.bias)]
    # A key's bias adds the same to all scores of a query: its gradient is rounding, and Adam makes steps of that.
    compared = [(n, p.detach()) for n, p in named if not n.endswith(("key.bias", "k_lin.bias"))]
    assert sorted(got) == sorted(n for n, _ in named), "other tensors"
    far, worst = max(((got[n] - p).abs().max().item(), n) for n, p in compared)
    moved = min((before[n] - p).abs().max().item() for n, p in compared if n in before and "position" not in n)
    print(f"{name}: {steps} steps in float64, loss {loss.item():.3f}, every tensor moved by {moved:.0e} or more, largest "
          f"difference {far:.1e} ({worst})", flush=True)
    return not (far <= WEIGHTS and moved > 0)


def compare_all_training(program, folder):
    ours = Program(program)
    wrong = 0
    for number, (name, model, how) in enumerate(small_models()):
        disturb(model)
        where = os.path.join(folder, f"trained{number}")
        save_model(model, where, **{**how, "old": False})
        ours.say("open " + where)
        wrong += compare_training(name, ours, where, folder)
    return wrong


def measure(given, what):
    """1 when ours is slower. Medians of pairs, after two uncounted."""
    minilm = find_minilm("model.safetensors")
    if not minilm:
        skip("no speed measured: MiniLM is not there; packaging/get-encoder minilm fetches it")
    libc = ctypes.CDLL(None)  # as the program does it for itself: freed memory stays with the process
    libc.mallopt(-3, 1 << 30)
    libc.mallopt(-1, 2000000000)
    ours = Program(given.program)
    ours.say("open " + minilm)
    torch.set_num_threads(given.threads)
    model = load(minilm)
    head = torch.nn.Linear(model.config.hidden_size, 10)
    ids = torch.randint(model.config.vocab_size, (given.batch, given.length))
    shortest = given.length if given.shortest is None else given.shortest
    tokens = torch.arange(given.batch) * (given.length - shortest) // max(1, given.batch - 1) + shortest
    lengths = f"{shortest} to {given.length}" if shortest < given.length else given.length
    mask = (torch.arange(given.length) < tokens[:, None]).long()
    labels = torch.randint(10, (given.batch,))
    parameters = [p for n, p in model.named_parameters() if "pooler" not in n] + list(head.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-6)

    def train():
        model.train()
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        loss = torch.nn.functional.cross_entropy(head(states[:, 0]), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    def score():
        model.eval()
        with torch.inference_mode():
            head(model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0])

    model.pooler = None  # neither side computes it
    theirs = train if what.startswith("training") else score
    mine, others = [], []
    for pair in range(given.pairs + 2):
        begin, processor = time.perf_counter(), time.process_time()
        theirs()
        other = time.perf_counter() - begin, time.process_time() - processor
        said = ours.say(f"time {what} {given.batch} {shortest} {given.length} {given.threads}")
        own = [float(value) for value in said.split()]
        if pair >= 2:
            mine.append(own)
            others.append(other)
    ratios, processor = ([other[k] / own[k] for own, other in zip(mine, others)] for k in (0, 1))
    ratio = statistics.median(ratios)
    speeds = [mask.sum().item() / statistics.median(pair[0] for pair in side) for side in (mine, others)]
    print(f"{what}, MiniLM, {given.batch} texts of {lengths} tokens, {given.threads} thread(s): "
          f"{speeds[0]:,.0f} tokens/s against {speeds[1]:,.0f} of transformers {transformers.__version__} eager, torch "
          f"{torch.__version__}: {ratio:.2f} times (pairs {min(ratios):.2f} to {max(ratios):.2f}, median of "
          f"{len(ratios)}; by processor time {statistics.median(processor):.2f}); ours: {ours.say('about')}; "
          f"OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE', '(not set)')}", flush=True)
    return ratio < 1.0


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--only", choices=["states", "training"])
    arguments.add_argument("--time", choices=["training", "scoring", "training-bf16", "scoring-bf16"], action="append")
    arguments.add_argument("--batch", type=int, default=32)
    arguments.add_argument("--length", type=int, default=64)
    arguments.add_argument("--shortest", type=int, help="tokens of the shortest text; else all have --length")
    arguments.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments.add_argument("--pairs", type=int, default=7)
    given = arguments.parse_args()
    if given.shortest is not None and not 1 <= given.shortest <= given.length:
        arguments.error("--shortest must lie between 1 and --length")
    if given.time:
        slow = sum([measure(given, what) for what in given.time])
        print("fast enough" if not slow else "too slow")
        sys.exit(1 if slow else 0)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}")
    wrong, missing = 0, None
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "training":
            wrong, missing = compare_all_states(given.program, folder)
        if given.only != "states":
            wrong += compare_all_training(given.program, folder)
    if missing and not wrong:
        skip("all else is equal, but " + missing)
    print("equal" if not wrong else "NOT equal")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
