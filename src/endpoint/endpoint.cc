#include "endpoint/endpoint.h"

#include <utility>

#include "base/format.h"
#include "base/random.h"
#include "base/try.h"
#include "endpoint/item_operations.h"
#include "endpoint/streams/stream_operations.h"
#include "endpoint/tables/table_operations.h"
#include "endpoint/tables/table_plane.h"
#include "os/random_seed.h"

namespace zael::endpoint {
namespace {

ServiceOperations AllOperations(const Stores& stores, const std::shared_ptr<Clock>& clock) {
  const auto plane = std::make_shared<TablePlane>(stores, clock);
  return {.items = ItemOperations(stores, clock),
          .tables = TableOperations(plane),
          .streams = StreamOperations(plane)};
}

}  // namespace

// In the order of their making: the server, which calls the others, goes first.
class Endpoint::Impl {
 public:
  Impl(const Stores& stores, std::shared_ptr<Clock> clock, EndpointOptions options)
      : clock_(std::move(clock)),
        authenticator_(std::move(options.keys), options.region, *clock_),
        random_(os::SystemRandomSeed()),
        dispatcher_({.operations = AllOperations(stores, clock_),
                     .authenticator = authenticator_,
                     .region = options.region,
                     .random = random_,
                     .clock = *clock_,
                     .on_handled = std::move(options.on_handled)}) {}

  Status Start(const HttpServerOptions& options) {
    ZAEL_ASSIGN(server_, HttpServer::Start(options, dispatcher_.handlers()));
    return {};
  }

  HttpServer& server() { return *server_; }

 private:
  const std::shared_ptr<Clock> clock_;
  Authenticator authenticator_;
  SeededRandom random_;
  Dispatcher dispatcher_;
  std::unique_ptr<HttpServer> server_;
};

Endpoint::Endpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Endpoint::~Endpoint() = default;

Result<std::unique_ptr<Endpoint>> Endpoint::Start(Stores stores, std::shared_ptr<Clock> clock,
                                                  EndpointOptions options) {
  const HttpServerOptions server = options.server;
  auto impl = std::make_unique<Impl>(stores, std::move(clock), std::move(options));
  ZAEL_TRY(impl->Start(server));
  return std::unique_ptr<Endpoint>(new Endpoint(std::move(impl)));
}

std::string Endpoint::url() const { return Format("http://{}", impl_->server().address()); }
std::size_t Endpoint::connections() const { return impl_->server().connections(); }
void Endpoint::Stop(std::chrono::milliseconds grace) { impl_->server().Stop(grace); }

}  // namespace zael::endpoint
