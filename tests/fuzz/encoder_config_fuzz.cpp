// The reader of config.json. An input is such a file. A sentence, or an encoder that can be built and that
// comes back from our own writer.
#include "core/student/encoder_config.h"
#include "harness.h"

using namespace stillroom;
using namespace stillroom::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto config = readEncoderConfig({reinterpret_cast<const char*>(data), size}, "model/config.json");
    if (!config) {
        requireSentence(config.error());
        require(config.error().message.starts_with("model/config.json"), "which names the file");
        return 0;
    }
    require(checkEncoderConfig(*config, "it").has_value(), "what is read can be built");
    require(config->width % config->heads == 0, "the heads divide the width");
    require(config->maxTokens() > 0, "a text can have tokens");
    require(config->parameterCount() > 0, "it has parameters");
    require(config->padId >= 0 && config->padId < config->vocabulary, "the padding is in the vocabulary");
    const auto again = readEncoderConfig(toJson(*config), "ours");
    require(again.has_value(), "what was written is read");
    require(*again == *config, "and is the same");
    return 0;
}
