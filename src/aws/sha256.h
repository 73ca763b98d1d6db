// SHA-256, its keyed form and hexadecimal text: all the cryptography that signing needs.
//
// Adapter over OpenSSL's digests. HMAC is composed here (RFC 2104) because OpenSSL's own costs
// several times the hashing itself for inputs as short as these.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace zael::aws {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest Sha256(std::string_view data);
Sha256Digest HmacSha256(std::string_view key, std::string_view data);

std::string Hex(const Sha256Digest& digest);  // lower case
std::string_view AsText(const Sha256Digest& digest);

}  // namespace zael::aws
