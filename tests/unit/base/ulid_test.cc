#include "base/ulid.h"

#include <gtest/gtest.h>

#include <set>

#include "base/time.h"

namespace zael {
namespace {

class ZeroRandom final : public RandomSource {
 public:
  std::uint64_t Next() override { return 0; }
};

TEST(Ulid, EncodesTheTimeInItsFirstTenCharacters) {
  ZeroRandom random;
  EXPECT_EQ(MakeUlid(FromEpochMs(0), random), "00000000000000000000000000");
  EXPECT_EQ(MakeUlid(FromEpochMs(1'469'918'176'385), random), "01ARYZ6S410000000000000000");
  EXPECT_EQ(MakeUlid(FromEpochMs(std::int64_t{1} << 60), random), "7ZZZZZZZZZ0000000000000000");
  EXPECT_EQ(MakeUlid(FromEpochMs(-5), random), "00000000000000000000000000");
}

TEST(Ulid, SortsByTimeAndDoesNotRepeat) {
  SeededRandom random(1);
  std::set<std::string> seen;
  std::string last;
  for (int i = 1; i <= 1000; ++i) {
    const std::string id = MakeUlid(FromEpochMs(i * 977), random);
    EXPECT_EQ(id.size(), kUlidBytes);
    EXPECT_LT(last, id);
    EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
    EXPECT_TRUE(seen.insert(MakeUlid(FromEpochMs(0), random)).second);
    last = id;
  }
}

}  // namespace
}  // namespace zael
