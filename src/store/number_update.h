// NumberUpdate beside the general UpdateRequest: each made of the other. Pure.
#pragma once

#include <zael/number_update.h>
#include <zael/store.h>

#include <optional>

namespace zael::store {

// Makes `request` mean what `update` means: everything in it but `return_item`, which is left.
// Conditions and actions of an earlier one serve as memory where they are of the same kind and
// name, and an update is some thirty pieces of it.
void WriteAsUpdate(const NumberUpdate& update, UpdateRequest* request);

UpdateRequest AsUpdate(const NumberUpdate& update);

// Absent: the request says what no NumberUpdate can. What comes back refers to the request.
std::optional<NumberUpdate> AsNumberUpdate(const UpdateRequest& request);

// The answer to `update`, of the answer to its UpdateRequest with kUpdatedNew.
NumberOutcome OutcomeOf(const NumberUpdate& update, WriteOutcome&& outcome);

}  // namespace zael::store
