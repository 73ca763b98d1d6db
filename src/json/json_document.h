// JsonDocument: a JSON text, read. The one way this project reads JSON.
//
// Adapter over RapidJSON's in-place parser; strings stay in the text they came in. Everything is
// checked while parsing: one value and nothing after it, nesting, size, UTF-8 (also of escapes), no
// member twice in one object. A JsonValue is a pointer into its document: cheap to copy, dead when
// the document is. What is not there is a value too, of kind kAbsent, so that lookups chain:
// `document.root().Find("Table").Find("TableStatus").AsString()`.
#pragma once

#include <zael/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zael::json {

struct JsonMember;

// Thread-compatible; reading one document from many threads is fine.
class JsonValue {
 public:
  enum class Kind { kAbsent, kNull, kBool, kNumber, kString, kArray, kObject };

  JsonValue() = default;  // absent

  Kind kind() const;
  bool Is(Kind kind) const { return this->kind() == kind; }

  // Nothing when the value is of another kind (AsInt64 also: has a fraction, does not fit).
  std::optional<bool> AsBool() const;
  std::optional<std::int64_t> AsInt64() const;
  std::optional<double> AsDouble() const;
  std::optional<std::string_view> AsString() const;

  std::size_t size() const;                    // elements or members; of anything else 0
  JsonValue At(std::size_t index) const;       // element; absent when out of range
  JsonMember Member(std::size_t index) const;  // in the text's order. Requires: index < size()
  JsonValue Find(std::string_view name) const;

 private:
  friend class JsonDocument;
  explicit JsonValue(const void* node) : node_(node) {}
  const void* node_ = nullptr;
};

struct JsonMember {
  std::string_view name;
  JsonValue value;
};

struct JsonBounds {
  // DynamoDB's largest body. A document needs up to about ten times its text in memory.
  std::size_t max_bytes = 16 * 1024 * 1024;
  // Values nest 32 deep, two JSON levels each, inside a request.
  std::size_t max_depth = 96;
};

class JsonDocument {
 public:
  // Errors: kInvalidArgument `read JSON: at byte N: cause`; N counts from 0, for a fault inside a
  // string it is where the string begins.
  static Result<JsonDocument> Parse(std::string text, const JsonBounds& bounds = {});

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  class Impl;
  explicit JsonDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zael::json
