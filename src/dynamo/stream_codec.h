// StreamCodec: the calls of DynamoDB Streams and what their answers say. No I/O.
//
// A stream is shards, a shard is records in the order of their sequence numbers; between shards
// only time orders. change_client.h makes one feed of it. Pure functions. Errors of the readers:
// kUnavailable, as in item_answers.h. Facts: dynamodb-api.md 1.9.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/call.h"

namespace zael::dynamo {

inline constexpr std::size_t kMaxRecordsPerPage = 1000;

Call RenderDescribeStream(std::string_view arn, const std::optional<std::string>& after_shard);
// From the oldest record kept, or after one.
Call RenderShardIterator(std::string_view arn, std::string_view shard,
                         const std::optional<std::string>& after_sequence);
Call RenderGetRecords(std::string_view iterator);

struct Shard {
  std::string id;
  bool open = false;  // records may still come
};
struct ShardPage {
  std::vector<Shard> shards;
  std::optional<std::string> next;
};
Result<ShardPage> ReadShards(std::string body);

Result<std::string> ReadShardIterator(std::string body);

struct StreamRecord {
  std::string sequence;
  Change change;  // without its position
};
struct RecordPage {
  std::vector<StreamRecord> records;
  std::optional<std::string> next;  // absent: the shard is closed and was read to its end
};
Result<RecordPage> ReadRecords(std::string body);

}  // namespace zael::dynamo
