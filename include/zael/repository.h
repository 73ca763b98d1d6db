// Repository: one limiter's table, with everything that is stored in it.
//
// Open finds the store (embedded by default), the table and its version; the facets manage what it
// holds. A RateLimiter is made over a Repository. Design: records.md, storage.md.
#pragma once

#include <zael/audit.h>
#include <zael/bucket.h>
#include <zael/clock.h>
#include <zael/config.h>
#include <zael/entity.h>
#include <zael/result.h>
#include <zael/store.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zael {

// What survives what. The embedded store only.
enum class Durability {
  kProcess,  // an answered write survives kill -9; after power loss up to 100 ms may be missing,
             // never corrupt
  kPower,    // fsync before the answer: survives power loss; costs a disk flush per group of writes
};

struct OpenOptions {
  std::string name =
      "limiter";  // `demo` and `ZAEL-demo` mean the same; a letter, then letters, digits, `-`
  std::string data_dir;  // empty: ZAEL_DATA_DIR, else $XDG_DATA_HOME/zae-limiter, else
                         // ~/.local/share/zae-limiter
  // DynamoDB, when given; else when ZAEL_STORE is `aws` or AWS_ENDPOINT_URL[_DYNAMODB] is set,
  // unless data_dir is given. Credentials and the rest come from where every AWS client takes them.
  std::string region;
  std::string endpoint_url;  // `http://localhost:8000`: a server that speaks DynamoDB's protocol
  std::string store;         // `embedded` or `aws`: says it outright
  Durability durability = Durability::kProcess;
  bool create_if_missing =
      true;  // false: an absent table is kNotFound with the command that makes it
  std::chrono::milliseconds lock_timeout{
      10'000};  // to wait for another process that holds the directory
  std::chrono::milliseconds store_timeout{
      30'000};  // of a DynamoDB request, retries included, where a call names no deadline
  std::chrono::hours audit_retention{24 * 90};
  std::optional<std::string> principal;  // written to audit events
  std::shared_ptr<Clock> clock;          // absent: the system's
};

// Which clients and which layout a table is for. Text forms `major.minor.patch`.
struct VersionRecord {
  std::string schema_version;
  std::optional<std::string> lambda_version;
  std::string client_min_version;
  WallTime updated_at{};
  std::optional<std::string> updated_by;
};

// Absent members stay as they are.
struct VersionUpdate {
  std::optional<std::string> schema_version;
  std::optional<std::string> lambda_version;
  std::optional<std::string> client_min_version;
  std::optional<std::string> updated_by;
};

// Hears of every configuration or entity change made through this process, after it is stored and
// before the call returns. Called on the changing thread; must be quick and must not call back.
class ConfigObserver {
 public:
  virtual ~ConfigObserver() = default;
  virtual void OnEntityChanged(std::string_view entity_id) = 0;
  virtual void OnSharedDefaultsChanged() = 0;                     // resource or system defaults
  virtual void OnBucketsChanged(std::string_view entity_id) = 0;  // reset or deleted
};

// Options of a repository over stores the caller brings (tests, simulation, custom engines).
struct RepositoryOptions {
  std::string name = "limiter";
  std::shared_ptr<Clock> clock;  // required
  std::chrono::hours audit_retention{24 * 90};
  std::optional<std::string> principal;
  std::uint64_t random_seed = 0;  // of ids and jitter; zero: from the system
};

// Thread-safe. The facets live as long as the repository.
class Repository {
 public:
  // Errors: kInvalidArgument, kUnavailable (another process holds the directory, with its pid),
  // kNotFound (no such table), kFailedPrecondition (newer format, foreign directory, schema
  // version), kPermissionDenied, kDataLoss.
  static Result<std::shared_ptr<Repository>> Open(const OpenOptions& options);

  // Over given stores; the table must exist. Checks the version record like Open; writes nothing.
  static Result<std::shared_ptr<Repository>> Over(Stores stores, const RepositoryOptions& options);

  virtual ~Repository() = default;

  virtual Entities& entities() = 0;
  virtual Configuration& configuration() = 0;
  virtual Buckets& buckets() = 0;
  virtual Audit& audit() = 0;

  virtual Result<VersionRecord> GetVersionRecord() = 0;
  virtual Status SetVersionRecord(const VersionUpdate& update) = 0;

  virtual const std::string& table_name() const = 0;  // ZAEL-{name}
  virtual const Stores& stores() const = 0;
  virtual Clock& clock() = 0;
  virtual std::uint64_t NextRandom() = 0;

  virtual void AddObserver(std::weak_ptr<ConfigObserver> observer) = 0;
};

}  // namespace zael
