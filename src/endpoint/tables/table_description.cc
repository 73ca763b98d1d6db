#include "endpoint/tables/table_description.h"

#include <algorithm>
#include <vector>

#include "base/format.h"
#include "base/time.h"
#include "endpoint/arns.h"
#include "endpoint/tables/table_settings.h"

namespace zael::endpoint {
namespace {

using json::JsonWriter;

std::string_view TypeName(KeyType type) {
  if (type == KeyType::kNumber) return "N";
  return type == KeyType::kBinary ? "B" : "S";
}

// Every key attribute of the table and its indexes, once.
std::vector<KeyAttribute> DefinitionsOf(const TableSpec& spec) {
  std::vector<KeyAttribute> definitions;
  const auto add = [&definitions](const KeySchema& keys) {
    for (const KeyAttribute* attribute : {&keys.hash, keys.range ? &*keys.range : nullptr}) {
      if (attribute == nullptr) continue;
      const auto known = std::find(definitions.begin(), definitions.end(), *attribute);
      if (known == definitions.end()) definitions.push_back(*attribute);
    }
  };
  add(spec.keys);
  for (const IndexSpec& index : spec.indexes) add(index.keys);
  return definitions;
}

void WriteDefinitions(JsonWriter& writer, const TableSpec& spec) {
  writer.Key("AttributeDefinitions").BeginArray();
  for (const KeyAttribute& attribute : DefinitionsOf(spec)) {
    writer.BeginObject();
    writer.Key("AttributeName").String(attribute.name);
    writer.Key("AttributeType").String(TypeName(attribute.type));
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteThroughput(JsonWriter& writer, const Throughput& throughput) {
  writer.Key("ProvisionedThroughput").BeginObject();
  writer.Key("NumberOfDecreasesToday").Int(0);
  writer.Key("ReadCapacityUnits").Int(throughput.read_units);
  writer.Key("WriteCapacityUnits").Int(throughput.write_units);
  writer.EndObject();
}

void WriteProjection(JsonWriter& writer, const IndexSettings& index) {
  writer.Key("Projection").BeginObject();
  writer.Key("ProjectionType").String(index.projection);
  if (!index.non_key_attributes.empty()) {
    writer.Key("NonKeyAttributes").BeginArray();
    for (const std::string& name : index.non_key_attributes) writer.String(name);
    writer.EndArray();
  }
  writer.EndObject();
}

struct Place {
  const TableDescription& table;
  std::string_view region;
};

void WriteIndex(JsonWriter& writer, const IndexSpec& index, const IndexSettings& settings,
                const Place& place) {
  writer.BeginObject();
  writer.Key("IndexName").String(index.name);
  writer.Key("KeySchema");
  WriteKeySchema(writer, index.keys);
  WriteProjection(writer, settings);
  if (!settings.local) {
    writer.Key("IndexStatus").String("ACTIVE");
    WriteThroughput(writer, settings.throughput);
  }
  writer.Key("IndexSizeBytes").Int(0);
  writer.Key("ItemCount").Int(0);
  writer.Key("IndexArn").String(IndexArn(place.region, place.table.spec.name, index.name));
  writer.EndObject();
}

void WriteIndexes(JsonWriter& writer, const TableSettings& settings, bool local,
                  const Place& place) {
  bool begun = false;
  for (const IndexSpec& index : place.table.spec.indexes) {
    const auto found = settings.indexes.find(index.name);
    const IndexSettings chosen = found == settings.indexes.end() ? IndexSettings{} : found->second;
    if (chosen.local != local) continue;
    if (!begun) {
      writer.Key(local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes").BeginArray();
    }
    begun = true;
    WriteIndex(writer, index, chosen, place);
  }
  if (begun) writer.EndArray();
}

void WriteBilling(JsonWriter& writer, const TableSettings& settings) {
  WriteThroughput(writer, settings.throughput);
  if (settings.on_demand_since.has_value()) {
    writer.Key("BillingModeSummary").BeginObject();
    writer.Key("BillingMode").String(settings.provisioned ? "PROVISIONED" : "PAY_PER_REQUEST");
    writer.Key("LastUpdateToPayPerRequestDateTime");
    WriteTimestamp(writer, *settings.on_demand_since);
    writer.EndObject();
  }
  if (settings.on_demand_maxima.has_value()) {
    writer.Key("OnDemandThroughput").BeginObject();
    writer.Key("MaxReadRequestUnits").Int(settings.on_demand_maxima->read_units);
    writer.Key("MaxWriteRequestUnits").Int(settings.on_demand_maxima->write_units);
    writer.EndObject();
  }
  if (!settings.table_class.empty()) {
    writer.Key("TableClassSummary").BeginObject();
    writer.Key("TableClass").String(settings.table_class);
    writer.EndObject();
  }
  if (settings.encrypted) {
    writer.Key("SSEDescription").BeginObject();
    writer.Key("Status").String("ENABLED").Key("SSEType").String("KMS");
    writer.EndObject();
  }
}

void WriteStream(JsonWriter& writer, const TableSettings& settings, const Place& place) {
  if (settings.streams.empty()) return;
  if (const StreamSettings* enabled = EnabledStream(settings)) {
    writer.Key("StreamSpecification").BeginObject();
    writer.Key("StreamEnabled").Bool(true);
    writer.Key("StreamViewType").String(enabled->view);
    writer.EndObject();
  }
  const std::string label = StreamLabel(settings.streams.back().enabled_at);
  writer.Key("LatestStreamLabel").String(label);
  writer.Key("LatestStreamArn").String(StreamArn(place.region, place.table.spec.name, label));
}

// The value of one letter of Crockford's base 32; of anything else 0.
unsigned Base32(char c) {
  static constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const std::size_t at = kLetters.find(c);
  return at == std::string_view::npos ? 0 : static_cast<unsigned>(at);
}

}  // namespace

std::string TableUuid(std::string_view table_id) {
  unsigned __int128 bits = 0;
  for (const char c : table_id) bits = (bits << 5) | Base32(c);
  const auto field = [bits](unsigned shift, unsigned size) {
    return static_cast<std::uint64_t>((bits >> shift) & ((std::uint64_t{1} << size) - 1));
  };
  return Format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", field(96, 32), field(80, 16), field(64, 16),
                field(48, 16), field(0, 48));
}

void WriteTimestamp(JsonWriter& writer, WallTime time) {
  writer.Double(static_cast<double>(ToEpochMs(time)) / 1000.0);
}

void WriteKeySchema(JsonWriter& writer, const KeySchema& keys) {
  const auto element = [&writer](const KeyAttribute& attribute, std::string_view type) {
    writer.BeginObject();
    writer.Key("AttributeName").String(attribute.name);
    writer.Key("KeyType").String(type);
    writer.EndObject();
  };
  writer.BeginArray();
  element(keys.hash, "HASH");
  if (keys.range.has_value()) element(*keys.range, "RANGE");
  writer.EndArray();
}

void WriteTable(JsonWriter& writer, const TableDescription& table, std::string_view region,
                std::string_view status) {
  const TableSettings settings = SettingsOf(table);
  const Place place{.table = table, .region = region};
  writer.BeginObject();
  WriteDefinitions(writer, table.spec);
  writer.Key("TableName").String(table.spec.name);
  writer.Key("KeySchema");
  WriteKeySchema(writer, table.spec.keys);
  writer.Key("TableStatus").String(status);
  writer.Key("CreationDateTime");
  WriteTimestamp(writer, table.created_at);
  WriteBilling(writer, settings);
  writer.Key("TableSizeBytes").Int(0);
  writer.Key("ItemCount").Int(static_cast<std::int64_t>(table.item_count));
  writer.Key("TableArn").String(TableArn(region, table.spec.name));
  writer.Key("TableId").String(TableUuid(table.id));
  WriteIndexes(writer, settings, /*local=*/true, place);
  WriteIndexes(writer, settings, /*local=*/false, place);
  WriteStream(writer, settings, place);
  writer.Key("DeletionProtectionEnabled").Bool(table.spec.deletion_protection);
  writer.EndObject();
}

std::string TableAnswer(std::string_view member, const TableDescription& table,
                        std::string_view region, std::string_view status) {
  JsonWriter writer;
  writer.BeginObject().Key(member);
  WriteTable(writer, table, region, status);
  return writer.EndObject().Take();
}

}  // namespace zael::endpoint
