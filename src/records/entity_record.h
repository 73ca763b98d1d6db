// Entity records: `ENTITY#{id}` / `#META`, with GSI1 keys when there is a parent.
#pragma once

#include <zael/entity.h>
#include <zael/result.h>
#include <zael/value.h>

namespace zael::records {

// Requires: a validated entity. An empty name is stored as the id; created_at is cut to the second.
Item EncodeEntity(const Entity& entity);

// A missing `cascade` reads as false. Errors: kDataLoss naming the key.
Result<Entity> DecodeEntity(const Item& item);

bool IsEntityRecord(const Item& item);

Value EncodeMetadata(const Metadata& metadata);

}  // namespace zael::records
