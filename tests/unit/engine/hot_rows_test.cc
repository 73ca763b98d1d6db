// Hot rows: what is kept, and that no write ever builds on what was not stored.
#include "engine/hot_rows.h"

#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "testing/memory_store.h"
#include "tests/unit/engine/engine_fixture.h"
#include "tests/unit/engine/failing_file_system.h"

namespace zael::engine {
namespace {

std::unique_ptr<Row> RowOf(const std::string& key, const std::string& bytes = "b") {
  auto row = std::make_unique<Row>();
  row->key = key;
  row->bytes = bytes;
  return row;
}

TEST(HotRows, KeepsOfEachStripeTheRowsUsedLast) {
  HotRows rows;
  constexpr int kMore = HotRows::kRowsPerStripe + 2;
  for (int i = 0; i < kMore; ++i) rows.Keep(7, RowOf(std::to_string(i)));
  EXPECT_EQ(rows.Take(7, "0"), nullptr);
  EXPECT_EQ(rows.Take(7, "1"), nullptr);
  EXPECT_EQ(rows.Take(8, "2"), nullptr) << "another stripe";
  auto used = rows.Take(7, "2");
  ASSERT_NE(used, nullptr);
  EXPECT_EQ(rows.Take(7, "2"), nullptr) << "whoever takes it has the only one";
  rows.Keep(7, std::move(used));
  rows.Keep(7, RowOf("new"));
  EXPECT_EQ(rows.Take(7, "3"), nullptr);
  EXPECT_NE(rows.Take(7, "2"), nullptr);
}

TEST(HotRows, NeverKeepsAnAbsentOrALargeRow) {
  HotRows rows;
  rows.Keep(1, RowOf("absent", ""));
  rows.Keep(1, RowOf("large", std::string(HotRows::kMaxRowBytes + 1, 'x')));
  EXPECT_EQ(rows.Take(1, "absent"), nullptr);
  EXPECT_EQ(rows.Take(1, "large"), nullptr);
}

TEST(HotRows, LetsGoOfOneTablesRows) {
  HotRows rows;
  rows.Keep(1, RowOf("left-1"));
  rows.Keep(1, RowOf("right-1"));
  rows.Keep(2, RowOf("left-2"));
  rows.DropTable("left");
  EXPECT_EQ(rows.Take(1, "left-1"), nullptr);
  EXPECT_EQ(rows.Take(2, "left-2"), nullptr);
  EXPECT_NE(rows.Take(1, "right-1"), nullptr);
}

class HotItemTest : public EngineTest {
 protected:
  Result<WriteOutcome> Update(UpdateActions actions) {
    return stores_.items->Update({.table = "Table",
                                  .key = KeyOf("p"),
                                  .actions = std::move(actions),
                                  .return_item = ReturnItem::kNew});
  }
};

TEST_F(HotItemTest, AWriteThatFailedIsNotSeenByTheNext) {
  const auto disk = std::make_shared<FailingFileSystem>();
  options_.file_system = disk;
  MustOpen();
  MakeTable();
  ASSERT_TRUE(Put(ItemOf("p", 10)).ok());
  ASSERT_TRUE(Update({AddTo("n", 1)}).ok());
  disk->SetDiskFull(true);
  EXPECT_FALSE(Update({AddTo("n", 100)}).ok());
  disk->SetDiskFull(false);
  const auto next = Update({AddTo("n", 1)});
  ASSERT_TRUE(next.ok()) << next.error().message();
  EXPECT_EQ(*next->item->Find("n"), Value(12));
}

TEST_F(HotItemTest, AThreadKnowsATableOnlyAsLongAsItIsThere) {
  MustOpen();
  for (int n = 10; n <= 20; n += 10) {
    MakeTable();
    ASSERT_TRUE(Put(ItemOf("p", n)).ok());
    EXPECT_EQ(*Update({AddTo("n", 1)})->item->Find("n"), Value(n + 1));
    EXPECT_EQ(*Update({AddTo("n", 1)})->item->Find("n"), Value(n + 2));
    ASSERT_TRUE(stores_.tables->DeleteTable("Table").ok());
    EXPECT_EQ(Update({AddTo("n", 1)}).error().code(), ErrorCode::kNotFound);
  }
}

TEST_F(HotItemTest, AThreadTellsTheTablesOfTwoStoresApart) {
  MustOpen();
  MakeTable();
  ASSERT_TRUE(Put(ItemOf("p", 10)).ok());
  const Stores first = stores_;
  const auto engine = engine_;
  options_.directory = scratch_ + "/other";
  MustOpen();
  MakeTable();
  ASSERT_TRUE(Put(ItemOf("p", 20)).ok());
  for (int i = 1; i <= 3; ++i) {
    for (const Stores* stores : {&first, static_cast<const Stores*>(&stores_)}) {
      const auto outcome = stores->items->Update({.table = "Table",
                                                  .key = KeyOf("p"),
                                                  .actions = {AddTo("n", 1)},
                                                  .return_item = ReturnItem::kNew});
      EXPECT_EQ(*outcome->item->Find("n"), Value((stores == &first ? 10 : 20) + i));
    }
  }
}

TEST_F(HotItemTest, AnUpdateThatIsRefusedHalfwayIsNotSeenByTheNext) {
  MustOpen();
  MakeTable();
  ASSERT_TRUE(Put(ItemOf("p", 10)).ok());
  ASSERT_TRUE(Update({Assign("text", "a")}).ok());
  const UpdateActions too_large = {AddTo("n", 1), Assign("text", std::string(kMaxItemBytes, 'x'))};
  EXPECT_FALSE(Update(too_large).ok());
  EXPECT_FALSE(Update({AddTo("n", 1), AddTo("text", 1)}).ok());
  const auto next = Update({AddTo("n", 1)});
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(*next->item->Find("n"), Value(11));
  EXPECT_EQ(*next->item->Find("text"), Value("a"));
}

TEST_F(HotItemTest, ATransactionRefusedHalfwayIsNotSeenByTheNextWrite) {
  MustOpen();
  MakeTable();
  ASSERT_TRUE(Put(ItemOf("p", 10)).ok());
  ASSERT_TRUE(Put(ItemOf("q", 20)).ok());
  const UpdateRequest good{.table = "Table", .key = KeyOf("p"), .actions = {AddTo("n", 100)}};
  UpdateRequest bad{.table = "Table", .key = KeyOf("q"), .actions = {AddTo("GPK", 1)}};
  EXPECT_FALSE(stores_.items->TransactWrite({.items = {good, bad}}).ok());
  bad.actions = {AddTo("n", 100)};
  bad.condition = Equal("n", 0);
  EXPECT_FALSE(stores_.items->TransactWrite({.items = {good, bad}})->applied);
  EXPECT_EQ(*Update({AddTo("n", 1)})->item->Find("n"), Value(11));
}

// Random writes of few keys, each answered by the engine and by the store in memory.
class HotItemModelTest : public EngineTest {
 protected:
  const std::string& OneOf(const std::vector<std::string>& texts) {
    return texts[random_() % texts.size()];
  }
  std::string AnyKey() { return OneOf({"a", "b", "c"}); }
  // Mostly whole ones, and what turns them into something else.
  Value AnyNumber() {
    switch (random_() % 12) {
      case 0:
        return std::numeric_limits<std::int64_t>::max();
      case 1:
        return *zael::Number::Parse("0.5");
      case 2:
        return *zael::Number::Parse("99999999999999999999999999999999999999");
      default:
        return static_cast<int>(random_() % 9) - 4;
    }
  }
  std::optional<Condition> AnyCondition() {
    switch (random_() % 7) {
      case 3:
        return Less("m", AnyNumber());
      case 4:
        return All({Unequal("n", AnyNumber()), AtLeast("m", AnyNumber()), Exists("GPK")});
      case 0:
        return Equal("n", static_cast<int>(random_() % 4));
      case 1:
        return Exists("PK");
      case 2:
        return NotExists("text");
      default:
        return std::nullopt;
    }
  }
  ReturnItem AnyReturn() { return static_cast<ReturnItem>(random_() % 3); }
  Item AnyItem() {
    Item item = ItemOf(AnyKey(), static_cast<int>(random_() % 4));
    item.Set("m", static_cast<int>(random_() % 9) - 4);
    item.Set("GSK", OneOf({"x", "y"}));
    if (random_() % 3 == 0) item.Erase("GPK");
    return item;
  }
  UpdateRequest AnyUpdate() {
    UpdateRequest request{.table = "Table", .key = KeyOf(AnyKey()), .condition = AnyCondition()};
    switch (random_() % 9) {
      case 0:
        request.actions = {RemoveFrom("GPK")};
        break;
      case 1:
        request.actions = {Assign("GPK", "g"), Assign("GSK", OneOf({"x", "y"}))};
        break;
      case 2:
        request.actions = {AddTo("text", 1)};
        break;  // refused where it is a text
      case 3:
        request.actions = {Assign("text", OneOf({"s", "t"})), AddTo("n", 1)};
        break;
      case 4:
        request.actions = {Assign("m", AnyNumber()), AddTo("n", AnyNumber())};
        break;
      case 5:
        request.actions = {AddTo("m", AnyNumber()), RemoveFrom("absent"), Assign("n", 2)};
        break;
      case 6:
        request.actions = {Assign("m", OneOf({"s", "t"}))};
        break;
      default:
        request.actions = {AddTo("n", 1), RemoveFrom("text")};
        break;
    }
    request.return_item = static_cast<ReturnItem>(random_() % 4);
    return request;
  }
  PutRequest AnyPut() {
    return {.table = "Table",
            .item = AnyItem(),
            .condition = AnyCondition(),
            .return_item = AnyReturn()};
  }
  DeleteRequest AnyDelete() {
    return {.table = "Table",
            .key = KeyOf(AnyKey()),
            .condition = AnyCondition(),
            .return_item = random_() % 2 == 0 ? ReturnItem::kOld : ReturnItem::kNone};
  }
  TransactWriteRequest AnyTransaction() {
    TransactWriteRequest request;
    UpdateRequest update = AnyUpdate();
    update.key = KeyOf("a");
    DeleteRequest gone = AnyDelete();
    gone.key = KeyOf("b");
    request.items = {update, gone};
    if (random_() % 2 == 0) {
      request.items.push_back(
          CheckRequest{.table = "Table", .key = KeyOf("c"), .condition = Less("n", 3)});
    }
    return request;
  }

  static void ExpectSame(const Result<WriteOutcome>& left, const Result<WriteOutcome>& right) {
    ASSERT_EQ(left.ok(), right.ok());
    if (!left.ok()) return;
    EXPECT_EQ(left->applied, right->applied);
    EXPECT_EQ(left->item, right->item);
  }
  static void ExpectSame(const Result<TransactOutcome>& left,
                         const Result<TransactOutcome>& right) {
    ASSERT_EQ(left.ok(), right.ok());
    if (!left.ok()) return;
    EXPECT_EQ(left->applied, right->applied);
    ASSERT_EQ(left->cancellations.size(), right->cancellations.size());
    for (std::size_t i = 0; i < left->cancellations.size(); ++i)
      EXPECT_EQ(left->cancellations[i].item, right->cancellations[i].item);
  }

  void WriteAny(ItemStore& left, ItemStore& right) {
    switch (random_() % 8) {
      case 0: {
        const auto request = AnyPut();
        return ExpectSame(left.Put(request), right.Put(request));
      }
      case 1: {
        const auto request = AnyDelete();
        return ExpectSame(left.Delete(request), right.Delete(request));
      }
      case 2: {
        const auto request = AnyTransaction();
        return ExpectSame(left.TransactWrite(request), right.TransactWrite(request));
      }
      default: {
        const auto request = AnyUpdate();
        return ExpectSame(left.Update(request), right.Update(request));
      }
    }
  }

  std::mt19937 random_{20261127};
};

TEST_F(HotItemModelTest, AnswersAndStoresAsTheStoreInMemoryDoes) {
  testing::MemoryStore memory(clock_);
  MustOpen();
  MakeTable();
  ASSERT_TRUE(
      memory.stores().tables->CreateTable(stores_.tables->DescribeTable("Table")->spec).ok());
  for (int i = 0; i < 5000 && !HasFatalFailure(); ++i) {
    SCOPED_TRACE(i);
    WriteAny(*stores_.items, *memory.stores().items);
  }
  const QueryRequest scan{.table = "Table", .index = "Index", .hash = Value("g")};
  EXPECT_EQ(stores_.items->Query(scan)->items, memory.stores().items->Query(scan)->items);
  for (const std::string key : {"a", "b", "c"}) {
    const GetRequest get{.table = "Table", .key = KeyOf(key)};
    EXPECT_EQ(*stores_.items->Get(get), *memory.stores().items->Get(get));
  }
  const auto feed = stores_.changes->ReadChanges("Table", 0, 100'000);
  const auto told = memory.stores().changes->ReadChanges("Table", 0, 100'000);
  ASSERT_EQ(feed->changes.size(), told->changes.size());
  for (std::size_t i = 0; i < feed->changes.size(); ++i) {
    EXPECT_EQ(feed->changes[i].old_item, told->changes[i].old_item) << i;
    EXPECT_EQ(feed->changes[i].new_item, told->changes[i].new_item) << i;
  }
}

}  // namespace
}  // namespace zael::engine
