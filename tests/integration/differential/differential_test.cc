// The same random requests to our endpoint and to another server of DynamoDB's protocol.
//
// ZAEL_DIFFERENTIAL_OPERATIONS says how many, ZAEL_DIFFERENTIAL_SEED repeats a run,
// ZAEL_DIFFERENTIAL_TEXTS=1 lists errors whose texts differ, which is allowed.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "base/format.h"
#include "json/json_document.h"
#include "os/environment.h"
#include "tests/integration/differential/comparison.h"
#include "tests/integration/differential/dynalite_server.h"
#include "tests/integration/differential/random_requests.h"
#include "tests/integration/differential/service.h"

namespace zael::differential {
namespace {

using json::JsonMember;
using json::JsonValue;

constexpr std::size_t kMaxUnknown = 20;  // differences shown before the run ends

std::uint64_t NumberFrom(const char* name, std::uint64_t otherwise) {
  const auto text = os::Environment(name);
  return text.has_value() ? std::strtoull(text->c_str(), nullptr, 10) : otherwise;
}

std::string Written(const JsonValue& value) {
  // Only for keys and items, which hold nothing but objects, lists, texts and booleans.
  if (const auto text = value.AsString()) return "\"" + std::string(*text) + "\"";
  if (const auto flag = value.AsBool()) return *flag ? "true" : "false";
  std::string text;
  if (value.Is(JsonValue::Kind::kArray)) {
    for (std::size_t i = 0; i < value.size(); ++i) text += (i ? "," : "") + Written(value.At(i));
    return "[" + text + "]";
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const JsonMember member = value.Member(i);
    text += (i ? ",\"" : "\"") + std::string(member.name) + "\":" + Written(member.value);
  }
  return "{" + text + "}";
}

// Every page of a read as if it were one.
Answer CallPaged(Service& service, const Request& request) {
  std::string items;
  std::int64_t count = 0;
  std::int64_t scanned = 0;
  std::string start;
  for (int page = 0; page < 10'000; ++page) {
    std::string json = request.json;
    json.insert(json.size() - 1, start);
    const Answer answer = service.Call(request.operation, json);
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
  return {.body = Format(R"({{"Items":[{}],"Count":{},"ScannedCount":{}}})", items, count, scanned),
          .error = {},
          .message = {}};
}

class Differential {
 public:
  Differential(std::uint64_t seed, std::uint16_t port)
      : random_(seed), requests_(random_, 5), theirs_(port) {
    for (const TableSpec& table : requests_.tables()) {
      for (Service* service : {static_cast<Service*>(&ours_), static_cast<Service*>(&theirs_)}) {
        const Answer created = service->Call("CreateTable", CreateTableJson(table));
        EXPECT_EQ(created.error, "") << created.message;
      }
    }
  }

  ~Differential() {
    for (const TableSpec& table : requests_.tables()) {
      theirs_.Call("DeleteTable", Format(R"({{"TableName":"{}"}})", table.name));
    }
  }

  void Step() {
    const Request request = requests_.Next();
    const Answer ours = Ask(ours_, request);
    const Answer theirs = Ask(theirs_, request);
    ++outcomes_[request.operation + " " + (ours.error.empty() ? "done" : ours.error)];
    if (ours.message != theirs.message)
      texts_.insert(Format("{} | {}", ours.message, theirs.message));
    if (theirs.error == "TransportFailure") {
      ADD_FAILURE() << "the other server is gone after " << request.json;
      unknown_ = kMaxUnknown;
      return;
    }
    const bool same = Same(request, ours, theirs);
    if (!same) Note(request, ours, theirs);
    if (!request.paged && Reconcile(request) && same) {
      ++known_["an update that only removes makes no item of nothing"];
    }
  }

  void Report(bool texts) const {
    for (const auto& [outcome, count] : outcomes_) std::cout << count << "  " << outcome << '\n';
    for (const auto& [reason, count] : known_)
      std::cout << "known: " << count << "  " << reason << '\n';
    if (!texts) return;
    for (const std::string& text : texts_) std::cout << "text: " << text << '\n';
  }

  std::size_t unknown() const { return unknown_; }

 private:
  static Answer Ask(Service& service, const Request& request) {
    return request.paged ? CallPaged(service, request)
                         : service.Call(request.operation, request.json);
  }

  void Note(const Request& request, const Answer& ours, const Answer& theirs) {
    const std::string_view reason = KnownDifference(request, ours, theirs);
    if (!reason.empty()) {
      ++known_[std::string(reason)];
      return;
    }
    if (++unknown_ > kMaxUnknown) return;
    ADD_FAILURE() << request.operation << " " << request.json << "\nours:   " << ours.error << " "
                  << ours.body << "\ntheirs: " << theirs.error << " " << theirs.body;
  }

  // Makes their items what ours are, of the keys in the request; whether one was not.
  bool Reconcile(const Request& request) {
    if (request.operation.find("Get") != std::string::npos || request.operation == "Query") {
      return false;
    }
    const auto document = json::JsonDocument::Parse(request.json);
    std::set<std::string> keys;
    CollectKeys(document->root(), request.table->keys, keys);
    bool differed = false;
    for (const std::string& key : keys) {
      const std::string get = Format(R"({{"TableName":"{}","Key":{},"ConsistentRead":true}})",
                                     request.table->name, key);
      const Answer ours = ours_.Call("GetItem", get);
      const Answer theirs = theirs_.Call("GetItem", get);
      if (!ours.error.empty() || Canonical(ours.body, true) == Canonical(theirs.body, true)) {
        continue;
      }
      differed = true;
      Copy(request.table->name, key, ours.body);
    }
    return differed;
  }

  void Copy(const std::string& table, const std::string& key, const std::string& body) {
    const auto document = json::JsonDocument::Parse(body);
    const JsonValue item = document->root().Find("Item");
    const Answer copied =
        item.Is(JsonValue::Kind::kObject)
            ? theirs_.Call("PutItem",
                           Format(R"({{"TableName":"{}","Item":{}}})", table, Written(item)))
            : theirs_.Call("DeleteItem", Format(R"({{"TableName":"{}","Key":{}}})", table, key));
    EXPECT_EQ(copied.error, "") << copied.message;
  }

  // Of every member Key or Item, however deep.
  static void CollectKeys(const JsonValue& value, const KeySchema& schema,
                          std::set<std::string>& keys) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value.Is(JsonValue::Kind::kArray)) {
        CollectKeys(value.At(i), schema, keys);
        continue;
      }
      const JsonMember member = value.Member(i);
      if (member.name != "Key" && member.name != "Item") {
        CollectKeys(member.value, schema, keys);
        continue;
      }
      std::string key =
          Format(R"({{"{}":{})", schema.hash.name, Written(member.value.Find(schema.hash.name)));
      if (schema.range.has_value()) {
        key += Format(R"(,"{}":{})", schema.range->name,
                      Written(member.value.Find(schema.range->name)));
      }
      keys.insert(key + "}");
    }
  }

  SeededRandom random_;
  RandomRequests requests_;
  EndpointService ours_;
  HttpService theirs_;
  std::map<std::string, std::size_t> outcomes_;
  std::map<std::string, std::size_t> known_;
  std::set<std::string> texts_;
  std::size_t unknown_ = 0;
};

TEST(Differential, OurEndpointAnswersAsTheOtherServerDoes) {
  // Always the same by itself: another seed may find another way in which the other server differs.
  const std::uint64_t seed = NumberFrom("ZAEL_DIFFERENTIAL_SEED", 1);
  const std::uint64_t operations = NumberFrom("ZAEL_DIFFERENTIAL_OPERATIONS", 2'000);
  std::cout << "ZAEL_DIFFERENTIAL_SEED=" << seed << " ZAEL_DIFFERENTIAL_OPERATIONS=" << operations
            << std::endl;
  const DynaliteServer server;
  ASSERT_NE(server.port(), 0u);
  Differential differential(seed, server.port());
  for (std::uint64_t i = 0; i < operations && differential.unknown() < kMaxUnknown; ++i) {
    differential.Step();
  }
  differential.Report(NumberFrom("ZAEL_DIFFERENTIAL_TEXTS", 0) != 0);
  EXPECT_EQ(differential.unknown(), 0u);
}

}  // namespace
}  // namespace zael::differential
