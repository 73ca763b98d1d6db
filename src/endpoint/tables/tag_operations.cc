#include "endpoint/tables/tag_operations.h"

#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"
#include "endpoint/arns.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kMaxKeyBytes = 128;
constexpr std::size_t kMaxValueBytes = 256;
constexpr std::size_t kTagsOfPage = 10;

ApiStatus CheckKey(const std::optional<std::string>& key) {
  if (!key.has_value() || key->empty() || key->size() > kMaxKeyBytes) {
    return ValidationError(
        Format("The Tag Key provided is invalid, Key: {}", key.value_or("null")));
  }
  if (!key->starts_with("aws:")) return {};
  return ValidationError(Format("Tag Key cannot be prefixed with aws:, Key: {}", *key));
}

ApiStatus CheckTag(const Tag& tag) {
  ZAEL_API_TRY(CheckKey(tag.key));
  if (tag.value.has_value() && tag.value->size() <= kMaxValueBytes) return {};
  return ValidationError(
      Format("The Tag Value provided is invalid, Value: {}", tag.value.value_or("null")));
}

std::optional<std::string> ReadArn(Members& request) {
  return request.Text(
      "ResourceArn",
      {.presence = Presence::kRequired, .min_size = 1, .max_size = 1283, .choices = {}});
}

ApiResult<std::string> TableOf(const std::string& arn) {
  const auto parsed = ParseArn(arn);
  if (parsed.has_value() && parsed->stream_label.empty()) return parsed->table;
  return ValidationError(Format("Invalid TableArn: Invalid ResourceArn provided as input {}", arn));
}

// The error of tag calls names the ARN, misspelt by AWS.
template <typename T>
ApiResult<T> NamingArn(ApiResult<T> result, const std::string& arn) {
  if (result.ok() || ErrorName(result.error()) != "ResourceNotFoundException") return result;
  return ResourceNotFound(Format("Requested resource not found: ResourcArn: {} not found", arn));
}

ApiOutcome TagResource(TablePlane& plane, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto arn = ReadArn(request);
  const auto tags = ReadTags(request, Presence::kRequired);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string table, TableOf(*arn));
  if (tags->empty()) {
    return ValidationError("Atleast one Tag needs to be provided as Input.");
  }
  ZAEL_API_TRY(
      NamingArn(plane.Change(table,
                             [&tags](const TableDescription& before) -> ApiResult<TableUpdate> {
                               TableUpdate update{.tags = before.spec.tags};
                               ZAEL_API_TRY(AddTags(*tags, *update.tags));
                               return update;
                             }),
                *arn));
  return std::string();
}

ApiOutcome UntagResource(TablePlane& plane, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto arn = ReadArn(request);
  const auto keys = request.Texts("TagKeys", {.presence = Presence::kRequired});
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string table, TableOf(*arn));
  if (keys->empty()) {
    return ValidationError("Atleast one Tag Key needs to be provided as Input.");
  }
  for (const std::string& key : *keys) ZAEL_API_TRY(CheckKey(key));
  ZAEL_API_TRY(
      NamingArn(plane.Change(table,
                             [&keys](const TableDescription& before) -> ApiResult<TableUpdate> {
                               TableUpdate update{.tags = before.spec.tags};
                               for (const std::string& key : *keys) update.tags->erase(key);
                               return update;
                             }),
                *arn));
  return std::string();
}

ApiOutcome ListTagsOfResource(TablePlane& plane, const json::JsonValue& json) {
  RequestFaults faults;
  Members request(json, faults);
  const auto arn = ReadArn(request);
  const auto token = request.Text("NextToken");
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(const std::string name, TableOf(*arn));
  ZAEL_API_ASSIGN(const TableDescription table, NamingArn(plane.Describe(name), *arn));
  const auto& tags = table.spec.tags;
  auto tag = token.has_value() ? tags.upper_bound(*token) : tags.begin();
  std::string last;
  json::JsonWriter writer;
  writer.BeginObject().Key("Tags").BeginArray();
  for (std::size_t i = 0; tag != tags.end() && i < kTagsOfPage; ++tag, ++i) {
    writer.BeginObject();
    writer.Key("Key").String(tag->first).Key("Value").String(tag->second);
    writer.EndObject();
    last = tag->first;
  }
  writer.EndArray();
  if (tag != tags.end()) writer.Key("NextToken").String(last);
  return writer.EndObject().Take();
}

}  // namespace

std::optional<TagList> ReadTags(Members& request, Presence presence) {
  auto structures = request.Structures("Tags", {.presence = presence});
  if (!structures.has_value()) return std::nullopt;
  TagList tags;
  for (Members& structure : *structures) {
    auto key = structure.Text("Key");
    tags.push_back({.key = std::move(key), .value = structure.Text("Value")});
  }
  return tags;
}

ApiStatus AddTags(const TagList& added, std::map<std::string, std::string>& tags) {
  for (const Tag& tag : added) {
    ZAEL_API_TRY(CheckTag(tag));
    tags[*tag.key] = *tag.value;
  }
  if (tags.size() <= kMaxTags) return {};
  return ValidationError("Number of Tags exceed the current limit for the provided ResourceArn");
}

CallerOperations TagOperations(std::shared_ptr<TablePlane> plane) {
  const auto with = [plane](ApiOutcome (*operation)(TablePlane&, const json::JsonValue&)) {
    return [plane, operation](const Caller&, const json::JsonValue& request) {
      return operation(*plane, request);
    };
  };
  return {{"TagResource", with(TagResource)},
          {"UntagResource", with(UntagResource)},
          {"ListTagsOfResource", with(ListTagsOfResource)}};
}

}  // namespace zael::endpoint
