#include "app/cli/predict_options.h"

namespace stillroom::cli {

void PredictOptions::addTo(CLI::App& command) {
    command.add_option("student", student, "A run's folder (its best student), or a student's .safetensors")
        ->required();
    command
        .add_option("file", source.path, "Texts: .csv, .tsv, .jsonl, .txt (one a line); -: standard input")
        ->required();
    command.add_option("--text", source.text, "Column of the text (repeatable: they are joined)")
        ->type_name("COLUMN")
        ->allow_extra_args(false);
    command.add_option("--id", source.id, "Column of the id (else records are numbered)")
        ->type_name("COLUMN");
    command
        .add_option("--format", source.format,
                    "How the file is written, else by its ending: lines, csv, tsv, jsonl, label_lines, "
                    "pubmed_rct or wordnet")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"lines", "csv", "tsv", "jsonl", "label_lines", "pubmed_rct", "wordnet"}));
    command.add_option("--delimiter", source.delimiter, "Of csv and tsv: one character, or tab")
        ->type_name("C");
    command.add_option("--quoting", source.quoting, "Of csv and tsv: double or none")
        ->type_name("HOW")
        ->check(CLI::IsMember({"double", "none"}));
    command.add_option("--encoding", source.encoding, "utf-8, utf-16 or windows-1252")
        ->type_name("NAME")
        ->check(CLI::IsMember({"utf-8", "utf-16", "windows-1252"}));
    command.add_flag("!--no-header", source.header, "Csv and tsv have no header line: columns are 1, 2, …");
    command.add_flag("--unescape-html", source.unescapeHtml,
                     "&amp; and its like become characters (a run's folder says it by itself)");
    command
        .add_option("--out", out, "The file to write, whole or not at all (else, and for -, standard output)")
        ->type_name("FILE");
    command.add_option("--out-format", outFormat, "csv or jsonl (else by the ending of --out)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"csv", "jsonl"}));
    command.add_flag("!--labels-only", settings.probabilities, "Leave the classes' probabilities out");
    command.add_option("--threads", settings.threads, "0 (the default) is all cores")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    command
        .add_option_function<std::string>(
            "--bad-rows",
            [this](const std::string& policy) {
                settings.badRows = policy == "skip" ? BadRowPolicy::Skip : BadRowPolicy::Stop;
            },
            "stop (the default): list the first fifty and exit 3; skip: leave them out")
        ->type_name("stop|skip")
        ->check(CLI::IsMember({"stop", "skip"}));
}

} // namespace stillroom::cli
