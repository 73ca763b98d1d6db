#include "engine/table.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "store/item_codec.h"

namespace zael::engine {
namespace {

Item EncodeAttribute(const KeyAttribute& attribute) {
  return {{"name", attribute.name}, {"type", static_cast<int>(attribute.type)}};
}

Item EncodeKeys(const KeySchema& keys) {
  Item item{{"hash", EncodeAttribute(keys.hash)}};
  if (keys.range.has_value()) item.Set("range", EncodeAttribute(*keys.range));
  return item;
}

// Typed reading: a missing or differently typed member makes the whole record unreadable.
class AttributeReader {
 public:
  explicit AttributeReader(const Item& item) : item_(item) {}

  template <typename T>
  T Take(std::string_view name) {
    const Value* value = item_.Find(name);
    const T* data = value == nullptr ? nullptr : value->As<T>();
    if (data == nullptr) failed_ = true;
    return data == nullptr ? T() : *data;
  }
  std::int64_t TakeInt(std::string_view name) {
    const auto number = Take<Number>(name).ToInt64();
    if (!number.has_value()) failed_ = true;
    return number.value_or(0);
  }
  bool Has(std::string_view name) const { return item_.Find(name) != nullptr; }
  bool failed() const { return failed_; }

 private:
  const Item& item_;
  bool failed_ = false;
};

bool DecodeAttribute(const Item& item, KeyAttribute* attribute) {
  AttributeReader reader(item);
  attribute->name = reader.Take<std::string>("name");
  const std::int64_t type = reader.TakeInt("type");
  attribute->type = static_cast<KeyType>(type);
  return !reader.failed() && type >= 0 && type <= static_cast<std::int64_t>(KeyType::kBinary);
}

bool DecodeKeys(const Item& item, KeySchema* keys) {
  AttributeReader reader(item);
  bool good = DecodeAttribute(reader.Take<Item>("hash"), &keys->hash);
  if (reader.Has("range")) {
    good = DecodeAttribute(reader.Take<Item>("range"), &keys->range.emplace()) && good;
  }
  return good && !reader.failed();
}

bool DecodeIndexes(const List& list, std::vector<IndexSpec>* indexes) {
  for (const Value& entry : list) {
    const Item* item = entry.As<Item>();
    if (item == nullptr) return false;
    AttributeReader reader(*item);
    IndexSpec index{.name = reader.Take<std::string>("name"), .keys = {}};
    if (!DecodeKeys(reader.Take<Item>("keys"), &index.keys) || reader.failed()) return false;
    indexes->push_back(std::move(index));
  }
  return true;
}

bool DecodeTags(const Item& item, std::map<std::string, std::string>* tags) {
  for (const Attribute& tag : item) {
    const auto* text = tag.value.As<std::string>();
    if (text == nullptr) return false;
    tags->emplace(tag.name, *text);
  }
  return true;
}

}  // namespace

TableDescription Table::Describe() const {
  const std::int64_t count = item_count->load(std::memory_order_relaxed);
  return {.spec = spec,
          .id = id,
          .created_at = created_at,
          .item_count = static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0))};
}

bool IsExpired(const Table& table, const Item& item, WallTime now) {
  if (!table.spec.ttl_attribute.has_value()) return false;
  const Value* value = item.Find(*table.spec.ttl_attribute);
  const Number* ttl = value == nullptr ? nullptr : value->As<Number>();
  return ttl != nullptr && *ttl < Number(ToEpochSeconds(now));
}

std::string EncodeTable(const Table& table) {
  const TableSpec& spec = table.spec;
  List indexes;
  for (const auto& index : spec.indexes) {
    indexes.emplace_back(Item{{"keys", EncodeKeys(index.keys)}, {"name", index.name}});
  }
  Item tags;
  for (const auto& [name, value] : spec.tags) tags.Set(name, value);
  Item item{{"created_at_ms", ToEpochMs(table.created_at)},
            {"deletion_protection", spec.deletion_protection},
            {"id", table.id},
            {"indexes", std::move(indexes)},
            {"keys", EncodeKeys(spec.keys)},
            {"name", spec.name},
            {"number", static_cast<std::int64_t>(table.number)},
            {"stream", spec.stream},
            {"tags", std::move(tags)}};
  if (spec.ttl_attribute.has_value()) item.Set("ttl_attribute", *spec.ttl_attribute);
  if (!spec.notes.empty()) item.Set("notes", spec.notes);
  std::string bytes;
  store::EncodeItem(item, &bytes);
  return bytes;
}

Result<std::shared_ptr<Table>> DecodeTable(std::string_view bytes, std::string_view key) {
  ZAEL_ASSIGN(const Item item, store::DecodeItem(bytes));
  AttributeReader reader(item);
  auto table = std::make_shared<Table>();
  table->created_at = FromEpochMs(reader.TakeInt("created_at_ms"));
  table->id = reader.Take<std::string>("id");
  table->number = static_cast<std::uint32_t>(reader.TakeInt("number"));
  table->item_count = std::make_shared<std::atomic<std::int64_t>>(0);
  TableSpec& spec = table->spec;
  spec.name = reader.Take<std::string>("name");
  spec.stream = reader.Take<bool>("stream");
  spec.deletion_protection = reader.Take<bool>("deletion_protection");
  if (reader.Has("ttl_attribute")) spec.ttl_attribute = reader.Take<std::string>("ttl_attribute");
  if (reader.Has("notes")) spec.notes = reader.Take<std::string>("notes");
  const bool good = DecodeKeys(reader.Take<Item>("keys"), &spec.keys) &&
                    DecodeIndexes(reader.Take<List>("indexes"), &spec.indexes) &&
                    DecodeTags(reader.Take<Item>("tags"), &spec.tags);
  if (!good || reader.failed()) {
    return Error(ErrorCode::kDataLoss,
                 Format("read table record {}: it cannot be understood", Shorten(key)));
  }
  return table;
}

Result<std::int64_t> ParseDecimal(std::string_view text, std::string_view key) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) return number;
  return Error(ErrorCode::kDataLoss,
               Format("read {}: {} is not a number", Shorten(key), Shorten(text)));
}

}  // namespace zael::engine
