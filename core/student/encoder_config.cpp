#include "core/student/encoder_config.h"

#include "core/base/number.h"
#include "core/text/json_text.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace stillroom {

namespace {

// Far beyond any encoder there is; what is larger is a damaged file or an attack.
constexpr std::int64_t LargestTable = 1 << 24;
constexpr std::int64_t LargestWidth = 1 << 16;
constexpr std::int64_t MostLayers = 512;
constexpr std::int64_t MostTokenTypes = 1024;
constexpr double MostNumbers = 0x1p34;

double numbersOf(const EncoderConfig& c) { // in double: it cannot overflow before it was checked
    const auto h = static_cast<double>(c.width);
    const auto i = static_cast<double>(c.intermediate);
    const double tables = static_cast<double>(c.vocabulary + c.positions + c.tokenTypes) * h + 2 * h;
    return tables + static_cast<double>(c.layers) * (4 * h * (h + 1) + 2 * h * i + i + h + 4 * h);
}

/// What config.json calls the settings that every family has.
struct Keys {
    EncoderFamily family;
    const char* modelType;
    const char* architecture;
    const char* width;
    const char* layers;
    const char* heads;
    const char* intermediate;
    const char* dropout;
    const char* attentionDropout;
    const char* activation;
};
constexpr std::array<Keys, 3> Families = {
    {{EncoderFamily::Bert, "bert", "Bert", "hidden_size", "num_hidden_layers", "num_attention_heads",
      "intermediate_size", "hidden_dropout_prob", "attention_probs_dropout_prob", "hidden_act"},
     {EncoderFamily::Roberta, "roberta", "Roberta", "hidden_size", "num_hidden_layers", "num_attention_heads",
      "intermediate_size", "hidden_dropout_prob", "attention_probs_dropout_prob", "hidden_act"},
     {EncoderFamily::DistilBert, "distilbert", "DistilBert", "dim", "n_layers", "n_heads", "hidden_dim",
      "dropout", "attention_dropout", "activation"}}};

const Keys& keysOf(EncoderFamily family) {
    return Families[static_cast<std::size_t>(family)];
}

/// What `transformers` takes for a missing key: the sizes of the paper's base model.
EncoderConfig defaultsOf(EncoderFamily family) {
    EncoderConfig config;
    config.family = family;
    config.width = 768;
    config.layers = family == EncoderFamily::DistilBert ? 6 : 12;
    config.heads = 12;
    config.intermediate = 3072;
    if (family == EncoderFamily::Roberta) {
        config.vocabulary = 50265;
        config.padId = 1;
    }
    if (family == EncoderFamily::DistilBert)
        config.tokenTypes = 0;
    return config;
}

struct ActivationName {
    const char* name;
    Activation activation;
};
// The first of each is the one that is written.
constexpr std::array<ActivationName, 6> Activations = {{{"gelu", Activation::Gelu},
                                                        {"gelu_new", Activation::GeluTanh},
                                                        {"relu", Activation::Relu},
                                                        {"gelu_python", Activation::Gelu},
                                                        {"gelu_pytorch_tanh", Activation::GeluTanh},
                                                        {"gelu_fast", Activation::GeluTanh}}};

Result<EncoderFamily> readFamily(const JsonObject& top) {
    const auto type = top.text("model_type");
    if (!type)
        return fail(type.error());
    if (*type) {
        for (const auto& keys : Families)
            if (**type == keys.modelType)
                return keys.family;
        return fail(
            fmt::format("{}: it is of model_type '{}'; take an encoder of type bert (MiniLM too), roberta "
                        "or distilbert",
                        top.where(), excerpt(**type)));
    }
    // Files from before there was a model_type name the class of the model.
    const auto architectures = top.array("architectures");
    if (!architectures)
        return fail(architectures.error());
    if (*architectures)
        for (const auto element : **architectures) {
            std::string_view name;
            if (element.get(name) == simdjson::SUCCESS)
                for (const auto& keys : Families)
                    if (name.starts_with(keys.architecture))
                        return keys.family;
        }
    return fail(
        fmt::format("{}: it has no model_type; it should say bert, roberta or distilbert", top.where()));
}

/// Reads values one after the other and keeps the first error.
class Reader {
  public:
    explicit Reader(const JsonObject& object) : object_(object) {}

    void integer(std::string_view key, std::int64_t& value) { take(object_.integer(key, value), value); }

    void number(std::string_view key, double& value) {
        const auto found = object_.find(key);
        if (found && found->get(value) != simdjson::SUCCESS)
            remember(object_.refuse(key, "must be a number").value());
    }

    void activation(std::string_view key, Activation& value) {
        std::string name = "gelu";
        take(object_.text(key, name), name);
        for (const auto& known : Activations)
            if (name == known.name) {
                value = known.activation;
                return;
            }
        remember(Error{fmt::format("{}: '{}' is '{}'; take an encoder with gelu, gelu_new or relu",
                                   object_.where(), key, excerpt(name))});
    }

    /// A text that may only be one of these.
    void only(std::string_view key, std::string_view allowed, std::string_view why) {
        std::string value(allowed);
        take(object_.text(key, allowed), value);
        if (value != allowed)
            remember(Error{fmt::format("{}: '{}' is '{}', which {}; take an encoder with '{}'",
                                       object_.where(), key, excerpt(value), why, allowed)});
    }

    void off(std::string_view key, std::string_view what) {
        bool on = false;
        take(object_.flag(key, false), on);
        if (on)
            remember(
                Error{fmt::format("{}: '{}' is on: {}; take a plain encoder", object_.where(), key, what)});
    }

    /// Nothing, or an empty list or object.
    void absent(std::string_view key, std::string_view what) {
        const auto found = object_.find(key);
        if (!found || (found->is_object() && simdjson::dom::object(*found).size() == 0) ||
            (found->is_array() && simdjson::dom::array(*found).size() == 0))
            return;
        remember(Error{fmt::format("{}: '{}' is set: {}; take a plain encoder", object_.where(), key, what)});
    }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    template <class T>
    void take(const Result<T>& read, T& value) {
        if (read)
            value = *read;
        else
            remember(read.error());
    }
    void remember(Error error) {
        if (!error_)
            error_ = std::move(error);
    }

    const JsonObject& object_;
    std::optional<Error> error_;
};

} // namespace

std::int64_t EncoderConfig::parameterCount() const {
    return static_cast<std::int64_t>(numbersOf(*this));
}

Result<void> checkEncoderConfig(const EncoderConfig& config, const std::string& shown) {
    struct Bound {
        const char* what;
        std::int64_t value, low, high;
    };
    const std::int64_t fewestTypes = config.family == EncoderFamily::DistilBert ? 0 : 1;
    const std::int64_t mostTypes = config.family == EncoderFamily::DistilBert ? 0 : MostTokenTypes;
    for (const Bound& bound : {Bound{"its vocabulary", config.vocabulary, 1, LargestTable},
                               Bound{"its number of positions", config.positions, 1, LargestTable},
                               Bound{"its number of token types", config.tokenTypes, fewestTypes, mostTypes},
                               Bound{"its width", config.width, 1, LargestWidth},
                               Bound{"its number of layers", config.layers, 1, MostLayers},
                               Bound{"its number of heads", config.heads, 1, config.width},
                               Bound{"its intermediate width", config.intermediate, 1, 4 * LargestWidth},
                               Bound{"its padding id", config.padId, 0, config.vocabulary - 1},
                               Bound{"its first position", config.firstPosition, 0, config.positions - 1}})
        if (bound.value < bound.low || bound.value > bound.high)
            return fail(fmt::format("{}: {} is {}, it can be {} to {}", shown, bound.what, bound.value,
                                    bound.low, bound.high));
    if (config.firstPosition != (config.family == EncoderFamily::Roberta ? config.padId + 1 : 0))
        return fail(fmt::format(
            "{}: its first position is {}; in RoBERTa it follows the padding id, elsewhere it is 0", shown,
            config.firstPosition));
    if (config.width % config.heads != 0)
        return fail(fmt::format("{}: its width {} is not a multiple of its {} heads", shown, config.width,
                                config.heads));
    if (numbersOf(config) > MostNumbers)
        return fail(
            fmt::format("{}: its sizes give {:.1e} numbers; the largest encoder that can be used has {:.1e}",
                        shown, numbersOf(config), MostNumbers));
    if (!(config.epsilon > 0 && config.epsilon < 1))
        return fail(fmt::format("{}: the epsilon of its layer norms is {}, it lies between 0 and 1", shown,
                                config.epsilon));
    for (const double share : {config.dropout, config.attentionDropout})
        if (!(share >= 0 && share < 1))
            return fail(fmt::format("{}: its dropout is {}, it is at least 0 and below 1", shown, share));
    return {};
}

Result<EncoderConfig> readEncoderConfig(std::string_view json, const std::string& shown) {
    const auto file = JsonText::parse(json, shown);
    if (!file)
        return fail(file.error());
    const JsonObject& top = file->top();
    const auto family = readFamily(top);
    if (!family)
        return fail(family.error());
    EncoderConfig config = defaultsOf(*family);
    const Keys& keys = keysOf(*family);
    Reader reader(top);
    reader.only("position_embedding_type", "absolute", "cannot be computed here");
    reader.off("is_decoder", "it is a decoder");
    reader.off("add_cross_attention", "it attends to another model");
    reader.absent("quantization_config", "its weights are quantised");
    reader.absent("pruned_heads", "some of its heads are missing");
    reader.integer("vocab_size", config.vocabulary);
    reader.integer("max_position_embeddings", config.positions);
    reader.integer(keys.width, config.width);
    reader.integer(keys.layers, config.layers);
    reader.integer(keys.heads, config.heads);
    reader.integer(keys.intermediate, config.intermediate);
    reader.number(keys.dropout, config.dropout);
    reader.number(keys.attentionDropout, config.attentionDropout);
    reader.activation(keys.activation, config.activation);
    reader.integer("pad_token_id", config.padId);
    if (*family != EncoderFamily::DistilBert) {
        reader.integer("type_vocab_size", config.tokenTypes);
        reader.number("layer_norm_eps", config.epsilon);
    }
    if (reader.error())
        return fail(*reader.error());
    // padId is checked before it is counted with.
    if (*family == EncoderFamily::Roberta && config.padId >= 0 && config.padId < config.vocabulary)
        config.firstPosition = config.padId + 1;
    if (auto checked = checkEncoderConfig(config, shown); !checked)
        return fail(std::move(checked.error()));
    return config;
}

std::string toJson(const EncoderConfig& config) {
    const Keys& keys = keysOf(config.family);
    std::vector<std::string> lines;
    const auto text = [&](const char* key, const char* value) {
        lines.push_back(fmt::format("  \"{}\": \"{}\"", key, value));
    };
    const auto integer = [&](const char* key, std::int64_t value) {
        lines.push_back(fmt::format("  \"{}\": {}", key, value));
    };
    const auto number = [&](const char* key, double value) {
        lines.push_back(fmt::format("  \"{}\": {}", key, writeNumber(value)));
    };
    lines.push_back(fmt::format("  \"architectures\": [\"{}Model\"]", keys.architecture));
    text("model_type", keys.modelType);
    integer("vocab_size", config.vocabulary);
    integer("max_position_embeddings", config.positions);
    integer(keys.width, config.width);
    integer(keys.layers, config.layers);
    integer(keys.heads, config.heads);
    integer(keys.intermediate, config.intermediate);
    number(keys.dropout, config.dropout);
    number(keys.attentionDropout, config.attentionDropout);
    for (const auto& known : Activations)
        if (known.activation == config.activation) {
            text(keys.activation, known.name);
            break;
        }
    integer("pad_token_id", config.padId);
    if (config.family != EncoderFamily::DistilBert) {
        integer("type_vocab_size", config.tokenTypes);
        number("layer_norm_eps", config.epsilon);
    }
    std::string json = "{\n";
    for (std::size_t i = 0; i < lines.size(); ++i)
        json += lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
    return json + "}\n";
}

} // namespace stillroom
