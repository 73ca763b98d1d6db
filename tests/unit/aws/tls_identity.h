// A certificate for `localhost` and its key, made in the test and trusted by nobody who is not told
// to.
#pragma once

#include <string>

namespace zael::aws {

struct TlsIdentity {
  std::string certificate_pem;  // signed by itself: also what a client may trust
  std::string key_pem;
};

TlsIdentity MakeTlsIdentity();

}  // namespace zael::aws
