#include "aws/http_transport_message.h"

#include <gtest/gtest.h>

#include <cstring>

#include "aws/sigv4_canonical.h"

namespace zael::aws {
namespace {

constexpr AnswerLimits kLimits{.header_bytes = 1'000, .body_bytes = 1'000};

Result<bool> Feed(AnswerReader& reader, std::string_view bytes) {
  const boost::asio::mutable_buffer room = reader.Room();
  EXPECT_GE(room.size(), bytes.size());
  std::memcpy(room.data(), bytes.data(), bytes.size());
  return reader.Add(bytes.size());
}

TEST(RequestHead, HasTheHeadersInOrderAndTheLength) {
  std::string head = "before ";
  AppendRequestHead(
      {.method = "PUT", .target = "/x?y", .headers = {{"B", "1"}, {"a", ""}}, .body = "four"},
      &head);
  EXPECT_EQ(head, "before PUT /x?y HTTP/1.1\r\nB: 1\r\na: \r\nContent-Length: 4\r\n\r\n");
}

TEST(AnswerReader, ReadsTheSameAnswerCutAnywhere) {
  const std::string answer =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad\r\nX: y\r\nContent-Length: 4\r\n\r\nbody";
  for (std::size_t cut = 1; cut < answer.size(); ++cut) {
    AnswerReader reader(kLimits);
    reader.Begin(false);
    EXPECT_FALSE(reader.began());
    const Result<bool> first = Feed(reader, answer.substr(0, cut));
    ASSERT_TRUE(first.ok() && !*first) << cut;
    EXPECT_TRUE(reader.began());
    const Result<bool> second = Feed(reader, answer.substr(cut));
    ASSERT_TRUE(second.ok() && *second) << cut;
    EXPECT_TRUE(reader.keeps_alive());
    EXPECT_FALSE(reader.has_leftover());
    const HttpResponse response = reader.Take();
    EXPECT_EQ(response.status, 400u);
    EXPECT_EQ(*FindHeader(response.headers, "x"), "y");
    EXPECT_EQ(response.body, "body");
  }
}

TEST(AnswerReader, ReadsOneAnswerAfterAnother) {
  AnswerReader reader(kLimits);
  for (const std::string body : {"a", "", "bcd"}) {
    reader.Begin(false);
    const Result<bool> complete =
        Feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                         "\r\n\r\n" + body);
    ASSERT_TRUE(complete.ok() && *complete);
    EXPECT_EQ(reader.Take().body, body);
  }
}

TEST(AnswerReader, SaysWhenMoreCameThanTheAnswer) {
  AnswerReader reader(kLimits);
  reader.Begin(false);
  EXPECT_TRUE(*Feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"));
  EXPECT_TRUE(reader.has_leftover());
}

TEST(AnswerReader, OfAHeadRequestWaitsForNoBody) {
  AnswerReader reader(kLimits);
  reader.Begin(true);
  EXPECT_TRUE(*Feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
  EXPECT_EQ(reader.Take().body, "");
}

TEST(AnswerReader, TakesACloseAsTheEndOnlyWhereNoLengthIsGiven) {
  AnswerReader without(kLimits);
  without.Begin(false);
  EXPECT_FALSE(*Feed(without, "HTTP/1.1 200 OK\r\n\r\nabc"));
  EXPECT_TRUE(without.Close());
  EXPECT_FALSE(without.keeps_alive());
  EXPECT_EQ(without.Take().body, "abc");

  for (const char* cut :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"}) {
    AnswerReader reader(kLimits);
    reader.Begin(false);
    if (*cut != '\0') {
      EXPECT_FALSE(*Feed(reader, cut));
    }
    EXPECT_FALSE(reader.Close()) << cut;
  }
}

}  // namespace
}  // namespace zael::aws
