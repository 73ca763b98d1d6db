// ChangeClient: DynamoDB Streams as one ordered feed.
//
// A stream orders records only inside a shard, and its sequence numbers have more digits than a
// position has bits. So a position is a second and a place in it: records are merged by (second,
// shard, sequence number), and counted from the beginning of their second, which gives every reader
// the same positions. With several open shards a second is shown only when it has settled, since
// any of them may still add to it. Where a reader stopped is remembered to spare rereading; a new
// process finds its place by reading what is kept, 24 hours.
//
// Unlike the embedded engine's feed: records of one transaction have positions of their own, since
// streams do not say which belong together. Design: storage.md.
#pragma once

#include <zael/store.h>

#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "dynamo/request_runner.h"
#include "dynamo/stream_codec.h"
#include "dynamo/table_client.h"

namespace zael::dynamo {

// Thread-safe. Needs runner and tables for its whole life.
class ChangeClient final : public ChangeFeed {
 public:
  static constexpr std::chrono::seconds kSettling{3};
  static constexpr std::size_t kMaxRemembered = 64;  // places of readers

  ChangeClient(RequestRunner& runner, TableClient& tables) : runner_(runner), tables_(tables) {}

  // Errors too: kDataLoss when more than 100,000 records wait in one second's place.
  Result<ChangePage> ReadChanges(std::string_view table, ChangePosition after,
                                 std::size_t max_changes) override;

 private:
  // How far a shard was read: up to the last record of the seconds before a place.
  using Progress = std::map<std::string, std::string, std::less<>>;  // sequence by shard
  struct Place {
    std::string arn;
    ChangePosition position;
    Progress progress;
  };
  struct Found {
    std::int64_t second;
    std::string shard;
    StreamRecord record;
  };
  struct Gathered {
    std::vector<Found> records;
    std::int64_t complete_before;  // every record of an earlier second is here
  };

  Result<std::vector<Shard>> ShardsOf(const std::string& arn);
  Result<Gathered> Gather(const std::string& arn, const Progress& progress, ChangePosition after,
                          std::size_t max_changes);
  Status ReadShard(const std::string& arn, const Shard& shard, const Progress& progress,
                   ChangePosition after, std::size_t max_changes, Gathered& gathered);
  Progress Recall(std::string_view arn, ChangePosition position);
  void Remember(Place place);

  RequestRunner& runner_;
  TableClient& tables_;
  Mutex mutex_;
  std::list<Place> places_ ZAEL_GUARDED_BY(mutex_);  // newest first
};

}  // namespace zael::dynamo
