// The five pages on the left, in the order of the work, and what each answers without being opened.
#pragma once

#include <QString>
#include <QStringList>
#include <array>

namespace stillroom {

class RunController;

enum class PageId { Data, Teacher, Student, Selection, Training };
inline constexpr std::array<PageId, 5> PageIds = {PageId::Data, PageId::Teacher, PageId::Student,
                                                  PageId::Selection, PageId::Training};

enum class PageMark { None, Fine, Changed, Busy, Wrong };

struct PageAnswer {
    QString text; ///< "44,373 texts · 10 classes"
    PageMark mark = PageMark::None;
};

[[nodiscard]] QString pageTitle(PageId page);
/// The settings that "reset to defaults" of the page resets and that its dot counts.
[[nodiscard]] QStringList pageKeys(PageId page);
/// The page that has the setting a sentence is about ("selection.cut is 2; …"); Data when it names none.
[[nodiscard]] PageId pageOf(const QString& sentence);
/// What is wrong with the page's settings, to be shown on it; empty: nothing, or the page says it itself.
[[nodiscard]] QString pageProblem(PageId page, const RunController& controller);
[[nodiscard]] PageAnswer pageAnswer(PageId page, const RunController& controller);

} // namespace stillroom
