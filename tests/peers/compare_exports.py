"""Students exported by stillroom-cli, run by other people's programs: torch, onnxruntime, transformers, with tokens made by
`tokenizers`. Each is used as its own README.md says: the page's Python is executed. 1,000 HumAID test texts, same label,
probabilities within 1e-4, against two others: what `stillroom-cli predict` says of the student (so a wrong recipe for n-grams is
seen), and a reference written here from student.safetensors (n-grams: NumPy in float64; encoders: transformers' plain model and
`tokenizers`). The students are trained where --run does not name them: an n-gram student; MiniLM fine-tuned and as a probe where
packaging/get-encoder has put it; and small RoBERTa and DistilBERT that are drawn here, their tokenizers made of the texts."""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left beside the sources
os.environ["HF_HUB_OFFLINE"] = "1"  # read when transformers is imported

from peer import find_minilm, skip

try:
    import numpy
    import onnx
    import onnxruntime
    import safetensors.numpy
    import tokenizers
    import torch
    import transformers
except ImportError as missing:
    skip(f"this Python has no {missing.name}: torch, onnx, onnxruntime, transformers and safetensors are compared with")

transformers.logging.set_verbosity_error()


def humaid_texts(data, count):
    texts = []
    for path in sorted(glob.glob(os.path.join(data, "humaid", "*_test.tsv"))):
        with open(path, encoding="utf-8", newline="\n") as file:  # a lone \r is a text's own
            column = next(file).rstrip("\r\n").split("\t").index("tweet_text")
            texts += [line.rstrip("\r\n").split("\t")[column] for line in file]
    return [texts[i * len(texts) // count] for i in range(count)]


def page_predict(folder):
    """`predict` of the page's Python, in that folder."""
    page = open(os.path.join(folder, "README.md"), encoding="utf-8").read()
    code = "\n\n".join(re.findall(r"```python\n(.*?)```", page, re.S))
    names = {"__name__": "the page"}

    def there(work):
        before = os.getcwd()
        os.chdir(folder)
        try:
            return work()
        finally:
            os.chdir(before)

    there(lambda: exec(code, names))

    def predict(texts):
        return there(lambda: numpy.concatenate([names["predict"](texts[i:i + 50]) for i in range(0, len(texts), 50)]))

    return predict, names


def own_words(trainer, student, texts):
    """What the student itself says, by `stillroom-cli predict`."""
    file, out = (os.path.join(trainer.place, name) for name in ("texts.jsonl", "labelled.jsonl"))
    with open(file, "w", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    trainer.cli("predict", student, file, "--out", out)
    with open(out, encoding="utf-8") as lines:
        said = [json.loads(line) for line in lines]
    assert len(said) == len(texts), len(said)
    return numpy.array([[p for key, p in row.items() if key.startswith("p_")] for row in said])


def recipe_lines(folder):
    page = open(os.path.join(folder, "README.md"), encoding="utf-8").read()
    return len([line for line in re.search(r"```python\n(.*?)```", page, re.S)[1].splitlines() if line.strip()])


def softmax(z):
    e = numpy.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def ngram_reference(student, ngrams, texts):
    """float64 of what core/student/ngram_parameters.h says."""
    tensors = {name: t.astype(numpy.float64) for name, t in safetensors.numpy.load_file(student).items()}
    with open(student, "rb") as file:
        recipe = json.loads(file.read(int.from_bytes(file.read(8), "little")))["__metadata__"]
    rows = {int(bucket): row for row, bucket in enumerate(tensors["embedding.buckets"])}
    recipe = [int(recipe[name]) for name in ("buckets", "word_ngrams", "char_ngrams_min", "char_ngrams_max")]
    hidden = numpy.zeros((len(texts), tensors["embedding.weight"].shape[1]))
    for i, text in enumerate(texts):
        found = ngrams(text, *recipe)
        for bucket in found:
            if bucket in rows:
                hidden[i] += tensors["embedding.weight"][rows[bucket]]
        hidden[i] /= max(1, len(found)) ** 0.5
    return softmax(hidden @ tensors["head.weight"].T + tensors["head.bias"])


def encoder_reference(student, texts):
    """float32 by transformers' plain model and `tokenizers`, put together from the student's file."""
    tensors = {name: torch.from_numpy(t) for name, t in safetensors.numpy.load_file(student).items()}
    with open(student, "rb") as file:
        meta = json.loads(file.read(int.from_bytes(file.read(8), "little")))["__metadata__"]
    config = json.loads(meta["config"])
    kind = config.pop("model_type")
    shape = transformers.AutoConfig.for_model(kind, **config)
    pooler = {} if kind == "distilbert" else {"add_pooling_layer": False}
    encoder = transformers.AutoModel.from_config(shape, **pooler).eval()
    strict = encoder.load_state_dict({n: t for n, t in tensors.items() if not n.startswith(("head.", "hidden."))},
                                     strict=False)
    assert not strict.unexpected_keys and all("position_ids" in n or "token_type_ids" in n for n in strict.missing_keys)
    tokenizer = tokenizers.Tokenizer.from_str(meta["tokenizer/tokenizer.json"])
    tokenizer.enable_truncation(int(meta["length"]))
    tokenizer.enable_padding(pad_id=config.get("pad_token_id", 0))
    out = []
    with torch.no_grad():
        for i in range(0, len(texts), 50):
            rows = tokenizer.encode_batch(texts[i:i + 50])
            ids = torch.tensor([row.ids for row in rows])
            mask = torch.tensor([row.attention_mask for row in rows])
            states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1).float()
            x = states[:, 0] if meta["pooling"] == "cls" else (states * weights).sum(1) / weights.sum(1)
            if int(meta["hidden"]) > 0:
                x = torch.relu(x @ tensors["hidden.weight"].T + tensors["hidden.bias"])
            out.append(softmax((x @ tensors["head.weight"].T + tensors["head.bias"]).numpy()))
    return numpy.concatenate(out)


class Trainer:
    def __init__(self, program, data, place):
        self.program, self.data, self.place = program, data, place

    def cli(self, *arguments):
        done = subprocess.run([self.program, *arguments, "--json", "--quiet"], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")
        return json.loads(done.stdout)

    def run(self, name, *settings):
        done = self.cli("run", name, "--data", self.data, "--runs", os.path.join(self.place, "runs"),
                        *(word for setting in settings for word in ("--set", setting)))
        return done["run"]


def small_encoder(kind, texts, folder):
    """Drawn with weights large enough to matter, its tokenizer made of the texts; as `transformers` saves it."""
    os.makedirs(folder)
    torch.manual_seed(5)
    if kind == "roberta":
        tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
        tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.train_from_iterator(texts, tokenizers.trainers.BpeTrainer(
            vocab_size=1500, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False,
            initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet()))
        tokenizer.post_processor = tokenizers.processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
        model = transformers.RobertaModel(transformers.RobertaConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=64, num_hidden_layers=2, num_attention_heads=4,
            intermediate_size=128, max_position_embeddings=130, type_vocab_size=1, pad_token_id=1, initializer_range=0.1))
    else:
        tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
        tokenizer.train_from_iterator(texts, tokenizers.trainers.WordPieceTrainer(
            vocab_size=1500, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
        tokenizer.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        model = transformers.DistilBertModel(transformers.DistilBertConfig(
            vocab_size=tokenizer.get_vocab_size(), dim=64, n_layers=2, n_heads=4, hidden_dim=128,
            max_position_embeddings=128, initializer_range=0.1))
    tokenizer.save(os.path.join(folder, "tokenizer.json"))
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def students(minilm, texts, place):
    """Name, experiment, settings."""
    yield "ngram", "humaid-llkd", ["training.epochs=3", "student.char_ngrams=[3, 4]"]
    short = ["data.train.files=humaid/canada*_train_pred.csv", "data.validation.files=humaid/canada*_dev.tsv",
             "data.test.files=humaid/canada*_test.tsv", "training.epochs=1"]
    for kind in ("roberta", "distilbert"):
        own = ["student.model=" + small_encoder(kind, texts, os.path.join(place, kind))]
        yield kind + " cls", "humaid-encoder", short + own + ["student.pooling=cls"]
        yield kind + " hidden", "humaid-probe", short + own + ["student.pooling=cls", "student.hidden=32"]
        yield kind + " mean", "humaid-probe", short + own
    if minilm:
        yield "encoder", "humaid-encoder", short
        yield "encoder cls", "humaid-encoder", short + ["student.pooling=cls"]
        yield "probe", "humaid-probe", short
        yield "probe hidden", "humaid-probe", short + ["student.hidden=64"]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--data", default=os.path.join(os.path.dirname(__file__), "..", "..", "..", "shared", "data"))
    arguments.add_argument("--texts", type=int, default=1000)
    arguments.add_argument("--run", action="append", default=[], help="NAME=RUN: one that is trained already")
    chosen = arguments.parse_args()
    if not glob.glob(os.path.join(chosen.data, "humaid", "*_test.tsv")):
        skip(f"{chosen.data} holds no HumAID")
    torch.set_num_threads(2)
    texts = humaid_texts(chosen.data, chosen.texts) + ["", "Привет İstanbul ΣΑΣ @ @a b@c", "x" * 5000, "日本語"]
    minilm = find_minilm("tokenizer.json")
    trained = [(*one.split("=", 1),) for one in chosen.run]
    print("torch", torch.__version__, "onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__, "transformers",
          transformers.__version__)
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        trainer = Trainer(chosen.program, os.path.abspath(chosen.data), place)
        for name, source, settings in [] if trained else students(minilm, texts, place):
            trained.append((name, trainer.run(source, *settings)))
        for name, run in trained:
            student = glob.glob(os.path.join(run, "checkpoints", "best", "*.safetensors"))[0]
            own, reference = own_words(trainer, student, texts), None
            for form in ("torchscript", "onnx", "huggingface"):
                for weights in ("full", "half", "int8"):
                    if weights == "int8" and (form == "huggingface" or name.startswith(("roberta", "distilbert"))):
                        continue  # transformers has none; weights that are drawn may change too much to be written
                    folder = os.path.join(place, f"{name}-{form}-{weights}".replace(" ", "-"))
                    said = trainer.cli("export", student, "--format", form, "--weights", weights, "--out", folder)
                    if form == "onnx":
                        onnx.checker.check_model(os.path.join(folder, "model.onnx"), full_check=True)
                    predict, names = page_predict(folder)
                    got = predict(texts)
                    if reference is None:
                        reference = (ngram_reference(student, names["ngrams"], texts) if "ngrams" in names
                                     else encoder_reference(student, texts))
                    bound = {"full": 1e-4, "half": 0.01, "int8": 0.1}[weights]
                    difference = max(float(abs(got - other).max()) for other in (own, reference))
                    same = min(int((got.argmax(1) == other.argmax(1)).sum()) for other in (own, reference))
                    good = difference <= bound and (weights != "full" or same == len(texts))
                    lines = ""
                    if "ngrams" in names and form != "huggingface":
                        lines = f", recipe of {recipe_lines(folder)} lines"
                        good = good and recipe_lines(folder) <= 30
                    wrong += not good
                    print(f"{name:17} {form:12} {weights:5} {said['files'][0]['bytes']:>11,} bytes  same label "
                          f"{same}/{len(texts)}  largest difference {difference:.1e}{lines}{'' if good else '  WRONG'}",
                          flush=True)
    if not minilm and not chosen.run:
        print("MiniLM is not here (packaging/get-encoder minilm): it was left out")
    print("wrong:", wrong)
    sys.exit(1 if wrong else 0)


main()
