// ItemRequests: requests of the item store as DynamoDB's JSON.
//
// Reads are consistent wherever DynamoDB can (it cannot on an index). A write with a condition asks
// for the item that fails it, so that a lost race costs no read. What depends on the table's keys
// is the server's to check; shapes are checked here. Pure functions. Errors: kInvalidArgument (a
// shape; a text that is not UTF-8, which JSON cannot carry). Facts: dynamodb-api.md 1.3 to 1.6.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <string_view>
#include <vector>

#include "dynamo/call.h"

namespace zael::dynamo {

// The longest ClientRequestToken.
inline constexpr std::size_t kMaxTokenBytes = 36;

Result<Call> RenderGet(const GetRequest& request);

// `keys` are those of the request, or what an earlier answer left unprocessed.
Result<Call> RenderBatchGet(std::string_view table, const std::vector<Key>& keys);

Result<Call> RenderPut(const PutRequest& request);
Result<Call> RenderUpdate(const UpdateRequest& request);
Result<Call> RenderDelete(const DeleteRequest& request);

// `token` names the transaction: a repetition with the same one is harmless. 1 to kMaxTokenBytes.
Result<Call> RenderTransactWrite(const TransactWriteRequest& request, std::string_view token);

// `keys`: of the table or the index that is queried. Without a hash value it becomes a Scan.
Result<Call> RenderQuery(const QueryRequest& request, const KeySchema& keys);

}  // namespace zael::dynamo
