// To know what Tidewaiter can be told, read this list from top to bottom.
#include "gates/command/serve.h"
#include "measure/bench.h"

static const struct command commands[] = {
    // clang-format off
    { "demo", "", "open the desk of Meridia, an invented port where things go on; nothing is real",
      "tidewaiter demo --store /tmp/port --speed 600", 0, 0,
      { { "--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8080, or the next free port)" },
        { "--speed", "N", "how many times as busy as its history it goes on (120)" },
        { "--days", "N", "days of history, lodged at the first start (14)" },
        { "--per-day", "M", "declarations a day in it (360)" },
        { "--seed", "S", "another season (1)" },
        { "--pages", "FOLDER", "the built pages of the web desk (web/dist)" } },
      demo_command },
    { "declare", "FILE...", "lodge declarations: JSON, NDJSON, CSV or WCO XML",
      "tidewaiter declare january.ndjson", 1, ARGUMENTS_MAX,
      { { "--mapping", "FILE", "which CSV column is which field" },
        { "--strict", "FOLDER", "validate XML by the WCO schemas in FOLDER" },
        { "--who", "NAME", "who lodges (the name of the user)" },
        { "--simulated", NULL, "files that 'simulate' wrote, into a store for such" },
        { "--timings", NULL, "say where the time went" } }, declare_command },
    { "file", "UCR", "show one consignment: facts, state, findings, duty, decision, and why",
      "tidewaiter file 6XM12345678-1", 1, 1, { { 0 } }, file_command },
    { "queue", "", "list what waits for an officer, in order of what a check is worth",
      "tidewaiter queue --limit 20", 0, 0,
      { { "--limit", "N", "show N consignments (20)" } }, queue_command },
    { "decide", "UCR DECISION", "record an officer's decision: release, examine, hold, documents, "
      "refuse or settle", "tidewaiter decide 6XM12345678-1 release --reason \"papers seen\"", 2, 2,
      { { "--reason", "TEXT", "why; it is sealed with the decision" },
        { "--who", "NAME", "the officer (the name of the user)" } }, decide_command },
    { "prove", "UCR", "write a proof bundle: facts, salts, inclusion proofs, checkpoint",
      "tidewaiter prove 6XM12345678-1 --output proof.json", 1, 1,
      { { "--output", "FILE", "where to write it (UCR.proof.json)" } }, prove_command },
    { "verify", "BUNDLE", "check a proof bundle offline: a verdict and one sentence",
      "tidewaiter verify proof.json --key var/ledger/vkey", 1, 1,
      { { "--key", "VKEY", "the ledger's public key, or a file that holds it "
                           "(STORE/ledger/vkey)" } }, verify_command },
    { "duty", "verify PATH...", "work out again what customs notifies on declarations, and compare",
      "tidewaiter duty verify messages/", 1, ARGUMENTS_MAX,
      { { "--rounding", "WAY", "of amounts: down, or half-up (down)" } }, duty_command },
    { "ledger", "show|check", "size, root and checkpoint; or hash everything again and compare",
      "tidewaiter ledger check --dir mirror/ --key mirror/vkey", 1, 1,
      { { "--dir", "DIR", "a tlog-tiles log of anybody's, instead of the store's own" },
        { "--key", "VKEY", "public key of that log or of a cosigner, or a file that holds it" } },
      ledger_command },
    { "rebuild", "", "drop every view and build it again from the facts",
      "tidewaiter rebuild", 0, 0, { { 0 } }, rebuild_command },
    { "serve", "", "serve the web desk and the API over HTTP, until it is ended by SIGTERM",
      "tidewaiter serve --listen 127.0.0.1:8080", 0, 0, SERVE_OPTIONS, serve_command },
    { "openapi", "", "print what can be asked over HTTP, as an OpenAPI document",
      "tidewaiter openapi > openapi.json", 0, 0, { { 0 } }, openapi_command },
    { "simulate", "", "print a port's declarations as NDJSON (demo data: nothing in it is real)",
      "tidewaiter simulate --days 2 --per-day 1000 --seed 7 > port.ndjson", 0, 0,
      { { "--days", "N", "how many days (1)" },
        { "--per-day", "M", "how many declarations a day (1000)" },
        { "--seed", "S", "another season (1)" },
        { "--from", "DATE", "the first day (2026-01-01)" },
        { "--format", "FORMAT", "ndjson, or xml for WCO messages (ndjson)" } }, simulate_command },
    { "bench", "", "measure this machine: the figures that shape the design, as a table",
      "tidewaiter bench --count 100000", 0, 0,
      { { "--count", "N", "declarations to lodge (200000)" },
        { "--only", "ROW", "one row of the table" },
        { "--dir", "DIR", "where to write (a temporary folder)" } }, bench_command },
    // clang-format on
};

int main(int argc, char **argv)
{
    return command_main(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
