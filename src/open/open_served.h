// OpenServed: a limiter in a directory that another process holds, reached through the endpoint
// with which that process serves it.
//
// So that administration works while an application runs. Design: storage.md (Embedded engine).
#pragma once

#include <zael/repository.h>
#include <zael/result.h>
#include <zael/store.h>

#include <memory>
#include <optional>
#include <string>

namespace zael::open {

// Absent when nobody serves the directory: it is free, or its holder keeps it to itself. Signed
// with the AWS credentials of the environment, else with some of no meaning. Errors: those of
// engine::FindHolder but kNotFound, of dynamo::DynamoClient::Open.
Result<std::optional<Stores>> ServedStores(const std::string& directory);

// As Repository::Open, over those stores; null when nobody serves the directory.
Result<std::shared_ptr<Repository>> OpenServed(const OpenOptions& options);

}  // namespace zael::open
