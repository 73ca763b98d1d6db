#include "aws/http_transport_pool.h"

#include <algorithm>
#include <utility>

#include "base/format.h"

namespace zael::aws {

void Pool::Add(std::unique_ptr<Exchange> exchange) {
  exchange->set_holder(this);
  settings_.loop.alarms().Set(*exchange, exchange->deadline());
  waiting_.push_back(std::move(exchange));
  Serve();
}

void Pool::Serve() {
  while (!waiting_.empty() && !free_.empty()) {
    Connection* connection = free_.back();
    free_.pop_back();
    std::unique_ptr<Exchange> exchange = std::move(waiting_.front());
    waiting_.pop_front();
    connection->Carry(std::move(exchange));
  }
  while (opening_ < waiting_.size() && connections_.size() < max_connections_) {
    std::shared_ptr<Connection> connection = Connection::Make(settings_, endpoint_, *this);
    connections_.emplace(connection.get(), connection);
    ++opening_;
    connection->Open();
  }
}

void Pool::Opened(Connection& connection) {
  --opening_;
  Freed(connection);
}

void Pool::Freed(Connection& connection) {
  free_.push_back(&connection);
  Serve();
}

void Pool::Closed(Connection& connection) {
  Forget(connection);
  Serve();
}

void Pool::OpenFailed(Connection& connection, const Error& error) {
  --opening_;
  Forget(connection);
  if (!waiting_.empty()) FailWaiting(waiting_.begin(), error);
  Serve();
}

void Pool::Returned(Connection& connection, std::unique_ptr<Exchange> exchange) {
  Forget(connection);
  exchange->set_holder(this);
  settings_.loop.alarms().Set(*exchange, exchange->deadline());
  waiting_.push_front(std::move(exchange));
  Serve();
}

void Pool::DeadlinePassed(Exchange& exchange) {
  const auto place = std::find_if(waiting_.begin(), waiting_.end(), [&exchange](const auto& other) {
    return other.get() == &exchange;
  });
  FailWaiting(place, Error(ErrorCode::kDeadlineExceeded,
                           Format("send request to {}:{}: no connection by the deadline",
                                  endpoint_.host, endpoint_.port)));
}

void Pool::FailWaiting(std::list<std::unique_ptr<Exchange>>::iterator place, Error error) {
  const std::unique_ptr<Exchange> exchange = std::move(*place);
  waiting_.erase(place);
  settings_.loop.alarms().Clear(*exchange);
  exchange->Finish(TransportFailure{std::move(error), false});
}

void Pool::Forget(Connection& connection) {
  free_.erase(std::remove(free_.begin(), free_.end(), &connection), free_.end());
  connections_.erase(&connection);
}

void Pool::Abandon(const char* why) {
  while (!waiting_.empty()) {
    FailWaiting(waiting_.begin(),
                Error(ErrorCode::kUnavailable,
                      Format("send request to {}:{}: {}", endpoint_.host, endpoint_.port, why)));
  }
  const auto connections = std::exchange(connections_, {});
  free_.clear();
  for (const auto& [key, connection] : connections) connection->Abandon(why);
}

}  // namespace zael::aws
