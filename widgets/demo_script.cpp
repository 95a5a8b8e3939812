#include "widgets/demo_script.h"

#include "widgets/text.h"

#include <QCoreApplication>

namespace stillroom {
namespace {
QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::demo", text);
}
} // namespace

QString demoTitle(DemoId demo) {
    switch (demo) {
    case DemoId::ConfidentTeacher:
        return tr("Why not simply trust a confident teacher?");
    case DemoId::StudentsSay:
        return tr("Why does the student have a say?");
    case DemoId::BadCalibration:
        break;
    }
    return tr("What a badly calibrated teacher does");
}

DemoScript demoScript(DemoId demo) {
    DemoScript script;
    switch (demo) {
    case DemoId::ConfidentTeacher:
        script = confidentTeacherDemo();
        break;
    case DemoId::StudentsSay:
        script = studentsSayDemo();
        break;
    case DemoId::BadCalibration:
        script = badCalibrationDemo();
        break;
    }
    script.title = demoTitle(demo);
    return script;
}

DemoStep sayStep(const QString& title, std::function<QString(const DemoNotes&)> words, DemoSpot spot) {
    DemoStep step;
    step.title = title;
    step.words = std::move(words);
    step.spot = std::move(spot);
    return step;
}

DemoStep settingStep(const QString& title, std::function<QString(const DemoNotes&)> words,
                     const QString& task, const QString& key, const QString& value,
                     std::function<bool(double)> enough) {
    DemoStep step = sayStep(title, std::move(words), {DemoSpot::Kind::Setting, key});
    step.asks = DemoStep::Asks::Setting;
    step.task = task;
    step.key = key;
    step.value = value;
    step.enough = std::move(enough);
    return step;
}

DemoStep runStep(const QString& title, std::function<QString(const DemoNotes&)> words,
                 const QString& remember) {
    DemoStep step = sayStep(title, std::move(words), {DemoSpot::Kind::RunButton, {}});
    step.asks = DemoStep::Asks::Run;
    step.task = tr("Press Run (F5) and let it finish.");
    step.remember = remember;
    return step;
}

QString paragraph(const QString& text) {
    // A figure and its unit stay together.
    return QStringLiteral("<p>") + QString(text).replace(QStringLiteral(" %"), QStringLiteral("\u00a0%")) +
           QStringLiteral("</p>");
}

QString comparison(const DemoNotes& notes, const QList<std::pair<QString, QString>>& runs) {
    const auto cell = [](const QString& text) {
        return QStringLiteral("<td align='right' style='padding-left:6px; white-space:nowrap'>%1</td>")
            .arg(text);
    };
    QString table = QStringLiteral("<table cellspacing='0' cellpadding='2'><tr><td></td>");
    for (const auto& head : {tr("work"), tr("acc."), tr("F1"), tr("missed")})
        table += cell(head);
    table += QStringLiteral("</tr>");
    for (const auto& [run, name] : runs) {
        const DemoFigures f = notes.run(run);
        table += QStringLiteral("<tr><td>%1</td>").arg(name.toHtmlEscaped().replace(u' ', QChar(0xa0)));
        table += cell(percent(f.gradientShare, 0)) + cell(fixed(f.accuracy, 3)) + cell(fixed(f.macroF1, 3)) +
                 cell(QString::number(f.missed().size()));
        table += QStringLiteral("</tr>");
    }
    return table + QStringLiteral("</table>") +
           paragraph(tr("<small>Work: share of the gradient work of learning from everything. Accuracy and "
                        "macro-F1 on test. Missed: classes of which the student finds less than one text in "
                        "twenty.</small>"));
}

} // namespace stillroom
