// The embedded engine under the conformance suite, once for each durability.
#include "engine/engine.h"

#include <filesystem>
#include <memory>
#include <string>

#include "base/check.h"
#include "tests/conformance/store_conformance.h"

namespace zael::conformance {
namespace {

template <Durability durability>
class EngineUnderTest final : public StoreUnderTest {
 public:
  EngineUnderTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zael-engine-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    auto engine = engine::Engine::Open({.directory = directory_,
                                        .durability = durability,
                                        .clock = clock_,
                                        .sweep_interval = std::chrono::milliseconds(0)});
    CHECK(engine.ok());
    engine_ = *std::move(engine);
  }
  ~EngineUnderTest() override {
    engine_.reset();
    std::filesystem::remove_all(directory_);
  }

  Stores stores() override { return engine_->stores(); }
  testing::SimulatedClock& clock() override { return *clock_; }
  void Expire() override { (void)Must(engine_->ExpireNow()); }

 private:
  const std::shared_ptr<testing::SimulatedClock> clock_ =
      std::make_shared<testing::SimulatedClock>();
  std::string directory_;
  std::shared_ptr<engine::Engine> engine_;
};

template <Durability durability>
std::unique_ptr<StoreUnderTest> MakeEngine() {
  return std::make_unique<EngineUnderTest<durability>>();
}

}  // namespace
}  // namespace zael::conformance

ZAEL_CONFORMS(EngineProcess, &MakeEngine<Durability::kProcess>);
ZAEL_CONFORMS(EnginePower, &MakeEngine<Durability::kPower>);
