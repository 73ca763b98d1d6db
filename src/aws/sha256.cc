#include "aws/sha256.h"

#include <openssl/evp.h>

#include <memory>

#include "base/check.h"

namespace zael::aws {
namespace {

constexpr std::size_t kBlockBytes = 64;

// Looked up once: OpenSSL 3 otherwise searches its providers, under a lock, for every digest.
const EVP_MD* Algorithm() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(kAlgorithm != nullptr);
  return kAlgorithm;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new()) {
    CHECK(context_ != nullptr && EVP_DigestInit_ex2(context_.get(), Algorithm(), nullptr) == 1);
  }
  Hasher& Add(std::string_view data) {
    CHECK(EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1);
    return *this;
  }
  // Leaves the hasher as new.
  Sha256Digest Finish() {
    Sha256Digest digest;
    CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    CHECK(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1);
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

}  // namespace

Sha256Digest Sha256(std::string_view data) { return Hasher().Add(data).Finish(); }

Sha256Digest HmacSha256(std::string_view key, std::string_view data) {
  Sha256Digest hashed_key;
  if (key.size() > kBlockBytes) {
    hashed_key = Sha256(key);
    key = AsText(hashed_key);
  }
  std::array<char, kBlockBytes> inner{};
  std::array<char, kBlockBytes> outer{};
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const char c = i < key.size() ? key[i] : '\0';
    inner[i] = static_cast<char>(c ^ 0x36);
    outer[i] = static_cast<char>(c ^ 0x5c);
  }
  Hasher hasher;
  const Sha256Digest digest =
      hasher.Add(std::string_view(inner.data(), inner.size())).Add(data).Finish();
  return hasher.Add(std::string_view(outer.data(), outer.size())).Add(AsText(digest)).Finish();
}

std::string Hex(const Sha256Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string_view AsText(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace zael::aws
