#include "store/validate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/format.h"
#include "base/text.h"
#include "base/try.h"
#include "store/key_codec.h"

namespace zael::store {
namespace {

constexpr std::size_t kMaxKeyNameBytes = 255;
constexpr std::size_t kMaxTags = 50;

template <typename... Args>
Error Refuse(fmt::format_string<Args...> text, Args&&... args) {
  return {ErrorCode::kInvalidArgument, Format(text, std::forward<Args>(args)...)};
}

std::string_view TypeName(KeyType type) {
  return type == KeyType::kString ? "string" : type == KeyType::kNumber ? "number" : "binary";
}

bool IsTableNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

Status CheckName(std::string_view what, std::string_view name) {
  if (name.size() < 3 || name.size() > 255 ||
      !std::all_of(name.begin(), name.end(), IsTableNameByte)) {
    return Refuse("create table: {} name {} must be 3 to 255 of a-z, A-Z, 0-9, _, - and .", what,
                  Shorten(name));
  }
  return {};
}

using KeyTypes = std::map<std::string, KeyType, std::less<>>;

Status CheckKeyAttribute(const KeyAttribute& attribute, KeyTypes& types) {
  if (attribute.name.empty() || attribute.name.size() > kMaxKeyNameBytes) {
    return Refuse("create table: key attribute name {} must be 1 to {} bytes",
                  Shorten(attribute.name), kMaxKeyNameBytes);
  }
  const auto [known, added] = types.emplace(attribute.name, attribute.type);
  if (!added && known->second != attribute.type) {
    return Refuse("create table: key attribute {} has two types, {} and {}",
                  Shorten(attribute.name), TypeName(known->second), TypeName(attribute.type));
  }
  return {};
}

Status CheckKeySchema(const KeySchema& schema, KeyTypes& types) {
  ZAEL_TRY(CheckKeyAttribute(schema.hash, types));
  if (!schema.range.has_value()) return {};
  if (schema.range->name == schema.hash.name) {
    return Refuse("create table: {} cannot be both hash and range key", Shorten(schema.hash.name));
  }
  return CheckKeyAttribute(*schema.range, types);
}

Status CheckTags(const std::map<std::string, std::string>& tags) {
  if (tags.size() > kMaxTags) return Refuse("set tags: {} tags, at most {}", tags.size(), kMaxTags);
  for (const auto& [key, value] : tags) {
    if (key.empty() || key.size() > 128 || value.size() > 256) {
      return Refuse("set tags: {} must have a key of 1 to 128 bytes and a value of at most 256",
                    Shorten(key));
    }
  }
  return {};
}

Status CheckNotes(std::string_view notes) {
  if (notes.size() <= kMaxNotesBytes) return {};
  return Refuse("set notes of table: {} bytes, at most {}", notes.size(), kMaxNotesBytes);
}

Status CheckTtlAttribute(const std::optional<std::string>& attribute) {
  if (attribute.has_value() && (attribute->empty() || attribute->size() > 255)) {
    return Refuse("set expiry: attribute name {} must be 1 to 255 bytes", Shorten(*attribute));
  }
  return {};
}

Status CheckKeyValue(const KeyAttribute& attribute, const Value& value, std::size_t max_bytes) {
  if (!IsOfType(attribute.type, value)) {
    return Refuse("check key: attribute {} must be a {}", Shorten(attribute.name),
                  TypeName(attribute.type));
  }
  if (attribute.type == KeyType::kNumber) return {};
  const auto* text = value.As<std::string>();
  const std::size_t bytes = text != nullptr ? text->size() : value.As<Binary>()->bytes.size();
  if (bytes == 0 || bytes > max_bytes) {
    return Refuse("check key: attribute {} has {} bytes, allowed are 1 to {}",
                  Shorten(attribute.name), bytes, max_bytes);
  }
  return {};
}

Status CheckKeyPart(const KeyAttribute& attribute, const Item& item, std::size_t max_bytes) {
  const Value* const value = item.Find(attribute.name);
  if (value == nullptr) {
    return Refuse("check key: attribute {} is missing", Shorten(attribute.name));
  }
  return CheckKeyValue(attribute, *value, max_bytes);
}

Status CheckKeyOf(const KeySchema& schema, const Item& item) {
  ZAEL_TRY(CheckKeyPart(schema.hash, item, kMaxHashKeyBytes));
  if (!schema.range.has_value()) return {};
  return CheckKeyPart(*schema.range, item, kMaxRangeKeyBytes);
}

Status CheckIndexKeys(const IndexSpec& index, const Item& item) {
  if (const Value* const value = item.Find(index.keys.hash.name)) {
    ZAEL_TRY(CheckKeyValue(index.keys.hash, *value, kMaxHashKeyBytes));
  }
  if (!index.keys.range.has_value()) return {};
  if (const Value* const value = item.Find(index.keys.range->name)) {
    ZAEL_TRY(CheckKeyValue(*index.keys.range, *value, kMaxRangeKeyBytes));
  }
  return {};
}

Status CheckTopLevel(const UpdateActions& actions) {
  const auto is_top_level = [](const auto& action) { return action.path.steps.size() == 1; };
  if (std::all_of(actions.begin(), actions.end(),
                  [&](const UpdateAction& action) { return std::visit(is_top_level, action); })) {
    return {};
  }
  return Refuse("update item: what the actions name can only be returned of whole attributes");
}

Status CheckPutOptions(const PutRequest& request) {
  if (request.return_item == ReturnItem::kUpdatedNew) {
    return Refuse("put item: only an update can return what its actions name");
  }
  return request.condition.has_value() ? ValidateCondition(*request.condition) : Status();
}

// How many pairs of digits stand between the first and the last that is not zero, paired from the
// decimal point on. Requires: not zero.
std::size_t DigitPairs(const Number& number) {
  std::size_t pairs = 0;
  if (const auto integer = number.ToInt64()) {  // the usual case, and a far cheaper division
    std::int64_t rest = *integer;
    while (rest % 100 == 0) rest /= 100;
    for (; rest != 0; rest /= 100) ++pairs;
    return pairs;
  }
  auto rest = number.coefficient();
  int exponent = number.exponent();
  for (; rest % 10 == 0; rest /= 10) ++exponent;
  if (exponent % 2 != 0) {  // the last pair is one digit and a zero
    ++pairs;
    rest /= 10;
  }
  for (; rest != 0; rest /= 100) ++pairs;
  return pairs;
}

std::size_t NumberBytes(const Number& number) {
  if (number.coefficient() == 0) return 1;
  return 1 + DigitPairs(number) + (number.coefficient() < 0 ? 1 : 0);
}

std::size_t ValueBytes(const Value& value);

struct BytesOf {
  std::size_t operator()(const Null&) const { return 1; }
  std::size_t operator()(bool) const { return 1; }
  std::size_t operator()(const Number& v) const { return NumberBytes(v); }
  std::size_t operator()(const std::string& v) const { return v.size(); }
  std::size_t operator()(const Binary& v) const { return v.bytes.size(); }
  std::size_t operator()(const List& v) const {
    std::size_t bytes = 3;
    for (const Value& member : v) bytes += 1 + ValueBytes(member);
    return bytes;
  }
  std::size_t operator()(const Item& v) const { return 3 + v.size() + ItemBytes(v); }
  std::size_t operator()(const StringSet& v) const { return Sum(v.members); }
  std::size_t operator()(const NumberSet& v) const { return Sum(v.members); }
  std::size_t operator()(const BinarySet& v) const { return Sum(v.members); }
  template <typename Member>
  std::size_t Sum(const std::vector<Member>& members) const {
    std::size_t bytes = 0;
    for (const Member& member : members) bytes += (*this)(member);
    return bytes;
  }
};

std::size_t ValueBytes(const Value& value) { return std::visit(BytesOf{}, value.data()); }

}  // namespace

Status ValidateTableSpec(const TableSpec& spec) {
  ZAEL_TRY(CheckName("table", spec.name));
  KeyTypes types;
  ZAEL_TRY(CheckKeySchema(spec.keys, types));
  if (spec.indexes.size() > kMaxIndexes) {
    return Refuse("create table {}: {} indexes, at most {}", Shorten(spec.name),
                  spec.indexes.size(), kMaxIndexes);
  }
  for (std::size_t i = 0; i < spec.indexes.size(); ++i) {
    const IndexSpec& index = spec.indexes[i];
    ZAEL_TRY(CheckName("index", index.name));
    ZAEL_TRY(CheckKeySchema(index.keys, types));
    if (FindIndex(spec, index.name) != &index) {
      return Refuse("create table {}: index {} is given twice", Shorten(spec.name),
                    Shorten(index.name));
    }
  }
  ZAEL_TRY(CheckTtlAttribute(spec.ttl_attribute));
  ZAEL_TRY(CheckNotes(spec.notes));
  return CheckTags(spec.tags);
}

Status ValidateTableUpdate(const TableUpdate& update) {
  if (update.ttl_attribute.has_value()) ZAEL_TRY(CheckTtlAttribute(*update.ttl_attribute));
  if (update.tags.has_value()) ZAEL_TRY(CheckTags(*update.tags));
  if (update.notes.has_value()) ZAEL_TRY(CheckNotes(*update.notes));
  return {};
}

Status ValidateKey(const KeySchema& schema, const Key& key) {
  const std::size_t wanted = schema.range.has_value() ? 2 : 1;
  if (key.size() != wanted) {
    return Refuse("check key: {} attributes given, the key has {}", key.size(), wanted);
  }
  return CheckKeyOf(schema, key);
}

Status ValidateItem(const TableSpec& spec, const Item& item) {
  ZAEL_TRY(CheckKeyOf(spec.keys, item));
  for (const IndexSpec& index : spec.indexes) ZAEL_TRY(CheckIndexKeys(index, item));
  ZAEL_TRY(ValidateValues(item));
  const std::size_t bytes = ItemBytes(item);
  if (bytes > kMaxItemBytes) {
    return Refuse("check item: {} bytes, at most {}", bytes, kMaxItemBytes);
  }
  return {};
}

std::size_t ItemBytes(const Item& item) {
  std::size_t bytes = 0;
  for (const Attribute& attribute : item) {
    bytes += attribute.name.size() + ValueBytes(attribute.value);
  }
  return bytes;
}

Status ValidateShape(const PutRequest& request) {
  ZAEL_TRY(CheckPutOptions(request));
  return ValidateValues(request.item);
}

Status ValidateShape(const UpdateRequest& request) {
  if (request.condition.has_value()) ZAEL_TRY(ValidateCondition(*request.condition));
  ZAEL_TRY(ValidateActions(request.actions));
  return request.return_item == ReturnItem::kUpdatedNew ? CheckTopLevel(request.actions) : Status();
}

Status ValidateShape(const DeleteRequest& request) {
  if (request.return_item == ReturnItem::kNew || request.return_item == ReturnItem::kUpdatedNew) {
    return Refuse("delete item: there is no new item to return");
  }
  return request.condition.has_value() ? ValidateCondition(*request.condition) : Status();
}

Status ValidateShape(const CheckRequest& request) { return ValidateCondition(request.condition); }

Status ValidatePut(const TableSpec& spec, const PutRequest& request) {
  ZAEL_TRY(CheckPutOptions(request));
  return ValidateItem(spec, request.item);  // values included
}

Status ValidateUpdate(const TableSpec& spec, const UpdateRequest& request) {
  ZAEL_TRY(ValidateKey(spec.keys, request.key));
  return ValidateShape(request);
}

Status ValidateDelete(const TableSpec& spec, const DeleteRequest& request) {
  ZAEL_TRY(ValidateKey(spec.keys, request.key));
  return ValidateShape(request);
}

Status ValidateCheck(const TableSpec& spec, const CheckRequest& request) {
  ZAEL_TRY(ValidateKey(spec.keys, request.key));
  return ValidateShape(request);
}

Status ValidateTransactItem(const TableSpec& spec, const TransactItem& item) {
  if (const auto* put = std::get_if<PutRequest>(&item)) return ValidatePut(spec, *put);
  if (const auto* update = std::get_if<UpdateRequest>(&item)) return ValidateUpdate(spec, *update);
  if (const auto* removal = std::get_if<DeleteRequest>(&item))
    return ValidateDelete(spec, *removal);
  return ValidateCheck(spec, std::get<CheckRequest>(item));
}

Status ValidateTransactCount(std::size_t items) {
  if (items >= 1 && items <= kMaxTransactItems) return {};
  return Refuse("write transaction: {} items, allowed are 1 to {}", items, kMaxTransactItems);
}

Status ValidateBatchGetCount(std::size_t keys) {
  if (keys >= 1 && keys <= kMaxBatchGetKeys) return {};
  return Refuse("get batch: {} keys, allowed are 1 to {}", keys, kMaxBatchGetKeys);
}

Status RefuseDuplicates(std::vector<std::string_view> encoded_keys, std::string_view request) {
  std::sort(encoded_keys.begin(), encoded_keys.end());
  if (std::adjacent_find(encoded_keys.begin(), encoded_keys.end()) == encoded_keys.end()) return {};
  return Refuse("{}: two entries address the same item", request);
}

Status ValidateQuery(const TableSpec& spec, const QueryRequest& request, const KeySchema** schema) {
  const IndexSpec* const index = FindIndex(spec, request.index);
  if (!request.index.empty() && index == nullptr) {
    return Refuse("query table {}: it has no index {}", Shorten(spec.name), Shorten(request.index));
  }
  const KeySchema& walked = index == nullptr ? spec.keys : index->keys;
  *schema = &walked;
  if (request.max_items == 0) return Refuse("query table {}: max_items is 0", Shorten(spec.name));
  if (request.hash.has_value()) {
    ZAEL_TRY(CheckKeyValue(walked.hash, *request.hash, kMaxHashKeyBytes));
  }
  if (request.range.has_value()) {
    if (!request.hash.has_value() || !walked.range.has_value()) {
      return Refuse("query table {}: a range condition needs a hash value and a range key",
                    Shorten(spec.name));
    }
    ZAEL_TRY(RangeBounds(*request.range, *walked.range));
  }
  if (request.filter.has_value()) ZAEL_TRY(ValidateCondition(*request.filter));
  if (!request.start_after.has_value()) return {};
  const Key& start = *request.start_after;
  ZAEL_TRY(CheckKeyOf(spec.keys, start));
  ZAEL_TRY(CheckKeyOf(walked, start));
  if (KeyOf(spec.keys, start, &walked).size() != start.size()) {
    return Refuse("query table {}: start_after has attributes that are no key", Shorten(spec.name));
  }
  if (request.hash.has_value() && !(*start.Find(walked.hash.name) == *request.hash)) {
    return Refuse("query table {}: start_after lies outside the queried hash", Shorten(spec.name));
  }
  return {};
}

const IndexSpec* FindIndex(const TableSpec& spec, std::string_view name) {
  for (const IndexSpec& index : spec.indexes) {
    if (index.name == name) return &index;
  }
  return nullptr;
}

std::string_view TableOf(const TransactItem& item) {
  return std::visit([](const auto& request) -> std::string_view { return request.table; }, item);
}

const Item& KeyHolderOf(const TransactItem& item) {
  if (const auto* put = std::get_if<PutRequest>(&item)) return put->item;
  if (const auto* update = std::get_if<UpdateRequest>(&item)) return update->key;
  if (const auto* removal = std::get_if<DeleteRequest>(&item)) return removal->key;
  return std::get<CheckRequest>(item).key;
}

}  // namespace zael::store
