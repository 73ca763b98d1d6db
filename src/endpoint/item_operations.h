// ItemOperations: the data plane, from GetItem to TransactWriteItems, over the stores.
#pragma once

#include <zael/store.h>

#include <memory>

#include "endpoint/operation.h"

namespace zael::endpoint {

// The operations share `stores`, `clock` and what is remembered of transaction tokens; they keep
// all of it alive.
Operations ItemOperations(Stores stores, std::shared_ptr<Clock> clock);

}  // namespace zael::endpoint
