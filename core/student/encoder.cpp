#include "core/student/encoder.h"

#include "core/base/random.h"
#include "core/files/atomic_file.h"
#include "core/student/encoder_layer.h"
#include "core/student/safetensors_folder.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <QFile>
#include <QFileInfo>
#include <cassert>
#include <cmath>
#include <fmt/format.h>
#include <mutex>
#include <numbers>

namespace stillroom {

namespace {

constexpr qint64 LargestConfig = 1 << 20; // a config.json is a page
constexpr double InitialDeviation = 0.02;
constexpr std::size_t LayerTensors = 12;

/// Box & Muller's normal numbers, two at a time.
void fillNormal(const at::Tensor& tensor, Random random) {
    auto* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); i += 2) {
        const double radius = InitialDeviation * std::sqrt(-2 * std::log(1 - random.uniform()));
        const double angle = 2 * std::numbers::pi * random.uniform();
        values[i] = static_cast<float>(radius * std::cos(angle));
        if (i + 1 < tensor.numel())
            values[i + 1] = static_cast<float>(radius * std::sin(angle));
    }
}

} // namespace

Encoder::Encoder(EncoderConfig config, std::vector<at::Tensor> values) : config_(config) {
    auto plans = planParameters(config_);
    assert(plans.size() == values.size());
    for (std::size_t i = 0; i < plans.size(); ++i)
        parameters_.push_back(
            {std::move(plans[i].name), std::move(values[i]), plans[i].depth, plans[i].decays});
}

Encoder Encoder::initial(const EncoderConfig& config, std::uint64_t seed) {
    std::vector<at::Tensor> values;
    for (const auto& plan : planParameters(config)) {
        at::Tensor value = at::empty(plan.shape, at::kFloat);
        if (plan.shape.size() == 2)
            fillNormal(value, Random(seed, plan.name));
        else // a norm's weight or a bias
            value.fill_(plan.name.ends_with("orm.weight") ? 1 : 0);
        values.push_back(std::move(value));
    }
    values[0].select(0, config.padId).zero_();
    if (config.family == EncoderFamily::Roberta) // it is the padding's position there
        values[1].select(0, config.padId).zero_();
    return {config, std::move(values)};
}

Result<Encoder> Encoder::open(const std::string& folder) {
    const std::string path = folder + "/config.json";
    QFile file(QString::fromStdString(path));
    if (!QFileInfo(file).isFile() || !file.open(QIODevice::ReadOnly))
        return fail(fmt::format("cannot open {}: {}; give the folder of a Hugging Face encoder", path,
                                file.errorString().toStdString()));
    if (file.size() > LargestConfig)
        return fail(fmt::format("{} has {} bytes, no config.json of an encoder has; take another copy", path,
                                file.size()));
    const auto config = readEncoderConfig(file.readAll().toStdString(), path);
    if (!config)
        return fail(config.error());
    const auto stored = SafetensorsFolder::read(folder);
    if (!stored)
        return fail(stored.error());
    return fromStored(*config, stored->tensors(), folder);
}

Result<Encoder> Encoder::fromStored(const EncoderConfig& config,
                                    const std::map<std::string, Safetensors::Tensor>& stored,
                                    const std::string& shown) {
    auto values = readWeights(config, stored, shown);
    if (!values)
        return fail(std::move(values.error()));
    return Encoder(config, std::move(*values));
}

void Encoder::setTraining(bool on) {
    for (auto& parameter : parameters_)
        parameter.value.set_requires_grad(on);
}

at::Tensor Encoder::run(const at::Tensor& ids, const at::Tensor& mask, Dropout dropout,
                        bool firstOnly) const {
    if (dropout && !ids.device().is_cpu()) {
        auto generator = at::globalContext().defaultGenerator(ids.device());
        const std::lock_guard lock(generator.mutex());
        generator.set_current_seed(*dropout);
    }
    // In the order of planParameters.
    const std::size_t tables = config_.tokenTypes > 0 ? 3 : 2;
    at::Tensor x = embed(config_, parameters_[0].value, parameters_[1].value,
                         config_.tokenTypes > 0 ? parameters_[2].value : at::Tensor(),
                         parameters_[tables].value, parameters_[tables + 1].value, ids, dropout);
    std::size_t next = tables + 2;
    PackedTexts packed;
    for (std::int64_t layer = 0; layer < config_.layers; ++layer) {
        const auto* p = &parameters_[next];
        const LayerWeights weights{p[0].value, p[1].value, p[2].value, p[3].value, p[4].value,  p[5].value,
                                   p[6].value, p[7].value, p[8].value, p[9].value, p[10].value, p[11].value};
        next += LayerTensors;
        if (layer == 0 && mask.defined() && canPack(x, weights))
            if (auto texts = packTexts(mask)) {
                packed = std::move(*texts);
                x = x.flatten(0, 1).index_select(0, packed.places);
            }
        x = encoderLayer(x, weights,
                         {config_, mask, dropout, layer, firstOnly && layer + 1 == config_.layers, packed});
    }
    assert(next == parameters_.size());
    if (packed.starts.defined() && x.dim() == 2) // else the first tokens alone are left
        x = at::zeros({ids.size(0) * packed.length, config_.width}, x.options())
                .index_copy(0, packed.places, x)
                .view({ids.size(0), packed.length, config_.width});
    return x;
}

at::Tensor Encoder::forward(const at::Tensor& ids, const at::Tensor& mask, Dropout dropout) const {
    return run(ids, mask, dropout, false);
}

at::Tensor Encoder::encode(const at::Tensor& ids, const at::Tensor& mask, Pooling pooling,
                           Dropout dropout) const {
    if (pooling == Pooling::Cls)
        return run(ids, mask, dropout, true).squeeze(1);
    return pool(run(ids, mask, dropout, false), mask, pooling);
}

Encoder Encoder::copyTo(at::Device device, at::ScalarType type) const {
    std::vector<at::Tensor> values;
    for (const auto& parameter : parameters_)
        values.push_back(parameter.value.detach().to(device, type, /*non_blocking=*/false, /*copy=*/true));
    return {config_, std::move(values)};
}

void Encoder::copyFrom(const Encoder& other) {
    assert(config_ == other.config_);
    const at::NoGradGuard off;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
        parameters_[i].value.copy_(other.parameters_[i].value);
}

std::vector<NamedTensor> Encoder::storedTensors() const {
    std::vector<at::Tensor> values;
    for (const auto& parameter : parameters_)
        values.push_back(parameter.value);
    return toStoredTensors(config_, values);
}

Result<void> Encoder::save(const std::string& folder) const {
    const auto tensors = storedTensors();
    if (auto written = writeSafetensors(folder + "/model.safetensors", viewsOf(tensors), {{"format", "pt"}});
        !written)
        return written;
    AtomicFile file(QString::fromStdString(folder + "/config.json"));
    if (auto opened = file.open(); !opened)
        return opened;
    if (auto written = file.write(toJson(config_)); !written)
        return written;
    return file.commit();
}

at::Tensor pool(const at::Tensor& hidden, const at::Tensor& mask, Pooling pooling) {
    if (pooling == Pooling::Cls)
        return hidden.select(1, 0);
    if (!mask.defined())
        return hidden.mean(1);
    const at::Tensor weights = mask.to(hidden.scalar_type()).unsqueeze(2); // B×L×1
    return (hidden * weights).sum(1) / weights.sum(1);
}

} // namespace stillroom
