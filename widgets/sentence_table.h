// A sentence for each class, in a table that is typed into: what a zero-shot teacher compares texts with.
#pragma once

#include "widgets/number_table.h"

#include <string>
#include <utility>
#include <vector>

namespace stillroom {

/// A class without a sentence of its own shows, muted, what the pattern makes of its name. Typing over it
/// gives it its own; emptying it, or Delete, takes that away.
class SentenceTable : public NumberTable {
    Q_OBJECT
  public:
    using Sentences = std::vector<std::pair<std::string, std::string>>; ///< class → sentence

    explicit SentenceTable(QWidget* parent = nullptr);
    /// What the second column is called.
    void setHeading(const QString& heading);
    /// `pattern` has {} where the class's name goes. Sentences for classes that there are not come last, as
    /// warnings.
    void say(const std::vector<std::string>& classes, const std::string& pattern, const Sentences& own);

  Q_SIGNALS:
    /// What teacher.sentences becomes, as YAML; empty: none is left.
    void edited(const QString& yaml);

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void fill();
    void cellEdited(QTableWidgetItem* item);
    void setSentence(int row, const QString& sentence);
    [[nodiscard]] std::string made(const std::string& name) const;

    std::vector<std::string> names_; ///< a row each
    std::size_t known_ = 0;          ///< the first so many are classes of the data
    std::string pattern_;
    Sentences own_;
    bool showing_ = false;
};

} // namespace stillroom
