// JsonWriter: the one way this project writes JSON, one value after another, always well-formed
// UTF-8 out.
//
// Adapter over RapidJSON's writers; no other file includes them. Calls must nest properly: a Key
// before every value inside an object, an End for every Begin; breaking that ends the program (our
// own bug).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace zael::json {

// Thread-compatible.
class JsonWriter {
 public:
  enum class Layout { kOneLine, kIndented };

  explicit JsonWriter(Layout layout = Layout::kOneLine);
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view name);
  JsonWriter& String(std::string_view value);  // invalid UTF-8 is replaced by U+FFFD
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Double(double value);  // not a number and infinity become null
  JsonWriter& Bool(bool value);
  JsonWriter& Null();

  // Whether some text was not UTF-8, so that the document differs from what was given.
  bool mended() const { return mended_; }

  // The finished document. Requires: everything begun has ended.
  std::string Take();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
  bool mended_ = false;
};

}  // namespace zael::json
