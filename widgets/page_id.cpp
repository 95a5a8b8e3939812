#include "widgets/page_id.h"

#include "widgets/encoder_choice.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <QCoreApplication>

namespace stillroom {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::pages", text);
}

/// "LLKD": the title without what is in brackets.
QString shortRule(RuleKind rule) {
    return toQString(ruleTitle(rule)).section(QStringLiteral(" ("), 0, 0);
}

/// "encoder · minilm".
QString withEncoder(const QString& kind, const std::string& model) {
    return tr("%1 · %2").arg(kind, model.empty() ? tr("no model yet") : encoderName(model));
}

QString teacherKind(const TeacherSettings& teacher) {
    switch (teacher.kind) {
    case TeacherKind::Columns:
        return tr("from columns");
    case TeacherKind::File:
        return tr("from a file");
    case TeacherKind::Simulated:
        return tr("simulated");
    case TeacherKind::ZeroShot:
        return withEncoder(tr("zero-shot"), teacher.model);
    case TeacherKind::Llm:
        return tr("LLM · %1")
            .arg(teacher.llm.model.empty() ? tr("no model yet") : toQString(teacher.llm.model));
    case TeacherKind::Gold:
        break;
    }
    return tr("gold labels");
}

QString studentAnswer(const StudentSettings& student) {
    switch (student.kind) {
    case StudentKind::Encoder:
        return withEncoder(tr("encoder"), student.model);
    case StudentKind::Probe:
        return withEncoder(tr("probe"), student.model);
    case StudentKind::Ngram:
        break;
    }
    return tr("n-gram · %1 dimensions").arg(student.dimensions);
}

PageAnswer dataAnswer(const RunController& controller) {
    switch (controller.state()) {
    case RunState::Empty:
        return {tr("no texts yet"), PageMark::None};
    case RunState::Loading:
        return {tr("being read …"), PageMark::Busy};
    case RunState::Broken:
        if (pageOf(RunController::forTheWindow(controller.loadError()->message)) != PageId::Data)
            return {tr("not read yet"), PageMark::None};
        return {controller.loadError() && controller.loadError()->kind == ErrorKind::Cancelled
                    ? tr("reading was cancelled")
                    : tr("could not be read"),
                PageMark::Wrong};
    default:
        break;
    }
    const Examples* examples = controller.examples();
    if (examples == nullptr)
        return {};
    return {tr("%1 texts · %2 classes")
                .arg(grouped(examples->summary.rows[0]),
                     grouped(static_cast<std::int64_t>(examples->summary.classes.size()))),
            PageMark::Fine};
}

PageAnswer teacherAnswer(const RunController& controller) {
    const TeacherSettings& teacher = controller.document()->experiment().teacher;
    const Examples* examples = controller.examples();
    if (controller.state() == RunState::Broken &&
        pageOf(RunController::forTheWindow(controller.loadError()->message)) == PageId::Teacher)
        return {tr("cannot be used yet"), PageMark::Wrong};
    const QString kind = teacherKind(teacher);
    if (examples == nullptr)
        return {kind, PageMark::None};
    if (examples->quality.rows == 0)
        return {tr("%1 · no gold to compare with").arg(kind), PageMark::Fine};
    return {tr("%1 · right on %2").arg(kind, percent(examples->quality.accuracy)), PageMark::Fine};
}

} // namespace

QString pageTitle(PageId page) {
    switch (page) {
    case PageId::Data:
        return tr("Data");
    case PageId::Teacher:
        return tr("Teacher");
    case PageId::Student:
        return tr("Student");
    case PageId::Selection:
        return tr("Selection");
    case PageId::Training:
        break;
    }
    return tr("Training");
}

QStringList pageKeys(PageId page) {
    const auto below = [](std::initializer_list<const char*> sections) {
        QStringList keys;
        for (const auto& key : settingKeys())
            for (const char* section : sections)
                if (key.starts_with(section))
                    keys << toQString(key);
        return keys;
    };
    switch (page) {
    case PageId::Data:
        return below({"data."});
    case PageId::Teacher:
        return below({"teacher."});
    case PageId::Student:
        return below({"student."});
    case PageId::Selection:
        return below({"selection."});
    case PageId::Training:
        break;
    }
    return below({"loss.", "training."});
}

PageId pageOf(const QString& sentence) {
    static constexpr std::pair<const char*, PageId> sections[] = {
        {"data.", PageId::Data},           {"teacher.", PageId::Teacher},   {"student.", PageId::Student},
        {"selection.", PageId::Selection}, {"training.", PageId::Training}, {"loss.", PageId::Training}};
    PageId page = sentence.startsWith(QLatin1String("name ")) ? PageId::Training : PageId::Data;
    qsizetype first = sentence.size();
    for (const auto& [section, its] : sections)
        if (const auto at = sentence.indexOf(QLatin1String(section)); at >= 0 && at < first) {
            first = at;
            page = its;
        }
    return page;
}

QString pageProblem(PageId page, const RunController& controller) {
    if (controller.state() == RunState::Broken) {
        const QString error = RunController::forTheWindow(controller.loadError()->message);
        if (page != PageId::Data && pageOf(error) == page)
            return error;
    }
    // An empty experiment is no mistake, and what cannot be read is said with its rows by the Data page.
    const bool said =
        controller.state() == RunState::Empty || (page == PageId::Data && controller.loadError());
    return !said && !controller.problem().isEmpty() && pageOf(controller.problem()) == page
               ? controller.problem()
               : QString();
}

PageAnswer pageAnswer(PageId page, const RunController& controller) {
    const ExperimentDocument& document = *controller.document();
    const Experiment& e = document.experiment();
    if (page == PageId::Data)
        return dataAnswer(controller);
    if (page == PageId::Teacher)
        return teacherAnswer(controller);
    // What another kind of student has been given does nothing now, and is not saved.
    QStringList keys = pageKeys(page);
    keys.removeIf([&](const QString& key) { return !settingApplies(e, key.toStdString()); });
    const int changed = document.changedCount(keys);
    const PageMark mark = !pageProblem(page, controller).isEmpty() ? PageMark::Wrong
                          : changed > 0                            ? PageMark::Changed
                                                                   : PageMark::Fine;
    switch (page) {
    case PageId::Student:
        return {studentAnswer(e.student), mark};
    case PageId::Selection:
        return {(changed == 0 ? tr("%1 · as by default")
                 : changed == 1
                     ? tr("%1 · 1 setting changed")
                     : tr("%1 · %2 settings changed").arg(QStringLiteral("%1"), QString::number(changed)))
                    .arg(shortRule(e.selection.rule)),
                mark};
    default:
        break;
    }
    return {tr("%1 epochs · batch %2").arg(grouped(e.training.epochs), grouped(e.training.batch)), mark};
}

} // namespace stillroom
