// KnownDifferences: where DynamoDB Local is known not to answer as DynamoDB does, and ours does.
//
// Each is as narrow as its words, and has an example: a request after which the two differ in this
// way and no other. docs/dynamodb-local.md shows the list; a test holds the two together. Pure
// functions.
#pragma once

#include <string_view>
#include <vector>

#include "tests/integration/differential/random_requests.h"
#include "tests/integration/differential/service.h"

namespace zael::differential {

struct Exchange {
  const Request& request;
  const Answer& ours;
  const Answer& theirs;
};

struct KnownDifference {
  std::string_view local;   // what DynamoDB Local does
  std::string_view reason;  // what ours does, and why that is DynamoDB's way
  bool (*explains)(const Exchange&);
  // On the tables of known_differences_test.cc.
  std::string_view operation;
  std::string_view request;
};

const std::vector<KnownDifference>& KnownDifferences();

// The first that explains it; nullptr: nothing known does.
const KnownDifference* ExplanationOf(const Exchange& exchange);

// Whether an update in it has sections REMOVE and DELETE alone: such a one makes no item, but an
// item of keys alone on DynamoDB Local, also when the answers are the same.
bool HasUpdateThatOnlyRemoves(const Request& request);

}  // namespace zael::differential
