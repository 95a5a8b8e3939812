// `report`: every figure in it is the run folder's, read by other means; the PDF says the same; it stands
// alone.
#include "made_up_data.h"
#include "report_figures.h"

#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>
#include <cstring>
#include <numeric>

using namespace stillroom;
using test::Cli;
using test::Figures;
using test::RunDatabase;
using test::Said;

class CliReportTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QStringList runs_; ///< llkd with three seeds, then all with three
    QByteArray html_;
    Figures figures_;
    Said report(const QStringList& arguments) {
        return Cli(folder_.path()).run(QStringList{"report"} + arguments);
    }
    [[nodiscard]] QString at(const QString& path) const { return folder_.filePath(path); }

  private Q_SLOTS:
    void initTestCase();
    void everyFigureIsTheRuns();
    void everyFigureOfAComparison();
    void thePdfSaysTheSame();
    void standsAlone();
};

void CliReportTest::initTestCase() {
    QVERIFY(test::writeData(at("data.csv"), 2500));
    for (const QString rule : {"llkd", "all"}) {
        QVERIFY(test::writeFile(at(rule + ".yaml"),
                                QByteArray::fromStdString(test::experimentYaml(
                                    "data.csv", 4, "selection: {rule: " + rule.toStdString() + "}\n"))));
        for (const char* seed : {"1", "2", "3"}) {
            const Said said = Cli(folder_.path()).run({"run", rule + ".yaml", "--json", "--seed", seed});
            QVERIFY2(said.exitCode == 0, said.all());
            runs_ << said.json().value("run").toString();
        }
    }
    const Said said = report({runs_[0], "--out", "one", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.json().value("html").toString(), QString("one/report.html"));
    QVERIFY(said.json().value("no_data").isNull());
    QCOMPARE(test::everythingIn(at("one")), QStringList({"report.html", "report.pdf"}));
    html_ = test::readFile(at("one/report.html"));
    QString problem;
    figures_ = test::figuresOf(html_, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void CliReportTest::everyFigureIsTheRuns() {
    const RunDatabase run(at(runs_[0]));
    QMap<QString, double> expected{
        {"runs", 1}, {"configurations", 1}, {"curves.most", 12}, {"run.0.seed", 1}};
    test::addRun(run, "run.0", expected);
    expected["origin.threads"] = run.number("SELECT value FROM meta WHERE key = 'threads'");
    expected["teacher.answers"] = run.number("SELECT value FROM meta WHERE key = 'teacher_rows'");

    // By class: precision, recall and F1 by hand from the confusion.
    const QString names = run.rows("SELECT value FROM meta WHERE key = 'classes'")[0].values[0].toString();
    const auto classes = QJsonDocument::fromJson(names.toUtf8()).array().size();
    const auto confusion = run.numbers(run.rows("SELECT test_confusion FROM result")[0].values[0].toString());
    QCOMPARE(confusion.size(), classes * classes);
    for (qsizetype i = 0; i < classes; ++i) {
        double gold = 0, predicted = 0;
        const double hit = confusion[i * classes + i];
        for (qsizetype k = 0; k < classes; ++k) {
            gold += confusion[i * classes + k];
            predicted += confusion[k * classes + i];
            expected[QStringLiteral("run.0.test.confusion.%1.%2").arg(i).arg(k)] = confusion[i * classes + k];
        }
        const QString key = QStringLiteral("run.0.test.class.%1").arg(i);
        expected[key + ".gold"] = gold;
        expected[key + ".predicted"] = predicted;
        expected[key + ".precision"] = predicted > 0 ? hit / predicted : 0;
        expected[key + ".recall"] = gold > 0 ? hit / gold : 0;
        expected[key + ".f1"] = gold + predicted > 0 ? 2 * hit / (gold + predicted) : 0;
    }

    // What was kept by class, and the last thresholds.
    QVector<double> candidates(classes), kept(classes);
    for (const auto& row : run.rows("SELECT candidates_by_class, kept_by_class FROM windows")) {
        const auto a = run.numbers(row.values[0].toString()), b = run.numbers(row.values[1].toString());
        for (qsizetype i = 0; i < classes; ++i) {
            candidates[i] += a[i];
            kept[i] += b[i];
        }
    }
    const auto last =
        run.rows("SELECT teacher_by_class, student_by_class FROM thresholds ORDER BY step DESC LIMIT 1")[0];
    const auto teacher = run.numbers(last.values[0].toString()),
               student = run.numbers(last.values[1].toString());
    for (qsizetype i = 0; i < classes; ++i) {
        const QString key = QStringLiteral("run.0.class.%1").arg(i);
        expected[key + ".candidates"] = candidates[i];
        expected[key + ".kept"] = kept[i];
        expected[key + ".kept_share"] = kept[i] / candidates[i];
        expected[key + ".threshold.teacher"] = teacher[i];
        expected[key + ".threshold.student"] = student[i];
    }

    // The plane's epoch, from the snapshot's own bytes.
    const double epoch = figures_.value("plane.epoch").value;
    const double best = run.number(
        "SELECT step FROM evaluations WHERE split = 'validation' AND best ORDER BY evaluation DESC");
    expected["plane.epoch"] =
        run.number(QStringLiteral("SELECT min(epoch) FROM snapshots WHERE step >= %1").arg(best));
    const QByteArray snapshot = test::readFile(
        at(runs_[0] + QStringLiteral("/snapshots/epoch-%1.traces").arg(epoch, 4, 'f', 0, '0')));
    QVERIFY(snapshot.size() > 64);
    double scored = 0, keptThere = 0;
    for (qsizetype at = 64; at + 4 <= snapshot.size(); at += 4) {
        quint32 word = 0;
        std::memcpy(&word, snapshot.constData() + at, 4);
        const bool isScored = ((word >> 16U) & 0x7FFFU) <= 0x7C00U;
        scored += isScored ? 1 : 0;
        keptThere += isScored && (word & 15U) == 1 ? 1 : 0;
    }
    expected["plane.samples"] = scored;
    expected["plane.kept"] = keptThere;

    // Data: rows of the file, and what was measured.
    double gold = 0;
    for (qsizetype i = 0; i < classes; ++i) {
        const QString key = QStringLiteral("data.class.%1.").arg(i);
        const auto& row = figures_;
        gold += row.value(key + "train_gold").value + row.value(key + "validation").value +
                row.value(key + "test").value;
        expected[key + "train_gold"] = row.value(key + "train_gold").value; // their sum is looked at
        expected[key + "validation"] = row.value(key + "validation").value;
        expected[key + "test"] = expected[QStringLiteral("run.0.test.class.%1.gold").arg(i)];
        expected[key + "train_teacher"] = candidates[i] / expected["run.0.epochs_done"];
    }
    QCOMPARE(gold, 2500.0);
    expected["data.classes"] = static_cast<double>(classes);
    expected["data.train.rows"] = expected["data.train.with_gold"] = expected["run.0.samples.total"];
    expected["data.validation.rows"] = expected["data.validation.with_gold"] =
        expected["run.0.validation.rows"];
    expected["data.test.rows"] = expected["data.test.with_gold"] = expected["run.0.test.rows"];

    // The teacher and the test set's intervals, as other commands say them.
    const Said check = Cli(folder_.path()).run({"check", "llkd.yaml", "--json", "--quiet"});
    QVERIFY2(check.exitCode == 0, check.all());
    const auto quality = check.json().value("teacher").toObject();
    for (const auto& [name, other] :
         {std::pair("rows", "rows"), std::pair("accuracy", "accuracy"), std::pair("macro_f1", "macro_f1"),
          std::pair("mean_confidence", "mean_confidence"), std::pair("ece", "ece_equal_width"),
          std::pair("ece_equal_mass", "ece_equal_mass"), std::pair("brier", "brier"),
          std::pair("nll", "nll")}) {
        QVERIFY2(quality.contains(other), check.all());
        expected[QStringLiteral("teacher.%1").arg(name)] = quality.value(other).toDouble();
    }
    expected["teacher.gap"] =
        100 * std::fabs(expected["teacher.mean_confidence"] - expected["teacher.accuracy"]);
    const Said compared = Cli(folder_.path()).run({"compare", runs_[0], "--json"});
    QVERIFY2(compared.exitCode == 0, compared.all());
    const auto metrics = compared.json()["data_sets"]
                             .toArray()[0]
                             .toObject()["configurations"]
                             .toArray()[0]
                             .toObject()["metrics"]
                             .toObject(); // drawn from the test set, from a seed
    for (const QString metric : {"accuracy", "macro_f1"}) {
        const auto interval = metrics[metric].toObject()["interval"].toArray();
        QCOMPARE(interval.size(), 2);
        expected["run.0.test." + metric + ".low"] = interval[0].toDouble();
        expected["run.0.test." + metric + ".high"] = interval[1].toDouble();
    }

    int examples = 0;
    for (auto figure = figures_.cbegin(); figure != figures_.cend(); ++figure) {
        const QString& name = figure.key();
        QVERIFY2(test::isRounded(*figure), qPrintable(name + ": " + figure->shown));
        if (name.startsWith("example.")) { // looked at below
            ++examples;
            continue;
        }
        if (name == "plane.outside")
            continue; // of the drawing
        QVERIFY2(expected.contains(name), qPrintable(name + " is not accounted for"));
        QVERIFY2(std::fabs(figure->value - expected[name]) <= 1e-9 * std::max(1.0, std::fabs(expected[name])),
                 qPrintable(QStringLiteral("%1: %2, and the run has %3")
                                .arg(name)
                                .arg(figure->value, 0, 'g', 17)
                                .arg(expected[name], 0, 'g', 17)));
    }
    QVERIFY(examples > 20);
    for (const char* wanted :
         {"run.0.test.accuracy", "run.0.samples.gradient_share", "teacher.ece", "plane.kept",
          "run.0.class.0.threshold.student", "run.0.test.class.0.f1", "run.0.test.confusion.0.0"})
        QVERIFY2(figures_.contains(wanted), wanted);
}

void CliReportTest::everyFigureOfAComparison() {
    const Said said = report(runs_ + QStringList{"--out", "six", "--quiet"});
    QVERIFY2(said.exitCode == 0, said.all());
    QString problem;
    const Figures figures = test::figuresOf(test::readFile(at("six/report.html")), problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QMap<QString, double> expected;
    QMap<QString, QVector<double>> byRule; ///< "0.accuracy" → one a seed
    for (int i = 0; i < 6; ++i) {
        const RunDatabase run(at(runs_[i]));
        QMap<QString, double> own;
        test::addRun(run, QStringLiteral("run.%1").arg(i), own);
        expected.insert(own);
        const QString key = QStringLiteral("run.%1").arg(i), rule = QString::number(i / 3);
        byRule[rule + ".accuracy"] << own[key + ".test.accuracy"];
        byRule[rule + ".macro_f1"] << own[key + ".test.macro_f1"];
        byRule[rule + ".gradient_share"] << own[key + ".samples.gradient_share"];
        byRule[rule + ".distinct_share"] << own[key + ".samples.distinct_share"];
        byRule[rule + ".seconds"] << own[key + ".train_seconds"];
    }
    const auto mean = [](const QVector<double>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    };
    for (auto row = byRule.cbegin(); row != byRule.cend(); ++row) {
        double squares = 0;
        for (const double value : *row)
            squares += (value - mean(*row)) * (value - mean(*row));
        const double deviation = std::sqrt(squares / 2),
                     half = 4.302652729911275 * deviation / std::sqrt(3.0); // t(2)
        const QString key = "comparison.0." + row.key();
        expected[key + ".mean"] = mean(*row);
        expected[key + ".deviation"] = deviation;
        expected[key + ".low"] = mean(*row) - half;
        expected[key + ".high"] = mean(*row) + half;
    }
    for (const QString metric : {"accuracy", "macro_f1"}) {
        QVector<double> pairs;
        for (int seed = 0; seed < 3; ++seed)
            pairs << byRule["0." + metric][seed] - byRule["1." + metric][seed];
        double squares = 0;
        for (const double value : pairs)
            squares += (value - mean(pairs)) * (value - mean(pairs));
        const double half = 4.302652729911275 * std::sqrt(squares / 2) / std::sqrt(3.0);
        const QString key = "difference.0.0." + metric; // `all` is the baseline
        expected[key + ".difference"] = mean(pairs);
        expected[key + ".low"] = mean(pairs) - half;
        expected[key + ".high"] = mean(pairs) + half;
        expected[key + ".pairs"] = 3;
        for (const char* wanted : {".difference", ".low", ".high", ".pairs", ".p", ".p_holm"})
            QVERIFY2(figures.contains(key + wanted), qPrintable(key + wanted));
    }
    int looked = 0;
    for (auto figure = figures.cbegin(); figure != figures.cend(); ++figure) {
        QVERIFY2(test::isRounded(*figure), qPrintable(figure.key() + ": " + figure->shown));
        if (!expected.contains(figure.key()))
            continue;
        ++looked;
        QVERIFY2(std::fabs(figure->value - expected[figure.key()]) <=
                     1e-9 * std::max(1.0, std::fabs(expected[figure.key()])),
                 qPrintable(QStringLiteral("%1: %2, and by hand %3")
                                .arg(figure.key())
                                .arg(figure->value)
                                .arg(expected[figure.key()])));
    }
    QVERIFY2(looked >= 50, qPrintable(QString::number(looked)));
    for (const char* wanted : {"comparison.0.0.accuracy.mean", "comparison.0.1.macro_f1.deviation",
                               "run.5.test.accuracy", "configurations"})
        QVERIFY2(figures.contains(wanted), wanted);
    QCOMPARE(figures["configurations"].value, 2.0);
}

void CliReportTest::thePdfSaysTheSame() {
    if (QStandardPaths::findExecutable("pdftotext").isEmpty())
        QSKIP("there is no pdftotext here (package poppler-utils)");
    const QByteArray pdf = test::pdfText(at("one/report.pdf"));
    QVERIFY(!pdf.isEmpty());
    // As often as in the page, each number of it.
    const QRegularExpression word(QStringLiteral("[^\\s()|%]+"));
    QMap<QString, int> there, wanted;
    for (auto match = word.globalMatch(QString::fromUtf8(pdf)); match.hasNext();) {
        QString text = match.next().captured();
        while (text.endsWith('.') || text.endsWith(',') || text.endsWith(';'))
            text.chop(1);
        ++there[text];
    }
    QXmlStreamReader reader(html_);
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("data"))
            ++wanted[reader.readElementText()];
    QVERIFY(wanted.size() > 100);
    for (auto number = wanted.cbegin(); number != wanted.cend(); ++number)
        QVERIFY2(there.value(number.key()) >= *number, qPrintable(QStringLiteral("%1: %2 times, not %3")
                                                                      .arg(number.key())
                                                                      .arg(there.value(number.key()))
                                                                      .arg(*number)));
    for (const char* text : {"How to do it again", "reconstruction", "Figure 1", "Table 1"})
        QVERIFY2(pdf.contains(text), text);
    QVERIFY(html_.contains("<math display=\"block\">"));
}

void CliReportTest::standsAlone() {
    const QString text = QString::fromUtf8(html_);
    for (const char* outside :
         {"src=", "@import", "url(", "<script", "<link", "<iframe", "<img", "href=\"http"})
        QVERIFY2(!text.contains(outside), outside);
    QVERIFY(text.contains("default-src 'none'"));
    // No folder of this machine.
    QVERIFY(!text.contains(folder_.path()));
}

QTEST_GUILESS_MAIN(CliReportTest)
#include "cli_report_test.moc"
