"""Our tokenizers against PyPI's `tokenizers`: the same ids for every text, and no slower.

    python3 tests/peers/compare_tokenizers.py --program build/release/tests/token_ids [--only ids|speed]

Compares every code point (what it is, its decomposition, its lower case), every text of HumAID and Emotion where
../shared/data is there, and hard texts that it makes itself: WordPiece with MiniLM's vocabulary (packaging/get-encoder
minilm puts it in place) and byte-level BPE that `tokenizers` trains here, each read from tokenizer.json and from the
older files. Then measures both on the same texts, in turn. Exits 0 when all is equal and fast enough, 77 when
something that it needs is missing.
"""

import argparse
import json
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
from peer import SKIPPED, Program, find_minilm, skip
from texts import all_points, hard_texts, real_texts

try:
    import tokenizers
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
except ImportError:
    skip("this Python has no package 'tokenizers'; pip install tokenizers into one and set STILLROOM_PEERS_PYTHON to it")


class Ours(Program):
    """token_ids, one process."""

    def ids(self, path, max_length=0, threads=2):
        self.say(f"ids {max_length} {threads} {path}")
        with open(path, "rb") as file:
            data = file.read()
        out, at = [], 0
        while at < len(data):
            (count,) = struct.unpack_from("<I", data, at)
            out.append(list(struct.unpack_from(f"<{count}i", data, at + 4)))
            at += 4 + 4 * count
        return out


def write_texts(path, texts):
    """Bytes or str."""
    with open(path, "wb") as file:
        for text in texts:
            raw = text if isinstance(text, bytes) else text.encode()
            file.write(struct.pack("<I", len(raw)) + raw)


def as_str(text):
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def compare(name, ours, peer, texts, folder, max_length=0):
    """Counts differing texts; prints the first."""
    path = os.path.join(folder, "texts.bin")
    write_texts(path, texts)
    ours.say("texts " + path)
    got = ours.ids(os.path.join(folder, "ids.bin"), max_length)
    if max_length:
        peer.enable_truncation(max_length)
    else:
        peer.no_truncation()
    peer.no_padding()
    differing = tokens = 0
    for begin in range(0, len(texts), 5000):
        batch = [as_str(text) for text in texts[begin : begin + 5000]]
        for i, encoding in enumerate(peer.encode_batch_fast(batch)):
            tokens += len(encoding.ids)
            if encoding.ids != got[begin + i]:
                differing += 1
                if differing <= 3:
                    at = next((k for k, (a, b) in enumerate(zip(encoding.ids, got[begin + i])) if a != b), None)
                    print(f"  differs: {ascii(texts[begin + i])[:300]}")
                    at = min(len(encoding.ids), len(got[begin + i])) if at is None else at
                    print(f"    at token {at}: tokenizers {encoding.ids[max(at - 2, 0):at + 6]}"
                          f" {[peer.id_to_token(t) for t in encoding.ids[max(at - 2, 0):at + 6]]}")
                    print(f"    ours {got[begin + i][max(at - 2, 0):at + 6]}"
                          f" {[peer.id_to_token(t) for t in got[begin + i][max(at - 2, 0):at + 6]]}")
    print(f"{name}: {len(texts):,} texts, {tokens:,} tokens, {differing} texts differ", flush=True)
    return differing


def compare_characters(ours, folder):
    path = os.path.join(folder, "characters")
    ours.say("characters " + path)
    traits = {"Letter": 1, "Number": 2, "Space": 4, "Mark": 8, "Punctuation": 16, "Control": 32, "Ideograph": 64}

    def bert(**on):
        switches = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
        return normalizers.BertNormalizer(**{**switches, **on})

    clean, wide = bert(clean_text=True), bert(handle_chinese_chars=True)
    strip, lower = bert(strip_accents=True), bert(lowercase=True)
    nfd, words = normalizers.NFD(), pre_tokenizers.BertPreTokenizer()
    classes = [(name, pre_tokenizers.Split(Regex(pattern), "isolated"))
               for name, pattern in (("Letter", r"\p{L}"), ("Number", r"\p{N}"))]
    differing = 0
    with open(path) as file:
        for line in file:
            fields = line.split()
            c, trait, low, order = int(fields[0], 16), int(fields[1]), int(fields[2], 16), int(fields[3])
            char = chr(c)
            peer = 0
            if clean.normalize_str("a" + char + "b") == "ab":
                peer |= traits["Control"]
            if wide.normalize_str(char) != char:
                peer |= traits["Ideograph"]
            decomposed = nfd.normalize_str(char)
            if decomposed == char and strip.normalize_str(char) == "":
                peer |= traits["Mark"]
            pieces = [piece for piece, _ in words.pre_tokenize_str("a" + char + "b")]
            peer |= traits["Space"] if pieces == ["a", "b"] else traits["Punctuation"] if len(pieces) == 3 else 0
            for name, split in classes:
                if len(split.pre_tokenize_str(("x" if char == "-" else "-") + char)) == 2:
                    peer |= traits[name]
            if c == 0x2D:  # the split above has "-" beside it
                peer &= ~(traits["Letter"] | traits["Number"])
            if decomposed != char:  # its parts are looked at instead
                trait &= ~traits["Mark"]
            parts = "".join(chr(int(part, 16)) for part in fields[4:])
            # Whether a mark has an order at all; that it is the right one is Unicode's stability policy.
            moves = decomposed == char and (nfd.normalize_str(char + "\u0334") != char + "\u0334"
                                            or nfd.normalize_str("\u0315" + char) != "\u0315" + char)
            lowered = lower.normalize_str(char)
            if (trait != peer or parts != decomposed or (c != 0x130 and lowered != chr(low))
                    or (moves != (order > 0) and decomposed == char and order != 232)):
                differing += 1
                if differing <= 40:
                    print(f"  U+{c:04X}: ours {trait} {low:X} {order} {fields[4:]}, tokenizers {peer} "
                          f"{[hex(ord(x)) for x in lowered]} {moves} {[hex(ord(x)) for x in decomposed]}")
    print(f"characters: {differing} of {len(all_points()):,} code points differ", flush=True)
    return differing


def save(peer, folder):
    os.makedirs(folder, exist_ok=True)
    peer.save(os.path.join(folder, "tokenizer.json"))
    return folder


def train_bpe(texts, folder):
    """A RoBERTa-like tokenizer, and the same as vocab.json with merges.txt."""
    peer = Tokenizer(models.BPE())
    peer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=20000, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    peer.train_from_iterator(texts, trainer)
    peer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    peer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    save(peer, folder)
    older = os.path.join(folder, "older")
    os.makedirs(older, exist_ok=True)
    peer.model.save(older)
    with open(os.path.join(older, "tokenizer_config.json"), "w") as file:
        json.dump({"tokenizer_class": "RobertaTokenizer", "add_prefix_space": False}, file)
    return Tokenizer.from_file(os.path.join(folder, "tokenizer.json")), folder, older


def compare_added(ours, peer_json, hard, folder, rng):
    """Random added tokens with every switch, on texts full of them."""
    differing = 0
    names = ["<x>", "<xy>", "tok", " tok", "ok t", "Fire", "#", "ü", "[A]", "[a]", "\n", "  ", "火", "e\u0301", "###", "it's"]
    for turn in range(12):
        # White space that takes white space on its left makes `tokenizers` panic ("bad split").
        tokens = [AddedToken(name, single_word=rng.random() < 0.3, lstrip=not name[0].isspace() and rng.random() < 0.4,
                             rstrip=rng.random() < 0.4, normalized=rng.random() < 0.5, special=rng.random() < 0.5)
                  for name in rng.sample(names, rng.randint(1, 6))]
        peer = Tokenizer.from_str(peer_json)
        peer.add_tokens(tokens)
        ours.say("open " + save(peer, os.path.join(folder, f"added{turn}")))
        pool = names + [" ", "a", "!", "é", "\u200b", " x", "_", "\t"]
        texts = ["".join(rng.choice(pool) for _ in range(rng.randint(1, 15))) for _ in range(3000)]
        differing += compare(f"added tokens {[t.content for t in tokens]}", ours, peer, texts + hard[-500:], folder)
    return differing


def compare_models(ours, texts, hard, folder):
    """What the two real ones do not use: unknown bytes, words taken whole, other prefixes and lengths."""
    differing = 0
    peer = Tokenizer(models.BPE())
    peer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    peer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=1500, limit_alphabet=40, show_progress=False,
                                                        special_tokens=["<unk>", "<a>", "<b>"]))
    plain = json.loads(peer.to_str())
    plain["post_processor"] = {  # several tokens on both sides
        "type": "Sequence", "processors": [
            {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True},
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "x", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "<b>", "type_id": 1}}, {"SpecialToken": {"id": "x", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
             "special_tokens": {"x": {"id": "x", "ids": [1, 2], "tokens": ["<a>", "<b>"]},
                                "<b>": {"id": "<b>", "ids": [2], "tokens": ["<b>"]}}}]}
    for unknown, fuse, ignore, keep in ((None, False, False, 1), ("<unk>", False, False, 1), ("<unk>", True, False, 1),
                                        (None, False, True, 2), ("<unk>", True, True, 2)):
        model = dict(plain["model"], unk_token=unknown, fuse_unk=fuse, ignore_merges=ignore)
        model["merges"] = model["merges"][::keep] if keep == 1 else [m for m in model["merges"] if len("".join(m)) < 5]
        peer = Tokenizer.from_str(json.dumps(dict(plain, model=model)))
        ours.say("open " + save(peer, os.path.join(folder, "small-bpe")))
        differing += compare(f"BPE of 40 bytes, unknown {unknown}, fused {fuse}, merges ignored {ignore}", ours, peer,
                             texts[:20000] + hard, folder)
    peer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    peer.normalizer = normalizers.BertNormalizer()
    peer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    peer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=2000, special_tokens=["[UNK]"],
                                                              show_progress=False))
    plain = json.loads(peer.to_str())
    for prefix, longest in (("##", 7), ("", 100), ("a", 20), ("@@", 0)):
        model = dict(plain["model"], continuing_subword_prefix=prefix, max_input_chars_per_word=longest)
        peer = Tokenizer.from_str(json.dumps(dict(plain, model=model)))
        ours.say("open " + save(peer, os.path.join(folder, "small-pieces")))
        differing += compare(f"WordPiece, continued by '{prefix}', words up to {longest}", ours, peer,
                             texts[:20000] + hard, folder)
    return differing


def compare_ids(program, folder):
    ours = Ours(program)
    real, hard = real_texts(), hard_texts()
    print(f"tokenizers {tokenizers.__version__}; {len(real):,} texts of HumAID and Emotion, {len(hard):,} hard ones")
    rng = random.Random(4)
    differing = compare_characters(ours, folder)
    minilm = find_minilm("tokenizer.json")
    if minilm:
        peer = Tokenizer.from_file(os.path.join(minilm, "tokenizer.json"))
        peer.no_truncation()
        peer.no_padding()
        ours.say("open " + minilm)
        differing += compare("MiniLM, HumAID and Emotion", ours, peer, real, folder)
        differing += compare("MiniLM, hard texts", ours, peer, hard, folder)
        for length in (3, 16, 128):
            differing += compare(f"MiniLM, at most {length}", ours, peer, real[:20000] + hard, folder, length)
        older = os.path.join(folder, "vocab")
        os.makedirs(older)
        with open(os.path.join(minilm, "vocab.txt"), "rb") as file, open(os.path.join(older, "vocab.txt"), "wb") as out:
            out.write(file.read())
        ours.say("open " + older)
        differing += compare("vocab.txt alone, hard texts", ours, peer, hard, folder)
        plain = peer.to_str()
        for switches in ((1, 1, 0, 0), (1, 1, 1, 0), (1, 1, 0, 1), (0, 1, 1, 1), (1, 0, 1, 1), (0, 0, 0, 0), (0, 0, 0, 1)):
            names = ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
            on = dict(zip(names, map(bool, switches)))
            peer = Tokenizer.from_str(plain)
            peer.normalizer = normalizers.BertNormalizer(**on)
            ours.say("open " + save(peer, os.path.join(folder, "switches")))
            differing += compare("WordPiece with " + (" ".join(k for k in on if on[k]) or "nothing"), ours, peer, hard,
                                 folder)
        differing += compare_added(ours, plain, hard, folder, rng)
    bpe, with_json, older = train_bpe(real or [as_str(text) for text in hard], os.path.join(folder, "bpe"))
    for name, where in (("byte-level BPE", with_json), ("vocab.json and merges.txt", older)):
        ours.say("open " + where)
        if real:
            differing += compare(name + ", HumAID and Emotion", ours, bpe, real, folder)
        differing += compare(name + ", hard texts", ours, bpe, hard, folder)
    differing += compare("byte-level BPE, at most 16", ours, bpe, real[:20000] + hard, folder, 16)
    bpe.no_truncation()
    plain = bpe.to_str()
    for prefix, split in ((True, True), (True, False), (False, False)):
        bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=split)
        ours.say("open " + save(bpe, os.path.join(folder, "bpe-switches")))
        differing += compare(f"byte-level BPE, prefix space {prefix}, words {split}", ours, bpe, hard, folder)
    differing += compare_added(ours, plain, hard, folder, rng)
    differing += compare_models(ours, real or [as_str(text) for text in hard], hard, folder)
    if not minilm:
        skip("the byte-level half is equal but MiniLM's vocabulary is not there; packaging/get-encoder minilm fetches it"
             if not differing else "MiniLM's vocabulary is not there, and the byte-level half differs")
    if not real:
        print("the texts of HumAID and Emotion are not there: compared on hard texts only")
    return differing


def measure(program, folder, threads):
    """Medians of five pairs after one uncounted, on the real texts."""
    real = real_texts()
    if not real:
        skip("no speed measured: ../shared/data is not there")
    minilm = find_minilm("tokenizer.json")
    bpe, with_json, _ = train_bpe(real, os.path.join(folder, "bpe"))
    ours = Ours(program)
    path = os.path.join(folder, "texts.bin")
    write_texts(path, real)
    ours.say("texts " + path)
    slow = 0
    for name, where in (("WordPiece, MiniLM", minilm), ("byte-level BPE", with_json)):
        if where is None:
            continue
        peer = Tokenizer.from_file(os.path.join(where, "tokenizer.json"))
        peer.no_truncation()
        peer.no_padding()
        ours.say("open " + where)
        fast = getattr(peer, "encode_batch_fast", peer.encode_batch)
        ratios, mine, theirs, tokens = [], [], [], 0
        for turn in range(6):
            seconds, count = ours.say(f"ids 0 {threads} -").split()
            begin = time.perf_counter()
            encodings = fast(real)
            took = time.perf_counter() - begin
            tokens = sum(len(encoding.ids) for encoding in encodings) if turn == 0 else tokens
            assert tokens == int(count)
            del encodings
            if turn > 0:
                mine.append(tokens / float(seconds))
                theirs.append(tokens / took)
                ratios.append(mine[-1] / theirs[-1])
        ratio = statistics.median(ratios)
        slow += ratio < 1.0
        print(f"{name}, {threads} thread(s): {statistics.median(mine) / 1e6:.2f} M tokens/s against "
              f"{statistics.median(theirs) / 1e6:.2f} M of tokenizers {tokenizers.__version__}: {ratio:.1f} times "
              f"(medians of {len(ratios)} pairs, {tokens:,} tokens)", flush=True)
    return slow


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--only", choices=["ids", "speed"])
    arguments.add_argument("--threads", type=int, help=argparse.SUPPRESS)  # of the one child that measures
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.threads:
            sys.exit(1 if measure(given.program, folder, given.threads) else 0)
        wrong = compare_ids(given.program, folder) if given.only != "speed" else 0
    if given.only != "ids":
        for threads in sorted({1, os.cpu_count() or 1}):  # Rayon reads its number once: a process each
            child = subprocess.run([sys.executable, os.path.abspath(__file__), "--program", given.program,
                                    "--threads", str(threads)],
                                   env={**os.environ, "RAYON_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "true"})
            if child.returncode == SKIPPED and not wrong:
                sys.exit(SKIPPED)
            wrong += child.returncode != 0
    print("equal and fast enough" if not wrong else "NOT equal or too slow")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
