#include "endpoint/items/query.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/format.h"
#include "dynamo/attribute_value.h"
#include "endpoint/api_try.h"
#include "endpoint/items/capacity.h"
#include "endpoint/items/expression_paths.h"
#include "endpoint/items/item_rules.h"
#include "endpoint/items/key_condition.h"
#include "endpoint/items/legacy.h"
#include "endpoint/items/page_reader.h"
#include "endpoint/items/projection.h"
#include "endpoint/items/request_expressions.h"
#include "endpoint/validation.h"
#include "json/json_writer.h"
#include "store/evaluate.h"

namespace zael::endpoint {
namespace {

using json::JsonValue;

constexpr std::int64_t kMaxSegments = 1'000'000;

// As a request has it. Views the request.
struct ReadTexts {
  std::string table_name;
  std::optional<std::string> index_name;
  ExpressionTexts expressions;
  LegacyTexts legacy;
  std::optional<std::int64_t> limit;
  JsonValue start_key;
  bool consistent = false;
  std::optional<std::string> select;
  CapacityDetail detail = CapacityDetail::kNone;
};

ReadTexts ReadCommon(bool query, Members& request) {
  ReadTexts texts{.table_name = ReadTableMember(request)};
  texts.index_name =
      request.Text("IndexName", {.min_size = 3, .max_size = 255, .name_pattern = true});
  texts.expressions =
      ReadExpressions({.filter = true, .key_condition = query, .projection = true}, request);
  texts.legacy = ReadLegacy({.attributes_to_get = true,
                             .key_conditions = query,
                             .filter = query ? "QueryFilter" : "ScanFilter"},
                            request);
  texts.limit = request.Integer("Limit", {.min = 1, .type_name = "Integer"});
  texts.start_key = request.Attributes("ExclusiveStartKey");
  texts.consistent = request.Flag("ConsistentRead").value_or(false);
  texts.select = request.Text(
      "Select",
      {.choices = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"}});
  texts.detail = ReadCapacityDetail(request);
  return texts;
}

bool IsGiven(const JsonValue& map) { return map.Is(JsonValue::Kind::kObject); }

ApiStatus CheckSelect(const ReadTexts& texts) {
  if (!texts.select.has_value()) return {};
  const bool legacy = !texts.legacy.attributes_to_get.empty();
  const bool projects = legacy || texts.expressions.projection.has_value();
  const std::string_view select = *texts.select;
  if (select == "SPECIFIC_ATTRIBUTES") {
    if (projects) return {};
    return ValidationError(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !texts.index_name.has_value()) {
    return ValidationError(
        Format("{}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
               kInvalidValues));
  }
  if (!projects) return {};
  return ValidationError(Format("Cannot specify the {} when choosing to get {}",
                                legacy ? "AttributesToGet" : "ProjectionExpression",
                                select == "COUNT" ? "only the Count" : select));
}

// The index a request names, nullptr for none.
ApiResult<const IndexSpec*> FindIndex(const ItemTable& table, const ReadTexts& texts) {
  if (!texts.index_name.has_value()) return nullptr;
  const IndexSpec* const index = table.Index(*texts.index_name);
  if (index == nullptr) {
    return ValidationError(
        Format("The table does not have the specified index: {}", *texts.index_name));
  }
  if (texts.consistent && !table.IsLocal(*index)) {
    return ValidationError("Consistent reads are not supported on global secondary indexes");
  }
  return index;
}

ApiStatus CheckFilter(const std::optional<Condition>& filter, const KeySchema& walked,
                      bool legacy) {
  if (!filter.has_value()) return {};
  for (const Path* path : PathsOf(filter)) {
    const std::string_view name = AttributeOf(*path);
    if (name != walked.hash.name && (!walked.range.has_value() || name != walked.range->name)) {
      continue;
    }
    return ValidationError(
        Format("{} can only contain non-primary key attributes: Primary key attribute: {}",
               legacy ? "QueryFilter" : "Filter Expression", name));
  }
  return {};
}

// The position that ExclusiveStartKey names, for a walk over `walked`.
ApiResult<Key> ReadStart(const JsonValue& json, const ItemTable& table, const KeySchema& walked) {
  ZAEL_API_ASSIGN(Key key, ReadItemOf(json));
  const auto invalid = [](std::string_view detail) {
    return ValidationError(Format("The provided starting key is invalid{}", detail));
  };
  if (key.empty()) return invalid("");
  Key of_table;
  Key of_index;
  for (const Attribute& attribute : key) {
    const bool in_table =
        attribute.name == table.keys().hash.name ||
        (table.keys().range.has_value() && attribute.name == table.keys().range->name);
    const bool in_index = attribute.name == walked.hash.name ||
                          (walked.range.has_value() && attribute.name == walked.range->name);
    if (!in_table && !in_index) {
      return invalid(": The provided key element does not match the schema");
    }
    if (in_table) of_table.Set(attribute.name, attribute.value);
    if (in_index) of_index.Set(attribute.name, attribute.value);
  }
  for (const auto& [schema, part] :
       {std::pair(&table.keys(), &of_table), std::pair(&walked, &of_index)}) {
    const Status fits = CheckKey(*schema, *part);
    if (!fits.ok()) return invalid(Format(": {}", fits.error().message()));
  }
  return key;
}

struct Walked {
  const ItemTable& table;
  const IndexSpec* index;  // nullptr: the table itself

  const KeySchema& keys() const { return index == nullptr ? table.keys() : index->keys; }
};

ApiStatus CheckStart(const Key& start, const KeyRange& range, const Walked& at) {
  const KeySchema& walked = at.keys();
  if (at.index == nullptr && !walked.range.has_value()) {
    return ValidationError("The query can return at most one row and cannot be restarted");
  }
  if (!(*start.Find(walked.hash.name) == range.hash)) {
    return ValidationError(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!range.range.has_value()) return {};
  ZAEL_API_ASSIGN(const bool inside, store::Holds(*range.range, &start));
  if (inside) return {};
  return ValidationError("The provided starting key does not match the range key predicate");
}

double UnitsOf(const PageAnswer& page, bool consistent) {
  if (page.scanned == 0) return consistent ? 1 : 0.5;
  return ReadUnits(page.bytes, consistent);
}

std::string Answer(const Walked& walked, const ReadTexts& texts, const BoundExpressions& bound,
                   const PageAnswer& page) {
  json::JsonWriter writer;
  writer.BeginObject();
  if (texts.select != "COUNT") {
    writer.Key("Items").BeginArray();
    for (const Item& item : page.items) {
      dynamo::WriteItem(writer,
                        bound.projection.has_value() ? Project(*bound.projection, item) : item);
    }
    writer.EndArray();
  }
  writer.Key("Count").Int(static_cast<std::int64_t>(page.items.size()));
  writer.Key("ScannedCount").Int(static_cast<std::int64_t>(page.scanned));
  if (page.last.has_value()) {
    writer.Key("LastEvaluatedKey");
    dynamo::WriteItem(writer, *page.last);
  }
  TableCapacity capacity;
  const double units = UnitsOf(page, texts.consistent);
  if (walked.index == nullptr) {
    capacity.AddTable(units);
  } else {
    capacity.AddIndex(walked.index->name, walked.table.IsLocal(*walked.index), units);
  }
  WriteCapacity(writer, walked.table.name(), capacity, texts.detail);
  return writer.EndObject().Take();
}

// A local index fetches what it does not show when that is asked for by name, or all.
bool NeedsWholeItems(const Walked& walked, const ReadTexts& texts, const BoundExpressions& bound) {
  if (walked.index == nullptr || !walked.table.IsLocal(*walked.index)) return false;
  return texts.select == "ALL_ATTRIBUTES" || bound.projection.has_value();
}

// Those of the attributes that the index does not show: `b, z`.
std::string NotShown(const Walked& walked, const PathViews& paths) {
  std::set<std::string_view> names;
  for (const Path* path : paths) {
    if (!walked.table.Shows(*walked.index, AttributeOf(*path))) names.insert(AttributeOf(*path));
  }
  std::string text;
  for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

// A global index has nothing to fetch from.
ApiStatus CheckShown(const Walked& walked, const ReadTexts& texts, const BoundExpressions& bound) {
  const IndexSpec* const index = walked.index;
  if (index == nullptr || walked.table.IsLocal(*index) || walked.table.ShowsAll(*index)) return {};
  if (texts.select == "ALL_ATTRIBUTES") {
    return ValidationError(
        Format("{}Select type ALL_ATTRIBUTES is not supported for global secondary index {} "
               "because its projection type is not ALL",
               kInvalidValues, index->name));
  }
  const std::string names = NotShown(walked, PathsOf(bound.projection));
  if (names.empty()) return {};
  return ValidationError(Format("{}Global secondary index {} does not project [{}]", kInvalidValues,
                                index->name, names));
}

// A query does not fetch what its filter looks at. A scan takes that as absent.
ApiStatus CheckFilterIsShown(const Walked& walked, const BoundExpressions& bound) {
  if (walked.index == nullptr) return {};
  const std::string names = NotShown(walked, PathsOf(bound.filter));
  if (names.empty()) return {};
  return ValidationError(
      Format("{}Secondary index {} does not project one or more filter attributes: [{}]",
             kInvalidValues, walked.index->name, names));
}

PageRequest RequestOf(const Walked& walked, const ReadTexts& texts, const BoundExpressions& bound) {
  PageRequest page{.query = {.table = walked.table.name()},
                   .table = &walked.table,
                   .index = walked.index,
                   .whole_items = NeedsWholeItems(walked, texts, bound),
                   .filter = bound.filter};
  if (walked.index != nullptr) page.query.index = walked.index->name;
  if (texts.limit.has_value()) page.limit = static_cast<std::size_t>(*texts.limit);
  return page;
}

struct SegmentTexts {
  std::optional<std::int64_t> number;
  std::optional<std::int64_t> total;
};

ApiResult<std::optional<Segment>> BindSegment(const SegmentTexts& texts) {
  if (!texts.number.has_value() && !texts.total.has_value()) return std::optional<Segment>();
  if (!texts.total.has_value()) {
    return ValidationError(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (!texts.number.has_value()) {
    return ValidationError(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (*texts.number >= *texts.total) {
    return ValidationError(
        Format("The Segment parameter is zero-based and must be less than parameter TotalSegments: "
               "Segment: {} is not less than TotalSegments: {}",
               *texts.number, *texts.total));
  }
  return std::optional<Segment>({.number = static_cast<std::uint64_t>(*texts.number),
                                 .total = static_cast<std::uint64_t>(*texts.total)});
}

}  // namespace

ApiOutcome Query(const ItemContext& context, const JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const ReadTexts texts = ReadCommon(true, members);
  const bool ascending = members.Flag("ScanIndexForward").value_or(true);
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(BoundExpressions bound, BindExpressions(texts.expressions, texts.legacy.given));
  ZAEL_API_TRY(BindLegacy(texts.legacy, bound));
  ZAEL_API_TRY(CheckSelect(texts));
  if (!bound.key_condition.has_value()) {
    return ValidationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
  ZAEL_API_ASSIGN(const std::vector<KeyPart> parts, ReadKeyParts(*bound.key_condition));
  ZAEL_API_ASSIGN(const ItemTable table, context.FindTable(texts.table_name));
  ZAEL_API_ASSIGN(const IndexSpec* index, FindIndex(table, texts));
  const Walked walked{table, index};
  ZAEL_API_TRY(CheckKeysAreScalars(table.spec(), PathsOf(bound.filter, bound.projection)));
  ZAEL_API_ASSIGN(KeyRange range, FitKeyParts(parts, walked.keys()));
  ZAEL_API_TRY(CheckFilter(bound.filter, walked.keys(), texts.legacy.Has("QueryFilter")));
  ZAEL_API_TRY(CheckShown(walked, texts, bound));
  ZAEL_API_TRY(CheckFilterIsShown(walked, bound));
  PageRequest page = RequestOf(walked, texts, bound);
  page.query.ascending = ascending;
  if (IsGiven(texts.start_key)) {
    ZAEL_API_ASSIGN(page.query.start_after, ReadStart(texts.start_key, table, walked.keys()));
    ZAEL_API_TRY(CheckStart(*page.query.start_after, range, walked));
  }
  page.query.hash = std::move(range.hash);
  page.query.range = std::move(range.range);
  ZAEL_API_ASSIGN(const PageAnswer answer, ReadPage(*context.stores.items, std::move(page)));
  return Answer(walked, texts, bound, answer);
}

ApiOutcome Scan(const ItemContext& context, const JsonValue& request) {
  RequestFaults faults;
  Members members(request, faults);
  const ReadTexts texts = ReadCommon(false, members);
  SegmentTexts segments;
  segments.number =
      members.Integer("Segment", {.min = 0, .max = kMaxSegments - 1, .type_name = "Integer"});
  segments.total =
      members.Integer("TotalSegments", {.min = 1, .max = kMaxSegments, .type_name = "Integer"});
  ZAEL_API_TRY(faults.Check());
  ZAEL_API_ASSIGN(BoundExpressions bound, BindExpressions(texts.expressions, texts.legacy.given));
  ZAEL_API_TRY(BindLegacy(texts.legacy, bound));
  ZAEL_API_TRY(CheckSelect(texts));
  ZAEL_API_ASSIGN(const std::optional<Segment> segment, BindSegment(segments));
  ZAEL_API_ASSIGN(const ItemTable table, context.FindTable(texts.table_name));
  ZAEL_API_ASSIGN(const IndexSpec* index, FindIndex(table, texts));
  const Walked walked{table, index};
  ZAEL_API_TRY(CheckKeysAreScalars(table.spec(), PathsOf(bound.filter, bound.projection)));
  ZAEL_API_TRY(CheckShown(walked, texts, bound));
  PageRequest page = RequestOf(walked, texts, bound);
  page.segment = segment;
  if (IsGiven(texts.start_key)) {
    ZAEL_API_ASSIGN(page.query.start_after, ReadStart(texts.start_key, table, walked.keys()));
  }
  ZAEL_API_ASSIGN(const PageAnswer answer, ReadPage(*context.stores.items, std::move(page)));
  return Answer(walked, texts, bound, answer);
}

}  // namespace zael::endpoint
