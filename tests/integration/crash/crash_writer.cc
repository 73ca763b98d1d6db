// crash_writer DIRECTORY FIRST: the program that crash_test kills.
//
// Eight threads write to the store in DIRECTORY. Thread t counts item `t` up from the t-th number
// of FIRST (comma separated) and, in the same transaction, the shared item `sum`. What was answered
// is told on standard output as a record of two 32-bit numbers, thread and count: whole, because it
// is a short write to a pipe.
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"

namespace {

using namespace zael;  // NOLINT: one file

void Die(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  std::_Exit(2);
}

UpdateRequest Count(const std::string& pk) {
  return {.table = "Table", .key = {{"PK", pk}}, .actions = {AddTo("n", 1)}};
}

void Write(ItemStore& items, std::uint32_t thread, std::uint32_t count) {
  for (;;) {
    const auto written = items.TransactWrite(
        {.items = {Count(std::to_string(thread)), Count("sum")}, .token = "", .deadline = {}});
    if (!written.ok()) Die(written.error());
    const std::array<std::uint32_t, 2> record = {thread, ++count};
    if (::write(STDOUT_FILENO, record.data(), sizeof record) != sizeof record) std::_Exit(3);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  auto engine = engine::Engine::Open({.directory = argv[1]});
  if (!engine.ok()) Die(engine.error());
  const Stores stores = (*engine)->stores();
  const auto made =
      stores.tables->CreateTable({.name = "Table", .keys = {{"PK", KeyType::kString}, {}}});
  if (!made.ok() && made.error().code() != ErrorCode::kAlreadyExists) Die(made.error());
  std::vector<std::thread> threads;
  std::istringstream first(argv[2]);
  std::string count;
  for (std::uint32_t t = 0; std::getline(first, count, ','); ++t) {
    threads.emplace_back([&stores, t, from = static_cast<std::uint32_t>(std::stoul(count))] {
      Write(*stores.items, t, from);
    });
  }
  for (auto& thread : threads) thread.join();
  return 0;
}
