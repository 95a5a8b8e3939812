// student.*, loss.*, training.*
#include "widgets/setting_catalogue.h"

namespace stillroom::catalogue {
namespace {

void addEncoder(Catalogue& all) {
    add(all, text(QStringLiteral("student.model"), tr("Model"),
                  tr("An encoder in your cache by its name, or a Hugging Face folder: config.json, "
                     "model.safetensors, the tokenizer's files."),
                  tr("name or folder"), Kind::Column));
    add(all, choice("student.start", tr("Begins with"),
                    tr("The model's own weights, or weights drawn from the seed: then only its tokenizer "
                       "and the sizes left open are taken from it."),
                    {"pretrained", "scratch"}, {tr("the model's weights"), tr("nothing learned")}));
    const QString whose = tr("the model's"); // what is left empty is
    add(all, structure("student.layers", tr("Layers"), tr("Of attention, one on top of the other."), whose));
    add(all,
        structure("student.width", tr("Width"), tr("Numbers that stand for a token in every layer."), whose));
    add(all, structure("student.heads", tr("Heads"),
                       tr("Parts of a layer's attention; their number divides the width."), whose));
    add(all, structure("student.feed_forward", tr("Feed-forward"),
                       tr("Width between a layer's two linear maps; usually four times the width."), whose));
    add(all,
        number("student.length", tr("Length (tokens)"),
               tr("Tokens of a text at most, special ones included; what is over is cut off."), 3, 65536));
    add(all, choice("student.pooling", tr("Pooling"), tr("How a text's tokens become one vector."),
                    {"mean", "cls"}, {tr("mean of the tokens"), tr("first token (CLS)")}));
    add(all, structure("student.dropout", tr("Dropout"),
                       tr("Share of the encoder's own numbers left out while training, 0 to below 1; "
                          "empty: what its config.json says."),
                       whose));
    add(all,
        slider("student.head_dropout", tr("Head dropout"),
               tr("Share of the text's vector left out before the head, while training."), 0, 0.9, 0.05, 2));
    add(all,
        number("student.hidden", tr("Hidden units"),
               tr("Of a layer between the vector and the classes; 0: none, the head is linear."), 0, 65536));
}

void addOptimizer(Catalogue& all) {
    add(all,
        number("training.weight_decay", tr("Weight decay"),
               tr("Pulls matrices towards 0, in proportion to the learning rate (AdamW)."), 0, 10, 0.01, 6));
    add(all, slider("training.layer_decay", tr("Layer decay"),
                    tr("Learning rate of a layer ÷ that of the one above it."), 0.5, 1, 0.01, 2));
    add(all, number("training.clip_norm", tr("Clip gradients"),
                    tr("A gradient longer than this is shortened to it; 0: never."), 0, 1e6, 0.1, 6));
    add(all, number("training.accumulate", tr("Accumulate"),
                    tr("Update batches whose gradients make one optimizer step."), 1, 1e6));
    add(all, number("training.score_every", tr("Score every"),
                    tr("1: a text is scored whenever it comes up. 3: at every third time, and known by its "
                       "last score between."),
                    1, 1e6));
    const QStringList precisions = {"fp32", "bf16"}, names = {tr("single (fp32)"), tr("half (bf16)")};
    add(all, choice("training.precision", tr("Train in"),
                    tr("Numbers that what was kept is computed with; weights and sums are always fp32."),
                    precisions, names));
    add(all, choice("training.scoring", tr("Score in"),
                    tr("Numbers that candidates are scored with; evaluations are always fp32."), precisions,
                    names));
    add(all, number("training.micro_batch", tr("At once (texts)"),
                    tr("Texts computed at once, at most: costs memory, changes only rounding."), 1, 1e6));
}

} // namespace

void addStudent(Catalogue& all) {
    add(all, choice("student.kind", tr("Kind"), tr("The network that learns."), {"ngram", "encoder", "probe"},
                    {tr("n-grams, hashed"), tr("encoder, fine-tuned"), tr("probe of an encoder")}));
    add(all, number("student.dimensions", tr("Dimensions"), tr("Length of an n-gram's vector."), 1, 4096));
    add(all, number("student.buckets", tr("Buckets"), tr("N-grams are hashed into so many vectors."), 1,
                    2147483648.0));
    add(all, number("student.word_ngrams", tr("Word n-grams"),
                    tr("1: words alone. 2: and pairs of words. And so on."), 1, 16));
    add(all, structure("student.char_ngrams", tr("Char. n-grams"),
                       tr("The shortest and the longest, as [3, 5]; empty: none."), tr("none, or [3, 5]")));
    addEncoder(all);
}

void addTraining(Catalogue& all) {
    add(all, choice("loss.target", tr("Learn"), tr("The teacher's label, its whole distribution, or both."),
                    {"hard", "soft", "mix"},
                    {tr("labels (hard)"), tr("distributions (soft)"), tr("a mix of both")}));
    add(all, slider("loss.temperature", tr("Temperature"), tr("Above 1 the soft targets are flatter."), 0.1,
                    10, 0.1, 1));
    add(all,
        slider("loss.mix", tr("Soft share"), tr("0: labels alone. 1: distributions alone."), 0, 1, 0.05, 2));
    add(all, number("training.epochs", tr("Epochs"), tr("How often every text comes up."), 1, 1e6));
    const auto budget = [&](const char* key, const QString& label, const QString& tip, const QString& none,
                            int decimals = 0) {
        auto spec = number(key, label, tip, 0, 9e15, 1, decimals);
        spec.optional = true;
        spec.placeholder = none;
        add(all, spec);
    };
    budget("training.stop.gradient_samples", tr("Gradient samples"),
           tr("Training ends when so many samples have gone through a backward pass."), tr("no limit"));
    budget("training.stop.distinct_samples", tr("Distinct samples"),
           tr("Training ends when so many different texts have been learned from."), tr("no limit"));
    budget("training.stop.minutes", tr("Minutes"),
           tr("Training ends after so many minutes, pauses and evaluations not counted."), tr("no limit"), 3);
    const QString cheap = tr("when it is cheap");
    budget(
        "training.checkpoint.every_steps", tr("Every … steps"),
        tr("A checkpoint after so many steps. With neither this nor minutes it comes as often as costs 1.7 % "
           "of the time."),
        cheap);
    budget("training.checkpoint.every_minutes", tr("Every … minutes"),
           tr("A checkpoint after so many minutes of training."), cheap, 3);
    add(all, number("training.checkpoint.keep", tr("Keep"),
                    tr("Newest checkpoints that stay; 0: none once the run has ended, which then cannot be "
                       "extended."),
                    0, 1000));
    add(all, number("training.batch", tr("Batch"), tr("Candidates of a step."), 1, 1e6));
    SettingSpec rate{QStringLiteral("training.learning_rate"), tr("Learning rate"),
                     tr("Constant, or from one value to another over the run."), Kind::Schedule};
    rate.low = 0;
    rate.high = 1000;
    rate.step = 0.1;
    rate.decimals = 5;
    add(all, rate);
    addOptimizer(all);
    add(all, number("training.seed", tr("Seed"), tr("The same seed gives the same run."), 0, 9e15));
    add(all, choice("training.device", tr("Device"), tr("Where it is computed."), {"auto", "cpu"},
                    {tr("auto"), tr("CPU")}));
    add(all, number("training.threads", tr("Threads"), tr("0: all cores."), 0, 1024));
    add(all,
        onOff("training.packing", tr("Packing"), tr("Kept samples wait until they fill an update batch.")));
    add(all, text(QStringLiteral("name"), tr("Name"), tr("Of the experiment: runs are named after it."),
                  tr("untitled")));
}

} // namespace stillroom::catalogue
