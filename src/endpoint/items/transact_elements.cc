#include "endpoint/items/transact_elements.h"

#include <algorithm>

#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "json/json_writer.h"
#include "store/key_codec.h"

namespace zael::endpoint {

Reason InvalidElement(const Error& error) {
  return {"ValidationError", error.message(), std::nullopt};
}

bool IsBroken(const Reasons& reasons) {
  return std::any_of(reasons.begin(), reasons.end(),
                     [](const Reason& reason) { return !reason.code.empty(); });
}

ApiError Canceled(const Reasons& reasons) {
  std::string codes;
  json::JsonWriter writer;
  writer.BeginArray();
  for (const Reason& reason : reasons) {
    const std::string_view code = reason.code.empty() ? "None" : reason.code;
    if (!codes.empty()) codes += ", ";
    codes += code;
    writer.BeginObject().Key("Code").String(code);
    if (reason.item.has_value()) {
      writer.Key("Item");
      dynamo::WriteItem(writer, *reason.item);
    }
    if (!reason.code.empty()) writer.Key("Message").String(reason.message);
    writer.EndObject();
  }
  return TransactionCanceled(codes, writer.EndArray().Take());
}

ApiResult<const ItemTable*> TransactTables::Find(const std::string& name_or_arn) {
  for (const auto& [name, table] : found_) {
    if (name == name_or_arn) return table.get();
  }
  ZAEL_API_ASSIGN(ItemTable table, context_.FindTable(name_or_arn));
  found_.emplace_back(name_or_arn, std::make_unique<const ItemTable>(std::move(table)));
  return found_.back().second.get();
}

ApiStatus ElementKeys::Add(const ItemTable& table, const Key& key) {
  std::string encoded = table.name() + '\0';
  store::AppendKey(table.keys(), key, &encoded);
  if (std::find(encoded_.begin(), encoded_.end(), encoded) != encoded_.end()) {
    return ValidationError("Transaction request cannot include multiple operations on one item");
  }
  encoded_.push_back(std::move(encoded));
  return {};
}

}  // namespace zael::endpoint
