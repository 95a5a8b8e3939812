// How the catalogue of setting_spec.h is written: a maker for each kind of control, a file for each few
// sections. Private to setting_spec*.cpp.
#pragma once

#include "widgets/setting_spec.h"

#include <QCoreApplication>
#include <QHash>

namespace stillroom::catalogue {

using Kind = SettingSpec::Kind;

inline QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::settings", text);
}

inline SettingSpec choice(const char* key, const QString& label, const QString& tip,
                          const QStringList& values, const QStringList& names) {
    SettingSpec spec{QString::fromLatin1(key), label, tip, Kind::Choice};
    spec.values = values;
    spec.names = names;
    return spec;
}

inline SettingSpec onOff(const char* key, const QString& label, const QString& tip) {
    return {QString::fromLatin1(key), label, tip, Kind::Switch};
}

inline SettingSpec slider(const char* key, const QString& label, const QString& tip, double low, double high,
                          double step, int decimals) {
    SettingSpec spec{QString::fromLatin1(key), label, tip, Kind::Slider};
    spec.low = low;
    spec.high = high;
    spec.step = step;
    spec.decimals = decimals;
    return spec;
}

inline SettingSpec number(const char* key, const QString& label, const QString& tip, double low, double high,
                          double step = 1, int decimals = 0) {
    SettingSpec spec = slider(key, label, tip, low, high, step, decimals);
    spec.kind = Kind::Number;
    return spec;
}

inline SettingSpec text(const QString& key, const QString& label, const QString& tip,
                        const QString& placeholder, Kind kind = Kind::Text) {
    SettingSpec spec{key, label, tip, kind};
    spec.placeholder = placeholder;
    spec.optional = true;
    return spec;
}

using Catalogue = QHash<QString, SettingSpec>;

inline void add(Catalogue& catalogue, SettingSpec spec) {
    catalogue.insert(spec.key, std::move(spec));
}

/// A number that may change over the run.
inline SettingSpec movable(const char* key, const QString& label, const QString& tip, double low, double high,
                           double step, int decimals) {
    SettingSpec spec = slider(key, label, tip, low, high, step, decimals);
    spec.schedulable = true;
    return spec;
}

/// A structure, typed as YAML.
inline SettingSpec structure(const char* key, const QString& label, const QString& tip,
                             const QString& placeholder) {
    SettingSpec spec = text(QString::fromLatin1(key), label, tip, placeholder);
    spec.yaml = true;
    return spec;
}

// The sections.
void addData(Catalogue& all);
void addTeacher(Catalogue& all); ///< the next among them
void addLlm(Catalogue& all);
void addStudent(Catalogue& all);
void addSelection(Catalogue& all);
void addTraining(Catalogue& all); ///< loss, training and the name

} // namespace stillroom::catalogue
