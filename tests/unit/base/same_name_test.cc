#include "base/same_name.h"

#include <gtest/gtest.h>

#include <string>

namespace zael {
namespace {

TEST(SameName, IsEqualityForEveryLengthAndEveryByteThatDiffers) {
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string name(size, 'n');
    EXPECT_TRUE(SameName(name, std::string(name))) << size;
    EXPECT_FALSE(SameName(name, name + "n")) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = name;
      other[at] = '\x80';
      EXPECT_FALSE(SameName(name, other)) << size << " bytes, byte " << at;
      EXPECT_FALSE(SameName(other, name)) << size << " bytes, byte " << at;
    }
  }
}

}  // namespace
}  // namespace zael
