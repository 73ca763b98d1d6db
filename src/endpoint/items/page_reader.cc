#include "endpoint/items/page_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/crc32.h"
#include "endpoint/api_try.h"
#include "store/evaluate.h"
#include "store/key_codec.h"
#include "store/validate.h"

namespace zael::endpoint {
namespace {

constexpr std::size_t kRowsAtOnce = 1000;

bool IsIn(const Segment& segment, const KeySchema& keys, const Item& item) {
  std::string hash;
  store::AppendKeyValue(*item.Find(keys.hash.name), &hash);
  return Crc32(hash) % segment.total == segment.number;
}

class Page {
 public:
  explicit Page(const PageRequest& request) : request_(request) {}

  // Whether the page ends with this row.
  ApiResult<bool> Add(Item item) {
    const KeySchema& keys = request_.table->keys();
    if (request_.segment.has_value() && !IsIn(*request_.segment, keys, item)) {
      if (++passed_over_ < request_.max_passed_over) return false;
      End(item);
      return true;
    }
    const bool partial = request_.index != nullptr && !request_.table->ShowsAll(*request_.index);
    if (partial && !request_.whole_items) item = request_.table->Shown(*request_.index, item);
    ++answer_.scanned;
    answer_.bytes += store::ItemBytes(item);
    const bool ends = answer_.scanned == request_.limit || answer_.bytes >= store::kMaxPageBytes;
    if (ends) End(item);
    bool kept = true;
    if (request_.filter.has_value()) {
      ZAEL_API_ASSIGN(kept, store::Holds(*request_.filter, &item));
    }
    if (kept) answer_.items.push_back(std::move(item));
    return ends;
  }

  std::size_t RowsWanted() const {
    if (!request_.limit.has_value() || request_.segment.has_value()) return kRowsAtOnce;
    return std::min(*request_.limit - answer_.scanned, kRowsAtOnce);
  }

  PageAnswer Take() { return std::move(answer_); }

 private:
  void End(const Item& last) {
    answer_.last = store::KeyOf(request_.table->keys(), last,
                                request_.index == nullptr ? nullptr : &request_.index->keys);
  }

  const PageRequest& request_;
  PageAnswer answer_;
  std::size_t passed_over_ = 0;
};

}  // namespace

ApiResult<PageAnswer> ReadPage(ItemStore& items, PageRequest request) {
  Page page(request);
  for (;;) {
    request.query.max_items = page.RowsWanted();
    ZAEL_API_ASSIGN(QueryPage rows, items.Query(request.query));
    for (Item& item : rows.items) {
      ZAEL_API_ASSIGN(const bool ends, page.Add(std::move(item)));
      if (ends) return page.Take();
    }
    if (!rows.next.has_value()) return page.Take();
    request.query.start_after = std::move(rows.next);
  }
}

}  // namespace zael::endpoint
