#include "aws/http_transport.h"

#include <gtest/gtest.h>

#include <future>

#include "aws/sigv4_canonical.h"
#include "http_transport_fixture.h"

namespace zael::aws {
namespace {

void AnswerAll(Peer& peer, int /*number*/) {
  for (std::string request = peer.ReadRequest(); !request.empty(); request = peer.ReadRequest()) {
    peer.Answer("answer to " + request.substr(request.find("\r\n\r\n") + 4));
  }
}

TEST(HttpTransport, SendsTheRequestAndGivesTheAnswer) {
  std::promise<std::string> seen;
  LoopbackServer server([&seen](Peer& peer, int) {
    seen.set_value(peer.ReadRequest());
    peer.Write(
        std::string("HTTP/1.1 201 Fine\r\nX-One:  a  b \r\nContent-Length: 5\r\nx-two:\r\n\r\n") +
        std::string("a\0\r\nb", 5));
  });
  Client client(server);
  HttpRequest request = client.Request("/a?b=c", std::string("x\0y", 3));
  request.headers = {{"Host", "me"}, {"X-Empty", ""}};
  const HttpOutcome outcome = client.Call(std::move(request));
  EXPECT_EQ(seen.get_future().get(),
            "POST /a?b=c HTTP/1.1\r\nHost: me\r\nX-Empty: \r\nContent-Length: 3\r\n\r\n" +
                std::string("x\0y", 3));
  const auto& response = std::get<HttpResponse>(outcome);
  EXPECT_EQ(response.status, 201u);
  EXPECT_EQ(*FindHeader(response.headers, "x-one"), "a  b");
  EXPECT_EQ(*FindHeader(response.headers, "X-Two"), "");
  EXPECT_EQ(response.body, std::string("a\0\r\nb", 5));
}

TEST(HttpTransport, KeepsOneConnectionForRequestsInTurn) {
  LoopbackServer server(AnswerAll);
  Client client(server);
  for (int i = 0; i < 20; ++i) {
    const std::string body = std::to_string(i);
    EXPECT_EQ(Body(client.Call(client.Request("/", body))), "answer to " + body);
  }
  EXPECT_EQ(server.accepted(), 1);
  EXPECT_EQ(client.transport().connections(), 1u);
}

TEST(HttpTransport, HasSixtyFourUnderWayAtOnce) {
  constexpr int kCalls = 64;
  Gate all_arrived(kCalls);
  LoopbackServer server([&all_arrived](Peer& peer, int number) {
    peer.ReadRequest();
    all_arrived.ArriveAndWait();  // nobody is answered before everybody has asked
    peer.Answer("");
    AnswerAll(peer, number);
  });
  Client client(server);
  std::vector<std::future<HttpOutcome>> calls;
  for (int i = 0; i < kCalls; ++i) calls.push_back(client.Start(client.Request("/", "x")));
  for (auto& call : calls) EXPECT_EQ(Body(call.get()), "");
  EXPECT_EQ(server.accepted(), kCalls);
}

TEST(HttpTransport, OpensNoMoreConnectionsThanAllowed) {
  LoopbackServer server(AnswerAll);
  Client client(server, {.connections_per_endpoint = 2});
  std::vector<std::future<HttpOutcome>> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(client.Start(client.Request("/", "x")));
  for (auto& call : calls) EXPECT_EQ(Body(call.get()), "answer to x");
  EXPECT_LE(server.accepted(), 2);
}

TEST(HttpTransport, MovesLargeBodiesBothWays) {
  LoopbackServer server(AnswerAll);
  Client client(server);
  std::string body(5'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1'000) body[i] = static_cast<char>(i / 1'000);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(Body(client.Call(client.Request("/", body))) == "answer to " + body);
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpTransport, ReadsAnAnswerThatEndsWithTheConnection) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\n\r\nall of");
    peer.Write(" it");
  });
  Client client(server);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "all of it");
  EXPECT_EQ(server.accepted(), 2);
}

TEST(HttpTransport, ReadsAnAnswerInChunks) {
  LoopbackServer server([](Peer& peer, int number) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    peer.Write("2\r\nde\r\n0\r\n\r\n");
    AnswerAll(peer, number);
  });
  Client client(server);
  EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "abcde");
  EXPECT_EQ(Body(client.Call(client.Request("/", "x"))), "answer to x");
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpTransport, PassesOverInterimAnswers) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 100 Continue\r\n\r\n");
    peer.Write(
        "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
        "2\r\n\r\nok");
    peer.ReadToEnd();
  });
  Client client(server);
  const HttpOutcome outcome = client.Call(client.Request("/", ""));
  EXPECT_EQ(Body(outcome), "ok");
  EXPECT_EQ(FindHeader(std::get<HttpResponse>(outcome).headers, "Link"), nullptr);
}

TEST(HttpTransport, ClosesWhenTheServerSaysSo) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    peer.ReadToEnd();
  });
  Client client(server);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "ok");
  EXPECT_EQ(server.accepted(), 3);
}

TEST(HttpTransport, HearsAnAnswerThatComesBeforeAllIsSent) {
  LoopbackServer server([](Peer& peer, int) {
    peer.Write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    peer.CloseWriting();
    peer.ReadToEnd();
  });
  Client client(server);
  const HttpOutcome outcome = client.Call(client.Request("/", std::string(20'000'000, 'x')));
  EXPECT_EQ(std::get<HttpResponse>(outcome).status, 413u);
  client.WaitForConnections(0);
}

TEST(HttpTransport, UsesAnotherConnectionAfterTheServerClosedAnIdleOne) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Answer("only one");
  });
  Client client(server);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "only one");
    client.WaitForConnections(0);
  }
  EXPECT_EQ(server.accepted(), 5);
}

TEST(HttpTransport, ClosesAConnectionThatSpeaksUnasked) {
  LoopbackServer server([](Peer& peer, int) {
    peer.ReadRequest();
    peer.Answer("ok");
    peer.Write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
    peer.ReadToEnd();
  });
  Client client(server);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "ok");
    client.WaitForConnections(0);
  }
}

TEST(HttpTransport, ClosesAConnectionThatIsIdleForLong) {
  std::promise<void> closed;
  LoopbackServer server([&closed](Peer& peer, int) {
    peer.ReadRequest();
    peer.Answer("ok");
    peer.ReadToEnd();
    closed.set_value();
  });
  Client client(server, {.idle = std::chrono::milliseconds(20)});
  EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "ok");
  closed.get_future().wait();
  client.WaitForConnections(0);
}

TEST(HttpTransport, SpeaksTlsToAServerItIsToldToTrust) {
  const TlsIdentity identity = MakeTlsIdentity();
  std::promise<std::string> name;
  LoopbackServer server(
      [&name](Peer& peer, int number) {
        name.set_value(peer.server_name());
        AnswerAll(peer, number);
      },
      &identity);
  const CertificateFile roots(identity);
  Client client(server, {.ca_file = roots.path()});
  const std::string body(100'000, 'x');
  for (int i = 0; i < 3; ++i) {
    HttpRequest request = client.Request("/", body);
    request.endpoint = {true, "localhost", server.port()};
    EXPECT_EQ(Body(client.Call(std::move(request))), "answer to " + body);
  }
  EXPECT_EQ(name.get_future().get(), "localhost");
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpTransport, LendsItsThreadForTasksNowAndLater) {
  LoopbackServer server(AnswerAll);
  Client client(server);
  static thread_local bool is_lent_thread = false;
  std::promise<void> marked;
  client.transport().Post([&marked] {
    is_lent_thread = true;
    marked.set_value();
  });
  marked.get_future().wait();
  EXPECT_FALSE(is_lent_thread);
  std::promise<bool> later;
  client.transport().RunAfter(std::chrono::milliseconds(1),
                              [&later] { later.set_value(is_lent_thread); });
  EXPECT_TRUE(later.get_future().get());
  std::promise<bool> answered;
  client.transport().Send(client.Request("/", ""), client.Deadline(),
                          [&answered](HttpOutcome) { answered.set_value(is_lent_thread); });
  EXPECT_TRUE(answered.get_future().get());
}

TEST(HttpTransport, RunsDelayedTasksInTheOrderOfTheirTimes) {
  LoopbackServer server(AnswerAll);
  Client client(server);
  std::vector<int> order;
  std::promise<void> last;
  using std::chrono::milliseconds;
  client.transport().RunAfter(milliseconds(30), [&] {
    order.push_back(3);
    last.set_value();
  });
  client.transport().RunAfter(milliseconds(1), [&] { order.push_back(1); });
  client.transport().RunAfter(milliseconds(15), [&] { order.push_back(2); });
  last.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(HttpTransport, ForgetsAnIdleEndpointForANewOneAndKeepsOneInUse) {
  Gate asked(2);
  Gate release(2);
  LoopbackServer first(AnswerAll);
  LoopbackServer stuck([&](Peer& peer, int) {
    peer.ReadRequest();
    asked.ArriveAndWait();
    release.ArriveAndWait();
    peer.Answer("late");
  });
  Client client(first, {.endpoints = 1});
  EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "answer to ");
  HttpRequest other = client.Request("/", "");
  other.endpoint.port = stuck.port();
  auto late = client.Start(std::move(other));
  asked.ArriveAndWait();
  EXPECT_EQ(client.transport().connections(), 1u);
  const auto refused = Failure(client.Call(client.Request("/", "")));
  EXPECT_EQ(refused.error.code(), ErrorCode::kResourceExhausted);
  EXPECT_FALSE(refused.may_have_arrived);
  release.ArriveAndWait();
  EXPECT_EQ(Body(late.get()), "late");
  EXPECT_EQ(Body(client.Call(client.Request("/", ""))), "answer to ");
}

}  // namespace
}  // namespace zael::aws
