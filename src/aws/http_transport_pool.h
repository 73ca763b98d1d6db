// Pool: the connections to one endpoint and the requests that wait for one of them.
//
// The most recently used free connection is taken first, so that the surplus grows idle and closes.
// A request waits for whichever comes first: a connection that is freed or one that is opened for
// it. A connection that cannot be opened fails the request that has waited longest.
#pragma once

#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "aws/http_transport_connection.h"

namespace zael::aws {

// Thread-compatible: on the loop's thread. Must outlive the loop's run.
class Pool final : public ConnectionOwner, public ExchangeHolder {
 public:
  Pool(const ConnectionSettings& settings, Endpoint endpoint, std::size_t max_connections)
      : settings_(settings), endpoint_(std::move(endpoint)), max_connections_(max_connections) {}

  void Add(std::unique_ptr<Exchange> exchange);

  // Fails everything with kUnavailable. Nothing may be added any more.
  void Abandon(const char* why);

  // Neither waiting nor under way.
  bool idle() const { return waiting_.empty() && connections_.size() == free_.size(); }
  std::size_t connections() const { return connections_.size(); }
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  void Opened(Connection& connection) override;
  void Freed(Connection& connection) override;
  void Closed(Connection& connection) override;
  void OpenFailed(Connection& connection, const Error& error) override;
  void Returned(Connection& connection, std::unique_ptr<Exchange> exchange) override;
  void DeadlinePassed(Exchange& exchange) override;

  void Serve();
  void Forget(Connection& connection);
  void FailWaiting(std::list<std::unique_ptr<Exchange>>::iterator place, Error error);

  const ConnectionSettings settings_;
  const Endpoint endpoint_;
  const std::size_t max_connections_;
  std::list<std::unique_ptr<Exchange>> waiting_;  // by arrival
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::vector<Connection*> free_;  // the most recently used last
  std::size_t opening_ = 0;
};

}  // namespace zael::aws
