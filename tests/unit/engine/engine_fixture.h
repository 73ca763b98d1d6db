// A scratch directory with an engine in it, and the few calls every test of it makes.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/engine.h"
#include "testing/simulated_clock.h"

namespace zael::engine {

inline void FlipBit(const std::string& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 0x10));
}

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zael-engine-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    scratch_ = pattern;
    options_ = {.directory = scratch_ + "/store",
                .lock_timeout = std::chrono::milliseconds(0),
                .clock = clock_,
                .sweep_interval = std::chrono::milliseconds(0)};
  }
  ~EngineTest() override {
    Close();
    std::filesystem::remove_all(scratch_);
  }

  Status Open() {
    auto engine = Engine::Open(options_);
    if (!engine.ok()) return engine.error();
    engine_ = *std::move(engine);
    stores_ = engine_->stores();
    return {};
  }
  void Close() {
    stores_ = {};
    engine_.reset();
  }
  void MustOpen() {
    const Status opened = Open();
    ASSERT_TRUE(opened.ok()) << opened.error().message();
  }
  void MakeTable(const std::string& name = "Table") {
    TableSpec spec{.name = name,
                   .keys = {{"PK", KeyType::kString}, KeyAttribute{"SK", KeyType::kString}},
                   .indexes = {{"Index", {{"GPK", KeyType::kString}, KeyAttribute{"GSK"}}}},
                   .ttl_attribute = "ttl"};
    const auto made = stores_.tables->CreateTable(spec);
    ASSERT_TRUE(made.ok()) << made.error().message();
  }

  static Key KeyOf(const std::string& pk) { return {{"PK", pk}, {"SK", "s"}}; }
  static Item ItemOf(const std::string& pk, std::int64_t n) {
    return {{"PK", pk}, {"SK", "s"}, {"GPK", "g"}, {"GSK", pk}, {"n", n}};
  }
  Result<WriteOutcome> Put(Item item) {
    return stores_.items->Put({.table = "Table", .item = std::move(item)});
  }
  // Absent also when reading failed, which fails the test.
  std::optional<std::int64_t> Number(const std::string& pk) {
    const auto item = stores_.items->Get({.table = "Table", .key = KeyOf(pk)});
    if (!item.ok()) ADD_FAILURE() << item.error().message();
    if (!item.ok() || !item->has_value()) return std::nullopt;
    return (*item)->Find("n")->As<zael::Number>()->ToInt64();
  }
  std::size_t CountInIndex() {
    QueryRequest request{.table = "Table", .index = "Index", .hash = Value("g")};
    std::size_t count = 0;
    for (bool more = true; more;) {
      const auto page = stores_.items->Query(request);
      if (!page.ok()) ADD_FAILURE() << page.error().message();
      if (!page.ok()) return count;
      count += page->items.size();
      request.start_after = page->next;
      more = page->next.has_value();
    }
    return count;
  }

  const std::shared_ptr<testing::SimulatedClock> clock_ =
      std::make_shared<testing::SimulatedClock>();
  std::string scratch_;
  EngineOptions options_;
  std::shared_ptr<Engine> engine_;
  Stores stores_;
};

}  // namespace zael::engine
