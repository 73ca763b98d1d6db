// What the workloads stand on: RocksDB's own read-modify-write of a bucket's bytes, and the
// arithmetic alone.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>

#include "base/time.h"
#include "bench/workload.h"
#include "engine/change_record.h"
#include "engine/rocks.h"
#include "limit/write_plan.h"
#include "records/keys.h"
#include "records/table.h"
#include "store/item_codec.h"
#include "store/key_codec.h"

namespace zael::bench {
namespace {

struct Row {
  std::string key;
  std::string value;
};

// The key and the bytes that the engine keeps for the bucket of take_exact.
Row BucketRow() {
  Workload workload({Limit::PerSecond("rpm", 1'000'000'000)});
  const auto taken = workload.limiter().Acquire(
      {.entity_id = "hot", .resource = "gpt-4", .consume = {{"rpm", 1}}});
  if (!taken.ok()) Stop(taken.error());
  const Repository& repository = workload.repository();
  const auto item = repository.stores().items->Get(
      {.table = repository.table_name(), .key = records::BucketKey({"hot", "gpt-4", "rpm"})});
  if (!item.ok()) Stop(item.error());
  Row row;
  row.key.assign(4, '\1');  // the table's number
  store::AppendKey(records::LimiterTable(repository.table_name()).keys, **item, &row.key);
  store::EncodeItem(**item, &row.value);
  return row;
}

// Timed as take_exact is, so that their medians compare as well.
void BareRocksdbReadModifyWrite(benchmark::State& state) {
  const Row row = BucketRow();
  const ScratchDir dir;
  auto rocks = engine::Rocks::Open({.path = dir.path() + "/db", .create = true});
  if (!rocks.ok()) Stop(rocks.error());
  std::string value = row.value;
  rocksdb::WriteBatch batch;
  Latencies latencies;
  for (auto _ : state) {
    latencies.Begin();
    batch.Clear();
    batch.Put((*rocks)->handle(engine::Family::kItems), row.key, value);
    if (!(*rocks)->Write(&batch).ok()) return state.SkipWithError("not written");
    rocksdb::PinnableSlice stored;
    const auto found = (*rocks)->Get(engine::Family::kItems, row.key, &stored);
    if (!found.ok() || !*found) return state.SkipWithError("not read");
    // Reads every byte, as decoding does, and changes eight, as taking a token does.
    const auto* bytes = reinterpret_cast<const unsigned char*>(stored.data());
    const std::uint64_t sum = std::accumulate(bytes, bytes + stored.size(), std::uint64_t{0});
    value.assign(stored.data(), stored.size());
    std::memcpy(value.data() + value.size() / 2, &sum, sizeof sum);
    latencies.End();
  }
  state.SetItemsProcessed(state.iterations());
  latencies.Report(state);
}

// The same with everything the engine's write must leave: the item decoded and encoded, and the
// change, with what differs of its old image, in the same batch. What is above this is the
// limiter's and the engine's own.
void BareRocksdbWithChange(benchmark::State& state) {
  const Row row = BucketRow();
  const ScratchDir dir;
  auto rocks = engine::Rocks::Open({.path = dir.path() + "/db", .create = true});
  if (!rocks.ok()) Stop(rocks.error());
  std::string value = row.value;
  std::string change;
  std::int64_t tokens = 0;
  rocksdb::WriteBatch batch;
  for (auto _ : state) {
    batch.Clear();
    batch.PutLogData(change);
    batch.Put((*rocks)->handle(engine::Family::kItems), row.key, value);
    if (!(*rocks)->Write(&batch).ok()) return state.SkipWithError("not written");
    rocksdb::PinnableSlice stored;
    const auto found = (*rocks)->Get(engine::Family::kItems, row.key, &stored);
    if (!found.ok() || !*found) return state.SkipWithError("not read");
    auto item = store::DecodeItem(engine::ToView(stored));
    if (!item.ok()) return state.SkipWithError("not decoded");
    item->Set("tokens_milli", ++tokens);
    value.clear();
    store::EncodeItem(*item, &value);
    engine::ChangeRecordBuilder(WallTime(Milliseconds(tokens)), 1, &change)
        .Add({.before = engine::ToView(stored), .after = value});
  }
  state.SetItemsProcessed(state.iterations());
}

// The engine's share of take_exact: one conditional update of the bucket as the limiter asks for
// it, through the store contract.
void UpdateHotItem(benchmark::State& state) {
  Workload workload({Limit::PerSecond("rpm", 1'000'000'000)});
  const auto taken = workload.limiter().Acquire(
      {.entity_id = "hot", .resource = "gpt-4", .consume = {{"rpm", 1}}});
  if (!taken.ok()) Stop(taken.error());
  ItemStore& items = *workload.repository().stores().items;
  const std::string table = workload.repository().table_name();
  const Key key = records::BucketKey({"hot", "gpt-4", "rpm"});
  std::int64_t tokens = 1'000'000'000'000;
  for (auto _ : state) {
    const std::int64_t write_id = --tokens * 7'919;
    NumberUpdate update{.table = &table, .key = &key};
    update.Require("tokens_milli", CompareOp::kGreaterOrEqual, 0);
    update.Require("write_id", CompareOp::kNotEqual, write_id);
    update.RequireAbsent("write_epoch");
    for (const char* name :
         {"capacity_milli", "burst_milli", "refill_amount_milli", "refill_period_ms"})
      update.Require(name, CompareOp::kGreater, 0);
    update.Require("last_refill_ms", CompareOp::kGreaterOrEqual, 0);
    update.Set("write_id", write_id);
    update.Remove("ttl");
    update.Add("total_consumed_milli", 1'000);
    update.Set("tokens_milli", tokens);
    update.Add("last_refill_ms", 1);
    const auto outcome = items.UpdateNumbers(update);
    if (!outcome.ok() || !outcome->applied) return state.SkipWithError("not written");
  }
  state.SetItemsProcessed(state.iterations());
}

void BareArithmetic(benchmark::State& state) {
  const BucketParams params = ParamsOf(Limit::PerSecond("rpm", 1'000'000));
  BucketState bucket{params, {params.burst_milli, 0}};
  std::int64_t now_ms = 0;
  for (auto _ : state) {
    const auto plan =
        PlanWrite(bucket, {.wanted = params, .need_milli = 1'000, .now_ms = ++now_ms});
    benchmark::DoNotOptimize(plan);
    if (const auto* fill = std::get_if<FillPlan>(&plan)) bucket.balance = fill->result;
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(BareRocksdbReadModifyWrite)->Name("bare_rocksdb_read_modify_write");
BENCHMARK(BareRocksdbWithChange)->Name("bare_rocksdb_with_change");
BENCHMARK(UpdateHotItem)->Name("update_hot_item");
BENCHMARK(BareArithmetic)->Name("bare_arithmetic");

}  // namespace
}  // namespace zael::bench
