// ItemAnswers: DynamoDB's answers to the requests of the item store, and the refusals that are
// answers too: a lost condition, a cancelled transaction.
//
// An answer that cannot be read is an Error of kUnavailable here: for a write nobody knows then
// whether it was made, so the caller treats it as an answer that got lost. Pure functions.
// Facts: dynamodb-api.md 1.3 to 1.6.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/service_error.h"

namespace zael::dynamo {

Result<std::optional<Item>> ReadGetAnswer(std::string body);

// What one BatchGetItem brought, and the keys it left for the next.
struct BatchGetPart {
  std::vector<Item> items;
  std::vector<Key> unprocessed;
};
Result<BatchGetPart> ReadBatchGetAnswer(std::string body, std::string_view table);

// `Attributes` of a PutItem, UpdateItem or DeleteItem.
Result<std::optional<Item>> ReadWriteAnswer(std::string body);

Result<QueryPage> ReadQueryAnswer(std::string body);

inline bool IsLostCondition(const ServiceError& error) {
  return error.code == "ConditionalCheckFailedException";
}
inline bool IsCancellation(const ServiceError& error) {
  return error.code == "TransactionCanceledException";
}

// The item that failed the condition. Requires: IsLostCondition.
Result<std::optional<Item>> ReadLostCondition(const ServiceError& error);

// Requires: IsCancellation. `count`: members of the transaction. Members that were throttled while
// others failed count as conflicts: they were refused and not judged.
// Errors: kInvalidArgument (a member that is wrong for its item), kResourceExhausted (all that
// stood in the way were throttles).
Result<TransactOutcome> ReadCancellation(const ServiceError& error, std::size_t count);

}  // namespace zael::dynamo
