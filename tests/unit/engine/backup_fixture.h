// An engine's backups: what the tests of backups and of recovery both do.
#pragma once

#include <zael/backup.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/unit/engine/engine_fixture.h"

namespace zael::engine {

class EngineBackupTest : public EngineTest {
 protected:
  using Numbers = std::map<std::string, std::int64_t>;  // PK to n

  template <typename T>
  static T Must(Result<T> result) {
    if (result.ok()) return *std::move(result);
    ADD_FAILURE() << result.error().message();
    return T();
  }
  template <typename T>
  static std::string CodeOf(const Result<T>& result) {
    return result.ok() ? "ok" : std::string(ErrorCodeName(result.error().code()));
  }

  BackupAdmin& backups() { return *stores_.backups; }

  void Fill(int items, std::int64_t n = 0) {
    for (int i = 0; i < items; ++i) (void)Must(Put(ItemOf("p" + std::to_string(i), n)));
  }
  Backup BackUp(const std::string& name = "backup") {
    const auto begun = Must(backups().CreateBackup({.table = "Table", .name = name}));
    return WaitFor(begun.id);
  }
  Backup WaitFor(const std::string& id) {
    const auto clock = MakeSystemClock();
    return Must(WaitForBackup(backups(), id, {.clock = clock.get()}));
  }
  void WaitForTable(const std::string& name) {
    const auto clock = MakeSystemClock();
    (void)Must(WaitForRestore(*stores_.tables, name, {.clock = clock.get()}));
  }
  void RestoreFrom(const std::string& id, const std::string& target) {
    (void)Must(backups().Restore({.source = id, .target = target}));
    WaitForTable(target);
  }
  // Every item of a table, and through its index.
  Numbers All(const std::string& table, const std::string& index = "") {
    Numbers all;
    QueryRequest request{.table = table, .index = index};
    for (bool more = true; more;) {
      QueryPage page = Must(stores_.items->Query(request));
      for (const Item& item : page.items) {
        all[*item.Find("PK")->As<std::string>()] = *item.Find("n")->As<zael::Number>()->ToInt64();
      }
      more = page.next.has_value();
      request.start_after = std::move(page.next);
    }
    return all;
  }
  std::vector<std::string> FilesIn(const std::string& folder) const {
    std::vector<std::string> files;
    const std::string path = options_.directory + "/backups/" + folder;
    if (!std::filesystem::exists(path)) return files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }
};

}  // namespace zael::engine
