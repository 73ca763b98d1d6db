// TwoServices: our endpoint and DynamoDB Local with the same tables, and what makes their items the
// same again.
//
// Thread-compatible.
#pragma once

#include <zael/store.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/integration/differential/random_requests.h"
#include "tests/integration/differential/service.h"

namespace zael::differential {

// Every page of a paged read, and every segment, as if it were one.
Answer Ask(Service& service, const Request& request);

class TwoServices {
 public:
  // `url`: http://127.0.0.1:PORT. The tables are gone from there with this.
  TwoServices(std::vector<TableSpec> tables, const std::string& url);
  ~TwoServices();
  TwoServices(const TwoServices&) = delete;
  TwoServices& operator=(const TwoServices&) = delete;

  Service& ours() { return ours_; }
  Service& theirs() { return theirs_; }

  struct Differences {
    std::size_t only_keys_of_theirs = 0;  // items of theirs alone that are keys and nothing else
    std::size_t others = 0;
  };

  // Makes their items what ours are; what was not.
  Differences Reconcile(const TableSpec& table);

 private:
  void Change(std::string_view operation, const std::string& request);

  const std::vector<TableSpec> tables_;
  EndpointService ours_;
  HttpService theirs_;
};

}  // namespace zael::differential
