#include "tests/integration/differential/two_services.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/format.h"
#include "json/json_document.h"
#include "tests/integration/differential/comparison.h"

namespace zael::differential {
namespace {

using json::JsonValue;

// What the pages of a read hold together.
struct Pages {
  std::string items;
  std::int64_t count = 0;
  std::int64_t scanned = 0;

  // Reads `request` from its first page to its last. The answer of the first that fails.
  Answer Read(Service& service, std::string_view operation, const std::string& request) {
    std::string start;
    for (int page = 0; page < 10'000; ++page) {
      std::string json = request;
      json.insert(json.size() - 1, start);
      Answer answer = service.Call(operation, json);
      if (!answer.error.empty()) return answer;
      const auto document = json::JsonDocument::Parse(answer.body);
      const JsonValue root = document->root();
      for (std::size_t i = 0; i < root.Find("Items").size(); ++i) {
        items += (items.empty() ? "" : ",") + Written(root.Find("Items").At(i));
      }
      count += root.Find("Count").AsInt64().value_or(0);
      scanned += root.Find("ScannedCount").AsInt64().value_or(0);
      const JsonValue last = root.Find("LastEvaluatedKey");
      if (last.size() == 0) break;
      start = R"(,"ExclusiveStartKey":)" + Written(last);
    }
    return {};
  }
};

// Every page, of every segment, as if it were one.
Answer CallPaged(Service& service, const Request& request) {
  Pages pages;
  for (std::size_t i = 0; i < std::max<std::size_t>(request.segments, 1); ++i) {
    std::string json = request.json;
    if (request.segments > 0) {
      json.insert(json.size() - 1,
                  Format(R"(,"Segment":{},"TotalSegments":{})", i, request.segments));
    }
    Answer failed = pages.Read(service, request.operation, json);
    if (!failed.error.empty()) return failed;
  }
  return {.body = Format(R"({{"Items":[{}],"Count":{},"ScannedCount":{}}})", pages.items,
                         pages.count, pages.scanned),
          .error = {},
          .message = {}};
}

std::uint16_t PortOf(const std::string& url) {
  return static_cast<std::uint16_t>(std::strtoul(url.c_str() + url.rfind(':') + 1, nullptr, 10));
}

std::string KeyOf(const TableSpec& table, const JsonValue& item) {
  const auto& [hash, range] = table.keys;
  std::string key = Format(R"({{"{}":{})", hash.name, Written(item.Find(hash.name)));
  if (range.has_value()) {
    key += Format(R"(,"{}":{})", range->name, Written(item.Find(range->name)));
  }
  return key + "}";
}

struct Found {
  std::string key;
  std::string written;
  std::string canonical;
};

// By canonical key.
std::map<std::string, Found> Items(Service& service, const TableSpec& table) {
  const Answer answer = CallPaged(
      service,
      {.operation = "Scan", .json = Format(R"({{"TableName":"{}"}})", table.name), .paged = true});
  EXPECT_EQ(answer.error, "") << answer.message;
  const auto document = json::JsonDocument::Parse(answer.body);
  const JsonValue items = document->root().Find("Items");
  std::map<std::string, Found> found;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string key = KeyOf(table, items.At(i));
    const std::string written = Written(items.At(i));
    found.emplace(Canonical(key, true), Found{key, written, Canonical(written, true)});
  }
  return found;
}

}  // namespace

Answer Ask(Service& service, const Request& request) {
  return request.paged ? CallPaged(service, request)
                       : service.Call(request.operation, request.json);
}

TwoServices::TwoServices(std::vector<TableSpec> tables, const std::string& url)
    : tables_(std::move(tables)), theirs_(PortOf(url)) {
  for (const TableSpec& table : tables_) {
    for (Service* service : {static_cast<Service*>(&ours_), static_cast<Service*>(&theirs_)}) {
      const Answer created = service->Call("CreateTable", CreateTableJson(table));
      EXPECT_EQ(created.error, "") << created.message;
    }
  }
}

TwoServices::~TwoServices() {
  for (const TableSpec& table : tables_) {
    theirs_.Call("DeleteTable", Format(R"({{"TableName":"{}"}})", table.name));
  }
}

TwoServices::Differences TwoServices::Reconcile(const TableSpec& table) {
  auto wanted = Items(ours_, table);
  Differences differences;
  for (const auto& [key, item] : Items(theirs_, table)) {
    const auto found = wanted.find(key);
    if (found == wanted.end()) {
      ++(item.canonical == key ? differences.only_keys_of_theirs : differences.others);
      Change("DeleteItem", Format(R"({{"TableName":"{}","Key":{}}})", table.name, item.key));
    } else if (found->second.canonical == item.canonical) {
      wanted.erase(found);
    }
  }
  differences.others += wanted.size();
  for (const auto& [key, item] : wanted) {
    Change("PutItem", Format(R"({{"TableName":"{}","Item":{}}})", table.name, item.written));
  }
  return differences;
}

void TwoServices::Change(std::string_view operation, const std::string& request) {
  const Answer changed = theirs_.Call(operation, request);
  EXPECT_EQ(changed.error, "") << request << changed.message;
}

}  // namespace zael::differential
