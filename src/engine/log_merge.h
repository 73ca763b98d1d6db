// Merging of small archived logs, so that a store that is opened often and written little does not
// gather a file for every time.
//
// What a log holds is copied record by record, in order; a log that is damaged or ends within a
// record stays as it is, so that the feed reports it. Between two logs nothing is put and nothing
// left out: the feed reads the same. The steps are in docs/formats/engine.md.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/status.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace zael::engine {

// Neighbours smaller than this are merged, to logs of less than twice it.
inline constexpr std::uint64_t kSmallLogBytes = 1 << 20;
// By how many files the archive must become fewer: else it is not worth it yet.
inline constexpr std::size_t kLogsWorthMerging = 64;

// Merges if it is worth it, and finishes a merge that a crash interrupted; removes logs without a
// byte, which every opening that writes nothing leaves. The archive of `database` then has at most
// kLogsWorthMerging small logs, and two for each large one. Requires: nobody has the database open.
// Errors: an interrupted merge cannot be finished, so the log is not whole. A merge that cannot
// begin (full disk) is left to the next time.
rocksdb::Status MergeSmallLogs(rocksdb::Env& env, const std::string& database);

// The name of the oldest log that does not read as a whole: RocksDB does not say which of them
// keeps it from listing all. Empty: there is none.
std::string FindDamagedLog(rocksdb::Env& env, const std::string& database);

}  // namespace zael::engine
