// TableSchemas: the keys of the tables a client has met, since a query must name them.
//
// A table's keys never change; a table of the same name may come with others, so what the server
// says against an entry removes it. Bounded: the one asked for longest ago makes room.
#pragma once

#include <zael/store.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"

namespace zael::dynamo {

// Thread-safe.
class TableSchemas {
 public:
  static constexpr std::size_t kCapacity = 64;

  std::shared_ptr<const TableSpec> Find(std::string_view table);  // nullptr when not known
  void Put(const TableSpec& spec);
  void Forget(std::string_view table);

 private:
  Mutex mutex_;
  std::list<std::shared_ptr<const TableSpec>> specs_ ZAEL_GUARDED_BY(mutex_);  // newest use first
};

}  // namespace zael::dynamo
