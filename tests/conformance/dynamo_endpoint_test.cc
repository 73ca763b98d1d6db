// The DynamoDB client under the conformance suite, over HTTP to our own endpoint: whatever the
// engine promises must come through the wire.
#include <map>
#include <memory>
#include <string>

#include "tests/conformance/store_conformance.h"
#include "tests/integration/dynamodb/endpoint_server.h"

namespace zael::conformance {
namespace {

class EndpointUnderTest final : public StoreUnderTest {
 public:
  Stores stores() override { return client_->stores(); }
  testing::SimulatedClock& clock() override { return *clock_; }
  void Expire() override { (void)Must(server_.engine().ExpireNow()); }
  std::string Lacks(const std::string& promise) override;

 private:
  const std::shared_ptr<testing::SimulatedClock> clock_ =
      std::make_shared<testing::SimulatedClock>();
  dynamo::EndpointServer server_{clock_};
  const std::shared_ptr<dynamo::DynamoClient> client_ = server_.Connect();
};

std::string EndpointUnderTest::Lacks(const std::string& promise) {
  static const std::map<std::string, std::string> reasons = {
      {"P20_AttributeNamesMayHoldAnyByte", "JSON carries names in UTF-8 only"},
      {"EveryRangeConditionSelectsItsItems", "JSON carries texts in UTF-8 only"},
      {"NotesAreKeptAsTheyWereGiven", "DynamoDB has no place for notes"},
      {"ATransactionSharesOnePositionAndIsNeverSplit", "streams do not say what belongs together"},
  };
  const auto found = reasons.find(promise.substr(promise.find('.') + 1));
  return found == reasons.end() ? "" : found->second;
}

std::unique_ptr<StoreUnderTest> MakeEndpoint() { return std::make_unique<EndpointUnderTest>(); }

}  // namespace
}  // namespace zael::conformance

ZAEL_CONFORMS(DynamoEndpoint, &MakeEndpoint);
