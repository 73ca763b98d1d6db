#include "endpoint/tables/ttl_operations.h"

#include "table_plane_fixture.h"

namespace zael::endpoint {
namespace {

class TimeToLive : public TablePlaneTest {
 protected:
  static std::string Switch(const char* enabled, const std::string& attribute) {
    return Named("demo", std::string(R"(,"TimeToLiveSpecification":{"Enabled":)") + enabled +
                             R"(,"AttributeName":")" + attribute + "\"}");
  }
};

TEST_F(TimeToLive, IsSwitchedOnAndOff) {
  MakeTable("demo");
  EXPECT_EQ(Call("DescribeTimeToLive", Named("demo")),
            R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  EXPECT_EQ(Call("UpdateTimeToLive", Switch("true", "ttl")),
            R"({"TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})");
  EXPECT_EQ(Call("DescribeTimeToLive", Named("demo")),
            R"({"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})");
  EXPECT_EQ(store_.stores().tables->DescribeTable("demo")->spec.ttl_attribute, "ttl");
  EXPECT_EQ(Refusal("UpdateTimeToLive", Switch("false", "ttl")), "ok");
  EXPECT_EQ(Call("DescribeTimeToLive", Named("demo")),
            R"({"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
}

TEST_F(TimeToLive, RefusesWhatIsSoAlready) {
  MakeTable("demo");
  EXPECT_EQ(Refusal("UpdateTimeToLive", Switch("false", "ttl")),
            "ValidationException: TimeToLive is already disabled");
  EXPECT_EQ(Refusal("UpdateTimeToLive", Switch("true", "ttl")), "ok");
  EXPECT_EQ(Refusal("UpdateTimeToLive", Switch("true", "ttl")),
            "ValidationException: TimeToLive is already enabled");
  for (const char* enabled : {"true", "false"}) {
    EXPECT_EQ(Refusal("UpdateTimeToLive", Switch(enabled, "other")),
              "ValidationException: TimeToLive is active on a different AttributeName: current "
              "AttributeName is ttl");
  }
  EXPECT_EQ(Refusal("UpdateTimeToLive", Named("demo")),
            "ValidationException: 1 validation error detected: Value null at "
            "'timeToLiveSpecification' failed to satisfy constraint: Member must not be null");
}

}  // namespace
}  // namespace zael::endpoint
