// dynamo_bench [URL]: what a request of the DynamoDB client costs.
//
// Processor time, the kernel's share included, per conditional UpdateItem against a server with a
// canned answer, beside unsigned requests through Boost.Beast. With the URL of DynamoDB or DynamoDB
// Local also how long an acquire takes beside a raw conditional UpdateItem of the same client.
// Rounds of all kinds are interleaved; the median is printed.
#include <sys/resource.h>
#include <unistd.h>
#include <zael/limiter.h>
#include <zael/repository.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

#include "base/crc32.h"
#include "base/random.h"
#include "beast_floor.h"
#include "canned_server.h"
#include "repository/version.h"
#include "tests/integration/dynamodb/test_client.h"

namespace {

using namespace zael;  // NOLINT: one file

constexpr std::size_t kRounds = 9;
constexpr std::size_t kRequests = 6'000;  // of a round
constexpr std::size_t kMany = 64;
constexpr int kAcquires = 1'500;
const std::string kName = "dynamo-bench";

template <typename T>
T OrDie(Result<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().message().c_str());
  std::_Exit(2);
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double ProcessorMicroseconds() {
  rusage usage{};
  (void)::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

std::string CannedAnswer() {
  const std::string body =
      R"({"Attributes":{"tokens_milli":{"N":"99000"},"last_refill_ms":{"N":"1795755600000"}}})";
  return "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Fri, 27 Nov 2026 05:00:00 GMT\r\n"
         "Content-Type: application/x-amz-json-1.0\r\n"
         "x-amzn-RequestId: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF\r\n"
         "x-amz-crc32: " +
         std::to_string(Crc32(body)) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// As a bucket's: one condition, two sums, the changed attributes back.
UpdateRequest RawUpdate(const std::string& table) {
  return {.table = table,
          .key = {{"PK", "ENTITY#raw"}, {"SK", "#BUCKET#api#rpm"}},
          .condition = AtLeast("tokens_milli", std::int64_t{1000}),
          .actions = {AddTo("tokens_milli", std::int64_t{-1000}),
                      AddTo("total_consumed_milli", std::int64_t{1000})},
          .return_item = ReturnItem::kUpdatedNew};
}

// Each answer sends the next request.
class Flight {
 public:
  Flight(AsyncItemStore& items, const UpdateRequest& request, std::size_t requests)
      : items_(items), request_(request), unsent_(static_cast<std::ptrdiff_t>(requests)) {}

  void Run(std::size_t in_flight) {
    under_way_ = in_flight;
    for (std::size_t i = 0; i < in_flight; ++i) Next();
    done_.acquire();
  }

 private:
  void Next() {
    if (unsent_.fetch_sub(1) <= 0) {
      if (under_way_.fetch_sub(1) == 1) done_.release();
      return;
    }
    items_.Submit(request_, [this](StoreAnswer answer) {
      (void)OrDie(std::get<Result<WriteOutcome>>(std::move(answer)));
      Next();
    });
  }

  AsyncItemStore& items_;
  const UpdateRequest& request_;
  std::atomic<std::ptrdiff_t> unsent_;
  std::atomic<std::size_t> under_way_ = 0;
  std::binary_semaphore done_{0};
};

std::shared_ptr<dynamo::DynamoClient> Connect(const std::string& url) {
  const auto seed = static_cast<std::uint64_t>(::getpid());
  return OrDie(
      dynamo::OpenTestClient(url, MakeSystemClock(), std::make_shared<SeededRandom>(seed)));
}

void MeasureProcessorTime(const bench::CannedServer& server) {
  const auto client = Connect("http://127.0.0.1:" + std::to_string(server.port()));
  const Stores stores = client->stores();
  const UpdateRequest request = RawUpdate("ZAEL-bench");
  const std::string body(420, ' ');  // about as long as the client's
  const auto flight = [&](std::size_t in_flight) {
    Flight(*stores.async_items, request, kRequests).Run(in_flight);
  };
  const auto beast = [&](std::size_t in_flight) {
    bench::SendThroughBeast(server.port(), body, in_flight, kRequests);
  };
  struct Workload {
    const char* name;
    std::function<void()> run;
    std::vector<double> microseconds;
  };
  std::vector<Workload> workloads = {{"update_1", [&] { flight(1); }, {}},
                                     {"update_1_blocking",
                                      [&] {
                                        for (std::size_t i = 0; i < kRequests; ++i)
                                          (void)OrDie(stores.items->Update(request));
                                      },
                                      {}},
                                     {"beast_unsigned_1", [&] { beast(1); }, {}},
                                     {"update_64", [&] { flight(kMany); }, {}},
                                     {"beast_unsigned_64", [&] { beast(kMany); }, {}}};
  for (std::size_t round = 0; round <= kRounds; ++round) {
    for (Workload& workload : workloads) {
      const double before = ProcessorMicroseconds();
      workload.run();
      const double taken = (ProcessorMicroseconds() - before) / static_cast<double>(kRequests);
      if (round > 0) workload.microseconds.push_back(taken);  // the first connects
    }
  }
  for (const Workload& workload : workloads) {
    std::printf("%-20s %6.1f us CPU per request, least %.1f\n", workload.name,
                Median(workload.microseconds),
                *std::min_element(workload.microseconds.begin(), workload.microseconds.end()));
  }
}

double Elapsed(const std::function<void()>& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
      .count();
}

// The raw update meets an item of the same size, in the same indexes; it is never refilled.
void CopyBucket(ItemStore& items, const std::string& table, const Key& to) {
  const Key from{{"PK", "ENTITY#key"}, {"SK", "#BUCKET#api#rpm"}};
  auto item = OrDie(items.Get({.table = table, .key = from}));
  if (!item) std::_Exit(3);
  for (const char* name : {"PK", "SK"}) item->Set(name, *to.Find(name));
  item->Set("tokens_milli", Value(std::int64_t{1'000'000'000}));
  (void)OrDie(items.Put({.table = table, .item = *std::move(item)}));
}

void MeasureAcquire(const std::string& url) {
  const auto client = Connect(url);
  const Stores stores = client->stores();
  const auto clock = MakeSystemClock();
  const auto made = OrDie(
      repository::InitializeTable(stores, {.name = kName, .deletion_protection = false}, *clock));
  const auto repository = OrDie(Repository::Over(stores, {.name = kName, .clock = clock}));
  RateLimiter limiter(repository);
  const AcquireRequest take{.entity_id = "key",
                            .resource = "api",
                            .consume = {{"rpm", 1}},
                            .override_limits = {Limit::PerMinute("rpm", 1'000'000)}};
  if (!OrDie(limiter.Acquire(take)).granted()) std::_Exit(3);
  const UpdateRequest raw = RawUpdate(made.table_name);
  CopyBucket(*stores.items, made.table_name, raw.key);

  std::vector<double> acquires;
  std::vector<double> updates;
  for (int i = 0; i < 2 * kAcquires; ++i) {
    const double acquire = Elapsed([&] {
      if (!OrDie(limiter.Acquire(take)).granted()) std::_Exit(3);
    });
    const double update = Elapsed([&] {
      if (!OrDie(stores.items->Update(raw)).applied) std::_Exit(3);
    });
    if (i < kAcquires) continue;  // the server warms up
    acquires.push_back(acquire);
    updates.push_back(update);
  }
  const double acquire = Median(acquires);
  const double update = Median(updates);
  std::printf("%-20s %6.0f us median\n%-20s %6.0f us median\nacquire / raw_update: %.2f\n",
              "acquire", acquire, "raw_update", update, acquire / update);
  const Status deleted = stores.tables->DeleteTable(made.table_name);
  if (!deleted.ok()) std::fprintf(stderr, "%s\n", deleted.error().message().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  {
    const bench::CannedServer server(CannedAnswer());
    MeasureProcessorTime(server);
  }
  if (argc > 1) MeasureAcquire(argv[1]);
  return 0;
}
