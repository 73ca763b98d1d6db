// Call: one request to DynamoDB as it goes on the wire, before it is signed.
//
// A plain value. What the answer means stands with each operation (item_answers.h, table_codec.h,
// stream_codec.h).
#pragma once

#include <string>
#include <string_view>

#include "dynamo/retry.h"

namespace zael::dynamo {

struct Call {
  std::string_view operation;  // "UpdateItem": a literal
  std::string body;
  Nature nature = Nature::kRead;
  bool of_streams = false;  // DynamoDB Streams: another target and, in AWS, another host
};

// The value of X-Amz-Target.
inline std::string TargetOf(const Call& call) {
  std::string target = call.of_streams ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
  target += call.operation;
  return target;
}

}  // namespace zael::dynamo
