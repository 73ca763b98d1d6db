#include "endpoint/tables/tag_operations.h"

#include "table_plane_fixture.h"

namespace zael::endpoint {
namespace {

class Tags : public TablePlaneTest {
 protected:
  static std::string Of(const std::string& table, const std::string& more = "") {
    return R"({"ResourceArn":")" + Arn(table) + "\"" + more + "}";
  }
};

TEST_F(Tags, AreAddedReplacedRemovedAndListed) {
  MakeTable("demo");
  EXPECT_EQ(Call("TagResource", Of("demo", R"(,"Tags":[{"Key":"a","Value":"1"},)"
                                           R"({"Key":"b","Value":"2"}])")),
            "");
  EXPECT_EQ(Call("TagResource", Of("demo", R"(,"Tags":[{"Key":"a","Value":""}])")), "");
  EXPECT_EQ(Call("ListTagsOfResource", Of("demo")),
            R"({"Tags":[{"Key":"a","Value":""},{"Key":"b","Value":"2"}]})");
  EXPECT_EQ(Call("UntagResource", Of("demo", R"(,"TagKeys":["a","unknown"])")), "");
  EXPECT_EQ(Call("ListTagsOfResource", Of("demo")), R"({"Tags":[{"Key":"b","Value":"2"}]})");
}

TEST_F(Tags, AreListedPageByPage) {
  std::string tags;
  for (char c = 'a'; c <= 'k'; ++c) {
    tags += std::string(tags.empty() ? "" : ",") + R"({"Key":")" + c + R"(","Value":""})";
  }
  MakeTable("demo", R"(,"Tags":[)" + tags + "]");
  EXPECT_EQ(Member(Call("ListTagsOfResource", Of("demo")), {"NextToken"}), "j");
  EXPECT_EQ(Call("ListTagsOfResource", Of("demo", R"(,"NextToken":"j")")),
            R"({"Tags":[{"Key":"k","Value":""}]})");
}

TEST_F(Tags, AtMostFiftyAreKept) {
  MakeTable("demo");
  std::string tags;
  for (int i = 0; i < 51; ++i) {
    tags +=
        std::string(i == 0 ? "" : ",") + R"({"Key":"k)" + std::to_string(i) + R"(","Value":"v"})";
  }
  EXPECT_EQ(Refusal("TagResource", Of("demo", R"(,"Tags":[)" + tags + "]")),
            "ValidationException: Number of Tags exceed the current limit for the provided "
            "ResourceArn");
  EXPECT_EQ(Call("ListTagsOfResource", Of("demo")), R"({"Tags":[]})");
}

TEST_F(Tags, ThatAreWrongAreRefused) {
  MakeTable("demo");
  EXPECT_EQ(Refusal("TagResource", Of("demo", R"(,"Tags":[])")),
            "ValidationException: Atleast one Tag needs to be provided as Input.");
  EXPECT_EQ(Refusal("UntagResource", Of("demo", R"(,"TagKeys":[])")),
            "ValidationException: Atleast one Tag Key needs to be provided as Input.");
  EXPECT_EQ(Refusal("TagResource", Of("demo", R"(,"Tags":[{"Value":"x"}])")),
            "ValidationException: The Tag Key provided is invalid, Key: null");
  EXPECT_EQ(Refusal("TagResource", Of("demo", R"(,"Tags":[{"Key":"x"}])")),
            "ValidationException: The Tag Value provided is invalid, Value: null");
  EXPECT_EQ(Refusal("ListTagsOfResource", Of("none")),
            "ResourceNotFoundException: Requested resource not found: ResourcArn: " + Arn("none") +
                " not found");
  EXPECT_EQ(Refusal("ListTagsOfResource", R"({"ResourceArn":"demo"})"),
            "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input demo");
}

}  // namespace
}  // namespace zael::endpoint
