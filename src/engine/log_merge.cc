#include "engine/log_merge.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/format.h"
#include "engine/log_file.h"

namespace zael::engine {
namespace {

constexpr std::string_view kLogSuffix = ".log";
constexpr std::string_view kMergedSuffix = ".merged";
constexpr std::string_view kUnfinished = "merging";

struct Numbers {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

struct Log {
  std::uint64_t number = 0;
  std::string name;
};

// The number that is the whole text.
std::optional<std::uint64_t> NumberIn(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> LogNumber(std::string_view name) {
  if (!name.ends_with(kLogSuffix)) return std::nullopt;
  return NumberIn(name.substr(0, name.size() - kLogSuffix.size()));
}

// `5-12.merged`: what the logs 5 to 12 held.
std::optional<Numbers> MergedNumbers(std::string_view name) {
  if (!name.ends_with(kMergedSuffix)) return std::nullopt;
  name.remove_suffix(kMergedSuffix.size());
  const std::size_t dash = name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = NumberIn(name.substr(0, dash)), last = NumberIn(name.substr(dash + 1));
  if (!first.has_value() || !last.has_value()) return std::nullopt;
  return Numbers{.first = *first, .last = *last};
}

// The logs of one folder, and the steps of a merge if it is an archive.
class LogFolder {
 public:
  LogFolder(rocksdb::Env& env, std::string path) : env_(env), path_(std::move(path)) {}

  void RemoveEmpty() {
    for (const Log& log : Logs()) {
      std::uint64_t bytes = 1;
      if (env_.GetFileSize(PathOf(log.name), &bytes).ok() && bytes == 0) {
        (void)env_.DeleteFile(PathOf(log.name)).ok();  // else the next time
      }
    }
  }

  std::string FirstDamaged() const {
    for (const Log& log : Logs()) {
      if (!Read(log).has_value()) return log.name;
    }
    return "";
  }

  rocksdb::Status FinishMerges() {
    for (const std::string& name : Names()) {
      if (const auto numbers = MergedNumbers(name)) {
        if (auto status = Finish(name, *numbers); !status.ok()) return status;
      }
    }
    return rocksdb::Status::OK();
  }

  rocksdb::Status MergeIfWorthIt() {
    const auto runs = SmallRuns();
    std::size_t fewer = 0;
    for (const auto& run : runs) fewer += run.size() - 1;
    if (fewer < kLogsWorthMerging) return rocksdb::Status::OK();
    for (const auto& run : runs) {
      if (auto status = MergeRun(run); !status.ok()) return status;
    }
    return rocksdb::Status::OK();
  }

 private:
  using Run = std::vector<Log>;

  std::string PathOf(std::string_view name) const { return Format("{}/{}", path_, name); }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    (void)env_.GetChildren(path_, &names).ok();  // no archive yet
    return names;
  }

  // The oldest first.
  Run Logs() const {
    Run logs;
    for (const std::string& name : Names()) {
      if (const auto number = LogNumber(name)) logs.push_back({.number = *number, .name = name});
    }
    std::sort(logs.begin(), logs.end(),
              [](const Log& a, const Log& b) { return a.number < b.number; });
    return logs;
  }

  std::optional<std::vector<std::string>> Read(const Log& log) const {
    std::string bytes;
    if (!rocksdb::ReadFileToString(&env_, PathOf(log.name), &bytes).ok()) return std::nullopt;
    return ReadLogFile(bytes);
  }

  // Small logs between which there is no large one, two or more.
  std::vector<Run> SmallRuns() const {
    std::vector<Run> runs(1);
    for (Log& log : Logs()) {
      std::uint64_t bytes = 0;
      if (env_.GetFileSize(PathOf(log.name), &bytes).ok() && bytes < kSmallLogBytes) {
        runs.back().push_back(std::move(log));
      } else {
        runs.emplace_back();
      }
    }
    std::erase_if(runs, [](const Run& run) { return run.size() < 2; });
    return runs;
  }

  // To as many logs as the sizes ask for. One that is not whole is passed over.
  rocksdb::Status MergeRun(const Run& run) {
    Run sources;
    std::string content;
    const auto write = [&] {
      auto status = sources.size() < 2 ? rocksdb::Status::OK() : Write(sources, content);
      sources.clear();
      content.clear();
      return status;
    };
    for (const Log& log : run) {
      const auto records = Read(log);
      if (records.has_value()) {
        sources.push_back(log);
        for (const std::string& record : *records) AppendLogRecord(record, &content);
      }
      if (!records.has_value() || content.size() >= kSmallLogBytes) {
        if (auto status = write(); !status.ok()) return status;
      }
    }
    return write();
  }

  rocksdb::Status Write(const Run& sources, const std::string& content) {
    const std::string unfinished = PathOf(kUnfinished);
    const Numbers numbers{.first = sources.front().number, .last = sources.back().number};
    const std::string name = Format("{}-{}{}", numbers.first, numbers.last, kMergedSuffix);
    auto status = rocksdb::WriteStringToFile(&env_, content, unfinished, /*should_sync=*/true);
    if (status.ok()) status = env_.RenameFile(unfinished, PathOf(name));
    if (status.ok()) return Finish(name, numbers);
    (void)env_.DeleteFile(unfinished).ok();
    return rocksdb::Status::OK();  // nothing has changed
  }

  // Each step reaches the disk before the next.
  rocksdb::Status Finish(const std::string& name, Numbers numbers) {
    if (auto status = SyncNames(); !status.ok()) return status;
    for (const std::string& source : Names()) {
      const auto number = LogNumber(source);
      if (!number.has_value() || *number < numbers.first || *number > numbers.last) continue;
      if (auto status = env_.DeleteFile(PathOf(source)); !status.ok()) return status;
    }
    if (auto status = SyncNames(); !status.ok()) return status;
    const std::string log = Format("{:06}{}", numbers.first, kLogSuffix);
    if (auto status = env_.RenameFile(PathOf(name), PathOf(log)); !status.ok()) return status;
    return SyncNames();
  }

  rocksdb::Status SyncNames() {
    std::unique_ptr<rocksdb::Directory> directory;
    if (auto status = env_.NewDirectory(path_, &directory); !status.ok()) return status;
    return directory->Fsync();
  }

  rocksdb::Env& env_;
  const std::string path_;
};

}  // namespace

rocksdb::Status MergeSmallLogs(rocksdb::Env& env, const std::string& database) {
  LogFolder(env, database).RemoveEmpty();
  LogFolder archive(env, database + "/archive");
  if (auto status = archive.FinishMerges(); !status.ok()) return status;
  return archive.MergeIfWorthIt();
}

std::string FindDamagedLog(rocksdb::Env& env, const std::string& database) {
  std::string name = LogFolder(env, database + "/archive").FirstDamaged();
  if (name.empty()) name = LogFolder(env, database).FirstDamaged();
  return name;
}

}  // namespace zael::engine
