// What the window knows of each setting besides its value: its name, what it does, and which control suits
// it.
#pragma once

#include <QString>
#include <QStringList>

namespace stillroom {

struct SettingSpec {
    enum class Kind {
        Choice,   ///< one of `values`, called `names`
        Switch,   ///< on or off
        Slider,   ///< a number from `low` to `high`, or a schedule
        Number,   ///< a number that is typed
        Text,     ///< a text that is typed
        Column,   ///< a column of a file: typed, or one of those found
        Schedule, ///< a curve over the run, and what makes it
    };
    enum class Scale {
        Linear,
        Memory, ///< of λ: the slider moves with the logarithm of 1/(1 − λ)
    };

    QString key;   ///< as in the YAML, dotted
    QString label; ///< "Memory (λ)"
    QString tip;   ///< what it does
    Kind kind = Kind::Text;
    QStringList values = {}, names = {};
    double low = 0, high = 1, step = 0.01;
    int decimals = 2;
    Scale scale = Scale::Linear;
    bool schedulable = false; ///< a slider's number that may change over the run
    bool warmup = true;       ///< and may begin at 0
    QString prefix = {};      ///< before the number: "τ(y) × "
    QString placeholder = {};
    bool optional = false; ///< may be left empty
    bool yaml = false;     ///< a text that is typed as YAML: [3, 5]
};

/// Errors are bugs: the key must be one of the catalogue's.
[[nodiscard]] const SettingSpec& settingSpec(const QString& key);

} // namespace stillroom
