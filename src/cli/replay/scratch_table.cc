#include "cli/replay/scratch_table.h"

#include <utility>

#include "base/try.h"
#include "records/attributes.h"
#include "records/keys.h"

namespace zael::cli::replay {
namespace {

bool IsConfiguration(const Item& item) {
  const Value* sk = item.Find(records::kSk);
  const std::string* text = sk ? sk->As<std::string>() : nullptr;
  return text != nullptr && !text->starts_with(records::kBucketSkPrefix) &&
         !text->starts_with(records::kUsageSkPrefix) &&
         !text->starts_with(records::kAuditSkPrefix) && *text != records::kVersionSk;
}

}  // namespace

Result<ScratchTable> ScratchTable::Make(const std::string& name, std::shared_ptr<Clock> clock) {
  ZAEL_ASSIGN(os::TemporaryDirectory directory, os::TemporaryDirectory::Make("zae-replay-"));
  OpenOptions open;
  open.name = name;
  open.data_dir = directory.path() + "/data";
  open.clock = std::move(clock);
  ZAEL_ASSIGN(std::shared_ptr<Repository> repository, Repository::Open(open));
  // The store expires by the system's time, the buckets live in the trace's: a bucket that went
  // away would come back full.
  TableUpdate no_expiry;
  no_expiry.ttl_attribute.emplace();
  ZAEL_TRY(repository->stores().tables->UpdateTable(repository->table_name(), no_expiry));
  return ScratchTable(std::move(directory), std::move(repository));
}

Status ScratchTable::CopyConfigurationFrom(Repository& source) {
  QueryRequest scan{.table = source.table_name()};
  do {
    ZAEL_ASSIGN(QueryPage page, source.stores().items->Query(scan));
    for (Item& item : page.items) {
      if (!IsConfiguration(item)) continue;
      PutRequest put{.table = repository_->table_name(), .item = std::move(item)};
      ZAEL_TRY(repository_->stores().items->Put(put));
    }
    scan.start_after = std::move(page.next);
  } while (scan.start_after);
  return {};
}

}  // namespace zael::cli::replay
