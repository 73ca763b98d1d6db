#include "os/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace zael::os {
namespace {

// In a child: signals change the whole process.
TEST(Interrupt, TheFirstIsNotedAndTheSecondEndsTheProgram) {
  const auto play = [] {
    CatchInterrupts();
    if (Interrupted()) std::_Exit(1);
    (void)std::raise(SIGINT);
    if (!Interrupted()) std::_Exit(2);
    (void)std::raise(SIGINT);
    std::_Exit(3);
  };
  EXPECT_EXIT(play(), ::testing::KilledBySignal(SIGINT), "");
}

TEST(Interrupt, ATerminationIsOneToo) {
  const auto play = [] {
    CatchInterrupts();
    (void)std::raise(SIGTERM);
    std::_Exit(Interrupted() ? 0 : 1);
  };
  EXPECT_EXIT(play(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace zael::os
