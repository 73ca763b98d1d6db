#include "cli/replay/trace.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "cli/units.h"
#include "limit/names.h"

namespace zael::cli::replay {
namespace {

enum class Field { kTime, kContext, kGenerated, kEntity, kResource, kIgnored };

struct KnownColumn {
  std::string_view name;  // lower case, without `_`
  Field field;
};

constexpr std::array<KnownColumn, 5> kKnownColumns{{{"timestamp", Field::kTime},
                                                    {"contexttokens", Field::kContext},
                                                    {"generatedtokens", Field::kGenerated},
                                                    {"entity", Field::kEntity},
                                                    {"resource", Field::kResource}}};

std::string Normalized(std::string_view name) {
  std::string normalized;
  for (const char c : name) {
    if (c != '_') normalized += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return normalized;
}

// The next line without its end; false at the end of the text.
bool NextLine(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) return false;
  const std::size_t end = rest.find('\n');
  line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return true;
}

void SplitInto(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(',', begin);
    fields.push_back(line.substr(begin, end - begin));
    if (end == std::string_view::npos) return;
    begin = end + 1;
  }
}

// `2023-11-16 18:17:03.9799600`, also with T between and Z behind.
std::optional<TraceTime> ParseTime(std::string_view text) {
  if (text.ends_with('Z')) text.remove_suffix(1);
  constexpr std::size_t kSecondsEnd = 19;
  if (text.size() < kSecondsEnd || (text[10] != ' ' && text[10] != 'T')) return std::nullopt;
  std::string seconds = std::string(text.substr(0, kSecondsEnd)) + "Z";
  seconds[10] = 'T';
  const Result<WallTime> whole = ParseUtcText(seconds);
  if (!whole.ok()) return std::nullopt;
  TraceTime time = *whole;
  std::string_view fraction = text.substr(kSecondsEnd);
  if (fraction.empty()) return time;
  if (fraction.size() < 2 || fraction.size() > 10 || fraction[0] != '.') return std::nullopt;
  std::int64_t ticks = 0;
  for (std::size_t i = 1; i <= 9; ++i) {
    const char digit = i < fraction.size() ? fraction[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    if (i <= 7) ticks = ticks * 10 + (digit - '0');
  }
  return time + TraceTime::duration(ticks);
}

// Reads one file into a trace that may hold others already.
class FileReader {
 public:
  FileReader(const TraceText& text, std::map<std::string, std::int32_t, std::less<>>& indexes,
             Trace& trace)
      : text_(text), indexes_(indexes), trace_(trace) {}

  Status Read() {
    trace_.files.push_back(text_.name);
    std::string_view rest = text_.content;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    std::string_view line;
    if (!NextLine(rest, line)) return Wrong("the file is empty, a header is the rule");
    line_ = 1;
    ZAEL_TRY(ReadHeader(line));
    while (NextLine(rest, line)) {
      ++line_;
      if (!line.empty()) ZAEL_TRY(ReadRow(line));
    }
    return {};
  }

 private:
  Error Wrong(const std::string& what) const {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read trace {} line {}: {}", text_.name, line_, what));
  }

  Status ReadHeader(std::string_view line) {
    SplitInto(line, fields_);
    for (const std::string_view name : fields_) {
      Field field = Field::kIgnored;
      for (const KnownColumn& known : kKnownColumns) {
        if (known.name == Normalized(name)) field = known.field;
      }
      columns_.push_back(field);
    }
    for (const auto& [field, name] :
         {std::pair(Field::kTime, "TIMESTAMP"), std::pair(Field::kContext, "ContextTokens"),
          std::pair(Field::kGenerated, "GeneratedTokens")}) {
      const auto count = std::count(columns_.begin(), columns_.end(), field);
      if (count != 1) {
        return Wrong(Format("the header has column {} {} times, once is the rule: {}", name, count,
                            Shorten(line)));
      }
    }
    return {};
  }

  Status ReadRow(std::string_view line) {
    SplitInto(line, fields_);
    if (fields_.size() != columns_.size()) {
      return Wrong(Format("{} fields, as many as the header has ({}) is the rule: {}",
                          fields_.size(), columns_.size(), Shorten(line)));
    }
    TraceCall call;
    call.line = line_;
    call.file = static_cast<std::uint32_t>(trace_.files.size() - 1);
    for (std::size_t i = 0; i < fields_.size(); ++i)
      ZAEL_TRY(ReadField(columns_[i], fields_[i], call));
    trace_.calls.push_back(call);
    return {};
  }

  Status ReadField(Field field, std::string_view text, TraceCall& call) {
    switch (field) {
      case Field::kTime: {
        const std::optional<TraceTime> at = ParseTime(text);
        if (!at) {
          return Wrong(Format("TIMESTAMP {} is not `YYYY-MM-DD HH:MM:SS.fffffff`", Shorten(text)));
        }
        call.at = *at;
        return {};
      }
      case Field::kContext:
        return ReadCount("ContextTokens", text, call.context_tokens);
      case Field::kGenerated:
        return ReadCount("GeneratedTokens", text, call.generated_tokens);
      case Field::kEntity:
        if (const Status valid = limit::ValidateIdentifier("entity", text); !valid.ok()) {
          return Wrong(valid.error().message());
        }
        call.entity = Interned(text);
        return {};
      case Field::kResource:
        if (const Status valid = limit::ValidateResource(text); !valid.ok()) {
          return Wrong(valid.error().message());
        }
        call.resource = Interned(text);
        return {};
      case Field::kIgnored:
        return {};
    }
    return {};
  }

  Status ReadCount(const char* column, std::string_view text, std::int64_t& target) {
    const Result<std::int64_t> count = ParseNumber(column, text, 0, kMaxCallTokens);
    if (!count.ok()) return Wrong(count.error().message());
    target = *count;
    return {};
  }

  std::int32_t Interned(std::string_view text) {
    const auto found = indexes_.find(text);
    if (found != indexes_.end()) return found->second;
    const auto index = static_cast<std::int32_t>(trace_.names.size());
    trace_.names.emplace_back(text);
    indexes_.emplace(text, index);
    return index;
  }

  const TraceText& text_;
  std::map<std::string, std::int32_t, std::less<>>& indexes_;
  Trace& trace_;
  std::vector<Field> columns_;
  std::vector<std::string_view> fields_;
  std::uint32_t line_ = 0;
};

}  // namespace

Result<Trace> ReadTraces(const std::vector<TraceText>& texts) {
  Trace trace;
  std::map<std::string, std::int32_t, std::less<>> indexes;
  for (const TraceText& text : texts) {
    const std::size_t before = trace.calls.size();
    ZAEL_TRY(FileReader(text, indexes, trace).Read());
    if (trace.calls.size() == before) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("read trace {}: no calls after the header", text.name));
    }
    if ((trace.calls[before].entity < 0) != (trace.calls.front().entity < 0)) {
      return Error(ErrorCode::kInvalidArgument,
                   Format("read trace {}: an entity column in all traces or in none is the rule",
                          text.name));
    }
  }
  std::stable_sort(
      trace.calls.begin(), trace.calls.end(),
      [](const TraceCall& left, const TraceCall& right) { return left.at < right.at; });
  return trace;
}

void RepeatTo(Trace& trace, std::size_t calls) {
  const std::size_t original = trace.calls.size();
  const TraceTime::duration period =
      trace.calls.back().at - trace.calls.front().at + std::chrono::seconds(1);
  trace.calls.resize(calls);
  for (std::size_t i = original; i < calls; ++i) {
    trace.calls[i] = trace.calls[i - original];
    trace.calls[i].at += period;
  }
}

}  // namespace zael::cli::replay
