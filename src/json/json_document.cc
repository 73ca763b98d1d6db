#include "json/json_document.h"

// As in json_writer.cc: an offset added to a null start, harmless but undefined.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/format.h"
#include "base/text.h"
#include "json/utf8.h"

namespace zael::json {
namespace {

using Node = rapidjson::Value;

Error Fault(std::size_t offset, std::string_view cause) {
  return {ErrorCode::kInvalidArgument, Format("read JSON: at byte {}: {}", offset, cause)};
}

// Stands between RapidJSON's reader and its document, and stops at what the document would take.
class CheckingHandler {
 public:
  CheckingHandler(rapidjson::Document& document, const char* text, std::size_t max_depth)
      : document_(document), text_(text), max_depth_(max_depth) {}

  bool Null() { return document_.Null(); }
  bool Bool(bool value) { return document_.Bool(value); }
  bool Int(int value) { return document_.Int(value); }
  bool Uint(unsigned value) { return document_.Uint(value); }
  bool Int64(std::int64_t value) { return document_.Int64(value); }
  bool Uint64(std::uint64_t value) { return document_.Uint64(value); }
  bool Double(double value) { return document_.Double(value); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }  // not asked for
  bool String(const char* begin, rapidjson::SizeType length, bool copy) {
    return WellFormed({begin, length}) && document_.String(begin, length, copy);
  }
  bool Key(const char* begin, rapidjson::SizeType length, bool copy) {
    names_.emplace_back(begin, length);
    return WellFormed(names_.back()) && document_.Key(begin, length, copy);
  }
  bool StartObject() {
    object_starts_.push_back(names_.size());
    return Enter() && document_.StartObject();
  }
  bool EndObject(rapidjson::SizeType members) {
    if (!DistinctNames()) return false;
    --depth_;
    return document_.EndObject(members);
  }
  bool StartArray() { return Enter() && document_.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) {
    --depth_;
    return document_.EndArray(elements);
  }

  // What stopped the reader, when this handler did.
  const std::string& cause() const { return cause_; }
  // Where, when it was a string; else the reader knows.
  std::optional<std::size_t> offset() const { return offset_; }

 private:
  bool Stop(std::string cause, std::optional<std::string_view> at = std::nullopt) {
    cause_ = std::move(cause);
    if (at) offset_ = static_cast<std::size_t>(at->data() - text_);
    return false;
  }

  bool Enter() {
    if (++depth_ > max_depth_) return Stop(Format("nested more than {} deep", max_depth_));
    return true;
  }

  // After decoding, so that an escaped half of a surrogate pair is found as well.
  bool WellFormed(std::string_view text) {
    if (FirstIllFormed(text) == text.size()) return true;
    return Stop("a string that is not UTF-8", text);
  }

  bool DistinctNames() {
    const auto first = names_.begin() + static_cast<std::ptrdiff_t>(object_starts_.back());
    object_starts_.pop_back();
    // By name, then by place in the text: of two equal ones the second is the fault.
    std::sort(first, names_.end(), [](std::string_view a, std::string_view b) {
      const int order = a.compare(b);
      return order != 0 ? order < 0 : a.data() < b.data();
    });
    const auto twice = std::adjacent_find(first, names_.end());
    if (twice != names_.end()) {
      return Stop(Format("member {} stands twice in its object", Shorten(*twice)), *(twice + 1));
    }
    names_.erase(first, names_.end());
    return true;
  }

  rapidjson::Document& document_;
  const char* text_;
  std::size_t max_depth_;
  std::size_t depth_ = 0;
  std::vector<std::string_view> names_;  // of the objects that are open
  std::vector<std::size_t> object_starts_;
  std::string cause_;
  std::optional<std::size_t> offset_;
};

const Node& Of(const void* node) { return *static_cast<const Node*>(node); }

// Of the allocator and the parse stack: an answer of a few hundred bytes must not cost 64 KB.
std::size_t FirstChunk(std::size_t text_bytes) {
  return std::clamp<std::size_t>(text_bytes * 2, 512, 64 * 1024);
}

}  // namespace

class JsonDocument::Impl {
 public:
  explicit Impl(std::string text)
      : text_(std::move(text)),
        allocator_(FirstChunk(text_.size())),
        document_(&allocator_, FirstChunk(text_.size())) {}

  Status Parse(std::size_t max_depth) {
    CheckingHandler handler(document_, text_.data(), max_depth);
    rapidjson::Reader reader;
    rapidjson::InsituStringStream stream(text_.data());
    rapidjson::ParseResult outcome;
    const auto read = [&](rapidjson::Document&) {
      outcome = reader.Parse<rapidjson::kParseInsituFlag>(stream, handler);
      return !outcome.IsError();
    };
    document_.Populate(read);
    if (!handler.cause().empty()) {
      // Stopped by a bracket: the reader stands behind it.
      return Fault(handler.offset().value_or(outcome.Offset() - 1), handler.cause());
    }
    if (outcome.IsError()) {
      return Fault(outcome.Offset(), rapidjson::GetParseError_En(outcome.Code()));
    }
    // The reader takes a zero byte for the end.
    if (stream.Tell() != text_.size()) return Fault(stream.Tell(), "a zero byte");
    return {};
  }

  const void* root() const { return static_cast<const Node*>(&document_); }

 private:
  std::string text_;
  rapidjson::MemoryPoolAllocator<> allocator_;
  rapidjson::Document document_;
};

JsonDocument::JsonDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::Parse(std::string text, const JsonBounds& bounds) {
  if (text.size() > bounds.max_bytes) {
    return Fault(bounds.max_bytes,
                 Format("{} bytes, more than the {} allowed", text.size(), bounds.max_bytes));
  }
  auto impl = std::make_unique<Impl>(std::move(text));
  if (Status parsed = impl->Parse(bounds.max_depth); !parsed.ok()) return parsed.error();
  return JsonDocument(std::move(impl));
}

JsonValue JsonDocument::root() const { return JsonValue(impl_->root()); }

JsonValue::Kind JsonValue::kind() const {
  if (node_ == nullptr) return Kind::kAbsent;
  switch (Of(node_).GetType()) {
    case rapidjson::kNullType:
      return Kind::kNull;
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
      return Kind::kBool;
    case rapidjson::kNumberType:
      return Kind::kNumber;
    case rapidjson::kStringType:
      return Kind::kString;
    case rapidjson::kArrayType:
      return Kind::kArray;
    case rapidjson::kObjectType:
      return Kind::kObject;
  }
  return Kind::kAbsent;
}

std::optional<bool> JsonValue::AsBool() const {
  if (!Is(Kind::kBool)) return std::nullopt;
  return Of(node_).GetBool();
}

std::optional<std::int64_t> JsonValue::AsInt64() const {
  if (!Is(Kind::kNumber) || !Of(node_).IsInt64()) return std::nullopt;
  return Of(node_).GetInt64();
}

std::optional<double> JsonValue::AsDouble() const {
  if (!Is(Kind::kNumber)) return std::nullopt;
  return Of(node_).GetDouble();
}

std::optional<std::string_view> JsonValue::AsString() const {
  if (!Is(Kind::kString)) return std::nullopt;
  return std::string_view(Of(node_).GetString(), Of(node_).GetStringLength());
}

std::size_t JsonValue::size() const {
  if (Is(Kind::kArray)) return Of(node_).Size();
  if (Is(Kind::kObject)) return Of(node_).MemberCount();
  return 0;
}

JsonValue JsonValue::At(std::size_t index) const {
  if (!Is(Kind::kArray) || index >= Of(node_).Size()) return {};
  return JsonValue(&Of(node_)[static_cast<rapidjson::SizeType>(index)]);
}

JsonMember JsonValue::Member(std::size_t index) const {
  CHECK(Is(Kind::kObject) && index < size());
  const auto member = Of(node_).MemberBegin() + static_cast<std::ptrdiff_t>(index);
  return {{member->name.GetString(), member->name.GetStringLength()}, JsonValue(&member->value)};
}

JsonValue JsonValue::Find(std::string_view name) const {
  if (!Is(Kind::kObject)) return {};
  for (auto member = Of(node_).MemberBegin(); member != Of(node_).MemberEnd(); ++member) {
    if (name == std::string_view(member->name.GetString(), member->name.GetStringLength())) {
      return JsonValue(&member->value);
    }
  }
  return {};
}

}  // namespace zael::json
