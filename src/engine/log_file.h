// LogFile: the bytes of one of RocksDB's logs as records, and records as such bytes.
//
// A log is blocks of 32 KiB; a record stands in one or, in parts, in several of them, each part
// behind seven bytes: checksum, length, type. RocksDB has no public call for it and does not change
// it: old logs must be read by new releases. Only plain logs: neither compressed nor reused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zael::engine {

// The records of a whole log. Nothing: it is damaged, ends within a record, or has something in it
// that is unknown here. Safe on any bytes.
std::optional<std::vector<std::string>> ReadLogFile(std::string_view file);

// `*file` is what was appended before, from the log's beginning.
void AppendLogRecord(std::string_view record, std::string* file);

}  // namespace zael::engine
