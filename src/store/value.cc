// Items: short ones are scanned, comparing lengths first; long ones are searched by halves.

#include <zael/value.h>

#include <algorithm>

#include "base/check.h"
#include "base/same_name.h"

namespace zael {
namespace {

constexpr std::size_t kScannedAttributes = 24;

const Attribute* FindAttribute(const std::vector<Attribute>& attributes, std::string_view name) {
  if (attributes.size() <= kScannedAttributes) {
    for (const Attribute& attribute : attributes) {
      if (SameName(attribute.name, name)) return &attribute;
    }
    return nullptr;
  }
  const auto at =
      std::lower_bound(attributes.begin(), attributes.end(), name,
                       [](const Attribute& a, std::string_view n) { return a.name < n; });
  return at != attributes.end() && at->name == name ? &*at : nullptr;
}

}  // namespace

Item::Item() = default;
Item::Item(const Item&) = default;
Item::Item(Item&&) noexcept = default;
Item& Item::operator=(const Item&) = default;
Item& Item::operator=(Item&&) noexcept = default;
Item::~Item() = default;

Item::Item(std::initializer_list<Attribute> attributes) {
  attributes_.reserve(attributes.size());
  for (const Attribute& attribute : attributes) Set(attribute.name, attribute.value);
}

const Value* Item::Find(std::string_view name) const {
  const Attribute* const found = FindAttribute(attributes_, name);
  return found == nullptr ? nullptr : &found->value;
}

Value* Item::Find(std::string_view name) {
  return const_cast<Value*>(static_cast<const Item*>(this)->Find(name));
}

void Item::Set(std::string_view name, Value value) {
  if (Value* const present = Find(name)) {
    *present = std::move(value);
    return;
  }
  const auto at =
      std::lower_bound(attributes_.begin(), attributes_.end(), name,
                       [](const Attribute& a, std::string_view n) { return a.name < n; });
  attributes_.insert(at, Attribute{std::string(name), std::move(value)});
}

bool Item::Erase(std::string_view name) {
  const Attribute* const found = FindAttribute(attributes_, name);
  if (found == nullptr) return false;
  attributes_.erase(attributes_.begin() + (found - attributes_.data()));
  return true;
}

void Item::Append(std::string name, Value value) {
  CHECK(attributes_.empty() || attributes_.back().name < name);
  Attribute& added = attributes_.emplace_back();
  added.name = std::move(name);
  added.value = std::move(value);
}

Value& Item::AppendNull(std::string_view name) {
  Attribute& added = attributes_.emplace_back();
  added.name.assign(name);
  return added.value;
}

std::size_t Item::size() const { return attributes_.size(); }
void Item::Reserve(std::size_t attributes) { attributes_.reserve(attributes); }
const Attribute* Item::begin() const { return attributes_.data(); }
const Attribute* Item::end() const { return attributes_.data() + attributes_.size(); }

bool operator==(const Item& left, const Item& right) {
  return left.attributes_ == right.attributes_;
}

}  // namespace zael
