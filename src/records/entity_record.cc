#include "records/entity_record.h"

#include "base/format.h"
#include "base/text.h"
#include "base/time.h"
#include "base/try.h"
#include "records/attributes.h"
#include "records/fields.h"
#include "records/keys.h"

namespace zael::records {

Value EncodeMetadata(const Metadata& metadata) {
  Item map;
  for (const auto& [name, text] : metadata) map.Set(name, text);
  return map;
}

Item EncodeEntity(const Entity& entity) {
  Item item = EntityKey(entity.id);
  item.Set(kEntityId, entity.id);
  item.Set(kName, entity.name.empty() ? entity.id : entity.name);
  item.Set(kParentId, TextOrNull(entity.parent_id));
  item.Set(kCascade, entity.cascade);
  item.Set(kMetadata, EncodeMetadata(entity.metadata));
  item.Set(kCreatedAt, ToUtcText(entity.created_at));
  if (entity.parent_id) {
    item.Set(kGsi1Pk, ParentPk(*entity.parent_id));
    item.Set(kGsi1Sk, ChildSk(entity.id));
  }
  return item;
}

bool IsEntityRecord(const Item& item) {
  const Value* sk = item.Find(kSk);
  const std::string* text = sk == nullptr ? nullptr : sk->As<std::string>();
  return text != nullptr && *text == kMetaSk;
}

Result<Entity> DecodeEntity(const Item& item) {
  const FieldReader fields("entity", item);
  Entity entity;
  ZAEL_ASSIGN(entity.id, fields.Text(kEntityId));
  const Value* pk = item.Find(kPk);
  const std::string* pk_text = pk == nullptr ? nullptr : pk->As<std::string>();
  if (pk_text == nullptr || *pk_text != EntityPk(entity.id)) {
    return fields.Malformed(
        Format("{} is {}, not the id in the key", kEntityId, Shorten(entity.id)));
  }
  ZAEL_ASSIGN(std::optional<std::string> name, fields.OptionalText(kName));
  entity.name = std::move(name).value_or(entity.id);
  ZAEL_ASSIGN(entity.parent_id, fields.OptionalText(kParentId));
  ZAEL_ASSIGN(entity.cascade, fields.Flag(kCascade, false));
  ZAEL_ASSIGN(entity.metadata, fields.TextMap(kMetadata));
  ZAEL_ASSIGN(entity.created_at, fields.Time(kCreatedAt));
  return entity;
}

}  // namespace zael::records
