#include "canned_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <string_view>
#include <vector>

namespace zael::bench {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kLength = "\r\ncontent-length:";

// The size of the first request in `bytes`; zero while its head is not whole.
std::size_t RequestSize(std::string_view bytes) {
  const std::size_t head_end = bytes.find(kEndOfHead);
  if (head_end == std::string_view::npos) return 0;
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const std::string_view head = bytes.substr(0, head_end);
  const auto found = std::search(head.begin(), head.end(), kLength.begin(), kLength.end(), same);
  std::size_t body = 0;
  if (found != head.end()) {
    body = std::stoul(std::string(found + kLength.size(), head.end()));
  }
  return head_end + kEndOfHead.size() + body;
}

struct Peer {
  int fd;
  std::string bytes;
};

// False: it has gone.
bool Answer(Peer& peer, const std::string& answer) {
  std::array<char, 16 * 1024> bytes;
  const ssize_t got = ::recv(peer.fd, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  peer.bytes.append(bytes.data(), static_cast<std::size_t>(got));
  for (;;) {
    const std::size_t size = RequestSize(peer.bytes);
    if (size == 0 || peer.bytes.size() < size) return true;
    peer.bytes.erase(0, size);
    const auto whole = static_cast<ssize_t>(answer.size());
    if (::send(peer.fd, answer.data(), answer.size(), MSG_NOSIGNAL) != whole) return false;
  }
}

[[noreturn]] void Serve(int listener, const std::string& answer) {
  std::vector<Peer> peers;
  for (;;) {
    std::vector<pollfd> waited{{.fd = listener, .events = POLLIN, .revents = 0}};
    for (const Peer& peer : peers)
      waited.push_back({.fd = peer.fd, .events = POLLIN, .revents = 0});
    (void)::poll(waited.data(), waited.size(), -1);
    for (std::size_t i = peers.size(); i > 0; --i) {
      if (waited[i].revents == 0 || Answer(peers[i - 1], answer)) continue;
      ::close(peers[i - 1].fd);
      peers.erase(peers.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
    if (waited[0].revents == 0) continue;
    const int fd = ::accept(listener, nullptr, nullptr);
    const int on = 1;
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd >= 0) peers.push_back({.fd = fd, .bytes = ""});
  }
}

}  // namespace

CannedServer::CannedServer(const std::string& answer) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  (void)::bind(listener, reinterpret_cast<const sockaddr*>(&address), size);
  (void)::listen(listener, SOMAXCONN);
  (void)::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    Serve(listener, answer);
  }
  ::close(listener);
}

CannedServer::~CannedServer() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  (void)::waitpid(pid_, nullptr, 0);
}

}  // namespace zael::bench
