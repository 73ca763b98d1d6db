// backup_crash_writer DIRECTORY SEED: the program that backup_crash_test kills.
//
// Backs up, restores, deletes backups and restored tables and recovers moments of the table in
// DIRECTORY, in random order, waiting for each. After each it tells one byte on standard output.
#include <unistd.h>
#include <zael/backup.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "engine/engine.h"

namespace {

using namespace zael;  // NOLINT: one file

[[noreturn]] void Die(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  std::_Exit(2);
}

template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) Die(result.error());
  return *std::move(result);
}

class Operator {
 public:
  Operator(Stores stores, unsigned seed) : stores_(std::move(stores)), random_(seed) {}

  void Step() {
    switch (random_() % 5) {
      case 0:
        return BackUp();
      case 1:
        return Restore();
      case 2:
        return DeleteBackup();
      case 3:
        return DeleteRestored();
      default:
        return RestoreMoment();
    }
  }

 private:
  WaitOptions wait() { return {.clock = clock_.get()}; }

  void BackUp() {
    const auto begun = Must(stores_.backups->CreateBackup({.table = "Table", .name = "backup"}));
    (void)Must(WaitForBackup(*stores_.backups, begun.id, wait()));
  }
  std::string AnyBackup() {
    const auto backups = Must(stores_.backups->ListBackups({})).backups;
    return backups.empty() ? "" : backups[random_() % backups.size()].id;
  }
  void Restore() {
    const std::string id = AnyBackup();
    if (!id.empty()) RestoreTo({.source = id, .target = "R" + std::to_string(random_() % 1000)});
  }
  void RestoreMoment() {
    RestoreTo({.source = PointInTime{"Table", std::nullopt},
               .target = "R" + std::to_string(random_() % 1000)});
  }
  void RestoreTo(const RestoreRequest& request) {
    const auto begun = stores_.backups->Restore(request);
    if (!begun.ok() && begun.error().code() == ErrorCode::kAlreadyExists) return;
    if (!begun.ok()) Die(begun.error());
    (void)Must(WaitForRestore(*stores_.tables, request.target, wait()));
  }
  void DeleteBackup() {
    const std::string id = AnyBackup();
    if (!id.empty()) (void)Must(stores_.backups->DeleteBackup(id));
  }
  void DeleteRestored() {
    for (const std::string& name : Must(stores_.tables->ListTables())) {
      if (name == "Table") continue;
      const Status deleted = stores_.tables->DeleteTable(name);
      if (!deleted.ok()) Die(deleted.error());
    }
  }

  const std::shared_ptr<Clock> clock_ = MakeSystemClock();
  const Stores stores_;
  std::mt19937 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  const auto engine = Must(engine::Engine::Open({.directory = argv[1]}));
  // What an earlier life began must end first.
  const auto clock = MakeSystemClock();
  for (const std::string& name : Must(engine->stores().tables->ListTables())) {
    (void)Must(WaitForRestore(*engine->stores().tables, name, {.clock = clock.get()}));
  }
  Operator person(engine->stores(), static_cast<unsigned>(std::stoul(argv[2])));
  for (;;) {
    person.Step();
    if (::write(STDOUT_FILENO, "x", 1) != 1) return 3;
  }
}
