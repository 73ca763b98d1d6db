#include "json/json_writer.h"

// RapidJSON's stack adds an offset to its null start before the first allocation: harmless, but
// undefined, and clang's sanitizer says so.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include <cmath>

#include "base/check.h"
#include "json/utf8.h"

namespace zael::json {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// `text` itself when it is well-formed, as nearly all is; else a mended copy in `mended`.
std::string_view WellFormed(std::string_view text, std::string& mended) {
  if (FirstIllFormed(text) == text.size()) return text;
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    mended += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return mended;
}

}  // namespace

// PrettyWriter's methods hide Writer's instead of overriding them, so the choice is made at each
// call.
class JsonWriter::Impl {
 public:
  explicit Impl(Layout layout) : pretty_(layout == Layout::kIndented) {
    indented_.SetIndent(' ', 2);
  }

  template <typename Call>
  void Write(Call call) {
    CHECK(pretty_ ? call(indented_) : call(compact_));
  }

  std::string Take() {
    CHECK(pretty_ ? indented_.IsComplete() : compact_.IsComplete());
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  bool pretty_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> compact_{buffer_};
  rapidjson::PrettyWriter<rapidjson::StringBuffer> indented_{buffer_};
};

JsonWriter::JsonWriter(Layout layout) : impl_(std::make_unique<Impl>(layout)) {}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::BeginObject() {
  impl_->Write([](auto& writer) { return writer.StartObject(); });
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  impl_->Write([](auto& writer) { return writer.EndObject(); });
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  impl_->Write([](auto& writer) { return writer.StartArray(); });
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  impl_->Write([](auto& writer) { return writer.EndArray(); });
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view name) {
  std::string mended;
  const std::string_view text = WellFormed(name, mended);
  mended_ = mended_ || !mended.empty();
  impl_->Write([&](auto& writer) {
    return writer.Key(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  });
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  std::string mended;
  const std::string_view text = WellFormed(value, mended);
  mended_ = mended_ || !mended.empty();
  impl_->Write([&](auto& writer) {
    return writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  });
  return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t value) {
  impl_->Write([&](auto& writer) { return writer.Int64(value); });
  return *this;
}

JsonWriter& JsonWriter::Double(double value) {
  if (!std::isfinite(value)) return Null();
  impl_->Write([&](auto& writer) { return writer.Double(value); });
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  impl_->Write([&](auto& writer) { return writer.Bool(value); });
  return *this;
}

JsonWriter& JsonWriter::Null() {
  impl_->Write([](auto& writer) { return writer.Null(); });
  return *this;
}

std::string JsonWriter::Take() { return impl_->Take(); }

}  // namespace zael::json
