// A dialog for one long thing: a form that says what is wanted, a button that begins it, a bar with the time
// that is left, and words on what came of it.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "widgets/background.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QTimer>
#include <functional>
#include <memory>

class QFormLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace stillroom {

/// GUI thread; the work is done by a worker. Deletes itself when it is closed; closed while it works, it
/// cancels, and goes when the worker has taken away what it made. A derived class calls `finish` in its
/// destructor, for its members hear of the worker.
class JobDialog : public QDialog {
    Q_OBJECT
  public:
    ~JobDialog() override;

    [[nodiscard]] QPushButton* goButton() const { return go_; }
    [[nodiscard]] QString words() const; ///< how far it is, what was done, or what is wrong
    void reject() override;

  protected:
    JobDialog(const QString& title, const QString& what, const QString& goText, QWidget* parent);

    enum class Choice { Folder, File, NewFile };
    [[nodiscard]] QFormLayout* form() const { return form_; }
    /// The line and beside it a button that chooses what it says. `filters`: of files, may be empty.
    QWidget* withChoice(QLineEdit* line, const QString& title, Choice choice,
                        const QStringList& filters = {});
    void say(const QString& words, bool wrong);
    /// After whatever `ready` looks at has changed.
    void refresh();
    [[nodiscard]] bool working() const { return progress_ != nullptr; }
    [[nodiscard]] Background& pool() { return pool_; }

    /// `job(progress)` on a worker; `done` gets what it returned unless that is an error, which is said.
    template <class Job, class Done>
    void work(const QString& doing, Job job, Done done) {
        begin(doing);
        pool_.run([job = std::move(job), progress = progress_] { return job(*progress); },
                  [this, done = std::move(done)](auto result) {
                      if (end(result ? nullptr : &result.error()))
                          done(*result);
                  });
    }
    /// Calls `then` where there is no such file, or where somebody says that it may be replaced.
    void whenReplaceable(const QString& file, std::function<void()> then);
    void finish(); ///< cancels, and waits for the worker

    [[nodiscard]] virtual bool ready() const = 0; ///< whether there is all that it needs
    virtual void go() = 0;                        ///< calls `work`
    [[nodiscard]] virtual QString wordsOf(const Error& error) const;

  private:
    void browse(QLineEdit* into, const QString& title, Choice choice, const QStringList& filters);
    void begin(const QString& doing);
    bool end(const Error* error);
    void tell(); ///< how far it is

    QFormLayout* form_;
    QWidget* inputs_; ///< what the form is in
    QProgressBar* bar_;
    QLabel* words_;
    QPushButton* go_;
    QPushButton* close_;
    QString doing_;
    QString replaceable_; ///< a file dialog asked about it
    bool closing_ = false;
    std::shared_ptr<Progress> progress_; ///< of what is under way; null: nothing is
    QElapsedTimer since_;
    QTimer tick_;
    Background pool_{1};
};

} // namespace stillroom
