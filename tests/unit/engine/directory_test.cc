#include "engine/directory.h"

#include "os/environment.h"
#include "os/files.h"
#include "tests/unit/engine/engine_fixture.h"

namespace zael::engine {
namespace {

using DirectoryTest = EngineTest;

TEST_F(DirectoryTest, TellsWhoHoldsItAndWhereItIsServed) {
  EXPECT_EQ(FindHolder(options_.directory).error().code(), ErrorCode::kNotFound);
  MustOpen();
  auto holder = FindHolder(options_.directory);
  ASSERT_TRUE(holder.ok() && holder->has_value());
  EXPECT_EQ((*holder)->pid, os::ProcessId());
  EXPECT_EQ((*holder)->address, "");
  ASSERT_TRUE(engine_->Announce("http://127.0.0.1:8000").ok());
  holder = FindHolder(options_.directory);
  ASSERT_TRUE(holder.ok() && holder->has_value());
  EXPECT_EQ((*holder)->address, "http://127.0.0.1:8000");
  Close();
  EXPECT_FALSE(FindHolder(options_.directory)->has_value());
}

TEST_F(DirectoryTest, AStoreThatIsServedIsRefusedWithItsAddress) {
  MustOpen();
  ASSERT_TRUE(engine_->Announce("http://127.0.0.1:8000").ok());
  EngineOptions second = options_;
  second.lock_timeout = std::chrono::milliseconds(0);
  const auto refused = Engine::Open(second);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message().find("serving http://127.0.0.1:8000"), std::string::npos)
      << refused.error().message();
}

TEST_F(DirectoryTest, TheLogOfAnEndpointMayComeFirst) {
  ASSERT_TRUE(os::MakeDirectories(options_.directory).ok());
  ASSERT_TRUE(os::WriteSmallFile(EndpointLogPath(options_.directory), "begun\n").ok());
  MustOpen();
}

}  // namespace
}  // namespace zael::engine
