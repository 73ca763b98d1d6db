#include "dynamo/table_schemas.h"

#include <algorithm>

namespace zael::dynamo {
namespace {

auto IsNamed(std::string_view table) {
  return [table](const std::shared_ptr<const TableSpec>& spec) { return spec->name == table; };
}

}  // namespace

std::shared_ptr<const TableSpec> TableSchemas::Find(std::string_view table) {
  const MutexLock lock(mutex_);
  const auto found = std::find_if(specs_.begin(), specs_.end(), IsNamed(table));
  if (found == specs_.end()) return nullptr;
  specs_.splice(specs_.begin(), specs_, found);
  return specs_.front();
}

void TableSchemas::Put(const TableSpec& spec) {
  const MutexLock lock(mutex_);
  specs_.remove_if(IsNamed(spec.name));
  specs_.push_front(std::make_shared<const TableSpec>(spec));
  if (specs_.size() > kCapacity) specs_.pop_back();
}

void TableSchemas::Forget(std::string_view table) {
  const MutexLock lock(mutex_);
  specs_.remove_if(IsNamed(table));
}

}  // namespace zael::dynamo
