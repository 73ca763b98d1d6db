#include "aws/http_transport.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "aws/http_transport_loop.h"
#include "aws/http_transport_pool.h"
#include "base/format.h"
#include "base/mutex.h"
#include "base/try.h"

namespace zael::aws {
namespace {

namespace ssl = boost::asio::ssl;

constexpr const char* kClosing = "the transport is closing";

Status TrustFile(ssl::context& tls, const std::string& ca_file) {
  boost::system::error_code error;
  tls.load_verify_file(ca_file, error);
  if (!error) return {};
  return Error(ErrorCode::kInvalidArgument,
               Format("trust the certificates of {}: {}", ca_file, error.message()));
}

}  // namespace

class HttpTransport::Impl {
 public:
  Impl(const HttpTransportOptions& options, std::shared_ptr<Clock> clock)
      : options_(options), loop_(std::move(clock)), tls_(ssl::context::tls_client) {
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    tls_.set_verify_mode(ssl::verify_peer);
  }

  Status Start() {
    if (!options_.ca_file.empty()) ZAEL_TRY(TrustFile(tls_, options_.ca_file));
    return loop_.Start();
  }

  void Stop() {
    loop_.Stop([this] {
      closing_ = true;
      TakeIncoming();
      for (const auto& pool : pools_) pool->Abandon(kClosing);
    });
  }

  void Send(HttpRequest request, MonotonicTime deadline, Exchange::Done done) {
    if (const Status valid = CheckRequest(request); !valid.ok()) {
      return done(TransportFailure{valid.error(), false});
    }
    if (requests_.fetch_add(1, std::memory_order_relaxed) >= options_.requests) {
      requests_.fetch_sub(1, std::memory_order_relaxed);
      return done(TransportFailure{
          Error(ErrorCode::kResourceExhausted,
                Format("send request to {}: {} requests are waiting or under way already",
                       request.endpoint.host, options_.requests)),
          false});
    }
    auto exchange = std::make_unique<Exchange>(std::move(request), deadline,
                                               [this, done = std::move(done)](HttpOutcome outcome) {
                                                 requests_.fetch_sub(1, std::memory_order_relaxed);
                                                 done(std::move(outcome));
                                               });
    bool first = false;
    {
      const MutexLock lock(mutex_);
      first = incoming_.empty();
      incoming_.push_back(std::move(exchange));
    }
    // One wake for all that come until the thread looks.
    if (first) loop_.Post([this] { TakeIncoming(); });
  }

  IoLoop& loop() { return loop_; }

  std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }

 private:
  void TakeIncoming() {
    {
      const MutexLock lock(mutex_);
      taken_.swap(incoming_);
    }
    for (auto& exchange : taken_) Dispatch(std::move(exchange));
    taken_.clear();
  }

  void Dispatch(std::unique_ptr<Exchange> exchange) {
    if (closing_) return Refuse(*exchange, ErrorCode::kUnavailable, kClosing);
    if (exchange->deadline() <= loop_.Now()) {
      return Refuse(*exchange, ErrorCode::kDeadlineExceeded, "its deadline has passed");
    }
    Pool* pool = PoolOf(exchange->request().endpoint);
    if (pool == nullptr) {
      return Refuse(*exchange, ErrorCode::kResourceExhausted, "too many endpoints are in use");
    }
    pool->Add(std::move(exchange));
  }

  static void Refuse(Exchange& exchange, ErrorCode code, const char* why) {
    exchange.Finish(TransportFailure{
        Error(code, Format("send request to {}: {}", exchange.request().endpoint.host, why)),
        false});
  }

  // Reading the system's roots takes tens of milliseconds: only a process that speaks TLS pays.
  void TrustSystemRoots() {
    if (std::exchange(roots_read_, true) || !options_.ca_file.empty()) return;
    boost::system::error_code ignored;  // without roots every handshake says what is missing
    tls_.set_default_verify_paths(ignored);
  }

  // Null when there are too many that are in use. The one used last is found first.
  Pool* PoolOf(const Endpoint& endpoint) {
    for (std::size_t i = pools_.size(); i-- > 0;) {
      if (pools_[i]->endpoint() != endpoint) continue;
      std::rotate(pools_.begin() + static_cast<std::ptrdiff_t>(i),
                  pools_.begin() + static_cast<std::ptrdiff_t>(i) + 1, pools_.end());
      return pools_.back().get();
    }
    if (pools_.size() >= options_.endpoints && !DropIdlePool()) return nullptr;
    if (endpoint.tls) TrustSystemRoots();
    const ConnectionSettings settings{.loop = loop_,
                                      .tls = tls_,
                                      .limits = {options_.header_bytes, options_.body_bytes},
                                      .connect = options_.connect,
                                      .idle = options_.idle,
                                      .open = connections_};
    pools_.push_back(std::make_unique<Pool>(settings, endpoint, options_.connections_per_endpoint));
    return pools_.back().get();
  }

  bool DropIdlePool() {
    const auto place =
        std::find_if(pools_.begin(), pools_.end(), [](const auto& pool) { return pool->idle(); });
    if (place == pools_.end()) return false;
    (*place)->Abandon(kClosing);
    pools_.erase(place);
    return true;
  }

  const HttpTransportOptions options_;
  std::atomic<std::size_t> requests_{0};
  std::atomic<std::size_t> connections_{0};
  IoLoop loop_;
  ssl::context tls_;
  std::vector<std::unique_ptr<Pool>> pools_;  // the most recently used last
  bool closing_ = false;
  bool roots_read_ = false;
  std::vector<std::unique_ptr<Exchange>> taken_;

  Mutex mutex_;
  std::vector<std::unique_ptr<Exchange>> incoming_ ZAEL_GUARDED_BY(mutex_);
};

Result<std::unique_ptr<HttpTransport>> HttpTransport::Start(const HttpTransportOptions& options,
                                                            std::shared_ptr<Clock> clock) {
  try {
    auto impl = std::make_unique<Impl>(options, std::move(clock));
    if (const Status started = impl->Start(); !started.ok()) return started.error();
    return std::unique_ptr<HttpTransport>(new HttpTransport(std::move(impl)));
  } catch (const std::exception& error) {
    return Error(ErrorCode::kUnavailable, Format("start HTTP transport: {}", error.what()));
  }
}

HttpTransport::HttpTransport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpTransport::~HttpTransport() { impl_->Stop(); }

void HttpTransport::Send(HttpRequest request, MonotonicTime deadline,
                         std::function<void(HttpOutcome)> done) {
  impl_->Send(std::move(request), deadline, std::move(done));
}

void HttpTransport::Post(std::function<void()> task) { impl_->loop().Post(std::move(task)); }

void HttpTransport::RunAfter(std::chrono::nanoseconds delay, std::function<void()> task) {
  impl_->loop().RunAfter(delay, std::move(task));
}

std::size_t HttpTransport::connections() const { return impl_->connections(); }

}  // namespace zael::aws
