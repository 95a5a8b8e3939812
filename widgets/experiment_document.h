// The experiment that is open in the window: settings with undo, whether they are saved, and the file.
// GUI thread; files are read and written by a worker, the results arrive as signals.
#pragma once

#include "core/experiment/experiment.h"
#include "widgets/background.h"

#include <QList>
#include <QObject>
#include <QStringList>
#include <QUndoStack>

namespace stillroom {

/// A setting by its dotted key, and what it becomes, as YAML.
struct SettingChange {
    QString key;
    QString yaml;
};

class ExperimentDocument : public QObject {
    Q_OBJECT
  public:
    explicit ExperimentDocument(QObject* parent = nullptr);
    ~ExperimentDocument() override; ///< waits for a file that is being written

    [[nodiscard]] const Experiment& experiment() const { return experiment_; }
    [[nodiscard]] QUndoStack* undoStack() { return &undo_; }

    [[nodiscard]] QString value(const QString& key) const; ///< as YAML; "" for an optional one not set
    /// The same, but of what is not set what the rule takes in its place: for controls.
    [[nodiscard]] QString effectiveValue(const QString& key) const;
    [[nodiscard]] bool isDefault(const QString& key) const;
    [[nodiscard]] int changedCount(const QStringList& keys) const; ///< that differ from their defaults

    /// One undo step; a value that is there already makes none. Steps with the same `drag` (other than 0)
    /// and the same key become one. Errors: the value is not one of this setting's; nothing changed then.
    Result<void> set(const QString& key, const QString& yaml, int drag = 0);
    /// Several settings as one undo step, all or none.
    Result<void> setAll(const QString& text, const QList<SettingChange>& changes);
    void reset(const QStringList& keys, const QString& text);
    /// A number for the `set`s of one slider drag.
    [[nodiscard]] int newDrag() { return ++lastDrag_; }
    /// During `changed`: more values of the same gesture are to be expected.
    [[nodiscard]] bool dragging() const { return dragging_; }

    [[nodiscard]] QString path() const { return path_; } ///< empty: not saved yet
    [[nodiscard]] QString folder() const;                ///< of the file; empty without one
    [[nodiscard]] QString name() const;
    [[nodiscard]] bool dirty() const { return dirty_; }

    void startNew();
    void adopt(Experiment experiment, const QString& path); ///< as if it had just been read from `path`
    /// The experiment of `path` (empty: of no file yet) with unsaved changes as one undo step.
    void restore(Experiment original, const QString& path, const Experiment& edited);
    void open(const QString& path);   ///< → replaced or failed
    void saveAs(const QString& path); ///< → saved or failed

    /// What differs from the defaults, as it would be written.
    [[nodiscard]] QString yaml() const;

  Q_SIGNALS:
    void changed(const QString& key);
    void replaced(); ///< another experiment: every setting may be another
    void dirtyChanged(bool dirty);
    void saved(const QString& path);
    void failed(const stillroom::Error& error);

  private:
    friend class SettingsCommand;
    void put(const Experiment& experiment, const QStringList& keys);
    void updateDirty();

    Experiment experiment_;
    QUndoStack undo_;
    QString path_;
    bool dirty_ = false;
    int lastDrag_ = 0;
    bool dragging_ = false;
    int opening_ = 0;    ///< counts opens, so that a slow one does not replace a later one
    Background pool_{1}; ///< files in the order in which they were asked for
};

} // namespace stillroom
