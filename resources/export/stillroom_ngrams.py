"""An n-gram student of Stillroom's, for transformers: a text's hashed n-grams, the sum of their vectors over the root of
their number, and a linear layer. Load it with trust_remote_code=True."""

import re

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel, PreTrainedTokenizer
from transformers.modeling_outputs import SequenceClassifierOutput

BITS = (1 << 64) - 1


def fnv1a(data, value=0xCBF29CE484222325):
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & BITS
    return value


def mix64(x):
    x = x + 0x9E3779B97F4A7C15 & BITS
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & BITS
    x = (x ^ x >> 27) * 0x94D049BB133111EB & BITS
    return x ^ x >> 31


def ngrams(text, buckets, word_ngrams, char_ngrams_min, char_ngrams_max):
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    words = re.findall("@?[a-z0-9_'\x80-\U0010ffff]+", lowered)
    hashes = [fnv1a(word.encode()) for word in words]
    found = list(hashes)
    for i, value in enumerate(hashes):
        for following in hashes[i + 1 : i + word_ngrams]:
            value = value * 116049371 + following & BITS
            found.append(value)
    for word in words if char_ngrams_min > 0 else []:
        word = f"<{word}>"
        for i in range(len(word)):
            for n in range(char_ngrams_min, min(char_ngrams_max, len(word) - i) + 1):
                found.append(fnv1a(b"\x01" + word[i : i + n].encode()))
    return [mix64(value) % buckets for value in found]


class StillroomNgramsTokenizer(PreTrainedTokenizer):
    model_input_names = ["input_ids", "attention_mask"]

    def __init__(self, buckets=1 << 20, word_ngrams=2, char_ngrams_min=0, char_ngrams_max=0, **others):
        self.recipe = (buckets, word_ngrams, char_ngrams_min, char_ngrams_max)
        others["pad_token"] = "[PAD]"  # its id does not matter: the attention mask leaves it out
        super().__init__(buckets=buckets, word_ngrams=word_ngrams, char_ngrams_min=char_ngrams_min,
                         char_ngrams_max=char_ngrams_max, **others)

    @property
    def vocab_size(self):
        return self.recipe[0]

    def get_vocab(self):
        return {}

    def tokenize(self, text, **others):
        return [str(bucket) for bucket in ngrams(text, *self.recipe)]

    def _convert_token_to_id(self, token):
        return int(token)

    def _convert_id_to_token(self, index):
        return str(index)

    def build_inputs_with_special_tokens(self, token_ids_0, token_ids_1=None):
        return token_ids_0 + (token_ids_1 or [])

    def save_vocabulary(self, save_directory, filename_prefix=None):
        return ()


class StillroomNgramsConfig(PretrainedConfig):
    model_type = "stillroom_ngrams"

    def __init__(self, rows=1, dimensions=64, **others):
        self.rows, self.dimensions = rows, dimensions
        super().__init__(**others)


class BucketEmbedding(nn.Module):
    """The vectors of the buckets that were learned; any other adds nothing."""

    def __init__(self, rows, dimensions):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(rows, dimensions))
        self.register_buffer("buckets", torch.zeros(rows, dtype=torch.int64))  # ascending

    def forward(self, ids):
        row = torch.searchsorted(self.buckets, ids).clamp(max=len(self.buckets) - 1)
        return self.weight[row] * (self.buckets[row] == ids).unsqueeze(-1)


class StillroomNgramsForSequenceClassification(PreTrainedModel):
    config_class = StillroomNgramsConfig

    def __init__(self, config):
        super().__init__(config)
        self.embedding = BucketEmbedding(config.rows, config.dimensions)
        self.classifier = nn.Linear(config.dimensions, config.num_labels)
        self.post_init()

    def _init_weights(self, module):
        pass

    def forward(self, input_ids, attention_mask=None, labels=None, return_dict=None, **others):
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        vectors = self.embedding(input_ids) * mask.unsqueeze(-1)
        hidden = vectors.sum(1) / mask.sum(1, keepdim=True).clamp(min=1).sqrt()
        logits = self.classifier(hidden)
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return SequenceClassifierOutput(loss=loss, logits=logits)
