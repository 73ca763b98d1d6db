#include "tests/integration/dynamodb/chaos_proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "tests/integration/dynamodb/server_process.h"

namespace zael::dynamo {
namespace {

constexpr int kPollMs = 20;
constexpr std::size_t kLongestDelayMs = 100;
constexpr std::size_t kLatestDeliveryMs = 400;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

int ConnectTo(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

bool SendAll(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Of the message whose head ends at `head_end`; zero when it says none.
std::size_t BodySize(std::string_view message, std::size_t head_end) {
  std::string head(message.substr(0, head_end));
  std::transform(head.begin(), head.end(), head.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kName = "\r\ncontent-length:";
  const std::size_t at = head.find(kName);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + kName.size()));
}

}  // namespace

ChaosProxy::ChaosProxy(std::uint16_t server_port, std::uint64_t seed)
    : server_port_(server_port), random_(seed) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  (void)::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  (void)::listen(listener_, SOMAXCONN);
  (void)::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

ChaosProxy::~ChaosProxy() {
  stopped_ = true;
  acceptor_.join();  // nobody adds threads any more
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void ChaosProxy::Calm() {
  raging_ = false;
  while (under_way_ > 0) Pause(kPollMs);
}

void ChaosProxy::Accept() {
  while (Await(listener_)) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([this, client] { Serve(client); });
  }
}

void ChaosProxy::Serve(int client) {
  Line line{.client = client, .server = ConnectTo(server_port_)};
  for (bool goes_on = line.server >= 0; goes_on;) {
    std::string request = ReadMessage(line.client, line.from_client);
    if (request.empty()) break;
    ++under_way_;
    goes_on = Do(Draw(), line, std::move(request));
    --under_way_;
  }
  ::close(line.client);
  if (line.server >= 0) ::close(line.server);
}

std::size_t ChaosProxy::Below(std::size_t bound) {
  const std::lock_guard lock(mutex_);
  return random_.Below(bound);
}

Mischief ChaosProxy::Draw() {
  const bool spared = !raging_ || Below(3) != 0;
  const auto drawn = spared ? Mischief::kNone : Deal();
  ++counts_[static_cast<std::size_t>(drawn)];
  return drawn;
}

Mischief ChaosProxy::Deal() {
  const std::lock_guard lock(mutex_);
  if (deck_.empty()) {
    for (std::size_t i = 1; i < kMischiefs; ++i) deck_.push_back(static_cast<Mischief>(i));
  }
  std::swap(deck_[random_.Below(deck_.size())], deck_.back());
  const Mischief dealt = deck_.back();
  deck_.pop_back();
  return dealt;
}

bool ChaosProxy::Do(Mischief mischief, Line& line, std::string request) {
  switch (mischief) {
    case Mischief::kCutBefore:
      return false;
    case Mischief::kCutInRequest:
      SendAll(line.server, std::string_view(request).substr(0, Below(request.size())));
      return false;
    case Mischief::kStallBefore:
      WaitForEnd(line.client);
      return false;
    case Mischief::kDeliverLate:
      ::shutdown(line.client, SHUT_RDWR);
      Pause(Below(kLatestDeliveryMs));
      break;
    case Mischief::kDelay:
      Pause(Below(kLongestDelayMs));
      break;
    case Mischief::kCorruptRequest:
      if (const auto at = request.find("DynamoDB_"); at != std::string::npos) request[at] ^= 1;
      break;
    default:
      break;
  }
  if (!SendAll(line.server, request)) return false;
  if (mischief == Mischief::kHalfCloseToServer) ::shutdown(line.server, SHUT_WR);
  std::string answer = ReadMessage(line.server, line.from_server);
  return !answer.empty() && DoAfter(mischief, line, std::move(answer));
}

bool ChaosProxy::DoAfter(Mischief mischief, Line& line, std::string answer) {
  switch (mischief) {
    case Mischief::kDeliverLate:
    case Mischief::kCutAfter:
      return false;
    case Mischief::kCutInAnswer:
      SendAll(line.client, std::string_view(answer).substr(0, Below(answer.size())));
      return false;
    case Mischief::kStallAfter:
      WaitForEnd(line.client);
      return false;
    case Mischief::kGarbageAnswer:
      SendAll(line.client, "\x16\x03\x01 this is not HTTP\r\n\r\n");
      return false;
    case Mischief::kHalfCloseToClient:
      ::shutdown(line.client, SHUT_WR);
      WaitForEnd(line.client);
      return false;
    case Mischief::kCorruptAnswer:
      return SendCorrupted(line.client, std::move(answer));
    default:
      return SendAll(line.client, answer) && mischief != Mischief::kHalfCloseToServer;
  }
}

bool ChaosProxy::SendCorrupted(int client, std::string answer) {
  const std::size_t body = answer.find(kEndOfHead) + kEndOfHead.size();
  // Nobody could notice: DynamoDB Local sends no checksum with its refusals.
  if (body == answer.size() || answer.find("x-amz-crc32") > body) return false;
  answer[body + Below(answer.size() - body)] ^= 1;
  return SendAll(client, answer);
}

std::string ChaosProxy::ReadMessage(int from, std::string& buffer) {
  for (;;) {
    if (const auto head_end = buffer.find(kEndOfHead); head_end != std::string::npos) {
      const std::size_t size = head_end + kEndOfHead.size() + BodySize(buffer, head_end);
      if (buffer.size() >= size) {
        std::string message = buffer.substr(0, size);
        buffer.erase(0, size);
        return message;
      }
    }
    std::array<char, 16 * 1024> bytes;
    const ssize_t got = Await(from) ? ::recv(from, bytes.data(), bytes.size(), 0) : 0;
    if (got <= 0) return "";
    buffer.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

// Until there is something to read; false when the proxy ends.
bool ChaosProxy::Await(int from) {
  pollfd waited{.fd = from, .events = POLLIN, .revents = 0};
  while (!stopped_) {
    if (::poll(&waited, 1, kPollMs) > 0) return true;
  }
  return false;
}

void ChaosProxy::WaitForEnd(int from) {
  std::array<char, 1024> bytes;
  while (Await(from) && ::recv(from, bytes.data(), bytes.size(), 0) > 0) {
  }
}

void ChaosProxy::Pause(std::size_t milliseconds) {
  (void)::poll(nullptr, 0, static_cast<int>(milliseconds));
}

}  // namespace zael::dynamo
