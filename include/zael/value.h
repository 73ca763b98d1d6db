// Values and items: the typed data a store keeps, shaped like DynamoDB's.
//
// An Item is a flat, sorted list of named values. Numbers are exact decimals of up to 38 digits.
// Plain values without identity; copying copies. Thread-compatible. Design: storage.md, records.md.
#pragma once

#include <zael/result.h>

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zael {

// An exact decimal: coefficient x 10^exponent, at most 38 significant digits, magnitude below
// 1e126.
class Number {
 public:
  constexpr Number() = default;
  constexpr Number(std::int64_t value) : coefficient_(value) {}  // NOLINT: integers are numbers

  // Errors: kInvalidArgument (not a number, more than 38 digits, out of range).
  static Result<Number> Parse(std::string_view text);

  std::string ToText() const;                   // plain decimal where short, no trailing zeros
  std::optional<std::int64_t> ToInt64() const;  // absent: has a fraction or does not fit

  // Errors: kInvalidArgument when the exact result needs more than 38 digits or is out of range.
  static Result<Number> Add(const Number& left, const Number& right);
  static Result<Number> Subtract(const Number& left, const Number& right);

  __int128 coefficient() const { return coefficient_; }
  int exponent() const { return exponent_; }
  // Errors: kInvalidArgument as Parse.
  static Result<Number> FromParts(__int128 coefficient, int exponent);

  friend std::strong_ordering operator<=>(const Number& left, const Number& right);
  friend bool operator==(const Number& left, const Number& right) { return (left <=> right) == 0; }

 private:
  __int128 coefficient_ = 0;
  int exponent_ = 0;
};

struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};
struct Binary {
  std::string bytes;
  friend auto operator<=>(const Binary&, const Binary&) = default;
};
// Sets are sorted, without duplicates and never empty when stored.
struct StringSet {
  std::vector<std::string> members;
  friend bool operator==(const StringSet&, const StringSet&) = default;
};
struct NumberSet {
  std::vector<Number> members;
  friend bool operator==(const NumberSet&, const NumberSet&) = default;
};
struct BinarySet {
  std::vector<Binary> members;
  friend bool operator==(const BinarySet&, const BinarySet&) = default;
};

class Value;
struct Attribute;

// Attributes in ascending byte order of their names; also the value type of maps.
class Item {
 public:
  Item();
  Item(std::initializer_list<Attribute> attributes);
  Item(const Item&);
  Item(Item&&) noexcept;
  Item& operator=(const Item&);
  Item& operator=(Item&&) noexcept;
  ~Item();

  const Value* Find(std::string_view name) const;  // nullptr when absent
  Value* Find(std::string_view name);
  void Set(std::string_view name, Value value);
  bool Erase(std::string_view name);  // whether it was there
  // Requires: `name` sorts after every name present (decoders).
  void Append(std::string name, Value value);
  // The same, in order or not, for who knows it is: the value, null, is to be filled in.
  Value& AppendNull(std::string_view name);

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  void Reserve(std::size_t attributes);
  const Attribute* begin() const;
  const Attribute* end() const;

  friend bool operator==(const Item& left, const Item& right);

 private:
  std::vector<Attribute> attributes_;
};

using List = std::vector<Value>;

class Value {
 public:
  using Data = std::variant<Null, bool, Number, std::string, Binary, List, Item, StringSet,
                            NumberSet, BinarySet>;

  Value() = default;
  Value(Null value) : data_(value) {}                           // NOLINT: values convert
  Value(bool value) : data_(value) {}                           // NOLINT
  Value(std::int64_t value) : data_(Number(value)) {}           // NOLINT
  Value(int value) : data_(Number(value)) {}                    // NOLINT
  Value(Number value) : data_(value) {}                         // NOLINT
  Value(std::string value) : data_(std::move(value)) {}         // NOLINT
  Value(std::string_view value) : data_(std::string(value)) {}  // NOLINT
  Value(const char* value) : data_(std::string(value)) {}       // NOLINT
  Value(Binary value) : data_(std::move(value)) {}              // NOLINT
  Value(List value) : data_(std::move(value)) {}                // NOLINT
  Value(Item value) : data_(std::move(value)) {}                // NOLINT
  Value(StringSet value) : data_(std::move(value)) {}           // NOLINT
  Value(NumberSet value) : data_(std::move(value)) {}           // NOLINT
  Value(BinarySet value) : data_(std::move(value)) {}           // NOLINT

  const Data& data() const { return data_; }
  Data& data() { return data_; }
  template <typename T>
  const T* As() const {
    return std::get_if<T>(&data_);
  }
  bool IsNull() const { return As<Null>() != nullptr; }

  friend bool operator==(const Value& left, const Value& right) {
    return left.data_ == right.data_;
  }

 private:
  Data data_;
};

struct Attribute {
  std::string name;
  Value value;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

}  // namespace zael
