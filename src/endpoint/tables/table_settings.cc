#include "endpoint/tables/table_settings.h"

#include "base/time.h"
#include "json/json_document.h"
#include "json/json_writer.h"

namespace zael::endpoint {
namespace {

using json::JsonValue;
using json::JsonWriter;

std::string TextOr(const JsonValue& value, std::string_view fallback) {
  return std::string(value.AsString().value_or(fallback));
}

std::optional<WallTime> ReadTime(const JsonValue& value) {
  const auto ms = value.AsInt64();
  if (!ms.has_value()) return std::nullopt;
  return FromEpochMs(*ms);
}

void WriteThroughput(JsonWriter& writer, std::string_view name, const Throughput& throughput) {
  writer.Key(name).BeginArray().Int(throughput.read_units).Int(throughput.write_units).EndArray();
}

Throughput ReadThroughput(const JsonValue& value) {
  return {.read_units = value.At(0).AsInt64().value_or(0),
          .write_units = value.At(1).AsInt64().value_or(0)};
}

void WriteIndex(JsonWriter& writer, const IndexSettings& index) {
  writer.BeginObject();
  writer.Key("local").Bool(index.local);
  writer.Key("projection").String(index.projection);
  writer.Key("non_key_attributes").BeginArray();
  for (const std::string& name : index.non_key_attributes) writer.String(name);
  writer.EndArray();
  WriteThroughput(writer, "throughput", index.throughput);
  writer.EndObject();
}

IndexSettings ReadIndex(const JsonValue& value) {
  IndexSettings index{.local = value.Find("local").AsBool().value_or(false),
                      .projection = TextOr(value.Find("projection"), "ALL"),
                      .non_key_attributes = {},
                      .throughput = ReadThroughput(value.Find("throughput"))};
  const JsonValue names = value.Find("non_key_attributes");
  for (std::size_t i = 0; i < names.size(); ++i) {
    index.non_key_attributes.push_back(TextOr(names.At(i), ""));
  }
  return index;
}

void WriteStream(JsonWriter& writer, const StreamSettings& stream) {
  writer.BeginObject();
  writer.Key("enabled_at_ms").Int(ToEpochMs(stream.enabled_at));
  if (stream.disabled_at.has_value()) {
    writer.Key("disabled_at_ms").Int(ToEpochMs(*stream.disabled_at));
  }
  writer.Key("view").String(stream.view);
  writer.Key("after").Int(static_cast<std::int64_t>(stream.after));
  writer.EndObject();
}

StreamSettings ReadStream(const JsonValue& value) {
  return {.enabled_at = ReadTime(value.Find("enabled_at_ms")).value_or(WallTime()),
          .disabled_at = ReadTime(value.Find("disabled_at_ms")),
          .view = TextOr(value.Find("view"), "NEW_AND_OLD_IMAGES"),
          .after = static_cast<ChangePosition>(value.Find("after").AsInt64().value_or(0))};
}

TableSettings ReadNotes(const std::string& notes) {
  TableSettings settings;
  const auto document = json::JsonDocument::Parse(notes);
  if (!document.ok()) return settings;
  const JsonValue root = document->root();
  settings.provisioned = root.Find("provisioned").AsBool().value_or(false);
  settings.on_demand_since = ReadTime(root.Find("on_demand_since_ms"));
  settings.throughput = ReadThroughput(root.Find("throughput"));
  const JsonValue indexes = root.Find("indexes");
  for (std::size_t i = 0; indexes.Is(JsonValue::Kind::kObject) && i < indexes.size(); ++i) {
    const json::JsonMember index = indexes.Member(i);
    settings.indexes[std::string(index.name)] = ReadIndex(index.value);
  }
  const JsonValue streams = root.Find("streams");
  for (std::size_t i = 0; i < streams.size(); ++i) {
    settings.streams.push_back(ReadStream(streams.At(i)));
  }
  settings.table_class = TextOr(root.Find("table_class"), "");
  settings.encrypted = root.Find("encrypted").AsBool().value_or(false);
  const JsonValue maxima = root.Find("on_demand_maxima");
  if (maxima.Is(JsonValue::Kind::kArray)) settings.on_demand_maxima = ReadThroughput(maxima);
  return settings;
}

// The library switches the stream itself; then the notes are behind.
void CatchUp(const TableDescription& table, TableSettings& settings) {
  const bool enabled = EnabledStream(settings) != nullptr;
  if (table.spec.stream && !enabled) {
    settings.streams.push_back({.enabled_at = table.created_at, .disabled_at = {}});
  }
  if (!table.spec.stream && enabled) {
    settings.streams.back().disabled_at = settings.streams.back().enabled_at;
  }
  if (!settings.provisioned && !settings.on_demand_since.has_value()) {
    settings.on_demand_since = table.created_at;
  }
}

}  // namespace

const StreamSettings* EnabledStream(const TableSettings& settings) {
  if (settings.streams.empty() || settings.streams.back().disabled_at.has_value()) return nullptr;
  return &settings.streams.back();
}

TableSettings SettingsOf(const TableDescription& table) {
  TableSettings settings = table.spec.notes.empty() ? TableSettings{} : ReadNotes(table.spec.notes);
  CatchUp(table, settings);
  return settings;
}

std::string ToNotes(const TableSettings& settings) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Key("provisioned").Bool(settings.provisioned);
  if (settings.on_demand_since.has_value()) {
    writer.Key("on_demand_since_ms").Int(ToEpochMs(*settings.on_demand_since));
  }
  WriteThroughput(writer, "throughput", settings.throughput);
  writer.Key("indexes").BeginObject();
  for (const auto& [name, index] : settings.indexes) {
    writer.Key(name);
    WriteIndex(writer, index);
  }
  writer.EndObject();
  writer.Key("streams").BeginArray();
  for (const StreamSettings& stream : settings.streams) WriteStream(writer, stream);
  writer.EndArray();
  if (!settings.table_class.empty()) writer.Key("table_class").String(settings.table_class);
  writer.Key("encrypted").Bool(settings.encrypted);
  if (settings.on_demand_maxima.has_value()) {
    WriteThroughput(writer, "on_demand_maxima", *settings.on_demand_maxima);
  }
  return writer.EndObject().Take();
}

}  // namespace zael::endpoint
