// StreamOperations: DynamoDB Streams over the store's change feed: ListStreams, DescribeStream,
// GetShardIterator, GetRecords.
//
// A stream has one shard, which closes when the stream is disabled. Streams of a deleted table are
// gone with it. Facts: dynamodb-api.md 1.9.
#pragma once

#include <memory>

#include "endpoint/dispatcher.h"
#include "endpoint/tables/table_plane.h"

namespace zael::endpoint {

CallerOperations StreamOperations(std::shared_ptr<TablePlane> plane);

}  // namespace zael::endpoint
