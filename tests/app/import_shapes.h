// Files as people have them, for the import wizard: written by the test, with what must come of them.
#pragma once

#include "tests/app/driven_wizard.h"

#include <QByteArray>
#include <functional>

namespace stillroom::test {

inline const QList<QByteArray> Moods = {"joy", "anger", "fear"};

/// Texts of several words, each another one.
inline QByteArray textOf(int row) {
    return "row " + QByteArray::number(row) + " says that it feels like number " +
           QByteArray::number(row * 7919 % 1000) + " today";
}

/// `rows` lines of id, text, label between `delimiter`s.
inline QByteArray lines(int rows, char delimiter, const QByteArray& header, const QByteArray& end = "\n") {
    QByteArray all = header.isEmpty() ? QByteArray() : header + end;
    for (int row = 0; row < rows; ++row)
        all += QByteArray::number(row + 100) + delimiter + textOf(row) + delimiter + Moods[row % 3] + end;
    return all;
}

inline QByteArray utf16(const QString& text, bool big, bool mark) {
    QByteArray bytes;
    const auto put = [&](char16_t unit) {
        const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
        bytes += big ? high : low;
        bytes += big ? low : high;
    };
    if (mark)
        put(0xfeff);
    for (const QChar c : text)
        put(c.unicode());
    return bytes;
}

/// What a file is, what is done on the way, and what comes of it.
struct Shape {
    QString name; ///< of the file
    QByteArray bytes;
    int rows; ///< good ones
    int classes;
    QString text, gold;                                       ///< the experiment's columns
    std::function<void(DrivenWizard&, int page)> onPage = {}; ///< before Next is clicked there
    std::function<void(const Experiment&)> check = {};
};

inline QList<Shape> shapes() {
    QList<Shape> all;
    all << Shape{"comma.csv", lines(60, ',', "id,text,label"), 60, 3, "text", "label", {}, [](const auto& e) {
                     QVERIFY(e.data.train.delimiter.empty());
                     QCOMPARE(e.data.train.id, std::string("id"));
                     QCOMPARE(e.teacher.kind, TeacherKind::Simulated);
                     QCOMPARE(e.data.holdout.validation, 0.1);
                 }};
    all << Shape{
        "semicolon.csv", lines(60, ';', "id;text;label"), 60, 3, "text", "label", {}, [](const auto& e) {
            QCOMPARE(e.data.train.delimiter, std::string(";"));
        }};
    all << Shape{"tab.tsv", lines(60, '\t', "id\ttext\tlabel"), 60, 3, "text", "label"};
    all << Shape{"bar.csv", lines(60, '|', "id|text|label"),
                 60,        3,
                 "text",    "label",
                 {},        [](const auto& e) { QCOMPARE(e.data.train.delimiter, std::string("|")); }};
    all << Shape{"windows-lines.csv", lines(60, ',', "id,text,label", "\r\n"), 60, 3, "text", "label"};
    all << Shape{"marked.csv", QByteArray("\xef\xbb\xbf") + lines(60, ',', "id,text,label"), 60, 3, "text",
                 "label"};
    all << Shape{
        "no-ending.data", lines(60, ',', "id,text,label"), 60, 3, "text", "label", {}, [](const auto& e) {
            QCOMPARE(e.data.train.format, std::string("csv"));
        }};

    QByteArray quoted = "text,label\n";
    for (int row = 0; row < 40; ++row)
        quoted += "\"" + textOf(row) + "\nand a \"\"second\"\" line, with a comma\"," + Moods[row % 3] + "\n";
    all << Shape{"quoted-lines.csv", quoted, 40, 3, "text", "label"};

    QByteArray loose = "text\tlabel\n"; // a quote that is only a quote
    for (int row = 0; row < 40; ++row)
        loose += (row % 9 == 4 ? "\"" : "") + textOf(row) + "\t" + Moods[row % 3] + "\n";
    all << Shape{"loose-quotes.tsv", loose, 40, 3, "text", "label"};

    QByteArray bare;
    for (int row = 0; row < 60; ++row)
        bare += Moods[row % 3] + "," + textOf(row) + "\n";
    all << Shape{"no-header.csv",
                 bare,
                 60,
                 3,
                 "2",
                 "1",
                 [](DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Format)
                         QCOMPARE(wizard.named<QComboBox>("First line")->currentText(),
                                  QString("is a record already (found)"));
                 },
                 [](const auto& e) { QVERIFY(!e.data.train.header); }};
    all << Shape{"header-denied.csv",
                 lines(60, ',', "id,text,label"),
                 61,
                 4,
                 "2",
                 "3",
                 [](DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Format) {
                         QVERIFY(chooseByKeys(wizard.named<QComboBox>("First line"), "is a record already"));
                         QVERIFY(wizard.waitUntilSettled());
                         QCOMPARE(wizard.preview()->horizontalHeaderItem(1)->text(), QString("2"));
                     }
                     if (page == ImportWizard::Columns)
                         QVERIFY(chooseByKeys(wizard.roleOf("3"), "gold class"));
                 }};

    const QString wide = QString::fromUtf8(lines(60, ',', "id,text,label")).replace("feels", "fühlt");
    all << Shape{"wide-little.csv", utf16(wide, false, true), 60, 3, "text", "label"};
    all << Shape{"wide-big.csv", utf16(wide, true, true), 60, 3, "text", "label"};
    QByteArray old = lines(60, ',', "id,text,label");
    old.replace("feels", "f\xfchlt \x93so\x94");
    all << Shape{"windows-1252.csv", old, 60, 3, "text", "label", {}, [](const auto& e) {
                     QCOMPARE(e.data.train.encoding, std::string("windows-1252"));
                 }};

    QByteArray json, numbers;
    for (int row = 0; row < 60; ++row) {
        json += "{\"text\": \"" + textOf(row) + "\", \"label\": \"" + Moods[row % 3] + "\"}\n";
        numbers += "{\"text\": \"" + textOf(row) + "\", \"label\": " + QByteArray::number(row % 3) + "}\n";
    }
    all << Shape{"lines.jsonl", json, 60, 3, "text", "label"};
    all << Shape{"numbers.jsonl",
                 numbers,
                 60,
                 3,
                 "text",
                 "label",
                 [](DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Classes) {
                         QVERIFY(wizard.rename("0", "sadness"));
                         QVERIFY(wizard.rename("1", "joy"));
                         QVERIFY(wizard.rename("2", "love"));
                     }
                 },
                 [](const auto& e) {
                     QCOMPARE(e.data.rename.size(), std::size_t{3});
                     QCOMPARE(e.data.rename[0], (std::pair<std::string, std::string>("0", "sadness")));
                 }};
    all << Shape{"merged.csv",
                 lines(60, ',', "id,text,label"),
                 60,
                 2,
                 "text",
                 "label",
                 [](DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Classes) {
                         QVERIFY(wizard.rename("fear", "anger"));
                         QVERIFY(wizard.says("3 labels become 2 classes"));
                     }
                 }};

    QByteArray labelled = "text;label\n", medical;
    for (int row = 0; row < 60; ++row)
        labelled += textOf(row) + ";" + Moods[row % 3] + "\n";
    for (int block = 0; block < 12; ++block) {
        medical += "###" + QByteArray::number(24290000 + block) + "\n";
        for (int row = 0; row < 5; ++row)
            medical += QByteArray(row < 2   ? "METHODS"
                                  : row < 4 ? "RESULTS"
                                            : "CONCLUSIONS") +
                       "\t" + textOf(block * 5 + row) + " .\n";
        medical += "\n";
    }
    all << Shape{"moods.txt", labelled, 60, 3, {}, {}};
    all << Shape{"abstracts.txt", medical, 60, 3, {}, {}};

    QByteArray texts = "text\n";
    for (int row = 0; row < 60; ++row)
        texts += textOf(row) + "\n";
    all << Shape{"only-texts.csv",
                 texts,
                 60,
                 2,
                 "text",
                 "",
                 [](DrivenWizard& wizard, int page) {
                     if (page != ImportWizard::Classes)
                         return;
                     QVERIFY(wizard.problem().contains("at least two"));
                     QVERIFY(!wizard.canGoOn());
                     for (const char* name : {"good", "bad"}) {
                         QTest::mouseClick(wizard.link<QToolButton>("add a class"), Qt::LeftButton);
                         QVERIFY(wizard.type(name));
                     }
                 },
                 [](const auto& e) {
                     QCOMPARE(e.data.classes, (std::vector<std::string>{"good", "bad"}));
                 }};

    QByteArray huge = "text,label\n";
    for (int row = 0; row < 24; ++row)
        huge += textOf(row) + " " + QByteArray(200'000, static_cast<char>('a' + row)) + "," + Moods[row % 2] +
                "\n";
    all << Shape{"huge-fields.csv", huge, 24, 2, "text", "label"};

    QByteArray ragged = lines(60, ',', "id,text,label");
    ragged += "900,too few\n901,too,many,fields\n";
    all << Shape{"ragged.csv", ragged, 60, 3, "text", "label", [](DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Report) {
                         auto* bad = wizard.named<NumberTable>("Bad rows");
                         QCOMPARE(bad->rowCount(), 2);
                         QVERIFY(bad->item(0, 0)->text().contains("ragged.csv, line 62"));
                         auto* skip = wizard.link<QCheckBox>("Leave the 2 bad rows out");
                         skip->setFocus();
                         QTest::keyClick(skip, Qt::Key_Space);
                         QVERIFY(skip->isChecked());
                     }
                 }};

    QByteArray vectors = "text,class,p_joy,p_anger,p_fear\n",
               said = "text,class,predicted_label,confidence\n";
    for (int row = 0; row < 60; ++row) {
        vectors += textOf(row) + "," + Moods[row % 3] + (row % 2 ? ",0.7,0.2,0.1\n" : ",0.1,0.1,0.8\n");
        said += textOf(row) + "," + Moods[row % 3] + "," + Moods[row % 2] + ",0.8\n";
    }
    all << Shape{"vectors.csv", vectors, 60, 3, "text", "class", {}, [](const auto& e) {
                     QCOMPARE(e.teacher.kind, TeacherKind::Columns);
                     QCOMPARE(e.teacher.probabilities, std::string("p_"));
                     QVERIFY(e.teacher.label.empty());
                 }};
    all << Shape{"said.csv", said, 60, 3, "text", "class", {}, [](const auto& e) {
                     QCOMPARE(e.teacher.label, std::string("predicted_label"));
                     QCOMPARE(e.teacher.confidence, std::string("confidence"));
                 }};
    all << Shape{"vectors-chosen.csv",
                 QByteArray(vectors).replace("p_", "says."),
                 60,
                 3,
                 "text",
                 "class",
                 [](DrivenWizard& wizard, int page) {
                     if (page == ImportWizard::Columns)
                         QVERIFY(chooseByClicks(wizard.roleOf("says.anger"), "teacher's probability"));
                 },
                 [](const auto& e) { QCOMPARE(e.teacher.probabilities, std::string("says.")); }};

    QByteArray papers = "title,abstract,label\n";
    for (int row = 0; row < 60; ++row)
        papers += "Paper " + QByteArray::number(row) + "," + textOf(row) + "," + Moods[row % 3] + "\n";
    all << Shape{"papers.csv",
                 papers,
                 60,
                 3,
                 "title",
                 "label",
                 {},
                 [](const auto& e) {
                     QCOMPARE(e.data.train.moreText, std::vector<std::string>{"abstract"}); }};
    all << Shape{"entities.csv",
                 lines(60, ',', "id,text,label").replace("says", "says &amp; means"),
                 60,
                 3,
                 "text",
                 "label",
                 {},
                 [](const auto& e) { QVERIFY(e.data.unescapeHtml); }};
    return all;
}

} // namespace stillroom::test
