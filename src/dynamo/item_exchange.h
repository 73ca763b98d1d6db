// ItemExchange: any request of the item store as an exchange.
//
// Holds the request for as long as it may have to be sent again; a batch shrinks to what the server
// left. Facts: dynamodb-api.md 1.3 to 1.6.
#pragma once

#include <zael/result.h>
#include <zael/store.h>

#include <memory>

#include "base/random.h"
#include "dynamo/exchange.h"

namespace zael::dynamo {

// Thread-compatible.
class ItemExchange : public Exchange {
 public:
  // Requires: the exchange has ended.
  virtual StoreAnswer TakeAnswer() = 0;
};

// `keys`: of the table or index a query walks; of no use for others. `random`: the token of a
// transaction that has none. Takes from the request what it needs, unless it fails.
// Errors: kInvalidArgument (item_requests.h).
Result<std::shared_ptr<ItemExchange>> MakeItemExchange(StoreRequest& request, const KeySchema& keys,
                                                       RandomSource& random);

// The answer of this kind of request that says the error.
StoreAnswer FailedAnswer(const StoreRequest& request, Error error);

Deadline DeadlineOf(const StoreRequest& request);

}  // namespace zael::dynamo
