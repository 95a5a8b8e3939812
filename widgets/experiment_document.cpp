#include "widgets/experiment_document.h"

#include "core/files/atomic_file.h"
#include "widgets/text.h"

#include <QFileInfo>
#include <QUndoCommand>

namespace stillroom {

/// Keeps the whole experiment before and after: it is small, and setting an optional value back to "not set"
/// needs no further words.
class SettingsCommand : public QUndoCommand {
  public:
    SettingsCommand(ExperimentDocument& document, Experiment after, QStringList keys, int drag,
                    const QString& text)
        : QUndoCommand(text), document_(document), before_(document.experiment()), after_(std::move(after)),
          keys_(std::move(keys)), drag_(drag) {}

    void undo() override { document_.put(before_, keys_); }
    void redo() override { document_.put(after_, keys_); }
    int id() const override { return drag_ == 0 ? -1 : 1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* later = static_cast<const SettingsCommand*>(other);
        if (later->drag_ != drag_ || later->keys_ != keys_)
            return false;
        after_ = later->after_;
        setObsolete(before_ == after_);
        return true;
    }

  private:
    ExperimentDocument& document_;
    Experiment before_, after_;
    QStringList keys_;
    int drag_;
};

ExperimentDocument::ExperimentDocument(QObject* parent) : QObject(parent) {
    connect(&undo_, &QUndoStack::cleanChanged, this, [this] { updateDirty(); });
}

ExperimentDocument::~ExperimentDocument() {
    undo_.disconnect(this);
    pool_.finish();
}

QString ExperimentDocument::value(const QString& key) const {
    return toQString(settingValue(experiment_, key.toStdString()));
}

QString ExperimentDocument::effectiveValue(const QString& key) const {
    return toQString(stillroom::effectiveValue(experiment_, key.toStdString()));
}

bool ExperimentDocument::isDefault(const QString& key) const {
    return stillroom::isDefault(experiment_, key.toStdString());
}

int ExperimentDocument::changedCount(const QStringList& keys) const {
    int count = 0;
    for (const auto& key : keys)
        count += isDefault(key) ? 0 : 1;
    return count;
}

Result<void> ExperimentDocument::set(const QString& key, const QString& yaml, int drag) {
    Experiment after = experiment_;
    const std::string name = key.toStdString();
    if (auto done = setSetting(after, name, yaml.toStdString()); !done)
        return done;
    // What would be in force anyway need not be set: a slider that comes back to it comes back.
    Experiment unset = after;
    if (setSetting(unset, name, "") && stillroom::effectiveValue(unset, name) == settingValue(after, name))
        after = std::move(unset);
    if (after == experiment_)
        return {};
    dragging_ = drag != 0;
    undo_.push(new SettingsCommand(*this, std::move(after), {key}, drag, tr("%1 %2").arg(key, yaml)));
    dragging_ = false;
    return {};
}

Result<void> ExperimentDocument::setAll(const QString& text, const QList<SettingChange>& changes) {
    Experiment after = experiment_;
    QStringList keys;
    for (const auto& change : changes) {
        if (auto done = setSetting(after, change.key.toStdString(), change.yaml.toStdString()); !done)
            return done;
        keys << change.key;
    }
    if (after == experiment_)
        return {};
    undo_.push(new SettingsCommand(*this, std::move(after), keys, 0, text));
    return {};
}

void ExperimentDocument::reset(const QStringList& keys, const QString& text) {
    Experiment after = experiment_;
    const Experiment defaults;
    for (const auto& key : keys) {
        const std::string name = key.toStdString();
        // Every default can be set: what it reads as is what its own reader wrote.
        const auto done = setSetting(after, name, settingValue(defaults, name));
        Q_ASSERT(done);
    }
    if (!(after == experiment_))
        undo_.push(new SettingsCommand(*this, std::move(after), keys, 0, text));
}

void ExperimentDocument::put(const Experiment& experiment, const QStringList& keys) {
    experiment_ = experiment;
    for (const auto& key : keys)
        Q_EMIT changed(key);
}

void ExperimentDocument::updateDirty() {
    if (dirty_ == !undo_.isClean())
        return;
    dirty_ = !undo_.isClean();
    Q_EMIT dirtyChanged(dirty_);
}

QString ExperimentDocument::folder() const {
    return path_.isEmpty() ? QString() : QFileInfo(path_).absolutePath();
}

QString ExperimentDocument::name() const {
    return toQString(experiment_.name);
}

void ExperimentDocument::startNew() {
    adopt(Experiment{}, QString());
}

void ExperimentDocument::adopt(Experiment experiment, const QString& path) {
    ++opening_;
    experiment_ = std::move(experiment);
    path_ = path;
    undo_.clear();
    updateDirty();
    Q_EMIT replaced();
}

void ExperimentDocument::restore(Experiment original, const QString& path, const Experiment& edited) {
    adopt(std::move(original), path);
    if (edited == experiment_)
        return;
    QStringList keys;
    for (const auto& key : settingKeys())
        if (settingValue(edited, key) != settingValue(experiment_, key))
            keys << toQString(key);
    undo_.push(new SettingsCommand(*this, edited, keys, 0, tr("restored changes")));
}

void ExperimentDocument::open(const QString& path) {
    const int number = ++opening_;
    pool_.run([path] { return readExperiment(path.toStdString()); },
              [this, path, number](Result<Experiment> read) {
                  if (number != opening_)
                      return;
                  if (read)
                      adopt(std::move(*read), QFileInfo(path).absoluteFilePath());
                  else
                      Q_EMIT failed(read.error());
              });
}

void ExperimentDocument::saveAs(const QString& path) {
    const QString target = QFileInfo(path).absoluteFilePath();
    const std::string text = writeExperiment(experiment_, YamlDetail::Changed);
    const int writtenIndex = undo_.index();
    const int number = opening_;
    pool_.run([target, text] { return writeFileAtomically(target, text); },
              [this, target, writtenIndex, number](Result<void> written) {
                  if (!written) {
                      Q_EMIT failed(written.error());
                      return;
                  }
                  if (number == opening_) {
                      path_ = target;
                      // What was edited while the file was being written is not in it.
                      if (undo_.index() == writtenIndex)
                          undo_.setClean();
                      updateDirty();
                  }
                  Q_EMIT saved(target);
              });
}

QString ExperimentDocument::yaml() const {
    return toQString(writeExperiment(experiment_, YamlDetail::Changed));
}

} // namespace stillroom
