// NumberUpdate: said flat or as a tree, it means the same.
#include "store/number_update.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "store/evaluate.h"

namespace zael::store {
namespace {

const std::string kTable = "Table";
const Key kKey{{"PK", "p"}, {"SK", "s"}};

std::string ValuesOf(const NumberOutcome& outcome) {
  std::string text;
  for (const auto& value : outcome.values) text += value ? std::to_string(*value) + " " : "- ";
  return text;
}

// Everything it says, in order.
std::string TextOf(const NumberUpdate& update) {
  std::string text = *update.table + (update.deadline ? " hurried" : "");
  for (const NumberCondition& condition : update.conditions) {
    text += "; " + std::string(condition.name);
    text += " test " + std::to_string(static_cast<int>(condition.test));
    if (condition.test != NumberTest::kCompares) continue;
    text += " op " + std::to_string(static_cast<int>(condition.op)) + " " +
            std::to_string(condition.value);
  }
  for (const NumberAction& action : update.actions) {
    text += "; " + std::string(action.name);
    text += " change " + std::to_string(static_cast<int>(action.change));
    if (action.change != NumberChange::kRemoves) text += " " + std::to_string(action.value);
  }
  return text;
}

class AnyNumberUpdate : public ::testing::Test {
 protected:
  NumberUpdate Any() {
    NumberUpdate update{.table = &kTable, .key = &kKey};
    for (auto count = random_() % (kMaxNumberConditions + 1); count > 0; --count) {
      switch (random_() % 6) {
        case 0:
          update.RequireExists(Name());
          break;
        case 1:
          update.RequireAbsent(Name());
          break;
        default:
          update.Require(Name(), static_cast<CompareOp>(random_() % 6), Integer());
      }
    }
    for (auto count = 1 + random_() % kMaxNumberActions; count > 0; --count) {
      switch (random_() % 3) {
        case 0:
          update.Set(Name(), Integer());
          break;
        case 1:
          update.Add(Name(), Integer());
          break;
        default:
          update.Remove(Name());
      }
    }
    if (random_() % 2 == 0) update.deadline = MonotonicTime();
    return update;
  }

  std::string_view Name() {
    static constexpr std::string_view kNames[] = {"a", "b", "tokens_milli", "write_id", "ttl"};
    return kNames[random_() % std::size(kNames)];
  }
  std::int64_t Integer() {
    constexpr auto kLimits = std::numeric_limits<std::int64_t>();
    switch (random_() % 8) {
      case 0:
        return kLimits.max();
      case 1:
        return kLimits.min();
      default:
        return static_cast<std::int64_t>(random_() % 2000) - 1000;
    }
  }

  std::mt19937_64 random_{20261127};
};

TEST_F(AnyNumberUpdate, ComesBackFromTheRequestItIs) {
  for (int round = 0; round < 2'000; ++round) {
    const NumberUpdate update = Any();
    const UpdateRequest request = AsUpdate(update);
    const auto back = AsNumberUpdate(request);
    ASSERT_TRUE(back.has_value());
    ASSERT_EQ(TextOf(*back), TextOf(update));
    ASSERT_EQ(*back->key, kKey);
  }
}

TEST_F(AnyNumberUpdate, InTheMemoryOfAnotherSaysTheSame) {
  UpdateRequest reused;
  const Key other{{"PK", "p"}, {"SK", "another"}};
  for (int round = 0; round < 2'000; ++round) {
    NumberUpdate update = Any();
    if (random_() % 4 == 0) update.key = &other;
    WriteAsUpdate(update, &reused);
    ASSERT_EQ(reused.key, *update.key);
    ASSERT_EQ(reused.condition.has_value(), update.conditions.size() > 0);
    const auto back = AsNumberUpdate(reused);
    ASSERT_TRUE(back.has_value());
    ASSERT_EQ(TextOf(*back), TextOf(update));
  }
}

TEST(NumberUpdates, AreNoRequestsThatSayMore) {
  const auto is_one = [](const std::optional<Condition>& condition, const UpdateActions& actions) {
    const UpdateRequest request{
        .table = kTable, .key = kKey, .condition = condition, .actions = actions};
    return AsNumberUpdate(request).has_value();
  };
  const UpdateActions add = {AddTo("n", 1)};
  EXPECT_TRUE(is_one({}, add));
  EXPECT_TRUE(is_one(AtLeast("n", 1), add));
  EXPECT_TRUE(is_one(All({AtLeast("n", 1), Exists("PK")}), add));
  EXPECT_FALSE(is_one(Any({AtLeast("n", 1), Exists("PK")}), add));
  EXPECT_FALSE(is_one(Negate(Exists("PK")), add));
  EXPECT_FALSE(is_one(Equal("n", "text"), add));
  EXPECT_FALSE(is_one(Equal("n", *Number::Parse("0.5")), add));
  EXPECT_FALSE(is_one(Equal("n", *Number::Parse("9223372036854775808")), add));
  Path inside("n");
  inside.steps.emplace_back(std::size_t{0});
  EXPECT_FALSE(is_one(Exists(inside), add));
  EXPECT_FALSE(is_one({}, {AddTo(inside, 1)}));
  EXPECT_FALSE(is_one({}, {Assign("n", "text")}));
  EXPECT_FALSE(is_one(
      {}, {SetAction{.path = Path("n"), .left = Path("n"), .op = SetOp::kPlus, .right = 1}}));
  EXPECT_FALSE(is_one({}, {DeleteAction{.path = Path("n"), .value = NumberSet{{Number(1)}}}}));
  EXPECT_FALSE(is_one(All(Conditions(kMaxNumberConditions + 1, Exists("PK"))), add));
  EXPECT_FALSE(is_one({}, UpdateActions(kMaxNumberActions + 1, AddTo("n", 1))));
}

TEST(NumberOutcomes, ShowWhatEachActionLeftBehind) {
  NumberUpdate update{.table = &kTable, .key = &kKey};
  update.Set("n", 7);
  update.Remove("gone");
  update.Add("huge", 1);
  const Item shown{{"n", 7}, {"huge", *Number::Parse("9223372036854775808")}};
  const auto made = OutcomeOf(update, {.applied = true, .item = shown});
  EXPECT_TRUE(made.applied);
  EXPECT_EQ(ValuesOf(made), "7 - - - - - - - - - ");
  EXPECT_EQ(made.item, std::nullopt);
  const auto refused = OutcomeOf(update, {.applied = false, .item = shown});
  EXPECT_FALSE(refused.applied);
  EXPECT_EQ(refused.item, shown);
}

}  // namespace
}  // namespace zael::store
