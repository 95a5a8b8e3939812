"""Texts for the comparisons: the real ones of ../shared/data, and hard ones made here, the same every time."""

import csv
import glob
import os
import random

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "data")


def real_texts():
    texts = []
    for path in sorted(glob.glob(os.path.join(DATA, "humaid", "*.csv"))):
        with open(path, newline="", encoding="utf-8") as file:
            texts += [row["tweet_text"] for row in csv.DictReader(file)]
    for path in sorted(glob.glob(os.path.join(DATA, "humaid", "*.tsv"))):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")[1:]
            texts += [line.split("\t")[1] for line in lines if line.count("\t") >= 2]
    for path in sorted(glob.glob(os.path.join(DATA, "emotion", "*.txt"))):
        with open(path, encoding="utf-8") as file:
            texts += [line.rpartition(";")[0] for line in file.read().split("\n")[1:] if line]
    return texts


def all_points():
    return [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


POOLS = [
    [chr(c) for c in range(0x20, 0x7F)],
    [chr(c) for c in range(0x00, 0x20)] + ["\x7f", "\x80", "\x85", "\x9f"],
    [" ", " ", "\t", "\n", "\r", "\x0b", "\x0c", "\xa0", "\u2003", "\u2028", "\u2029", "\u202f", "\u3000", "\u1680"],
    list("\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\ufeff\u00ad\ufe0f\ufe0e\u061c\u180e\ufffd\uffff\ue000"),
    [chr(c) for c in range(0x300, 0x370)] + [chr(c) for c in range(0x1DC0, 0x1E00)] + ["\u20d0", "\u20dd", "\u302a"],
    list("\u0591\u05b0\u05bc\u05c1\u064b\u0651\u0670\u06d6\u093c\u094d\u09bc\u0e38\u0e48\u0f71\u0f72\u3099\u302e\U0001d165"),
    list("éèüßñçÅÉÜİıŞǅﬁẛſΩΣςάЙйЁἂᾳ\u1e9b\u212b\u2126\u0958\u09dc\u0344\u1fee"),
    list("\u4e00火事中国日本\u3042\u30a2\uff21\uac00각힣\u1100\u1161\u11a8\uf900\U00020000\U0002f800\U0002b820\U0002b920"),
    list("עבריתعربيفارسیहिन्दीไทยമലयাংলা"),
    list("🔥😀👍🏽👨👩👧❤🇨🇦🏳🌈\U0001f9d1\u20e3"),
    ["👨‍👩‍👧‍👦", "❤️", "🏳️‍🌈", "🇨🇦", "1️⃣", "👍🏽", "e\u0301\u0323", "q\u0307\u0323", "ạ̈", "각"],
    ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "’s", "'", "''s", "don't", "I'LL"],
    ["²", "½", "Ⅷ", "٣", "४", "①", "𝟘", "𝔘", "𝒜", "1", "23", "4,000.50"],
    ["—", "…", "“", "”", "¿", "¡", "。", "、", "「", "」", "\u2044", "€", "£", "©", "™", "°", "·", "†", "`", "^", "|", "~"],
    ["fire", "flooding", "#HurricaneHarvey", "@someone", "https://t.co/AbC123", "RT", "COVID-19", "re-opened", "unaffable"],
    ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "[cls]", "[CLS", "<s>", "</s>", "<mask>", " <mask> ", "<pad>", "<unk>"],
]


def hard_texts():
    rng = random.Random(20261124)
    points = all_points()
    texts = ["", " ", "\n", "\u200b", "a", "\u0301", "\x00", "''", "  a", "a  ", " \u00a0 a"]
    for begin in range(0, len(points), 700):
        part = [chr(c) for c in points[begin : begin + 700]]
        texts.append("a".join(part))
        texts.append(" ".join(part))
        rng.shuffle(part)
        texts.append("".join(part))
    for _ in range(20000):
        pools = rng.sample(POOLS, rng.randint(1, 4))
        texts.append("".join(rng.choice(rng.choice(pools)) for _ in range(rng.randint(1, 60))))
    for _ in range(2000):
        texts.append("".join(chr(rng.choice(points)) for _ in range(rng.randint(1, 40))))
    for length in (98, 99, 100, 101, 102, 150):  # around the longest word that WordPiece takes
        for unit in ("a", "é", "e\u0301", "火", "я", "🔥", "a\u200b"):
            texts += [unit * length, "x " + unit * length + "!"]
    for unit in ("a", "ab", " ", "\n", "é", "e\u0301", "\u0301\u0323", "火", "🔥", "!", "'s", "a ", "1", "\u00a0", "[SEP]",
                 "<mask> ", "\x00", "\ufffd", "fire ", "각"):
        texts.append(unit * (100000 // len(unit)))
    texts.append("".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(100000)))
    texts.append("".join(rng.choice(rng.choice(POOLS)) for _ in range(100000)))
    for _ in range(5000):  # bytes that are no UTF-8
        raw = bytearray("".join(rng.choice(rng.choice(POOLS)) for _ in range(rng.randint(1, 20))).encode())
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(raw) + 1)
            if rng.random() < 0.5:
                raw[at:at] = bytes([rng.choice([0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xE2, 0xED, 0xF0, 0xF4, 0xF5, 0xFF])])
            else:
                del raw[at : at + 1]
        texts.append(bytes(raw))
    return texts
