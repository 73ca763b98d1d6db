#include "endpoint/items/item_rules.h"

#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "endpoint/expression/static_type.h"
#include "endpoint/validation.h"
#include "store/evaluate.h"
#include "store/key_codec.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

constexpr std::string_view kNotValid = "One or more parameter values are not valid. ";

// "string" or "binary" when the value is an empty one; nothing else is ever empty.
std::string_view EmptyKind(const Value& value) {
  const auto* text = value.As<std::string>();
  if (text != nullptr && text->empty()) return "string";
  const auto* binary = value.As<Binary>();
  return binary != nullptr && binary->bytes.empty() ? "binary" : "";
}

std::size_t KeyBytes(const Value& value) {
  if (const auto* text = value.As<std::string>()) return text->size();
  const auto* binary = value.As<Binary>();
  return binary == nullptr ? 0 : binary->bytes.size();
}

Status CheckNotEmpty(const KeyAttribute& attribute, const Value& value) {
  const std::string_view kind = EmptyKind(value);
  if (kind.empty()) return {};
  return Invalid(
      Format("{}The AttributeValue for a key attribute cannot contain an empty {} value. Key: {}",
             kNotValid, kind, attribute.name));
}

Status CheckKeySizes(const KeySchema& schema, const Item& item) {
  if (KeyBytes(*item.Find(schema.hash.name)) > store::kMaxHashKeyBytes) {
    return Invalid(Format("{}Size of hashkey has exceeded the maximum size limit of{} bytes",
                          kInvalidValues, store::kMaxHashKeyBytes));
  }
  if (schema.range.has_value() &&
      KeyBytes(*item.Find(schema.range->name)) > store::kMaxRangeKeyBytes) {
    return Invalid(
        Format("{}Aggregated size of all range keys has exceeded the size limit of {} bytes",
               kInvalidValues, store::kMaxRangeKeyBytes));
  }
  return {};
}

Status CheckKeyOfItem(const KeySchema& schema, const Item& item) {
  const auto check = [&](const KeyAttribute& attribute) -> Status {
    const Value* const value = item.Find(attribute.name);
    if (value == nullptr) {
      return Invalid(Format("{}Missing the key {} in the item", kInvalidValues, attribute.name));
    }
    if (!store::IsOfType(attribute.type, *value)) {
      return Invalid(Format("{}Type mismatch for key {} expected: {} actual: {}", kInvalidValues,
                            attribute.name, KeyTypeName(attribute.type), TypeName(*value)));
    }
    return CheckNotEmpty(attribute, *value);
  };
  ZAEL_TRY(check(schema.hash));
  if (schema.range.has_value()) ZAEL_TRY(check(*schema.range));
  return CheckKeySizes(schema, item);
}

Status CheckIndexKey(const IndexSpec& index, const KeyAttribute& attribute, const Value& value,
                     std::size_t max_bytes) {
  if (!store::IsOfType(attribute.type, value)) {
    return Invalid(Format("{}Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}",
                          kInvalidValues, attribute.name, KeyTypeName(attribute.type),
                          TypeName(value), index.name));
  }
  if (const std::string_view kind = EmptyKind(value); !kind.empty()) {
    return Invalid(
        Format("{}A value specified for a secondary index key is not supported. The "
               "AttributeValue for a key attribute cannot contain an empty {} value. IndexName: "
               "{}, IndexKey: {}",
               kNotValid, kind, index.name, attribute.name));
  }
  if (KeyBytes(value) <= max_bytes) return {};
  return Invalid(Format("{}Size of {} has exceeded the maximum size limit of {} bytes",
                        kInvalidValues,
                        max_bytes == store::kMaxHashKeyBytes ? "hashkey" : "rangekey", max_bytes));
}

Status CheckIndexKeys(const IndexSpec& index, const Item& item) {
  const KeySchema& keys = index.keys;
  if (const Value* const hash = item.Find(keys.hash.name)) {
    ZAEL_TRY(CheckIndexKey(index, keys.hash, *hash, store::kMaxHashKeyBytes));
  }
  const Value* const range = keys.range.has_value() ? item.Find(keys.range->name) : nullptr;
  if (range == nullptr) return {};
  return CheckIndexKey(index, *keys.range, *range, store::kMaxRangeKeyBytes);
}

bool HasEmptyName(const Item& map);

bool HasEmptyName(const Value& value) {
  if (const auto* map = value.As<Item>()) return HasEmptyName(*map);
  const auto* list = value.As<List>();
  if (list == nullptr) return false;
  for (const Value& member : *list) {
    if (HasEmptyName(member)) return true;
  }
  return false;
}

bool HasEmptyName(const Item& map) {
  for (const Attribute& attribute : map) {
    if (attribute.name.empty() || HasEmptyName(attribute.value)) return true;
  }
  return false;
}

std::string_view NameOf(const UpdateAction& action) {
  const auto& steps = std::visit([](const auto& a) -> const Path& { return a.path; }, action).steps;
  return std::get<std::string>(steps.front());
}

bool IsNested(const UpdateAction& action) {
  return std::visit([](const auto& a) { return a.path.steps.size() > 1; }, action);
}

// The value an action gives its attribute or needs it to be like; nullptr when the item says which.
const Value* GivenValue(const UpdateAction& action) {
  if (const auto* add = std::get_if<AddAction>(&action)) return &add->value;
  if (const auto* taken = std::get_if<DeleteAction>(&action)) return &taken->value;
  const auto* set = std::get_if<SetAction>(&action);
  if (set == nullptr || set->op != SetOp::kAssign) return nullptr;
  return std::get_if<Value>(&set->left);
}

Error EmptyIndexKey(std::string_view kind) {
  return Invalid(
      Format("{}The update expression attempted to update a secondary index key to a value that is "
             "not supported. The AttributeValue for a key attribute cannot contain an empty {} "
             "value.",
             kNotValid, kind));
}

Status CheckIndexUpdate(const IndexSpec& index, const KeyAttribute& attribute,
                        const UpdateAction& action) {
  if (NameOf(action) != attribute.name) return {};
  if (IsNested(action)) return {};  // refused with all other paths into keys
  const Value* const value = GivenValue(action);
  if (value == nullptr) return {};
  if (const std::string_view kind = EmptyKind(*value); !kind.empty()) return EmptyIndexKey(kind);
  return CheckIndexKey(index, attribute, *value, store::kMaxHashKeyBytes);
}

Error Explained(const Error& error) {
  switch (store::RefusalOf(error)) {
    case store::Refusal::kAbsentOperand:
      return Invalid(
          "The provided expression refers to an attribute that does not exist in the item");
    case store::Refusal::kWrongOperand:
      return Invalid("An operand in the update expression has an incorrect data type");
    case store::Refusal::kInvalidPath:
      return Invalid("The document path provided in the update expression is invalid for update");
    case store::Refusal::kTooPrecise:
      return Invalid("Attempting to store more than 38 significant digits in a Number");
    case store::Refusal::kOutOfRange:
      return Invalid(
          "Number overflow. Attempting to store a number with magnitude larger than supported "
          "range");
    case store::Refusal::kOther:
      break;
  }
  return error;
}

}  // namespace

std::string_view KeyTypeName(KeyType type) {
  return type == KeyType::kString ? "S" : type == KeyType::kNumber ? "N" : "B";
}

Status CheckKey(const KeySchema& schema, const Key& key) {
  const auto fits = [&](const KeyAttribute& attribute) {
    const Value* const value = key.Find(attribute.name);
    return value != nullptr && store::IsOfType(attribute.type, *value);
  };
  const std::size_t wanted = schema.range.has_value() ? 2 : 1;
  if (key.size() != wanted || !fits(schema.hash) ||
      (schema.range.has_value() && !fits(*schema.range))) {
    return Invalid("The provided key element does not match the schema");
  }
  return CheckKeyOfItem(schema, key);
}

Status CheckItem(const TableSpec& spec, const Item& item) {
  ZAEL_TRY(CheckKeyOfItem(spec.keys, item));
  for (const IndexSpec& index : spec.indexes) ZAEL_TRY(CheckIndexKeys(index, item));
  if (HasEmptyName(item)) return Invalid("Empty attribute name");
  if (store::ItemBytes(item) > kMaxItemBytes) {
    return Invalid("Item size has exceeded the maximum allowed size");
  }
  return {};
}

Status CheckUpdate(const TableSpec& spec, const UpdateActions& actions) {
  for (const UpdateAction& action : actions) {
    const std::string_view name = NameOf(action);
    if (name == spec.keys.hash.name ||
        (spec.keys.range.has_value() && name == spec.keys.range->name)) {
      return Invalid(Format("{}Cannot update attribute {}. This attribute is part of the key",
                            kInvalidValues, name));
    }
  }
  for (const UpdateAction& action : actions) {
    for (const IndexSpec& index : spec.indexes) {
      ZAEL_TRY(CheckIndexUpdate(index, index.keys.hash, action));
      if (index.keys.range.has_value()) {
        ZAEL_TRY(CheckIndexUpdate(index, *index.keys.range, action));
      }
    }
  }
  return {};
}

Result<Item> MakeUpdated(const TableSpec& spec, const UpdateActions& actions, const Item* old,
                         const Key& key) {
  if (old == nullptr && store::OnlyRemoves(actions)) return Item();
  Result<Item> updated = store::Apply(actions, old, key, spec.keys);
  if (!updated.ok()) return Explained(updated.error());
  for (const IndexSpec& index : spec.indexes) ZAEL_TRY(CheckIndexKeys(index, *updated));
  if (HasEmptyName(*updated)) return Invalid("Empty attribute name");
  if (store::ItemBytes(*updated) > kMaxItemBytes) {
    return Invalid("Item size to update has exceeded the maximum allowed size");
  }
  return updated;
}

}  // namespace zael::endpoint
