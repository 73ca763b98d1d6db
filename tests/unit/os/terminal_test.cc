#include "os/terminal.h"

#include <gtest/gtest.h>

namespace zael::os {
namespace {

TEST(Terminal, HasAWidthEvenWhenThereIsNone) { EXPECT_GT(TerminalColumns(), 0); }

}  // namespace
}  // namespace zael::os
