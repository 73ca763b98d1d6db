// Report: what a command answers, written once and shown three ways.
//
// A command adds sentences, fields and tables in the order a person reads them. On a terminal they
// become aligned text with sober colour; piped, stable tab-separated lines under raw names; with
// --json one document. Sentences are for people only and vanish with --quiet. Thread-compatible.
#pragma once

#include <zael/clock.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/console.h"
#include "cli/datum.h"

namespace zael::cli {

// A value and how a person sees it.
struct Cell {
  Datum datum;
  std::string text;
  Style style = Style::kPlain;

  static Cell Text(std::string_view text, Style style = Style::kPlain);
  static Cell Count(std::int64_t count, Style style = Style::kPlain);
  static Cell Flag(bool flag);  // true and false; `yes` and `no` for people
  static Cell Time(WallTime time);
  static Cell Duration(Milliseconds duration);
  static Cell Wait(const std::optional<Milliseconds>& wait);  // null and `never` when absent
  static Cell None();                                         // null and `-`
};

struct Column {
  std::string key;    // in JSON and tab-separated text
  std::string title;  // on a terminal
  bool right = false;
};

struct Table {
  std::string key;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::string when_empty;  // a sentence for people
};

class Report {
 public:
  void Say(std::string sentence, Style style = Style::kPlain);
  void Set(std::string key, std::string title, Cell cell);
  void SetHidden(std::string key, Datum datum);  // JSON only
  void Add(Table table);
  void Advise(std::string what_to_try);  // a `try:` line; a list `try` in JSON

  // Nothing more is to be shown: a command that goes on for long has shown it while it ran.
  void Silence() { silent_ = true; }

  // Replaces everything with text that is the answer itself (completion scripts, help).
  void SetRaw(std::string text) { raw_ = std::move(text); }

  std::string RenderJson() const;
  std::string RenderText(const Console& console, bool quiet) const;

 private:
  struct Sentence {
    std::string text;
    Style style;
  };
  struct Field {
    std::string key, title;
    Cell cell;
    bool hidden;
  };
  struct Advice {
    std::string text;
  };
  using Block = std::variant<Sentence, Field, Table, Advice>;

  std::string RenderTerminal(const Console& console, bool quiet) const;
  std::string RenderPlain(bool quiet) const;

  std::vector<Block> blocks_;
  std::optional<std::string> raw_;
  bool silent_ = false;
};

// The aligned lines of a table, its head first; for a live view too.
std::vector<std::string> TableLines(const Table& table, const Console& console, bool on_err);

}  // namespace zael::cli
