// Service: something that answers DynamoDB's item operations: our endpoint on an engine of its own,
// or a server over HTTP.
#pragma once

#include <zael/store.h>

#include <memory>
#include <string>
#include <string_view>

#include "aws/http_transport.h"
#include "endpoint/operation.h"
#include "os/temporary_directory.h"

namespace zael::differential {

struct Answer {
  std::string body;     // JSON; of an error too
  std::string error;    // its name, empty for none
  std::string message;  // of the error
};

class Service {
 public:
  virtual ~Service() = default;
  virtual Answer Call(std::string_view operation, const std::string& request) = 0;
};

// The operations of items and tables alone, without HTTP.
class EndpointService final : public Service {
 public:
  EndpointService();
  Answer Call(std::string_view operation, const std::string& request) override;

 private:
  os::TemporaryDirectory directory_;
  endpoint::Operations operations_;
};

// A server on this machine that takes any signature.
class HttpService final : public Service {
 public:
  explicit HttpService(std::uint16_t port);
  Answer Call(std::string_view operation, const std::string& request) override;

 private:
  std::shared_ptr<Clock> clock_;
  std::unique_ptr<aws::HttpTransport> transport_;
  std::uint16_t port_;
};

}  // namespace zael::differential
