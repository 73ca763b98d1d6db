#include <zael/store.h>

#include "base/try.h"

namespace zael {
namespace {

constexpr std::size_t kChangesAtOnce = 1000;

}  // namespace

Result<ChangePosition> ChangeFeed::EndOfChanges(std::string_view table) {
  ChangePosition last = 0;
  for (;;) {
    ZAEL_ASSIGN(const ChangePage page, ReadChanges(table, last, kChangesAtOnce));
    if (page.next == last) return last;
    last = page.next;
  }
}

}  // namespace zael
