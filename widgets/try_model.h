// What a student says of a text that somebody types: its classes, the kept training texts that it sees as
// most alike, and what the teacher said of those. The student is the best one so far of the window's run, or
// that of a run that was chosen.
#pragma once

#include "core/lab/kept_neighbours.h"
#include "core/lab/sample_history.h"
#include "core/lab/sample_table.h"
#include "core/output/predictions.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

namespace stillroom {

class LabModel;

struct TriedClass {
    QString name;
    double probability = 0;
};

/// A training text that was kept, and what is known of it.
struct TriedNeighbour {
    QString text, label, gold; ///< label: the teacher's; gold: empty where there is none
    double cosine = 0, confidence = 0;
    int keptTimes = 0, firstKept = 0, lastKept = 0; ///< epochs from 1
};

struct TriedAnswer {
    QString text;
    std::vector<TriedClass> classes; ///< the most probable first; empty: nothing was asked
    std::vector<TriedNeighbour> near;
    bool compared = false; ///< near was looked for
    QString problem;
};

/// GUI thread; files are read and students asked by workers. Looks for a better student only while it is
/// active.
class TryModel : public QObject {
    Q_OBJECT
  public:
    static constexpr std::size_t Neighbours = 5;

    explicit TryModel(LabModel* lab, QObject* parent = nullptr);
    ~TryModel() override;

    void setActive(bool active);
    /// Another run's student; empty: the window's run again.
    void chooseRun(const QString& folder);
    void ask(const QString& text);

    [[nodiscard]] QString runFolder() const;                              ///< empty: there is no run
    [[nodiscard]] bool isElsewhere() const { return !chosen_.isEmpty(); } ///< of a run that was chosen
    [[nodiscard]] bool opening() const { return opening_.busy(); }
    [[nodiscard]] bool ready() const { return student_ != nullptr; }
    [[nodiscard]] QString studentWords() const; ///< "n-gram student, …, best after step 1,200"; or empty
    [[nodiscard]] QString problem() const { return problem_; } ///< why there is no student, or empty

    /// Texts are being compared: their share that is done; −1: they are not.
    [[nodiscard]] double comparing() const;
    /// How many kept texts can be compared with, or why none can, or empty while that is not known.
    [[nodiscard]] QString neighbourWords() const { return neighbourWords_; }

    [[nodiscard]] const TriedAnswer& answer() const { return answer_; }

  Q_SIGNALS:
    void changed();  ///< the student, or the texts to compare with
    void answered(); ///< answer() is another

  private:
    struct Opened; ///< a student and what its run kept
    void look();
    void opened(std::shared_ptr<Opened> opened);
    void compare();
    void askAgain();

    LabModel* lab_;
    bool active_ = false;
    QString chosen_;
    std::shared_ptr<Opened> student_;
    std::shared_ptr<const KeptNeighbours> neighbours_;
    std::shared_ptr<Progress> comparing_;
    QString problem_, neighbourWords_;
    QString wanted_; ///< the text that is asked about
    TriedAnswer answer_;
    QTimer lookSoon_, tick_;
    Background pool_{2}; ///< texts may be compared while somebody types
    LatestJob opening_{pool_}, comparingJob_{pool_}, asking_{pool_};
};

} // namespace stillroom
