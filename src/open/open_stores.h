// OpenStores: the stores that options and environment mean, with everything real behind them.
#pragma once

#include <zael/repository.h>
#include <zael/result.h>
#include <zael/store.h>

namespace zael::open {

// Makes an embedded store when options.create_if_missing; tables are not looked at. Errors: those
// of Repository::Open.
Result<Stores> OpenStores(const OpenOptions& options);

}  // namespace zael::open
