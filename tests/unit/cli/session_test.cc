#include "cli/session.h"

#include <gtest/gtest.h>

#include <map>

#include "cli/failure.h"

namespace zael::cli {
namespace {

const Console kConsole;

Session MakeSession(CommonOptions options, std::map<std::string, std::string> variables) {
  return Session(
      std::move(options),
      [variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      },
      kConsole);
}

TEST(ChooseStore, IsEmbeddedWhenNothingIsGiven) {
  const auto choice = MakeSession({}, {{"HOME", "/home/ana"}}).ChooseStore();
  ASSERT_TRUE(choice.ok());
  EXPECT_EQ(choice->place, "/home/ana/.local/share/zae-limiter");
  EXPECT_NE(StoreSentence(*choice).find("embedded engine in /home/ana"), std::string::npos);
}

TEST(ChooseStore, PrefersTheOptionThenTheVariableThenTheDataHome) {
  const std::map<std::string, std::string> all{
      {"ZAEL_DATA_DIR", "/d"}, {"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}};
  EXPECT_EQ(MakeSession({.data_dir = "/o"}, all).ChooseStore()->place, "/o");
  EXPECT_EQ(MakeSession({}, all).ChooseStore()->place, "/d");
  EXPECT_EQ(MakeSession({}, {{"XDG_DATA_HOME", "/x"}}).ChooseStore()->place, "/x/zae-limiter");
}

TEST(MakeOpenOptions, TakesTheDurabilityThatWasAskedFor) {
  EXPECT_EQ(MakeSession({}, {{"HOME", "/h"}}).MakeOpenOptions()->durability, Durability::kProcess);
  EXPECT_EQ(MakeSession({.durability = "power"}, {{"HOME", "/h"}}).MakeOpenOptions()->durability,
            Durability::kPower);
}

TEST(ChooseStore, SaysWhereDynamoDbIsAndWhy) {
  const auto sentence = [](Session session) { return StoreSentence(*session.ChooseStore()); };
  EXPECT_EQ(sentence(MakeSession({.region = "eu-west-1"}, {})),
            "store: DynamoDB in eu-west-1 (--region)");
  EXPECT_EQ(sentence(MakeSession({.endpoint_url = "http://localhost:1"}, {})),
            "store: DynamoDB at http://localhost:1 (--endpoint-url)");
  EXPECT_EQ(sentence(MakeSession({.store = "aws"}, {{"AWS_REGION", "eu-west-2"}})),
            "store: DynamoDB in eu-west-2 (--store aws)");
  EXPECT_EQ(sentence(MakeSession({}, {{"ZAEL_STORE", "aws"}})),
            "store: DynamoDB in the region of the AWS profile (ZAEL_STORE aws)");
  EXPECT_EQ(sentence(MakeSession({}, {{"AWS_ENDPOINT_URL", "http://localhost:1"}})),
            "store: DynamoDB at http://localhost:1 (AWS_ENDPOINT_URL)");
}

TEST(ChooseStore, ContradictionsGetANextStep) {
  Session session = MakeSession({.region = "eu-west-1", .store = "embedded"}, {});
  EXPECT_EQ(session.ChooseStore().error().code(), ErrorCode::kInvalidArgument);
  EXPECT_FALSE(session.next_step().empty());
}

TEST(MakeOpenOptions, NamesTheStoreThatWasChosen) {
  const auto dynamo =
      MakeSession({.region = "eu-west-1", .timeout = "3s"}, {{"HOME", "/h"}}).MakeOpenOptions();
  ASSERT_TRUE(dynamo.ok());
  EXPECT_EQ(dynamo->store, "aws");
  EXPECT_EQ(dynamo->region, "eu-west-1");
  EXPECT_EQ(dynamo->store_timeout, Milliseconds(3000));
  EXPECT_EQ(
      MakeSession({.data_dir = "/d"}, {{"AWS_ENDPOINT_URL", "http://y"}}).MakeOpenOptions()->store,
      "embedded");
}

TEST(ChooseStore, AnExplicitEmbeddedStoreBeatsTheEndpointOfTheEnvironment) {
  EXPECT_TRUE(MakeSession({.store = "embedded", .data_dir = "/d"},
                          {{"AWS_ENDPOINT_URL", "http://localhost:1"}})
                  .ChooseStore()
                  .ok());
}

TEST(MakeOpenOptions, TakesBothFormsOfTheNameAndTheTimeout) {
  const auto open = MakeSession({.name = "ZAEL-demo", .data_dir = "/d", .timeout = "250ms"}, {})
                        .MakeOpenOptions();
  ASSERT_TRUE(open.ok()) << open.error().message();
  EXPECT_EQ(open->name, "demo");
  EXPECT_EQ(open->lock_timeout, Milliseconds(250));
  EXPECT_FALSE(open->create_if_missing);
}

TEST(MakeOpenOptions, RefusesABadNameAndABadTimeout) {
  EXPECT_FALSE(MakeSession({.name = "a#b", .data_dir = "/d"}, {}).MakeOpenOptions().ok());
  EXPECT_FALSE(MakeSession({.data_dir = "/d", .timeout = "soon"}, {}).MakeOpenOptions().ok());
}

TEST(MakeEmbeddedOptions, TakesTheDirectoryWhateverPointsToDynamoDb) {
  const std::map<std::string, std::string> elsewhere{{"AWS_ENDPOINT_URL", "http://127.0.0.1:8000"},
                                                     {"ZAEL_STORE", "aws"},
                                                     {"ZAEL_DATA_DIR", "/d"}};
  EXPECT_EQ(MakeSession({}, elsewhere).MakeEmbeddedOptions()->data_dir, "/d");
  EXPECT_EQ(
      MakeSession({.region = "r", .data_dir = "/o"}, elsewhere).MakeEmbeddedOptions()->data_dir,
      "/o");
  EXPECT_FALSE(MakeSession({.timeout = "soon"}, elsewhere).MakeEmbeddedOptions().ok());
}

TEST(CommandText, CanBePastedIntoAShell) {
  EXPECT_EQ(MakeSession({.name = "demo", .data_dir = "my data"}, {}).CommandText("deploy"),
            "zae-limiter deploy --name demo --data-dir 'my data'");
  EXPECT_EQ(
      MakeSession({.region = "eu-west-1", .endpoint_url = "http://x:1"}, {}).CommandText("deploy"),
      "zae-limiter deploy --region eu-west-1 --endpoint-url http://x:1");
}

TEST(ExitCodeOf, FollowsTheDesign) {
  EXPECT_EQ(ExitCodeOf(ErrorCode::kInvalidArgument), 2);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kNotFound), 3);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kAlreadyExists), 3);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kFailedPrecondition), 4);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kUnavailable), 5);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kResourceExhausted), 5);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kAborted), 5);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kDeadlineExceeded), 5);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kPermissionDenied), 6);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kDataLoss), 7);
  EXPECT_EQ(ExitCodeOf(ErrorCode::kInternal), 7);
}

TEST(FailureText, IsALineForPeopleAndADocumentForMachines) {
  const Error error(ErrorCode::kNotFound, "open table ZAEL-x: it does not exist");
  EXPECT_EQ(FailureText(error, "zae-limiter deploy", false, kConsole),
            "error: open table ZAEL-x: it does not exist\ntry: zae-limiter deploy\n");
  const std::string json = FailureText(error, "zae-limiter deploy", true, kConsole);
  EXPECT_NE(json.find("\"code\": \"not_found\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"try\": \"zae-limiter deploy\""), std::string::npos) << json;
}

}  // namespace
}  // namespace zael::cli
