// StoreChoice: which store is meant, by what was given and what the environment says.
//
// What is given in code or on the command line goes before variables. An endpoint or a region means
// DynamoDB, a directory means the embedded engine, and so does nothing at all. Pure. Design:
// storage.md (Choosing).
#pragma once

#include <zael/result.h>

#include <functional>
#include <optional>
#include <string>

namespace zael::open {

enum class StoreKind { kEmbedded, kDynamo };

// Empty or absent: not given.
struct StoreWish {
  std::string store;  // `embedded` or `aws`
  std::string region;
  std::string endpoint_url;
  std::string data_dir;
};

struct StoreChoice {
  StoreKind kind = StoreKind::kEmbedded;
  // What decided: `--endpoint-url`, `ZAEL_STORE aws`, `AWS_ENDPOINT_URL`; empty: nothing was given.
  std::string because;
  // Of DynamoDB: where, when it is an address of one's own; from the option or its variable.
  std::string endpoint_url;
};

using Variables = std::function<std::optional<std::string>(const char* name)>;

// Errors: kInvalidArgument (no such store; an embedded store with a region or endpoint).
Result<StoreChoice> ChooseStore(const StoreWish& wish, const Variables& variables);

}  // namespace zael::open
