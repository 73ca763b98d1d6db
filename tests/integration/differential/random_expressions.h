// RandomExpressions: values, items and expressions as a client could write them, right and wrong,
// from one seed.
//
// Names and values come from small sets, so that conditions often hold, paths often lead somewhere
// and keys often meet. About one text in six is damaged: a word less, a sign too many, a
// placeholder nobody defined. Thread-compatible.
#pragma once

#include <zael/store.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace zael::differential {

class RandomExpressions {
 public:
  explicit RandomExpressions(RandomSource& random) : random_(random) {}

  bool Chance(unsigned percent) { return random_.Below(100) < percent; }
  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(random_.Below(bound)); }
  template <typename T>
  const T& Pick(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

  // {"N":"5"} and its like: any type, nested to `depth`; rarely what no attribute may be.
  std::string AttributeValue(int depth);
  // Of a key attribute, rarely of a wrong type or empty.
  std::string KeyValue(KeyType type);
  // {"PK":...}: the key attributes of a schema.
  std::string Key(const KeySchema& schema);
  // An item with its key and some attributes, those of indexes among them.
  std::string Item(const TableSpec& spec) { return ItemAt(Key(spec.keys), spec); }
  std::string ItemAt(std::string key, const TableSpec& spec);

  // Texts; their placeholders collect until the next Begin.
  void Begin(const TableSpec& spec);
  std::string Condition(int depth);
  std::string Update();
  std::string Projection();
  std::string KeyCondition(const KeySchema& schema);
  // `,"ExpressionAttributeNames":{...},"ExpressionAttributeValues":{...}`, what was collected and
  // rarely more or less.
  std::string Placeholders();

 private:
  std::string Name();
  std::string Path();
  std::string TopLevelName();
  std::string ValuePlaceholder(const std::string& value);
  std::string AnyValue();
  std::string Operand();
  std::string Comparator();
  std::string Term();
  std::string RightSide();
  std::string RightOperand();
  std::string Damaged(std::string text);

  RandomSource& random_;
  const TableSpec* spec_ = nullptr;
  std::map<std::string, std::string> names_;   // by name
  std::map<std::string, std::string> values_;  // by JSON
};

}  // namespace zael::differential
