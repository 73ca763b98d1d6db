// The DynamoDB client over real connections that fail in every way one can: whatever happens, a
// write is sent once, a read is answered in the end, and nothing takes a broken answer for a whole
// one.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "base/crc32.h"
#include "base/format.h"
#include "dynamo/dynamo_client.h"
#include "tests/unit/aws/loopback_server.h"

namespace zael::dynamo {
namespace {

using aws::LoopbackServer;
using aws::Peer;

const Key kKey{{"PK", "A"}, {"SK", "1"}};
const std::string kBody = R"({"Item":{"PK":{"S":"A"},"SK":{"S":"1"},"v":{"N":"7"}}})";

std::string Response(const std::string& body, std::uint32_t crc) {
  return Format(
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amz-crc32: {}\r\n"
      "Content-Length: {}\r\n\r\n{}",
      crc, body.size(), body);
}
std::string Whole() { return Response(kBody, Crc32(kBody)); }

std::optional<std::string> NoVariables(const char*) { return std::nullopt; }

// The first request that was read meets the misfortune; all others are answered well.
class BrokenWire : public ::testing::Test {
 protected:
  using Misfortune = std::function<void(Peer& peer)>;

  void Begin(Misfortune misfortune) {
    server_ = std::make_unique<LoopbackServer>([this, misfortune](Peer& peer, int) {
      while (!peer.ReadRequest().empty()) {
        if (requests_++ == 0) return misfortune(peer);
        peer.Write(Whole());
      }
    });
    auto client = DynamoClient::Open(
        {.aws = {.profile = "",
                 .region = "eu-central-1",
                 .endpoint_url = Format("http://127.0.0.1:{}", server_->port()),
                 .credentials =
                     aws::Credentials{.access_key_id = "AKID", .secret_access_key = "secret"}},
         .variables = &NoVariables,
         .retry = {.attempt_timeout = attempt_timeout_, .call_timeout = std::chrono::minutes(2)},
         .clock = MakeSystemClock(),
         .random = std::make_shared<SeededRandom>(7)});
    ASSERT_TRUE(client.ok()) << client.error().message();
    stores_ = (*client)->stores();
  }

  // A read gets over it.
  void ExpectReadSucceeds(Misfortune misfortune) {
    Begin(std::move(misfortune));
    const auto item = stores_.items->Get({.table = "T", .key = kKey});
    ASSERT_TRUE(item.ok()) << item.error().message();
    ASSERT_TRUE(item->has_value());
    EXPECT_EQ(*(**item).Find("v"), Value(7));
    EXPECT_EQ(requests_, 2);
  }

  // A write is told that it may have been made, and was sent once.
  void ExpectWriteIsSentOnce(Misfortune misfortune) {
    Begin(std::move(misfortune));
    const auto outcome =
        stores_.items->Update({.table = "T", .key = kKey, .actions = {AddTo("v", 1)}});
    ASSERT_FALSE(outcome.ok());
    EXPECT_TRUE(outcome.error().code() == ErrorCode::kUnavailable ||
                outcome.error().code() == ErrorCode::kDeadlineExceeded);
    EXPECT_NE(outcome.error().message().find("may have been made"), std::string::npos)
        << outcome.error().message();
    EXPECT_EQ(requests_, 1);
  }

  std::chrono::milliseconds attempt_timeout_{30'000};
  std::atomic<int> requests_{0};
  std::unique_ptr<LoopbackServer> server_;
  Stores stores_;  // ends before the server
};

void Cut(Peer& peer) { peer.ResetAtEnd(); }
void CutInTheMiddle(Peer& peer) {
  peer.Write(Whole().substr(0, Whole().size() / 2));
  peer.ResetAtEnd();
}
void HalfClose(Peer& peer) {
  peer.CloseWriting();
  (void)peer.ReadToEnd();
}
void Stall(Peer& peer) {
  peer.Write(Whole().substr(0, 20));
  (void)peer.ReadToEnd();  // until the client gives up
}
void Corrupt(Peer& peer) {
  std::string body = kBody;
  body[body.find('7')] = '8';  // still JSON: only the checksum knows
  peer.Write(Response(body, Crc32(kBody)));
}
void SpeakNonsense(Peer& peer) {
  peer.Write("SSH-2.0-OpenSSH_9.2\r\n");
  (void)peer.ReadToEnd();
}

TEST_F(BrokenWire, AReadGetsOverACutConnection) { ExpectReadSucceeds(&Cut); }
TEST_F(BrokenWire, AReadGetsOverAnAnswerThatEndsInTheMiddle) {
  ExpectReadSucceeds(&CutInTheMiddle);
}
TEST_F(BrokenWire, AReadGetsOverAServerThatOnlyListens) { ExpectReadSucceeds(&HalfClose); }
TEST_F(BrokenWire, AReadGetsOverAStalledAnswer) {
  attempt_timeout_ = std::chrono::milliseconds(300);
  ExpectReadSucceeds(&Stall);
}
TEST_F(BrokenWire, I7_AReadGetsOverAnAnswerThatWasChanged) { ExpectReadSucceeds(&Corrupt); }
TEST_F(BrokenWire, AReadGetsOverAnotherProtocol) { ExpectReadSucceeds(&SpeakNonsense); }

TEST_F(BrokenWire, P7_AWriteIsSentOnceOverACutConnection) { ExpectWriteIsSentOnce(&Cut); }
TEST_F(BrokenWire, P7_AWriteIsSentOnceWhenItsAnswerEndsInTheMiddle) {
  ExpectWriteIsSentOnce(&CutInTheMiddle);
}
TEST_F(BrokenWire, P7_AWriteIsSentOnceToAServerThatOnlyListens) {
  ExpectWriteIsSentOnce(&HalfClose);
}
TEST_F(BrokenWire, P7_AWriteIsSentOnceWhenItsAnswerStalls) {
  attempt_timeout_ = std::chrono::milliseconds(300);
  ExpectWriteIsSentOnce(&Stall);
}
TEST_F(BrokenWire, P7_AWriteIsSentOnceWhenItsAnswerWasChanged) { ExpectWriteIsSentOnce(&Corrupt); }

}  // namespace
}  // namespace zael::dynamo
