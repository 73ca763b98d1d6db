// Datum: one value of a command's answer, with the order of members kept.
//
// What `--json` prints and what the tables show come from the same Datum, so they cannot disagree.
// Plain value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zael::cli {

class Datum {
 public:
  struct Null {};
  using List = std::vector<Datum>;
  using Member = std::pair<std::string, Datum>;
  using Object = std::vector<Member>;
  using Data = std::variant<Null, bool, std::int64_t, double, std::string, List, Object>;

  Datum() = default;
  Datum(bool value) : data_(value) {}                         // NOLINT: data convert
  Datum(std::int64_t value) : data_(value) {}                 // NOLINT
  Datum(int value) : data_(std::int64_t{value}) {}            // NOLINT
  Datum(std::uint64_t value) : data_(std::int64_t(value)) {}  // NOLINT: counts stay far below 2^63
  Datum(double value) : data_(value) {}                       // NOLINT
  Datum(std::string value) : data_(std::move(value)) {}       // NOLINT
  Datum(std::string_view value) : data_(std::string(value)) {}  // NOLINT
  Datum(const char* value) : data_(std::string(value)) {}       // NOLINT
  Datum(List value) : data_(std::move(value)) {}                // NOLINT
  Datum(Object value) : data_(std::move(value)) {}              // NOLINT

  const Data& data() const { return data_; }

 private:
  Data data_;
};

// One JSON document, indented, with a newline at its end.
std::string ToJsonDocument(const Datum& datum);

// The one-line form for tab-separated text: no tab or newline in it, `-` for null and for empty
// text.
std::string ToPlainText(const Datum& datum);

// Foreign text without control characters: a stored name must not drive the terminal.
std::string Printable(std::string_view text);

}  // namespace zael::cli
