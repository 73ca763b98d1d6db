// The DynamoDB client under the conformance suite, on Amazon's DynamoDB Local and on moto's server.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/store_conformance.h"
#include "tests/integration/dynamodb/dynamodb_server.h"

namespace zael::conformance {
namespace {

using Reasons = std::map<std::string, std::string>;

class DynamoUnderTest final : public StoreUnderTest {
 public:
  DynamoUnderTest(dynamo::DynamoDbServer& server, std::vector<const Reasons*> lacks)
      : lacks_(std::move(lacks)) {
    server.DeleteAllTables();
    client_ = server.Connect(MakeSystemClock());
  }

  Stores stores() override { return client_ == nullptr ? Stores() : client_->stores(); }
  testing::SimulatedClock& clock() override { return clock_; }
  void Expire() override {}
  std::string Lacks(const std::string& promise) override;

 private:
  const std::vector<const Reasons*> lacks_;
  testing::SimulatedClock clock_;  // the server's own time cannot be set
  std::shared_ptr<dynamo::DynamoClient> client_;
};

// Of every server of DynamoDB's protocol.
const Reasons& LackingInDynamoDb() {
  static const Reasons reasons = {
      {"P20_AttributeNamesMayHoldAnyByte", "JSON carries names in UTF-8 only"},
      {"EveryRangeConditionSelectsItsItems", "JSON carries texts in UTF-8 only"},
      {"NotesAreKeptAsTheyWereGiven", "DynamoDB has no place for notes"},
      {"ACreatedTableIsDescribedAsItWasAskedFor", "the server's clock is its own"},
      {"AChangeTellsWhenItWasMade", "the server's clock is its own"},
      {"ATransactionSharesOnePositionAndIsNeverSplit", "streams do not say what belongs together"},
      {"P16_AnItemPastItsTtlIsVisibleUntilItIsRemoved", "the server expires when it likes"},
      {"ExpiryJudgesTheTtlTheItemHasNow", "the server expires when it likes"},
      {"WithoutATtlAttributeNothingExpires", "the server expires when it likes"},
  };
  return reasons;
}

// Where DynamoDB Local 3.3.0 answers otherwise than DynamoDB does.
const Reasons& LackingInLocal() {
  static const Reasons reasons = {
      {"RemovingFromAnAbsentItemMakesNothing", "makes the item"},
      {"InvalidUpdatesAreRefusedAndChangeNothing", "status 500 for a removed key in a transaction"},
      {"AnItemMayStandInItOnlyOnce", "takes a put and a check of one item"},
      {"AnUpdateChangesWhatItNamesAndNothingElse", "knows no tags"},
      {"ADeletedTableIsGoneAndANewOneOfItsNameIsEmpty", "tables have no id"},
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
  for (const Reasons* reasons : lacks_) {
    for (const std::string& key : {suite, name}) {
      if (const auto found = reasons->find(key); found != reasons->end()) return found->second;
    }
  }
  return "";
}

std::unique_ptr<StoreUnderTest> MakeLocal() {
  return std::make_unique<DynamoUnderTest>(dynamo::DynamoDbServer::Local(),
                                           std::vector{&LackingInDynamoDb(), &LackingInLocal()});
}

std::unique_ptr<StoreUnderTest> MakeMoto() {
  return std::make_unique<DynamoUnderTest>(dynamo::DynamoDbServer::Moto(),
                                           std::vector{&LackingInDynamoDb(), &LackingInMoto()});
}

}  // namespace
}  // namespace zael::conformance

ZAEL_CONFORMS(DynamoDbLocal, &MakeLocal);
ZAEL_CONFORMS(Moto, &MakeMoto);
