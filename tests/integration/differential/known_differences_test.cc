// Every known difference, and every text that is known, is still there: each has a request that
// shows it. And the page that tells of them tells of these.

#include "tests/integration/differential/known_differences.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "base/format.h"
#include "tests/integration/differential/comparison.h"
#include "tests/integration/differential/known_texts.h"
#include "tests/integration/differential/two_services.h"
#include "tests/integration/dynamodb/dynamodb_server.h"

namespace zael::differential {
namespace {

constexpr std::string_view kItem =
    R"({"pk":{"S":"x"},"sk":{"N":"1"},"lk":{"N":"2"},"gk":{"S":"x"},"gr":{"N":"3"},)"
    R"("a":{"N":"5"},"b":{"S":"t"},"z":{"S":"z"},"li":{"L":[{"N":"7"},{"N":"8"},{"N":"9"}]}})";

// With one key of the global index.
constexpr std::string_view kHalf = R"({"pk":{"S":"half"},"sk":{"N":"1"},"gr":{"N":"3"}})";

std::vector<TableSpec> Tables() {
  const KeyAttribute pk{"pk", KeyType::kString};
  return {{.name = "example",
           .keys = {pk, KeyAttribute{"sk", KeyType::kNumber}},
           .indexes = {{.name = "local-keys", .keys = {pk, KeyAttribute{"lk", KeyType::kNumber}}},
                       {.name = "global-some",
                        .keys = {{"gk", KeyType::kString}, KeyAttribute{"gr", KeyType::kNumber}}}}},
          {.name = "example-hash", .keys = {pk, {}}}};
}

class KnownDifferencesTest : public testing::Test {
 protected:
  KnownDifferencesTest() : services_(tables_, dynamo::DynamoDbServer::Local().url()) {}

  // Both answers to a request on tables that hold these items and no "nobody".
  std::pair<Answer, Answer> Answers(const Request& request) {
    if (!std::exchange(changed_, request.IsWrite())) {
      return {Ask(services_.ours(), request), Ask(services_.theirs(), request)};
    }
    for (Service* service : {&services_.ours(), &services_.theirs()}) {
      for (const TableSpec& table : tables_) {
        for (const std::string_view item : {kItem, kHalf}) {
          const Answer put = service->Call(
              "PutItem", Format(R"({{"TableName":"{}","Item":{}}})", table.name, item));
          EXPECT_EQ(put.error, "") << put.message;
        }
      }
      service->Call("DeleteItem",
                    R"({"TableName":"example","Key":{"pk":{"S":"nobody"},"sk":{"N":"1"}}})");
    }
    return {Ask(services_.ours(), request), Ask(services_.theirs(), request)};
  }

  Request Example(std::string_view operation, std::string_view json) const {
    return {.operation = std::string(operation),
            .json = std::string(json),
            .tables = {&tables_.front()},
            .paged = operation == "Scan"};
  }

  const std::vector<TableSpec> tables_ = Tables();
  TwoServices services_;
  bool changed_ = true;  // by the last request
};

TEST_F(KnownDifferencesTest, AreStillThere) {
  for (const KnownDifference& known : KnownDifferences()) {
    const Request request = Example(known.operation, known.request);
    const auto [ours, theirs] = Answers(request);
    EXPECT_FALSE(Same(request, ours, theirs)) << known.local << "\n" << ours.body << ours.message;
    EXPECT_EQ(ExplanationOf({request, ours, theirs}), &known)
        << known.local << "\nours:   " << ours.body << "\ntheirs: " << theirs.body;
    if (!request.IsWrite()) continue;
    for (const TableSpec& table : tables_) services_.Reconcile(table);
  }
}

// Beside each there is a wrong answer that it does not explain, nor does another.
TEST_F(KnownDifferencesTest, ExplainNoWrongAnswerBesideThem) {
  const Answer broken{.body = R"({"__type":"InternalServerError"})",
                      .error = "InternalServerError",
                      .message = "out of order"};
  for (const KnownDifference& known : KnownDifferences()) {
    const Request request = Example(known.operation, known.request);
    const auto [ours, theirs] = Answers(request);
    EXPECT_EQ(ExplanationOf({request, broken, theirs}), nullptr) << known.local;
    EXPECT_EQ(ExplanationOf({request, ours, broken}), nullptr) << known.local;
    if (ours.error.empty() && theirs.error.empty()) {
      Answer planted = ours;
      planted.body.insert(1, ours.body == "{}" ? R"("Planted":1)" : R"("Planted":1,)");
      const KnownDifference* found = ExplanationOf({request, planted, theirs});
      EXPECT_EQ(found, nullptr) << known.local << "\n" << (found ? found->local : "");
    }
    for (const TableSpec& table : tables_) services_.Reconcile(table);
  }
}

TEST_F(KnownDifferencesTest, TextsAreSaidAsListed) {
  for (const KnownText& text : KnownTexts()) {
    const Request request = Example(text.operation, text.request);
    const auto [ours, theirs] = Answers(request);
    EXPECT_TRUE(Matches(ours.message, text.ours))
        << request.json << "\nours:   " << ours.message << "\nlisted: " << text.ours;
    EXPECT_EQ(ours.error, theirs.error) << request.json << theirs.body;
    if (text.local.empty()) {
      EXPECT_TRUE(ours.message == theirs.message)
          << request.json << "\nours:   " << ours.message << "\ntheirs: " << theirs.message;
    } else {
      EXPECT_NE(ours.message, theirs.message) << request.json;
      EXPECT_TRUE(Matches(theirs.message, text.local))
          << request.json << "\ntheirs: " << theirs.message << "\nlisted: " << text.local;
    }
  }
}

TEST(KnownDifferencesPage, ShowsThemAll) {
  std::ifstream file(ZAEL_DYNAMODB_LOCAL_PAGE);
  std::ostringstream page;
  page << file.rdbuf();
  for (const KnownDifference& known : KnownDifferences()) {
    const std::string row = Format("| {} | {} |", known.local, known.reason);
    EXPECT_NE(page.str().find(row), std::string::npos) << "docs/dynamodb-local.md lacks\n" << row;
  }
}

}  // namespace
}  // namespace zael::differential
