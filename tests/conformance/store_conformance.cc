#include "tests/conformance/store_conformance.h"

namespace zael::conformance {

TableSpec MainTable() {
  const auto text = [](const char* name) { return KeyAttribute{name, KeyType::kString}; };
  TableSpec spec;
  spec.name = "ZAEL-conformance";
  spec.keys = {text("PK"), text("SK")};
  spec.indexes = {{"GSI1", {text("GSI1PK"), text("GSI1SK")}},
                  {"GSI2", {text("GSI2PK"), text("GSI2SK")}}};
  spec.ttl_attribute = "ttl";
  return spec;
}

Key KeyFor(std::string_view pk, std::string_view sk) { return Key{{"PK", pk}, {"SK", sk}}; }

std::vector<std::string> Texts(const std::vector<Item>& items, std::string_view attribute) {
  std::vector<std::string> texts;
  for (const Item& item : items) {
    const Value* const value = item.Find(attribute);
    const auto* text = value == nullptr ? nullptr : value->As<std::string>();
    texts.push_back(text == nullptr ? "?" : *text);
  }
  return texts;
}

void StoreTest::SetUp() {
  store_ = GetParam()();
  const auto& test = *::testing::UnitTest::GetInstance()->current_test_info();
  const std::string suite = test.test_suite_name();  // Store/Suite
  const std::string name = test.name();              // Test/0
  const std::string lack =
      store_->Lacks(suite.substr(suite.find('/') + 1) + "." + name.substr(0, name.find('/')));
  // tidy: allow(disabled-test) what a store's server lacks is named with its reason in one table
  if (!lack.empty()) GTEST_SKIP() << lack;
  stores_ = store_->stores();
  ASSERT_NE(stores_.items, nullptr);
  Must(tables().CreateTable(MainTable()));
}

std::optional<Item> StoreTest::Get(std::string_view pk, std::string_view sk) {
  return Must(items().Get({.table = MainTable().name, .key = KeyFor(pk, sk)}));
}

void StoreTest::Put(Item item) {
  const auto outcome = Must(items().Put({.table = MainTable().name, .item = std::move(item)}));
  EXPECT_TRUE(outcome.applied);
}

Result<WriteOutcome> StoreTest::Update(std::string_view pk, std::string_view sk,
                                       UpdateActions actions, std::optional<Condition> condition) {
  return items().Update({.table = MainTable().name,
                         .key = KeyFor(pk, sk),
                         .condition = std::move(condition),
                         .actions = std::move(actions),
                         .return_item = ReturnItem::kNew});
}

QueryRequest StoreTest::QueryOf(std::string_view pk) {
  return {.table = MainTable().name, .hash = Value(pk)};
}

std::vector<Item> StoreTest::QueryAll(QueryRequest request) {
  std::vector<Item> all;
  for (int pages = 0; pages < 10000; ++pages) {
    QueryPage page = Must(items().Query(request));
    for (Item& item : page.items) all.push_back(std::move(item));
    if (!page.next.has_value()) return all;
    request.start_after = std::move(page.next);
  }
  ADD_FAILURE() << "the query never ends";
  return all;
}

std::vector<Change> StoreTest::ChangesAfter(ChangePosition after) {
  std::vector<Change> all;
  for (int pages = 0; pages < 10000; ++pages) {
    ChangePage page = Must(changes().ReadChanges(MainTable().name, after, 100));
    if (page.changes.empty()) return all;
    for (Change& change : page.changes) all.push_back(std::move(change));
    after = page.next;
  }
  ADD_FAILURE() << "the feed never ends";
  return all;
}

}  // namespace zael::conformance
