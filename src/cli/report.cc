#include "cli/report.h"

#include <algorithm>

#include "base/format.h"
#include "base/time.h"
#include "cli/units.h"

namespace zael::cli {
namespace {

std::string Padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t used = DisplayWidth(text);
  const std::string space(width > used ? width - used : 0, ' ');
  return right ? space + text : text + space;
}

void TrimRight(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

}  // namespace

Cell Cell::Text(std::string_view text, Style style) {
  return {Datum(text), text.empty() ? "-" : Printable(text), style};
}
Cell Cell::Count(std::int64_t count, Style style) {
  return {Datum(count), CountText(count), style};
}
Cell Cell::Flag(bool flag) { return {Datum(flag), flag ? "yes" : "no"}; }
Cell Cell::Time(WallTime time) { return {Datum(ToUtcText(time)), TimeText(time)}; }
Cell Cell::Duration(Milliseconds duration) {
  return {Datum(std::int64_t{duration.count()}), DurationText(duration)};
}
Cell Cell::Wait(const std::optional<Milliseconds>& wait) {
  return wait ? Duration(*wait) : Cell{Datum(), "never", Style::kBad};
}
Cell Cell::None() { return {Datum(), "-", Style::kDim}; }

void Report::Say(std::string sentence, Style style) {
  blocks_.push_back(Sentence{std::move(sentence), style});
}
void Report::Set(std::string key, std::string title, Cell cell) {
  blocks_.push_back(Field{std::move(key), std::move(title), std::move(cell), false});
}
void Report::SetHidden(std::string key, Datum datum) {
  blocks_.push_back(Field{std::move(key), "", Cell{std::move(datum), "", Style::kPlain}, true});
}
void Report::Add(Table table) { blocks_.push_back(std::move(table)); }
void Report::Advise(std::string what_to_try) { blocks_.push_back(Advice{std::move(what_to_try)}); }

std::string Report::RenderJson() const {
  if (silent_) return {};
  if (raw_) return ToJsonDocument(Datum(Datum::Object{{"text", Datum(*raw_)}}));
  Datum::Object document;
  Datum::List advice;
  for (const Block& block : blocks_) {
    if (const auto* field = std::get_if<Field>(&block)) {
      document.emplace_back(field->key, field->cell.datum);
    } else if (const auto* table = std::get_if<Table>(&block)) {
      Datum::List rows;
      for (const auto& row : table->rows) {
        Datum::Object object;
        for (std::size_t i = 0; i < table->columns.size(); ++i) {
          object.emplace_back(table->columns[i].key, row[i].datum);
        }
        rows.emplace_back(std::move(object));
      }
      document.emplace_back(table->key, Datum(std::move(rows)));
    } else if (const auto* next = std::get_if<Advice>(&block)) {
      advice.emplace_back(next->text);
    }
  }
  if (!advice.empty()) document.emplace_back("try", Datum(std::move(advice)));
  return ToJsonDocument(Datum(std::move(document)));
}

std::string Report::RenderText(const Console& console, bool quiet) const {
  if (silent_) return {};
  if (raw_) return *raw_;
  return console.out_is_terminal ? RenderTerminal(console, quiet) : RenderPlain(quiet);
}

std::string Report::RenderTerminal(const Console& console, bool quiet) const {
  std::size_t title_width = 0;
  for (const Block& block : blocks_) {
    const auto* field = std::get_if<Field>(&block);
    if (field && !field->hidden) title_width = std::max(title_width, DisplayWidth(field->title));
  }
  std::string text;
  bool after_table = false;
  for (const Block& block : blocks_) {
    std::string lines;
    if (const auto* sentence = std::get_if<Sentence>(&block)) {
      if (!quiet) lines = console.OutStyled(sentence->style, sentence->text) + "\n";
    } else if (const auto* field = std::get_if<Field>(&block)) {
      if (!field->hidden) {
        lines = Format("{}  {}\n",
                       console.OutStyled(Style::kDim, Padded(field->title, title_width, false)),
                       console.OutStyled(field->cell.style, field->cell.text));
      }
    } else if (const auto* table = std::get_if<Table>(&block)) {
      if (table->rows.empty()) {
        if (!quiet && !table->when_empty.empty()) {
          lines = console.OutStyled(Style::kDim, table->when_empty) + "\n";
        }
      } else {
        if (!text.empty() && !after_table) text += "\n";
        for (const std::string& line : TableLines(*table, console, false)) lines += line + "\n";
        lines += "\n";
      }
    } else if (!quiet) {
      lines = Format("{} {}\n", console.OutStyled(Style::kStrong, "try:"),
                     std::get<Advice>(block).text);
    }
    if (!lines.empty()) after_table = lines.ends_with("\n\n");
    text += lines;
  }
  if (after_table) text.pop_back();
  return text;
}

std::string Report::RenderPlain(bool quiet) const {
  std::string text;
  bool after_table = false;
  for (const Block& block : blocks_) {
    if (const auto* table = std::get_if<Table>(&block)) {
      if (!text.empty()) text += "\n";
      for (std::size_t i = 0; i < table->columns.size(); ++i) {
        text += (i == 0 ? "" : "\t") + table->columns[i].key;
      }
      text += "\n";
      for (const auto& row : table->rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
          text += (i == 0 ? "" : "\t") + ToPlainText(row[i].datum);
        }
        text += "\n";
      }
      after_table = true;
      continue;
    }
    std::string line;
    if (const auto* sentence = std::get_if<Sentence>(&block)) {
      if (!quiet) line = sentence->text + "\n";
    } else if (const auto* field = std::get_if<Field>(&block)) {
      if (!field->hidden) line = Format("{}\t{}\n", field->key, ToPlainText(field->cell.datum));
    } else if (!quiet) {
      line = Format("try: {}\n", std::get<Advice>(block).text);
    }
    if (after_table && !line.empty()) text += "\n";
    if (!line.empty()) after_table = false;
    text += line;
  }
  return text;
}

std::vector<std::string> TableLines(const Table& table, const Console& console, bool on_err) {
  const auto styled = [&](Style style, const std::string& text) {
    return on_err ? console.ErrStyled(style, text) : console.OutStyled(style, text);
  };
  std::vector<std::size_t> widths;
  for (const Column& column : table.columns) widths.push_back(DisplayWidth(column.title));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i].text));
    }
  }
  std::vector<std::string> lines;
  std::string head;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    head +=
        (i == 0 ? "" : "  ") + Padded(table.columns[i].title, widths[i], table.columns[i].right);
  }
  TrimRight(head);
  lines.push_back(styled(Style::kStrong, head));
  for (const auto& row : table.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padded = Padded(row[i].text, widths[i], table.columns[i].right);
      line += (i == 0 ? "" : "  ") + styled(row[i].style, padded);
    }
    TrimRight(line);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace zael::cli
