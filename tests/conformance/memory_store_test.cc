// The memory store under the conformance suite.
#include "testing/memory_store.h"

#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  Stores stores() override { return store_.stores(); }
  testing::SimulatedClock& clock() override { return *clock_; }
  void Expire() override { store_.Expire(); }

 private:
  const std::shared_ptr<testing::SimulatedClock> clock_ =
      std::make_shared<testing::SimulatedClock>();
  testing::MemoryStore store_{clock_};
};

std::unique_ptr<StoreUnderTest> MakeMemory() { return std::make_unique<MemoryUnderTest>(); }

}  // namespace
}  // namespace zael::conformance

ZAEL_CONFORMS(Memory, &MakeMemory);
