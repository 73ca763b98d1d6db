#include "endpoint/item_operations.h"

namespace zael::endpoint {

// TODO(until the first operation is in): the table is empty.
Operations ItemOperations(Stores, std::shared_ptr<Clock>) { return {}; }

}  // namespace zael::endpoint
