// The DynamoDB client under the conformance suite, on a real server of DynamoDB's protocol.
#include <map>
#include <memory>
#include <string>

#include "tests/conformance/store_conformance.h"
#include "tests/integration/dynamodb/dynamodb_server.h"

namespace zael::conformance {
namespace {

class DynamoUnderTest final : public StoreUnderTest {
 public:
  DynamoUnderTest() {
    auto& server = dynamo::DynamoDbServer::Shared();
    server.DeleteAllTables();
    client_ = server.Connect(MakeSystemClock());
  }

  Stores stores() override { return client_ == nullptr ? Stores() : client_->stores(); }
  testing::SimulatedClock& clock() override { return clock_; }
  void Expire() override {}
  std::string Lacks(const std::string& promise) override;

 private:
  testing::SimulatedClock clock_;  // the server's own time cannot be set
  std::shared_ptr<dynamo::DynamoClient> client_;
};

using Reasons = std::map<std::string, std::string>;

// Of every server of DynamoDB's protocol.
const Reasons& LackingInDynamoDb() {
  static const Reasons reasons = {
      {"P20_AttributeNamesMayHoldAnyByte", "JSON carries names in UTF-8 only"},
      {"EveryRangeConditionSelectsItsItems", "JSON carries texts in UTF-8 only"},
      {"NotesAreKeptAsTheyWereGiven", "DynamoDB has no place for notes"},
      {"ACreatedTableIsDescribedAsItWasAskedFor", "the server's clock is its own"},
      {"FeedConformance", "the client has no change feed yet"},
      {"OneFailedConditionCancelsAllAndSaysWhich", "the client has no change feed yet"},
      {"AnUnknownTableIsNotFound", "the client has no change feed yet"},
  };
  return reasons;
}

// Where moto 5.2.5 answers otherwise than DynamoDB does.
const Reasons& LackingInMoto() {
  static const Reasons reasons = {
      {"EveryKindOfConditionIsJudged", "status 500 where DynamoDB finds types incomparable"},
      {"RemovingFromAnAbsentItemMakesNothing", "makes the item"},
      {"NoActionsMakeAnItemOfTheBareKey", "status 500"},
      {"TheFirstPathThatIsThereIsTaken", "does not parse nested if_not_exists"},
      {"NestedPathsReachIntoMapsAndLists", "removes list elements one after the other"},
      {"P29_SumsPastThirtyEightDigitsAreRefusedNotRounded", "rounds"},
      {"InvalidUpdatesAreRefusedAndChangeNothing", "takes a set for ADD to a number"},
      {"AnUpdateReturnsWhatItsActionsNameWhenAskedForThat", "UPDATED_NEW leaves equal values out"},
      {"InvalidItemsAreRefusedAndChangeNothing", "takes keys that are too long"},
      {"InvalidKeysAreRefused", "takes keys with other attributes"},
      {"P21_PagesEndAtOneMegabyte", "counts more bytes than DynamoDB"},
      {"ADeletedTableIsGoneAndANewOneOfItsNameIsEmpty", "tables have no id"},
  };
  return reasons;
}

std::string DynamoUnderTest::Lacks(const std::string& promise) {
  const std::string suite = promise.substr(0, promise.find('.'));
  const std::string name = promise.substr(promise.find('.') + 1);
  const bool is_moto = dynamo::DynamoDbServer::Shared().is_moto();
  for (const Reasons* reasons : {&LackingInDynamoDb(), &LackingInMoto()}) {
    if (reasons == &LackingInMoto() && !is_moto) continue;
    for (const std::string& key : {suite, name}) {
      if (const auto found = reasons->find(key); found != reasons->end()) return found->second;
    }
  }
  return "";
}

std::unique_ptr<StoreUnderTest> MakeDynamo() { return std::make_unique<DynamoUnderTest>(); }

}  // namespace
}  // namespace zael::conformance

ZAEL_CONFORMS(Dynamo, &MakeDynamo);
