// One record of the change feed: when one write happened, and what its items were before.
//
// It stands in the write's batch, as data of the log only, right before the puts and deletes of the
// items it is about; those are the new images. An old image is kept as what differs from the new
// one. Every write of items has a record, streamed or not, so that the log alone tells the state of
// all tables at any time. Format: docs/formats/engine.md.
#pragma once

#include <zael/store.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zael::engine {

// What happened to one item: its images as they are stored, an absent one empty. At least one is
// there.
struct ItemChange {
  std::string_view before;
  std::string_view after;
  bool streamed = true;  // its table has a feed
  bool by_expiry = false;
};

class ChangeRecordBuilder {
 public:
  // Starts anew in `out`, which is cleared. Add is then called `changes` times.
  ChangeRecordBuilder(WallTime at, std::size_t changes, std::string* out);
  void Add(const ItemChange& change);

 private:
  std::string* out_;
};

// Reads a record change by change. Views into the record, which must outlive it.
class ChangeRecordReader {
 public:
  // Errors: kDataLoss.
  static Result<ChangeRecordReader> Open(std::string_view record);

  WallTime at() const { return at_; }
  std::size_t left() const { return left_; }  // changes that Next and Skip have not passed

  // The next change, whose new image is `after`, empty for a removal; nothing when its table has no
  // feed. Every member but the position is set. Requires: left() > 0. Errors: kDataLoss.
  Result<std::optional<Change>> Next(std::string_view after, const KeySchema& keys);
  // Passes the next change unread. Requires: left() > 0. Errors: kDataLoss.
  Status Skip(std::string_view after);

 private:
  struct Entry;
  ChangeRecordReader(WallTime at, std::size_t left, std::string_view rest)
      : at_(at), left_(left), rest_(rest) {}
  Result<Entry> TakeEntry(std::string_view after);

  WallTime at_;
  std::size_t left_;
  std::string_view rest_;
};

}  // namespace zael::engine
