// The records of RocksDB's logs, read and written without it.
#include "engine/log_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace zael::engine {
namespace {

using Records = std::vector<std::string>;

std::string FileOf(const Records& records) {
  std::string file;
  for (const std::string& record : records) AppendLogRecord(record, &file);
  return file;
}

TEST(LogFile, GivesBackRecordsOfAnySizeAroundTheEndOfABlock) {
  for (std::size_t left = 0; left < 20; ++left) {
    // The first record leaves so many bytes of the block.
    const Records records = {std::string(32 * 1024 - 7 - left, 'a'), "", std::string(left, 'b'),
                             std::string(100'000, 'c'), "d"};
    EXPECT_EQ(ReadLogFile(FileOf(records)), records) << left;
  }
  EXPECT_EQ(ReadLogFile(""), Records());
}

TEST(LogFile, HasNothingToSayOfOneThatIsCutOffOrDamagedAnywhere) {
  const Records records = {"one", std::string(40'000, 'x'), "three"};
  const std::string file = FileOf(records);
  const std::size_t ends[] = {10, 10 + 40'000 + 2 * 7};  // of whole records
  for (std::size_t bytes = 1; bytes < file.size(); bytes += bytes < 100 ? 1 : 997) {
    if (bytes == ends[0] || bytes == ends[1]) continue;
    EXPECT_FALSE(ReadLogFile(file.substr(0, bytes)).has_value()) << bytes;
  }
  for (std::size_t at = 0; at < file.size(); at += at < 100 ? 1 : 997) {
    std::string damaged = file;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(ReadLogFile(damaged).has_value()) << at;
  }
}

TEST(LogFile, KnowsThePartsOfOneRecordOnly) {
  std::string file = FileOf({std::string(40'000, 'x')});
  EXPECT_FALSE(ReadLogFile(file.substr(32 * 1024)).has_value()) << "a last part without a first";
  file.resize(32 * 1024);
  EXPECT_FALSE(ReadLogFile(file).has_value()) << "a first part without a last";
  AppendLogRecord("whole", &file);
  EXPECT_FALSE(ReadLogFile(file).has_value()) << "a record within another";
}

}  // namespace
}  // namespace zael::engine
