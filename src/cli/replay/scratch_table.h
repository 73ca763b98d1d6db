// ScratchTable: where a replay charges its calls: a table of its own in a temporary directory.
//
// It starts with the entities and limits of the table it was copied from and without any bucket, so
// that a replay answers "what would these limits do" and never touches a live balance.
#pragma once

#include <zael/clock.h>
#include <zael/repository.h>
#include <zael/result.h>

#include <memory>
#include <optional>
#include <string>

#include "os/temporary_directory.h"

namespace zael::cli::replay {

// Thread-compatible; move-only. The repository must not outlive it.
class ScratchTable {
 public:
  // Errors as Repository::Open and TemporaryDirectory::Make.
  static Result<ScratchTable> Make(const std::string& name, std::shared_ptr<Clock> clock);

  // Everything of `source` but buckets, usage, audit and version. Errors: the store's.
  Status CopyConfigurationFrom(Repository& source);

  const std::shared_ptr<Repository>& repository() const { return repository_; }

 private:
  ScratchTable(os::TemporaryDirectory directory, std::shared_ptr<Repository> repository)
      : directory_(std::move(directory)), repository_(std::move(repository)) {}

  os::TemporaryDirectory directory_;  // removed after the repository is closed
  std::shared_ptr<Repository> repository_;
};

}  // namespace zael::cli::replay
