#include "endpoint/tables/table_schema.h"

#include <algorithm>
#include <utility>

#include "base/format.h"
#include "endpoint/api_try.h"

namespace zael::endpoint {
namespace {

constexpr TextRule kAttributeName{
    .presence = Presence::kRequired, .min_size = 1, .max_size = 255, .choices = {}};

std::string TextOr(std::optional<std::string> text) { return std::move(text).value_or(""); }

KeyType TypeOf(std::string_view name) {
  if (name == "N") return KeyType::kNumber;
  return name == "B" ? KeyType::kBinary : KeyType::kString;
}

const KeyAttribute* FindDefinition(const Definitions& definitions, std::string_view name) {
  const auto found =
      std::find_if(definitions.begin(), definitions.end(),
                   [name](const KeyAttribute& attribute) { return attribute.name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

std::vector<std::string> NamesOf(const Definitions& definitions) {
  std::vector<std::string> names;
  for (const KeyAttribute& attribute : definitions) names.push_back(attribute.name);
  return names;
}

std::vector<std::string> NamesOf(const std::vector<KeyElement>& keys) {
  std::vector<std::string> names;
  for (const KeyElement& key : keys) names.push_back(key.name);
  return names;
}

ApiStatus CheckDefined(const std::vector<KeyElement>& keys, const Definitions& definitions) {
  if (definitions.size() < keys.size()) {
    return ValidationError("Invalid KeySchema: Some index key attribute have no definition");
  }
  for (const KeyElement& key : keys) {
    if (FindDefinition(definitions, key.name) != nullptr) continue;
    return InvalidParameter(
        Format("Some index key attributes are not defined in AttributeDefinitions. Keys: {}, "
               "AttributeDefinitions: {}",
               BracketedNames(NamesOf(keys)), BracketedNames(NamesOf(definitions))));
  }
  return {};
}

ApiStatus CheckKeyTypes(const std::vector<KeyElement>& keys) {
  if (!keys[0].is_hash) {
    return ValidationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (keys.size() == 1) return {};
  if (keys[1].is_hash) {
    return ValidationError(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (keys[0].name == keys[1].name) {
    return ValidationError(
        "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  return {};
}

}  // namespace

std::optional<std::string> ReadTableName(Members& request) {
  // An ARN has characters that no table name has, so only a name is held to the pattern.
  const bool is_arn = request.Text("TableName").value_or("").starts_with("arn:");
  return request.Text("TableName", {.presence = Presence::kRequired,
                                    .min_size = 3,
                                    .max_size = is_arn ? std::size_t{1024} : std::size_t{255},
                                    .name_pattern = !is_arn,
                                    .choices = {}});
}

Definitions ReadDefinitions(Members& request, Presence presence) {
  Definitions definitions;
  auto elements = request.Structures("AttributeDefinitions", {.presence = presence});
  if (!elements.has_value()) return definitions;
  for (Members& element : *elements) {
    KeyAttribute& attribute = definitions.emplace_back();
    attribute.name = TextOr(element.Text("AttributeName", kAttributeName));
    attribute.type = TypeOf(TextOr(element.Text(
        "AttributeType", {.presence = Presence::kRequired, .choices = {"B", "N", "S"}})));
  }
  return definitions;
}

std::vector<KeyElement> ReadKeySchema(Members& structure) {
  std::vector<KeyElement> keys;
  auto elements = structure.Structures(
      "KeySchema", {.presence = Presence::kRequired, .min_size = 1, .max_size = 2});
  if (!elements.has_value()) return keys;
  for (Members& element : *elements) {
    KeyElement& key = keys.emplace_back();
    key.name = TextOr(element.Text("AttributeName", kAttributeName));
    key.is_hash = element.Text("KeyType", {.presence = Presence::kRequired,
                                           .choices = {"HASH", "RANGE"}}) == "HASH";
  }
  return keys;
}

std::optional<Throughput> ReadThroughput(Members& structure) {
  auto units = structure.Structure("ProvisionedThroughput");
  if (!units.has_value()) return std::nullopt;
  const IntegerRule rule{.presence = Presence::kRequired, .min = 1};
  const auto read = units->Integer("ReadCapacityUnits", rule);
  const auto write = units->Integer("WriteCapacityUnits", rule);
  return Throughput{.read_units = read.value_or(0), .write_units = write.value_or(0)};
}

IndexRequest ReadIndex(Members& structure, bool local) {
  IndexRequest index;
  index.local = local;
  index.name = TextOr(structure.Text("IndexName", {.presence = Presence::kRequired,
                                                   .min_size = 3,
                                                   .max_size = 255,
                                                   .name_pattern = true,
                                                   .choices = {}}));
  index.keys = ReadKeySchema(structure);
  if (auto projection = structure.Structure("Projection", Presence::kRequired)) {
    index.projection.type =
        projection->Text("ProjectionType", {.choices = {"ALL", "INCLUDE", "KEYS_ONLY"}});
    index.projection.non_key_attributes = projection->Texts(
        "NonKeyAttributes", {.min_size = 1, .max_size = 20}, {.min_size = 1, .max_size = 255});
  }
  if (!local) index.throughput = ReadThroughput(structure);
  return index;
}

ApiError InvalidParameter(std::string detail) {
  return ValidationError(std::string(kParameterInvalid).append(detail));
}

ApiStatus CheckDefinitions(const Definitions& definitions) {
  for (const KeyAttribute& attribute : definitions) {
    if (FindDefinition(definitions, attribute.name) == &attribute) continue;
    return ValidationError(Format("Attribute Name is duplicated: {}", attribute.name));
  }
  return {};
}

ApiResult<KeySchema> MakeKeySchema(const std::vector<KeyElement>& keys,
                                   const Definitions& definitions) {
  ZAEL_API_TRY(CheckDefined(keys, definitions));
  ZAEL_API_TRY(CheckKeyTypes(keys));
  KeySchema schema{.hash = *FindDefinition(definitions, keys[0].name), .range = {}};
  if (keys.size() > 1) schema.range = *FindDefinition(definitions, keys[1].name);
  return schema;
}

ApiStatus CheckProjection(const ProjectionRequest& projection) {
  if (!projection.type.has_value()) return InvalidParameter("Unknown ProjectionType: null");
  const bool has_names = projection.non_key_attributes.has_value();
  if (*projection.type == "INCLUDE") {
    if (has_names) return {};
    return InvalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (!has_names) return {};
  return InvalidParameter(
      Format("ProjectionType is {}, but NonKeyAttributes is specified", *projection.type));
}

ApiStatus CheckIndexThroughput(const IndexRequest& index, bool provisioned) {
  if (index.local || index.throughput.has_value() == provisioned) return {};
  if (provisioned) {
    return InvalidParameter(
        Format("ProvisionedThroughput is not specified for index: {}", index.name));
  }
  return InvalidParameter(
      Format("ProvisionedThroughput should not be specified for index: {} when BillingMode is "
             "PAY_PER_REQUEST",
             index.name));
}

IndexSettings SettingsOf(const IndexRequest& index) {
  return {.local = index.local,
          .projection = index.projection.type.value_or("ALL"),
          .non_key_attributes =
              index.projection.non_key_attributes.value_or(std::vector<std::string>{}),
          .throughput = index.throughput.value_or(Throughput{})};
}

std::string BracketedNames(const std::vector<std::string>& names) {
  std::string text = "[";
  for (const std::string& name : names) {
    if (text.size() > 1) text += ", ";
    text += name;
  }
  return text + "]";
}

}  // namespace zael::endpoint
