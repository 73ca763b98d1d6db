// The table of requests that botocore signed (make_sigv4_vectors.py), read into what our own signer
// takes.
#pragma once

#include <zael/clock.h>

#include <string>
#include <vector>

#include "aws/credentials.h"
#include "aws/transport.h"

namespace zael::aws {

struct SigningVector {
  std::string name;
  HttpRequest request;  // not yet signed
  Credentials credentials;
  std::string region;
  std::string service;
  WallTime now;
  std::string authorization;  // botocore's
};

// Fails the test when the table cannot be read.
std::vector<SigningVector> ReadSigningVectors();

}  // namespace zael::aws
