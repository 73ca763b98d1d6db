// What the transport says when an exchange fails, and whether the request may have arrived.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http_transport_fixture.h"

namespace zael::aws {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::milliseconds kSoon{30};

void ExpectFailure(const HttpOutcome& outcome, ErrorCode code, bool may_have_arrived,
                   const std::string& message) {
  const TransportFailure failure = Failure(outcome);
  EXPECT_EQ(failure.error.code(), code) << failure.error.message();
  EXPECT_EQ(failure.may_have_arrived, may_have_arrived) << failure.error.message();
  EXPECT_THAT(failure.error.message(), HasSubstr(message));
}

// Answers a first request, so that the next one meets a kept connection.
void Warm(Peer& peer) {
  peer.ReadRequest();
  peer.Answer("warm");
}

std::uint16_t UnusedPort() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0},
                                          /*reuse_addr=*/false);
  return acceptor.local_endpoint().port();
}

TEST(TransportFailure, RefusedHasNotArrived) {
  Client client(UnusedPort());
  std::vector<std::future<HttpOutcome>> calls;
  for (int i = 0; i < 200; ++i) calls.push_back(client.Start(client.Request("/", "x")));
  for (auto& call : calls) {
    ExpectFailure(call.get(), ErrorCode::kUnavailable, false, "Connection refused");
  }
  client.WaitForConnections(0);
}

TEST(TransportFailure, NoAnswerByTheDeadlineMayHaveArrived) {
  LoopbackServer server([](Peer& peer, int number) {
    if (number == 0) peer.ReadToEnd();
    peer.ReadRequest();
    peer.Answer("second");
  });
  Client client(server);
  ExpectFailure(client.Start(client.Request("/", "x"), client.In(kSoon)).get(),
                ErrorCode::kDeadlineExceeded, true, "no answer by the deadline");
  // The connection whose answer may still come is not used again.
  EXPECT_EQ(Body(client.Call(client.Request("/", "x"))), "second");
  EXPECT_EQ(server.accepted(), 2);
}

TEST(TransportFailure, HalfAnAnswerByTheDeadlineMayHaveArrived) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.ReadToEnd();
  });
  Client client(server);
  ExpectFailure(client.Start(client.Request("/", "x"), client.In(kSoon)).get(),
                ErrorCode::kDeadlineExceeded, true, "no answer by the deadline");
}

TEST(TransportFailure, WaitingForAConnectionByTheDeadlineHasNotArrived) {
  LoopbackServer server([](Peer& peer, int) { peer.ReadToEnd(); });
  Client client(server, {.connections_per_endpoint = 1});
  auto stuck = client.Start(client.Request("/", "x"));
  ExpectFailure(client.Start(client.Request("/", "x"), client.In(kSoon)).get(),
                ErrorCode::kDeadlineExceeded, false, "no connection by the deadline");
  client.Destroy();
  ExpectFailure(stuck.get(), ErrorCode::kUnavailable, true, "closing");
}

TEST(TransportFailure, ADeadlineThatHasPassedSendsNothing) {
  LoopbackServer server([](Peer& peer, int) { peer.ReadToEnd(); });
  Client client(server);
  ExpectFailure(client.Start(client.Request("/", "x"), client.In(-kSoon)).get(),
                ErrorCode::kDeadlineExceeded, false, "its deadline has passed");
  EXPECT_EQ(client.transport().connections(), 0u);
}

TEST(TransportFailure, CutMidAnswerMayHaveArrived) {
  LoopbackServer server([](Peer& peer, int number) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    if (number == 1) peer.ResetAtEnd();
  });
  Client client(server);
  for (int i = 0; i < 2; ++i) {
    ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                  "read answer of 127.0.0.1:");
  }
}

TEST(TransportFailure, CutBeforeAnyAnswerMayHaveArrived) {
  LoopbackServer server([](Peer& peer, int number) {
    peer.ReadRequest();
    if (number == 1) peer.ResetAtEnd();
  });
  Client client(server);
  for (int i = 0; i < 2; ++i) {
    ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                  "read answer of 127.0.0.1:");
  }
}

TEST(TransportFailure, AKeptConnectionCutAfterTheRequestMayHaveArrivedAndIsNotRepeated) {
  LoopbackServer server([](Peer& peer, int number) {
    if (number > 0) return;
    Warm(peer);
    peer.ReadRequest();
  });
  Client client(server);
  EXPECT_EQ(Body(client.Call(client.Request("/", "x"))), "warm");
  ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                "read answer of 127.0.0.1:");
  EXPECT_EQ(server.accepted(), 1);
}

TEST(TransportFailure, HalfClosedInsteadOfAnAnswerMayHaveArrived) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.CloseWriting();
    peer.ReadToEnd();
  });
  Client client(server);
  ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                "End of file");
}

TEST(TransportFailure, AnAnswerThatIsTooLargeIsCut) {
  LoopbackServer server([](Peer& peer, int number) {
    peer.ReadRequest();
    if (number == 0) peer.Answer(std::string(101, 'x'));
    if (number == 1) {
      peer.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 11; ++i) peer.Write("a\r\n0123456789\r\n");
    }
    if (number == 2) peer.Write("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'));
    if (number == 3) peer.Answer(std::string(100, 'x'));
    peer.ReadToEnd();
  });
  Client client(server, {.body_bytes = 100});
  for (int i = 0; i < 3; ++i) {
    ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                  "the answer is larger than 100 bytes");
  }
  EXPECT_EQ(Body(client.Call(client.Request("/", "x"))), std::string(100, 'x'));
}

TEST(TransportFailure, AHeaderThatIsTooLargeIsCut) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1'000; ++i) peer.Write("X-Long: " + std::string(1'000, 'x') + "\r\n");
    peer.ReadToEnd();
  });
  Client client(server, {.header_bytes = 10'000});
  ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                "the answer's header is larger than 10000 bytes");
}

TEST(TransportFailure, WhatIsNotHttpIsRefused) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Write("SSH-2.0-OpenSSH_9.2\r\n");
    peer.ReadToEnd();
  });
  Client client(server);
  ExpectFailure(client.Call(client.Request("/", "x")), ErrorCode::kUnavailable, true,
                "the answer is not HTTP");
}

TEST(TransportFailure, OneRequestMoreThanAllowedIsRefusedAtOnce) {
  LoopbackServer server([](Peer& peer, int) { peer.ReadToEnd(); });
  Client client(server, {.requests = 2});
  auto first = client.Start(client.Request("/", "x"));
  auto second = client.Start(client.Request("/", "x"));
  bool refused = false;
  client.transport().Send(client.Request("/", "x"), client.Deadline(), [&](HttpOutcome outcome) {
    ExpectFailure(outcome, ErrorCode::kResourceExhausted, false, "2 requests are waiting");
    refused = true;
  });
  EXPECT_TRUE(refused);
}

TEST(TransportFailure, ARequestThatWouldBecomeTwoIsRefused) {
  LoopbackServer server([](Peer& peer, int) { peer.ReadToEnd(); });
  Client client(server);
  for (const std::string& bad :
       {std::string("a\r\nX: b"), std::string("a\nb"), std::string(1, '\0')}) {
    HttpRequest request = client.Request("/", "x");
    request.headers = {{"X-Secret", bad}};
    const TransportFailure failure = Failure(client.Call(std::move(request)));
    EXPECT_EQ(failure.error.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(failure.error.message(), "send request: a line break in header 'X-Secret'");
    EXPECT_FALSE(failure.may_have_arrived);
  }
  HttpRequest named = client.Request("/", "x");
  named.headers = {{"X: y\r\nZ", "1"}};
  EXPECT_EQ(Failure(client.Call(std::move(named))).error.code(), ErrorCode::kInvalidArgument);
  for (const char* target : {"", "/a b", "/\r\n"}) {
    EXPECT_EQ(Failure(client.Call(client.Request(target, ""))).error.code(),
              ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(client.transport().connections(), 0u);
}

TEST(TransportFailure, ClosingEndsEverythingAndWhatIsSentMeanwhile) {
  Gate asked(3);
  LoopbackServer server([&asked](Peer& peer, int) {
    peer.ReadRequest();
    asked.ArriveAndWait();
    peer.ReadToEnd();
  });
  Client client(server, {.connections_per_endpoint = 2});
  HttpTransport& transport = client.transport();
  std::promise<HttpOutcome> resent;
  transport.Send(client.Request("/", "x"), client.Deadline(), [&](HttpOutcome outcome) {
    ExpectFailure(outcome, ErrorCode::kUnavailable, true, "the transport is closing");
    transport.Send(client.Request("/", "x"), client.Deadline(),
                   [&resent](HttpOutcome next) { resent.set_value(std::move(next)); });
  });
  auto second = client.Start(client.Request("/", "x"));
  auto waiting = client.Start(client.Request("/", "x"));
  bool task_ran = false;
  client.transport().RunAfter(std::chrono::hours(1), [&task_ran] { task_ran = true; });
  asked.ArriveAndWait();
  client.Destroy();
  EXPECT_TRUE(task_ran);
  ExpectFailure(second.get(), ErrorCode::kUnavailable, true, "the transport is closing");
  ExpectFailure(waiting.get(), ErrorCode::kUnavailable, false, "the transport is closing");
  ExpectFailure(resent.get_future().get(), ErrorCode::kUnavailable, false,
                "the transport is closing");
}

TEST(TransportFailure, ConnectingTakesNoLongerThanAllowed) {
  // It accepts, but never begins the TLS handshake.
  LoopbackServer server([](Peer& peer, int) { peer.ReadToEnd(); });
  Client client(server, {.connect = kSoon});
  HttpRequest request = client.Request("/", "x");
  request.endpoint.tls = true;
  ExpectFailure(client.Call(std::move(request)), ErrorCode::kUnavailable, false,
                "no connection within 30 ms");
}

TEST(TransportFailure, ACertificateNobodyVouchesForIsRefused) {
  const TlsIdentity identity = MakeTlsIdentity();
  LoopbackServer server([](Peer& peer, int) { peer.Answer("never"); }, &identity);
  Client client(server);
  HttpRequest request = client.Request("/", "x");
  request.endpoint = {true, "localhost", server.port()};
  ExpectFailure(client.Call(std::move(request)), ErrorCode::kUnavailable, false,
                "certificate verify failed");
}

TEST(TransportFailure, ACertificateForAnotherNameIsRefused) {
  const TlsIdentity identity = MakeTlsIdentity();
  LoopbackServer server([](Peer& peer, int) { peer.Answer("never"); }, &identity);
  const CertificateFile roots(identity);
  Client client(server, {.ca_file = roots.path()});
  HttpRequest request = client.Request("/", "x");
  request.endpoint = {true, "127.0.0.1", server.port()};
  ExpectFailure(client.Call(std::move(request)), ErrorCode::kUnavailable, false,
                "certificate verify failed");
}

TEST(TransportFailure, TlsCutMidAnswerIsNotAnAnswer) {
  const TlsIdentity identity = MakeTlsIdentity();
  LoopbackServer server(
      [](Peer& peer, int) {
        peer.ReadRequest();
        // Without TLS's own goodbye, an answer that ends with the connection may have been cut.
        peer.Write("HTTP/1.1 200 OK\r\n\r\nall, or not?");
      },
      &identity);
  const CertificateFile roots(identity);
  Client client(server, {.ca_file = roots.path()});
  HttpRequest request = client.Request("/", "x");
  request.endpoint = {true, "localhost", server.port()};
  ExpectFailure(client.Call(std::move(request)), ErrorCode::kUnavailable, true, "stream truncated");
}

TEST(HttpTransportStart, NamesACaFileThatCannotBeUsed) {
  const auto started = HttpTransport::Start({.ca_file = "/nonexistent.pem"}, MakeSystemClock());
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(started.error().message(), HasSubstr("/nonexistent.pem"));
}

}  // namespace
}  // namespace zael::aws
