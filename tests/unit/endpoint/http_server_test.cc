#include "endpoint/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/endpoint/http_client.h"

namespace zael::endpoint {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

HttpResponse Explain(HttpProblem problem) {
  switch (problem) {
    case HttpProblem::kMalformed:
      return {.status = 400, .headers = {}, .body = "malformed"};
    case HttpProblem::kHeaderTooLarge:
      return {.status = 431, .headers = {}, .body = "header"};
    case HttpProblem::kBodyTooLarge:
      return {.status = 413, .headers = {}, .body = "body"};
    case HttpProblem::kOverloaded:
      return {.status = 503, .headers = {}, .body = "overloaded"};
    case HttpProblem::kFailed:
      break;
  }
  return {.status = 500, .headers = {}, .body = "failed"};
}

HttpResponse Echo(const HttpRequest& request) {
  if (request.body == "throw") throw std::runtime_error("as asked");
  return {.status = 200,
          .headers = {{"X-Method", request.method}, {"X-Target", request.target}},
          .body = request.body};
}

std::unique_ptr<HttpServer> StartServer(
    const HttpServerOptions& options = {},
    std::function<HttpResponse(const HttpRequest&)> handle = Echo) {
  auto server = HttpServer::Start(options, {.handle = std::move(handle), .explain = Explain});
  EXPECT_TRUE(server.ok()) << server.error().message();
  return *std::move(server);
}

// A handler that holds requests with the body `hold` until it is told to let go.
struct Gate {
  std::promise<void> entered, open;
  std::shared_future<void> opened = open.get_future().share();

  HttpResponse Handle(const HttpRequest& request) {
    if (request.body == "hold") {
      entered.set_value();
      opened.wait();
    }
    return Echo(request);
  }
};

TEST(HttpServer, AnswersARequestOnThePortTheSystemPicked) {
  const auto server = StartServer();
  EXPECT_NE(server->port(), 0);
  EXPECT_EQ(server->address(), "127.0.0.1:" + std::to_string(server->port()));
  HttpClient client(server->port());
  const auto response =
      client.Ask("PUT /path?query=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(response.result_int(), 200);
  EXPECT_EQ(response.body(), "hello");
  EXPECT_EQ(response["X-Method"], "PUT");
  EXPECT_EQ(response["X-Target"], "/path?query=1");
}

TEST(HttpServer, RefusesAHostThatIsNoAddress) {
  const auto server =
      HttpServer::Start({.host = "example.invalid"}, {.handle = Echo, .explain = Explain});
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(server.error().message(), HasSubstr("example.invalid"));
}

TEST(HttpServer, SaysThatAPortIsTaken) {
  const auto first = StartServer();
  const auto second =
      HttpServer::Start({.port = first->port()}, {.handle = Echo, .explain = Explain});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message(), HasSubstr(first->address()));
}

TEST(HttpServer, KeepsTheConnectionForTheNextRequest) {
  const auto server = StartServer();
  HttpClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.Ask(Post(std::to_string(i))).body(), std::to_string(i));
  }
  EXPECT_EQ(server->connections(), 1U);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = StartServer();
  HttpClient client(server->port());
  ASSERT_TRUE(client.Send(Post("one") + Post("two") + Post("three")));
  EXPECT_EQ(client.Read().body(), "one");
  EXPECT_EQ(client.Read().body(), "two");
  EXPECT_EQ(client.Read().body(), "three");
}

TEST(HttpServer, ClosesWhenTheClientAsksForIt) {
  const auto server = StartServer();
  HttpClient client(server->port());
  EXPECT_EQ(client.Ask(Post("last", "Connection: close\r\n")).body(), "last");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST(HttpServer, ReadsChunkedBodies) {
  const auto server = StartServer();
  HttpClient client(server->port());
  const auto response = client.Ask(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(response.body(), "abcde");
}

TEST(HttpServer, TellsAClientThatWaitsToGoOn) {
  const auto server = StartServer();
  HttpClient client(server->port());
  const auto go_on =
      client.Ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(go_on.result_int(), 100);
  EXPECT_EQ(client.Ask("hello").body(), "hello");
}

TEST(HttpServer, RefusesWhatIsNotHttp) {
  const auto server = StartServer();
  HttpClient client(server->port());
  const auto response = client.Ask("\x16\x03\x01\x02 hello\r\n\r\n");
  EXPECT_EQ(response.result_int(), 400);
  EXPECT_TRUE(client.ReadsEnd());
}

TEST(HttpServer, RefusesTwoWaysToSayTheLength) {
  const auto server = StartServer();
  HttpClient client(server->port());
  const auto response = client.Ask(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\n");
  EXPECT_EQ(response.result_int(), 400);
}

TEST(HttpServer, RefusesAHeaderOverTheLimit) {
  const auto server = StartServer();
  HttpClient client(server->port());
  const auto response =
      client.Ask("GET / HTTP/1.1\r\nX-Long: " + std::string(17 * 1024, 'x') + "\r\n\r\n");
  EXPECT_EQ(response.result_int(), 431);
}

TEST(HttpServer, RefusesABodyOverTheLimitThatIsStillBeingSent) {
  const auto server = StartServer();
  HttpClient client(server->port());
  const std::string body(16 * 1024 * 1024 + 1, 'x');
  EXPECT_TRUE(client.Send(Post(body)));  // the whole of it, though nobody keeps it
  EXPECT_EQ(client.Read().result_int(), 413);
  EXPECT_EQ(HttpClient(server->port()).Ask(Post("next")).body(), "next");
}

TEST(HttpServer, RefusesAChunkedBodyThatGrowsOverTheLimit) {
  HttpServerOptions options;
  options.limits.body_bytes = 1'000;
  const auto server = StartServer(options);
  HttpClient client(server->port());
  const auto response =
      client.Ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
                 std::string(2'000, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(response.result_int(), 413);
}

TEST(HttpServer, BoundsTheBodiesOfAllRequestsTogether) {
  HttpServerOptions options;
  options.limits.all_bodies_bytes = 1'000;
  const auto server = StartServer(options);
  HttpClient large(server->port());
  ASSERT_TRUE(large.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 800\r\n\r\n"));
  // The small request proves by its answer that the large header has been read before.
  HttpClient small(server->port());
  while (small.Ask(Post("x")).result_int() == 200 &&
         HttpClient(server->port()).Ask(Post(std::string(300, 'x'))).result_int() == 200) {
  }
  EXPECT_EQ(HttpClient(server->port()).Ask(Post(std::string(300, 'x'))).result_int(), 503);
  EXPECT_EQ(large.Ask(std::string(800, 'y')).body().size(), 800U);
  EXPECT_EQ(HttpClient(server->port()).Ask(Post(std::string(300, 'x'))).result_int(), 200);
}

TEST(HttpServer, SurvivesAHandlerThatThrows) {
  const auto server = StartServer();
  HttpClient client(server->port());
  EXPECT_EQ(client.Ask(Post("throw")).result_int(), 500);
  EXPECT_EQ(client.Ask(Post("next")).body(), "next");
}

TEST(HttpServer, ASlowHandlerHoldsUpNobodyElse) {
  Gate gate;
  const auto server =
      StartServer({.workers = 2}, [&](const HttpRequest& r) { return gate.Handle(r); });
  HttpClient slow(server->port());
  ASSERT_TRUE(slow.Send(Post("hold")));
  gate.entered.get_future().wait();
  EXPECT_EQ(HttpClient(server->port()).Ask(Post("quick")).body(), "quick");
  gate.open.set_value();
  EXPECT_EQ(slow.Read().body(), "hold");
}

TEST(HttpServer, RefusesMoreWaitingRequestsThanItsQueueHolds) {
  Gate gate;
  HttpServerOptions options{.workers = 1};
  options.limits.waiting_requests = 1;
  const auto server = StartServer(options, [&](const HttpRequest& r) { return gate.Handle(r); });
  HttpClient held(server->port());
  ASSERT_TRUE(held.Send(Post("hold")));
  gate.entered.get_future().wait();
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server->port()));
    ASSERT_TRUE(clients.back()->Send(Post("waits")));
  }
  std::vector<std::future<unsigned>> answers;
  for (auto& client : clients) {
    answers.push_back(std::async(std::launch::async, [&] { return client->Read().result_int(); }));
  }
  // Two are refused while the first is still held; only then may it go.
  std::size_t refused = 0;
  while (refused < 2) {
    refused =
        static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(), [](auto& answer) {
          return answer.wait_for(milliseconds(1)) == std::future_status::ready;
        }));
  }
  gate.open.set_value();
  EXPECT_EQ(held.Read().body(), "hold");
  std::vector<unsigned> codes;
  for (auto& answer : answers) codes.push_back(answer.get());
  EXPECT_THAT(codes, testing::UnorderedElementsAre(503, 503, 200));
}

TEST(HttpServer, CutsAClientThatSendsItsRequestTooSlowly) {
  HttpServerOptions options;
  options.limits.request = milliseconds(50);
  const auto server = StartServer(options);
  HttpClient loris(server->port());
  HttpClient other(server->port());
  const std::string request = Post(std::string(1'000'000, 'x'));
  std::size_t sent = 0;
  while (sent < request.size() && loris.Send(request.substr(sent, 1))) {
    ++sent;
    ASSERT_EQ(other.Ask(Post("meanwhile")).body(), "meanwhile");
  }
  EXPECT_LT(sent, request.size());
  EXPECT_TRUE(loris.ReadsEnd());
}

TEST(HttpServer, ClosesAConnectionThatSaysNothing) {
  HttpServerOptions options;
  options.limits.idle = milliseconds(20);
  const auto server = StartServer(options);
  HttpClient client(server->port());
  EXPECT_TRUE(client.ReadsEnd());
}

TEST(HttpServer, ClosesConnectionsOverTheLimitAndTakesNewOnesLater) {
  HttpServerOptions options;
  options.limits.connections = 2;
  const auto server = StartServer(options);
  auto first = std::make_unique<HttpClient>(server->port());
  HttpClient second(server->port());
  EXPECT_EQ(first->Ask(Post("a")).body(), "a");
  EXPECT_EQ(second.Ask(Post("b")).body(), "b");
  EXPECT_TRUE(HttpClient(server->port()).ReadsEnd());
  first.reset();
  while (server->connections() > 1) EXPECT_EQ(second.Ask(Post("b")).body(), "b");
  EXPECT_EQ(HttpClient(server->port()).Ask(Post("c")).body(), "c");
}

TEST(HttpServer, TenThousandIdleConnectionsDoNotHurt) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  // Both ends of each connection are files of this process; a small limit makes the crowd smaller.
  const std::size_t crowd = std::min<std::size_t>(10'000, (files.rlim_cur - 200) / 2);
  const auto server = StartServer();
  boost::asio::io_context io;
  std::deque<boost::asio::ip::tcp::socket> idle;
  const boost::asio::ip::tcp::endpoint address(boost::asio::ip::make_address("127.0.0.1"),
                                               server->port());
  for (std::size_t i = 0; i < crowd; ++i) {
    idle.emplace_back(io).connect(address);
  }
  HttpClient client(server->port());
  while (server->connections() < crowd + 1) EXPECT_EQ(client.Ask(Post("a")).body(), "a");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.Ask(Post("served")).body(), "served");
  boost::asio::write(idle.front(), boost::asio::buffer(Post("late")));
  char answer[12] = {};
  boost::asio::read(idle.front(), boost::asio::buffer(answer));
  EXPECT_EQ(std::string(answer, sizeof answer), "HTTP/1.1 200");
}

TEST(HttpServer, StopLetsRequestsUnderWayFinishAndClosesIdleConnections) {
  Gate gate;
  const auto server = StartServer({}, [&](const HttpRequest& r) { return gate.Handle(r); });
  HttpClient idle(server->port());
  EXPECT_EQ(idle.Ask(Post("a")).body(), "a");
  HttpClient busy(server->port());
  ASSERT_TRUE(busy.Send(Post("hold")));
  gate.entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server->Stop(std::chrono::minutes(1)); });
  EXPECT_TRUE(idle.ReadsEnd());
  EXPECT_FALSE(HttpClient(server->port()).connected());
  gate.open.set_value();
  const auto response = busy.Read();
  EXPECT_EQ(response.body(), "hold");
  EXPECT_FALSE(response.keep_alive());
  stopped.get();
}

TEST(HttpServer, StopCutsRequestsThatOutlastItsGrace) {
  const auto server = StartServer();
  HttpClient unfinished(server->port());
  ASSERT_TRUE(unfinished.Send("POST / HTTP/1.1\r\nContent-Le"));
  HttpClient other(server->port());
  EXPECT_EQ(other.Ask(Post("a")).body(), "a");
  server->Stop(milliseconds(10));
  EXPECT_TRUE(unfinished.ReadsEnd());
}

TEST(ParseHttpRequest, ReadsAsTheServerDoes) {
  const auto request = ParseHttpRequest(Post("body", "X-Amz-Target: T\r\n"), {});
  ASSERT_TRUE(request.ok()) << request.error().message();
  EXPECT_EQ(request->body, "body");
  ASSERT_NE(request->Header("x-amz-target"), nullptr);
  EXPECT_EQ(*request->Header("x-amz-target"), "T");
  EXPECT_EQ(request->Header("absent"), nullptr);
}

TEST(ParseHttpRequest, RefusesWhatIsUnfinished) {
  EXPECT_FALSE(ParseHttpRequest("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nbody", {}).ok());
  EXPECT_FALSE(ParseHttpRequest("POST / HT", {}).ok());
  EXPECT_FALSE(ParseHttpRequest("", {}).ok());
}

}  // namespace
}  // namespace zael::endpoint
